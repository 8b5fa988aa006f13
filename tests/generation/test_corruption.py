"""What the unmatched resume loses: distribution, and that it is really gone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from hrdistill.generation.corruption import choose_removal, removable_skills
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sampling import ContextSampler
from hrdistill.records import Context, Experience, Removal, Skill
from hrdistill.text.mentions import normal_text, shows, surface_forms

Pairs = list[tuple[Context, Removal]]


def draw(graph: SkillOccupationGraph, n: int) -> Pairs:
    pairs = []
    for index, context in enumerate(ContextSampler(graph).sample_many(n, seed=11)):
        removal = choose_removal(context, np.random.default_rng([11, index]))
        if removal is not None:
            pairs.append((context, removal))
    return pairs


@pytest.fixture(scope="module")
def starter_pairs() -> Pairs:
    """5,000 contexts of the bundled graph."""
    return draw(SkillOccupationGraph.starter(), 5000)


@pytest.fixture(scope="module")
def pairs(graph: SkillOccupationGraph) -> Pairs:
    return draw(graph, 2000)


def test_nearly_every_context_can_lose_something(starter_pairs: Pairs) -> None:
    assert len(starter_pairs) > 4950


def test_shares_of_skills_are_those_measured_on_rjdb(starter_pairs: Pairs) -> None:
    counts = Counter(len(removal.skills) for _, removal in starter_pairs)
    shares = [counts[n] / len(starter_pairs) for n in (1, 2, 3)]
    assert shares == pytest.approx([0.37, 0.34, 0.29], abs=0.04)
    assert set(counts) == {1, 2, 3}


def test_shares_of_changes_are_those_measured_on_rjdb(starter_pairs: Pairs) -> None:
    counts = Counter(removal.change for _, removal in starter_pairs)
    shares = [
        counts[change] / len(starter_pairs) for change in ("shortened", "dropped", "unchanged")
    ]
    assert shares == pytest.approx([0.54, 0.34, 0.12], abs=0.04)


def test_new_lengths_are_uniform_below_the_old(starter_pairs: Pairs) -> None:
    of_five = [
        removal.replacement.years
        for _, removal in starter_pairs
        if removal.replacement and removal.experience and removal.experience.years == 5
    ]
    shares = [of_five.count(years) / len(of_five) for years in (1, 2, 3, 4)]
    assert shares == pytest.approx([0.25] * 4, abs=0.07)


def test_a_skill_goes_only_where_nothing_kept_names_it(pairs: Pairs, starter_pairs: Pairs) -> None:
    for context, removal in [*pairs, *starter_pairs[:1000]]:
        by_name = {skill.name: skill for skill in context.skills}
        assert set(removal.skills) <= by_name.keys()
        assert len(set(removal.skills)) == len(removal.skills) < len(context.skills)
        kept = [name for name in by_name if name not in removal.skills]
        titles = [context.occupation.title, *(job.title for job in context.experiences)]
        around = normal_text(" | ".join([*kept, *titles]))
        for name in removal.skills:
            assert not shows(around, surface_forms(name, by_name[name].aliases)), (name, around)


def test_the_latest_job_is_touched_and_its_start_stays(pairs: Pairs) -> None:
    seen = Counter(removal.change for _, removal in pairs)
    assert set(seen) == {"shortened", "dropped", "unchanged"}
    for context, removal in pairs:
        latest = context.experiences[0]
        if removal.change == "unchanged":
            assert (removal.experience, removal.replacement) == (None, None)
            assert len(context.experiences) == 1
            continue
        assert removal.experience == latest
        if removal.change == "dropped":
            assert removal.replacement is None
            assert len(context.experiences) > 1
            continue
        assert removal.replacement is not None
        assert removal.replacement.title == latest.title
        assert removal.replacement.start_year == latest.start_year
        assert 1 <= removal.replacement.years <= latest.years - 1


def test_the_view_is_the_context_less_the_removal(pairs: Pairs) -> None:
    for context, removal in pairs:
        skills, jobs = removal.leaves(context)
        assert [s.name for s in skills] == [
            s.name for s in context.skills if s.name not in removal.skills
        ]
        expected = list(context.experiences)
        if removal.change == "dropped":
            del expected[0]
        elif removal.replacement is not None:
            expected[0] = removal.replacement
        assert list(jobs) == expected


def named(context: Context, *skills: Skill) -> list[str]:
    return [skill.name for skill in removable_skills(replace(context, skills=skills))]


def test_a_skill_inside_another_or_inside_a_title_stays(context: Context) -> None:
    sql, server = Skill("sql", "SQL", "technology"), Skill("ss", "SQL Server", "technology")
    assert named(context, sql, server) == ["SQL Server"]
    baker = Skill("baker", "Baker", "ability")
    assert named(context, baker, sql) == ["SQL"]
    # By an alias of its own, or of the other.
    stock = Skill("stock", "Inventory Management", "knowledge", ("Stock Control",))
    tool = Skill("tool", "Stock Control Software", "technology")
    assert named(context, stock, tool) == ["Stock Control Software"]
    pos = Skill("pos", "Point of Sale Systems", "technology", ("POS",))
    till = Skill("till", "Tills", "technology", ("POS Terminal",))
    assert named(context, pos, till) == ["Tills"]
    # C is no part of C++.
    c, cpp = Skill("c", "C", "technology"), Skill("c++", "C++", "technology")
    assert named(context, c, cpp) == ["C", "C++"]


def test_nothing_goes_where_nothing_may(context: Context) -> None:
    rng = np.random.default_rng(0)
    alone = replace(context, skills=context.skills[:1])
    assert choose_removal(alone, rng) is None
    baker, cook = Skill("a", "Baker", "ability"), Skill("b", "Line Cook", "ability")
    assert choose_removal(replace(context, skills=(baker, cook)), rng) is None
    assert choose_removal(replace(context, skills=()), rng) is None


def test_a_job_of_one_year_is_never_shortened(context: Context) -> None:
    single = replace(context, experiences=(Experience("Baker", 2019, 2020),))
    several = replace(single, experiences=(*single.experiences, Experience("Cook", 2017, 2019)))
    for seed in range(30):
        changes = [
            removal.change
            for given in (single, several)
            if (removal := choose_removal(given, np.random.default_rng(seed)))
        ]
        assert changes == ["unchanged", "dropped"]


def test_the_same_generator_gives_the_same_removal(
    pairs: Pairs, graph: SkillOccupationGraph
) -> None:
    assert draw(graph, 50) == pairs[: len(draw(graph, 50))]
