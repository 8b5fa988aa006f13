"""The graph: both directions, names, files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hrdistill.errors import DataError, GraphError
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.records import Occupation, Skill

BAKER = Occupation("51-3011", "Bakers", "51-3011", "hospitality", ("Baker", "Pastry Chef"))
COOK = Occupation("line-cook", "Line Cook", "35-2014", "hospitality", ("Cook", "Baker"))
PILOT = Occupation("pilot", "Pilot", None, "transport")
BAKING = Skill("baking", "Baking", "ability", ("Bread Making",))
SAFETY = Skill("food-safety", "Food Safety", "knowledge")
CPP = Skill("c++", "C++", "technology", ("Baking",))


def small(**options: Any) -> SkillOccupationGraph:
    return SkillOccupationGraph(
        [BAKER, COOK, PILOT],
        [BAKING, SAFETY, CPP],
        [(1, 1, 1.0), (0, 0, 1.0), (0, 1, 0.3), (1, 0, 0.6)],
        **options,
    )


def test_edges_both_ways_heaviest_first() -> None:
    graph = small()
    assert graph.skills_of("51-3011") == [(BAKING, 1.0), (SAFETY, pytest.approx(0.3))]
    assert graph.skills_of("line-cook") == [(SAFETY, 1.0), (BAKING, pytest.approx(0.6))]
    assert graph.skills_of("pilot") == []
    assert graph.occupations_of("baking") == [(BAKER, 1.0), (COOK, pytest.approx(0.6))]
    assert graph.occupations_of("c++") == []
    assert graph.weights.shape == (3, 3)
    assert graph.weights.dtype == np.float32
    assert np.array_equal(graph.weights.toarray().T, graph.skill_weights.toarray())


def test_the_order_of_edges_decides_nothing() -> None:
    edges = [(0, 0, 1.0), (0, 1, 0.3), (1, 0, 0.6), (1, 1, 1.0)]
    graphs = [
        SkillOccupationGraph([BAKER, COOK, PILOT], [BAKING, SAFETY, CPP], order)
        for order in (edges, edges[::-1])
    ]
    assert graphs[0].skills_of("Bakers") == graphs[1].skills_of("Bakers")
    assert (graphs[0].weights != graphs[1].weights).nnz == 0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("51-3011", "Bakers"),
        ("bakers", "Bakers"),
        ("Pastry chef", "Bakers"),
        ("LINE  COOK", "Line Cook"),
        ("line-cook", "Line Cook"),
        ("Baker", "Bakers"),  # an alias of both: the earlier record's, and first in its list
        ("Pilot", "Pilot"),
    ],
)
def test_an_occupation_by_id_title_or_alias(name: str, expected: str) -> None:
    graph = small()
    assert graph.occupations[graph.find_occupation(name)].title == expected


def test_a_name_goes_before_an_alias() -> None:
    graph = small()
    assert graph.skills[graph.find_skill("Baking")] == BAKING
    assert graph.skills[graph.find_skill("bread making")] == BAKING
    assert graph.skills[graph.find_skill("C++")] == CPP
    assert graph.knows_skill("Food safety skills")
    assert not graph.knows_skill("C#")


def test_an_unknown_name_suggests_the_nearest() -> None:
    graph = small()
    with pytest.raises(GraphError, match=r"no occupation 'Bakerz'; the nearest are 'bakers?'"):
        graph.find_occupation("Bakerz")
    with pytest.raises(GraphError, match=r"no skill 'Fod Safety'; the nearest are 'food safety'"):
        graph.occupations_of("Fod Safety")
    with pytest.raises(GraphError, match="no occupation 'Zzz'; nothing comes near it"):
        graph.skills_of("Zzz")


@pytest.mark.parametrize(
    ("name", "suggested"),
    [("kuberntes", "are 'kubernetes'$"), ("nobodyknows", "nothing comes near"),
     ("Kub", "are 'kubernetes'$"), ("Patient Asessment", "are 'patient assessment'$"),
     ("patientassesment", "are 'patient assessment'$"),
     ("nursse", "are 'registered nurse license'$")],
)  # fmt: skip
def test_short_aliases_are_not_suggested_for_everything(name: str, suggested: str) -> None:
    skills = [
        Skill("rn", "Registered Nurse License", "certification", ("RN", "NP")),
        Skill("kubernetes", "Kubernetes", "technology", ("K8s",)),
        Skill("patient", "Patient Assessment", "knowledge"),
    ]
    graph = SkillOccupationGraph([BAKER], skills, [(0, 0, 1.0)])
    with pytest.raises(GraphError, match=suggested):
        graph.find_skill(name)


def test_of_repeated_edges_the_heaviest_counts() -> None:
    for weights in ((0.3, 1.0, 0.6), (1.0, 0.3)):
        graph = SkillOccupationGraph(
            [BAKER, COOK], [BAKING, SAFETY], [*((0, 0, w) for w in weights), (1, 1, 0.6)]
        )
        assert graph.skills_of("Bakers") == [(BAKING, 1.0)]
        assert graph.skills_of("Line Cook") == [(SAFETY, pytest.approx(0.6))]
        assert len(graph.edges[2]) == 2


def test_sources_of_edges() -> None:
    graph = small(sources={(0, 0): ("onet", "esco")}, source="hand")
    assert graph.sources_of(0, 0) == ("onet", "esco")
    assert graph.sources_of(0, 1) == ("hand",)


@pytest.mark.parametrize("weight", [0.0, -0.1, 1.01])
def test_a_weight_out_of_range(weight: float) -> None:
    with pytest.raises(GraphError, match="above 0 and at most 1"):
        SkillOccupationGraph([BAKER], [BAKING], [(0, 0, weight)])


def test_nothing_or_twice_the_same() -> None:
    with pytest.raises(GraphError, match="0 occupations and 1 skills"):
        SkillOccupationGraph([], [BAKING], [])
    with pytest.raises(GraphError, match="1 occupations and 0 skills"):
        SkillOccupationGraph([BAKER], [], [])
    with pytest.raises(GraphError, match="occupation id '51-3011' stands twice"):
        SkillOccupationGraph([BAKER, COOK, BAKER], [BAKING], [])
    with pytest.raises(GraphError, match="skill id 'baking' stands twice"):
        SkillOccupationGraph([BAKER], [BAKING, BAKING], [])


def test_round_trip(graph: SkillOccupationGraph, tmp_path: Path) -> None:
    for original in (graph, small(sources={(0, 0): ("onet", "esco")})):
        original.save(tmp_path / "a.json")
        loaded = SkillOccupationGraph.load(tmp_path / "a.json")
        assert loaded.occupations == original.occupations
        assert loaded.skills == original.skills
        assert (loaded.weights != original.weights).nnz == 0
        for i, j in zip(*original.weights.nonzero(), strict=True):
            assert loaded.sources_of(i, j) == original.sources_of(i, j)
        loaded.save(tmp_path / "b.json")
        assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
        json.loads((tmp_path / "a.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"kind": "triples"}, GraphError, "expected a graph written by"),
        ({"format_version": 9}, GraphError, "format version 9, but this hrdistill reads version 1"),
        ({"edges": [[0, 9, 1.0, []]]}, GraphError, "edge 0: joins occupation 0 and skill 9"),
        ({"edges": [[-1, 0, 1.0, []]]}, GraphError, "edge 0: joins occupation -1"),
        ({"edges": [[0, 0, 2.0, []]]}, GraphError, "above 0 and at most 1"),
        ({"edges": None}, DataError, "edges"),
        ({"skills": [{"id": "x"}]}, DataError, "skills, field '0.name'"),
        ({"occupations": []}, GraphError, "0 occupations"),
    ],
)
def test_a_damaged_file(
    tmp_path: Path, change: dict[str, Any], error: type[Exception], message: str
) -> None:
    path = tmp_path / "graph.json"
    small().save(path)
    content = json.loads(path.read_text("utf-8"))
    if "occupations" in change:
        content["edges"] = []
    path.write_text(json.dumps({**content, **change}), "utf-8")
    with pytest.raises(error, match=message):
        SkillOccupationGraph.load(path)


def test_a_file_that_is_no_graph(tmp_path: Path) -> None:
    path = tmp_path / "graph.json"
    with pytest.raises(DataError, match="does not exist"):
        SkillOccupationGraph.load(path)
    path.write_text('{"kind": "graph",')
    with pytest.raises(DataError, match="line 1: expected JSON"):
        SkillOccupationGraph.load(path)
    path.write_text("[]")
    with pytest.raises(GraphError, match="expected a graph"):
        SkillOccupationGraph.load(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"edges": [[0, 0, 2.0, ["a"]]]}, "edge weights above 0"),
        ({"occupations": [], "edges": []}, "found 0 occupations"),
    ],
)
def test_a_graph_that_cannot_be_is_named_by_its_file(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    path = tmp_path / "a.json"
    small().save(path)
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change), "utf-8")
    with pytest.raises(
        GraphError, match=rf"a\.json: expected .*{message}.*; build the graph again"
    ):
        SkillOccupationGraph.load(path)


def test_the_lightest_edge_is_read_back(tmp_path: Path) -> None:
    SkillOccupationGraph([PILOT], [SAFETY], [(0, 0, 1e-6)]).save(tmp_path / "a.json")
    loaded = SkillOccupationGraph.load(tmp_path / "a.json")
    assert loaded.skills_of("pilot") == [(SAFETY, pytest.approx(1e-4))]


def test_job_title_is_the_person_not_the_group() -> None:
    assert BAKER.job_title == "Baker"
    assert COOK.job_title == "Line Cook"
    assert PILOT.job_title == "Pilot"
