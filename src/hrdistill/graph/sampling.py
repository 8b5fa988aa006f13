"""Samples contexts: the occupation, skills and career that ground one triple.

The guided random walk starts at an occupation, draws some of its skills by their weights,
as many as the guide says, and finds each earlier job by a step over shared skills to a neighbouring
occupation, so that careers stay plausible. Contexts are drawn in blocks, as arrays; every block
depends on (seed, number of the block) alone, so that any part of a run can be made again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from hrdistill.errors import GraphError
from hrdistill.graph.balance import Balance, start_shares
from hrdistill.graph.careers import Careers
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.guide import JOB_PRIOR, SKILL_COUNTS, Guide
from hrdistill.records import Context, Experience, Occupation, Skill

Strategy = Literal["walk", "uniform", "occupation"]
Record = TypeVar("Record", bound=Occupation | Skill)
STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)

YEARS_EACH = (1, 5)
"""Years of one job, uniform, as measured on RJDB."""
LATEST_END = (2015, 2025)
"""The year the latest job ended, uniform; RJDB's own range ends in 2023."""
BLOCK = 500
"""Contexts drawn at once; a shard of triples holds as many."""

MAX_ALIASES = 8
"""Other names that a context carries of each thing: the commonest. Graphs know many more."""

_GOLDEN = (5**0.5 - 1) / 2
_REDRAWS = 4
_AS_TITLE, _AS_ALIAS = 0.2, 0.4


@dataclass(frozen=True)
class ContextBlock:
    """Contexts as indices into a graph.

    Attributes:
        start: number of the first context.
        occupations: of each context, shape (n,).
        skills: of all contexts, one after another, heaviest draw first.
        indptr: `skills[indptr[k]:indptr[k + 1]]` are those of context k; shape (n + 1,).
        jobs: occupations held, most recent first, shape (n, most jobs); -1 where there is none.
        years: of each job, same shape.
        last_years: year in which the most recent job ended, shape (n,).
        spelling: in [0, 1), which title a job goes by, same shape as `jobs`.
    """

    start: int
    occupations: NDArray[np.int64]
    skills: NDArray[np.int64]
    indptr: NDArray[np.int64]
    jobs: NDArray[np.int64]
    years: NDArray[np.int64]
    last_years: NDArray[np.int64]
    spelling: NDArray[np.float64]


class ContextSampler:
    """Draws contexts from a graph.

    Args:
        graph: where occupations and skills come from. Contexts carry their first `MAX_ALIASES`
            aliases.
        strategy: `walk` follows the edges; `occupation` draws skills along them but earlier jobs
            from the whole category; `uniform` ignores them, as a baseline.
        balance: what contexts are spread evenly over (see `balance.start_shares`).
        only: SOC codes or their beginnings, categories, or names of occupations: contexts are
            of these alone (their earlier jobs may lie outside). All where it is empty.
        guide: counts by occupation; by default from the graph's statistics.

    Raises:
        GraphError: the strategy follows edges, and the graph has none; nothing is left by
            `only`; or the graph lacks what `balance` asks for. An occupation without skills is
            never drawn by a strategy that follows edges.
    """

    def __init__(
        self,
        graph: SkillOccupationGraph,
        *,
        strategy: Strategy = "walk",
        balance: Balance = "none",
        only: tuple[str, ...] = (),
        guide: Guide | None = None,
    ) -> None:
        if strategy not in STRATEGIES:
            raise ValueError(f"strategy: expected one of {STRATEGIES}, found {strategy!r}")
        self.graph = graph
        self.strategy = strategy
        self.balance = balance
        n_occupations = len(graph.occupations)
        self._indptr = np.searchsorted(graph.edges[0], np.arange(n_occupations + 1))
        if strategy != "uniform" and not len(graph.edges[0]):
            raise GraphError(
                f"expected a graph with edges to sample along, found {n_occupations} "
                "occupations without a skill; give them skills, or sample with strategy 'uniform'"
            )
        eligible = (
            np.diff(self._indptr) > 0 if strategy != "uniform" else np.full(n_occupations, True)
        )
        self._shares = np.cumsum(start_shares(graph, eligible, balance=balance, only=only))
        self._careers = Careers(graph)
        self.guide = guide or Guide.from_statistics(graph, self._careers.n_effective)
        categories = {
            name: k for k, name in enumerate(dict.fromkeys(o.category for o in graph.occupations))
        }
        self._category = np.array([categories[o.category] for o in graph.occupations])
        self._by_category = np.argsort(self._category, kind="stable")
        self._category_sizes = np.bincount(self._category)
        self._occupations = _with_few_aliases(graph.occupations)
        self._named_skills = _with_few_aliases(graph.skills)
        self._block = lru_cache(maxsize=4)(self.draw_block)

    def __getstate__(self) -> dict[str, object]:
        """For another process: all but the cache of blocks."""
        return {name: value for name, value in self.__dict__.items() if name != "_block"}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._block = lru_cache(maxsize=4)(self.draw_block)

    def sample(self, *, seed: int, index: int) -> Context:
        """The context number `index` of the sequence that `seed` names."""
        return next(self.sample_many(1, seed=seed, start=index))

    def sample_many(self, n: int, *, seed: int, start: int = 0) -> Iterator[Context]:
        """The contexts `start` .. `start + n - 1`, in order."""
        for number in range(start // BLOCK, (start + n - 1) // BLOCK + 1):
            block = self._block(number, seed=seed)
            first, last = max(start - block.start, 0), min(start + n - block.start, BLOCK)
            yield from self._contexts(block, range(first, last), seed)

    def draw_block(self, number: int, *, seed: int) -> ContextBlock:
        """Contexts `number * BLOCK` and the `BLOCK - 1` after it, as indices."""
        rng = np.random.default_rng([seed, number])
        occupations = self._starts(number, seed, rng)
        skills, indptr = self._skills(occupations, rng)
        jobs = self._jobs(occupations, rng)
        return ContextBlock(
            start=number * BLOCK,
            occupations=occupations,
            skills=skills,
            indptr=indptr,
            jobs=jobs,
            years=rng.integers(YEARS_EACH[0], YEARS_EACH[1] + 1, size=jobs.shape),
            last_years=rng.integers(LATEST_END[0], LATEST_END[1] + 1, size=BLOCK),
            spelling=rng.random(jobs.shape),
        )

    def _starts(self, number: int, seed: int, rng: np.random.Generator) -> NDArray[np.int64]:
        if self.balance == "none":
            draws = rng.random(BLOCK)
        else:
            # A golden-ratio sequence visits every share in turn: none is missed by bad luck.
            offset = np.random.default_rng(seed).random()
            steps = number * BLOCK + np.arange(BLOCK, dtype=np.float64)
            draws = (offset + _GOLDEN * steps) % 1.0
        found: NDArray[np.int64] = np.searchsorted(
            self._shares, draws * self._shares[-1], side="right"
        )
        return found

    def _skills(
        self, occupations: NDArray[np.int64], rng: np.random.Generator
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        wanted = self.guide.draw_skills(occupations, rng)
        if self.strategy == "uniform":
            candidates, owners = _any_skills(len(self.graph.skills), rng)
        else:
            degrees = self._indptr[occupations + 1] - self._indptr[occupations]
            owners = np.repeat(np.arange(BLOCK), degrees)
            within = np.arange(len(owners)) - np.repeat(np.cumsum(degrees) - degrees, degrees)
            places = self._indptr[occupations][owners] + within
            # The largest of log(weight) + Gumbel noise are a draw by weight without repetition.
            keys = np.log(self.graph.edges[2][places]) + rng.gumbel(size=len(places))
            order = np.lexsort((-keys, owners))
            candidates, owners = self.graph.edges[1][places[order]], owners[order]
        counts = np.bincount(owners, minlength=BLOCK)
        rank = np.arange(len(owners)) - (np.cumsum(counts) - counts)[owners]
        taken = rank < wanted[owners]
        n_taken = np.minimum(wanted, counts)
        return candidates[taken], np.concatenate([[0], np.cumsum(n_taken)])

    def _jobs(self, occupations: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
        n_jobs = self.guide.draw_jobs(occupations, rng)
        jobs = np.full((BLOCK, len(JOB_PRIOR)), -1)
        jobs[:, 0] = occupations
        going_on = np.arange(BLOCK)
        for place in range(1, len(JOB_PRIOR)):
            going_on = going_on[n_jobs[going_on] > place]
            waiting = going_on
            for _ in range(_REDRAWS):
                drawn = self._earlier(jobs[waiting, place - 1], rng)
                new = (jobs[waiting] != drawn[:, None]).all(axis=1)
                jobs[waiting[new], place] = drawn[new]
                waiting = waiting[~new]
            going_on = going_on[jobs[going_on, place] >= 0]  # no job but those held: it ends here
        return jobs

    def _earlier(self, jobs: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
        if self.strategy == "walk":
            return self._careers.earlier(jobs, rng)
        if self.strategy == "uniform":
            return rng.integers(len(self.graph.occupations), size=len(jobs))
        category = self._category[jobs]
        first = np.cumsum(self._category_sizes) - self._category_sizes
        peers = first[category] + rng.integers(self._category_sizes[category])
        return np.asarray(self._by_category[peers])

    def _contexts(self, block: ContextBlock, places: range, seed: int) -> Iterator[Context]:
        occupations, skills = self._occupations, self._named_skills
        drawn, indptr = block.skills.tolist(), block.indptr.tolist()
        starts, ends, jobs = (a.tolist() for a in (block.occupations, block.last_years, block.jobs))
        years, spelling = block.years.tolist(), block.spelling.tolist()
        for k in places:
            end, career = ends[k], []
            for job, n_years, draw in zip(jobs[k], years[k], spelling[k], strict=True):
                if job < 0:
                    break
                career.append(Experience(self._title(job, draw), end - n_years, end))
                end -= n_years
            yield Context(
                id=f"{seed}-{block.start + k:06d}",
                seed=seed,
                occupation=occupations[starts[k]],
                skills=tuple(skills[j] for j in drawn[indptr[k] : indptr[k + 1]]),
                experiences=tuple(career),
            )

    def _title(self, job: int, draw: float) -> str:
        """A title as resumes write it: mostly the job title, sometimes the SOC's, or an alias."""
        occupation = self._occupations[job]
        if draw < _AS_TITLE:
            return occupation.title
        if draw < _AS_ALIAS and (aliases := occupation.aliases):
            return aliases[int((draw - _AS_TITLE) / (_AS_ALIAS - _AS_TITLE) * len(aliases))]
        return occupation.job_title


def _with_few_aliases(records: tuple[Record, ...]) -> tuple[Record, ...]:
    return tuple(
        replace(r, aliases=r.aliases[:MAX_ALIASES]) if len(r.aliases) > MAX_ALIASES else r
        for r in records
    )


def _any_skills(
    n_skills: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Different skills for each context of a block, any of them: (skills, contexts)."""
    most = SKILL_COUNTS[1]
    if n_skills <= 4 * most:
        drawn = np.argsort(rng.random((BLOCK, n_skills)), axis=1)[:, :most]
        return drawn.ravel(), np.repeat(np.arange(BLOCK), drawn.shape[1])
    # Of so many draws enough differ; the first of each stays.
    drawn = rng.integers(n_skills, size=(BLOCK, 3 * most))
    order = np.argsort(drawn, axis=1, kind="stable")
    by_value = np.take_along_axis(drawn, order, axis=1)
    first = np.ones_like(drawn, dtype=bool)
    np.put_along_axis(first, order[:, 1:], by_value[:, 1:] != by_value[:, :-1], axis=1)
    owners, places = np.nonzero(first)
    return drawn[owners, places], owners
