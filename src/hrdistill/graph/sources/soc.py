"""Reads the Standard Occupational Classification of 2018 and the jobs held in each occupation.

The Bureau of Labor Statistics publishes the classification (`soc_structure_2018`, a row a group
or occupation) and each May the employment (OEWS, `national_M20*_dl.xlsx`):

    Major Group  Minor Group  Broad Group  Detailed Occupation  Name
                                           29-1141              Registered Nurses

    OCC_CODE  OCC_TITLE          O_GROUP   TOT_EMP
    29-1141   Registered Nurses  detailed  3000000

OEWS counts some occupations together, under the code of their broad group (29-2010) or under one
of its own (21-1018). Such a figure is shared evenly among the occupations of the broad group that
have no row of their own; for May 2024 those are exactly the ones that BLS combined.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hrdistill.errors import GraphError
from hrdistill.graph.sources.base import SOC_CATEGORIES, Source
from hrdistill.graph.sources.reading import column_names, listing, read_excel, read_rows
from hrdistill.records import Occupation

NAME = "soc"

TABLES = {
    "the structure of the SOC": ("Detailed Occupation", "Name", "Broad Group", "Major Group"),
    "a list of SOC titles": ("soc2018_code", "soc2018_title"),
    "OEWS employment": ("OCC_CODE", "OCC_TITLE", "O_GROUP", "TOT_EMP"),
}
"""The tables that are read, with the columns that tell them: code and title come first. They
stand in the order of whose title counts."""

_SUPPRESSED = {"*", "**", "#", ""}
_CODE = re.compile(r"\d\d-\d{4}")
_NUMBER = re.compile(r"\d[\d,]*(\.\d+)?")


def read(path: Path | str) -> Source:
    """Occupations with code and category, and the jobs held in each where OEWS is at hand.

    Args:
        path: one of BLS's files, or a folder with several; files are told by their columns, and
            others in the folder are passed over. OEWS alone gives its occupations as they are.

    Raises:
        GraphError: none of the tables is found or one stands twice, a row is malformed, or a
            code is repeated.
    """
    found = _find_tables(Path(path))
    titles: dict[str, str] = {}
    published: dict[str, float | None] = {}
    dropped: Counter[str] = Counter()
    n_read = 0
    for table, (file, columns) in found.items():
        seen: set[str] = set()
        for number, (code, title, *rest) in _rows(file, columns):
            n_read += 1
            if (table.startswith("OEWS") and rest[0] != "detailed") or not code:
                dropped["a group, no occupation"] += 1
                continue
            _check(code, title, seen, where=f"source {NAME}: {file}, line {number}")
            if table.startswith("OEWS"):
                published[code] = _jobs(rest[1], where=f"source {NAME}: {file}, line {number}")
                # Without the SOC's own list, a final zero is all that tells a combined code.
                if len(found) == 1 and not code.endswith("0"):
                    titles[code] = title
            else:
                titles.setdefault(code, title)
    dropped["employment not published"] = sum(jobs is None for jobs in published.values())
    employment, dropped["employment of a code that cannot be shared out"] = _share_out(
        published, titles
    )
    return Source(
        name=NAME,
        occupations=tuple(
            Occupation(code, title, code, SOC_CATEGORIES[code[:2]])
            for code, title in sorted(titles.items())
        ),
        employment=employment,
        n_read=n_read,
        dropped=+dropped,
        files=tuple(file for file, _ in found.values()),
    )


def _find_tables(path: Path) -> dict[str, tuple[Path, list[str]]]:
    """File and columns (as it spells them) of each table there is, in the order of `TABLES`."""
    if not path.exists():
        raise GraphError(f"source {NAME}: {path} does not exist; check the path")
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    found: dict[str, tuple[Path, list[str]]] = {}
    for file in files:
        if path.is_dir() and (
            file.suffix.lower() not in (".csv", ".xlsx") or file.name.startswith((".", "~$"))
        ):
            continue
        spelt = {name.upper(): name for name in column_names(file, source=NAME)}
        for table, columns in TABLES.items():
            if all(name.upper() in spelt for name in columns):
                if table in found:
                    raise GraphError(
                        f"source {NAME}: both {found[table][0]} and {file} hold {table}; "
                        "leave one of them in the folder"
                    )
                found[table] = file, [spelt[name.upper()] for name in columns]
    if not found:
        expected = "; ".join(f"{name} ({', '.join(c)})" for name, c in TABLES.items())
        raise GraphError(
            f"source {NAME}: expected a table of the Bureau of Labor Statistics with the columns "
            f"of one of these: {expected}; found none of them in {path}"
            + (f" ({listing(path)})" if path.is_dir() else "")
            + "; see www.bls.gov/soc/2018 and www.bls.gov/oes/tables.htm"
        )
    return {table: found[table] for table in TABLES if table in found}


def _rows(file: Path, columns: list[str]) -> Iterator[tuple[int, list[str]]]:
    rows: Iterator[tuple[int, dict[str, Any]]]
    if file.suffix.lower() == ".xlsx":
        rows = read_excel(file, columns, source=NAME)
    else:
        rows = read_rows(file, columns, source=NAME)
    for number, row in rows:
        yield number, [str(value).strip() for value in row.values()]


def _check(code: str, title: str, seen: set[str], *, where: str) -> None:
    if not _CODE.fullmatch(code) or code[:2] not in SOC_CATEGORIES:
        raise GraphError(f"{where}: expected a SOC code such as 29-1141, found {code!r}")
    if not title:
        raise GraphError(f"{where}: expected a title of {code}, found none")
    if code in seen:
        raise GraphError(
            f"{where}: {code} stands a second time; of OEWS take the national table, and of any "
            "table one copy"
        )
    seen.add(code)


def _jobs(cell: str, *, where: str) -> float | None:
    if cell in _SUPPRESSED:
        return None
    if not _NUMBER.fullmatch(cell):
        raise GraphError(
            f"{where}, column TOT_EMP: expected a number of jobs, or ** where none is published, "
            f"found {cell!r}"
        )
    return float(cell.replace(",", ""))


def _share_out(
    published: Mapping[str, float | None], titles: Mapping[str, str]
) -> tuple[dict[str, float], int]:
    """Jobs of each occupation of `titles`, and how many figures found none to belong to."""
    employment = {
        code: jobs for code, jobs in published.items() if jobs is not None and code in titles
    }
    parts: dict[str, list[str]] = defaultdict(list)
    for code in titles.keys() - published.keys():
        parts[code[:6]].append(code)
    combined = [code for code in published if code not in titles]
    n_combined = Counter(code[:6] for code in combined)
    n_lost = 0
    for code in combined:
        jobs, group = published[code], code[:6]
        if jobs is None:
            continue
        # Of two combined codes in one group nothing tells which occupations are whose.
        if n_combined[group] > 1 or not parts[group]:
            n_lost += 1
            continue
        employment |= dict.fromkeys(parts[group], jobs / len(parts[group]))
    return dict(sorted(employment.items())), n_lost
