"""Which edges the evidence bears out, and how heavy they become.

The measure is lift, exp(pointwise mutual information): how many times oftener an occupation asks
for a skill than it would if all occupations asked alike. A skill that everybody asks for alike
("reading comprehension") tells nothing of a trade. This is our open stand-in for the proprietary
statistics that RJDB was filtered by.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hrdistill.graph.curation.report import Tally
from hrdistill.graph.sources.base import Source

_UNSEEN = 2.0
"""Postings added to those of an occupation that did not ask, so that few do not count for much."""


@dataclass(frozen=True)
class EdgeTable:
    """Edges of one source between merged records.

    Attributes:
        occupations, skills: indices of the two ends, shape (n_edges,), sorted by both.
        values: importance in (0, 1], or a number of postings; same shape.
        n_postings: postings of each merged occupation, shape (n_occupations,); None where
            values are importances.
    """

    occupations: NDArray[np.int64]
    skills: NDArray[np.int64]
    values: NDArray[np.float64]
    n_postings: NDArray[np.float64] | None


def pool(
    source: Source,
    occupation_places: tuple[int, ...],
    skill_places: tuple[int, ...],
    *,
    n_occupations: int,
    n_skills: int,
) -> EdgeTable:
    """A source's edges between merged records: counts are added up, the highest importance stays.

    Args:
        source: whose edges.
        occupation_places: index after merging of each of its occupations.
        skill_places: the same of its skills.
        n_occupations: merged occupations there are.
        n_skills: merged skills there are.
    """
    table = np.array(source.edges, dtype=np.float64).reshape(-1, 3)
    rows = np.array(occupation_places, dtype=np.int64)[table[:, 0].astype(np.int64)]
    columns = np.array(skill_places, dtype=np.int64)[table[:, 1].astype(np.int64)]
    pairs, inverse = np.unique(rows * n_skills + columns, return_inverse=True)
    values = np.zeros(len(pairs))
    if source.n_postings is None:
        np.maximum.at(values, inverse, table[:, 2])
        return EdgeTable(pairs // n_skills, pairs % n_skills, values, None)
    n_postings = np.zeros(n_occupations)
    np.add.at(n_postings, np.array(occupation_places), np.array(source.n_postings, dtype=float))
    np.add.at(values, inverse, table[:, 2])
    # A posting that spells one skill in two ways was counted twice.
    values = np.minimum(values, n_postings[pairs // n_skills])
    return EdgeTable(pairs // n_skills, pairs % n_skills, values, n_postings)


def lift(table: EdgeTable, *, n_occupations: int, n_skills: int) -> NDArray[np.float64]:
    """How many times oftener than chance each edge stands; shape (n_edges,), 1 is chance.

    value(o, s) * total / (total of o * total of s), where the totals are of postings if the
    table counts them, else of importance.
    """
    of_skill = np.bincount(table.skills, table.values, minlength=n_skills)
    of_occupation = table.n_postings
    if of_occupation is None:
        of_occupation = np.zeros(n_occupations)
        np.add.at(of_occupation, table.occupations, table.values)
    total = of_occupation.sum()
    expected = of_occupation[table.occupations] * of_skill[table.skills] / max(total, 1e-12)
    return np.asarray(table.values / expected)


def keep(
    table: EdgeTable,
    names: tuple[list[str], list[str]],
    *,
    min_support: int,
    min_lift: float,
    tally: Tally,
) -> EdgeTable:
    """The edges with enough support, in postings where those are counted, and enough lift.

    Args:
        table: edges of one source.
        names: of the merged occupations and skills, for examples.
        min_support: postings that must join the two; says nothing of importances.
        min_lift: lift from which an edge is kept.
        tally: counts what is dropped.
    """
    occupations, skills = names
    lifts = lift(table, n_occupations=len(occupations), n_skills=len(skills))
    rare = table.values < min_support if table.n_postings is not None else lifts < 0
    # Rounding may put an edge at chance itself a hair below it.
    common = ~rare & (lifts < min_lift * (1 - 1e-9))
    for reason, dropped in (
        (f"fewer than {min_support} postings", rare),
        (f"lift below {min_lift:g}", common),
    ):
        for i, j in zip(table.occupations[dropped], table.skills[dropped], strict=True):
            tally.drop(reason, f"{occupations[i]} | {skills[j]}")
    kept = ~rare & ~common
    return EdgeTable(
        table.occupations[kept], table.skills[kept], table.values[kept], table.n_postings
    )


def weights(table: EdgeTable) -> NDArray[np.float64]:
    """What each edge of a source weighs, in (0, 1]: its importance, or its share of postings."""
    if table.n_postings is None:
        return table.values
    return np.asarray(table.values / (table.n_postings[table.occupations] + _UNSEEN))
