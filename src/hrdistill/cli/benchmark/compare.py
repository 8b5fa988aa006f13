"""`hrdistill benchmark compare`: how far two sets of triples lie apart."""

from __future__ import annotations

import click

from hrdistill.cli.inputs import seed_option
from hrdistill.cli.output import json_option, report


@click.command()
@click.argument("a", metavar="DIR|rjdb:PATH")
@click.argument("b", metavar="DIR|rjdb:PATH")
@click.option(
    "--max-triples", default=2000, type=click.IntRange(min=1),
    help="Triples a side to look at; of more, a sample.",
)  # fmt: skip
@seed_option
@json_option
def compare(*, a: str, b: str, max_triples: int, seed: int, json_to: str | None) -> None:
    """Compare two sets of triples, say generated and real ones.

    Tells how far they lie apart in lengths, kinds of lines, layout, variety and vocabulary,
    wording of skills and experience, and in how the second resume comes of the first; whether
    a classifier can tell documents of A from documents of B once skills, titles and numbers are
    masked (AUROC; .5 where it cannot, lower is better); and by which words it does.

    \b
    Examples:
      hrdistill benchmark compare runs/triples 'rjdb:sample.jsonl[0:150]'
      hrdistill benchmark compare runs/before runs/after --json gap.json
    """
    from hrdistill.benchmark import Benchmark
    from hrdistill.evaluation.comparison.compare import compare as compare_triples
    from hrdistill.evaluation.comparison.table import print_comparison

    sides = (Benchmark.load(a).triples, Benchmark.load(b).triples)
    found = compare_triples(*sides, names=(a, b), seed=seed, max_triples=max_triples)
    report(found.to_json(), json_to, lambda console: print_comparison(found, console))
