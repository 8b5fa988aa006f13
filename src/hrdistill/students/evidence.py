"""Lexical evidence: how well the words of a requirement stand in a resume, and where.

Tokens are met by equal stems, by close spelling, and acronyms by initials ("SSO" by "Single
Sign-On"). The best single line counts, so that words scattered over a resume prove nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from hrdistill.records import Span
from hrdistill.text.mentions import find_mentions, normal_text
from hrdistill.text.names import normal_form, stem
from hrdistill.text.sections import read_lines
from hrdistill.text.words import alike

_WEAK = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "of",
        "on",
        "or",
        "the",
        "to",
        "with",
        "skill",
        "ability",
        "knowledge",
        "understanding",
        "experience",
        "proficiency",
        "expertise",
        "strong",
        "good",
        "excellent",
        "work",
        "working",
        "technical",
        "professional",
        "basic",
        "advanced",
        "use",
        "using",
        "practice",
        "tool",
        "technology",
        "system",
        "software",
        "technique",
        "procedure",
    ]
)
_WEAK_WEIGHT = 0.15
_SHORT = 2


@dataclass(frozen=True, slots=True)
class _Line:
    normal: str
    words: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Resume:
    """A resume, prepared once for many requirements."""

    text: str
    lines: tuple[_Line, ...]


@lru_cache(maxsize=4096)
def prepare(text: str) -> Resume:
    """Splits a resume into the lines that may hold evidence: not name, contact or education."""
    lines = [line for line in read_lines(text) if not line.heading]
    telling = [line for line in lines if line.section not in ("person", "education")] or lines
    return Resume(
        text,
        tuple(
            _Line(
                normal_text(line.text),
                tuple(stem(word) for word in normal_text(line.text).split()),
                Span(line.start, line.end),
            )
            for line in telling
        ),
    )


@lru_cache(maxsize=1 << 16)
def _wanted(name: str) -> tuple[tuple[str, float], ...]:
    words = dict.fromkeys(stem(word) for word in normal_form(name).split())
    return tuple((word, _WEAK_WEIGHT if word in _WEAK else 1.0) for word in words)


def best_evidence(name: str, resume: Resume) -> tuple[float, Span | None]:
    """How well a resume shows a skill by its words.

    Args:
        name: of the skill, as the job asks for it.
        resume: as `prepare` gives it.

    Returns:
        (weighted share of the name's words that stand in the best line, 1.0 where the name
        itself stands there; that line's span, None where no word stands anywhere).
    """
    form = normal_form(name)
    if len(form) <= _SHORT:  # "R" is not in "R&D"
        found = find_mentions(resume.text, (form,)) if form else []
        return (1.0, found[0]) if found else (0.0, None)
    best, place = 0.0, None
    for line in resume.lines:
        if f" {form} " in line.normal:
            return 1.0, line.span
        score = _overlap(_wanted(name), line)
        if score > best:
            best, place = score, line.span
    return 0.97 * best, place


def _overlap(wanted: tuple[tuple[str, float], ...], line: _Line) -> float:
    total = sum(weight for _, weight in wanted)
    met = sum(weight for word, weight in wanted if _stands(word, line.words))
    return met / total if total else 0.0


def _stands(word: str, words: tuple[str, ...]) -> bool:
    return any(alike(word, other) for other in words) or _initials(word, words)


def _initials(acronym: str, words: tuple[str, ...]) -> bool:
    """Whether an acronym of 3 to 5 letters is spelt out: "sso" by "single sign on"."""
    n = len(acronym)
    starts = "".join(word[0] for word in words)
    return 3 <= n <= 5 and acronym.isalpha() and acronym in starts
