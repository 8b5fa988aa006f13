"""`hrdistill benchmark import`: store rows of RJDB."""

from __future__ import annotations

import click


@click.command("import")
@click.argument("source", metavar="rjdb:PATH")
@click.option("--out", required=True, metavar="DIR", help="Folder of the benchmark.")
def import_(*, source: str, out: str) -> None:
    """Store rows of RJDB as a benchmark.

    Nothing is lost: "benchmark export" gives the rows back as they were. There are no splits
    until "benchmark split" makes them.

    \b
    Examples:
      hrdistill benchmark import rjdb:test.jsonl --out runs/rjdb
      hrdistill benchmark import 'rjdb:test.jsonl[0:150]' --out runs/rjdb-dev
    """
    from hrdistill.benchmark import Benchmark

    if not source.startswith("rjdb:"):
        raise ValueError(f"expected a source like rjdb:PATH, found {source!r}")
    loaded = Benchmark.load(source)
    loaded.save(out)
    click.echo(f"{len(loaded):,} triples imported into {out}")
