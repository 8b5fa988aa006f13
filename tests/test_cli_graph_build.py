"""`graph build` and what `sample` says of its contexts, through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from hrdistill.cli import main
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.storage import read_jsonl


def invoke(*args: object) -> str:
    result = CliRunner().invoke(main, [str(arg) for arg in args], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return result.stdout


@pytest.fixture
def sources(tmp_path: Path, graph: SkillOccupationGraph) -> list[str]:
    """A small graph, postings that name its things as people do, and jobs held in them."""
    graph.save(tmp_path / "base.json")
    rows = ["title,skills"]
    rows += ['Sr. Java Developer (remote),"Java 8; SQL; Kotlin"'] * 4
    rows += ['Baker,"Bread Baking; Food Safety"'] * 4
    rows += ["Registered Nurse,Wound Care"]
    (tmp_path / "ours.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "oews.csv").write_text(
        "OCC_CODE,OCC_TITLE,O_GROUP,TOT_EMP\n51-3011,Bakers,detailed,1000\n"
        "29-1141,Registered Nurses,detailed,3000\n"
    )
    specs = ["graph:base.json", "postings:ours.csv", "soc:oews.csv"]
    return [word for spec in specs for word in ("--source", spec)]


def test_sources_are_merged_reported_and_give_the_same_bytes(
    tmp_path: Path, sources: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = invoke("graph", "build", *sources, "--out", "first.json")
    assert "1 fewer than 3 postings" in told
    built = SkillOccupationGraph.load("first.json")
    developer = built.find_occupation("Java Developer")
    edges = {
        skill.name: built.sources_of(developer, built.find_skill(skill.name))
        for skill, _ in built.skills_of("Java Developer")
    }
    assert edges["Java"] == ("base", "postings")
    assert edges["Kotlin"] == ("postings",)
    assert edges["Git"] == ("base",)
    assert sorted(built.employment.values()) == [1000.0, 3000.0]
    report = json.loads(Path("first.json.report.json").read_text())
    assert [source["name"] for source in report["sources"]] == ["base", "postings", "soc"]
    merged = next(
        step for step in report["steps"]
        if (step["name"], step["source"]) == ("merge skills", "postings")
    )  # fmt: skip
    assert merged["examples"]["version of another"] == ["Java 8 -> Java"]
    invoke("graph", "build", *sources, "--out", "second.json")
    assert Path("first.json").read_bytes() == Path("second.json").read_bytes()


def test_min_support(tmp_path: Path, sources: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    invoke("graph", "build", *sources, "--min-support", 5, "--out", "few.json")
    assert not SkillOccupationGraph.load("few.json").knows_skill("Kotlin")


def test_a_folder_is_no_place_for_a_graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "made").mkdir()
    result = CliRunner().invoke(main, ["graph", "build", "--source", "no:where", "--out", "made"])
    assert result.exit_code == 2
    assert "made is a folder" in result.output  # told before any source is read
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def test_sample_by_employment(
    tmp_path: Path, sources: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    invoke("graph", "build", *sources, "--out", "graph.json")
    said = json.loads(
        invoke("sample", "-n", 400, "--graph", "graph.json", "--balance", "employment", "--out",
               "c.jsonl", "--json", "-")
    )  # fmt: skip
    titles = [value["occupation"]["title"] for _, value in read_jsonl("c.jsonl")]
    assert titles.count("Registered Nurses") == pytest.approx(300, abs=2)
    assert titles.count("Bakers") == pytest.approx(100, abs=2)
    assert (said["contexts"], said["occupations"]) == (400, 2)
    assert 0 < said["skill_entropy"] < 5


def test_sample_only(tmp_path: Path, graph: SkillOccupationGraph) -> None:
    graph.save(tmp_path / "graph.json")
    invoke("sample", "-n", 60, "--graph", tmp_path / "graph.json", "--only", "51", "--only",
           "healthcare", "--out", tmp_path / "c.jsonl")  # fmt: skip
    titles = {value["occupation"]["title"] for _, value in read_jsonl(tmp_path / "c.jsonl")}
    assert titles == {"Bakers", "Registered Nurses"}
