"""`hrdistill sample`: contexts without documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hrdistill.cli.inputs import graph_option, seed_option
from hrdistill.cli.output import json_option, report

if TYPE_CHECKING:
    from rich.console import Console


@click.command()
@click.option("-n", "n", required=True, type=click.IntRange(min=1), help="Contexts to sample.")
@click.option("--out", required=True, metavar="FILE", help="Where they are written, as JSONL.")
@graph_option
@click.option(
    "--strategy", type=click.Choice(["walk", "uniform", "occupation"]), default="walk",
    show_default=True,
    help="walk follows the edges of the graph; occupation takes earlier jobs from the same "
    "field; uniform ignores the edges.",
)  # fmt: skip
@click.option(
    "--balance", type=click.Choice(["none", "soc", "category", "employment"]), default="none",
    show_default=True,
    help="Begin equally often in each major group of the SOC, in each category, or as often as "
    "people work in an occupation; none begins at every occupation alike.",
)  # fmt: skip
@click.option(
    "--only", multiple=True, metavar="WHAT",
    help="Begin only there: a SOC code or its beginning (29, 29-1141), a category "
    "(healthcare) or an occupation; may be repeated.",
)  # fmt: skip
@click.option(
    "--guide", "guide_path", metavar="FILE",
    help="Counts by occupation, as 'graph guide' writes them.  [default: by the graph]",
)  # fmt: skip
@seed_option
@json_option
def sample(
    *,
    n: int,
    out: str,
    graph_path: str | None,
    strategy: str,
    balance: str,
    only: tuple[str, ...],
    guide_path: str | None,
    seed: int,
    json_to: str | None,
) -> None:
    """Sample contexts: what each triple will be about.

    A context is an occupation with some of its skills and a career that led there. They are
    written one a line; "generate --contexts" has a teacher write about them. What is printed
    says how diverse they are.

    \b
    Examples:
      hrdistill sample -n 1000 --out contexts.jsonl
      hrdistill sample -n 1000 --only healthcare --only 31 --out care.jsonl
      hrdistill sample -n 52000 --balance soc --out even.jsonl --json -
    """
    from typing import cast

    from hrdistill.cli.inputs import load_graph
    from hrdistill.cli.output import print_counts
    from hrdistill.graph.balance import Balance
    from hrdistill.graph.diversity import DiversityCounter
    from hrdistill.graph.guide import Guide
    from hrdistill.graph.sampling import ContextSampler, Strategy
    from hrdistill.storage import to_plain, write_records

    graph = load_graph(graph_path)
    sampler = ContextSampler(
        graph,
        guide=Guide.load(guide_path, graph) if guide_path else None,
        strategy=cast(Strategy, strategy),
        balance=cast(Balance, balance),
        only=only,
    )
    counter = DiversityCounter()
    write_records(out, counter.passing(sampler.sample_many(n, seed=seed)))
    summary = to_plain(counter.summary())

    def show(console: Console) -> None:
        console.print(f"{n:,} contexts written to {out}", markup=False)
        print_counts(summary, console)

    report(summary, json_to, show)
