"""Makes one triple: context -> removal -> draft -> verification, again where it fails."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from hrdistill import __version__
from hrdistill.errors import RefusedError, StopRunError
from hrdistill.generation.corruption import choose_removal
from hrdistill.generation.verification import reason, verify
from hrdistill.records import Context, Removal, Triple
from hrdistill.teacher.base import Draft, Teacher

T = TypeVar("T")
MAX_ATTEMPTS = 5
_REMOVAL_STREAM = 0
_HOPELESS = 50
"""Rejections in a row, as it were, after which a run stops."""


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

    def check(self) -> None:
        """Raises: StopRunError: hardly any context is accepted, so that going on is a waste."""
        if self.rejected >= _HOPELESS and self.accepted * _HOPELESS < self.rejected:
            raise StopRunError(
                f"{self.rejected:,} contexts are rejected and {self.accepted:,} accepted "
                f"({self.top_reasons()}); mend that and run the same command again"
            )

    def top_reasons(self) -> str:
        """The three commonest reasons of rejection."""
        common = self.rejected_reasons.most_common(3)
        return "; ".join(f"{count} x {reason}" for reason, count in common) or "none rejected"

    def add(self, other: Tally) -> None:
        self.accepted += other.accepted
        self.repaired += other.repaired
        self.rejected += other.rejected
        self.reasons.update(other.reasons)
        self.rejected_reasons.update(other.rejected_reasons)


async def make_triple(
    context: Context, teacher: Teacher, tally: Tally, *, max_attempts: int = MAX_ATTEMPTS
) -> Triple | None:
    """Has a teacher write a context until the documents pass verification.

    Args:
        context: what to write about.
        teacher: who writes; what failed is named to it when it is asked again.
        tally: where the outcome is counted.
        max_attempts: drafts before the context is given up.

    Returns:
        The verified triple; None where the context is rejected, with its reason in the tally.
    """
    rng = np.random.default_rng([context.seed, _number(context), _REMOVAL_STREAM])
    removal = choose_removal(context, rng)
    if removal is None:
        return _reject(tally, "context: every skill is named by another or by a title")
    draft, findings = None, list[str]()
    try:
        for attempt in range(max_attempts):
            draft = await teacher.draft(
                context, removal, attempt=attempt, previous=draft, findings=findings
            )
            findings = verify(context, removal, draft)
            findings = findings or await teacher.review(context, removal, draft)
            if not findings:
                triple = _triple(context, removal, draft, teacher, attempt)
                if rationales := await teacher.rationalize(triple):
                    triple.provenance["rationales"] = rationales
                tally.accepted += 1
                tally.repaired += attempt > 0
                return triple
            tally.reasons.update(reason(finding) for finding in findings)
    except RefusedError as error:
        return _reject(tally, f"teacher: {re.split(r' [(]', str(error))[0]}")
    return _reject(tally, reason(findings[0]))


def run_now(steps: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns that never waits: that of a teacher who computes."""
    try:
        steps.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    steps.close()
    raise RuntimeError("a teacher with waits = False waited; set waits = True")


def _triple(
    context: Context, removal: Removal, draft: Draft, teacher: Teacher, attempt: int
) -> Triple:
    made = {"teacher": teacher.name, "attempt": attempt, "hrdistill": __version__}
    return Triple(
        id=context.id,
        context=context,
        removal=removal,
        job_description=draft.job_description,
        matched_resume=draft.matched_resume,
        unmatched_resume=draft.unmatched_resume,
        provenance=made | teacher.settings,
    )


def _reject(tally: Tally, why: str) -> Triple | None:
    tally.rejected += 1
    tally.rejected_reasons[why] += 1
    return None


def _number(context: Context) -> int:
    tail = context.id.rpartition("-")[2]
    return int(tail) if tail.isdigit() else 0
