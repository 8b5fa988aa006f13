"""Figures of a few contexts, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hrdistill.graph.diversity import Diversity, DiversityCounter
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sampling import ContextSampler
from hrdistill.records import Context, Experience


def count(contexts: list[Context]) -> Diversity:
    counter = DiversityCounter()
    assert list(counter.passing(contexts)) == contexts
    return counter.summary()


def test_figures_by_hand(context: Context, graph: SkillOccupationGraph) -> None:
    baking, safety, _ = context.skills
    nurse = graph.occupations[graph.find_occupation("Registered Nurses")]
    contexts = [
        replace(context, skills=(baking, safety)),
        # The same in another order, after another career: a repetition.
        replace(context, skills=(safety, baking), experiences=(Experience("Baker", 2000, 2002),)),
        replace(context, skills=(baking,)),
        replace(context, skills=(baking,), occupation=nurse),
    ]
    assert count(contexts) == Diversity(
        contexts=4,
        occupations=2,
        titles=2,  # Baker and Line Cook
        skills=2,
        skill_entropy=pytest.approx(0.918296, abs=1e-6),  # of 4 and 2 out of 6
        repeated=0.25,
    )


def test_four_skills_asked_for_alike_are_two_bits(
    context: Context, graph: SkillOccupationGraph
) -> None:
    contexts = [replace(context, skills=graph.skills[k : k + 2]) for k in (0, 2, 0, 2)]
    summary = count(contexts)
    assert (summary.skills, summary.skill_entropy, summary.repeated) == (4, 2.0, 0.5)


def test_nothing_is_as_diverse_as_nothing() -> None:
    assert count([]) == Diversity(0, 0, 0, 0, 0.0, 0.0)


def test_one_skill_is_no_surprise(context: Context) -> None:
    summary = count([replace(context, skills=context.skills[:1])])
    assert str(summary.skill_entropy) == "0.0"  # and not -0.0
    assert summary.repeated == 0


def test_contexts_are_counted_as_they_pass(graph: SkillOccupationGraph) -> None:
    counter = DiversityCounter()
    passing = counter.passing(ContextSampler(graph).sample_many(10, seed=1))
    assert counter.summary().contexts == 0
    next(passing)
    next(passing)
    assert counter.summary().contexts == 2
