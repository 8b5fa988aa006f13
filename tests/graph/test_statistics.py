"""What a graph is made of, by hand."""

from __future__ import annotations

import json

import pytest

from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.major_groups import major_group, major_groups
from hrdistill.graph.statistics import skill_entropy, statistics
from hrdistill.records import Occupation, Skill

OCCUPATIONS = [
    Occupation("51-3011", "Bakers", "51-3011", "hospitality"),
    Occupation("line-cook", "Line Cook", "35-2014", "hospitality"),
    Occupation("pilot", "Pilot", None, "transport"),
]
SKILLS = [
    Skill("baking", "Baking", "ability"),
    Skill("food-safety", "Food Safety", "knowledge"),
    Skill("c++", "C++", "technology"),
]


def test_statistics_by_hand() -> None:
    graph = SkillOccupationGraph(
        OCCUPATIONS, SKILLS, [(0, 0, 1.0), (0, 1, 0.3), (1, 0, 0.6), (1, 1, 1.0)],
        sources={(0, 0): ("onet", "esco"), (0, 1): ("onet",)},
    )  # fmt: skip
    found = statistics(graph)
    assert found == {
        "occupations": 3,
        "skills": 3,
        "edges": 4,
        "components": 3,  # bakers, cooks and their skills; the pilot; C++
        "largest_component": 4,
        "soc_major_groups": 2,
        "skills_per_occupation": {"min": 0, "q1": 1, "median": 2, "q3": 2, "p90": 2, "max": 2},
        "occupations_per_skill": {"min": 0, "q1": 1, "median": 2, "q3": 2, "p90": 2, "max": 2},
        "skills_on_one_occupation": 0.0,
        "edges_with_several_sources": 1,
        "edges_by_source": {"onet": 2, "starter": 2, "esco": 1},
        "kinds": {"ability": 1, "knowledge": 1, "technology": 1},
        "categories": {"hospitality": 2, "transport": 1},
        "major_groups": [
            {"code": "35", "name": "Food Preparation and Serving Related Occupations",
             "occupations": 1, "skills": 2,
             # p = 1 / 1.6 and 0.6 / 1.6
             "skill_entropy_bits": pytest.approx(0.954434, abs=1e-5)},
            {"code": "51", "name": "Production Occupations", "occupations": 1, "skills": 2,
             # p = 1 / 1.3 and 0.3 / 1.3
             "skill_entropy_bits": pytest.approx(0.779350, abs=1e-5)},
            {"code": None, "name": None, "occupations": 1, "skills": 0,
             "skill_entropy_bits": 0.0},
        ],
    }  # fmt: skip
    assert json.loads(json.dumps(found)) == found


def test_the_spread_of_degrees() -> None:
    # 1, 2, ..., 11 occupations ask for one skill each.
    n = 11
    graph = SkillOccupationGraph(
        [Occupation(f"o{i}", f"title {i}", None, "none") for i in range(n)],
        [Skill(f"s{j}", f"name {j}", "ability") for j in range(n)],
        [(i, j, 1.0) for j in range(n) for i in range(j + 1)],
    )
    found = statistics(graph)
    assert found["occupations_per_skill"] == {
        "min": 1, "q1": 3.5, "median": 6, "q3": 8.5, "p90": 10, "max": 11
    }  # fmt: skip
    assert found["skills_on_one_occupation"] == pytest.approx(1 / 11)
    assert (found["components"], found["largest_component"]) == (1, 22)


def test_entropy_counts_the_skills_that_weigh_alike() -> None:
    skills = [Skill(f"s{j}", f"name {j}", "ability") for j in range(4)]
    graph = SkillOccupationGraph(
        OCCUPATIONS, skills, [(0, 0, 0.3), (0, 1, 0.3), (1, 2, 0.3), (1, 3, 0.3), (2, 0, 1.0)]
    )
    assert skill_entropy(graph, [0]) == pytest.approx(1.0)
    assert skill_entropy(graph, [0, 1]) == pytest.approx(2.0)
    assert skill_entropy(graph, [2]) == 0.0
    # 1.3 / 1.6 and 0.3 / 1.6
    assert skill_entropy(graph, [0, 2]) == pytest.approx(0.696212, abs=1e-5)


def test_major_groups() -> None:
    assert len(major_groups()) == 23
    assert major_groups()["15"] == "Computer and Mathematical Occupations"
    assert major_group("15-1252") == "15"
    assert major_group("99-9999") is None
    assert major_group(None) is None
