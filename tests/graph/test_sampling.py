"""Contexts: the same for the same seed, in any order, and of the measured shape."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.errors import GraphError
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sampling import (
    LATEST_END,
    N_EXPERIENCES,
    STRATEGIES,
    YEARS_EACH,
    ContextSampler,
    Strategy,
)
from hrdistill.records import Context


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_same_seed_gives_the_same_contexts_in_any_order(
    graph: SkillOccupationGraph, strategy: Strategy
) -> None:
    first = list(ContextSampler(graph, strategy=strategy).sample_many(30, seed=4))
    sampler = ContextSampler(graph, strategy=strategy)
    backwards = [sampler.sample(seed=4, index=k) for k in reversed(range(30))]
    assert backwards[::-1] == first
    assert list(sampler.sample_many(5, seed=4, start=20)) == first[20:25]
    assert list(sampler.sample_many(30, seed=5)) != first


@given(st.integers(0, 2**32), st.integers(0, 10**6))
def test_a_context_is_sound(graph: SkillOccupationGraph, seed: int, index: int) -> None:
    context = ContextSampler(graph).sample(seed=seed, index=index)
    assert context.id == f"{seed}-{index:06d}"
    assert context.seed == seed
    known = {skill for skill, _ in graph.skills_of(context.occupation.id)}
    assert 3 <= len(context.skills) <= 14
    assert len(set(context.skills)) == len(context.skills)
    assert set(context.skills) <= known
    assert 1 <= len(context.experiences) <= len(N_EXPERIENCES)
    assert LATEST_END[0] <= context.experiences[0].end_year <= LATEST_END[1]
    for job in context.experiences:
        assert YEARS_EACH[0] <= job.years <= YEARS_EACH[1]
        assert job.title in _titles(graph)
    for later, earlier in pairwise(context.experiences):
        assert earlier.end_year == later.start_year


def _titles(graph: SkillOccupationGraph) -> set[str]:
    return {t for o in graph.occupations for t in (o.title, *o.aliases)}


def _owner(graph: SkillOccupationGraph, title: str) -> str:
    return next(o.id for o in graph.occupations if title in (o.title, *o.aliases))


def test_the_latest_job_is_the_occupation_and_earlier_ones_share_a_skill_with_the_next(
    graph: SkillOccupationGraph,
) -> None:
    for context in ContextSampler(graph).sample_many(300, seed=1):
        jobs = [_owner(graph, job.title) for job in context.experiences]
        assert jobs[0] == context.occupation.id
        assert len(set(jobs)) == len(jobs)
        for later, earlier in pairwise(jobs):
            skills = [{s.id for s, _ in graph.skills_of(job)} for job in (later, earlier)]
            assert skills[0] & skills[1]


def test_occupation_strategy_stays_in_the_category(graph: SkillOccupationGraph) -> None:
    category = {o.id: o.category for o in graph.occupations}
    crossed = {"occupation": False, "walk": False, "uniform": False}
    for strategy in STRATEGIES:
        for context in ContextSampler(graph, strategy=strategy).sample_many(200, seed=1):
            found = {category[_owner(graph, job.title)] for job in context.experiences}
            crossed[strategy] |= len(found) > 1
    assert crossed == {"occupation": False, "walk": True, "uniform": True}


def test_uniform_ignores_the_edges(graph: SkillOccupationGraph) -> None:
    strange = 0
    for context in ContextSampler(graph, strategy="uniform").sample_many(50, seed=1):
        known = {skill for skill, _ in graph.skills_of(context.occupation.id)}
        strange += not set(context.skills) <= known
    assert strange > 25


def test_heavier_skills_are_drawn_more_often(graph: SkillOccupationGraph) -> None:
    counts = {"Java": 0, "C#": 0}
    n_developers = 0
    for context in ContextSampler(graph).sample_many(2000, seed=2):
        if context.occupation.title == "Java Developer":
            n_developers += 1
            for skill in context.skills:
                if skill.name in counts:
                    counts[skill.name] += 1
    assert n_developers > 150  # an eighth of 2,000 is 250
    assert counts["Java"] > 1.5 * counts["C#"] > 0


def test_occupations_and_years_are_uniform(graph: SkillOccupationGraph) -> None:
    contexts: list[Context] = list(ContextSampler(graph).sample_many(4000, seed=3))
    share = [sum(c.occupation == o for c in contexts) / 4000 for o in graph.occupations]
    assert share == pytest.approx([1 / 8] * 8, abs=0.025)
    latest = [c.experiences[0] for c in contexts]
    lengths = [sum(job.years == years for job in latest) / 4000 for years in range(1, 6)]
    assert lengths == pytest.approx([0.2] * 5, abs=0.03)
    ends = [sum(job.end_year == y for job in latest) / 4000 for y in range(2015, 2026)]
    assert ends == pytest.approx([1 / 11] * 11, abs=0.025)


def test_one_occupation_alone_has_careers_of_one_job(graph: SkillOccupationGraph) -> None:
    only = SkillOccupationGraph(
        graph.occupations[:1], graph.skills[:14], [(0, j, 1.0) for j in range(14)]
    )
    for strategy in STRATEGIES:
        for context in ContextSampler(only, strategy=strategy).sample_many(20, seed=1):
            assert len(context.experiences) == 1


def test_a_graph_with_few_skills(graph: SkillOccupationGraph) -> None:
    few = SkillOccupationGraph(graph.occupations, graph.skills[:2], [(0, 0, 1.0), (3, 1, 0.6)])
    for strategy in STRATEGIES:
        for context in ContextSampler(few, strategy=strategy).sample_many(30, seed=1):
            assert 1 <= len(context.skills) <= 2


@pytest.mark.parametrize("strategy", ["walk", "occupation"])
def test_an_occupation_without_skills_is_sampled_around(
    graph: SkillOccupationGraph, strategy: Strategy
) -> None:
    # Its place at the end and in the middle is where a row without edges has no weights of its own.
    some = SkillOccupationGraph(
        graph.occupations, graph.skills, [(i, j, 1.0) for i in (1, 4) for j in range(i, i + 6)]
    )
    drawn = {
        context.occupation
        for context in ContextSampler(some, strategy=strategy).sample_many(60, seed=1)
    }
    assert drawn == {graph.occupations[1], graph.occupations[4]}


def test_a_graph_without_edges(graph: SkillOccupationGraph) -> None:
    bare = SkillOccupationGraph(graph.occupations, graph.skills, [])
    for strategy in ("walk", "occupation"):
        with pytest.raises(GraphError, match="found 8 occupations without a skill; give them"):
            ContextSampler(bare, strategy=strategy)
    (context,) = ContextSampler(bare, strategy="uniform").sample_many(1, seed=1)
    assert context.skills


def test_an_unknown_strategy(graph: SkillOccupationGraph) -> None:
    with pytest.raises(ValueError, match=r"expected one of .*'walk'.* found 'jump'"):
        ContextSampler(graph, strategy="jump")  # type: ignore[arg-type]
