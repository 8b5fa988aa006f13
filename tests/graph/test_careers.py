"""Where careers come from: chances by hand, and what holds of every graph."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.graph.careers import N_NEIGHBOURS, Careers, seniority
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.records import Occupation, Skill


def graph_of(edges: list[tuple[int, int, float]], titles: list[str]) -> SkillOccupationGraph:
    occupations = [Occupation(f"o{i}", title, None, "x") for i, title in enumerate(titles)]
    n_skills = max((j for _, j, _ in edges), default=0) + 1
    return SkillOccupationGraph(
        occupations, [Skill(f"s{j}", f"S{j}", "soft") for j in range(n_skills)], edges
    )


def chances(careers: Careers, occupation: int) -> dict[int, float]:
    """Chances of coming from each neighbour of one occupation."""
    first, last = careers.indptr[occupation], careers.indptr[occupation + 1]
    shares = np.diff(careers.cumulative, prepend=0.0)[first:last]
    return dict(zip(careers.neighbours[first:last].tolist(), shares.tolist(), strict=True))


def test_chances_by_hand() -> None:
    graph = graph_of(
        [(0, 0, 1.0), (0, 1, 1.0), (1, 0, 1.0), (2, 1, 1.0), (3, 1, 1.0)], list("ABCD")
    )
    careers = Careers(graph)
    # Inverse document frequencies log(5 / 2) and log(5 / 3); the cosine of A and B is x over the
    # root of x + y, where x and y are their squares, and the chance goes by its square.
    x, y = log(5 / 2) ** 2, log(5 / 3) ** 2
    assert chances(careers, 0) == pytest.approx(
        {1: x / (x + 2 * y), 2: y / (x + 2 * y), 3: y / (x + 2 * y)}
    )
    assert chances(careers, 1) == pytest.approx({0: 1.0})
    like_a = y / (x + y)
    assert chances(careers, 2) == pytest.approx({0: like_a / (like_a + 1), 3: 1 / (like_a + 1)})


def test_less_senior_jobs_come_first() -> None:
    titles = ["Cook", "Senior Cook", "Junior Cook"]  # levels 2, 3 and 1
    careers = Careers(graph_of([(i, 0, 1.0) for i in range(3)], titles))
    # All as near: what counts is how far the earlier job stands above the later one.
    assert chances(careers, 1) == pytest.approx({0: 1 / 2, 2: 1 / 2})
    assert chances(careers, 0) == pytest.approx({1: 0.35 / 1.35, 2: 1 / 1.35})
    assert chances(careers, 2) == pytest.approx({0: 0.35 / (0.35 + 0.35**2), 1: 0.35 / 1.35})
    rng = np.random.default_rng(1)
    up = (careers.earlier(np.full(4000, 1), rng) == 2).mean()
    down = (careers.earlier(np.full(4000, 2), rng) == 1).mean()
    assert up == pytest.approx(1 / 2, abs=0.03)
    assert down == pytest.approx(0.35 / 1.35, abs=0.03)


def test_effective_number_of_neighbours_by_hand() -> None:
    careers = Careers(graph_of([(i, 0, 1.0) for i in range(5)], ["Cook"] * 5))
    assert careers.n_effective == pytest.approx(np.full(5, 4.0))
    careers = Careers(graph_of([(0, 0, 1.0), (1, 0, 1.0), (2, 1, 1.0)], list("ABC")))
    assert careers.n_effective == pytest.approx(np.array([1.0, 1.0, 0.0]))


def test_only_the_nearest_are_neighbours() -> None:
    n = N_NEIGHBOURS + 10
    # The nearer, the more of the rare skill that all but the last share with the first.
    edges = [(0, 0, 1.0), *((i, 0, 1 - i / 100) for i in range(1, n))]
    edges += [(i, i, i / 100) for i in range(1, n)]
    careers = Careers(graph_of(edges, ["Cook"] * n))
    found = chances(careers, 0)
    assert sorted(found) == list(range(1, N_NEIGHBOURS + 1))
    assert [found[i] for i in sorted(found)] == sorted(found.values(), reverse=True)


def test_pairs_find_each_other_in_a_graph_of_more_than_one_chunk() -> None:
    n = 1200
    careers = Careers(graph_of([(i, i // 2, 1.0) for i in range(n)], ["Cook"] * n))
    jobs = np.arange(n)
    assert careers.earlier(jobs, np.random.default_rng(1)).tolist() == (jobs ^ 1).tolist()


def test_chances_sum_to_1_where_only_what_everybody_knows_is_shared() -> None:
    n = 200
    edges = [edge for i in range(n) for edge in ((i, 0, 0.01), (i, i + 1, 1.0))]
    careers = Careers(graph_of(edges, ["Cook"] * n))
    # Cosines near 1e-10: their squares are small, their shares are not.
    assert sum(chances(careers, 5).values()) == pytest.approx(1)
    assert careers.n_effective == pytest.approx(np.full(n, N_NEIGHBOURS))
    drawn = careers.earlier(np.full(2000, n - 1), np.random.default_rng(1))
    assert len(set(drawn.tolist())) == N_NEIGHBOURS


EDGES = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 5), st.floats(0.01, 1.0)), min_size=1, max_size=40
)
TITLES = ["Intern", "Junior Cook", "Cook", "Cook", "Nurse", "Nurse", "Senior Nurse", "Nurse",
          "Ward Manager", "Director", "Chief Nurse", "Baker"]  # fmt: skip


@given(EDGES, st.integers(0, 1000))
def test_rows_of_chances_in_every_graph(edges: list[tuple[int, int, float]], seed: int) -> None:
    graph = graph_of(edges, TITLES)
    careers = Careers(graph)
    held = [set(graph.edges[1][graph.edges[0] == i].tolist()) for i in range(len(TITLES))]
    jobs = np.arange(len(TITLES))
    drawn = careers.earlier(jobs, np.random.default_rng(seed))
    for i in jobs:
        found = chances(careers, i)
        assert set(found) == {j for j in jobs if j != i and held[i] & held[j]}
        assert sum(found.values()) == pytest.approx(1 if found else 0)
        assert all(chance > 0 for chance in found.values())
        assert careers.n_effective[i] <= len(found) + 1e-9
        assert drawn[i] in (found or {i})


def test_draws_follow_the_chances(graph: SkillOccupationGraph) -> None:
    careers = Careers(graph)
    rng = np.random.default_rng(3)
    for occupation in range(8):
        drawn = careers.earlier(np.full(5000, occupation), rng)
        shares = {i: float((drawn == i).mean()) for i in set(drawn.tolist())}
        expected = chances(careers, occupation)
        assert shares == pytest.approx({i: expected[i] for i in shares}, abs=0.03)
        assert sum(expected[i] for i in shares) == pytest.approx(1, abs=0.01)


def test_a_graph_without_edges_leads_nowhere(graph: SkillOccupationGraph) -> None:
    careers = Careers(SkillOccupationGraph(graph.occupations, graph.skills, []))
    assert careers.n_effective.tolist() == [0.0] * 8
    jobs = np.array([3, 0, 7])
    assert careers.earlier(jobs, np.random.default_rng(1)).tolist() == [3, 0, 7]


@pytest.mark.parametrize(
    ("title", "soc_code", "level"),
    [
        ("Baker", None, 2),
        ("Trainee Baker", None, 0),
        ("Roofing Intern", None, 0),
        ("JUNIOR Developer", None, 1),
        ("Senior Developer", None, 3),
        ("Sr. Developer", None, 3),
        ("Developer (Senior)", None, 3),
        ("Developer, Lead/Principal", None, 4),
        ("Helpers--Carpenters", None, 0),
        ("Assistant Manager", None, 4),  # what says more than usual goes before what says less
        ("Junior Associate", None, 1),
        ("Trainee Assistant", None, 0),
        ("Chief Technology Officer", None, 6),
        ("Seniority Clerk", None, 2),
        ("Farmer", "11-9013", 4),  # a manager by its code
        ("Chief Executive", "11-1011", 6),
        ("Manager", "15-1252", 4),
    ],
)
def test_seniority_by_title(title: str, soc_code: str | None, level: int) -> None:
    assert seniority(Occupation("x", title, soc_code, "x")) == level


def test_seniority_goes_by_the_title_of_the_person() -> None:
    occupation = Occupation("51-3011", "Bakers", "51-3011", "x", ("Head Baker", "Trainee Baker"))
    assert seniority(occupation) == 5
