"""The folder in the making: shards whole or absent, settings compared, cut and cleared at last."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hrdistill.benchmark import Benchmark
from hrdistill.errors import DataError
from hrdistill.generation.pipeline import Tally
from hrdistill.generation.shards import Shards
from hrdistill.records import Triple
from hrdistill.storage import content_hash, read_json, read_jsonl, write_json

SETTINGS: dict[str, Any] = {"teacher": "t", "seed": 3, "strategy": "walk", "inputs": "0"}


@pytest.fixture
def shards(tmp_path: Path) -> Shards:
    """An empty folder."""
    (tmp_path / "a").mkdir()
    return Shards(tmp_path / "a", SETTINGS)


@pytest.fixture
def triples(benchmark: Benchmark) -> tuple[Triple, ...]:
    return benchmark.triples[:9]


def names(shards: Shards) -> list[str]:
    """Names of the files, those out of sight among them."""
    return sorted(
        path.relative_to(shards.folder).as_posix()
        for path in shards.folder.rglob("*")
        if path.is_file()
    )


def fill(shards: Shards, triples: tuple[Triple, ...]) -> Tally:
    """Writes shards of four; the fourth context of each is rejected. Returns what all became."""
    total = Tally()
    for number, start in enumerate(range(0, len(triples), 3)):
        part = triples[start : start + 3]
        tallies = [Tally(accepted=1) for _ in part]
        tallies.append(Tally(rejected=1))
        tallies[-1].rejected_reasons["dull"] = 1
        shards.write(number, part, tallies)
        for tally in tallies:
            total.add(tally)
    return total


def test_a_shard_is_stored_with_what_became_of_its_contexts(
    shards: Shards, triples: tuple[Triple, ...]
) -> None:
    tallies = [Tally(accepted=1, repaired=1), Tally(rejected=1), Tally(accepted=1)]
    tallies[0].reasons["job description: lacks skill"] = 2
    tallies[1].rejected_reasons["teacher: too long"] = 1
    shards.write(7, triples[:2], tallies)
    assert names(shards) == [".tallies/00007.jsonl", "00007.jsonl"]
    assert shards.stored(7) == tallies
    assert shards.stored(6) is None
    ids = [row["id"] for _, row in read_jsonl(shards.folder / "00007.jsonl")]
    assert ids == [triple.id for triple in triples[:2]]


def test_tallies_that_come_with_the_triples_are_stored(
    shards: Shards, triples: tuple[Triple, ...]
) -> None:
    tallies: list[Tally] = []

    def one_by_one() -> Any:
        for triple in triples[:2]:
            tallies.append(Tally(accepted=1))
            yield triple

    shards.write(0, one_by_one(), tallies)
    assert shards.stored(0) == [Tally(accepted=1)] * 2


@pytest.mark.parametrize("lost", ["00000.jsonl", ".tallies/00000.jsonl"])
def test_half_a_shard_is_none(shards: Shards, triples: tuple[Triple, ...], lost: str) -> None:
    shards.write(0, triples[:2], [Tally(accepted=1)] * 2)
    (shards.folder / lost).unlink()
    assert shards.stored(0) is None


def test_a_shard_whose_making_fails_leaves_nothing(
    shards: Shards, triples: tuple[Triple, ...]
) -> None:
    def breaks() -> Any:
        yield triples[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shards.write(0, breaks(), [Tally(accepted=1)])
    assert names(shards) == []


def test_a_damaged_tally_is_named(shards: Shards, triples: tuple[Triple, ...]) -> None:
    shards.write(0, triples[:1], [Tally(accepted=1)])
    (shards.folder / ".tallies" / "00000.jsonl").write_text('{"accepted": "many"}\n')
    with pytest.raises(DataError, match=r"00000\.jsonl, line 1, field 'accepted'.*'many'"):
        shards.stored(0)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 6, 8, 9])
def test_the_end_cuts_to_the_number_wanted_and_leaves_nothing_else(
    shards: Shards, triples: tuple[Triple, ...], n: int
) -> None:
    shards.prepare()
    tally = fill(shards, triples)
    (shards.folder / ".00001.jsonl.abc.tmp").write_text("half")
    benchmark = shards.finish(tally, n)
    assert benchmark.triples == triples[:n]
    assert Benchmark.load(shards.folder).triples == triples[:n]
    kept = [f"0000{number}.jsonl" for number in range((n + 2) // 3)]
    assert names(shards) == [*kept, "README.md", "manifest.json", "splits.json"]
    manifest = read_json(shards.folder / "manifest.json")
    assert SETTINGS.items() <= manifest.items()
    assert manifest["tally"]["rejected_reasons"] == {"dull": 3}
    assert benchmark.splits == Benchmark(triples[:n]).split(seed=SETTINGS["seed"]).splits


def test_a_finished_folder_is_known_by_number_and_settings(
    shards: Shards, triples: tuple[Triple, ...]
) -> None:
    assert not shards.is_finished(9)
    shards.prepare()
    tally = fill(shards, triples)
    assert not shards.is_finished(9)
    shards.finish(tally, 9)
    assert shards.is_finished(9)
    assert not shards.is_finished(8)
    with pytest.raises(DataError, match=r"other settings: seed 3 \(now 4\); choose another folder"):
        Shards(shards.folder, SETTINGS | {"seed": 4}).is_finished(9)
    with pytest.raises(DataError, match=r"seed 3 \(now 4\), judge None \(now True\)"):
        Shards(shards.folder, SETTINGS | {"seed": 4, "judge": True}).is_finished(9)


@pytest.mark.parametrize(
    ("manifest", "found"), [({"kind": "student"}, "'student'"), ({}, "None"), ([1], r"\[1\]")]
)
def test_a_folder_of_another_kind_is_left_alone(shards: Shards, manifest: Any, found: str) -> None:
    write_json(shards.folder / "manifest.json", manifest)
    before = content_hash(shards.folder)
    with pytest.raises(DataError, match=f"holds no triples but {found}; choose another folder"):
        shards.is_finished(1)
    assert content_hash(shards.folder) == before


def test_a_folder_is_made_ready_where_it_is_empty_but_for_leftovers(shards: Shards) -> None:
    (shards.folder / ".lock").write_text("")
    (shards.folder / ".settings.json.abc.tmp").write_text("{")
    shards.prepare()
    assert read_json(shards.folder / "settings.json") == SETTINGS
    (shards.folder / "settings.json").unlink()
    (shards.folder / "thesis.txt").write_text("mine")
    with pytest.raises(DataError, match="is not empty and holds no triples; choose another folder"):
        shards.prepare()
    assert "settings.json" not in names(shards)


def test_settings_are_compared_once_something_was_made_with_them(
    shards: Shards, triples: tuple[Triple, ...]
) -> None:
    shards.prepare()
    other = Shards(shards.folder, SETTINGS | {"seed": 4})
    other.prepare()
    assert read_json(shards.folder / "settings.json")["seed"] == 4
    other.write(0, triples[:1], [Tally(accepted=1)])
    with pytest.raises(DataError, match=r"seed 4 \(now 3\)"):
        shards.prepare()
    other.prepare()
    assert other.stored(0) == [Tally(accepted=1)]


def test_a_finished_folder_made_ready_again_is_no_benchmark_and_has_no_whole_shard(
    shards: Shards, triples: tuple[Triple, ...]
) -> None:
    shards.prepare()
    shards.finish(fill(shards, triples), 9)
    shards.prepare()
    assert "manifest.json" not in names(shards)
    assert read_json(shards.folder / "settings.json") == SETTINGS
    assert [shards.stored(number) for number in range(3)] == [None] * 3
