"""Meets the experience that a job asks for with the jobs of a resume, by title and years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from rapidfuzz import fuzz

from hrdistill.records import Finding, Requirement, Span
from hrdistill.text.names import normal_form, stem
from hrdistill.text.sections import read_lines
from hrdistill.text.timeline import Entry

TITLE_CUTOFF = 55.0
"""Similarity (0..100) from which a resume's job may stand for a required one."""
IN_MANY_WORDS = 65.0
"""Similarity of a job whose whole title stands somewhere among the words of a requirement."""
SAME_TITLE = 90.0
"""Similarity of titles from which two terms are of one job."""
YEARS_TOLERANCE = 0.25
"""Years that may be short without counting: dates are told in months or whole years."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A job of a resume: its title and the words around it as stems, its place without lead."""

    entry: Entry
    title: str
    title_words: frozenset[str]
    context: str
    context_words: frozenset[str]
    span: Span


class History:
    """The jobs of a resume, prepared once to be met with many job descriptions.

    Args:
        entries: as `read_entries` gives them.
        resume: the text; a title that stands in its experience section without dates counts as
            held, for a length that nobody can tell.
    """

    def __init__(self, entries: Sequence[Entry], resume: str = "") -> None:
        self.entries = tuple(entries)
        self.resume = resume
        self.jobs = tuple(_held(entry, resume) for entry in entries)

    @cached_property
    def undated(self) -> list[tuple[Span, frozenset[str]]]:
        """The text of the experience section outside dated jobs, with the stems of its words."""
        found = []
        for line in read_lines(self.resume):
            if line.section != "experience" or line.heading:
                continue
            place = line.start
            spans = [entry.span for entry in self.entries]
            taken = [span for span in spans if span.start < line.end and span.end > line.start]
            for span in (*taken, Span(line.end, line.end)):
                words = frozenset(_stems(self.resume[place : max(place, span.start)]).split())
                if len(words) > 1:
                    found.append((Span(place, span.start), words))
                place = max(place, span.end)
        return found


def align(requirements: Sequence[Requirement], history: History, *, job: str = "") -> list[Finding]:
    """Meets required experience with the jobs of a resume, one to one.

    Jobs that no requirement claims lend their years to one whose title they clearly share, so
    that two terms of the same job add up.

    Args:
        requirements: as `read_experience_requirements` gives them.
        history: the jobs of the resume.
        job: the job description; where it says a requirement in many words, a job of the resume
            whose whole title stands among them meets it.

    Returns:
        One finding a requirement, in order: `met`, `partial` (held, but for fewer years than
        asked) or `missing`, with the entry's span and years as evidence.
    """
    jobs = history.jobs
    similarity = [[_title_similarity(r.name, held) for held in jobs] for r in requirements]
    usable = [
        [_usable(score, r, held, job) for score, held in zip(scores, jobs, strict=True)]
        for scores, r in zip(similarity, requirements, strict=True)
    ]
    chosen = _assign(usable)
    taken = set(chosen.values())
    free = [held for j, held in enumerate(jobs) if j not in taken]
    findings = []
    for i, requirement in enumerate(requirements):
        j = chosen.get(i)
        if j is None:
            findings.append(_not_held(requirement, history))
            continue
        named = similarity[i][j] >= TITLE_CUTOFF
        asked = requirement if named else replace(requirement, name=jobs[j].entry.title)
        findings.append(_meet(asked, jobs[j], free, certainty=usable[i][j] / 100))
    return findings


def _meet(
    requirement: Requirement, held: _Held, free: Sequence[_Held], *, certainty: float
) -> Finding:
    """What a job shows of a requirement, with the years of free jobs of the same title."""
    title = _title_tokens(requirement.name)
    years = held.entry.years + sum(
        other.entry.years
        for other in free
        if fuzz.token_sort_ratio(title, other.title) >= SAME_TITLE
    )
    enough = requirement.years is None or years + YEARS_TOLERANCE >= requirement.years
    return Finding(
        requirement,
        "met" if enough else "partial",
        held.span,
        0.5 + 0.47 * certainty if enough else 0.5 - 0.47 * certainty,
        years,
    )


def _not_held(requirement: Requirement, history: History) -> Finding:
    """Of a requirement that no dated job meets: it may stand in the resume without dates."""
    wanted = _title_words(requirement.name)
    for place, words in history.undated if len(wanted) > 1 else ():
        if wanted <= words:
            return Finding(requirement, "met", place, 0.5, None)
    return Finding(requirement, "missing", None, 0.03, 0.0)


def _usable(score: float, requirement: Requirement, held: _Held, job: str) -> float:
    """The similarity with which a job may stand for a requirement; 0 where it may not."""
    if score >= TITLE_CUTOFF:
        return score
    if requirement.span is None or not job or not held.title:
        return 0.0
    said = _title_words(job[requirement.span.start : requirement.span.end])
    return IN_MANY_WORDS if held.title_words <= said else 0.0


def _assign(usable: Sequence[Sequence[float]]) -> dict[int, int]:
    """Jobs of requirements, one to one: the assignment of the greatest sum, without its zeros."""
    best = _best_of_each(usable)
    if best is not None:
        return best
    best = _best_of_each(list(zip(*usable, strict=True)))
    if best is not None:
        return {i: j for j, i in best.items()}
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(np.array(usable), maximize=True)
    return {int(i): int(j) for i, j in zip(rows, columns, strict=True) if usable[i][j] > 0}


def _best_of_each(table: Sequence[Sequence[float]]) -> dict[int, int] | None:
    """The highest positive column of each row; None where there are ties, or rows share one.

    If no row has to give way, no sum is greater.
    """
    best: dict[int, int] = {}
    for i, row in enumerate(table):
        highest = max(row, default=0.0)
        if highest > 0:
            best[i] = row.index(highest)
            if row.count(highest) > 1:
                return None
    return best if len(set(best.values())) == len(best) else None


def _title_similarity(required: str, held: _Held) -> float:
    """How well a job of a resume stands for a required title, in 0..100 (higher is better)."""
    wanted = _title_tokens(required)
    if not wanted:
        return 0.0
    title = held.title
    direct = 0.6 * fuzz.token_set_ratio(wanted, title) + 0.4 * fuzz.token_sort_ratio(wanted, title)
    words = _title_words(required)
    shared = len(words & held.context_words)
    if not shared:
        return direct
    around = 0.9 * fuzz.token_set_ratio(wanted, held.context)
    return max(direct, min(around, 100 * shared / len(words)))


def _held(entry: Entry, resume: str) -> _Held:
    title, context = _stems(entry.title), _stems(entry.context)
    # A clause without the full stop or comma of the one before it.
    text = resume[entry.span.start : entry.span.end].lstrip(" .,;)")
    span = Span(entry.span.end - len(text), entry.span.end) if text else entry.span
    return _Held(entry, title, frozenset(title.split()), context, frozenset(context.split()), span)


def _stems(text: str) -> str:
    """The words of a title that tell something, without endings."""
    return " ".join(stem(word) for word in normal_form(text).split() if word not in _IGNORED)


_IGNORED = {"and", "or", "of", "the", "a", "an", "as", "in", "for", "to", "with", "other"}


@lru_cache(maxsize=1 << 14)
def _title_tokens(text: str) -> str:
    return _stems(text)


@lru_cache(maxsize=1 << 14)
def _title_words(text: str) -> frozenset[str]:
    return frozenset(_stems(text).split())
