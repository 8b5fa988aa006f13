"""`hrdistill graph stats`: what a graph is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from hrdistill.cli.inputs import graph_option
from hrdistill.cli.output import json_option, report

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


@click.command()
@graph_option
@click.option(
    "--against", metavar="SOURCE",
    help="Tell, too, how much of this source the graph has; sources as 'graph build' takes them.",
)  # fmt: skip
@json_option
def stats(*, graph_path: str | None, against: str | None, json_to: str | None) -> None:
    """Count occupations, skills and edges.

    Shows the size of a graph, how many skills an occupation has, how occupations spread over
    fields of work and skills over kinds, and how varied the skills of each major group are:
    their entropy in bits. One bit more is twice as many skills that weigh alike.

    \b
    Examples:
      hrdistill graph stats
      hrdistill graph stats --graph graph.json --json -
      hrdistill graph stats --against onet:data/onet
    """
    from hrdistill.cli.inputs import load_graph, load_source
    from hrdistill.cli.output import print_counts
    from hrdistill.graph.statistics import statistics

    graph = load_graph(graph_path)
    value = statistics(graph)
    if against is not None:
        from hrdistill.graph.coverage import coverage

        value["coverage"] = coverage(graph, load_source(against))

    def show(console: Console) -> None:
        print_counts({k: v for k, v in value.items() if k not in ("major_groups", "coverage")},
                     console)  # fmt: skip
        console.print(_table(["SOC major group", "occupations", "skills", "entropy, bits"], [
            (_group(group), f"{group['occupations']:,}", f"{group['skills']:,}",
             f"{group['skill_entropy_bits']:.2f}")
            for group in value["major_groups"]
        ]))  # fmt: skip
        if "coverage" in value:
            _print_coverage(value["coverage"], console)

    report(value, json_to, show)


def _print_coverage(found: dict[str, Any], console: Console) -> None:
    occupations = found["occupations"]
    console.print(
        f"Of the {occupations['n']:,} occupations of {found['source']}, the graph has "
        f"{occupations['found']:,} ({_percent(occupations['share'])}).", markup=False,
    )  # fmt: skip
    rows = []
    for level in found["levels"]:
        least = f"{level['evidence']:.1f} or more" if level["evidence"] else "any"
        cells = [(f"{own['found']:,} of {own['n']:,}", _percent(own["share"]))
                 for own in (level["skills"], level["edges"])]  # fmt: skip
        rows.append((least, *cells[0], *cells[1]))
    heads = ["evidence", "skills it has", "share", "edges it has", "share"]
    if found["levels"][0]["skills"]["n"]:  # some sources are lists of titles
        console.print(_table(heads, rows))
    skills = ", ".join(f"{own['name']} ({own['occupations']:,})" for own in found["missing_skills"])
    titles = "; ".join(own["title"] for own in found["missing_occupations"])
    for what, names in (("Skills it lacks, with their occupations", skills),
                        ("Occupations it lacks", titles)):  # fmt: skip
        if names:
            console.print(f"{what}: {names}", markup=False)


def _group(group: dict[str, Any]) -> str:
    if group["code"] is None:
        return "no group known"
    return f"{group['code']} {group['name'].removesuffix(' Occupations')}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _table(heads: list[str], rows: Sequence[tuple[str, ...]]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE, header_style="")
    for number, head in enumerate(heads):
        table.add_column(head, justify="right" if number else "left")
    for row in rows:
        table.add_row(*map(Text, row))
    return table
