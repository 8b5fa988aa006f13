"""`hrdistill graph build`: one graph out of several sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from hrdistill.cli.output import json_option, report
from hrdistill.cli.teacher import endpoint_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from hrdistill.graph.curation.report import CurationStep
    from hrdistill.graph.sources.base import Source
    from hrdistill.records import Occupation


@click.command()
@click.option(
    "--source", "specs", multiple=True, required=True, metavar="SOURCE",
    help="Where occupations and skills come from: starter, soc:PATH, onet:DIR, esco:DIR, "
    "dice:PATH, postings:PATH, graph:FILE or teacher:MODEL. Repeat it to merge several; the first "
    "to name a thing decides its name.",
)  # fmt: skip
@click.option("--out", required=True, metavar="FILE", help="Where the graph is written.")
@click.option(
    "--min-support", type=click.IntRange(min=1), default=3, show_default=True,
    help="Postings that must join an occupation and a skill, in sources that count postings.",
)  # fmt: skip
@click.option(
    "--min-lift", type=click.FloatRange(min=0), default=1.0, show_default=True,
    help="How many times oftener than chance an occupation must ask for a skill.",
)  # fmt: skip
@endpoint_options
@json_option
def build(
    *,
    specs: tuple[str, ...],
    out: str,
    min_support: int,
    min_lift: float,
    json_to: str | None,
    **endpoint: Any,
) -> None:
    """Merge sources into one graph, in a file that every --graph takes.

    Sources are the publishers' own files, unchanged: soc takes the list of the Standard
    Occupational Classification and the OEWS table of employment (US Bureau of Labor Statistics),
    onet the text release of O*NET, esco the CSV files of ESCO, dice the sample of Dice's
    postings, postings your own (CSV or JSONL with title and skills). teacher:MODEL has a model
    list the skills of the occupations of the sources before it, or else of the starter graph:
    one call an occupation, replies are kept. Names are unified, edges
    that the evidence does not bear out are dropped, and every edge keeps the names of its
    sources. What each step kept and dropped, and why, is printed, and stands with examples in
    FILE.report.json.

    \b
    Examples:
      hrdistill graph build --source starter --out graph.json
      hrdistill graph build --source starter --source soc:bls --source onet:onet \\
          --source esco:esco --source postings:ours.csv --out merged.json
      hrdistill graph build --source soc:bls --source teacher:gpt-4.1-mini --out listed.json
    """
    from pathlib import Path

    from hrdistill.cli.progress import progress
    from hrdistill.cli.teacher import teacher_options
    from hrdistill.errors import DataError
    from hrdistill.graph.curation.build import build_graph
    from hrdistill.graph.sources.specs import load_source
    from hrdistill.storage import content_hash, to_plain, write_json
    from hrdistill.teacher.connect import connect_model
    from hrdistill.teacher.listing import list_source

    options = teacher_options(endpoint)
    if Path(out).exists() and not Path(out).is_file():
        raise DataError(f"--out {out} is a folder or a device; name a file")
    with progress() as reporter:
        sources: list[Source] = []
        for number, spec in enumerate(specs):
            reporter.update(f"reading {spec}", number, len(specs) + 1)
            kind, _, model = spec.partition(":")
            if kind == "teacher":
                sources.append(list_source(connect_model(model, options), _occupations(sources)))
            else:
                sources.append(load_source(spec))
        reporter.update("merging", len(specs), len(specs) + 1)
        built, steps = build_graph(sources, min_support=min_support, min_lift=min_lift)
    value = {
        "sources": [
            {"name": s.name, "files": {f.name: content_hash(f) for f in s.files}} for s in sources
        ],
        "min_support": min_support,
        "min_lift": min_lift,
        "steps": [to_plain(step) for step in steps],
    }
    # The report first: a graph that stands has one.
    report_path = Path(f"{out}.report.json")
    write_json(report_path, value)
    built.save(out)

    def show(console: Console) -> None:
        console.print(_table(steps))
        console.print(
            f"{len(built.occupations):,} occupations, {len(built.skills):,} skills and "
            f"{len(built.edges[0]):,} edges written to {out}; examples in {report_path}",
            markup=False,
        )

    report(value, json_to, show)


def _occupations(sources: Sequence[Source]) -> list[Occupation]:
    """The occupations of sources, each once; the starter graph's where there are none."""
    from hrdistill.graph.sources.specs import load_source

    found = [o for source in sources or [load_source("starter")] for o in source.occupations]
    return list({occupation.id: occupation for occupation in found}.values())


def _table(steps: Sequence[CurationStep]) -> Any:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE, header_style="")
    for name in ("step", "source", "kept", "", "dropped or merged"):
        table.add_column(name, justify="right" if name == "kept" else "left")
    before = ""
    for step in steps:
        dropped = ", ".join(f"{n:,} {reason}" for reason, n in step.dropped.items())
        table.add_row(
            Text("" if step.name == before else step.name), Text(step.source), f"{step.kept:,}",
            step.unit, Text(dropped),
        )  # fmt: skip
        before = step.name
    return table
