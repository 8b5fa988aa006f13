"""`hrdistill graph export`: graphs for other tools."""

from __future__ import annotations

import click

from hrdistill.cli.inputs import graph_option


@click.command()
@click.option(
    "--out", required=True, metavar="PATH",
    help="Where it is written: a file for graphml, a folder for parquet.",
)  # fmt: skip
@click.option(
    "--format", "format_", type=click.Choice(["graphml", "parquet"]), show_default=False,
    help="What is written.  [default: by the ending of PATH]",
)  # fmt: skip
@graph_option
def export(*, out: str, format_: str | None, graph_path: str | None) -> None:
    """Write a graph as GraphML or Parquet, for other tools.

    GraphML is one file that networkx, igraph and Gephi read: nodes with their titles, kinds and
    aliases, edges with weights and sources. Parquet is a folder of three tables, occupations,
    skills and edges, that pandas, polars and DuckDB read.

    \b
    Examples:
      hrdistill graph export --out graph.graphml
      hrdistill graph export --format parquet --out tables --graph graph.json
    """
    from hrdistill.cli.inputs import load_graph
    from hrdistill.graph.export import write_graph

    written = write_graph(load_graph(graph_path), out, format=format_)
    click.echo(f"Written as {written} to {out}")
