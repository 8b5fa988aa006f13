"""Tables as publishers write them, and the place and cause where one cannot be read."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.errors import GraphError, MissingExtraError
from hrdistill.graph.sources.reading import (
    column_names,
    find_files,
    optional_file,
    read_excel,
    read_rows,
)


def rows_of(path: Path, columns: Sequence[str], **how: str) -> list[tuple[int, dict[str, str]]]:
    return list(read_rows(path, columns, source="test", **how))


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def test_rows_are_read_by_column_with_the_line_they_end_on(table: Path) -> None:
    write(table, 'b, a ,c\r\n1,"two\nlines",3\r\n\r\n,,\r\n 4 ,5,6\r\n')
    assert rows_of(table, ["a", "b"]) == [
        (3, {"a": "two\nlines", "b": "1"}),
        (6, {"a": "5", "b": "4"}),
    ]


def test_of_a_column_that_stands_twice_the_first_counts(table: Path) -> None:
    assert rows_of(write(table, "a,b,a\n1,2,3\n"), ["a"]) == [(2, {"a": "1"})]


def test_in_text_with_tabs_quotes_are_letters(tmp_path: Path) -> None:
    path = write(tmp_path / "table.txt", 'a\tb\n5" pipe\t"never closed\n6\t7\n')
    assert [row["b"] for _, row in rows_of(path, ["a", "b"], delimiter="\t")] == [
        '"never closed', "7"
    ]  # fmt: skip


def test_a_quote_within_an_unquoted_field_of_csv_is_a_letter(table: Path) -> None:
    assert rows_of(write(table, 'a,b\n5" pipe,1\n'), ["a"]) == [(2, {"a": '5" pipe'})]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Café".encode(), "Café"),
        (b"\xef\xbb\xbf" + "Café".encode(), "Café"),
        ("Café’s".encode("cp1252"), "Café’s"),
        ("Café".encode("cp1252"), "Café"),  # the last letter may begin one of UTF-8
    ],
)
def test_official_encodings(table: Path, content: bytes, expected: str) -> None:
    bom = content[:3] if content.startswith(b"\xef\xbb\xbf") else b""
    write(table, bom + b"a,b\n1," + content.removeprefix(bom) + b"\n")
    assert rows_of(table, ["a", "b"]) == [(2, {"a": "1", "b": expected})]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,c\n1,2\n", r"line 1: expected the columns a, b; missing: b; found: a, c$"),
        ("", r"line 1: .*found: nothing$"),
        ("a,b\n1,2\n3", r"line 3: expected 2 fields, found 1; the download may be cut off"),
        ("a,b\n1,2\n3,4", r"line 3: expected a line end, .*; the download may be cut off"),
        ("a;b\n1;2\n", r"line 1: expected fields parted by commas, found semicolons; save the"),
        ("a\tb\n1\t2\n", r"line 1: expected fields parted by commas, found tabs; save the"),
        ('a,b\n1,2\n3,"4\n5,6\n', r"line 3: a quoted field that begins here is never closed"),
        ('a,b\n1,2\n3,"4', r"line 3: a quoted field that begins here is never closed"),
        ('a,b\n1,"' + "2\n" * 600_000, r"line 2: expected a row of fields, found field larger"),
        (b"a,b\n1,\x81\n2,\x8d\n", r"line 2: expected text in utf-8-sig or cp1252, found .*0x81"),
        ("a,b\né,ø".encode()[:-1], r"line 2: the file ends within a letter; .*: fetch the file"),
        ("a,b\n1,2\n".encode("utf-16"), r"zero bytes .* save the table as text in UTF-8"),
    ],
)
def test_what_is_wrong_with_a_table(table: Path, content: str | bytes, message: str) -> None:
    write(table, content)
    with pytest.raises(GraphError, match=f"^source test: .*table.csv.*{message}"):
        rows_of(table, ["a", "b"])


def test_a_table_of_ones_own_may_end_without_a_line_end(table: Path) -> None:
    write(table, "a,b\n1,2")
    assert list(read_rows(table, ["a"], source="test", is_published=False)) == [(2, {"a": "1"})]


def test_commas_where_tabs_belong(table: Path) -> None:
    write(table, "a,b\n1,2\n")
    with pytest.raises(GraphError, match="parted by tabs, found commas; save the table with tabs"):
        rows_of(table, ["a"], delimiter="\t")


def test_a_long_header_is_named_in_short(table: Path) -> None:
    write(table, ",".join(f"column {i}" for i in range(1000)))
    with pytest.raises(GraphError) as caught:
        rows_of(table, ["a"])
    assert len(str(caught.value)) < 600


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match=r"^source test: cannot read .*no.csv: No such file"):
        rows_of(tmp_path / "no.csv", ["a"])


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=("Cs", "Cc"))),
            st.text(st.sampled_from(' ,"\n\r\tab€é')),
        ),
        max_size=6,
    )
)
def test_what_the_csv_module_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    table = tmp_path_factory.getbasetemp() / "roundtrip.csv"
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("a", "b"), *rows])
    write(table, text.getvalue())
    read = [(row["a"], row["b"]) for _, row in rows_of(table, ["a", "b"])]
    assert read == [(a.strip(), b.strip()) for a, b in rows if a or b]


def test_a_workbook_by_column_with_row_numbers(tmp_path: Path, write_workbook: Callable) -> None:
    path = write_workbook(
        tmp_path / "t.xlsx", [("b", " a "), ("x & y", 1.5), ("", ""), ("z", 2)], first_row=3
    )
    assert list(read_excel(path, ["a", "b"], source="test")) == [
        (4, {"a": 1.5, "b": "x & y"}),
        (6, {"a": 2.0, "b": "z"}),
    ]
    assert column_names(path, source="test") == ["b", "a"]
    with pytest.raises(GraphError, match=r"t.xlsx, row 3: .*missing: c; found: b, a$"):
        list(read_excel(path, ["a", "c"], source="test"))


@pytest.mark.parametrize("kept", [0.0, 0.5, 0.98])
def test_a_workbook_cut_off(tmp_path: Path, write_workbook: Callable, kept: float) -> None:
    path = write_workbook(tmp_path / "t.xlsx", [("a", "b"), ("1", "2")])
    content = path.read_bytes()
    write(path, content[: int(len(content) * kept)])
    with pytest.raises(GraphError, match=r"t.xlsx: expected an Excel workbook.*fetch the file"):
        list(read_excel(path, ["a"], source="test"))


def test_a_workbook_without_rows(tmp_path: Path, write_workbook: Callable) -> None:
    with pytest.raises(GraphError, match=r"t.xlsx, row 1: .*found: nothing"):
        list(read_excel(write_workbook(tmp_path / "t.xlsx", []), ["a"], source="test"))


def test_the_extra_that_reads_workbooks_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'hrdistill\[graph\]'"):
        list(read_excel(tmp_path / "t.xlsx", ["a"], source="test"))


def test_files_are_found_in_any_case_and_by_the_first_of_several(tmp_path: Path) -> None:
    for name in ("B_Table.CSV", "a_table.csv", "other.csv", "._0_table.csv", "~$0_table.csv"):
        write(tmp_path / name, "")
    assert find_files(tmp_path, ["*_table.csv", "OTHER.csv"], source="test") == [
        tmp_path / "a_table.csv",
        tmp_path / "other.csv",
    ]
    assert optional_file(tmp_path, "b_*.csv") == tmp_path / "B_Table.CSV"
    assert optional_file(tmp_path, "*.txt") is None
    assert find_files(tmp_path / "other.csv", ["*.txt"], source="test") == [tmp_path / "other.csv"]


def test_a_companion_that_is_missing(tmp_path: Path) -> None:
    write(tmp_path / "here.csv", "")
    with pytest.raises(GraphError, match=r"no file like '\*_table.csv'.*\(found here.csv\)"):
        find_files(tmp_path, ["*_table.csv"], source="test")
    with pytest.raises(GraphError, match=r"gone does not exist; check the path"):
        find_files(tmp_path / "gone", ["*"], source="test")
