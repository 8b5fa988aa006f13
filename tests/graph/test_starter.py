"""The bundled graph, held against what was promised of it."""

from __future__ import annotations

import pytest

from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.records import SKILL_KINDS

MAJOR_GROUPS = {"11", "13", "15", "17", "19", "21", "23", "25", "27", "29", "31", "33", "35", "37",
                "39", "41", "43", "45", "47", "49", "51", "53", "55"}  # fmt: skip


@pytest.fixture(scope="module")
def starter() -> SkillOccupationGraph:
    return SkillOccupationGraph.starter()


def test_at_least_250_occupations_over_the_23_major_groups(starter: SkillOccupationGraph) -> None:
    assert len(starter.occupations) >= 250
    assert {o.soc_code[:2] for o in starter.occupations if o.soc_code} == MAJOR_GROUPS


def test_every_occupation_has_10_to_25_skills_with_weight_and_kind(
    starter: SkillOccupationGraph,
) -> None:
    faults = []
    for occupation in starter.occupations:
        skills = starter.skills_of(occupation.id)
        if not 10 <= len(skills) <= 25:
            faults.append(f"{occupation.title}: {len(skills)} skills")
        for skill, weight in skills:
            if skill.kind not in SKILL_KINDS or not 0 < weight <= 1:
                faults.append(f"{occupation.title}: {skill.name} {skill.kind} {weight}")
    assert faults == []


def test_no_occupation_names_a_skill_twice(starter: SkillOccupationGraph) -> None:
    # A repeated edge would add up to more than 1 or to a weight that no column has.
    assert starter.weights.has_canonical_format
    assert {round(float(w), 3) for w in starter.weights.data} <= {1.0, 0.6, 0.3}


def test_occupations_and_skills_have_aliases(starter: SkillOccupationGraph) -> None:
    assert sum(bool(o.aliases) for o in starter.occupations) > 0.9 * len(starter.occupations)
    assert sum(bool(s.aliases) for s in starter.skills) > 0.4 * len(starter.skills)


def test_every_kind_of_skill_is_there(starter: SkillOccupationGraph) -> None:
    assert {skill.kind for skill in starter.skills} == set(SKILL_KINDS)


def test_every_record_is_found_by_its_own_name(starter: SkillOccupationGraph) -> None:
    for index, occupation in enumerate(starter.occupations):
        assert starter.find_occupation(occupation.id) == index
        assert starter.find_occupation(occupation.title) == index
    for index, skill in enumerate(starter.skills):
        assert starter.find_skill(skill.name) == index


@pytest.mark.parametrize("title", ["Java Developer", "Bakers", "Registered Nurses"])
def test_usual_titles_are_there(starter: SkillOccupationGraph, title: str) -> None:
    assert starter.occupations[starter.find_occupation(title)].title == title


def test_careers_can_be_walked(starter: SkillOccupationGraph) -> None:
    # Every occupation shares a skill with another, so that a walk leads on.
    shared = (starter.weights @ starter.skill_weights).toarray()
    alone = [
        o.title for o, row in zip(starter.occupations, shared, strict=True) if (row > 0).sum() < 2
    ]
    assert alone == []
