"""The guide of the walk: how many skills and jobs a context of each occupation gets.

Counts are drawn from RJDB's measured distributions, tilted so that their mean is the guide's: a
teacher's estimate where one is given, else what the graph's own statistics say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hrdistill.errors import DataError, GraphError
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.records import Occupation
from hrdistill.storage import read_jsonl, write_jsonl

SKILL_COUNTS = (3, 14)
"""Fewest and most skills of a context."""
SKILL_PRIOR = np.array([14, 24, 26, 23, 17, 13, 12, 7, 6, 4, 2, 2]) / 150
"""Shares of contexts with 3..14 skills: RJDB's (its first 150 rows, smoothed, none below 3)."""
JOB_PRIOR = np.array([0.27, 0.31, 0.21, 0.13, 0.08])
"""Shares of contexts with 1..5 jobs: RJDB's measured distribution, its rare longer careers cut."""

_SPREAD = 0.5
"""How far a mean follows its occupation's statistics and not the mean of all, in 0..1."""
_STRONGEST_TILT = 1.5


@dataclass(frozen=True)
class Guide:
    """Expected counts by occupation.

    Attributes:
        mean_skills: skills of a context, array of shape (n_occupations,), float.
        mean_jobs: jobs held, array of shape (n_occupations,), float.
    """

    mean_skills: NDArray[np.float64]
    mean_jobs: NDArray[np.float64]

    @classmethod
    def from_statistics(
        cls, graph: SkillOccupationGraph, n_neighbours: NDArray[np.float64]
    ) -> Guide:
        """Longer lists where an occupation asks for more, longer careers where more lead to it.

        Args:
            graph: its weights, summed over an occupation's skills, say how much it asks for.
            n_neighbours: effective number of occupations that a career comes from, array of
                shape (n_occupations,).
        """
        mass = np.zeros(len(graph.occupations))
        np.add.at(mass, graph.edges[0], graph.edges[2])
        return cls(
            _mean(SKILL_PRIOR, SKILL_COUNTS[0]) * _relative(mass),
            _mean(JOB_PRIOR, 1) * _relative(n_neighbours),
        )

    @classmethod
    def from_estimates(
        cls, graph: SkillOccupationGraph, estimate: Callable[[Occupation], tuple[float, float]]
    ) -> Guide:
        """Counts that a teacher estimates.

        Args:
            graph: whose occupations are asked about.
            estimate: gives (skills that a posting names, jobs that a resume names) of one.

        Raises:
            GraphError: an estimate is no pair of numbers above 0.
        """
        rows = []
        for occupation in graph.occupations:
            found = estimate(occupation)
            if len(found) != 2 or not all(number > 0 for number in found):
                raise GraphError(
                    f"guide: expected two numbers above 0 (skills, jobs) for "
                    f"{occupation.title!r}, found {found!r}; mend the estimate"
                )
            rows.append(found)
        means = np.array(rows, dtype=float)
        return cls(means[:, 0], means[:, 1])

    def save(self, path: Path | str, graph: SkillOccupationGraph) -> None:
        """Writes the counts of a graph's occupations, one JSON object a line."""
        rows = zip(graph.occupations, self.mean_skills, self.mean_jobs, strict=True)
        write_jsonl(
            path,
            (
                {"occupation": o.id, "skills": float(skills), "jobs": float(jobs)}
                for o, skills, jobs in rows
            ),
        )

    @classmethod
    def load(cls, path: Path | str, graph: SkillOccupationGraph) -> Guide:
        """Reads what `save` wrote, or a person did, for a graph.

        Raises:
            DataError: a line lacks a field, or an occupation of the graph has none.
        """
        found: dict[str, tuple[float, float]] = {}
        for line, value in read_jsonl(path):
            try:
                found[value["occupation"]] = float(value["skills"]), float(value["jobs"])
            except (KeyError, TypeError, ValueError):
                raise DataError(
                    f"{path}, line {line}: expected occupation (its id), skills and jobs, "
                    f"found {str(value)[:80]}; mend the line"
                ) from None
        lacking = [o.id for o in graph.occupations if o.id not in found]
        if lacking:
            raise DataError(
                f"{path}: no counts for {len(lacking)} occupations of the graph "
                f"({', '.join(lacking[:3])}, ...); make it again for this graph"
            )
        return cls.from_estimates(graph, lambda occupation: found[occupation.id])

    @cached_property
    def skill_shares(self) -> NDArray[np.float64]:
        """Shares of contexts with 3..14 skills, shape (n_occupations, 12); rows sum to 1."""
        return tilted(SKILL_PRIOR, SKILL_COUNTS[0], self.mean_skills)

    @cached_property
    def job_shares(self) -> NDArray[np.float64]:
        """Shares of contexts with 1..5 jobs, shape (n_occupations, 5); rows sum to 1."""
        return tilted(JOB_PRIOR, 1, self.mean_jobs)

    def draw_skills(
        self, occupations: NDArray[np.int64], rng: np.random.Generator
    ) -> NDArray[np.int64]:
        """Number of skills of one context of each occupation given; same shape."""
        return SKILL_COUNTS[0] + _draw(self.skill_shares[occupations], rng)

    def draw_jobs(
        self, occupations: NDArray[np.int64], rng: np.random.Generator
    ) -> NDArray[np.int64]:
        """Number of jobs of one context of each occupation given; same shape."""
        return 1 + _draw(self.job_shares[occupations], rng)


def _mean(prior: NDArray[np.float64], least: int) -> float:
    return float(prior @ np.arange(least, least + len(prior)) / prior.sum())


def _relative(statistic: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each occupation against the mean of those that have any, drawn halfway towards 1."""
    present = statistic > 0
    mean = statistic[present].mean() if present.any() else 1.0
    return np.where(present, 1 + _SPREAD * (statistic / mean - 1), 1.0)


def _draw(shares: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    """One place of each row of shares, drawn by them."""
    below = np.cumsum(shares[:, :-1], axis=1) < rng.random((len(shares), 1))
    places: NDArray[np.int64] = below.sum(axis=1)
    return places


def tilted(
    prior: NDArray[np.float64], least: int, means: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The distributions nearest to `prior`, by Kullback-Leibler divergence, with given means.

    They are proportional to prior[k] * exp(t * k); t is found by bisection, and bounded, so that
    an extreme mean is met only as far as it leaves some of every count.

    Args:
        prior: shares of the counts `least`, `least + 1`, ...
        least: the first count.
        means: means wanted, shape (n,).

    Returns:
        Shares, shape (n, len(prior)); rows sum to 1.
    """
    counts = least + np.arange(len(prior))
    low = np.full(len(means), -_STRONGEST_TILT)
    high = np.full(len(means), _STRONGEST_TILT)
    centred = counts - counts.mean()
    for _ in range(24):
        tilt = (low + high) / 2
        shares = prior * np.exp(tilt[:, None] * centred)
        shares /= shares.sum(axis=1, keepdims=True)
        above = shares @ counts > means
        high, low = np.where(above, tilt, high), np.where(above, low, tilt)
    return np.asarray(shares)
