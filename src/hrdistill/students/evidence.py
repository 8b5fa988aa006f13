"""Lexical evidence: how well the words of a requirement stand in a resume, and where.

Tokens are met by equal stems, by close spelling, and acronyms by initials ("SSO" by "Single
Sign-On"). The best single line counts, so that words scattered over a resume prove nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from hrdistill.records import Span
from hrdistill.text.mentions import find_mentions, normal_text
from hrdistill.text.names import normal_form, stem
from hrdistill.text.sections import read_lines
from hrdistill.text.words import all_alike

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
class Lines:
    """The lines of a resume that may hold evidence, prepared once for many requirements.

    Attributes:
        text: the resume.
        spans: of the lines.
        normal: their normal texts, with line breaks between.
        words: the stems of all words; bit i of a word is set where it stands in line i.
        initials: the first letters of the words of each line, with line breaks between.
    """

    text: str
    spans: tuple[Span, ...]
    normal: str
    words: dict[str, int]
    initials: str


def prepare(text: str) -> Lines:
    """Splits a resume into the lines that may hold evidence: not name, contact or education."""
    lines = [line for line in read_lines(text) if not line.heading]
    telling = [line for line in lines if line.section not in ("person", "education")] or lines
    normal = [normal_text(line.text) for line in telling]
    stems = [[stem(word) for word in line.split()] for line in normal]
    words: dict[str, int] = {}
    for i, line in enumerate(stems):
        for word in line:
            words[word] = words.get(word, 0) | 1 << i
    return Lines(
        text,
        tuple(Span(line.start, line.end) for line in telling),
        "\n".join(normal),
        words,
        "\n".join("".join(word[0] for word in line) for line in stems),
    )


@lru_cache(maxsize=1 << 16)
def _weights(form: str) -> dict[str, float]:
    """The stems of a normal form, in order, with how much each of them says."""
    stems = (stem(word) for word in form.split())
    return {word: _WEAK_WEIGHT if word in _WEAK else 1.0 for word in stems}


class Wanted:
    """The skills that a job asks for, ready to be looked for in resumes.

    Args:
        names: of the skills, as the job asks for them.
        resumes: that they will be looked for in: which of all their words are forms of the
            wanted ones is found out once.
    """

    def __init__(self, names: Sequence[str], resumes: Sequence[Lines]) -> None:
        self._forms = [normal_form(name) for name in names]
        wanted = list({word: None for form in self._forms for word in _weights(form)})
        vocabulary: set[str] = set().union(*(resume.words for resume in resumes))
        self._alike = dict(zip(wanted, all_alike(wanted, vocabulary), strict=True))

    def best_evidence(self, resume: Lines) -> list[tuple[float, Span | None]]:
        """How well a resume shows each skill by its words.

        Args:
            resume: one of those given at first.

        Returns:
            Of each skill, in order: (weighted share of the name's words that stand in the best
            line, 1.0 where the name itself stands there; that line's span, None where no word
            stands anywhere).
        """
        return [self._best(form, resume) for form in self._forms]

    def _best(self, form: str, resume: Lines) -> tuple[float, Span | None]:
        if len(form) <= _SHORT:  # "R" is not in "R&D"
            found = find_mentions(resume.text, (form,)) if form else []
            return (1.0, found[0]) if found else (0.0, None)
        place = resume.normal.find(f" {form} ")
        if place >= 0:
            return 1.0, resume.spans[resume.normal.count("\n", 0, place)]
        weights = _weights(form)
        standing = [(weight, self._lines_with(word, resume)) for word, weight in weights.items()]
        unseen = 0
        for _, lines in standing:
            unseen |= lines
        best, best_line, total = 0.0, 0, sum(weights.values())
        while unseen:
            line = unseen & -unseen  # the first
            unseen ^= line
            score = sum(weight for weight, lines in standing if lines & line) / total
            if score > best:
                best, best_line = score, line
        return 0.97 * best, resume.spans[best_line.bit_length() - 1] if best_line else None

    def _lines_with(self, word: str, resume: Lines) -> int:
        """Bits of the lines in which a word stands in some form, or is spelt out.

        An acronym of 3 to 5 letters is where words begin with them: "sso" in "single sign on".
        """
        lines = 0
        for other in self._alike[word]:
            lines |= resume.words.get(other, 0)
        if 3 <= len(word) <= 5 and word in resume.initials and word.isalpha():
            for i, letters in enumerate(resume.initials.split("\n")):
                lines |= (word in letters) << i
        return lines
