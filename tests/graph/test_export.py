"""GraphML and Parquet, read back by the libraries that they are for."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from hrdistill.errors import DataError, MissingExtraError
from hrdistill.graph.export import write_graph, write_graphml, write_parquet
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.records import Occupation, Skill


def small() -> SkillOccupationGraph:
    """An occupation and a skill with one id, no SOC code, aliases, sources, a control character."""
    return SkillOccupationGraph(
        [Occupation("python", "Snake <Keeper>", None, "animals & co", ("Herpetologist", "Keeper")),
         Occupation("51-3011", "Bakers", "51-3011", "hospitality")],
        [Skill("python", "Python\x0b", "technology"),
         Skill("baking", "Baking", "ability", ("Bread Making", "Größe"))],
        [(0, 0, 0.6), (1, 1, 1.0), (1, 0, 0.3)],
        sources={(1, 1): ("onet", "esco")}, employment={"51-3011": 232800.0},
    )  # fmt: skip


def test_graphml_by_networkx(tmp_path: Path) -> None:
    nx = pytest.importorskip("networkx")
    write_graphml(small(), tmp_path / "new" / "graph.graphml")
    read = nx.read_graphml(tmp_path / "new" / "graph.graphml")
    assert not read.is_directed()
    assert read.graph["format_version"] == 1
    assert dict(read.nodes(data=True)) == {
        "occupation:python": {"bipartite": "occupation", "name": "Snake <Keeper>",
                              "category": "animals & co", "aliases": "Herpetologist; Keeper"},
        "occupation:51-3011": {"bipartite": "occupation", "name": "Bakers",
                               "category": "hospitality", "aliases": "", "soc_code": "51-3011",
                               "employment": 232800.0},
        "skill:python": {"bipartite": "skill", "name": "Python", "kind": "technology",
                         "aliases": ""},
        "skill:baking": {"bipartite": "skill", "name": "Baking", "kind": "ability",
                         "aliases": "Bread Making; Größe"},
    }  # fmt: skip
    assert {frozenset((a, b)): data for a, b, data in read.edges(data=True)} == {
        frozenset({"occupation:python", "skill:python"}): {"weight": 0.6, "sources": "starter"},
        frozenset({"occupation:51-3011", "skill:baking"}): {"weight": 1.0, "sources": "onet; esco"},
        frozenset({"occupation:51-3011", "skill:python"}): {"weight": 0.3, "sources": "starter"},
    }


def test_parquet_by_pyarrow(tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    write_parquet(small(), tmp_path / "tables")
    read = {path.stem: pq.read_table(path) for path in (tmp_path / "tables").iterdir()}
    assert read.keys() == {"occupations", "skills", "edges"}
    assert read["occupations"].to_pylist() == [
        {"id": "python", "title": "Snake <Keeper>", "soc_code": None, "category": "animals & co",
         "aliases": ["Herpetologist", "Keeper"], "employment": None},
        {"id": "51-3011", "title": "Bakers", "soc_code": "51-3011", "category": "hospitality",
         "aliases": [], "employment": 232800.0},
    ]  # fmt: skip
    assert read["skills"].to_pylist()[0] == {
        "id": "python", "name": "Python\x0b", "kind": "technology", "aliases": []
    }  # fmt: skip
    edges = read["edges"].to_pylist()
    assert [(e["occupation_id"], e["skill_id"], e["sources"]) for e in edges] == [
        ("python", "python", ["starter"]), ("51-3011", "python", ["starter"]),
        ("51-3011", "baking", ["onet", "esco"]),
    ]  # fmt: skip
    assert [e["weight"] for e in edges] == [np.float32(0.6), np.float32(0.3), 1.0]
    assert str(read["edges"].schema.field("weight").type) == "float"
    for table in read.values():
        assert table.schema.metadata[b"hrdistill.graph.format_version"] == b"1"


def test_both_hold_the_whole_graph(graph: SkillOccupationGraph, tmp_path: Path) -> None:
    nx, pq = pytest.importorskip("networkx"), pytest.importorskip("pyarrow.parquet")
    write_graph(graph, tmp_path / "graph.graphml")
    write_graph(graph, tmp_path / "graph.parquet")
    read = nx.read_graphml(tmp_path / "graph.graphml")
    table = pq.read_table(tmp_path / "graph.parquet" / "edges.parquet").to_pylist()
    assert read.number_of_nodes() == len(graph.occupations) + len(graph.skills)
    assert read.number_of_edges() == len(table) == len(graph.edges[2])
    for row in table:
        ends = (f"occupation:{row['occupation_id']}", f"skill:{row['skill_id']}")
        assert read.edges[ends]["weight"] == pytest.approx(row["weight"], abs=1e-6)
        own = {skill.id: weight for skill, weight in graph.skills_of(row["occupation_id"])}
        assert own[row["skill_id"]] == row["weight"]


def test_the_format_is_that_of_the_ending_unless_it_is_named(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    assert write_graph(small(), tmp_path / "tables", format="parquet") == "parquet"
    assert (tmp_path / "tables" / "edges.parquet").is_file()
    with pytest.raises(ValueError, match=r"ends in \.graphml or \.parquet, found '.*graph\.csv'"):
        write_graph(small(), tmp_path / "graph.csv")
    with pytest.raises(ValueError, match="formats graphml, parquet, found 'csv'"):
        write_graph(small(), tmp_path / "graph.graphml", format="csv")
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


def test_parquet_needs_a_folder(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "graph.parquet").write_text("mine")
    with pytest.raises(DataError, match="is a file, but Parquet needs a folder"):
        write_parquet(small(), tmp_path / "graph.parquet")
    assert (tmp_path / "graph.parquet").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "library"), [("graph.graphml", "networkx"), ("graph.parquet", "pyarrow")]
)
def test_a_missing_library_is_named_with_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError, match=rf"{library} is not .*'hrdistill\[graph\]'"):
        write_graph(small(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []
