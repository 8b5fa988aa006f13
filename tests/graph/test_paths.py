"""Ways over shared skills, and what is near."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from hrdistill.errors import GraphError
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.paths import STEP_COST, nearest_occupations, related_skills, shortest_path
from hrdistill.records import Occupation, Skill


def test_shortest_path_gains_what_no_earlier_occupation_asked_for(
    graph: SkillOccupationGraph,
) -> None:
    steps = shortest_path(graph, "staff nurse", "java developer")
    assert steps[0].occupation.title == "Registered Nurses"
    assert steps[-1].occupation.title == "Java Developer"
    held = {skill.name for skill, _ in graph.skills_of("Registered Nurses")}
    for before, step in pairwise(steps):
        own = {skill.name for skill, _ in graph.skills_of(step.occupation.id)}
        former = {skill.name for skill, _ in graph.skills_of(before.occupation.id)}
        assert {skill.name for skill in step.shared} == own & former != set()
        assert {skill.name for skill, _ in step.gained} == own - held
        weights = [weight for _, weight in step.gained]
        assert weights == sorted(weights, reverse=True)
        assert 0 < step.similarity <= 1
        held |= own


def test_shortest_path_takes_two_near_steps_before_one_far() -> None:
    # A-B and B-C share half of their skills, A-C nothing but one light skill.
    occupations = [Occupation(x, x, None, "none") for x in ("alpha", "beta", "gamma", "island")]
    skills = [Skill(f"s{n}", f"skill {n}", "ability") for n in range(6)]
    edges = [(0, 0, 1.0), (0, 1, 1.0), (1, 1, 1.0), (1, 2, 1.0), (2, 2, 1.0), (2, 3, 1.0),
             (0, 4, 0.1), (2, 4, 0.1), (3, 5, 1.0)]  # fmt: skip
    small = SkillOccupationGraph(occupations, skills, edges)
    steps = shortest_path(small, "alpha", "gamma")
    assert [step.occupation.id for step in steps] == ["alpha", "beta", "gamma"]
    assert [skill.id for skill, _ in steps[1].gained] == ["s2"]
    assert steps[1].similarity == pytest.approx(1 / (2.01 * 2) ** 0.5)
    assert [o.id for o, _ in nearest_occupations(small, "alpha")] == ["beta", "gamma"]
    assert nearest_occupations(small, "island") == []


@given(st.data())
def test_no_way_is_cheaper(data: st.DataObject) -> None:
    n, m = data.draw(st.integers(2, 9)), data.draw(st.integers(1, 8))
    ends = st.tuples(st.integers(0, n - 1), st.integers(0, m - 1))
    weights = data.draw(st.dictionaries(ends, st.sampled_from([0.1, 0.3, 1.0]), min_size=1))
    small = SkillOccupationGraph(
        [Occupation(f"o{i}", f"title {i}", None, "none") for i in range(n)],
        [Skill(f"s{j}", f"name {j}", "ability") for j in range(m)],
        [(i, j, weight) for (i, j), weight in weights.items()],
    )
    table = small.weights.toarray().astype(float)
    rows = table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-12)
    with np.errstate(divide="ignore"):
        costs = STEP_COST - np.log(np.minimum(rows @ rows.T, 1.0))
    expected = dijkstra(np.where(np.isfinite(costs), costs, 0.0))
    for start in range(n):
        for goal in range(n):
            if np.isinf(expected[start, goal]):
                with pytest.raises(GraphError, match="no chain of shared skills"):
                    shortest_path(small, f"o{start}", f"o{goal}")
                continue
            steps = shortest_path(small, f"o{start}", f"o{goal}")
            cost = sum(STEP_COST - np.log(step.similarity) for step in steps[1:])
            assert cost == pytest.approx(expected[start, goal])


def test_related_skills_are_those_of_the_same_occupations() -> None:
    # Columns: x (1, .5), y (0, 1), z (1, 0), lonely (0, 0).
    small = SkillOccupationGraph(
        [Occupation("a", "a", None, "none"), Occupation("b", "b", None, "none")],
        [Skill(name, name, "ability") for name in ("x", "y", "z", "lonely")],
        [(0, 0, 1.0), (1, 0, 0.5), (1, 1, 1.0), (0, 2, 1.0)],
    )
    assert [(skill.id, alike) for skill, alike in related_skills(small, "X")] == [
        ("z", pytest.approx(1 / 1.25**0.5)), ("y", pytest.approx(0.5 / 1.25**0.5))
    ]  # fmt: skip
    assert [skill.id for skill, _ in related_skills(small, "x", n=1)] == ["z"]
    assert related_skills(small, "lonely") == []
    with pytest.raises(GraphError, match="no skill 'nothing'"):
        related_skills(small, "nothing")
