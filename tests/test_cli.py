"""The command line: what each command prints and leaves behind. Errors: `test_cli_errors.py`."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from hrdistill import __version__, run
from hrdistill.benchmark import Benchmark
from hrdistill.cli import main, progress
from hrdistill.evaluation.evaluate import evaluate
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sampling import ContextSampler
from hrdistill.graph.statistics import statistics
from hrdistill.records import Context, Experience
from hrdistill.rjdb import write_rjdb
from hrdistill.storage import content_hash, from_plain, read_json, read_jsonl
from hrdistill.students.base import load_student, train
from hrdistill.teacher.offline import OfflineTeacher

HEAVY = ("numpy", "scipy", "torch", "sklearn", "pandas", "rich", "pydantic", "matplotlib")
JOB = """Job Title: Line Cook

Required Skills
- Food Safety
- Knife Handling
- Forklift Operation

Required Experience
- 4 years as a Line Cook
"""
RESUME = """Personal Information
Name: Ann Example

Skills
- Food Safety
- Knife Handling

Experience
Line Cook (2019 - 2021)
- Cooked for 200 guests a night.
"""


@dataclass(frozen=True)
class World:
    """What the commands work on; not to be written to."""

    graph: str
    triples: str
    rows: str
    student: str
    job: str
    resume: str


@pytest.fixture(scope="session")
def world(
    graph: SkillOccupationGraph,
    triples_folder: Path,
    benchmark: Benchmark,
    tmp_path_factory: pytest.TempPathFactory,
) -> World:
    folder = tmp_path_factory.mktemp("world")
    graph.save(folder / "graph.json")
    write_rjdb(folder / "rows.jsonl", benchmark.triples[:20])
    train(benchmark.train, kind="lexical", out=folder / "lexical")
    (folder / "job.txt").write_text(JOB)
    (folder / "resume.md").write_text(RESUME)
    names = ("graph.json", "rows.jsonl", "lexical", "job.txt", "resume.md")
    paths = [str(folder / name) for name in names]
    return World(paths[0], str(triples_folder), *paths[1:])


def invoke(
    *args: object, stdin: str | None = None, env: dict[str, str] | None = None, **context: object
) -> Result:
    """Runs a command that is to succeed."""
    separate = "mix_stderr" in inspect.signature(CliRunner).parameters
    runner = CliRunner(**({"mix_stderr": False} if separate else {}))
    result = runner.invoke(main, [str(a) for a in args], input=stdin, env=env, **context)
    assert result.exit_code == 0, (result.stderr, result.exception)
    return result


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


def find(path: Sequence[str]) -> click.Command:
    command: click.Command = main
    for name in path:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    return command


# Help and startup


def test_the_commands_are_those_of_the_contract() -> None:
    top = [path[0] for path in commands(main) if path]
    assert {path[0] for path in commands(main) if path} == {
        "run", "graph", "sample", "generate", "benchmark", "train", "evaluate",
        "match", "explain", "extract", "edit", "cache", "mock-teacher",
    }  # fmt: skip
    assert top[0] == "run"
    assert {path[1] for path in commands(main) if path[:1] == ("graph",) and len(path) == 2} == {
        "build", "guide", "show", "stats", "path", "export"
    }  # fmt: skip
    assert {path[1] for path in commands(main) if path[:1] == ("cache",) and len(path) == 2} == {
        "stats", "clear"
    }  # fmt: skip
    inner = {path[1] for path in commands(main) if path[:1] == ("benchmark",) and len(path) == 2}
    assert inner == {"import", "split", "stats", "card", "preview", "compare", "export"}


@pytest.mark.parametrize("path", list(commands(main)), ids=" ".join)
def test_help_teaches(path: tuple[str, ...]) -> None:
    long, short = invoke(*path, "--help").stdout, invoke(*path, "-h").stdout
    assert long == short
    assert "Example" in long or path == ()
    assert f"hrdistill {' '.join(path)}".strip() in long.split("Options:")[0].split("\n", 1)[1]
    doc = (find(path).help or "").split("\n\n")
    assert len(doc) >= (2 if path == ("benchmark", "export") else 3)  # summary, paragraph, examples
    assert all(option.help for option in find(path).params if isinstance(option, click.Option))


def test_one_line_help_is_the_summary_of_the_command() -> None:
    told = invoke("--help", terminal_width=100).stdout.split("Commands:\n")[1]
    listed = dict(line.strip().split("  ", 1) for line in told.splitlines() if line.strip())
    for name, line in listed.items():
        summary = (find((name,)).help or "").split("\n")[0]
        assert summary == line.strip()


def test_a_mistyped_command_is_answered_with_the_nearest() -> None:
    result = CliRunner().invoke(main, ["evalaute"])
    assert result.exit_code == 2
    assert "Did you mean 'evaluate'?" in result.output


def test_version() -> None:
    assert invoke("--version").stdout == f"hrdistill {__version__}\n"


@pytest.mark.parametrize(
    "args", [["--help"], ["--version"], ["run", "--help"], ["graph", "show", "-h"]]
)
def test_help_loads_nothing_heavy(args: list[str]) -> None:
    script = (
        "import sys\nfrom hrdistill.cli import main\n"
        f"try: main({args!r})\nexcept SystemExit as end: assert not end.code\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    child = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert child.stdout.splitlines()[-1] == "[]"


# Graph, sample


def test_graph_build_writes_the_starter_graph(tmp_path: Path) -> None:
    out = tmp_path / "new" / "graph.json"
    told = invoke("graph", "build", "--source", "starter", "--out", out).stdout
    built, starter = SkillOccupationGraph.load(out), SkillOccupationGraph.starter()
    assert built.occupations == starter.occupations
    assert (built.weights != starter.weights).nnz == 0
    assert f"{len(starter.occupations):,} occupations" in told


def test_graph_stats_as_table_and_as_json(world: World, graph: SkillOccupationGraph) -> None:
    result = invoke("graph", "stats", "--graph", world.graph, "--json", "-")
    assert json.loads(result.stdout) == statistics(graph)
    table = invoke("graph", "stats", "--graph", world.graph).stdout
    assert "occupations" in table
    assert "32" in table


@pytest.mark.parametrize("name", ["Bakers", "baker", "PASTRY CHEF", "51-3011"])
def test_graph_show_finds_an_occupation_by_title_alias_or_id(world: World, name: str) -> None:
    value = json.loads(invoke("graph", "show", name, "--graph", world.graph, "--json", "-").stdout)
    assert value["occupation"]["title"] == "Bakers"
    weights = [skill["weight"] for skill in value["skills"]]
    assert weights == sorted(weights, reverse=True)
    assert value["nearest"][0]["title"] == "Cooks, Restaurant"
    table = invoke("graph", "show", name, "--graph", world.graph).stdout
    assert "Bread Baking" in table
    assert "ability" in table
    assert "Cooks, Restaurant" in table


def test_graph_show_finds_a_skill(world: World) -> None:
    value = json.loads(
        invoke("graph", "show", "stock control", "--graph", world.graph, "--json", "-").stdout
    )
    assert value["skill"]["name"] == "Inventory Management"
    assert [(o["title"], o["weight"]) for o in value["occupations"]] == [
        ("Bakers", 1.0), ("Cooks, Restaurant", 1.0), ("Stockers and Order Fillers", 1.0),
        ("Accountants and Auditors", 0.3),
    ]  # fmt: skip
    assert "Stockers and Order Fillers" in invoke(
        "graph", "show", "Inventory Management", "--graph", world.graph
    ).stdout  # fmt: skip


def test_graph_path_prints_each_step(world: World) -> None:
    args = ("graph", "path", "baker", "accountant", "--graph", world.graph)
    value = json.loads(invoke(*args, "--json", "-").stdout)
    told = invoke(*args).stdout
    for step in value:
        assert step["occupation"]["title"] in told
    assert "to be gained: " in told
    assert "QuickBooks" in told
    same = invoke("graph", "path", "baker", "pastry chef", "--graph", world.graph).stdout
    assert "Both names mean this occupation." in same


@pytest.mark.parametrize("strategy", ["walk", "uniform", "occupation"])
def test_sample_writes_one_context_a_line(
    world: World, graph: SkillOccupationGraph, tmp_path: Path, strategy: str
) -> None:
    out = tmp_path / "contexts.jsonl"
    invoke("sample", "-n", 7, "--graph", world.graph, "--strategy", strategy, "--seed", 5,
           "--out", out)  # fmt: skip
    found = [from_plain(Context, value, where="") for _, value in read_jsonl(out)]
    sampler = ContextSampler(graph, strategy=strategy)  # type: ignore[arg-type]
    assert found == list(sampler.sample_many(7, seed=5))


# Generate, benchmark


def test_generate_makes_what_the_library_makes(world: World, tmp_path: Path) -> None:
    args = ("generate", "-n", 120, "--graph", world.graph, "--seed", 7, "--out", tmp_path / "t")
    told = invoke(*args).stdout
    assert content_hash(tmp_path / "t") == content_hash(world.triples)
    assert told.startswith("120 triples (")
    invoke(*args)
    assert content_hash(tmp_path / "t") == content_hash(world.triples)


def test_generate_writes_about_given_contexts(world: World, tmp_path: Path) -> None:
    invoke("sample", "-n", 30, "--graph", world.graph, "--seed", 2, "--out", tmp_path / "c.jsonl")
    invoke("generate", "-n", 20, "--contexts", tmp_path / "c.jsonl", "--out", tmp_path / "t")
    made = Benchmark.load(tmp_path / "t")
    given = [value["id"] for _, value in read_jsonl(tmp_path / "c.jsonl")]
    assert len(made) == 20
    assert [t.id for t in made] == [i for i in given if i in {t.id for t in made}]


def test_benchmark_import_and_export_lose_nothing(world: World, tmp_path: Path) -> None:
    invoke("benchmark", "import", f"rjdb:{world.rows}", "--out", tmp_path / "b")
    invoke("benchmark", "export", tmp_path / "b", "--format", "rjdb", "--out", tmp_path / "r.jsonl")
    assert (tmp_path / "r.jsonl").read_bytes() == Path(world.rows).read_bytes()
    invoke("benchmark", "import", f"rjdb:{world.rows}[3:8]", "--out", tmp_path / "part")
    assert len(Benchmark.load(tmp_path / "part")) == 5


def test_benchmark_split_keeps_occupations_together(world: World, tmp_path: Path) -> None:
    invoke("benchmark", "import", f"rjdb:{world.rows}", "--out", tmp_path / "b")
    assert Benchmark.load(tmp_path / "b").splits == {}
    invoke("benchmark", "split", tmp_path / "b", "--seed", 3)
    found = Benchmark.load(tmp_path / "b")
    assert found.splits == Benchmark.load(f"rjdb:{world.rows}").split(seed=3).splits
    invoke("benchmark", "split", tmp_path / "b", "--seed", 4, "--again")
    again = Benchmark.load(tmp_path / "b")
    assert again.splits == found.split(seed=4).splits


def test_benchmark_stats_and_card(world: World, benchmark: Benchmark, tmp_path: Path) -> None:
    out = tmp_path / "stats.json"
    table = invoke("benchmark", "stats", world.triples, "--json", out).stdout
    assert read_json(out) == benchmark.statistics()
    assert "120" in table
    piped = invoke("benchmark", "stats", world.triples, "--json", "-").stdout
    assert json.loads(piped) == benchmark.statistics()
    assert invoke("benchmark", "card", world.triples).stdout == benchmark.card()


def test_benchmark_compare_tells_generated_from_imported(world: World, tmp_path: Path) -> None:
    rows, out = f"rjdb:{world.rows}[0:12]", tmp_path / "gap.json"
    shown = invoke("benchmark", "compare", world.triples, rows, "--json", out).stdout
    assert f"A {world.triples} (120 triples)" in " ".join(shown.split())
    value = read_json(out)
    assert (value["a"]["triples"], value["b"]["triples"], value["seed"]) == (120, 12, 0)
    piped = invoke("benchmark", "compare", world.triples, rows, "--json", "-").stdout
    assert json.loads(piped) == value
    args = ("--max-triples", 20, "--seed", 3, "--json", "-")
    few = json.loads(invoke("benchmark", "compare", world.triples, rows, *args).stdout)
    assert (few["a"]["triples"], few["seed"]) == (20, 3)


def test_benchmark_preview_shows_three_documents_and_the_removal(
    world: World, benchmark: Benchmark
) -> None:
    shown = invoke("benchmark", "preview", world.triples, "-n", 2, "--index", 4).stdout
    for triple in benchmark.triples[4:6]:
        assert triple.id in shown
        assert f"lacks {', '.join(triple.removal.skills)}" in " ".join(shown.split())
    assert benchmark.triples[6].id not in shown
    for name in ("job", "matched", "unmatched"):
        assert shown.count(f"─ {name} ─") == 2
    colours = invoke(
        "benchmark", "preview", world.triples, env={"FORCE_COLOR": "1", "TERM": "xterm"}
    ).stdout
    assert "\x1b[1;31m" in colours  # what is removed
    assert "\x1b[1;32m" in colours


# Train, evaluate


def test_train_learns_from_the_train_split_alone(
    world: World, benchmark: Benchmark, tmp_path: Path
) -> None:
    lexical = ("--student", "lexical", "--no-written")
    invoke("train", world.triples, *lexical, "--seed", 1, "--out", tmp_path / "a")
    train(
        benchmark.train, kind="lexical", out=tmp_path / "b", seed=1, dev=benchmark.dev,
        written=False,
    )  # fmt: skip
    assert content_hash(tmp_path / "a") == content_hash(tmp_path / "b")
    told = invoke("train", f"rjdb:{world.rows}[0:15]", *lexical, "--out", tmp_path / "c").stdout
    assert told.startswith("lexical trained on 15 triples")
    assert load_student(tmp_path / "c").manifest["n_triples"] == 15


def test_evaluate_gives_the_library_s_figures(
    world: World, benchmark: Benchmark, tmp_path: Path
) -> None:
    rows = f"rjdb:{world.rows}[0:10]"
    args = ("evaluate", world.student, "--on", world.triples, "--on", rows, "--json")
    value = json.loads(invoke(*args, "-").stdout)
    assert {r["on"] for r in value["results"]} == {world.triples, rows}
    assert {r["student"] for r in value["results"]} == {
        "lexical", "longer-resume", "gold-overlap", "flag-latest", "no-op"
    }  # fmt: skip
    expected = evaluate([load_student(world.student)], benchmark.test, on=world.triples).to_json()
    own = [r for r in value["results"] if r["on"] == world.triples]
    assert own == expected["results"]
    table = invoke(*args, tmp_path / "e.json", "--no-baselines").stdout
    assert "pairwise accuracy" in table
    assert {r["student"] for r in read_json(tmp_path / "e.json")["results"]} == {"lexical"}


def test_evaluate_writes_a_report(world: World, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    told = invoke("evaluate", world.student, "--on", f"rjdb:{world.rows}", "--html", out).stdout
    assert "<html" in out.read_text().lower()
    assert str(out) in told


def test_a_student_in_the_working_folder_has_a_name(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(world.student)
    args = ("evaluate", ".", "--on", f"rjdb:{world.rows}[0:3]", "--no-baselines", "--json", "-")
    assert {r["student"] for r in json.loads(invoke(*args).stdout)["results"]} == {"lexical"}


# Documents


def test_match_gives_verdict_probability_and_findings(world: World, tmp_path: Path) -> None:
    args = ("match", world.job, world.resume, "--student", world.student)
    told = invoke(*args).stdout
    assert told.startswith(("Match", "No match"))
    assert "Forklift Operation" in told
    assert "missing" in told
    assert "Line Cook (2019 - 2021)" in told
    value = json.loads(invoke(*args, "--json", "-").stdout)
    found = load_student(world.student).match(JOB.strip("\n"), RESUME.strip("\n"))
    assert value["probability"] == pytest.approx(found.probability)
    assert value["verdict"] == found.verdict
    for finding in value["findings"]:
        if evidence := finding["evidence"]:
            assert RESUME[evidence["start"] : evidence["end"]] == evidence["text"]
    invoke(*args, "--json", tmp_path / "m.json")
    assert read_json(tmp_path / "m.json") == value


@pytest.mark.parametrize("dash", [0, 1])
def test_one_document_may_come_from_standard_input(world: World, dash: int) -> None:
    documents = [world.job, world.resume]
    stdin = [JOB, RESUME][dash]
    args = ["--student", world.student, "--json", "-"]
    whole = invoke("match", *documents, *args).stdout
    documents[dash] = "-"
    assert invoke("match", *documents, *args, stdin=stdin).stdout == whole


def test_explain_says_what_is_missing_and_what_falls_short(world: World) -> None:
    args = ("explain", world.job, world.resume, "--student", world.student)
    assert invoke(*args).stdout.splitlines() == [
        'The job asks for 4 years as a Line Cook; the resume shows 2 ("Line Cook (2019 - 2021)").',
        "The resume does not show Forklift Operation, which the job lists.",
        "The resume shows Food Safety and Knife Handling.",
    ]
    value = json.loads(invoke(*args, "--json", "-").stdout)
    assert value["sentences"][1].startswith("The resume does not show Forklift Operation")
    assert len(value["findings"]) == 4


def test_extract_lists_skills_and_jobs(world: World) -> None:
    told = invoke("extract", world.resume, "--student", world.student).stdout
    assert told.splitlines() == [
        "Skills", "  Food Safety", "  Knife Handling", "Jobs", "  Line Cook  2019–2021  (2 years)"
    ]  # fmt: skip
    value = json.loads(invoke("extract", "-", "--student", world.student, "--json", "-",
                              stdin=RESUME).stdout)  # fmt: skip
    assert value == {
        "skills": ["Food Safety", "Knife Handling"],
        "experiences": [{"title": "Line Cook", "start_year": 2019, "end_year": 2021}],
    }


def test_edit_changes_what_is_named_and_nothing_else(world: World, tmp_path: Path) -> None:
    out = tmp_path / "new.txt"
    result = invoke(
        "edit", world.resume, "--student", world.student, "--add", "Payroll",
        "--remove", "Food Safety", "--years", "Line Cook (2019 - 2021) => 2019-2023", "--out", out,
    )  # fmt: skip
    expected = RESUME.replace("- Food Safety\n- Knife Handling\n", "- Knife Handling\n- Payroll\n")
    assert out.read_text() == expected.replace("2019 - 2021", "2019 - 2023")
    assert str(out) in result.stdout
    assert result.stderr == ""


def test_edit_prints_the_resume_and_tells_what_had_no_effect(world: World) -> None:
    args = ("edit", world.resume, "--student", world.student, "--remove", "Cobol")
    result = invoke(*args)
    assert result.stdout == RESUME
    assert result.stderr == "No effect: remove the skills: Cobol\n"
    value = json.loads(invoke(*args, "--add", "Payroll", "--json", "-").stdout)
    assert value["without_effect"] == ["remove the skills: Cobol"]
    assert "- Payroll" in value["resume"]


def test_edit_drops_and_adds_jobs(world: World) -> None:
    args = ("edit", world.resume, "--student", world.student)
    grown = invoke(*args, "--add-job", "Baker (2013 – 2016)").stdout
    assert "Baker (2013 - 2016)" in grown
    assert "Line Cook (2019 - 2021)" in grown
    assert "Line Cook" not in invoke(*args, "--drop-job", "Line Cook (2019 - 2021)").stdout


# Run


def run_args(world: World, out: Path, *more: object) -> list[object]:
    return ["run", "--out", out, "-n", 60, "--graph", world.graph, "--student", "lexical",
            "--workers", 1, *more]  # fmt: skip


@pytest.fixture(scope="module")
def finished(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run; not to be written to."""
    out = tmp_path_factory.mktemp("runs") / "demo"
    result = invoke(*run_args(world, out))
    assert "60 triples: " in result.stderr
    assert "student lexical: " in result.stderr
    assert str(out / "report.html") in result.stdout
    return out


def test_run_leaves_what_the_contract_says(finished: Path) -> None:
    assert len(SkillOccupationGraph.load(finished / "graph" / "graph.json").occupations) == 8
    benchmark = Benchmark.load(finished / "triples")
    assert len(benchmark) == 60
    load_student(finished / "students" / "lexical")
    assert "<html" in (finished / "report.html").read_text().lower()
    value = read_json(finished / "results.json")
    assert set(value) == {"seconds", "results"}
    assert value["seconds"] > 0
    assert {r["on"] for r in value["results"]} == {"test", "written"}
    for row in value["results"]:
        assert list(row) == ["student", "on", "task", "metric", "value", "low", "high", "n"]
        assert row["on"] == "written" or row["n"] <= len(benchmark.test)
    keys = [(r["student"], r["on"], r["task"], r["metric"]) for r in value["results"]]
    assert len(set(keys)) == len(keys)


def copied(finished: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(finished, tmp_path / "run"))


def test_run_again_keeps_what_is_finished(world: World, finished: Path, tmp_path: Path) -> None:
    out = copied(finished, tmp_path)
    before = content_hash(out)
    again = invoke(*run_args(world, out, "--json", "-"))
    assert content_hash(out) == before
    assert json.loads(again.stdout) == read_json(finished / "results.json")
    assert [line.partition(": ")[2] for line in again.stderr.splitlines()[:-1]] == [
        "kept from before"
    ] * 4


def test_run_adds_an_evaluation_set_without_training_again(
    world: World, finished: Path, tmp_path: Path
) -> None:
    out = copied(finished, tmp_path)
    rows = f"rjdb:{world.rows}[0:10]"
    told = invoke(*run_args(world, out, "--on", rows)).stderr
    assert "student lexical: kept from before" in told
    results = read_json(out / "results.json")["results"]
    assert {r["on"] for r in results} == {"test", "written", rows}
    before = read_json(finished / "results.json")["results"]
    assert [r for r in results if r["on"] != rows] == before


@pytest.mark.parametrize("lost", ["students/lexical/manifest.json", "report.html"])
def test_run_mends_what_is_lost(world: World, finished: Path, tmp_path: Path, lost: str) -> None:
    out = copied(finished, tmp_path)
    (out / lost).unlink()
    invoke(*run_args(world, out))
    assert content_hash(out / "students") == content_hash(finished / "students")
    found, before = read_json(out / "results.json"), read_json(finished / "results.json")
    assert found["results"] == before["results"]
    assert (out / "report.html").exists()


@pytest.mark.parametrize("step", ["60 triples", "student lexical", "report"])
def test_an_interrupted_run_goes_on(
    graph: SkillOccupationGraph, finished: Path, tmp_path: Path, step: str
) -> None:
    def interrupt(at: run.RunStep) -> None:
        if at.name.startswith(step) and at.seconds is None:
            raise KeyboardInterrupt

    def go(progress: Callable[[run.RunStep], None] | None) -> None:
        run.run(tmp_path, n=60, graph=graph, teacher=OfflineTeacher(), students=["lexical"],
                progress=progress)  # fmt: skip

    with pytest.raises(KeyboardInterrupt):
        go(interrupt)
    assert not (tmp_path / "results.json").exists()
    go(None)
    for part in ("graph", "triples", "students"):
        assert content_hash(tmp_path / part) == content_hash(finished / part)
    found, before = read_json(tmp_path / "results.json"), read_json(finished / "results.json")
    assert found["results"] == before["results"]


def test_a_half_written_student_of_an_interrupted_run_is_trained_anew(
    world: World, finished: Path, tmp_path: Path
) -> None:
    out = copied(finished, tmp_path)
    folder = out / "students" / "lexical"
    (folder / "manifest.json").unlink()
    (folder / "weights.json").write_text("{")
    invoke(*run_args(world, out))
    assert content_hash(folder) == content_hash(finished / "students" / "lexical")


# Ends


def test_an_interrupt_is_one_line_and_exit_code_130(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("hrdistill.generation.maker.make_triple", interrupt)
    args = ["generate", "-n", "9", "--graph", world.graph, "--out", str(tmp_path / "t")]
    result = CliRunner().invoke(main, args)
    assert result.exit_code == 130
    assert result.output == "Interrupted; run the same command again to continue.\n"
    monkeypatch.undo()
    invoke(*args)
    assert len(Benchmark.load(tmp_path / "t")) == 9


def test_a_reader_that_goes_away_is_no_error(world: World) -> None:
    script = "from hrdistill.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", script, "evaluate", world.student, "--on", f"rjdb:{world.rows}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        told = child.stderr.read()
    assert "Traceback" not in told
    assert "Error" not in told


class Clock:
    """Time that tests move."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


def test_without_a_terminal_progress_is_a_line_every_five_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    with progress.progress() as reporter:
        for second in range(13):
            clock.now = 100.0 + second
            reporter.update("generate", 100 * second, 2000, "3 rejected")
        clock.now += 1
        reporter.update("train", 0.0, 1)
        clock.now += 5
        reporter.update("train", 0.25, 1)
        clock.now += 5
        reporter.update("report", 0, 0)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        "generate: 25% (500 of 2,000), 100.0/s, 15 s left, 3 rejected",
        "generate: 50% (1,000 of 2,000), 100.0/s, 10 s left, 3 rejected",
        "train: 25%, 15 s left",
    ]


def test_on_a_terminal_progress_is_a_bar_that_goes_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with progress.progress() as reporter:
        reporter.update("rows[a:b]", 0, 10)
        reporter.update("rows[a:b]", 5, 10, "half")
        reporter.update("other", 1, 1)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "rows[a:b]" in captured.err


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.04, "0.0 s"), (8.31, "8.3 s"), (42.4, "42 s"), (240, "4 min")]
)
def test_durations(seconds: float, told: str) -> None:
    assert progress.duration(seconds) == told


def test_jobs_are_read_as_people_write_them() -> None:
    from hrdistill.cli.inputs import parse_job, parse_years

    assert parse_job(" Cook (Line)  (2013–2016) ") == Experience("Cook (Line)", 2013, 2016)
    assert parse_years("Baker (2013 - 2016) => (2013 - 2018)") == (
        Experience("Baker", 2013, 2016), Experience("Baker", 2013, 2018)
    )  # fmt: skip
