"""Match: does this resume fit this job? Two pairs a triple.

source  Decide whether the resume meets the job's requirements. Answer yes or no. ...
        ### Job description ... ### Resume ...
target  yes
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hrdistill.records import Finding, Triple
from hrdistill.tasks.base import Example, Floats, Metric, Table, Task, ratio

N_BINS = 10
_ANSWER = re.compile(r"\W*(?:(?:the\s+)?answer(?:\s+is)?\W+)?(yes|no|true|false)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Match:
    """A verdict on a pair.

    Attributes:
        probability: that the resume meets the job, in 0..1, calibrated.
        verdict: whether it does.
        findings: one a requirement of the job, with evidence in the resume.
    """

    probability: float
    verdict: bool
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        if not 0.0 <= self.probability <= 1.0:
            raise ValueError(f"expected a probability in 0..1, found {self.probability}")


def _macro_f1(table: Table) -> Floats:
    n = table.weights.sum(axis=1)
    yes, no = table.sum("right_yes"), table.sum("right_no")
    f1_yes = ratio(2 * yes, n + yes + (n - no))
    f1_no = ratio(2 * no, n + no + (n - yes))
    return np.asarray((f1_yes + f1_no) / 2)


def _ece(table: Table) -> Floats:
    """Expected calibration error: mean |confidence - accuracy| over equal bins, by their size."""
    gaps = sum(np.abs(table.sum(f"gap_{b}")) for b in range(N_BINS))
    return np.asarray(gaps / (2 * table.weights.sum(axis=1)))


def auroc(table: Table, block: int = 512) -> Floats:
    """Probability that a matched pair scores above an unmatched one, ties half.

    Shape (n_samples,). Every matched pair meets every unmatched one, of any triple.
    """
    positive, negative = table.column("p_matched"), table.column("p_unmatched")
    total = np.zeros(len(table.weights))
    for start in range(0, len(positive), block):
        rows = positive[start : start + block, None]
        above = (rows > negative) + 0.5 * (rows == negative)
        part = table.weights[:, start : start + block]
        total += np.einsum("sn,sn->s", part @ above, table.weights)
    return ratio(total, table.weights.sum(axis=1) ** 2)


class MatchTask(Task):
    name = "match"
    instruction = (
        "Decide whether the resume meets every requirement of the job description. "
        "Answer yes or no."
    )
    lower_is_better = frozenset({"ece"})

    def examples(self, triple: Triple) -> list[Example]:
        return [
            Example(
                self.name, triple.id,
                self.prompt(job_description=triple.job_description, resume=resume), answer,
            )
            for resume, answer in (
                (triple.matched_resume, "yes"), (triple.unmatched_resume, "no")
            )
        ]  # fmt: skip

    def parse(self, text: str) -> bool | None:
        """The verdict; None where the text gives none."""
        found = _ANSWER.match(text)
        return found[1].casefold() in ("yes", "true") if found else None

    @staticmethod
    def statistics(matched: Match, unmatched: Match) -> dict[str, float]:
        """What one triple adds.

        Args:
            matched: the verdict on the resume that matches.
            unmatched: the verdict on the one that does not.
        """
        row = {
            "right_yes": float(matched.verdict),
            "right_no": float(not unmatched.verdict),
            "p_matched": matched.probability,
            "p_unmatched": unmatched.probability,
            "ordered": float(matched.probability > unmatched.probability),
        }
        gaps = [0.0] * N_BINS
        for probability, label in ((matched.probability, 1), (unmatched.probability, 0)):
            gaps[min(int(probability * N_BINS), N_BINS - 1)] += probability - label
        return row | {f"gap_{b}": gap for b, gap in enumerate(gaps)}

    metrics: Mapping[str, Metric] = {
        "accuracy": lambda t: (t.mean("right_yes") + t.mean("right_no")) / 2,
        "macro_f1": _macro_f1,
        "auroc": auroc,
        "ece": _ece,
        "pairwise_accuracy": lambda t: t.mean("ordered"),
    }
