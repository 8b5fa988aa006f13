"""How many skills and jobs a context gets: distributions tilted to a mean, means out of a graph."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.errors import GraphError
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.guide import JOB_PRIOR, SKILL_COUNTS, SKILL_PRIOR, Guide, tilted
from hrdistill.records import Occupation, Skill

MEAN_SKILLS, MEAN_JOBS = 6.5, 2.44  # 975 / 150, and .27 + .62 + .63 + .52 + .40

PRIORS = st.lists(st.floats(0.01, 1.0), min_size=2, max_size=14).map(
    lambda shares: np.array(shares) / sum(shares)
)


def test_priors_are_shares_of_every_count() -> None:
    for prior in (SKILL_PRIOR, JOB_PRIOR):
        assert prior.sum() == pytest.approx(1)
        assert (prior > 0).all()
    assert len(SKILL_PRIOR) == SKILL_COUNTS[1] - SKILL_COUNTS[0] + 1


def test_tilt_by_hand() -> None:
    # Of two counts the mean alone says it all: 1.75 is a quarter of ones and three of twos.
    shares = tilted(np.array([0.5, 0.5]), 1, np.array([1.75, 1.5, 1.25]))
    assert shares == pytest.approx(np.array([[0.25, 0.75], [0.5, 0.5], [0.75, 0.25]]), abs=1e-5)


@given(PRIORS, st.integers(0, 5), st.lists(st.floats(-1.4, 1.4), min_size=1, max_size=4))
def test_a_reachable_mean_is_met_by_the_nearest_distribution(
    prior: np.ndarray, least: int, tilts: list[float]
) -> None:
    counts = least + np.arange(len(prior))
    expected = prior * np.exp(np.outer(tilts, counts))
    expected /= expected.sum(axis=1, keepdims=True)
    shares = tilted(prior, least, expected @ counts)
    assert shares.shape == (len(tilts), len(prior))
    assert shares.sum(axis=1) == pytest.approx(np.ones(len(tilts)))
    assert shares @ counts == pytest.approx(expected @ counts, abs=1e-4)
    assert shares == pytest.approx(expected, abs=1e-4)


@given(PRIORS, st.floats(-100, 100))
def test_an_extreme_mean_leaves_some_of_every_count(prior: np.ndarray, mean: float) -> None:
    counts = np.arange(len(prior))
    low, here, high = tilted(prior, 0, np.array([-100.0, mean, 100.0]))
    assert here.sum() == pytest.approx(1)
    assert (here > 0).all()
    assert low @ counts <= here @ counts + 1e-6
    assert here @ counts <= high @ counts + 1e-6
    assert low @ counts < prior @ counts < high @ counts


def test_the_mean_of_the_prior_leaves_it_as_it_is() -> None:
    guide = Guide(np.array([MEAN_SKILLS]), np.array([MEAN_JOBS]))
    assert guide.skill_shares[0] == pytest.approx(SKILL_PRIOR, abs=1e-5)
    assert guide.job_shares[0] == pytest.approx(JOB_PRIOR, abs=1e-5)


def test_means_out_of_a_graph_by_hand() -> None:
    occupations = [Occupation(x, x.upper(), None, "x") for x in "abc"]
    skills = [Skill(x, x.upper(), "soft") for x in "stu"]
    graph = SkillOccupationGraph(
        occupations, skills, [(0, 0, 1.0), (1, 0, 1.0), (1, 1, 1.0), (1, 2, 1.0)]
    )
    guide = Guide.from_statistics(graph, np.array([2.0, 0.0, 6.0]))
    # Masses 1 and 3 have the mean 2, neighbours 2 and 6 the mean 4; halfway towards 1 that is
    # 0.75 and 1.25. What has none of either goes by the prior.
    assert guide.mean_skills == pytest.approx(MEAN_SKILLS * np.array([0.75, 1.25, 1.0]))
    assert guide.mean_jobs == pytest.approx(MEAN_JOBS * np.array([0.75, 1.0, 1.25]))


def test_a_graph_without_edges_goes_by_the_priors(graph: SkillOccupationGraph) -> None:
    bare = SkillOccupationGraph(graph.occupations, graph.skills, [])
    guide = Guide.from_statistics(bare, np.zeros(8))
    assert guide.mean_skills == pytest.approx(np.full(8, MEAN_SKILLS))
    assert guide.mean_jobs == pytest.approx(np.full(8, MEAN_JOBS))


def test_estimates_stand_in_the_order_of_the_graph(graph: SkillOccupationGraph) -> None:
    guide = Guide.from_estimates(graph, lambda o: (len(o.title), len(o.category) / 4))
    assert guide.mean_skills.tolist() == [len(o.title) for o in graph.occupations]
    assert guide.mean_jobs.tolist() == [len(o.category) / 4 for o in graph.occupations]


@pytest.mark.parametrize(
    "estimate", [(0.0, 2.0), (6.0, -1.0), (float("nan"), 2.0), (6.0,), (6.0, 2.0, 1.0), ()]
)
def test_an_estimate_that_is_none(graph: SkillOccupationGraph, estimate: tuple[float, ...]) -> None:
    def estimated(occupation: Occupation) -> tuple[float, ...]:
        return estimate if occupation.title == "Bakers" else (6.0, 2.0)

    with pytest.raises(GraphError, match=r"two numbers above 0 .* for 'Bakers', found \("):
        Guide.from_estimates(graph, estimated)  # type: ignore[arg-type]


def test_draws_follow_the_shares_of_their_occupation() -> None:
    guide = Guide(np.array([4.0, 11.0]), np.array([3.5, 1.5]))
    rng = np.random.default_rng(1)
    occupations = np.tile([1, 0], 20_000)
    skills, jobs = guide.draw_skills(occupations, rng), guide.draw_jobs(occupations, rng)
    assert skills.shape == jobs.shape == occupations.shape
    for i in (0, 1):
        drawn = np.bincount(skills[occupations == i] - 3, minlength=12) / 20_000
        assert drawn == pytest.approx(guide.skill_shares[i], abs=0.015)
        drawn = np.bincount(jobs[occupations == i] - 1, minlength=5) / 20_000
        assert drawn == pytest.approx(guide.job_shares[i], abs=0.015)
        assert skills[occupations == i].mean() == pytest.approx(guide.mean_skills[i], abs=0.1)
        assert jobs[occupations == i].mean() == pytest.approx(guide.mean_jobs[i], abs=0.05)
