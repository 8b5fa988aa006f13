"""`hrdistill sample`: contexts without documents."""

from __future__ import annotations

import click

from hrdistill.cli.inputs import graph_option, seed_option


@click.command()
@click.option("-n", "n", required=True, type=click.IntRange(min=1), help="Contexts to sample.")
@click.option("--out", required=True, metavar="FILE", help="Where they are written, as JSONL.")
@graph_option
@click.option(
    "--strategy", type=click.Choice(["walk", "uniform", "occupation"]), default="walk",
    help="walk follows the edges of the graph; occupation takes earlier jobs from the same "
    "field; uniform ignores the edges.",
)  # fmt: skip
@seed_option
def sample(*, n: int, out: str, graph_path: str | None, strategy: str, seed: int) -> None:
    """Sample contexts: what each triple will be about.

    A context is an occupation with some of its skills and a career that led there. They are
    written one a line; "generate --contexts" has a teacher write about them.

    \b
    Examples:
      hrdistill sample -n 1000 --out contexts.jsonl
      hrdistill sample -n 100 --strategy uniform --seed 7 --out uniform.jsonl
    """
    from typing import cast

    from hrdistill.cli.inputs import load_graph
    from hrdistill.graph.sampling import ContextSampler, Strategy
    from hrdistill.storage import to_plain, write_jsonl

    sampler = ContextSampler(load_graph(graph_path), strategy=cast(Strategy, strategy))
    write_jsonl(out, (to_plain(context) for context in sampler.sample_many(n, seed=seed)))
    click.echo(f"{n:,} contexts written to {out}")
