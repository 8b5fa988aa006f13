"""Options that several commands take, and what they name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hrdistill.benchmark import Benchmark
    from hrdistill.graph.graph import SkillOccupationGraph
    from hrdistill.graph.sources.base import Source
    from hrdistill.records import Context, Experience
    from hrdistill.students.base import Student

graph_option = click.option(
    "--graph",
    "graph_path",
    metavar="FILE",
    help="A graph written by 'graph build'.  [default: the bundled starter graph]",
)
seed_option = click.option(
    "--seed", default=0, type=click.IntRange(min=0), help="Another seed, other random choices."
)
student_option = click.option(
    "--student", "student_path", required=True, metavar="DIR", help="Folder of a trained student."
)

_JOB = re.compile(r"\s*(?P<title>\S.*?)\s*\(\s*(?P<start>\d{4})\s*[-–—]\s*(?P<end>\d{4})\s*\)\s*")


def load_graph(path: str | None) -> SkillOccupationGraph:
    """The graph in a file; the starter graph where none is named."""
    from hrdistill.graph.graph import SkillOccupationGraph

    return SkillOccupationGraph.starter() if path is None else SkillOccupationGraph.load(path)


def load_source(spec: str) -> Source:
    """A source of occupations and skills: `starter`, or a kind and its path, `onet:DIR`."""
    from hrdistill.graph.sources import specs

    return specs.load_source(spec)


def load_contexts(path: str) -> list[Context]:
    """Contexts as `sample` writes them."""
    from hrdistill.benchmark import check_context
    from hrdistill.errors import DataError
    from hrdistill.records import Context
    from hrdistill.storage import from_plain, read_jsonl

    contexts: dict[str, Context] = {}
    for line, value in read_jsonl(path):
        where = f"{path}, line {line}"
        context: Context = from_plain(Context, value, where=where)
        check_context(context, where=where)
        if context.id in contexts:
            raise DataError(f"{where}: context {context.id!r} stands twice; delete one")
        contexts[context.id] = context
    if not contexts:
        raise DataError(
            f"{path}: expected contexts, one a line, found none; see 'hrdistill sample'"
        )
    return list(contexts.values())


def load_students(paths: Sequence[str]) -> list[Student]:
    """Students, each called as its folder is."""
    from pathlib import Path

    from hrdistill.students.base import load_student

    # "." and ".." have no name of their own.
    return [load_student(p if Path(p).name not in ("", "..") else Path(p).resolve()) for p in paths]


def load_documents(*sources: str) -> list[str]:
    """Documents as text; standard input can be read but once."""
    from hrdistill.documents import read_document

    if sources.count("-") > 1:
        raise ValueError("standard input holds one document: give at most one '-', and a file")
    return [read_document(source) for source in sources]


def training_part(benchmark: Benchmark) -> tuple[Benchmark, Benchmark | None]:
    """(what to train on, dev data): the splits where there are any, else everything."""
    if not benchmark.splits:
        return benchmark, None
    return benchmark.train, benchmark.dev if len(benchmark.dev) else None


def evaluated_part(benchmark: Benchmark) -> Benchmark:
    """The test split where there are splits, else everything."""
    return benchmark.test if benchmark.splits else benchmark


def parse_job(text: str) -> Experience:
    """`Baker (2013 - 2016)` as an experience."""
    found = _JOB.fullmatch(text)
    if found is None:
        raise ValueError(f"expected a job like 'Baker (2013 - 2016)', found {text!r}")
    return _experience(found["title"], int(found["start"]), int(found["end"]), text)


def parse_years(text: str) -> tuple[Experience, Experience]:
    """`Baker (2013 - 2016) => 2013-2018` as the job before and after."""
    left, arrow, right = text.partition("=>")
    years = re.fullmatch(r"\s*\(?\s*(\d{4})\s*[-–—]\s*(\d{4})\s*\)?\s*", right)
    if not arrow or years is None:
        raise ValueError(f"expected years like 'Baker (2013 - 2016) => 2013-2018', found {text!r}")
    old = parse_job(left)
    return old, _experience(old.title, int(years[1]), int(years[2]), text)


def _experience(title: str, start: int, end: int, text: str) -> Experience:
    from hrdistill.records import Experience

    if end < start:
        raise ValueError(f"expected years in order, found {start} before {end} in {text!r}")
    return Experience(title, start, end)
