"""Reads the publishers' tables as they are: CSV, text with tabs, Excel; errors name the place."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from itertools import chain
from pathlib import Path
from textwrap import shorten
from typing import Any, Literal

from hrdistill.errors import GraphError, MissingExtraError

ENCODINGS = ("utf-8-sig", "cp1252")
"""Tried in this order: several official files are Windows text without saying so."""

_LONGEST_FIELD = 1 << 20
_END = "\x04"


def find_files(path: Path | str, patterns: Sequence[str], *, source: str) -> list[Path]:
    """The files that a source's path names: itself, or the first match of each pattern in it.

    Args:
        path: a file or a folder.
        patterns: glob patterns of file names, one a companion file; case matters not.
        source: for the error.

    Raises:
        GraphError: the path is missing, or the folder lacks a file.
    """
    path = Path(path)
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise GraphError(f"source {source}: {path} does not exist; check the path")
    found = []
    for pattern in patterns:
        match = optional_file(path, pattern)
        if match is None:
            raise GraphError(
                f"source {source}: {path} holds no file like {pattern!r}, which belongs to it "
                f"(found {listing(path)}); download it into the folder"
            )
        found.append(match)
    return found


def optional_file(folder: Path | str, pattern: str) -> Path | None:
    """The first file of a folder whose name matches in any case, or None.

    Hidden files and those that Excel leaves beside an open workbook (`~$name.xlsx`) count not.
    """
    shown = (p.name for p in Path(folder).iterdir() if p.is_file())
    names = sorted((n for n in shown if not n.startswith((".", "~$"))), key=str.casefold)
    match = next((n for n in names if fnmatch(n.lower(), pattern.lower())), None)
    return None if match is None else Path(folder) / match


def listing(folder: Path) -> str:
    """Names of the first few files of a folder, for an error."""
    names = sorted(p.name for p in folder.iterdir() if not p.name.startswith("."))
    shown = ", ".join(names[:6]) or "nothing"
    return f"{shown} and {len(names) - 6} more" if len(names) > 6 else shown


def column_names(path: Path, *, source: str) -> list[str]:
    """Names of the columns of a CSV table or of a workbook's first sheet."""
    if path.suffix.lower() == ".xlsx":
        return _sheet(path, source)[1]
    try:
        names = next(csv.reader(io.StringIO(_decoded(path, source), newline="")), [])
    except csv.Error as error:
        raise GraphError(
            f"source {source}: {path}, line 1: expected the names of columns, found {error}"
        ) from error
    return [name.strip() for name in names]


def read_rows(
    path: Path,
    columns: Sequence[str],
    *,
    source: str,
    delimiter: str = ",",
    is_published: bool = True,
) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a table of text, by column, each with the line that it ends on.

    Of a column that stands twice the first counts (Dice repeats one). Other columns are passed
    over. Quotes are read as CSV's own only where the delimiter is a comma.

    Args:
        path: the table, in UTF-8 or Windows-1252.
        columns: names that the first line must have.
        source: for errors.
        delimiter: between two fields.
        is_published: whether the file is a publisher's, whose last line has an end; one without
            is cut off, which a row whose last field is shorter does not tell.

    Raises:
        GraphError: a column is missing, a row is cut off, or the file is no text.
    """
    text = _decoded(path, source)
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if delimiter == "," else csv.QUOTE_NONE
    csv.field_size_limit(max(_LONGEST_FIELD, csv.field_size_limit()))
    # A quote that is never closed swallows all that follows it, the end mark as well.
    lines = chain(io.StringIO(text, newline=""), [_END])
    reader = csv.reader(lines, delimiter=delimiter, quoting=quoting)
    begun = 1
    try:
        header = [name.rstrip(_END).strip() for name in next(reader)]
        where = f"source {source}: {path}, line 1"
        if hint := other_delimiter(header, delimiter):
            raise GraphError(f"{where}: {hint}")
        places = _places(header, columns, where=where)
        last, begun = max(places.values()), reader.line_num + 1
        for row in reader:
            if row == [_END]:
                if is_published and not text.endswith(("\n", "\r")):
                    raise GraphError(
                        f"source {source}: {path}, line {reader.line_num - 1}: expected a line "
                        "end, found the end of the file; the download may be cut off: fetch the "
                        "file again"
                    )
                return
            if row and row[-1].endswith(_END):
                break
            begun = reader.line_num + 1
            if not any(row):
                continue
            if len(row) <= last:
                raise GraphError(
                    f"source {source}: {path}, line {reader.line_num}: expected {len(header)} "
                    f"fields, found {len(row)}; the download may be cut off: fetch the file again"
                )
            yield reader.line_num, {name: row[place].strip() for name, place in places.items()}
    except csv.Error as error:
        raise GraphError(
            f"source {source}: {path}, line {begun}: expected a row of fields, found {error}; "
            "look for a quote that is never closed, or fetch the file again"
        ) from error
    raise GraphError(
        f"source {source}: {path}, line {begun}: a quoted field that begins here is never closed; "
        "the download may be cut off: fetch the file again"
    )


def other_delimiter(header: Sequence[str], delimiter: str = ",") -> str:
    """What to say of a header that stands in one field, parted by another mark; else ""."""
    marks = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars"}
    if len(header) != 1:
        return ""
    found = next((mark for mark in marks if mark != delimiter and mark in header[0]), None)
    if found is None:
        return ""
    return (
        f"expected fields parted by {marks[delimiter]}, found {marks[found]}; "
        f"save the table with {marks[delimiter]}"
    )


def read_excel(
    path: Path, columns: Sequence[str], *, source: str
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows of the first sheet of a workbook, by column, each with its row number.

    Raises:
        GraphError: the file is no whole workbook, or a column is missing.
        MissingExtraError: python-calamine is not installed.
    """
    first, header, table = _sheet(path, source)
    places = _places(header, columns, where=f"source {source}: {path}, row {first}")
    for number, row in enumerate(table, first + 1):
        if any(value != "" for value in row):
            yield number, {name: row[place] for name, place in places.items()}


def _sheet(path: Path, source: str) -> tuple[int, list[str], list[list[Any]]]:
    """Row number of the header, the header, and the rows below it."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as error:
        raise MissingExtraError("python-calamine", extra="graph") from error
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        first, rows = (sheet.start or (0, 0))[0] + 1, sheet.to_python()
    except (CalamineError, OSError) as error:
        raise GraphError(
            f"source {source}: {path}: expected an Excel workbook, found {error}; "
            "the download may be cut off: fetch the file again"
        ) from error
    header = [str(name).strip() for name in rows[0]] if rows else []
    return first, header, rows[1:]


def _places(header: list[str], columns: Sequence[str], *, where: str) -> dict[str, int]:
    if missing := [name for name in columns if name not in header]:
        raise GraphError(
            f"{where}: expected the columns {', '.join(columns)}; "
            f"missing: {', '.join(missing)}; "
            f"found: {shorten(', '.join(header), 300, placeholder=' ...') or 'nothing'}"
        )
    return {name: header.index(name) for name in columns}


def _decoded(path: Path, source: str) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise GraphError(
            f"source {source}: cannot read {path}: {error.strerror or error}"
        ) from error
    if b"\0" in content:
        raise GraphError(
            f"source {source}: {path}: expected text, found a file with zero bytes (a workbook, an "
            "archive or UTF-16); save the table as text in UTF-8"
        )
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            place = error.start
            if error.reason == "unexpected end of data" and not content[3:place].isascii():
                raise GraphError(
                    f"source {source}: {path}, line {content.count(10) + 1}: the file ends within "
                    "a letter; the download is cut off: fetch the file again"
                ) from error
    raise GraphError(
        f"source {source}: {path}, line {content[:place].count(10) + 1}: expected text in "
        f"{' or '.join(ENCODINGS)}, found byte {content[place]:#04x}; convert the file to UTF-8"
    )
