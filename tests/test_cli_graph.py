"""`hrdistill graph`: show with pictures, stats with coverage, path, export."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hrdistill.cli import main
from hrdistill.graph.coverage import coverage
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sources import base
from hrdistill.graph.statistics import statistics
from hrdistill.records import Occupation, Skill

BAKER = Occupation("51-3011", "Bakers", "51-3011", "hospitality", ("Baker", "Baking"))
COOK = Occupation("line-cook", "Line Cook", "35-2014", "hospitality", ("Cook", "Baker"))


@pytest.fixture(scope="module")
def merged() -> SkillOccupationGraph:
    """Two occupations with 60 skills each, 30 of them shared, and a skill of 40 occupations."""
    clerks = [Occupation(f"clerk-{n}", f"Clerk {n}", None, "administrative") for n in range(40)]
    skills = [Skill(f"s{n}", f"Trick {n}", "ability") for n in range(90)]
    skills += [Skill("baking", "Baking", "ability"), Skill("filing", "Filing", "knowledge")]
    edges = [(0, j, 0.6) for j in range(60)] + [(1, j, 0.3) for j in range(30, 90)]
    edges += [(0, 90, 1.0), *((2 + i, 91, 0.5) for i in range(40))]
    return SkillOccupationGraph(
        [BAKER, COOK, *clerks], skills, edges, source="onet",
        sources={(0, 90): ("esco", "onet")}, employment={"51-3011": 232800.0},
    )  # fmt: skip


@pytest.fixture(scope="module")
def path(merged: SkillOccupationGraph, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("merged") / "graph.json"
    merged.save(file)
    return str(file)


def invoke(*args: object, fails: bool = False) -> Result:
    separate = "mix_stderr" in inspect.signature(CliRunner).parameters
    runner = CliRunner(**({"mix_stderr": False} if separate else {}))
    result = runner.invoke(main, ["graph", *(str(a) for a in args)])
    assert result.exit_code == (2 if fails else 0), (result.stderr, result.exception)
    return result


def read(*args: object) -> Any:
    return json.loads(invoke(*args, "--json", "-").stdout)


def test_an_occupation_with_its_sources_and_jobs(path: str) -> None:
    value = read("show", "51-3011", "--graph", path)
    assert value["employment"] == 232800.0
    assert value["skills"][0]["sources"] == ["esco", "onet"]
    assert len(value["skills"]) == 61
    told = invoke("show", "51-3011", "--graph", path).stdout
    assert "232,800 jobs held" in told
    assert "sources" in told
    assert "esco, onet" in told
    assert "and 11 more; see them with --all" in told
    whole = invoke("show", "51-3011", "--graph", path, "--all").stdout
    assert "more; see" not in whole
    assert "Trick 59" in whole


def test_one_source_is_told_once_and_the_default_never(path: str, tmp_path: Path) -> None:
    told = invoke("show", "line cook", "--graph", path).stdout
    assert "source: onet" in told
    assert "sources" not in told
    graph = SkillOccupationGraph([BAKER], [Skill("baking", "Baking", "ability")], [(0, 0, 1.0)])
    graph.save(tmp_path / "graph.json")
    assert "source" not in invoke("show", "bakers", "--graph", tmp_path / "graph.json").stdout


def test_a_skill_shows_25_occupations_or_all_and_related_skills(path: str) -> None:
    told = invoke("show", "filing", "--graph", path).stdout
    assert "40 occupations" in told
    assert told.count("Clerk ") == 25
    assert "and 15 more; see them with --all" in told
    assert invoke("show", "filing", "--graph", path, "--all").stdout.count("Clerk ") == 40
    value = read("show", "Trick 10", "--graph", path)
    assert [o["title"] for o in value["occupations"]] == ["Bakers"]
    assert value["occupations"][0]["sources"] == ["onet"]
    assert value["related"][0] == {
        "id": "s0", "name": "Trick 0", "kind": "ability", "aliases": [], "similarity": 1.0
    }  # fmt: skip
    assert "related skill" in invoke("show", "Trick 10", "--graph", path).stdout


def test_a_name_of_both_sorts_shows_both(path: str, tmp_path: Path) -> None:
    told = invoke("show", "baking", "--graph", path).stdout
    assert "'baking' names an occupation and a skill" in told
    assert told.index("Production Occupations") < told.index("ability, 1 occupation")
    value = read("show", "baking", "--graph", path)
    assert value["occupation"]["title"] == "Bakers"
    assert value["skill"]["name"] == "Baking"
    assert "occupation" not in read("show", "baking", "--graph", path, "--as", "skill")
    assert "skill" not in read("show", "baking", "--graph", path, "--as", "occupation")
    invoke("show", "baking", "--graph", path, "--as", "skill", "--html", tmp_path / "a.html")
    assert "<h1>Baking</h1>" in (tmp_path / "a.html").read_text()
    error = invoke("show", "bakers", "--graph", path, "--as", "skill", fails=True).stderr
    assert "no skill 'bakers'" in error
    assert "no occupation" not in error


def test_other_records_of_the_name_are_told(path: str) -> None:
    told = invoke("show", "baker", "--graph", path).stdout
    assert "The same name has: Line Cook (occupation)" in told
    assert [o["title"] for o in read("show", "baker", "--graph", path)["also"]] == ["Line Cook"]
    assert "also" not in read("show", "line cook", "--graph", path)


def test_the_picture_is_written_beside_what_is_printed(path: str, tmp_path: Path) -> None:
    picture = tmp_path / "new" / "baker.html"
    told = invoke("show", "bakers", "--graph", path, "--html", picture).stdout
    assert f"Picture of Bakers: {picture}" in told
    assert "The 36 heaviest of 61 skills" in picture.read_text()
    result = invoke("show", "bakers", "--graph", path, "--html", picture, "--json", "-")
    assert json.loads(result.stdout)["occupation"]["title"] == "Bakers"
    assert str(picture) in result.stderr


def test_stats_by_group(merged: SkillOccupationGraph, path: str) -> None:
    value = read("stats", "--graph", path)
    assert value == statistics(merged)
    told = invoke("stats", "--graph", path).stdout
    assert "51 Production" in told
    assert "no group known" in told
    assert "edges with several sources" in told


def test_stats_against_a_source(
    merged: SkillOccupationGraph, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hrdistill.cli import inputs

    source = base.Source(
        "onet", (BAKER, Occupation("x", "Juggler", None, "arts")),
        (Skill("y", "Trick 7", "ability"), Skill("z", "Juggling", "ability")),
        ((0, 0, 0.9), (1, 1, 0.9), (0, 1, 0.1)),
    )  # fmt: skip
    asked = []
    monkeypatch.setattr(inputs, "load_source", lambda spec: asked.append(spec) or source)
    value = read("stats", "--graph", path, "--against", "onet:somewhere")
    assert asked == ["onet:somewhere"]
    assert value["coverage"] == coverage(merged, source)
    told = invoke("stats", "--graph", path, "--against", "onet:somewhere").stdout
    assert "Of the 2 occupations of onet, the graph has 1 (50.0%)." in told
    assert "0.8 or more" in told
    assert "1 of 2" in told
    assert "Juggling (2)" in told
    assert "Occupations it lacks: Juggler" in told


def test_stats_against_the_graph_itself_and_against_nothing() -> None:
    value = read("stats", "--against", "starter")["coverage"]
    assert value["occupations"]["share"] == 1.0
    assert value["levels"][0]["edges"]["share"] == 1.0
    error = invoke("stats", "--against", "oracle:x", fails=True).stderr
    assert "'oracle:x'" in error
    assert "onet" in error


def test_a_long_path_is_told_in_few_words(path: str) -> None:
    told = invoke("path", "bakers", "line cook", "--graph", path).stdout
    flat = " ".join(told.split())
    # 30 * 0.6 * 0.3 / sqrt((60 * 0.36 + 1) * 60 * 0.09)
    assert "→ Line Cook (49% alike)" in flat
    assert flat.count(" and 15 more") == 2  # 30 carry over, 30 are to be gained
    value = read("path", "bakers", "line cook", "--graph", path)
    assert len(value[1]["gained"]) == len(value[1]["shared"]) == 30


@pytest.mark.parametrize("library", ["networkx", "pyarrow"])
def test_export(path: str, tmp_path: Path, library: str) -> None:
    pytest.importorskip(library)
    kind = {"networkx": "graphml", "pyarrow": "parquet"}[library]
    out = tmp_path / f"graph.{kind}"
    told = invoke("export", "--graph", path, "--out", out).stdout
    assert told == f"Written as {kind} to {out}\n"
    assert out.is_dir() == (kind == "parquet")
    named = tmp_path / "named"
    invoke("export", "--graph", path, "--out", named, "--format", kind)
    assert named.exists()


def test_export_without_a_known_ending(path: str, tmp_path: Path) -> None:
    error = invoke("export", "--graph", path, "--out", tmp_path / "graph.csv", fails=True).stderr
    assert "graph.csv" in error
    assert "graphml, parquet" in error
    assert list(tmp_path.iterdir()) == []
