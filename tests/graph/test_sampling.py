"""Contexts: the same for the same seed, in any order, and of the measured shape."""

from __future__ import annotations

import pickle
from collections import Counter
from itertools import pairwise
from math import ceil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrdistill.errors import GraphError
from hrdistill.graph.balance import Balance, start_shares
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.guide import JOB_PRIOR, SKILL_COUNTS, Guide
from hrdistill.graph.sampling import (
    BLOCK,
    LATEST_END,
    STRATEGIES,
    YEARS_EACH,
    ContextSampler,
    Strategy,
)
from hrdistill.records import Context, Occupation, Skill


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
    assert 1 <= len(context.experiences) <= len(JOB_PRIOR)
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
    # The first skill of a context is its heaviest draw: such draws go by the weights alone. Every
    # occupation has four of 1.0, three of 0.6 and three of 0.3: 6.7 in all.
    first: Counter[tuple[str, float]] = Counter()
    for context in ContextSampler(graph).sample_many(8000, seed=2):
        weights = dict(graph.skills_of(context.occupation.id))
        weight = round(weights[context.skills[0]], 1)
        first[context.occupation.title, weight] += 1
    for weight, share in ((1.0, 4.0 / 6.7), (0.6, 1.8 / 6.7), (0.3, 0.9 / 6.7)):
        of_all = sum(n for (_, w), n in first.items() if w == weight) / 8000
        assert of_all == pytest.approx(share, abs=0.02)
        assert first["Java Developer", weight] / 1000 == pytest.approx(share, abs=0.06)


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


@pytest.fixture(scope="module")
def sequence(graph: SkillOccupationGraph) -> list[Context]:
    """Three blocks and some of seed 6."""
    return list(ContextSampler(graph).sample_many(3 * BLOCK + 50, seed=6))


@settings(max_examples=30)
@given(st.integers(0, 2 * BLOCK), st.integers(0, BLOCK + 50))
def test_any_part_of_a_sequence_can_be_made_again(
    graph: SkillOccupationGraph, sequence: list[Context], start: int, n: int
) -> None:
    part = list(ContextSampler(graph).sample_many(n, seed=6, start=start))
    assert part == sequence[start : start + n]
    assert [context.id for context in part] == [f"6-{start + k:06d}" for k in range(n)]


def test_blocks_are_full_and_differ(sequence: list[Context]) -> None:
    assert len(sequence) == 3 * BLOCK + 50
    blocks = [
        [(c.occupation, c.skills, c.experiences) for c in sequence[k : k + BLOCK]]
        for k in (0, BLOCK, 2 * BLOCK)
    ]
    # Two of eight occupations are the same by chance, not two whole contexts at one place.
    for one, other in pairwise(blocks):
        assert sum(a == b for a, b in zip(one, other, strict=True)) < BLOCK / 10


@pytest.mark.parametrize("balance", ["none", "soc"])
def test_a_pickled_sampler_goes_on_alike(graph: SkillOccupationGraph, balance: Balance) -> None:
    sampler = ContextSampler(graph, balance=balance, only=("15", "hospitality"))
    before = list(sampler.sample_many(BLOCK + 10, seed=9))
    copy = pickle.loads(pickle.dumps(sampler))
    assert copy.strategy == sampler.strategy
    assert [copy.sample(seed=9, index=k) for k in (BLOCK + 9, 0, BLOCK)] == [
        before[k] for k in (BLOCK + 9, 0, BLOCK)
    ]
    assert list(copy.sample_many(BLOCK + 10, seed=9)) == before
    assert list(sampler.sample_many(BLOCK + 10, seed=9)) == before


@pytest.mark.parametrize("balance", ["soc", "category"])
@pytest.mark.parametrize("only", [(), ("15", "hospitality", "Staff Nurse")])
def test_balanced_contexts_pass_by_no_occupation(
    graph: SkillOccupationGraph, balance: Balance, only: tuple[str, ...]
) -> None:
    shares = start_shares(graph, np.full(8, True), balance=balance, only=only)
    sampler = ContextSampler(graph, balance=balance, only=only)
    starts = np.concatenate([sampler.draw_block(k, seed=5).occupations for k in range(3)])
    # Gaps between n points of the golden-ratio sequence are below 2 / n, wherever it begins.
    window = ceil(2 / shares[shares > 0].min())
    expected = set(np.flatnonzero(shares).tolist())
    for start in range(len(starts) - window):
        assert set(starts[start : start + window].tolist()) == expected
    assert np.bincount(starts, minlength=8) / len(starts) == pytest.approx(shares, abs=0.005)


def test_seeds_begin_balanced_sequences_elsewhere(graph: SkillOccupationGraph) -> None:
    sampler = ContextSampler(graph, balance="soc")
    firsts = {sampler.sample(seed=seed, index=0).occupation.title for seed in range(40)}
    assert len(firsts) > 4


def test_contexts_by_employment(graph: SkillOccupationGraph) -> None:
    employed = SkillOccupationGraph(
        graph.occupations, graph.skills, zip(*(c.tolist() for c in graph.edges), strict=True),
        employment={"29-1141": 300.0, "51-3011": 100.0},
    )  # fmt: skip
    sampler = ContextSampler(employed, balance="employment")
    drawn = Counter(c.occupation.title for c in sampler.sample_many(400, seed=1))
    assert drawn.keys() == {"Registered Nurses", "Bakers"}
    assert drawn["Registered Nurses"] == pytest.approx(300, abs=3)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_only_limits_where_contexts_begin_but_not_where_careers_come_from(
    graph: SkillOccupationGraph, strategy: Strategy
) -> None:
    sampler = ContextSampler(graph, strategy=strategy, only=("technology",))
    titles, earlier = set(), set()
    for context in sampler.sample_many(300, seed=2):
        titles.add(context.occupation.title)
        earlier |= {_owner(graph, job.title) for job in context.experiences[1:]}
    assert titles == {"Java Developer", "Data Scientist", "Embedded Engineer"}
    developers = {"java-developer", "data-scientist", "embedded-engineer"}
    assert (earlier <= developers) is (strategy == "occupation")


def test_only_what_has_skills(graph: SkillOccupationGraph) -> None:
    some = SkillOccupationGraph(graph.occupations, graph.skills, [(0, 0, 1.0)])
    with pytest.raises(GraphError, match="no occupation with skills is left by only '29'"):
        ContextSampler(some, only=("29",))
    assert ContextSampler(some, strategy="uniform", only=("29",)).sample(seed=1, index=0)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_nobody_holds_an_occupation_twice(graph: SkillOccupationGraph, strategy: Strategy) -> None:
    # The technology category of three lets careers of four and five run out of new jobs.
    sampler = ContextSampler(graph, strategy=strategy)
    lengths = Counter[int]()
    for number in range(4):
        block = sampler.draw_block(number, seed=1)
        assert block.jobs.shape == block.years.shape == block.spelling.shape == (BLOCK, 5)
        assert (block.jobs[:, 0] == block.occupations).all()
        for jobs in block.jobs.tolist():
            held = [job for job in jobs if job >= 0]
            assert jobs == held + [-1] * (5 - len(held))
            assert len(set(held)) == len(held)
            lengths[len(held)] += 1
    assert sorted(lengths) == ([1, 2, 3] if strategy == "occupation" else [1, 2, 3, 4, 5])


def test_titles_are_spelled_as_resumes_spell_them(graph: SkillOccupationGraph) -> None:
    sampler = ContextSampler(graph, only=("Registered Nurses",))
    titles = Counter(c.experiences[0].title for c in sampler.sample_many(4000, seed=1))
    shares = {title: n / 4000 for title, n in titles.items()}
    # A fifth the SOC's title, a fifth either alias, the rest the job title: the first alias.
    assert shares == pytest.approx(
        {"Registered Nurses": 0.2, "Registered Nurse": 0.7, "Staff Nurse": 0.1}, abs=0.03
    )


def many(n_skills: int) -> SkillOccupationGraph:
    """Two occupations that share all skills; the weights are alike."""
    return SkillOccupationGraph(
        [Occupation(x, x.upper(), None, "x") for x in "ab"],
        [Skill(f"s{j}", f"S{j}", "soft") for j in range(n_skills)],
        [(i, j, 0.5) for i in (0, 1) for j in range(n_skills)],
    )


@pytest.mark.parametrize("n_skills", [1, 5, 14, 56, 57, 90])
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_skills_differ_and_all_may_be_drawn(n_skills: int, strategy: Strategy) -> None:
    # From 57 on, a uniform draw is made in another way.
    sampler = ContextSampler(many(n_skills), strategy=strategy)
    drawn, sizes = Counter[int](), Counter[int]()
    for number in range(4):
        block = sampler.draw_block(number, seed=3)
        assert block.indptr.shape == (BLOCK + 1,)
        assert block.indptr[-1] == len(block.skills)
        for first, last in pairwise(block.indptr.tolist()):
            skills = block.skills[first:last].tolist()
            assert len(set(skills)) == len(skills)
            drawn.update(skills)
            sizes[len(skills)] += 1
    assert set(sizes) == set(range(min(3, n_skills), min(14, n_skills) + 1))
    assert set(drawn) == set(range(n_skills))
    even = drawn.total() / n_skills
    assert all(0.6 * even < n < 1.4 * even for n in drawn.values())


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_guide_says_how_many(strategy: Strategy) -> None:
    guide = Guide(np.array([4.5, 10.0]), np.array([1.4, 3.0]))
    sampler = ContextSampler(many(30), strategy=strategy, guide=guide)
    counts: dict[str, list[int]] = {"A": [], "B": []}
    n_jobs: dict[str, list[int]] = {"A": [], "B": []}
    for context in sampler.sample_many(4 * BLOCK, seed=1):
        counts[context.occupation.title].append(len(context.skills))
        n_jobs[context.occupation.title].append(len(context.experiences))
    assert np.mean(counts["A"]) == pytest.approx(4.5, abs=0.25)
    assert np.mean(counts["B"]) == pytest.approx(10.0, abs=0.25)
    # There are two occupations, and so two jobs at most.
    for title, row in (("A", 0), ("B", 1)):
        several = np.mean([n == 2 for n in n_jobs[title]])
        assert several == pytest.approx(1 - guide.job_shares[row, 0], abs=0.08)


@pytest.mark.parametrize("n_skills", [40, 57, 90])
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_long_lists_are_as_long_as_the_guide_says(n_skills: int, strategy: Strategy) -> None:
    guide = Guide(np.array([13.0, 13.0]), np.array([2.0, 2.0]))
    sampler = ContextSampler(many(n_skills), strategy=strategy, guide=guide)
    sizes = np.concatenate([np.diff(sampler.draw_block(k, seed=1).indptr) for k in range(4)])
    shares = np.bincount(sizes - 3, minlength=12) / len(sizes)
    assert shares == pytest.approx(guide.skill_shares[0], abs=0.04)


def test_the_guide_is_of_the_graph_where_none_is_given(graph: SkillOccupationGraph) -> None:
    extended = SkillOccupationGraph(
        graph.occupations, graph.skills,
        [*zip(*(c.tolist() for c in graph.edges), strict=True), *((0, j, 1.0) for j in range(32))],
    )  # fmt: skip
    guide = ContextSampler(extended).guide
    assert guide.mean_skills.argmax() == 0
    assert guide.mean_skills.shape == guide.mean_jobs.shape == (8,)
    assert (guide.mean_jobs != guide.mean_jobs[0]).any()
    assert SKILL_COUNTS[0] < guide.mean_skills.min()


def test_less_senior_jobs_come_before_more_senior_ones() -> None:
    titles = ["Junior Cook", "Cook", "Senior Cook", "Head Cook"]
    kitchen = SkillOccupationGraph(
        [Occupation(f"o{i}", title, None, "x") for i, title in enumerate(titles)],
        [Skill("s", "S", "soft")],
        [(i, 0, 1.0) for i in range(4)],
    )
    before = Counter(
        context.experiences[1].title
        for context in ContextSampler(kitchen, only=("Cook",)).sample_many(3000, seed=1)
        if len(context.experiences) > 1
    )
    shares = {title: n / before.total() for title, n in before.items()}
    # Levels 1, 2, 3 and 5: each above the later job's makes an earlier one that much rarer.
    total = 1 + 0.35 + 0.35**3
    assert shares == pytest.approx(
        {"Junior Cook": 1 / total, "Senior Cook": 0.35 / total, "Head Cook": 0.35**3 / total},
        abs=0.03,
    )


def test_an_unknown_balance(graph: SkillOccupationGraph) -> None:
    with pytest.raises(ValueError, match="found 'even'"):
        ContextSampler(graph, balance="even")  # type: ignore[arg-type]
