"""`hrdistill benchmark card`: its dataset card."""

from __future__ import annotations

import click


@click.command()
@click.argument("source", metavar="DIR|rjdb:PATH")
def card(*, source: str) -> None:
    """Print the dataset card.

    Markdown with what the benchmark holds, what it was made from and what it is not for.

    \b
    Example:
      hrdistill benchmark card runs/triples > README.md
    """
    from hrdistill.benchmark import Benchmark

    click.echo(Benchmark.load(source).card(), nl=False)
