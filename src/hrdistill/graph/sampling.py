"""Samples contexts: the occupation, skills and career that ground one triple.

The guided random walk starts at an occupation, draws some of its skills, and finds each earlier
job by a step occupation -> skill -> neighbouring occupation, so that careers stay plausible.
Every context depends on (seed, index) alone, so that any part of a run can be made again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from hrdistill.errors import GraphError
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.records import Context, Experience, Occupation

Strategy = Literal["walk", "uniform", "occupation"]
STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)

N_EXPERIENCES = np.array([0.27, 0.31, 0.21, 0.13, 0.08])
"""Shares of contexts with 1..5 jobs: RJDB's measured distribution, its rare longer careers cut."""
YEARS_EACH = (1, 5)
"""Years of one job, uniform, as measured on RJDB."""
LATEST_END = (2015, 2025)
"""The year the latest job ended, uniform; RJDB's own range ends in 2023."""


class ContextSampler:
    """Draws contexts from a graph.

    Args:
        graph: where occupations and skills come from.
        strategy: `walk` follows the edges; `occupation` draws skills along them but earlier jobs
            from the whole category; `uniform` ignores them, as a baseline.

    Raises:
        GraphError: the strategy follows edges, and the graph has none. An occupation without
            skills is never drawn by it.
    """

    def __init__(self, graph: SkillOccupationGraph, *, strategy: Strategy = "walk") -> None:
        if strategy not in STRATEGIES:
            raise ValueError(f"strategy: expected one of {STRATEGIES}, found {strategy!r}")
        self.graph = graph
        self.strategy = strategy
        self._skills_of = _Rows(graph.weights)
        self._occupations_of = _Rows(graph.skill_weights)
        n_skills = np.diff(graph.weights.indptr)
        self._starts = np.flatnonzero(n_skills if strategy != "uniform" else n_skills >= 0)
        if not len(self._starts):
            raise GraphError(
                f"expected a graph with edges to sample along, found {len(graph.occupations)} "
                "occupations without a skill; give them skills, or sample with strategy 'uniform'"
            )
        categories: dict[str, list[int]] = {}
        for index, occupation in enumerate(graph.occupations):
            categories.setdefault(occupation.category, []).append(index)
        self._peers = categories

    def sample(self, *, seed: int, index: int) -> Context:
        """The context number `index` of the sequence that `seed` names."""
        rng = np.random.default_rng([seed, index])
        start = int(self._starts[rng.integers(len(self._starts))])
        skills = self._skills(start, rng)
        return Context(
            id=f"{seed}-{index:06d}",
            seed=seed,
            occupation=self.graph.occupations[start],
            skills=tuple(self.graph.skills[j] for j in skills),
            experiences=self._career(start, rng),
        )

    def sample_many(self, n: int, *, seed: int, start: int = 0) -> Iterator[Context]:
        """The contexts `start` .. `start + n - 1`, in order."""
        for index in range(start, start + n):
            yield self.sample(seed=seed, index=index)

    def _skills(self, occupation: int, rng: np.random.Generator) -> NDArray[np.intp]:
        candidates, weights = self._skills_of.row(occupation)
        if self.strategy == "uniform":
            n_skills = min(_n_skills(8.0, rng), len(self.graph.skills))
            return rng.choice(len(self.graph.skills), n_skills, replace=False)
        # The guide: an occupation that asks for more at its core gets longer lists.
        n_skills = min(_n_skills(float(np.sum(weights)) * 0.47, rng), len(candidates))
        keys = np.log(weights) + rng.gumbel(size=len(weights))
        return candidates[np.argsort(-keys, kind="stable")[:n_skills]]

    def _career(self, start: int, rng: np.random.Generator) -> tuple[Experience, ...]:
        n_jobs = 1 + int(rng.choice(len(N_EXPERIENCES), p=N_EXPERIENCES))
        jobs = [start]
        while len(jobs) < n_jobs:
            following = self._earlier_job(jobs[-1], rng)
            if following in jobs:
                n_jobs -= 1
                continue
            jobs.append(following)
        end = int(rng.integers(LATEST_END[0], LATEST_END[1] + 1))
        career = []
        for job in jobs:
            years = int(rng.integers(YEARS_EACH[0], YEARS_EACH[1] + 1))
            title = _title(self.graph.occupations[job], rng)
            career.append(Experience(title, end - years, end))
            end -= years
        return tuple(career)

    def _earlier_job(self, job: int, rng: np.random.Generator) -> int:
        if self.strategy == "uniform":
            return int(rng.integers(len(self.graph.occupations)))
        if self.strategy == "occupation":
            peers = self._peers[self.graph.occupations[job].category]
            return peers[int(rng.integers(len(peers)))]
        for _ in range(4):
            skill = self._skills_of.draw(job, rng)
            neighbour = self._occupations_of.draw(skill, rng)
            if neighbour != job:
                return neighbour
        return job


class _Rows:
    """Rows of a sparse matrix, drawn from in proportion to their weights.

    Only rows that hold something are drawn from: a start has skills, a skill its occupations.
    """

    def __init__(self, matrix: object) -> None:
        self._indptr = matrix.indptr  # type: ignore[attr-defined]
        self._indices = matrix.indices  # type: ignore[attr-defined]
        self._data = matrix.data.astype(np.float64)  # type: ignore[attr-defined]
        self._cumulative = np.cumsum(self._data)

    def row(self, index: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        start, end = self._indptr[index], self._indptr[index + 1]
        return self._indices[start:end], self._data[start:end]

    def draw(self, index: int, rng: np.random.Generator) -> int:
        start, end = self._indptr[index], self._indptr[index + 1]
        below = self._cumulative[start - 1] if start else 0.0
        target = below + rng.random() * (self._cumulative[end - 1] - below)
        place = int(np.searchsorted(self._cumulative[start:end], target, side="right"))
        return int(self._indices[min(start + place, end - 1)])


def _n_skills(mean: float, rng: np.random.Generator) -> int:
    """Between 3 and 14, about `mean`; RJDB has 6.4 on average, mostly 3 to 12."""
    return int(np.clip(round(rng.normal(np.clip(mean, 4.5, 9.0), 2.0)), 3, 14))


def _title(occupation: Occupation, rng: np.random.Generator) -> str:
    """A title as resumes write it: mostly the job title, sometimes the SOC's, or an alias."""
    draw = rng.random()
    if draw < 0.2:
        return occupation.title
    if draw < 0.4 and occupation.aliases:
        return occupation.aliases[int(rng.integers(len(occupation.aliases)))]
    return occupation.job_title
