"""Makes one triple: context -> removal -> draft -> verification, again where it fails."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from hrdistill import __version__
from hrdistill.generation.corruption import choose_removal
from hrdistill.generation.verification import reason, verify
from hrdistill.records import Context, Triple
from hrdistill.teacher.base import Teacher

MAX_ATTEMPTS = 5
_REMOVAL_STREAM = 0


@dataclass(slots=True)
class Tally:
    """What became of the contexts: counts, and reasons of drafts that failed verification.

    Attributes:
        accepted: triples kept.
        repaired: those of them that took more than one draft.
        rejected: contexts given up.
        reasons: how often each finding failed a draft.
        rejected_reasons: the finding that each rejected context was given up for.
    """

    accepted: int = 0
    repaired: int = 0
    rejected: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    rejected_reasons: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        self.accepted += other.accepted
        self.repaired += other.repaired
        self.rejected += other.rejected
        self.reasons.update(other.reasons)
        self.rejected_reasons.update(other.rejected_reasons)


def make_triple(
    context: Context, teacher: Teacher, tally: Tally, *, max_attempts: int = MAX_ATTEMPTS
) -> Triple | None:
    """Has a teacher write a context until the documents pass verification.

    Args:
        context: what to write about.
        teacher: who writes.
        tally: where the outcome is counted.
        max_attempts: drafts before the context is given up.

    Returns:
        The verified triple; None where the context is rejected, with its reason in the tally.
    """
    rng = np.random.default_rng([context.seed, _number(context), _REMOVAL_STREAM])
    removal = choose_removal(context, rng)
    if removal is None:
        tally.rejected += 1
        tally.rejected_reasons["context: every skill is named by another or by a title"] += 1
        return None
    findings: list[str] = []
    for attempt in range(max_attempts):
        draft = teacher.write(context, removal, attempt=attempt)
        findings = verify(context, removal, draft)
        if not findings:
            tally.accepted += 1
            tally.repaired += attempt > 0
            return Triple(
                id=context.id,
                context=context,
                removal=removal,
                job_description=draft.job_description,
                matched_resume=draft.matched_resume,
                unmatched_resume=draft.unmatched_resume,
                provenance={
                    "teacher": teacher.name,
                    "attempt": attempt,
                    "hrdistill": __version__,
                },
            )
        tally.reasons.update(reason(finding) for finding in findings)
    tally.rejected += 1
    tally.rejected_reasons[reason(findings[0])] += 1
    return None


def _number(context: Context) -> int:
    tail = context.id.rpartition("-")[2]
    return int(tail) if tail.isdigit() else 0
