"""Triples that a large language model wrote for the starter graph, bundled with the package.

The offline teacher's documents are free and endless, and look like it; these were written by a
model that knows how people write, from contexts sampled off the starter graph with titles and
skills roughened as job boards have them. `docs/written.md` says how they were made and checked.
"""

from __future__ import annotations

import gzip
import json
from importlib import resources

from hrdistill.records import Triple
from hrdistill.storage import from_plain

FILE = "triples.jsonl.gz"


def read_written() -> list[Triple]:
    """The bundled triples, in order of their ids."""
    packed = resources.files("hrdistill.written").joinpath(FILE).read_bytes()
    lines = gzip.decompress(packed).decode("utf-8").splitlines()
    return [
        from_plain(Triple, json.loads(line), where=f"{FILE}, line {number}")
        for number, line in enumerate(lines, start=1)
    ]
