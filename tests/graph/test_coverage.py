"""A graph held against a source, by hand."""

from __future__ import annotations

import pytest

from hrdistill.graph.coverage import coverage
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sources.base import Source
from hrdistill.records import Occupation, Skill

GRAPH = SkillOccupationGraph(
    [
        Occupation("51-3011", "Bakers", "51-3011", "hospitality", ("Baker",)),
        Occupation("line-cook", "Line Cook", "35-2014", "hospitality"),
        Occupation("grill-cook", "Grill Cook", "35-2014", "hospitality"),
        Occupation("pilot", "Pilot", None, "transport"),
    ],
    [
        Skill("baking", "Baking", "ability", ("Bread Making",)),
        Skill("food-safety", "Food Safety", "knowledge"),
    ],
    [(0, 0, 1.0), (0, 1, 0.3), (2, 1, 1.0)],
)
OCCUPATIONS = (
    Occupation("51-3011", "Bakers and Confectioners", "51-3011", "x"),  # by id
    Occupation("x1", "Kitchen Hand", "35-2014", "x"),  # by code: both cooks
    Occupation("x2", "Aviator", "53-2011", "x", ("Airman", "Pilots", "pilot")),  # by alias
    Occupation("x3", "Juggler", "27-2099", "x"),
    Occupation("x4", "Clown", None, "x"),
)
SKILLS = (
    Skill("y0", "Bread making", "ability"),
    Skill("y1", "Sanitation", "knowledge", ("Food Safety",)),
    Skill("y2", "Juggling", "ability"),
    Skill("y3", "Knots", "ability"),
)


def share(found: int, n: int) -> dict[str, object]:
    return {"n": n, "found": found, "share": pytest.approx(found / n) if n else None}


def test_coverage_by_hand() -> None:
    source = Source(
        "onet", OCCUPATIONS, SKILLS,
        ((0, 0, 0.9), (0, 1, 0.6), (0, 1, 0.1), (1, 1, 0.5), (1, 3, 0.9), (2, 1, 0.7),
         (0, 3, 0.2), (3, 2, 1.0)),
        employment={"x3": 900.0, "x4": 1200.0},
    )  # fmt: skip
    assert coverage(GRAPH, source) == {
        "source": "onet",
        "occupations": share(3, 5),
        "levels": [
            # The juggler's edge counts for skills alone; the repeated edge counts once.
            {"evidence": 0.0, "skills": share(2, 4), "edges": share(3, 6)},
            {"evidence": 0.5, "skills": share(2, 4), "edges": share(3, 5)},
            {"evidence": 0.8, "skills": share(1, 3), "edges": share(1, 2)},
        ],
        "missing_skills": [
            {"name": "Knots", "occupations": 2}, {"name": "Juggling", "occupations": 1}
        ],
        "missing_occupations": [
            {"title": "Clown", "employment": 1200.0}, {"title": "Juggler", "employment": 900.0}
        ],
    }  # fmt: skip


def test_evidence_of_postings_is_their_share() -> None:
    source = Source(
        "postings", OCCUPATIONS[:2], SKILLS[:2],
        ((0, 0, 8.0), (0, 1, 7.0), (1, 1, 1.0)), n_postings=(10, 1),
    )  # fmt: skip
    levels = coverage(GRAPH, source)["levels"]
    assert [level["edges"]["n"] for level in levels] == [3, 3, 2]


def test_a_source_that_has_nothing_but_titles() -> None:
    found = coverage(GRAPH, Source("soc", OCCUPATIONS))
    assert found["occupations"] == share(3, 5)
    assert found["levels"][0] == {"evidence": 0.0, "skills": share(0, 0), "edges": share(0, 0)}
    assert [own["title"] for own in found["missing_occupations"]] == ["Juggler", "Clown"]


def test_a_graph_covers_itself(graph: SkillOccupationGraph) -> None:
    rows, columns, weights = (column.tolist() for column in graph.edges)
    own = Source(
        "own", graph.occupations, graph.skills, tuple(zip(rows, columns, weights, strict=True))
    )
    found = coverage(graph, own)
    assert found["occupations"]["share"] == 1.0
    assert [level["edges"]["share"] for level in found["levels"]] == [1.0, 1.0, 1.0]
    assert [level["edges"]["n"] for level in found["levels"]] == [80, 56, 32]
    assert found["missing_skills"] == found["missing_occupations"] == []


def test_a_title_goes_before_an_alias_of_another() -> None:
    cook, chef = Occupation("a", "Cook", None, "x", ("Chef",)), Occupation("b", "Chef", None, "x")
    graph = SkillOccupationGraph([cook, chef], SKILLS[:2], [(0, 0, 1.0), (1, 1, 1.0)])
    found = coverage(graph, Source("own", (chef,), SKILLS[:2], ((0, 1, 1.0),)))
    assert found["levels"][0]["edges"] == share(1, 1)


def test_at_most_ten_missing_names_the_commonest_first() -> None:
    skills = tuple(Skill(f"z{j}", f"Trick {j}", "ability") for j in range(12))
    edges = tuple((i, j, 1.0) for i in range(2) for j in range(12) if i == 0 or j == 11)
    found = coverage(GRAPH, Source("onet", OCCUPATIONS, skills, edges))["missing_skills"]
    assert [own["name"] for own in found] == ["Trick 11", *(f"Trick {j}" for j in range(9))]
