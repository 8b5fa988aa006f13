"""`hrdistill benchmark stats`: what a benchmark holds."""

from __future__ import annotations

import click

from hrdistill.cli.output import json_option, report


@click.command()
@click.argument("source", metavar="DIR|rjdb:PATH")
@json_option
def stats(*, source: str, json_to: str | None) -> None:
    """Count triples, occupations, skills, words and removals.

    Means are over triples; words are runs without blanks.

    \b
    Examples:
      hrdistill benchmark stats runs/triples
      hrdistill benchmark stats 'rjdb:sample.jsonl[0:150]' --json -
    """
    from hrdistill.benchmark import Benchmark
    from hrdistill.cli.output import print_counts

    value = Benchmark.load(source).statistics()
    report(value, json_to, lambda console: print_counts(value, console))
