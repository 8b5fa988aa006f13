"""From findings to a verdict: features of a pair, and a logistic model that is calibrated on them.

The features do not know which student found what, nor how long the documents are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hrdistill.errors import StudentError
from hrdistill.records import Finding
from hrdistill.text.names import match_soft

FEATURES = (
    "skill_gap",
    "skill_gap_mean",
    "skill_gap_worst",
    "first_missing",
    "first_short",
    "first_unmeasured",
    "others_missing",
    "others_short",
)


def pair_features(findings: Sequence[Finding]) -> list[float]:
    """What a verdict rests on, in the order of `FEATURES`; 0 is the best value of each."""
    return verdict_features(
        [f.probability for f in findings if f.requirement.kind == "skill"],
        [f for f in findings if f.requirement.kind == "experience"],
    )


def verdict_features(skills: Sequence[float], experience: Sequence[Finding]) -> list[float]:
    """As `pair_features`, of skills that no finding was made of.

    The gap of a skill is the probability that it is not met; gaps are summed (up to 5),
    averaged, and the worst one is taken. The experience that a job names first is that of its own
    trade, and tells more than the others: these count by their share. It is unmeasured where the
    job names no years for it, or no experience at all.

    Args:
        skills: probability of each that it is met, in 0..1.
        experience: findings on the experience that is required.
    """
    gaps = [1.0 - probability for probability in skills]
    first = experience[0] if experience else None
    others = [finding.status for finding in experience[1:]]
    n_others = max(1, len(others))
    return [
        min(sum(gaps), 5.0),
        sum(gaps) / len(gaps) if gaps else 0.0,
        max(gaps, default=0.0),
        float(first is not None and first.status == "missing"),
        float(first is not None and first.status == "partial"),
        float(first is None or first.requirement.years is None),
        others.count("missing") / n_others,
        others.count("partial") / n_others,
    ]


UNSEEN = {"offline": 0.28}
"""Share of skills whose evidence is hidden while a verdict is fitted, by who wrote the documents.

Of RJDB's gold skills 82% stand verbatim in the matched resume and 88% in the job, both for about
72%. The offline teacher's documents are easier to read, and a verdict fitted on them as they are
trusts a missing skill too much. The bundled triples need none: .933 of RJDB's rows 0-149 are then
right, against .923 at 5% and .920 from 10% on."""
_COPIES = 4


def fit_verdict(
    matched: Sequence[Sequence[Finding]],
    unmatched: Sequence[Sequence[Finding]],
    *,
    seed: int,
    hide: float,
) -> Calibrator:
    """Fits the model of a match on findings of pairs that match and pairs that do not.

    Args:
        matched: findings of each pair that matches.
        unmatched: findings of each pair that does not.
        seed: of the evidence that is hidden.
        hide: share of skills whose evidence is hidden; see `UNSEEN`.
    """
    rng = np.random.default_rng(seed)
    every = [f.probability for pairs in (matched, unmatched) for p in pairs for f in p
             if f.requirement.kind == "skill" and f.status == "missing"]  # fmt: skip
    hidden = np.array(every or [0.1])
    features, labels = [], []
    for label, pairs in ((True, matched), (False, unmatched)):
        for findings in pairs:
            for _ in range(_COPIES if hide else 1):
                features.append(pair_features([_hide(f, hide, hidden, rng) for f in findings]))
                labels.append(label)
    return Calibrator.fit(features, labels)


def _hide(
    finding: Finding, share: float, hidden: NDArray[np.float64], rng: np.random.Generator
) -> Finding:
    if finding.requirement.kind != "skill" or rng.random() >= share:
        return finding
    return replace(finding, status="missing", probability=float(rng.choice(hidden)))


@dataclass(frozen=True)
class Calibrator:
    """Logistic regression: probability = sigmoid(features @ weights + bias)."""

    weights: tuple[float, ...]
    bias: float

    @classmethod
    def fit(
        cls, features: Sequence[Sequence[float]], labels: Sequence[bool], *, balanced: bool = False
    ) -> Calibrator:
        """Fits on features of shape (n, n_features).

        Args:
            features: one row an observation.
            labels: the truth of each.
            balanced: whether both labels weigh the same however often they occur, so that 0.5
                is where both kinds of error are equally rare.

        Raises:
            StudentError: all labels are the same.
        """
        from sklearn.linear_model import LogisticRegression

        if len(set(labels)) < 2:
            raise StudentError(
                f"nothing to calibrate on: {len(labels)} observations of the training data, all "
                "of one kind; check that its job descriptions list skills that resumes lack"
            )
        weight = "balanced" if balanced else None
        model = LogisticRegression(class_weight=weight, max_iter=1000)
        model.fit(np.asarray(features), labels)
        return cls(tuple(map(float, model.coef_[0])), float(model.intercept_[0]))

    def scaled(self, features: Sequence[Sequence[float]], labels: Sequence[bool]) -> Calibrator:
        """The same model with its logit stretched and shifted to fit labels (Platt scaling).

        Args:
            features: shape (n, n_features).
            labels: the truth of each; both occur.
        """
        logits = np.asarray(features) @ np.array(self.weights) + self.bias
        scale = Calibrator.fit(logits[:, None].tolist(), labels)
        weights = tuple(scale.weights[0] * w for w in self.weights)
        return Calibrator(weights, scale.weights[0] * self.bias + scale.bias)

    def probability(
        self, features: Sequence[Sequence[float]] | NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Probabilities in 0..1 of features of shape (..., n_features): shape (...)."""
        from scipy.special import expit

        logits = np.asarray(features, dtype=np.float64) @ np.array(self.weights) + self.bias
        return np.asarray(expit(logits))

    def to_json(self) -> dict[str, Any]:
        return {"weights": list(self.weights), "bias": self.bias}

    @classmethod
    def from_json(cls, value: Any, *, n_features: int, where: Path) -> Calibrator:
        """Raises: StudentError: not what `to_json` of such a model gives."""
        numbers = [*value["weights"], value["bias"]] if _has_parts(value) else []
        if len(numbers) != n_features + 1 or not all(isinstance(x, (int, float)) for x in numbers):
            raise StudentError(
                f"{where}: expected {n_features} weights and a bias, found {str(value)[:60]}; "
                "the student is damaged or of another release: train it again"
            )
        return cls(tuple(numbers[:-1]), numbers[-1])


def _has_parts(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("weights"), list) and "bias" in value


def best_threshold(observed: Sequence[tuple[Sequence[Finding], Sequence[str]]]) -> float:
    """The probability below which a skill is best called missing.

    Args:
        observed: findings on unmatched resumes, each with the names of the skills removed.

    Returns:
        The lowest threshold whose micro-F1 of missing skills (names meeting by the soft rule) is
        within 2% of the best one: of thresholds that do as well, the one that accuses least.
    """
    candidates = np.linspace(0.04, 0.96, 47)
    scores = []
    for threshold in candidates:
        right = total = 0
        for findings, removed in observed:
            names = [
                f.requirement.name
                for f in findings
                if f.requirement.kind == "skill" and f.probability < threshold
            ]
            right += len(match_soft(names, removed))
            total += len(names) + len(removed)
        scores.append(2 * right / max(1, total))
    return float(candidates[int(np.argmax(np.asarray(scores) >= 0.98 * max(scores)))])
