"""`hrdistill benchmark export`: another format."""

from __future__ import annotations

import click


@click.command()
@click.argument("source", metavar="DIR|rjdb:PATH")
@click.option(
    "--format", "format_", type=click.Choice(["rjdb"]), default="rjdb",
    help="rjdb: the JSONL of RJDB.",
)  # fmt: skip
@click.option("--out", required=True, metavar="FILE", help="Where the rows are written.")
def export(*, source: str, format_: str, out: str) -> None:
    """Write a benchmark in another format.

    \b
    Example:
      hrdistill benchmark export runs/triples --format rjdb --out triples.jsonl
    """
    from hrdistill.benchmark import Benchmark
    from hrdistill.rjdb import write_rjdb

    n_rows = write_rjdb(out, Benchmark.load(source))
    click.echo(f"{n_rows:,} rows written to {out}")
