"""Files that are whole or absent, and the messages of those that are not."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill import __version__
from hrdistill.errors import DataError
from hrdistill.records import Experience, Occupation, Removal, Skill, Triple
from hrdistill.storage import (
    atomic_open,
    content_hash,
    from_plain,
    is_leftover,
    locked,
    read_json,
    read_jsonl,
    read_manifest,
    read_text,
    to_plain,
    write_json,
    write_jsonl,
    write_manifest,
    write_records,
    write_text,
)

KEYS = st.text(max_size=5)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


def test_a_file_appears_only_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.txt"
    with atomic_open(path) as file:
        file.write("half")
        file.flush()
        assert not path.exists()
        assert len(list(path.parent.iterdir())) == 1
    assert path.read_text() == "half"
    assert list(path.parent.iterdir()) == [path]
    assert path.stat().st_mode & 0o777 == 0o644


def test_an_interrupted_write_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    write_text(path, "old")

    def interrupted() -> Iterator[str]:
        yield "new"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_jsonl(path, interrupted())
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_or_a_device_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(DataError, match="choose the name of a file"), atomic_open(path):
            pass
    assert (tmp_path / "pipe").is_fifo()


def test_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    with atomic_open(tmp_path / "file", "wb") as file:
        file.write(b"\r\n\x00")
    assert (tmp_path / "file").read_bytes() == b"\r\n\x00"


def test_text_is_utf_8_with_line_feeds(tmp_path: Path) -> None:
    write_text(tmp_path / "file", "é\n")
    assert (tmp_path / "file").read_bytes() == b"\xc3\xa9\n"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match=r"cannot write .*file/inside.*choose a folder"):
        write_text(tmp_path / "file" / "inside", "x")


@given(JSON)
def test_json_round_trip(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    path = tmp_path_factory.getbasetemp() / "value.json"
    write_json(path, value)
    assert read_json(path) == value
    write_jsonl(path, [value, value])
    assert [found for _, found in read_jsonl(path)] == [value, value]


def test_json_refuses_what_other_readers_cannot_read(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "file", {"value": float("nan")})
    assert list(tmp_path.iterdir()) == []


def test_jsonl_counts_lines_and_skips_blank_ones(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    assert write_jsonl(path, [{"a": "line\nbreak \u2028"}, [1]]) == 2
    assert path.read_text(encoding="utf-8").count("\n") == 2
    path.write_text('{"a": 1}\n\n  \n[2]\n', encoding="utf-8")
    assert list(read_jsonl(path)) == [(1, {"a": 1}), (4, [2])]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"a": 1}\n{"a": \n', r"rows.jsonl, line 2, column \d+: expected one JSON object a line"),
        (b'{"a": 1}\n{"a": 2', r"line 2, column"),
        (b'{"a": "\xff"}\n', r"expected UTF-8 text, found byte 0xff at offset 7"),
    ],
)
def test_a_damaged_line_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message):
        list(read_jsonl(path))


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not exist; check the path"):
        read_text(tmp_path / "absent")
    with pytest.raises(DataError, match="is a folder; a file was expected"):
        read_text(tmp_path)
    (tmp_path / "file.json").write_text("{\n'a': 1}")
    with pytest.raises(DataError, match=r"file\.json, line 2: expected JSON"):
        read_json(tmp_path / "file.json")


def test_manifest_round_trip_has_no_time_stamp(tmp_path: Path) -> None:
    write_manifest(tmp_path / "a", kind="triples", version=1, seed=3)
    write_manifest(tmp_path / "b", kind="triples", version=1, seed=3)
    assert read_manifest(tmp_path / "a", kind="triples", version=1) == {
        "kind": "triples", "format_version": 1, "hrdistill": __version__, "seed": 3
    }  # fmt: skip
    assert content_hash(tmp_path / "a") == content_hash(tmp_path / "b")


def test_a_folder_that_is_not_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not exist: expected a folder of student"):
        read_manifest(tmp_path / "absent", kind="student", version=1)
    with pytest.raises(DataError, match=r"holds no manifest\.json"):
        read_manifest(tmp_path, kind="student", version=1)
    write_manifest(tmp_path, kind="triples", version=2)
    with pytest.raises(DataError, match="kind 'student', found 'triples'"):
        read_manifest(tmp_path, kind="student", version=1)
    with pytest.raises(DataError, match=r"format version 2 .* reads version 1"):
        read_manifest(tmp_path, kind="triples", version=1)
    write_text(tmp_path / "manifest.json", "[]")
    with pytest.raises(DataError, match="found 'list'"):
        read_manifest(tmp_path, kind="triples", version=1)


def test_content_hash_of_a_file_is_its_sha_256(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"baker")
    assert content_hash(tmp_path / "a") == hashlib.sha256(b"baker").hexdigest()


def test_content_hash_of_a_folder_sees_names_and_bytes(tmp_path: Path) -> None:
    for name in ("one", "two", "renamed", "changed"):
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "deep" / ("b" if name == "renamed" else "a")).write_text(
            "y" if name == "changed" else "x"
        )
    hashes = {name: content_hash(tmp_path / name) for name in ("one", "two", "renamed", "changed")}
    assert hashes["one"] == hashes["two"]
    assert len(set(hashes.values())) == 3


NAMES = st.text(min_size=1, max_size=8)
EXPERIENCES = st.builds(Experience, NAMES, st.integers(1950, 2030), st.integers(1950, 2030))


@given(
    st.builds(
        Removal,
        st.lists(NAMES, max_size=2).map(tuple),
        st.none() | EXPERIENCES,
        st.sampled_from(["shortened", "dropped", "unchanged"]),
        st.none() | EXPERIENCES,
    )
)
def test_records_survive_json(removal: Removal) -> None:
    plain = json.loads(json.dumps(to_plain(removal)))
    assert from_plain(Removal, plain, where="here") == removal


def test_triples_survive_json(benchmark: list[Triple]) -> None:
    for triple in benchmark:
        assert from_plain(Triple, json.loads(json.dumps(to_plain(triple))), where="here") == triple


def test_records_are_the_lines_that_their_plain_values_give(
    tmp_path: Path, benchmark: list[Triple]
) -> None:
    triples = list(benchmark)
    assert write_records(tmp_path / "new" / "records.jsonl", triples) == len(triples)
    write_jsonl(tmp_path / "plain.jsonl", (to_plain(triple) for triple in triples))
    records, plain = (
        list(read_jsonl(path))
        for path in (tmp_path / "new" / "records.jsonl", tmp_path / "plain.jsonl")
    )
    assert records == plain
    assert [from_plain(Triple, value, where=f"line {n}") for n, value in records] == triples


@given(st.lists(st.builds(Experience, st.text(max_size=8), st.integers(), st.integers())))
def test_a_record_is_one_line_whatever_it_holds(
    tmp_path_factory: pytest.TempPathFactory, records: list[Experience]
) -> None:
    path = tmp_path_factory.mktemp("records") / "records.jsonl"
    written = [*records, Experience("\u2028\n\x85\x00é😀", -1, 10**9)]
    assert write_records(path, iter(written)) == len(written)
    assert path.read_bytes().count(b"\n") == len(written)
    assert [from_plain(Experience, value, where="") for _, value in read_jsonl(path)] == written


def test_records_of_several_kinds_and_of_none(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    skill, job = Skill("é", "É", "soft", ("e",)), Experience("Baker", 2019, 2023)
    assert write_records(path, [skill, job]) == 2
    assert (
        path.read_bytes()
        == (
            '{"id":"é","name":"É","kind":"soft","aliases":["e"]}\n'
            '{"title":"Baker","start_year":2019,"end_year":2023}\n'
        ).encode()
    )
    assert write_records(path, []) == 0
    assert path.read_bytes() == b""


def test_records_that_end_early_leave_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text("before")

    def failing() -> Iterator[Experience]:
        yield Experience("Baker", 2019, 2023)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_records(path, failing())
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"id": "x", "name": "X", "kind": "magic"}, "rows, line 3, field 'kind'.*'magic'"),
        ({"id": "x", "kind": "soft"}, "field 'name'.*required"),
        ({"id": "x", "name": 3, "kind": "soft"}, "field 'name'.*found 3"),
        ("soft", "field 'value'.*found 'soft'"),
        ({"id": "x" * 99, "name": 3, "kind": "soft"}, "field 'name'"),
    ],
)
def test_a_malformed_record_is_named(value: object, message: str) -> None:
    with pytest.raises(DataError, match=message):
        from_plain(Skill, value, where="rows, line 3")


def test_a_long_value_is_cut_in_the_message() -> None:
    with pytest.raises(DataError) as caught:
        from_plain(Occupation, {"id": ["x" * 500], "title": "", "soc_code": None, "category": ""},
                   where="row")  # fmt: skip
    assert len(str(caught.value)) < 200


def test_a_folder_is_held_by_one_process(tmp_path: Path) -> None:
    with locked(tmp_path / "out"):
        child = subprocess.run(
            [sys.executable, "-c",
             "import sys; from hrdistill.storage import locked\n"
             "with locked(sys.argv[1]): print('held')", str(tmp_path / "out")],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "held" not in child.stdout
        assert "is being written to by another run" in child.stderr
    assert list((tmp_path / "out").iterdir()) == []
    with locked(tmp_path / "out"):
        pass


def test_a_folder_is_let_go_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), locked(tmp_path / "out"):
        raise KeyboardInterrupt
    assert list((tmp_path / "out").iterdir()) == []


def test_a_lock_that_was_removed_meanwhile_holds_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is removed by who held it, between our opening and our locking it."""
    lock, flock = tmp_path / ".lock", fcntl.flock
    opened = []

    def removed_first(file: IO[str], operation: int) -> None:
        opened.append(file)
        if len(opened) == 1:
            lock.unlink()
        flock(file, operation)

    monkeypatch.setattr(fcntl, "flock", removed_first)
    with locked(tmp_path):
        assert len(opened) == 2
        assert lock.exists()
        with pytest.raises(DataError, match="being written to"), locked(tmp_path):
            pass
        assert lock.exists()


@pytest.mark.parametrize(
    ("name", "leftover"),
    [(".lock", True), (".manifest.json.x1.tmp", True), ("notes.tmp", False), (".git", False)],
)
def test_leftovers(tmp_path: Path, name: str, *, leftover: bool) -> None:
    assert is_leftover(tmp_path / name) is leftover


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_the_right_to_write(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(DataError, match="choose a folder you may write to"), locked(tmp_path / "x"):
        pass


def test_a_file_in_place_of_a_folder_cannot_be_held(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match=r"cannot write to .*file"), locked(tmp_path / "file"):
        pass
