"""`hrdistill benchmark`: what to do with triples that are there."""

from __future__ import annotations

import click

from hrdistill.cli.benchmark.card import card
from hrdistill.cli.benchmark.compare import compare
from hrdistill.cli.benchmark.export import export
from hrdistill.cli.benchmark.import_ import import_
from hrdistill.cli.benchmark.preview import preview
from hrdistill.cli.benchmark.split import split
from hrdistill.cli.benchmark.stats import stats


@click.group()
def benchmark() -> None:
    """Import, split, describe, preview, compare and export benchmarks.

    A benchmark is a folder of triples with a manifest and a dataset card, as "generate" makes
    it. Rows of RJDB (rjdb:PATH, or rjdb:PATH[0:150] for some of them) are read as they are.

    \b
    Examples:
      hrdistill benchmark preview runs/triples
      hrdistill benchmark stats rjdb:sample.jsonl
      hrdistill benchmark compare runs/triples rjdb:sample.jsonl
    """


for command in (import_, split, stats, card, preview, compare, export):
    benchmark.add_command(command)
