"""Benchmarks: stored and read back, split without leaks, refused where damaged."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.benchmark import SHARD_SIZE, SPLITS, Benchmark
from hrdistill.errors import DataError
from hrdistill.records import Context, Experience, Occupation, Removal, Skill, Triple
from hrdistill.storage import content_hash


def triple(number: int, occupation: str) -> Triple:
    return Triple(
        id=f"0-{number:06d}",
        context=Context(
            id=f"0-{number:06d}",
            seed=0,
            occupation=Occupation(occupation, occupation.title(), None, "hospitality"),
            skills=(Skill("baking", "Baking", "ability"),),
            experiences=(Experience("Baker", 2019, 2023),),
        ),
        removal=Removal((), None, "unchanged"),
        job_description="Baker\n",
        matched_resume="Baker (2019 - 2023)\n",
        unmatched_resume="\n",
    )


@pytest.fixture
def copy(benchmark: Benchmark, tmp_path: Path) -> Path:
    benchmark.save(tmp_path / "copy")
    return tmp_path / "copy"


def test_round_trip(benchmark: Benchmark, copy: Path) -> None:
    loaded = Benchmark.load(copy)
    assert loaded.triples == benchmark.triples
    assert loaded.splits == benchmark.splits
    assert len(loaded) == len(list(loaded)) == 120
    loaded.save(copy.with_name("again"))
    assert content_hash(copy.with_name("again")) == content_hash(copy)


def test_saving_again_replaces_the_shards(benchmark: Benchmark, copy: Path) -> None:
    Benchmark(benchmark.triples[:3]).save(copy)
    loaded = Benchmark.load(copy)
    assert loaded.triples == benchmark.triples[:3]


def test_triples_are_cut_into_shards(tmp_path: Path) -> None:
    many = Benchmark([triple(n, "baker") for n in range(SHARD_SIZE + 1)])
    many.save(tmp_path)
    sizes = {p.name: p.read_text().count("\n") for p in tmp_path.glob("*.jsonl")}
    assert sizes == {"00000.jsonl": SHARD_SIZE, "00001.jsonl": 1}
    assert Benchmark.load(tmp_path).triples == many.triples


def test_a_folder_with_other_things_is_left_alone(benchmark: Benchmark, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(DataError, match=r"holds no manifest\.json"):
        benchmark.save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    with pytest.raises(DataError):
        benchmark.save(tmp_path / "thesis.txt")
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_a_cut_or_missing_shard_is_refused(copy: Path) -> None:
    shard = copy / "00000.jsonl"
    lines = shard.read_text("utf-8").splitlines(keepends=True)
    shard.write_text("".join(lines[:-1]), "utf-8")
    with pytest.raises(DataError, match="counts 120 triples, its shards hold 119"):
        Benchmark.load(copy)
    shard.write_text("".join(lines[:-1]) + lines[-1][:50], "utf-8")
    with pytest.raises(DataError, match=r"00000\.jsonl, line 120"):
        Benchmark.load(copy)
    shard.unlink()
    with pytest.raises(DataError, match="shards hold 0"):
        Benchmark.load(copy)


def test_a_triple_without_a_field_is_named(copy: Path) -> None:
    shard = copy / "00000.jsonl"
    rows = [json.loads(line) for line in shard.read_text("utf-8").splitlines()]
    del rows[4]["matched_resume"]
    shard.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    with pytest.raises(DataError, match=r"00000\.jsonl, line 5, field 'matched_resume'"):
        Benchmark.load(copy)


@pytest.mark.parametrize(
    ("experiences", "message"),
    [
        ([], r"field 'context\.experiences': expected at least one job held, found none"),
        ([{"title": "Baker", "start_year": 2019, "end_year": 2018}],
         r"field 'context\.experiences\.0\.end_year': expected a year after 2019, found 2018"),
    ],
)  # fmt: skip
def test_a_context_that_cannot_be_written_about_is_named(
    copy: Path, experiences: list[object], message: str
) -> None:
    shard = copy / "00000.jsonl"
    rows = [json.loads(line) for line in shard.read_text("utf-8").splitlines()]
    rows[2]["context"]["experiences"] = experiences
    shard.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    with pytest.raises(DataError, match=rf"00000\.jsonl, line 3, {message}"):
        Benchmark.load(copy)


@pytest.mark.parametrize(
    ("splits", "message"),
    [
        ([], "expected an object of occupations and their split"),
        ({"bakers": "exam"}, r"their split \(train, dev, test\), found .*exam"),
        ({"bakers": ["train"]}, "their split"),
        ({"bakers": "train"}, "expected a split for every occupation, found none for"),
    ],
)
def test_splits_that_do_not_fit_are_refused(copy: Path, splits: object, message: str) -> None:
    (copy / "splits.json").write_text(json.dumps(splits), "utf-8")
    with pytest.raises(DataError, match=rf"splits\.json: .*{message}.*benchmark split"):
        Benchmark.load(copy)


def test_saving_without_splits_removes_the_old_ones(copy: Path) -> None:
    Benchmark([triple(0, "baker")]).save(copy)
    assert Benchmark.load(copy).splits == {}


def test_a_folder_that_is_no_benchmark(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not exist"):
        Benchmark.load(tmp_path / "absent")
    with pytest.raises(DataError, match=r"holds no manifest\.json"):
        Benchmark.load(tmp_path)


def _leaks(benchmark: Benchmark) -> set[str]:
    parts = [
        {t.context.occupation.id for t in part}
        for part in (benchmark.train, benchmark.dev, benchmark.test)
    ]
    return parts[0] & parts[1] | parts[0] & parts[2] | parts[1] & parts[2]


def test_no_occupation_is_in_two_splits_and_every_triple_in_one(benchmark: Benchmark) -> None:
    assert _leaks(benchmark) == set()
    parts = [*benchmark.train, *benchmark.dev, *benchmark.test]
    assert sorted(t.id for t in parts) == sorted(t.id for t in benchmark)
    assert all(len(benchmark.part(split)) > 0 for split in SPLITS)


@given(
    st.lists(st.sampled_from([f"job-{n}" for n in range(30)]), min_size=1, max_size=60),
    st.integers(0, 5),
)
def test_splits_of_any_benchmark_leak_nothing(occupations: list[str], seed: int) -> None:
    whole = Benchmark([triple(n, name) for n, name in enumerate(occupations)])
    divided = whole.split(seed=seed)
    assert divided.splits.keys() == set(occupations)
    assert _leaks(divided) == set()
    assert len(divided.train) + len(divided.dev) + len(divided.test) == len(whole)
    assert divided.splits == whole.split(seed=seed).splits
    # The order of triples decides nothing.
    assert Benchmark(whole.triples[::-1]).split(seed=seed).splits == divided.splits


def test_splits_are_near_80_10_10_and_another_seed_gives_others() -> None:
    whole = Benchmark([triple(n, f"job-{n % 100}") for n in range(1000)])
    counts = Counter(whole.split(seed=0).splits.values())
    assert counts == {"train": 80, "dev": 10, "test": 10}
    assert whole.split(seed=1).splits != whole.split(seed=0).splits


def test_without_splits_the_parts_are_empty(benchmark: Benchmark) -> None:
    assert len(Benchmark(benchmark.triples).train) == 0


def test_statistics_of_two_triples_by_hand() -> None:
    first = triple(0, "baker")
    second = replace(
        triple(1, "cook"),
        removal=Removal(("Baking",), Experience("Baker", 2019, 2023), "dropped"),
        job_description="three words here\n",
    )
    statistics = Benchmark([first, second], splits={"baker": "train", "cook": "test"}).statistics()
    assert statistics == {
        "triples": 2,
        "occupations": 2,
        "soc_major_groups": 0,
        "distinct_skills": 1,
        "skills_mean": 1.0,
        "experiences_mean": 1.0,
        "removed_skills_mean": 0.5,
        "words_mean": {"job_description": 2.0, "matched_resume": 4.0, "unmatched_resume": 0.0},
        "changes": {"unchanged": 1, "dropped": 1},
        "categories": {"hospitality": 2},
        "splits": {"train": 1, "test": 1},
    }
    assert Benchmark([]).statistics() == {"triples": 0}


def test_the_card_tells_size_making_and_limits(benchmark: Benchmark, copy: Path) -> None:
    card = (copy / "README.md").read_text("utf-8")
    assert card == Benchmark.load(copy).card()
    assert "120 triples" in card
    assert "seed: 7" in card
    assert "## Limits" in card
