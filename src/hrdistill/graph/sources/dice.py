"""Dice's sample of technology postings: `Designation` and `Required Skills`, as advertised.

    Job_Id,Designation,Required Skills,Max Exp (in months),Max Exp (in months)
    7,Sr. Java Developer - NYC,"Java, J2EE, strong SQL skills - 5+ yrs",6 - 8 yrs,

Much of it is noise: cells that point elsewhere, sentences, and the words that Dice's own index
found in the text ("Development", "HTTP", "Sun"). What is left out is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from hrdistill.errors import GraphError
from hrdistill.graph.sources.base import Source
from hrdistill.graph.sources.posting_names import is_noise
from hrdistill.graph.sources.postings import Posting, count_postings
from hrdistill.graph.sources.reading import column_names, listing, read_rows
from hrdistill.text.titles import is_occupation

CUT = 200
"""Characters at which Dice cuts the skills of many rows off: their last name is half a word."""

_LAST = re.compile(r"[,;]?[^,;]*$")
_COLUMNS = ("Designation", "Required Skills")


def read(path: Path | str) -> Source:
    """Reads Dice's CSV, or the one in a folder that has its columns.

    Kinds are told by the name (`posting_kinds.tsv`), else technology.

    Raises:
        GraphError: no such file, or its rows name no job and skill.
    """
    file = _find(Path(path))
    return count_postings(
        _postings(file),
        name="dice",
        files=[file],
        kind="technology",
        keep_title=is_occupation,
        keep_skill=lambda name: not is_noise(name, "dice"),
        category="technology",
        mixed=True,
        drop_repeats=True,
    )


def _find(path: Path) -> Path:
    if not path.is_dir():
        if path.is_file():
            return path
        raise GraphError(f"source dice: {path} does not exist; check the path")
    tables = sorted(p for p in path.iterdir() if p.suffix.lower() == ".csv")
    found = next((p for p in tables if set(_COLUMNS) <= set(column_names(p, source="dice"))), None)
    if found is None:
        raise GraphError(
            f"source dice: {path} holds no CSV with the columns {' and '.join(_COLUMNS)} "
            f"(found {listing(path)}); put Dice's sample into the folder"
        )
    return found


def _postings(file: Path) -> Iterator[Posting]:
    for _, row in read_rows(file, _COLUMNS, source="dice"):
        skills = row["Required Skills"]
        yield Posting(row["Designation"], _LAST.sub("", skills) if len(skills) == CUT else skills)
