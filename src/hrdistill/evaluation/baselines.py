"""Shortcuts that a student must beat. They may look at the gold annotations; students may not.

- `longer-resume` (match): the longer of two resumes matches.
- `gold-overlap` (match): the share of the gold skills that stand verbatim.
- `flag-latest` (explain): always the most recent job is missing or short.
- `no-op` (edit): the resume as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hrdistill.records import Finding, Requirement, Triple
from hrdistill.tasks.edit import EditTask
from hrdistill.tasks.explain import ExplainTask
from hrdistill.tasks.match import Match, MatchTask
from hrdistill.text.mentions import normal_text
from hrdistill.text.names import normal_form

EVEN_WORDS = 90
"""Words at which `longer-resume` is undecided: between RJDB's matched (99) and unmatched (85)."""

Row = dict[str, float]


def _longer_resume(triple: Triple) -> Row:
    def verdict(resume: str) -> Match:
        n_words = len(resume.split())
        return Match(n_words / (n_words + EVEN_WORDS), n_words >= EVEN_WORDS)

    return MatchTask.statistics(verdict(triple.matched_resume), verdict(triple.unmatched_resume))


def _gold_overlap(triple: Triple) -> Row:
    names = [normal_form(skill.name) for skill in triple.context.skills]

    def verdict(resume: str) -> Match:
        text = normal_text(resume)
        share = sum(f" {name} " in text for name in names) / len(names) if names else 0.0
        return Match(share, share == 1.0)

    return MatchTask.statistics(verdict(triple.matched_resume), verdict(triple.unmatched_resume))


def _flag_latest(triple: Triple) -> Row:
    titles = [job.title for job in triple.context.experiences[:1]]
    findings = tuple(Finding(Requirement("experience", title), "missing") for title in titles)
    flagged = Match(0.0, False, findings)
    return ExplainTask.statistics(triple, flagged, flagged)


def _no_op(triple: Triple) -> Row:
    return EditTask.statistics(triple, (triple.matched_resume, triple.unmatched_resume))


BASELINES: Mapping[str, tuple[str, Callable[[Triple], Row]]] = {
    "longer-resume": ("match", _longer_resume),
    "gold-overlap": ("match", _gold_overlap),
    "flag-latest": ("explain", _flag_latest),
    "no-op": ("edit", _no_op),
}
"""Name -> (task, statistics of a triple)."""
