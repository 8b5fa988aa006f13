"""Teachers that wait: the first `n` accepted by number, no call too many, nothing lost."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import pytest

from hrdistill.benchmark import Benchmark
from hrdistill.errors import DataError, RefusedError, StopRunError, TeacherError
from hrdistill.generation.engine import generate
from hrdistill.generation.maker import ShardMaker
from hrdistill.generation.pipeline import MAX_ATTEMPTS, Tally
from hrdistill.generation.shards import Shards
from hrdistill.generation.source import Source
from hrdistill.generation.waiting import fill
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sampling import ContextSampler
from hrdistill.records import Context, Removal
from hrdistill.storage import content_hash, locked, read_jsonl, read_manifest
from hrdistill.teacher.base import Draft
from hrdistill.teacher.llm import LLMTeacher
from hrdistill.teacher.mock.faults import CONTENT, KINDS, Faults
from hrdistill.teacher.mock.server import MockServer, MockSettings
from hrdistill.teacher.offline import OfflineTeacher


class Served(Protocol):
    """A mock endpoint, as `conftest.py` starts it."""

    server: MockServer

    def teacher(self, cache: Path, **options: Any) -> LLMTeacher: ...


Serve = Callable[..., Served]
pytestmark = pytest.mark.usefixtures("small_shards")

Accepts = Callable[[int], bool]
N_CALLS = 3
"""Of a triple whose documents all pass at once."""


def number_of(context: Context) -> int:
    return int(context.id.rpartition("-")[2])


def two_of_three(number: int) -> bool:
    return number % 3 != 0


class Offline(OfflineTeacher):
    """Writes bad drafts about some contexts.

    Args:
        accepts: whether the drafts of the context of a number are good.
    """

    def __init__(self, accepts: Accepts = two_of_three) -> None:
        self.accepts = accepts

    def write(self, context: Context, removal: Removal, *, attempt: int = 0) -> Draft:
        draft = super().write(context, removal, attempt=attempt)
        return draft if self.accepts(number_of(context)) else replace(draft, job_description="")


class Waiting(Offline):
    """The same, with many contexts at once that end in any order.

    Attributes:
        started: numbers of the contexts, as they were begun.
        ended: the same, as their first drafts were written.
        most: contexts at a time.
        fails: number of a context -> what is raised in place of its drafts.
        stopped: why it was told to stop.
    """

    waits = True

    def __init__(
        self, accepts: Accepts = two_of_three, *, n_at_once: int = 8, seed: int = 0
    ) -> None:
        super().__init__(accepts)
        self.n_at_once = n_at_once
        self.started: list[int] = []
        self.ended: list[int] = []
        self.most = 0
        self.fails: dict[int, Exception] = {}
        self.stopped: list[TeacherError] = []
        self._random = random.Random(seed)

    def stop(self, failure: TeacherError) -> None:
        self.stopped.append(failure)

    async def draft(
        self,
        context: Context,
        removal: Removal,
        *,
        attempt: int = 0,
        previous: Draft | None = None,
        findings: Sequence[str] = (),
    ) -> Draft:
        number = number_of(context)
        if attempt == 0:
            self.started.append(number)
            self.most = max(self.most, len(self.started) - len(self.ended))
        for _ in range(self._random.randrange(40)):  # turns of the others
            await asyncio.sleep(0)
        if attempt == 0:
            self.ended.append(number)
        if number in self.fails:
            raise self.fails[number]
        return self.write(context, removal, attempt=attempt)


def make(
    graph: SkillOccupationGraph, out: Path, teacher: OfflineTeacher, n: int = 20, **options: Any
) -> Benchmark:
    return generate(graph, n=n, teacher=teacher, out=out, seed=3, **options)


@pytest.mark.parametrize("n_at_once", [1, 3, 8, 100])
def test_the_first_accepted_are_found_without_a_context_too_many(
    graph: SkillOccupationGraph, tmp_path: Path, n_at_once: int
) -> None:
    teacher = Waiting(n_at_once=n_at_once, seed=n_at_once)
    benchmark = make(graph, tmp_path / "waiting", teacher)
    expected = [number for number in range(30) if two_of_three(number)]
    assert [number_of(triple.context) for triple in benchmark] == expected
    assert teacher.started == list(range(30))
    assert teacher.most == min(n_at_once, 20)
    assert n_at_once == 1 or teacher.ended != teacher.started
    make(graph, tmp_path / "offline", Offline())
    assert content_hash(tmp_path / "waiting") == content_hash(tmp_path / "offline")


@pytest.mark.parametrize("n", [1, 7, 10, 13])
def test_any_number_gives_the_bytes_of_one_after_the_other(
    graph: SkillOccupationGraph, tmp_path: Path, n: int
) -> None:
    def hard(number: int) -> bool:
        return number > 4 and number % 4 != 1

    teacher = Waiting(hard, seed=n)
    make(graph, tmp_path / "waiting", teacher, n)
    make(graph, tmp_path / "offline", Offline(hard), n)
    assert content_hash(tmp_path / "waiting") == content_hash(tmp_path / "offline")
    tally = read_manifest(tmp_path / "waiting", kind="triples", version=1)["tally"]
    assert tally["accepted"] == n
    assert len(teacher.started) == tally["accepted"] + tally["rejected"]


def test_progress_tells_of_every_context(graph: SkillOccupationGraph, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    make(graph, tmp_path / "a", Waiting(),
         progress=lambda n, tally: seen.append((n, n + tally.rejected)))  # fmt: skip
    assert [n_ended for _, n_ended in seen] == list(range(1, 31))
    assert seen[-1] == (20, 30)


def test_a_stop_keeps_whole_shards_and_what_is_done_is_not_asked_again(
    graph: SkillOccupationGraph, tmp_path: Path
) -> None:
    out, teacher = tmp_path / "a", Waiting()
    teacher.fails[25] = StopRunError("the budget is spent")
    with pytest.raises(StopRunError, match="the budget is spent"):
        make(graph, out, teacher)
    assert sorted(teacher.ended) == sorted(teacher.started)  # what was begun was waited for
    assert {path.name for path in out.glob("*.jsonl")} == {"00000.jsonl", "00001.jsonl"}
    again = Waiting()
    make(graph, out, again)
    assert again.started == list(range(20, 30))
    make(graph, tmp_path / "fresh", Waiting())
    assert content_hash(out) == content_hash(tmp_path / "fresh")


def test_a_refusal_is_one_context_s_and_the_run_goes_on(
    graph: SkillOccupationGraph, tmp_path: Path
) -> None:
    teacher = Waiting(lambda number: True)
    teacher.fails[4] = RefusedError("the context is too long for the model (9,999 tokens)")
    benchmark = make(graph, tmp_path / "a", teacher, 9)
    assert [number_of(t.context) for t in benchmark] == [0, 1, 2, 3, 5, 6, 7, 8, 9]
    assert benchmark.provenance["tally"]["rejected_reasons"] == {
        "teacher: the context is too long for the model": 1
    }


def test_a_fault_of_the_program_is_not_hidden_by_a_stop(
    graph: SkillOccupationGraph, tmp_path: Path
) -> None:
    for stops, breaks in ((3, 4), (4, 3)):
        teacher = Waiting()
        teacher.fails = {stops: StopRunError("stopped"), breaks: KeyError("broken")}
        with pytest.raises(KeyError, match="broken"):
            make(graph, tmp_path / "a", teacher)


def test_a_hopeless_run_stops(graph: SkillOccupationGraph, tmp_path: Path) -> None:
    teacher = Waiting(lambda number: False, n_at_once=6)
    with pytest.raises(StopRunError, match=r"50 contexts are rejected and 0 .*50 x job desc"):
        make(graph, tmp_path / "a", teacher, 500)
    assert len(teacher.started) < 50 + 6
    assert len(teacher.stopped) == 1  # so that no more is asked about contexts under way


def test_contexts_that_run_out(graph: SkillOccupationGraph, tmp_path: Path) -> None:
    contexts = list(ContextSampler(graph).sample_many(13, seed=3))
    given: dict[str, Any] = {"contexts": contexts, "seed": 3, "out": tmp_path / "a"}
    with pytest.raises(TeacherError, match="wanted 10 triples, but only 8 of 13 contexts"):
        generate(None, n=10, teacher=Waiting(), **given)
    again = Waiting()
    assert len(generate(None, n=8, teacher=again, **given)) == 8
    assert again.started == []


def test_a_folder_that_cannot_be_written_ends_the_run_and_loses_nothing(
    graph: SkillOccupationGraph, tmp_path: Path
) -> None:
    out, teacher = tmp_path / "a", Waiting(n_at_once=2)

    def obstruct(n_accepted: int, tally: Tally) -> None:
        if n_accepted == 1:
            (out / ".tallies").write_text("in the way")

    with pytest.raises(DataError, match=r"cannot write .*\.tallies"):
        make(graph, out, teacher, progress=obstruct)
    assert len(teacher.started) < 30
    assert sorted(teacher.ended) == sorted(teacher.started)
    assert len(teacher.stopped) == 1
    (out / ".tallies").unlink()
    make(graph, out, Waiting())
    make(graph, tmp_path / "fresh", Waiting())
    assert content_hash(out) == content_hash(tmp_path / "fresh")


@pytest.mark.parametrize("more", [16, 25])
def test_a_run_cut_off_at_its_very_end_can_be_asked_for_more(
    graph: SkillOccupationGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: int
) -> None:
    # All contexts are written, the last shard in part; splits, card and manifest are not.
    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Shards, "finish", cut_off)
        with pytest.raises(KeyboardInterrupt):
            make(graph, tmp_path / "a", Waiting(), 15)
    make(graph, tmp_path / "a", Waiting(), more)
    make(graph, tmp_path / "fresh", Waiting(), more)
    assert content_hash(tmp_path / "a") == content_hash(tmp_path / "fresh")


# Over HTTP


def test_one_triple_more_costs_its_own_calls(
    graph: SkillOccupationGraph, tmp_path: Path, serve: Serve
) -> None:
    mock, cache = serve(), tmp_path / "replies.sqlite"
    make(graph, tmp_path / "a", mock.teacher(cache), 12)
    n_calls = mock.server.n_calls
    assert n_calls >= 12 * N_CALLS
    make(graph, tmp_path / "a", mock.teacher(cache), 12)
    assert mock.server.n_calls == n_calls
    more = mock.teacher(cache)
    make(graph, tmp_path / "a", more, 13)
    assert more.account.n_calls == mock.server.n_calls - n_calls == N_CALLS
    assert more.account.n_cached == n_calls
    fresh = serve()
    make(graph, tmp_path / "fresh", fresh.teacher(tmp_path / "other.sqlite"), 13)
    assert fresh.server.n_calls == n_calls + N_CALLS
    assert content_hash(tmp_path / "a") == content_hash(tmp_path / "fresh")


def test_calls_at_a_time_change_neither_bytes_nor_calls(
    graph: SkillOccupationGraph, tmp_path: Path, serve: Serve
) -> None:
    wrong = Faults(dict.fromkeys(CONTENT, 0.1))
    counts, hashes, tallies = set(), set(), []
    for at_once in (1, 5, 64):
        mock = serve(MockSettings(faults=wrong))
        teacher = mock.teacher(tmp_path / f"{at_once}.sqlite", max_in_flight=at_once)
        benchmark = make(graph, tmp_path / str(at_once), teacher, 15)
        counts.add(mock.server.n_calls)
        hashes.add(content_hash(tmp_path / str(at_once)))
        tallies.append(benchmark.provenance["tally"])
    assert (len(counts), len(hashes)) == (1, 1)
    assert tallies[0]["repaired"] > 0


def test_faults_of_all_kinds_lose_and_double_nothing(
    graph: SkillOccupationGraph, tmp_path: Path, serve: Serve
) -> None:
    n = 40
    contexts = list(ContextSampler(graph).sample_many(n, seed=3))
    triples: dict[str, list[Any]] = {}
    for name, kinds in (("all", KINDS), ("content", CONTENT)):
        faults = Faults({kind: 0.3 / len(KINDS) for kind in kinds}, hang_s=0.01)
        teacher = serve(MockSettings(faults=faults)).teacher(
            tmp_path / f"{name}.sqlite", max_in_flight=16
        )
        shards, tally = Shards(tmp_path / name, teacher.settings), Tally()
        source = Source(None, contexts, 3)
        fill(ShardMaker(shards, source, teacher, MAX_ATTEMPTS), source.numbers(0), tally, n=n)
        outcomes = [own for number in range(4) for own in shards.stored(number) or ()]
        assert [own.accepted + own.rejected for own in outcomes] == [1] * n
        assert all(own.rejected_reasons.total() == own.rejected for own in outcomes)
        triples[name] = [
            row for path in sorted((tmp_path / name).glob("*.jsonl")) for _, row in read_jsonl(path)
        ]
        accepted = [c.id for c, own in zip(contexts, outcomes, strict=True) if own.accepted]
        assert [row["id"] for row in triples[name]] == accepted
        assert tally.accepted == len(accepted)
        assert tally.repaired > 0
        assert (teacher.account.n_retries > 0) == (name == "all")
    # Faults of the line leave no trace.
    assert triples["all"] == triples["content"]


def test_a_folder_in_use_is_refused_before_any_call(
    graph: SkillOccupationGraph, tmp_path: Path, serve: Serve
) -> None:
    mock = serve()
    with locked(tmp_path / "a"), pytest.raises(DataError, match="written to by another run"):
        make(graph, tmp_path / "a", mock.teacher(tmp_path / "replies.sqlite"))
    assert mock.server.n_calls == 0


@pytest.mark.parametrize("finished", [True, False])
@pytest.mark.parametrize(
    ("before", "now", "named"),
    [
        ({}, {"temperature": 0.5}, r"temperature 1\.0 \(now 0\.5\)"),
        ({}, {"max_tokens": 900}, r"max_tokens 1500 \(now 900\)"),
        ({}, {"judge": True}, r"judge False \(now True\)"),
        ({"judge": True}, {}, r"judge True \(now False\)"),
        ({"rationales": True}, {}, r"rationales True \(now False\)"),
        ({}, {"prompts": "prompts"}, r"prompts '\w{12}' \(now '\w{12}'\)"),
    ],
)
def test_changed_settings_are_named(
    graph: SkillOccupationGraph,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    serve: Serve,
    *,
    before: dict[str, Any],
    now: dict[str, Any],
    named: str,
    finished: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "system.j2").write_text("You write as one who knows the trade.")
    mock = serve()

    def teacher(options: dict[str, Any]) -> LLMTeacher:
        return mock.teacher(tmp_path / "replies.sqlite", **{"max_in_flight": 2} | options)

    def stop(n_accepted: int, tally: Tally) -> None:
        if not finished and (tmp_path / "a" / ".tallies" / "00000.jsonl").exists():
            raise StopRunError("stopped by the test")

    with nullcontext() if finished else pytest.raises(StopRunError, match="by the test"):
        make(graph, tmp_path / "a", teacher(before), 20, progress=stop)
    n_calls = mock.server.n_calls
    with pytest.raises(DataError, match=f"other settings: {named}; choose another folder"):
        make(graph, tmp_path / "a", teacher(now), 20)
    assert mock.server.n_calls == n_calls
    # Neither the number of calls at a time nor their time-out is a setting.
    make(graph, tmp_path / "a", teacher(before | {"max_in_flight": 3, "timeout_s": 99.0}), 20)


def test_a_wrong_key_stops_at_once_and_names_its_variable(
    graph: SkillOccupationGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, serve: Serve
) -> None:
    mock = serve(MockSettings(key="right"))
    monkeypatch.setenv("OPENAI_API_KEY", "wrong")
    teacher = mock.teacher(tmp_path / "replies.sqlite")
    with pytest.raises(StopRunError, match=r"refuses the key .*OPENAI_API_KEY is wrong"):
        make(graph, tmp_path / "a", teacher)
    monkeypatch.setenv("OPENAI_API_KEY", "right")
    assert len(make(graph, tmp_path / "a", teacher, 3)) == 3


def test_a_spent_budget_stops_and_a_larger_one_goes_on(
    graph: SkillOccupationGraph, tmp_path: Path, serve: Serve
) -> None:
    mock, cache, prices = serve(), tmp_path / "replies.sqlite", tmp_path / "prices.tsv"
    prices.write_text("mock\t1000\t1000\n")  # a thousandth of a dollar a token

    def teacher(budget_usd: float) -> LLMTeacher:
        return mock.teacher(cache, prices=str(prices), budget_usd=budget_usd, max_in_flight=4)

    small = teacher(12)
    with pytest.raises(StopRunError, match=r"of the budget of \$12\.00 are spent"):
        make(graph, tmp_path / "a", small, 12)
    assert 0 < small.account.spent_usd <= 12
    n_calls = mock.server.n_calls
    assert 0 < n_calls == small.account.n_calls < 12 * N_CALLS
    large = teacher(1e6)
    make(graph, tmp_path / "a", large, 12)
    assert large.account.n_cached == n_calls
    assert mock.server.n_calls == n_calls + large.account.n_calls
