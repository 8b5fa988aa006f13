"""Edges between merged records, how far above chance they stand, what they weigh."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.graph.curation.filtering import EdgeTable, keep, lift, pool, weights
from hrdistill.graph.curation.report import N_EXAMPLES, Tally
from hrdistill.graph.sources.base import Source
from hrdistill.records import Occupation, Skill

NAMES = (["Baker", "Cook"], ["Baking", "Safety"])


def source(edges: list[tuple[int, int, float]], n: tuple[int, int], **content: Any) -> Source:
    return Source(
        "s",
        tuple(Occupation(f"o{i}", f"O{i}", None, "x") for i in range(n[0])),
        tuple(Skill(f"s{j}", f"S{j}", "soft") for j in range(n[1])),
        tuple(edges),
        **content,
    )


def table(edges: list[tuple[int, int, float]], n_postings: list[float] | None = None) -> EdgeTable:
    rows = np.array(edges, dtype=float).reshape(-1, 3)
    return EdgeTable(
        rows[:, 0].astype(int), rows[:, 1].astype(int), rows[:, 2],
        None if n_postings is None else np.array(n_postings),
    )  # fmt: skip


def listed(edges: EdgeTable) -> list[tuple[int, int, float]]:
    columns = (edges.occupations.tolist(), edges.skills.tolist(), edges.values.tolist())
    return list(zip(*columns, strict=True))


def test_of_merged_importances_the_highest_stays() -> None:
    # Both occupations became number 2, skills 0 and 1 number 3; edges come sorted.
    edges = [(1, 2, 0.7), (0, 0, 0.4), (1, 1, 0.9), (0, 1, 0.6)]
    pooled = pool(source(edges, (2, 3)), (2, 2), (3, 3, 0), n_occupations=3, n_skills=4)
    assert listed(pooled) == [(2, 0, 0.7), (2, 3, 0.9)]
    assert pooled.n_postings is None


def test_of_merged_postings_the_sum() -> None:
    edges = [(0, 0, 3), (1, 0, 4), (2, 0, 1), (0, 1, 2)]
    posted = source(edges, (3, 2), n_postings=(10, 20, 5))
    pooled = pool(posted, (1, 1, 0), (0, 1), n_occupations=4, n_skills=2)
    assert listed(pooled) == [(0, 0, 1.0), (1, 0, 7.0), (1, 1, 2.0)]
    assert pooled.n_postings is not None
    assert pooled.n_postings.tolist() == [5.0, 30.0, 0.0, 0.0]


def test_a_posting_that_spells_a_skill_twice_counts_once() -> None:
    edges = [(0, 0, 8), (0, 1, 7)]
    pooled = pool(
        source(edges, (1, 2), n_postings=(10,)), (0,), (0, 0), n_occupations=1, n_skills=1
    )  # fmt: skip
    assert listed(pooled) == [(0, 0, 10.0)]


def test_a_source_without_edges() -> None:
    pooled = pool(source([], (2, 0)), (0, 1), (), n_occupations=2, n_skills=5)
    assert listed(pooled) == []
    kept = keep(pooled, NAMES, min_support=1, min_lift=1.0, tally=Tally())
    assert weights(kept).tolist() == []


def test_lift_of_postings_by_hand() -> None:
    # Of 20 postings 10 name skill 0 and 5 name skill 1: 8 * 20 / (10 * 10) and so on. What an
    # occupation asks for is its postings, however many skills each names.
    edges = table([(0, 0, 8), (1, 0, 2), (1, 1, 5)], [10, 10])
    assert lift(edges, n_occupations=2, n_skills=2) == pytest.approx(np.array([1.6, 0.4, 2.0]))


def test_lift_of_importances_by_hand() -> None:
    # Sums of 1.5 and 0.5 both ways, 2 in all: 1 * 2 / (1.5 * 1.5), 0.5 * 2 / (1.5 * 0.5), ...
    edges = table([(0, 0, 1.0), (0, 1, 0.5), (1, 0, 0.5)])
    assert lift(edges, n_occupations=2, n_skills=2) == pytest.approx(
        np.array([8 / 9, 4 / 3, 4 / 3])
    )


def test_what_is_dropped_is_counted_by_reason() -> None:
    edges = table([(0, 0, 8), (0, 1, 1), (1, 0, 2), (1, 1, 5)], [10, 10])
    tally = Tally()
    kept = keep(edges, NAMES, min_support=2, min_lift=1.0, tally=tally)
    assert listed(kept) == [(0, 0, 8.0), (1, 1, 5.0)]
    assert kept.n_postings is edges.n_postings
    # The rare one stands seldomer than chance, too: it is counted once.
    assert tally.dropped == {"fewer than 2 postings": 1, "lift below 1": 1}
    assert tally.examples == {
        "fewer than 2 postings": ["Baker | Safety"],
        "lift below 1": ["Cook | Baking"],
    }


def test_support_says_nothing_of_importances() -> None:
    edges = table([(0, 0, 0.5), (1, 1, 0.5)])
    kept = keep(edges, NAMES, min_support=99, min_lift=1.0, tally=Tally())
    assert listed(kept) == listed(edges)


@pytest.mark.parametrize(
    ("min_lift", "expected"), [(1.6, [8.0, 5.0]), (1.7, [5.0]), (0.0, [8, 2, 5])]
)
def test_the_threshold_itself_is_enough(min_lift: float, expected: list[float]) -> None:
    edges = table([(0, 0, 8), (1, 0, 2), (1, 1, 5)], [10, 10])
    kept = keep(edges, NAMES, min_support=0, min_lift=min_lift, tally=Tally())
    assert kept.values.tolist() == expected


@given(st.lists(st.floats(0.01, 1.0), min_size=1, max_size=40), st.integers(1, 4))
def test_rounding_drops_no_edge_that_stands_at_chance(values: list[float], n: int) -> None:
    # All occupations ask alike, so that every lift is 1 but for the last digit.
    edges = table([(i, j, value) for i in range(n) for j, value in enumerate(values)])
    names = ([f"o{i}" for i in range(n)], [f"s{j}" for j in range(len(values))])
    kept = keep(edges, names, min_support=1, min_lift=1.0, tally=Tally())
    assert len(kept.values) == n * len(values)


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 20), min_size=1
    )
)  # fmt: skip
def test_what_is_drawn_by_chance_has_a_mean_lift_of_1(edges: dict[tuple[int, int], int]) -> None:
    counted = table([(i, j, n) for (i, j), n in sorted(edges.items())])
    lifts = lift(counted, n_occupations=5, n_skills=5)
    of_occupation = np.bincount(counted.occupations, counted.values, minlength=5)
    of_skill = np.bincount(counted.skills, counted.values, minlength=5)
    expected = of_occupation[counted.occupations] * of_skill[counted.skills] / of_skill.sum()
    assert (lifts * expected).sum() == pytest.approx(of_skill.sum())
    # Of each skill some occupation asks at least as often as all do.
    assert all(lifts[counted.skills == j].max() >= 1 - 1e-9 for j in set(counted.skills.tolist()))


def test_an_edge_weighs_its_importance_or_its_share_of_postings() -> None:
    assert weights(table([(0, 0, 0.3), (1, 0, 1.0)])).tolist() == [0.3, 1.0]
    # Two postings more that did not ask: 8 / 12 and 1 / 3, where 1 of 1 would be certainty.
    found = weights(table([(0, 0, 8), (1, 0, 1)], [10, 1]))
    assert found == pytest.approx(np.array([2 / 3, 1 / 3]))


def test_a_tally_keeps_the_first_examples() -> None:
    tally = Tally()
    for k in range(N_EXAMPLES + 3):
        tally.drop("rare", f"name {k}")
    tally.drop("odd", "name x")
    step = tally.step("filter", "onet", "edges", 7)
    assert (step.name, step.source, step.unit, step.kept) == ("filter", "onet", "edges", 7)
    assert step.dropped == {"rare": N_EXAMPLES + 3, "odd": 1}
    assert step.examples == {
        "rare": tuple(f"name {k}" for k in range(N_EXAMPLES)), "odd": ("name x",)
    }  # fmt: skip
