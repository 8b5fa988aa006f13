"""Labelled pairs: a job description, a resume, and whether they match, from JSON lines or CSV.

    {"job": "We look for a baker ...", "resume": "Ana Silva ...", "label": true}

A CSV file has a header with the same three names. A label is true or false, 1 or 0, yes or no.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hrdistill.errors import DataError
from hrdistill.storage import read_jsonl, read_text

_FIELDS = ("job", "resume", "label")
_LABELS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """A job description, a resume, and whether somebody judged that they match."""

    job: str
    resume: str
    label: bool


def read_pairs(path: Path | str) -> list[LabelledPair]:
    """Reads labelled pairs.

    Raises:
        DataError: the file is missing or empty, or a field of a row is missing or no label.
    """
    path = Path(path)
    rows = _csv_rows(path) if path.suffix.casefold() == ".csv" else read_jsonl(path)
    pairs = [_pair(row, where=f"{path}, line {line}") for line, row in rows]
    if not pairs:
        raise DataError(
            f"{path}: expected labelled pairs, found none; give JSON lines or CSV with the "
            "fields job, resume and label"
        )
    return pairs


def _csv_rows(path: Path) -> Iterator[tuple[int, dict[str, str | None]]]:
    reader = csv.DictReader(read_text(path).splitlines(keepends=True))
    for row in reader:
        yield reader.line_num, row


def _pair(row: Any, *, where: str) -> LabelledPair:
    missing = [f for f in _FIELDS if not isinstance(row, dict) or row.get(f) is None]
    if missing:
        found = ", ".join(map(str, row)) if isinstance(row, dict) else str(row)[:40]
        raise DataError(
            f"{where}: expected the fields {', '.join(_FIELDS)}, found {found}; add {missing[0]!r}"
        )
    label = _LABELS.get(str(row["label"]).strip().casefold())
    if label is None:
        raise DataError(
            f"{where}, field 'label': expected true or false, 1 or 0, yes or no, "
            f"found {str(row['label'])[:40]!r}"
        )
    for field in ("job", "resume"):
        if not isinstance(row[field], str) or not row[field].strip():
            raise DataError(f"{where}, field {field!r}: expected a text, found {row[field]!r:.40}")
    return LabelledPair(row["job"], row["resume"], label)
