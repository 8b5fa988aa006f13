"""The command line with a model as the teacher: runs, money, replies kept, interrupts and kills."""

from __future__ import annotations

import inspect
import json
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner, Result

from hrdistill.benchmark import Benchmark
from hrdistill.cli import main
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.storage import content_hash, locked

# Serves on a port of its own, which it prints; /calls/N answers once N completions are answered.
SERVER = """
import asyncio, json, socket, sys
from aiohttp import web
from hrdistill.teacher.mock.faults import Faults
from hrdistill.teacher.mock.server import MockServer, MockSettings

settings = json.loads(sys.argv[1])
settings["faults"] = Faults.parse(settings.get("faults", ""))
server = MockServer(MockSettings(**settings))
answered = asyncio.Condition()

@web.middleware
async def tell(request, handler):
    response = await handler(request)
    async with answered:
        answered.notify_all()
    return response

async def wait(request):
    n_calls = int(request.match_info["n"])
    async with answered:
        await answered.wait_for(lambda: server.n_calls >= n_calls)
    return web.Response()

application = server.application()
application.middlewares.append(tell)
application.router.add_get("/calls/{n}", wait)
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
web.run_app(application, sock=listener, access_log=None, print=None)
"""
HRDISTILL = [sys.executable, "-c", "from hrdistill.cli import main; main()"]
IN_FLIGHT = 8


@dataclass(frozen=True)
class Mock:
    """A mock endpoint in a process of its own."""

    url: str

    @property
    def n_calls(self) -> int:
        """Calls that it answered so far."""
        with urlopen(self.url.removesuffix("/v1") + "/calls") as response:
            return int(json.load(response)["n_calls"])

    def wait_for(self, n_calls: int) -> None:
        """Returns when it has answered so many; an error where that takes a minute."""
        urlopen(f"{self.url.removesuffix('/v1')}/calls/{n_calls}", timeout=60).close()


@contextmanager
def mock_server(**settings: object) -> Iterator[Mock]:
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, json.dumps(settings)], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            yield Mock(f"http://127.0.0.1:{int(server.stdout.readline())}/v1")
        finally:
            server.kill()


@pytest.fixture(scope="module")
def mock() -> Iterator[Mock]:
    with mock_server() as server:
        yield server


@pytest.fixture(scope="module")
def graph_path(graph: SkillOccupationGraph, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("graph") / "graph.json"
    graph.save(path)
    return str(path)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Works in a folder of its own, with replies in it, and without a key."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HRDISTILL_CACHE", str(tmp_path / "replies.sqlite"))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def invoke(*args: object, stdin: str | None = None) -> Result:
    separate = "mix_stderr" in inspect.signature(CliRunner).parameters
    runner = CliRunner(**({"mix_stderr": False} if separate else {}))
    return runner.invoke(main, [str(a) for a in args], input=stdin)


def told(*args: object) -> str:
    """What a command that succeeds prints."""
    result = invoke(*args)
    assert result.exit_code == 0, (result.stderr, result.exception)
    return result.stdout


def fails(*args: object) -> str:
    """The one line that a command ends with."""
    result = invoke(*args)
    assert result.exit_code == 2, (result.stdout, result.stderr, result.exception)
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    return line


def ask(mock: Mock, graph_path: str, n: int, out: str | None = "t") -> list[object]:
    where = [] if out is None else ["--out", out]
    return ["generate", "-n", n, *where, "--graph", graph_path, "--seed", 3,
            "--teacher", "mock", "--base-url", mock.url]  # fmt: skip


# Runs


def test_a_model_writes_a_benchmark(mock: Mock, graph_path: str, tmp_path: Path) -> None:
    line = told(*ask(mock, graph_path, 12))
    assert line.startswith("12 triples (")
    assert "$0.00" in line
    benchmark = Benchmark.load(tmp_path / "t")
    assert len(benchmark) == 12
    assert benchmark.provenance["teacher"] == "mock"
    assert (tmp_path / "replies.sqlite").exists()
    n_calls = mock.n_calls
    told(*ask(mock, graph_path, 12, "again"))
    assert mock.n_calls == n_calls
    assert content_hash(tmp_path / "again") == content_hash(tmp_path / "t")


def test_rejected_contexts_are_told_with_their_reasons(graph_path: str) -> None:
    with mock_server(faults="wrong-facts=0.5") as wrong:
        lines = told(*ask(wrong, graph_path, 6), "--attempts", 1).splitlines()
    rejected = int(lines[0].split("rejected ")[1].split(";")[0])
    assert rejected > 0
    assert all(line.startswith("  rejected ") and "lacks" in line for line in lines[1:])
    assert sum(int(line.split()[1].rstrip(":")) for line in lines[1:]) <= rejected


def test_a_dry_run_says_what_a_run_would_take(mock: Mock, graph_path: str, tmp_path: Path) -> None:
    Path("prices.tsv").write_text("mock\t1000\t1000\n")
    before = mock.n_calls
    args = [*ask(mock, graph_path, 8000, None), "--dry-run", "--prices", "prices.tsv"]
    lines = told(*args).splitlines()
    n_calls = mock.n_calls - before
    assert n_calls >= 24
    assert lines[0].startswith("8,000 triples, by 8 samples (accepted 100% for $")
    rows = dict(line.split(maxsplit=1) for line in lines[1:])
    assert list(rows) == ["calls", "tokens", "time", "cost"]
    assert rows["calls"] == f"{1000 * n_calls:,}"
    n_tokens = sum(int(word.replace(",", "")) for word in rows["tokens"].split()[::2])
    assert rows["cost"] == f"${n_tokens / 1000:,.2f}"
    assert rows["time"] != "not known"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["prices.tsv", "replies.sqlite"]
    again = told(*args)
    assert mock.n_calls - before == n_calls
    assert "accepted 100%)" in again
    assert "time    not known" in again


def test_a_budget_stops_a_run_and_a_larger_one_ends_it(
    mock: Mock, graph_path: str, tmp_path: Path
) -> None:
    Path("prices.tsv").write_text("# dear\nmock\t1000\t1000\n")
    args = [*ask(mock, graph_path, 12), "--prices", "prices.tsv", "--in-flight", 4, "--budget-usd"]
    before = mock.n_calls
    line = fails(*args, 12)
    spent = float(line.split("$")[1].split()[0])
    assert 0 < spent <= 12
    assert "of the budget of $12.00 are spent" in line
    assert "larger --budget-usd" in line
    n_calls = mock.n_calls - before
    assert f"{n_calls:,} from the cache" in told(*args, 1000)
    told(*ask(mock, graph_path, 12, "fresh"), "--cache", "other.sqlite")
    assert content_hash(tmp_path / "t") == content_hash(tmp_path / "fresh")


def test_a_whole_run_with_a_model(mock: Mock, graph_path: str, tmp_path: Path) -> None:
    args = ["run", "--out", "whole", "-n", 60, "--graph", graph_path, "--student", "lexical",
            "--no-written", "--teacher", "mock", "--base-url", mock.url]  # fmt: skip
    told(*args)
    n_calls = mock.n_calls
    assert Benchmark.load(tmp_path / "whole" / "triples").provenance["teacher"] == "mock"
    told(*args)
    assert mock.n_calls == n_calls
    result = invoke(*args, "--temperature", 0.2)
    assert result.exit_code == 2
    assert "temperature 1.0 (now 0.2)" in result.stderr.splitlines()[-1]


# Replies that are kept


def replies(*args: object) -> list[tuple[str, int]]:
    value = json.loads(told("cache", "stats", *args, "--json", "-"))
    assert value["bytes"] == Path(value["file"]).stat().st_size
    return [(own["model"], own["n_replies"]) for own in value["models"]]


def test_kept_replies_are_counted_and_cleared(mock: Mock, graph_path: str) -> None:
    before = mock.n_calls
    told(*ask(mock, graph_path, 4))
    n_calls = mock.n_calls - before
    assert replies() == [("mock", n_calls)]
    table = told("cache", "stats")
    assert "replies.sqlite" in table
    assert f"mock {n_calls}" in " ".join(table.split())
    assert told("cache", "clear", "--model", "gpt-4", "--yes").startswith("0 replies forgotten")
    declined = invoke("cache", "clear", stdin="n\n")
    assert declined.exit_code == 1
    assert replies() == [("mock", n_calls)]
    assert told("cache", "clear", "--yes").startswith(f"{n_calls} replies forgotten in ")
    assert replies() == []
    told(*ask(mock, graph_path, 4, "again"))
    assert mock.n_calls - before == 2 * n_calls


def test_a_file_of_replies_can_be_named(mock: Mock, graph_path: str, tmp_path: Path) -> None:
    told(*ask(mock, graph_path, 2), "--cache", "mine.sqlite")
    assert not (tmp_path / "replies.sqlite").exists()
    assert replies("--cache", "mine.sqlite")[0][0] == "mock"
    assert told("cache", "clear", "--yes", "--cache", "mine.sqlite").endswith("mine.sqlite\n")


@pytest.mark.parametrize("command", [["stats"], ["clear", "--yes"]])
def test_replies_that_are_not_there_or_none(command: list[str], tmp_path: Path) -> None:
    assert "no replies are kept in" in fails("cache", *command)
    assert not (tmp_path / "replies.sqlite").exists()
    Path("replies.sqlite").write_text("a diary, and not a data base at all" * 99)
    line = fails("cache", *command)
    assert "replies.sqlite: file is not a database" in line
    assert "--cache" in line
    assert Path("replies.sqlite").read_text().startswith("a diary")


# Errors


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (["--teacher", ""], ["'offline' or the name of a model"]),
        (["--teacher", "gpt-9"], ["'gpt-9'", "404", "--teacher", "--base-url"]),
        (["--base-url", "http://models.invalid/v1"], ["no key", "OPENAI_API_KEY"]),
        (["--base-url", "http://models.invalid/v1", "--key-variable", "MINE"], ["variable MINE"]),
        (["--prompts", "nowhere"], ["nowhere", "no folder"]),
        (["--prompts", "prompts"], ["unknown.j2", "job_description.j2"]),
        (["--prices", "prices.tsv"], ["prices.tsv, line 2", "'mock\\tcheap'"]),
        (["--prices", "nowhere.tsv"], ["nowhere.tsv does not exist"]),
        (["--teacher", "gpt-9", "--budget-usd", "5"], ["no price", "'gpt-9'", "--prices"]),
        (["--cache", "prices.tsv"], ["prices.tsv", "not a database", "--cache"]),
        (["--cache", "prompts"], ["prompts", "--cache"]),
    ],
)
def test_errors_are_one_line(
    mock: Mock, graph_path: str, tmp_path: Path, args: list[str], named: list[str]
) -> None:
    Path("prompts").mkdir()
    Path("prompts", "unknown.j2").write_text("Write.")
    Path("prices.tsv").write_text("gpt-8\t1\t2\nmock\tcheap\n" * 50)
    before = mock.n_calls
    line = fails(*ask(mock, graph_path, 2), *args)
    for name in named:
        assert name in line
    assert mock.n_calls == before
    assert not list((tmp_path / "t").glob("*.jsonl"))


def test_a_wrong_key_is_refused_by_the_name_of_its_variable(
    graph_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mock_server(key="right") as closed:
        assert "variable OPENAI_API_KEY is not set" in fails(*ask(closed, graph_path, 2))
        monkeypatch.setenv("MINE", "wrong-key")
        line = fails(*ask(closed, graph_path, 2), "--key-variable", "MINE")
        assert "variable MINE is wrong" in line
        assert "wrong-key" not in line
        monkeypatch.setenv("MINE", "right")
        told(*ask(closed, graph_path, 2), "--key-variable", "MINE")


def test_no_route_is_told_with_the_address(graph_path: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    gone = Mock(f"http://127.0.0.1:{port}/v1")
    line = fails(*ask(gone, graph_path, 2))
    assert gone.url in line
    assert "check the address" in line


def test_contexts_that_are_all_too_long_end_the_run(graph_path: str) -> None:
    with mock_server(context_tokens=100) as small:
        line = fails(*ask(small, graph_path, 500))
    assert "50 contexts are rejected and 0 accepted" in line
    assert "50 x teacher: the context is too long for the model" in line


def test_a_folder_in_use_or_of_other_settings_is_refused(
    mock: Mock, graph_path: str, tmp_path: Path
) -> None:
    with locked(tmp_path / "t"):
        assert "written to by another run" in fails(*ask(mock, graph_path, 2))
    told(*ask(mock, graph_path, 2))
    line = fails(*ask(mock, graph_path, 2), "--temperature", 0.2, "--max-tokens", 99)
    assert "temperature 1.0 (now 0.2), max_tokens 1500 (now 99)" in line


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (["generate", "-n", "2"], "'--out'"),
        (["generate", "-n", "2", "--dry-run"], "--dry-run asks a model"),
        (["generate", "-n", "2", "--out", "t", "--temperature", "3"], "--temperature"),
        (["generate", "-n", "2", "--out", "t", "--in-flight", "0"], "--in-flight"),
        (["generate", "-n", "2", "--out", "t", "--budget-usd", "-1"], "--budget-usd"),
        (["mock-teacher", "--port", "70000"], "--port"),
        (["mock-teacher", "--at-once", "0"], "--at-once"),
        (["cache", "forget"], "forget"),
    ],
)
def test_a_wrong_command_line_is_answered_with_the_usage(args: list[str], named: str) -> None:
    result = invoke(*args)
    assert result.exit_code == 2
    assert "Usage: " in result.stderr
    assert named in result.stderr


# The mock endpoint


def test_the_mock_s_help_names_every_fault() -> None:
    help_text = " ".join(told("mock-teacher", "--help").replace("-\n", "-").split())
    for kind in ("429-retry-after", "500", "drop", "hang", "truncated", "wrong-facts"):
        assert kind in help_text.replace("- ", "-")


@pytest.mark.parametrize(
    "faults", ["much", "429", "fast=0.1", "500=x", "500=-0.1", "429=0.9,500=0.9", "1.5", "500="]
)
def test_faults_that_are_none(faults: str) -> None:
    line = fails("mock-teacher", "--faults", faults)
    assert "expected" in line
    assert "found" in line


def test_the_mock_serves_until_it_is_interrupted(graph_path: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [*HRDISTILL, "mock-teacher", "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        line = server.stderr.readline()
        mock = Mock(line.split("mock teacher at ")[1].split()[0])
        assert mock.url == f"http://127.0.0.1:{port}/v1"
        while not answers(mock):
            assert server.poll() is None
        told(*ask(mock, graph_path, 2))
        assert mock.n_calls >= 6
        second = subprocess.run(command, capture_output=True, text=True, check=False)
        assert second.returncode == 2
        assert "Traceback" not in second.stderr
        assert "in use" in second.stderr.splitlines()[-1]
        server.send_signal(signal.SIGINT)
        assert server.stderr.read() == ""
    assert server.returncode == 0


def answers(mock: Mock) -> bool:
    try:
        return mock.n_calls == 0
    except OSError:
        return False


# Interrupts and kills

LATENCY_S = 0.02
N = 60


def started(mock: Mock, graph_path: str, out: Path) -> subprocess.Popen[str]:
    """A run in a process of its own, with replies beside its folder."""
    args = [*ask(mock, graph_path, N, str(out)), "--in-flight", IN_FLIGHT,
            "--cache", out.with_suffix(".sqlite")]  # fmt: skip
    return subprocess.Popen(
        [*HRDISTILL, *map(str, args)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def ended(mock: Mock, graph_path: str, out: Path) -> None:
    with started(mock, graph_path, out) as run:
        printed, errors = run.communicate()
    assert run.returncode == 0, errors
    assert printed.startswith(f"{N} triples")


@pytest.fixture(scope="module")
def slow_mock() -> Iterator[Mock]:
    with mock_server(latency_s=LATENCY_S) as server:
        yield server


@pytest.fixture(scope="module")
def undisturbed(
    slow_mock: Mock, graph_path: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, int]:
    """Content of a run that nothing happened to, and its calls."""
    out, before = tmp_path_factory.mktemp("undisturbed") / "t", slow_mock.n_calls
    ended(slow_mock, graph_path, out)
    return content_hash(out), slow_mock.n_calls - before


def test_an_interrupt_waits_for_calls_in_flight_and_the_run_goes_on(
    slow_mock: Mock, graph_path: str, undisturbed: tuple[str, int], tmp_path: Path
) -> None:
    out, before = tmp_path / "t", slow_mock.n_calls
    with started(slow_mock, graph_path, out) as run:
        slow_mock.wait_for(before + 30)
        run.send_signal(signal.SIGINT)
        printed, errors = run.communicate()
    (line,) = errors.splitlines()
    assert "interrupted" in line.casefold()
    assert "run the same command again" in line
    n_calls = slow_mock.n_calls - before
    assert replies("--cache", tmp_path / "t.sqlite") == [("mock", n_calls)]
    assert n_calls < undisturbed[1]
    ended(slow_mock, graph_path, out)
    assert (content_hash(out), slow_mock.n_calls - before) == undisturbed
    assert (run.returncode, printed) == (130, "")


@pytest.mark.parametrize("seed", [0, 1])
def test_a_run_killed_at_ten_points_loses_the_calls_in_flight_at_most(
    slow_mock: Mock, graph_path: str, undisturbed: tuple[str, int], tmp_path: Path, seed: int
) -> None:
    expected, n_calls = undisturbed
    # No later, so that none comes when all is done: each kill is seen up to so many calls late.
    points = sorted(random.Random(seed).sample(range(1, n_calls - 5 * IN_FLIGHT), 10))
    out, before = tmp_path / "t", slow_mock.n_calls
    for point in points:
        with started(slow_mock, graph_path, out) as run:
            slow_mock.wait_for(max(before + point, slow_mock.n_calls + 1))
            run.kill()
        assert run.returncode == -signal.SIGKILL
    ended(slow_mock, graph_path, out)
    assert content_hash(out) == expected
    assert slow_mock.n_calls - before <= n_calls + len(points) * IN_FLIGHT
