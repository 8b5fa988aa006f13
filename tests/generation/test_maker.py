"""One shard: what a worker is sent, and what it leaves."""

from __future__ import annotations

import asyncio
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hrdistill.errors import RefusedError, StopRunError
from hrdistill.generation.maker import ShardMaker
from hrdistill.generation.pipeline import MAX_ATTEMPTS, Tally, make_triple, run_now
from hrdistill.generation.shards import Shards
from hrdistill.generation.source import Source
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sampling import ContextSampler
from hrdistill.records import Context, Removal, Triple
from hrdistill.storage import from_plain, read_jsonl
from hrdistill.teacher.base import Draft, Teacher
from hrdistill.teacher.offline import OfflineTeacher


class Picky(OfflineTeacher):
    """Refuses every fourth context; its first draft of the others of even number is bad."""

    def write(self, context: Context, removal: Removal, *, attempt: int = 0) -> Draft:
        number = int(context.id[-6:])
        if number % 4 == 3:
            raise RefusedError("not this one (number 3)")
        draft = super().write(context, removal, attempt=attempt)
        bad = number % 2 == 0 and attempt == 0
        return replace(draft, job_description="") if bad else draft


class Stops(OfflineTeacher):
    def write(self, context: Context, removal: Removal, *, attempt: int = 0) -> Draft:
        if int(context.id[-6:]) == 12:
            raise StopRunError("out of ink")
        return super().write(context, removal, attempt=attempt)


@pytest.fixture
def contexts(graph: SkillOccupationGraph) -> list[Context]:
    return list(ContextSampler(graph).sample_many(24, seed=3))


def maker(
    graph: SkillOccupationGraph, out: Path, teacher: Teacher, *, max_attempts: int = MAX_ATTEMPTS
) -> ShardMaker:
    source = Source(ContextSampler(graph), (), 3)
    return ShardMaker(Shards(out, {}), source, teacher, max_attempts)


def stored(out: Path, number: int) -> list[Triple]:
    path = out / f"{number:05d}.jsonl"
    return [from_plain(Triple, value, where="") for _, value in read_jsonl(path)]


@pytest.mark.usefixtures("small_shards")
def test_a_shard_holds_the_triples_of_its_numbers(
    graph: SkillOccupationGraph, tmp_path: Path, contexts: list[Context]
) -> None:
    make = maker(graph, tmp_path, OfflineTeacher())
    tallies = make(1)
    assert [tally.accepted for tally in tallies] == [1] * 10
    assert make.shards.stored(1) == tallies
    assert make.shards.stored(0) is None
    alone = [run_now(make_triple(c, OfflineTeacher(), Tally())) for c in contexts[10:20]]
    assert stored(tmp_path, 1) == alone


@pytest.mark.usefixtures("small_shards")
def test_each_context_is_accepted_repaired_or_rejected_in_its_place(
    graph: SkillOccupationGraph, tmp_path: Path
) -> None:
    tallies = maker(graph, tmp_path, Picky())(0)
    assert [tally.rejected for tally in tallies] == [n % 4 == 3 for n in range(10)]
    assert [tally.repaired for tally in tallies] == [n % 2 == 0 for n in range(10)]
    assert {why for tally in tallies for why in tally.rejected_reasons} == {"teacher: not this one"}
    kept = [int(triple.id[-6:]) for triple in stored(tmp_path, 0)]
    assert kept == [n for n in range(10) if n % 4 != 3]


@pytest.mark.usefixtures("small_shards")
def test_no_more_drafts_than_are_allowed(graph: SkillOccupationGraph, tmp_path: Path) -> None:
    tallies = maker(graph, tmp_path, Picky(), max_attempts=1)(0)
    assert [tally.accepted for tally in tallies] == [n % 4 == 1 for n in range(10)]


@pytest.mark.usefixtures("small_shards")
def test_a_stop_leaves_no_shard_in_part(graph: SkillOccupationGraph, tmp_path: Path) -> None:
    make = maker(graph, tmp_path, Stops())
    make(0)
    with pytest.raises(StopRunError, match="out of ink"):
        make(1)
    names = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert names == ["00000.jsonl", "00000.jsonl"]  # the shard and its tallies


def test_a_worker_is_sent_what_it_makes_the_same_of(
    graph: SkillOccupationGraph, tmp_path: Path, small_shards: int
) -> None:
    make = maker(graph, tmp_path / "a", Picky())
    sent: ShardMaker = pickle.loads(pickle.dumps(replace(make, shards=Shards(tmp_path / "b", {}))))
    assert len(make(2)) == small_shards
    assert sent(2) == make(2)
    assert stored(tmp_path / "b", 2) == stored(tmp_path / "a", 2)


def test_a_triple_of_a_model_has_its_own_tally(
    graph: SkillOccupationGraph, tmp_path: Path, contexts: list[Context], serve: Any
) -> None:
    make = maker(graph, tmp_path / "a", serve().teacher(tmp_path / "replies.sqlite"))

    async def both() -> list[tuple[Triple | None, Tally]]:
        async with make.teacher.session():
            return await asyncio.gather(*map(make.outcome, contexts[:2]))

    for context, (triple, tally) in zip(contexts, asyncio.run(both()), strict=False):
        assert triple is not None
        assert triple.id == context.id
        assert triple.provenance.items() >= make.teacher.settings.items()
        assert (tally.accepted, tally.rejected) == (1, 0)


def test_numbers_of_given_contexts_end_with_them(
    graph: SkillOccupationGraph, contexts: list[Context], small_shards: int
) -> None:
    source = Source(None, contexts, 3)
    assert list(source.numbers(0)) == [0, 1, 2]
    assert list(source.numbers(2)) == [2]
    assert list(source.numbers(3)) == []
    assert [len(source.shard(number)) for number in range(3)] == [small_shards, small_shards, 4]
    assert source.shard(1) == contexts[10:20] == Source(ContextSampler(graph), (), 3).shard(1)
