"""Files in the publishers' formats, made by the tests themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZipFile

import pytest

Cell = str | float
WriteWorkbook = Callable[..., Path]

_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture
def write_workbook() -> WriteWorkbook:
    """Writes rows into the first sheet of an .xlsx file; needs the reader of such files."""
    pytest.importorskip("python_calamine")

    def write(path: Path, rows: Sequence[Sequence[Cell]], *, first_row: int = 1) -> Path:
        lines = "".join(
            f'<row r="{number}">{"".join(map(_cell, row))}</row>'
            for number, row in enumerate(rows, first_row)
        )
        with ZipFile(path, "w") as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr(
                "_rels/.rels",
                f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="a" '
                f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            )
            archive.writestr(
                "xl/workbook.xml",
                f'<workbook xmlns="{_NAMESPACE}" xmlns:r="{_OFFICE}"><sheets>'
                '<sheet name="Data" sheetId="1" r:id="b"/></sheets></workbook>',
            )
            archive.writestr(
                "xl/_rels/workbook.xml.rels",
                f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="b" '
                f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            )
            archive.writestr(
                "xl/worksheets/sheet1.xml",
                f'<worksheet xmlns="{_NAMESPACE}"><sheetData>{lines}</sheetData></worksheet>',
            )
        return path

    return write


def _cell(value: Cell) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"
