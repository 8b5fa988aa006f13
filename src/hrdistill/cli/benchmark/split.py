"""`hrdistill benchmark split`: train, dev and test."""

from __future__ import annotations

import click

from hrdistill.cli.inputs import seed_option


@click.command()
@click.argument("folder", metavar="DIR")
@seed_option
@click.option("--again", is_flag=True, help="Replace the splits that are there.")
def split(*, folder: str, seed: int, again: bool) -> None:
    """Split a benchmark into train, dev and test by occupation.

    80, 10 and 10% of the triples; an occupation never stands in two splits. A benchmark that
    has splits keeps them unless --again is given: students trained on the old ones may have
    seen what a new one tests on.

    \b
    Examples:
      hrdistill benchmark split runs/rjdb
      hrdistill benchmark split runs/triples --seed 7 --again
    """
    from hrdistill.benchmark import Benchmark

    loaded = Benchmark.load(folder)
    if loaded.splits and not again:
        raise ValueError(f"{folder} is split already; to split it anew, give --again")
    parts = loaded.split(seed=seed)
    parts.save_description(folder)
    click.echo(
        f"{len(parts.train):,} train, {len(parts.dev):,} dev, {len(parts.test):,} test in {folder}"
    )
