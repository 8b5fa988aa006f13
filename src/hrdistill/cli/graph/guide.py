"""`hrdistill graph guide`: how many skills and jobs contexts of each occupation get."""

from __future__ import annotations

from typing import Any

import click

from hrdistill.cli.inputs import graph_option
from hrdistill.cli.teacher import endpoint_options


@click.command()
@click.option("--teacher", required=True, metavar="MODEL", help="The model that estimates.")
@click.option("--out", required=True, metavar="FILE", help="Where the counts are written.")
@graph_option
@endpoint_options
def guide(*, teacher: str, out: str, graph_path: str | None, **endpoint: Any) -> None:
    """Have a model estimate the counts that guide the walk.

    For each occupation: how many skills a posting asks for, and how many jobs an applicant's
    resume names. 'sample --guide FILE' draws contexts by them; without a guide, the graph's own
    statistics decide. One call an occupation; replies are kept.

    \b
    Example:
      hrdistill graph guide --teacher gpt-4.1-mini --out guide.jsonl
      hrdistill sample -n 1000 --guide guide.jsonl --out contexts.jsonl
    """
    from hrdistill.cli.inputs import load_graph
    from hrdistill.cli.progress import progress
    from hrdistill.cli.teacher import teacher_options, usage_note
    from hrdistill.teacher.connect import connect_model
    from hrdistill.teacher.listing import estimate_guide

    model = connect_model(teacher, teacher_options(endpoint))
    graph = load_graph(graph_path)
    total = len(graph.occupations)
    with progress() as reporter:
        found = estimate_guide(
            model,
            graph,
            progress=lambda done: reporter.update("estimates", done, total, usage_note(model)),
        )
    found.save(out, graph)
    click.echo(
        f"{total:,} occupations in {out}: on average {found.mean_skills.mean():.1f} skills and "
        f"{found.mean_jobs.mean():.1f} jobs; {usage_note(model)}"
    )
