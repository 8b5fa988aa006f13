"""A figure of two sides, and how far apart the sides are.

Two distances, both in 0..1, lower is nearer:

- Of numbers (words of a document, ...), `ks`: Kolmogorov-Smirnov, the largest difference between
  the two cumulative distributions.
- Of shares (of layouts, of removals, ...), `tv`: total variation, half the sum of absolute
  differences, the least mass that must move to make one out of the other.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

Document = Literal["job_description", "matched_resume", "unmatched_resume"]
DOCUMENTS: tuple[Document, ...] = ("job_description", "matched_resume", "unmatched_resume")
Measure = Literal["ks", "tv"]
N_PERMUTATIONS = 200


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the numbers of one side lie: mean, median and the 5th and 95th percentile."""

    mean: float
    median: float
    p5: float
    p95: float


Shares = Mapping[str, float]
"""Category -> its share, in 0..1; they sum to 1."""
Value = float | Spread | Shares | None
"""One side of a figure; None where it is undefined."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of both sides.

    Attributes:
        about: the kind of document, or `triple`.
        group: what it is listed under (`shape`, `layout`, `diversity`, ...).
        name: what it says.
        a: of the first set; `b` of the second.
        distance: in 0..1, lower is nearer; None where the figure is a plain number.
        measure: which distance it is.
        chance: the distance that two samples of one distribution exceed 5% of the time, were
            what is counted independent; lines of one document are not, so that a distance of
            shares of lines may exceed it by a little and mean nothing.
    """

    about: Document | Literal["triple"]
    group: str
    name: str
    a: Value
    b: Value
    distance: float | None = None
    measure: Measure | None = None
    chance: float | None = None

    @property
    def apart(self) -> bool:
        """Whether the distance is more than chance explains."""
        return self.distance is not None and self.distance > (self.chance or 0.0)

    def to_json(self) -> dict[str, Any]:
        """Sides as plain values, with the distance where there is one."""
        sides = {"a": _plain(self.a), "b": _plain(self.b)}
        if self.measure is None:
            return sides
        return {**sides, self.measure: self.distance, "by_chance": self.chance}


def _plain(value: Value) -> Any:
    return asdict(value) if isinstance(value, Spread) else value


def spread(numbers: Sequence[float]) -> Spread | None:
    """Mean, median and percentiles (linear between neighbours); None of no numbers."""
    if not len(numbers):
        return None
    p5, median, p95 = np.percentile(numbers, [5, 50, 95])
    return Spread(float(np.mean(numbers)), float(median), float(p5), float(p95))


def shares(categories: Iterable[str]) -> dict[str, float] | None:
    """The share of each category, largest first, ties by name; None of no categories."""
    counts = Counter(categories)
    total = sum(counts.values())
    if not total:
        return None
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {name: count / total for name, count in ranked}


def rate(hits: Iterable[bool]) -> float | None:
    """The share of what is true; None of nothing."""
    values = list(hits)
    return sum(values) / len(values) if values else None


def kolmogorov_smirnov(a: Sequence[float], b: Sequence[float]) -> float | None:
    """Largest difference between two empirical distributions, 0..1; None where one is empty."""
    if not len(a) or not len(b):
        return None
    ordered_a, ordered_b = np.sort(a), np.sort(b)
    places = np.concatenate([ordered_a, ordered_b])
    below_a = np.searchsorted(ordered_a, places, side="right") / len(ordered_a)
    below_b = np.searchsorted(ordered_b, places, side="right") / len(ordered_b)
    return float(np.max(np.abs(below_a - below_b)))


def total_variation(a: Shares | None, b: Shares | None) -> float | None:
    """Half the summed absolute difference of two sets of shares, 0..1; None where one is empty."""
    if a is None or b is None:
        return None
    return sum(abs(a.get(name, 0.0) - b.get(name, 0.0)) for name in sorted({*a, *b})) / 2


def chance_of_numbers(n_a: int, n_b: int) -> float | None:
    """The Kolmogorov-Smirnov distance that samples of one distribution exceed 5% of the time.

    Smirnov's asymptotic formula, sqrt(-ln(.05 / 2) / 2 * (n_a + n_b) / (n_a * n_b)); with many
    ties, as among small counts, they exceed it more rarely.
    """
    if not n_a or not n_b:
        return None
    return math.sqrt(-math.log(0.025) / 2 * (n_a + n_b) / (n_a * n_b))


def chance_of_shares(a: Sequence[str], b: Sequence[str]) -> float | None:
    """The total variation that samples of one distribution exceed 5% of the time.

    By permutation: the categories of both sides are dealt out anew, 200 times, from a fixed seed.
    """
    if not a or not b:
        return None
    pooled = np.array(list(Counter([*a, *b]).values()))
    rng = np.random.default_rng(0)
    dealt = rng.multivariate_hypergeometric(pooled, len(a), size=N_PERMUTATIONS)
    distances = np.abs(dealt / len(a) - (pooled - dealt) / len(b)).sum(axis=1) / 2
    return float(np.percentile(distances, 95))


class Gathering:
    """Figures of one kind of document, gathered from both sides.

    Args:
        about: the kind of document, or `triple`.
        group: what the figures are listed under.
    """

    def __init__(self, about: Document | Literal["triple"], group: str) -> None:
        self.about = about
        self.group = group
        self.figures: list[Figure] = []

    def number(self, name: str, a: float | None, b: float | None) -> None:
        """A plain number a side."""
        self.figures.append(Figure(self.about, self.group, name, a, b))

    def numbers(self, name: str, a: Sequence[float], b: Sequence[float]) -> None:
        """A number a document: shown as a spread, compared by `ks`."""
        distance = kolmogorov_smirnov(a, b)
        chance = chance_of_numbers(len(a), len(b))
        self.figures.append(
            Figure(self.about, self.group, name, spread(a), spread(b), distance, "ks", chance)
        )

    def categories(self, name: str, a: Sequence[str], b: Sequence[str]) -> None:
        """A category a document: shown as shares, compared by `tv`."""
        left, right = shares(a), shares(b)
        distance = total_variation(left, right)
        chance = chance_of_shares(a, b)
        self.figures.append(
            Figure(self.about, self.group, name, left, right, distance, "tv", chance)
        )
