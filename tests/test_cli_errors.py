"""What users can get wrong: one line on standard error that names it, exit code 2, nothing left."""

from __future__ import annotations

import inspect
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hrdistill.benchmark import Benchmark
from hrdistill.cli import main
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.rjdb import write_rjdb
from hrdistill.storage import locked, read_json, write_json
from hrdistill.students.base import train

RESUME = "Skills\n- Food Safety\n\nExperience\nLine Cook (2019 - 2021)\n"


@pytest.fixture(scope="module")
def original(
    graph: SkillOccupationGraph,
    triples_folder: Path,
    benchmark: Benchmark,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A folder with one of each thing, in order."""
    folder = tmp_path_factory.mktemp("errors") / "original"
    graph.save(folder / "graph.json")
    write_rjdb(folder / "rows.jsonl", benchmark.triples[:12])
    shutil.copytree(triples_folder, folder / "triples")
    train(benchmark.train, kind="lexical", out=folder / "student")
    (folder / "job.txt").write_text("Job Title: Line Cook\n\nRequired Skills\n- Food Safety\n")
    (folder / "resume.txt").write_text(RESUME)
    (folder / "empty.txt").write_text(" \n")
    (folder / "binary.txt").write_bytes(bytes(range(9)) * 99)
    (folder / "noise.txt").write_bytes(bytes(range(256)) * 8)
    (folder / "fake.pdf").write_bytes(b"no pdf at all")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n")
    return folder


@pytest.fixture
def here(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, as the working folder."""
    folder = Path(shutil.copytree(original, tmp_path / "here"))
    monkeypatch.chdir(folder)
    return folder


def contents(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
        if path.name != ".lock"
    }


def invoke(args: str | list[str], stdin: str | None = None) -> Result:
    separate = "mix_stderr" in inspect.signature(CliRunner).parameters
    runner = CliRunner(**({"mix_stderr": False} if separate else {}))
    return runner.invoke(main, args if isinstance(args, list) else args.split(), input=stdin)


def fails(args: str | list[str], *named: str, stdin: str | None = None) -> str:
    """The one line that a command ends with; it changes nothing in the working folder."""
    before = contents(Path.cwd())
    result = invoke(args, stdin)
    assert result.exit_code == 2, (result.stdout, result.stderr, result.exception)
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("Error: ")
    for name in named:
        assert name in lines[0]
    assert contents(Path.cwd()) == before
    return lines[0]


def misused(args: str | list[str], *named: str) -> None:
    """A command line that is wrong in itself is answered with the usage."""
    result = invoke(args)
    assert result.exit_code == 2
    assert "Usage: " in result.stderr
    for name in named:
        assert name in result.stderr


# Graphs


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ("graph show pastrychef --graph graph.json", ["occupation 'pastrychef'", "'pastry chef'",
                                                      "skill 'pastrychef'"]),
        ("graph path baker acountant --graph graph.json", ["'acountant'", "'accountant'"]),
        ("graph path bakr accountant --graph graph.json", ["'bakr'", "'baker'"]),
        ("graph stats --graph nowhere.json", ["nowhere.json", "does not exist"]),
        ("graph stats --graph triples", ["triples", "folder"]),
        ("graph stats --graph student/weights.json", ["weights.json", "expected a graph"]),
        ("graph stats --graph rows.jsonl", ["rows.jsonl", "line 2", "expected JSON"]),
        ("graph stats --graph noise.txt", ["noise.txt", "UTF-8"]),
        ("graph build --source onet:db --out new.json", ["onet", "db", "check the path"]),
        ("graph build --source onit:db --out new.json", ["'onit:db'", "onet:PATH"]),
        ("graph build --source onet --out new.json", ["'onet'", "onet:PATH"]),
        ("graph build --source starter --source esco:x --out new.json", ["esco", "x does not"]),
        ("graph build --source starter --source starter --out new.json", ["different names"]),
        ("graph build --source postings:noise.txt --out new.json", ["postings", "noise.txt"]),
        ("graph build --source starter --out graph.json/new.json", ["graph.json/new.json"]),
        ("sample -n 3 --graph nowhere.json --out new.jsonl", ["nowhere.json"]),
        ("sample -n 3 --out job.txt/new.jsonl", ["job.txt/new.jsonl"]),
    ],
)  # fmt: skip
def test_graphs(here: Path, args: str, named: list[str]) -> None:
    fails(args, *named)


def damaged_graph(change: Callable[[dict[str, Any]], None]) -> None:
    content = read_json("graph.json")
    change(content)
    write_json("graph.json", content)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda g: g.update(format_version=99), ["version 99", "reads version 1"]),
        (lambda g: g.pop("edges"), ["edges"]),
        (lambda g: g["skills"][3].pop("kind"), ["skills", "3.kind", "required"]),
        (lambda g: g["skills"][3].update(kind="magic"), ["skills", "3.kind", "'magic'"]),
        (lambda g: g["occupations"][2].update(aliases="Cook"), ["occupations", "2.aliases"]),
        (lambda g: g["edges"][0].__setitem__(1, 4000), ["edge 0", "4000"]),
        (lambda g: g["edges"][0].__setitem__(2, "heavy"), ["edges", "0.2", "'heavy'"]),
        (lambda g: g["edges"][0].__setitem__(2, 1.5), ["weights"]),
        (lambda g: g["skills"].append(g["skills"][0]), ["stands twice", "'java'"]),
        (lambda g: g.update(occupations=[], edges=[]), ["0 occupations"]),
    ],
)
def test_damaged_graphs(
    here: Path, change: Callable[[dict[str, Any]], None], named: list[str]
) -> None:
    damaged_graph(change)
    fails("graph stats --graph graph.json", *named)
    fails("generate -n 5 --graph graph.json --out new", *named)


def test_a_malformed_table_of_the_starter_graph_is_named(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hrdistill.graph import tables

    for part, header in (("occupations", "title\tsoc_code"), ("skills", "name\tkind\taliases")):
        (here / "tables" / part).mkdir(parents=True)
        (here / "tables" / part / "a.tsv").write_text(header + "\n")
    monkeypatch.setattr(tables, "starter", lambda: tables.read_tables(here / "tables"))
    fails("graph stats", "occupations/a.tsv", "line 1", "expected the columns title, soc_code")
    (here / "tables" / "skills" / "a.tsv").write_text("name\tkind\taliases\nBaking\tmagic\t\n")
    fails("graph stats", "skills/a.tsv", "line 2", "'kind'", "'magic'")
    (here / "tables" / "skills" / "a.tsv").write_text("name\tkind\taliases\nBaking\n")
    fails("graph stats", "skills/a.tsv", "line 2", "expected 3 fields", "found 1")


# Benchmarks and rows


def damage_row(change: Callable[[dict[str, Any]], object]) -> None:
    """Changes the fourth of the rows."""
    lines = Path("rows.jsonl").read_text().splitlines()
    row = json.loads(lines[3])
    change(row)
    lines[3] = json.dumps(row)
    Path("rows.jsonl").write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda r: r.pop("Job-Description"), "Job-Description"),
        (lambda r: r.pop("Resume-unmatched"), "Resume-unmatched"),
        (lambda r: r.pop("Skills"), "Skills"),
        (lambda r: r.pop("Filtered-information"), "Filtered-information"),
        (lambda r: r.update({"Resume-matched": None}), "Resume-matched"),
        (lambda r: r.update({"Resume-matched": ["x"]}), "Resume-matched"),
        (lambda r: r.update({"Skills": "Baking"}), "Skills"),
        (lambda r: r.update({"Skills": ["Baking", 3]}), "Skills"),
        (lambda r: r.update({"Experiences": {"Baker": 1}}), "Experiences"),
        (lambda r: r.update({"Experiences-years": []}), "Experiences-years"),
        (lambda r: r.update({"Experiences-years": [[["a"], "b"], 2016, [3]]}), "Experiences-years"),
        (lambda r: r["Filtered-information"].pop("Skills"), "Filtered-information"),
        (lambda r: r["Filtered-information"].update(Skills=3), "Filtered-information.Skills"),
        (lambda r: r["Filtered-information"].update(Experience=3),
         "Filtered-information.Experience"),
        (lambda r: r["Filtered-information"].update(Experience="somehow"),
         "Filtered-information.Experience"),
    ],
)  # fmt: skip
def test_malformed_rows(here: Path, change: Callable[[dict[str, Any]], object], field: str) -> None:
    damage_row(change)
    fails("benchmark import rjdb:rows.jsonl --out new", "rows.jsonl, line 4", f"field '{field}'")
    fails("train rjdb:rows.jsonl --student lexical --out new", "rows.jsonl, line 4")


def test_a_row_that_is_no_object(here: Path) -> None:
    rows = here / "rows.jsonl"
    good = rows.read_text()
    rows.write_text(good + "[1, 2]\n")
    fails("benchmark stats rjdb:rows.jsonl", "rows.jsonl, line 13", "an object")
    rows.write_text(good[: len(good) // 2])
    fails("benchmark stats rjdb:rows.jsonl", "rows.jsonl, line ", "column ", "JSON object a line")
    rows.write_text("")
    fails("benchmark stats rjdb:rows.jsonl", "expected rows of RJDB, found none")


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ("benchmark import rows.jsonl --out new", ["rjdb:PATH", "'rows.jsonl'"]),
        ("benchmark import rjdb:nowhere.jsonl --out new", ["nowhere.jsonl", "does not exist"]),
        ("benchmark import rjdb:rows.jsonl[40:50] --out new", ["rows.jsonl[40:50]", "none"]),
        ("benchmark import rjdb:rows.jsonl --out job.txt", ["job.txt"]),
        ("benchmark import rjdb:rows.jsonl --out student", ["student", "triples"]),
        ("benchmark import rjdb:rows.jsonl --out job.txt/new", ["job.txt/new"]),
        ("benchmark stats nowhere", ["nowhere", "does not exist"]),
        ("benchmark stats student", ["manifest.json", "'triples'", "'student'"]),
        ("benchmark stats rows.jsonl", ["rows.jsonl"]),
        ("benchmark split triples", ["triples", "--again"]),
        ("benchmark preview triples --index 120", ["0 to 119", "120"]),
        ("benchmark export triples --out job.txt/rows.jsonl", ["job.txt/rows.jsonl"]),
        ("benchmark export nowhere --out new.jsonl", ["nowhere"]),
        ("benchmark compare triples nowhere", ["nowhere", "does not exist"]),
        ("benchmark compare triples rjdb:rows.jsonl[40:50]", ["rows.jsonl[40:50]", "none"]),
    ],
)
def test_benchmarks(here: Path, args: str, named: list[str]) -> None:
    fails(args, *named)


def test_half_written_benchmarks(here: Path) -> None:
    shard = here / "triples" / "00000.jsonl"
    whole = shard.read_text()
    lines = whole.splitlines(keepends=True)
    shard.write_text("".join(lines[:-1]))
    fails("benchmark stats triples", "counts 120 triples", "hold 119")
    shard.write_text(whole[:-100])
    fails("benchmark stats triples", "00000.jsonl, line 120", "column")
    value = json.loads(lines[5])
    del value["matched_resume"]
    shard.write_text("".join([*lines[:5], json.dumps(value) + "\n", *lines[6:]]))
    fails("evaluate student --on triples", "00000.jsonl, line 6", "'matched_resume'", "required")
    shard.unlink()
    fails("train triples --student lexical --out new", "hold 0")
    (here / "triples" / "manifest.json").unlink()
    fails("benchmark card triples", "triples holds no manifest.json", "interrupted")
    (here / "triples" / "manifest.json").write_text("{")
    fails("benchmark card triples", "manifest.json, line 1", "expected JSON")


def test_a_benchmark_of_another_version(here: Path) -> None:
    manifest = read_json("triples/manifest.json")
    write_json("triples/manifest.json", {**manifest, "format_version": 7})
    fails("benchmark stats triples", "format version 7", "reads version 1")


# Sample, generate


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ("generate -n 5 --teacher= --out new", ["'offline' or the name of a model", "empty"]),
        ("generate -n 5 --graph graph.json --out student", ["student"]),
        ("generate -n 5 --graph graph.json --out job.txt", ["job.txt"]),
        ("generate -n 5 --graph graph.json --out triples", ["triples", "other settings", "seed 7"]),
        ("generate -n 5 --contexts nowhere.jsonl --out new", ["nowhere.jsonl"]),
        ("generate -n 5 --contexts empty.txt --out new", ["empty.txt", "contexts"]),
        ("generate -n 5 --contexts rows.jsonl --out new", ["rows.jsonl, line 1", "'id'"]),
        ("generate -n 5 --contexts noise.txt --out new", ["noise.txt", "UTF-8"]),
    ],
)
def test_generate(here: Path, args: str, named: list[str]) -> None:
    fails(args, *named)


def test_generate_from_contexts_that_are_wrong_or_too_few(here: Path) -> None:
    assert invoke("sample -n 4 --graph graph.json --out contexts.jsonl").exit_code == 0
    path = here / "contexts.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines, lines[1]]))
    fails("generate -n 2 --contexts contexts.jsonl --out new", "line 5", "stands twice")
    value = json.loads(lines[2])
    value["experiences"][0]["start_year"] = "long ago"
    path.write_text("".join([*lines[:2], json.dumps(value) + "\n"]))
    fails("generate -n 2 --contexts contexts.jsonl --out new", "line 3",
          "'experiences.0.start_year'", "'long ago'")  # fmt: skip
    path.write_text("".join(lines))
    result = invoke("generate -n 9 --contexts contexts.jsonl --out new")
    assert result.exit_code == 2
    assert "wanted 9 triples" in result.stderr
    assert "of 4 contexts" in result.stderr
    assert not (here / "new" / "manifest.json").exists()


def test_a_folder_that_another_run_writes_to(here: Path) -> None:
    with locked("new"):
        fails("generate -n 5 --graph graph.json --out new", "new", "another run")
        fails("run -n 60 --graph graph.json --student lexical --out new", "new", "another run")


# Students


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ("train nowhere --student lexical --out new", ["nowhere"]),
        ("train rjdb:rows.jsonl[0:9] --student lexical --out new", ["at least 10", "found 9"]),
        ("train triples --student lexical --minutes 0 --out new", ["minutes", "0"]),
        ("train triples --student lexical --minutes nan --out new", ["minutes", "nan"]),
        ("train triples --student lexical --out job.txt", ["job.txt"]),
        ("train triples --student lexical --out .", ["not empty"]),
        ("evaluate nowhere --on triples", ["nowhere"]),
        ("evaluate triples --on triples", ["'student'", "'triples'"]),
        ("evaluate student --on nowhere", ["nowhere"]),
        ("evaluate student --on rjdb:rows.jsonl[99:]", ["rows.jsonl[99:]"]),
        ("evaluate student ./student --on triples", ["distinct names", "student, student"]),
        ("evaluate student --on rjdb:rows.jsonl --json job.txt/new.json", ["job.txt/new.json"]),
        ("match job.txt resume.txt --student nowhere", ["nowhere", "does not exist"]),
        ("match job.txt resume.txt --student job.txt", ["job.txt"]),
        ("match job.txt resume.txt --student .", ["no manifest.json"]),
    ],
)
def test_students(here: Path, args: str, named: list[str]) -> None:
    fails(args, *named)


def test_damaged_students(here: Path) -> None:
    manifest = read_json("student/manifest.json")
    ask = "match job.txt resume.txt --student student"
    for change, named in (
        ({"format_version": 99}, ["format version 99", "reads version 1"]),
        ({"kind": "triples"}, ["'student'", "'triples'"]),
        ({"student": "oracle"}, ["'oracle'", "lexical, encoder"]),
    ):
        write_json("student/manifest.json", {**manifest, **change})
        fails(ask, *named)
    write_json("student/manifest.json", manifest)
    Path("student/weights.json").write_text('{"requirement": ')
    fails(ask, "weights.json", "damaged")
    Path("student/weights.json").unlink()
    fails(ask, "weights.json", "train it again")
    Path("student/manifest.json").unlink()
    fails(ask, "student holds no manifest.json")


@pytest.mark.parametrize(
    "args",
    [
        "train triples --student encoder --out new",
        "run -n 60 --graph graph.json --out new",
        "match job.txt resume.txt --student encoder",
    ],
)
def test_a_missing_extra_is_named_with_its_installation(here: Path, args: str) -> None:
    manifest = read_json("student/manifest.json")
    write_json("encoder/manifest.json", {**manifest, "student": "encoder"})
    before = contents(here)
    script = (
        "import sys\n"
        "class Blocker:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('torch', 'transformers'):\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Blocker())\n"
        f"from hrdistill.cli import main\nmain({args.split()!r})"
    )
    child = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert child.returncode == 2
    assert child.stderr == (
        "Error: torch is not installed, and this needs it. "
        "Install it with: pip install 'hrdistill[encoder]'\n"
    )
    assert contents(here) == before


# Documents


@pytest.mark.parametrize("command", ["match", "explain"])
def test_both_documents_from_standard_input(here: Path, command: str) -> None:
    fails(f"{command} - - --student student", "standard input", "at most one '-'", stdin="Baker")


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("nowhere.txt", ["nowhere.txt", "readable file"]),
        ("empty.txt", ["empty.txt", "it is empty"]),
        ("binary.txt", ["binary.txt", "binary data"]),
        ("noise.txt", ["noise.txt", "bytes that are not"]),
        ("fake.pdf", ["fake.pdf", "a PDF"]),
        ("picture.png", ["picture.png", ".pdf .docx"]),
        ("triples", ["triples", "a folder"]),
        ("-", ["standard input", "it is empty"]),
    ],
)
def test_documents(here: Path, name: str, named: list[str]) -> None:
    fails(f"match job.txt {name} --student student", *named, stdin="")
    fails(f"match {name} resume.txt --student student --json new.json", *named, stdin="")
    fails(f"extract {name} --student student", *named, stdin="")
    fails(f"edit {name} --student student --add Baking --out new.txt", *named, stdin="")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (["--add-job", "Baker"], ["'Baker (2013 - 2016)'", "'Baker'"]),
        (["--add-job", "(2013 - 2016)"], ["'(2013 - 2016)'"]),
        (["--drop-job", "Baker (2013)"], ["'Baker (2013)'"]),
        (["--drop-job", "Baker (2016 - 2013)"], ["2016", "2013"]),
        (["--years", "Baker (2013 - 2016)"], ["=> 2013-2018", "'Baker (2013 - 2016)'"]),
        (["--years", "Baker => 2013-2018"], ["'Baker '"]),
        (["--years", "Baker (2013 - 2016) => 2018-2013"], ["2018", "2013"]),
        (["--add", " "], ["empty"]),
        (["--remove", ""], ["empty"]),
        (["--add", "Baking", "--out", "new.docx"], ["new.docx", ".txt"]),
        (["--add", "Baking", "--out", "job.txt/new.txt"], ["job.txt/new.txt"]),
    ],
)
def test_edits(here: Path, change: list[str], named: list[str]) -> None:
    fails(["edit", "resume.txt", "--student", "student", *change], *named)


# Run


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ("-n 49", ["at least 50", "found 49"]),
        ("--minutes 0", ["minutes", "0"]),
        ("--minutes nan", ["minutes", "nan"]),
        ("--teacher=", ["'offline' or the name of a model", "empty"]),
        ("--student oracle", ["'oracle'", "lexical, encoder"]),
        ("--student lexical", ["distinct", "lexical, lexical"]),
        ("--on test", ["distinct evaluation sets"]),
        ("--on rjdb:rows.jsonl --on rjdb:rows.jsonl", ["distinct evaluation sets"]),
        ("--on rjdb:nowhere.jsonl", ["nowhere.jsonl"]),
        ("--on nowhere", ["nowhere"]),
        ("--graph nowhere.json", ["nowhere.json"]),
        ("--out job.txt", ["job.txt"]),
        ("--out triples", ["triples", "not empty", "no run"]),
    ],
)
def test_run(here: Path, args: str, named: list[str]) -> None:
    fails(f"run -n 60 --graph graph.json --student lexical --out new {args}", *named)


def test_run_with_other_settings_is_refused(here: Path) -> None:
    record = {
        "format_version": 1, "seconds": {}, "students": {}, "evaluation": {},
        "settings": {"n": 60, "seed": 0, "teacher": "offline", "minutes": 4.0, "graph": "0" * 16},
    }  # fmt: skip
    write_json("old/run.json", record)
    fails("run -n 70 --seed 3 --minutes 2 --graph graph.json --student lexical --out old",
          "n 60 (now 70)", "seed 0 (now 3)", "minutes 4.0 (now 2.0)", "graph '0000")  # fmt: skip
    write_json("old/run.json", {**record, "format_version": 2})
    fails("run -n 60 --graph graph.json --student lexical --out old", "old/run.json", "version 1")
    write_json("old/run.json", {**record, "students": []})
    fails("run -n 60 --graph graph.json --student lexical --out old", "old/run.json", "damaged")
    Path("old/run.json").write_text("{")
    fails("run -n 60 --graph graph.json --student lexical --out old", "old/run.json, line 1")


# Usage


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ("nonsense", ["'nonsense'"]),
        ("graph nonsense", ["'nonsense'"]),
        ("generate --out new", ["'-n'"]),
        ("generate -n 0 --out new", ["0 is not in the range"]),
        ("generate -n many --out new", ["'many'"]),
        ("generate -n 5 --workers 0 --out new", ["0 is not in the range"]),
        ("generate -n 5 --engine spark --out new", ["'spark'", "local", "ray"]),
        ("generate -n 5 --graph graph.json --contexts rows.jsonl --out new", ["not both"]),
        ("generate -n 5 --seed -1 --out new", ["-1 is not in the range"]),
        ("sample -n 5 --strategy magic --out new", ["'magic'", "walk"]),
        ("train triples --student seq2seq --out new", ["'seq2seq'", "encoder"]),
        ("train triples", ["'--out'"]),
        ("evaluate student", ["'--on'"]),
        ("evaluate --on triples", ["STUDENT"]),
        ("match job.txt --student student", ["RESUME"]),
        ("match job.txt resume.txt", ["'--student'"]),
        ("edit resume.txt --student student", ["nothing to change"]),
        ("benchmark export triples --format csv --out new", ["'csv'", "rjdb"]),
        ("run", ["'--out'"]),
    ],
)
def test_usage(here: Path, args: str, named: list[str]) -> None:
    before = contents(here)
    misused(args, *named)
    assert contents(here) == before


def test_an_error_of_several_lines_becomes_one(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def trouble(path: object) -> None:
        raise OSError(28, "No space left\non device", "graph.json")

    monkeypatch.setattr(SkillOccupationGraph, "load", trouble)
    assert fails("graph stats --graph graph.json") == "Error: graph.json: No space left on device"
