"""Meets the experience that a job asks for with the jobs of a resume, by title and years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from rapidfuzz import fuzz

from hrdistill.records import Finding, Requirement, Span
from hrdistill.text.names import normal_form, stem
from hrdistill.text.sections import read_lines
from hrdistill.text.timeline import Entry

TITLE_CUTOFF = 55.0
"""Similarity (0..100) from which a resume's job may stand for a required one."""
IN_MANY_WORDS = 65.0
"""Similarity of a job whose whole title stands somewhere among the words of a requirement."""
YEARS_TOLERANCE = 0.25
"""Years that may be short without counting: dates are told in months or whole years."""


def align(
    requirements: Sequence[Requirement],
    entries: Sequence[Entry],
    *,
    job: str = "",
    resume: str = "",
) -> list[Finding]:
    """Meets required experience with the jobs of a resume, one to one.

    Jobs that no requirement claims lend their years to one whose title they clearly share, so
    that two terms of the same job add up.

    Args:
        requirements: as `read_experience_requirements` gives them.
        entries: as `read_entries` gives them.
        job: the job description; where it says a requirement in many words, a job of the resume
            whose whole title stands among them meets it.
        resume: the text; a title that stands in its experience section without dates counts as
            held, for a length that nobody can tell.

    Returns:
        One finding a requirement, in order: `met`, `partial` (held, but for fewer years than
        asked) or `missing`, with the entry's span and years as evidence.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    if not requirements:
        return []
    similarity = np.array(
        [[_similarity(r, entry, job) for entry in entries] for r in requirements]
    ).reshape(len(requirements), len(entries))
    usable = np.where(similarity >= TITLE_CUTOFF, similarity, 0.0)
    rows, columns = linear_sum_assignment(usable, maximize=True)
    chosen = {int(i): int(j) for i, j in zip(rows, columns, strict=True) if usable[i, j] > 0}
    free = set(range(len(entries))) - set(chosen.values())
    findings = []
    for i, required in enumerate(requirements):
        requirement = required
        if i not in chosen:
            place = _told_without_dates(requirement.name, entries, resume)
            if place is None:
                findings.append(Finding(requirement, "missing", None, 0.03, 0.0))
            else:
                findings.append(Finding(requirement, "met", place, 0.5, None))
            continue
        entry = entries[chosen[i]]
        if title_similarity(requirement.name, entry) < TITLE_CUTOFF:
            requirement = replace(requirement, name=entry.title)
        years = entry.years + sum(
            entries[j].years
            for j in free
            if fuzz.token_sort_ratio(_title_tokens(requirement.name),
                                     _title_tokens(entries[j].title)) >= 90
        )  # fmt: skip
        enough = requirement.years is None or years + YEARS_TOLERANCE >= requirement.years
        certainty = float(similarity[i, chosen[i]]) / 100
        findings.append(
            Finding(
                requirement,
                "met" if enough else "partial",
                _without_lead(entry.span, resume),
                0.5 + 0.47 * certainty if enough else 0.5 - 0.47 * certainty,
                years,
            )
        )
    return findings


def _without_lead(span: Span, resume: str) -> Span:
    """A clause without the full stop or comma of the one before it."""
    text = resume[span.start : span.end]
    return Span(span.end - len(text.lstrip(" .,;)")), span.end) if text.strip(" .,;)") else span


def _similarity(requirement: Requirement, entry: Entry, job: str) -> float:
    score = title_similarity(requirement.name, entry)
    if score >= TITLE_CUTOFF or requirement.span is None or not job:
        return score
    said = set(_title_tokens(job[requirement.span.start : requirement.span.end]).split())
    title = set(_title_tokens(entry.title).split())
    return IN_MANY_WORDS if title and title <= said else score


def _told_without_dates(title: str, entries: Sequence[Entry], resume: str) -> Span | None:
    """The text of the experience section, outside dated jobs, that names a title; None if none."""
    wanted = set(_title_tokens(title).split())
    if len(wanted) < 2:
        return None
    for line in read_lines(resume) if resume else ():
        if line.section != "experience" or line.heading:
            continue
        place = line.start
        taken = [e.span for e in entries if e.span.start < line.end and e.span.end > line.start]
        for start, end in [*((span.start, span.end) for span in taken), (line.end, line.end)]:
            piece = resume[place : max(place, start)]
            if wanted <= set(_title_tokens(piece).split()):
                return Span(place, start)
            place = max(place, end)
    return None


def title_similarity(required: str, entry: Entry) -> float:
    """How well a job of a resume stands for a required title, in 0..100 (higher is better)."""
    wanted = _title_tokens(required)
    title = _title_tokens(entry.title)
    if not wanted:
        return 0.0
    direct = 0.6 * fuzz.token_set_ratio(wanted, title) + 0.4 * fuzz.token_sort_ratio(wanted, title)
    around = 0.9 * fuzz.token_set_ratio(wanted, _title_tokens(entry.context))
    shared = set(wanted.split()) & set(_title_tokens(entry.context).split())
    return float(max(direct, min(around, 100 * len(shared) / len(set(wanted.split())))))


@lru_cache(maxsize=1 << 14)
def _title_tokens(text: str) -> str:
    ignored = {"and", "or", "of", "the", "a", "an", "as", "in", "for", "to", "with", "other"}
    return " ".join(stem(word) for word in normal_form(text).split() if word not in ignored)
