"""Labelled pairs as people keep them, in JSON lines and CSV, and what is told of a wrong row."""

from __future__ import annotations

import csv
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.errors import DataError
from hrdistill.pairs import LabelledPair, read_pairs

JOB, RESUME = "We look for a baker.", "Ana Silva\nBaker, 2018 - 2021"


def row(**changes: object) -> str:
    return json.dumps({"job": JOB, "resume": RESUME, "label": True, **changes})


def written(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, "utf-8")
    return path


@pytest.mark.parametrize(
    ("label", "meant"),
    [
        (True, True), (False, False), (1, True), (0, False), ("true", True), ("FALSE", False),
        ("1", True), ("0", False), ("yes", True), (" No ", False),
    ],
)  # fmt: skip
def test_every_spelling_of_a_label(tmp_path: Path, label: object, meant: bool) -> None:
    expected = [LabelledPair(JOB, RESUME, meant)]
    assert read_pairs(written(tmp_path, "pairs.jsonl", row(label=label))) == expected
    table = f'job,resume,label\n{JOB},"{RESUME}",{label}\n'
    assert read_pairs(written(tmp_path, "pairs.csv", table)) == expected


def test_json_lines_in_order_with_blanks_and_fields_of_ones_own(tmp_path: Path) -> None:
    lines = [row(job="first", who="me"), "", row(job="second", label=0), "  "]
    path = written(tmp_path, "pairs.json", "\n".join(lines) + "\n")
    assert read_pairs(str(path)) == [
        LabelledPair("first", RESUME, True), LabelledPair("second", RESUME, False)
    ]  # fmt: skip


def test_a_table_with_columns_in_any_order(tmp_path: Path) -> None:
    table = 'who,label,resume,job\nme,yes,"Ana, baker","line one\n\n""line"" two"\n'
    for name in ("pairs.csv", "PAIRS.CSV"):
        assert read_pairs(written(tmp_path, name, table)) == [
            LabelledPair('line one\n\n"line" two', "Ana, baker", True)
        ]


texts = st.text(alphabet=st.sampled_from("ab ,;\"'\n|é–"), min_size=1).filter(str.strip)


@given(st.lists(st.builds(LabelledPair, texts, texts, st.booleans()), min_size=1, max_size=4))
def test_a_table_and_json_lines_say_the_same(pairs: list[LabelledPair]) -> None:
    rows = [{"job": p.job, "resume": p.resume, "label": p.label} for p in pairs]
    with tempfile.TemporaryDirectory() as folder:
        table, lines = Path(folder, "pairs.csv"), Path(folder, "pairs.jsonl")
        with table.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, ["job", "resume", "label"])
            writer.writeheader()
            writer.writerows(rows)
        lines.write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
        assert read_pairs(table) == read_pairs(lines) == pairs


FIELDS = "expected the fields job, resume, label"
LABELS = "field 'label': expected true or false, 1 or 0, yes or no"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"job": "a", "resume": "b"}', f"{FIELDS}, found job, resume; add 'label'"),
        ('{"job": "a"}', f"{FIELDS}, found job; add 'resume'"),
        ("{}", "add 'job'"),
        (row(resume=None), "add 'resume'"),
        ("[1, 2]", f"{FIELDS}, found [1, 2]; add 'job'"),
        ('"a text"', f"{FIELDS}, found a text; add 'job'"),
        (row(label="maybe"), f"{LABELS}, found 'maybe'"),
        (row(label=2), f"{LABELS}, found '2'"),
        (row(label=0.5), f"{LABELS}, found '0.5'"),
        (row(label=""), f"{LABELS}, found ''"),
        (row(label=[True]), f"{LABELS}, found '[True]'"),
        (row(job="  \n"), "field 'job': expected a text, found '  \\n'"),
        (row(resume=3), "field 'resume': expected a text, found 3"),
        (row(resume={"text": RESUME}), "field 'resume': expected a text, found {'text': "),
        ('{"job": ', "column "),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, told: str) -> None:
    path = written(tmp_path, "pairs.jsonl", f"{row()}\n\n{line}\n{row()}\n")
    with pytest.raises(DataError) as error:
        read_pairs(path)
    assert str(error.value).startswith(f"{path}, line 3")
    assert told in str(error.value)


def test_long_values_are_cut_in_what_is_told(tmp_path: Path) -> None:
    for changes in ({"label": "x" * 500}, {"job": ["x" * 500]}):
        with pytest.raises(DataError) as error:
            read_pairs(written(tmp_path, "pairs.jsonl", row(**changes)))
        assert len(str(error.value)) - len(str(tmp_path)) < 200


@pytest.mark.parametrize(
    ("table", "line", "told"),
    [
        ("job,resume\na,b\n", 2, f"{FIELDS}, found job, resume; add 'label'"),
        ("a,b,yes\nc,d,no\n", 2, "add 'job'"),  # no header
        ("job,resume,label\na,b\n", 2, "add 'label'"),
        ("job,resume,label\na,,yes\n", 2, "field 'resume': expected a text, found ''"),
        ('job,resume,label\n"a\nb",c,yes\nd,e,perhaps\n', 4, f"{LABELS}, found 'perhaps'"),
        ("job,resume,label\na baker, or two,Ana,yes\n", 2, f"{LABELS}, found 'Ana'"),  # no quotes
    ],
)
def test_a_wrong_row_of_a_table_is_named(tmp_path: Path, table: str, line: int, told: str) -> None:
    path = written(tmp_path, "pairs.csv", table)
    with pytest.raises(DataError) as error:
        read_pairs(path)
    assert str(error.value).startswith(f"{path}, line {line}")
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.jsonl", ""), ("a.jsonl", "\n \n"), ("a.csv", ""), ("a.csv", "job,resume,label\n")],
)
def test_no_pairs_at_all(tmp_path: Path, name: str, content: str) -> None:
    with pytest.raises(DataError, match="expected labelled pairs, found none; give JSON lines or"):
        read_pairs(written(tmp_path, name, content))


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_files_that_cannot_be_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"pairs{suffix}"
    with pytest.raises(DataError, match="does not exist"):
        read_pairs(path)
    path.write_bytes(b"job,resume,label\n\xff\xfe,b,yes\n")
    with pytest.raises(DataError, match="expected UTF-8 text"):
        read_pairs(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(DataError, match="is a folder"):
        read_pairs(path)
