"""Careers: which occupations people come from, and how senior each one is.

Two occupations are near when they share skills, rare ones above all: the cosine of their rows of
weights, each skill weighed by its inverse document frequency. A step back in a career goes to one
of the nearest, and seldom to one that is more senior than the job it leads to.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.records import Occupation
from hrdistill.text.names import folded_words

N_NEIGHBOURS = 20
"""Occupations that a career may come from, the nearest ones."""
_SHARPNESS = 2.0
"""Power of the similarity: the nearest are likelier by more than they are nearer."""
_DEMOTION = 0.35
"""What the chance is multiplied by for each level that an earlier job stands above the later."""
_USUAL_LEVEL = 2
_CHUNK = 512


class Careers:
    """Where careers come from.

    Attributes:
        indptr: rows of the two arrays below, shape (n_occupations + 1,).
        neighbours: indices of the occupations that each may come from.
        cumulative: running sum of their chances, over all rows.
        n_effective: perplexity of each row, shape (n_occupations,): the number of equally
            likely occupations that would be as hard to guess among; 0 where there is none.
    """

    def __init__(self, graph: SkillOccupationGraph) -> None:
        chances = _transitions(graph)
        self.indptr, self.neighbours = chances.indptr.astype(np.int64), chances.indices
        self.cumulative = np.cumsum(chances.data)
        shares = chances.data
        entropy = np.zeros(len(graph.occupations))
        rows = np.repeat(np.arange(len(graph.occupations)), np.diff(self.indptr))
        np.add.at(entropy, rows, -shares * np.log(shares))
        self.n_effective = np.where(np.diff(self.indptr) > 0, np.exp(entropy), 0.0)

    def earlier(self, jobs: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
        """One earlier job of each, drawn by its chance; itself where it has no neighbour."""
        first, last = self.indptr[jobs], self.indptr[jobs + 1]
        if not len(self.cumulative):
            return jobs
        before = np.where(first > 0, self.cumulative[first - 1], 0.0)
        total = np.where(last > first, self.cumulative[last - 1] - before, 0.0)
        target = before + rng.random(len(jobs)) * total
        place = np.clip(np.searchsorted(self.cumulative, target, side="right"), first, last - 1)
        return np.where(last > first, self.neighbours[np.maximum(place, 0)], jobs)


def seniority(occupation: Occupation) -> int:
    """How senior a job is by its title: 0 (trainee) to 6 (executive); 2 where nothing tells."""
    levels = _levels()
    words = folded_words(occupation.job_title).split()
    told = [levels[word] for word in words if word in levels]
    level = max(told) if told and max(told) > _USUAL_LEVEL else min(told, default=_USUAL_LEVEL)
    return max(level, 4) if (occupation.soc_code or "").startswith("11-") else level


@lru_cache(maxsize=1)
def _levels() -> dict[str, int]:
    table = resources.files("hrdistill.graph").joinpath("seniority.tsv").read_text("utf-8")
    return {word: int(level) for word, level in (r.split("\t") for r in table.splitlines()[1:])}


def _transitions(graph: SkillOccupationGraph) -> csr_array:
    """Chances of coming from each neighbour: rows of a square array, each summing to 1."""
    n = len(graph.occupations)
    levels = np.array([seniority(occupation) for occupation in graph.occupations])
    rows = _rows_of_rare_skills(graph)
    kept: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []
    for start in range(0, n, _CHUNK):
        stop = min(start + _CHUNK, n)
        likeness = (rows[start:stop] @ rows.T).toarray()
        likeness[np.arange(stop - start), np.arange(start, stop)] = 0.0
        climbed = np.maximum(levels[None, :] - levels[start:stop, None], 0)
        chance = likeness**_SHARPNESS * _DEMOTION**climbed
        nearest = np.argsort(-chance, axis=1, kind="stable")[:, :N_NEIGHBOURS]
        values = np.take_along_axis(chance, nearest, axis=1)
        row, place = np.nonzero(values)
        total = values.sum(axis=1, keepdims=True)  # tiny where only everybody's skills are shared
        values /= np.where(total > 0, total, 1.0)
        kept.append((row + start, nearest[row, place], values[row, place]))
    rows_, columns, values = (np.concatenate(parts) for parts in zip(*kept, strict=True))
    return csr_array((values, (rows_, columns)), shape=(n, n))


def _rows_of_rare_skills(graph: SkillOccupationGraph) -> csr_array:
    """Unit rows of weights times inverse document frequency: shape (n_occupations, n_skills)."""
    rows, columns, weights = graph.edges
    n_with = np.bincount(columns, minlength=len(graph.skills))
    values = weights * np.log((1 + len(graph.occupations)) / np.maximum(n_with, 1))[columns]
    norms = np.sqrt(np.bincount(rows, values**2, minlength=len(graph.occupations)))
    return csr_array(
        (values / norms[rows], (rows, columns)), shape=(len(graph.occupations), len(graph.skills))
    )
