"""`hrdistill run`: everything in one go."""

from __future__ import annotations

from typing import Any

import click

from hrdistill.cli.inputs import graph_option, seed_option
from hrdistill.cli.output import json_option
from hrdistill.cli.teacher import endpoint_options


@click.command()
@click.option("--out", required=True, metavar="DIR", help="Folder for all that is made.")
@click.option("-n", "n", default=2000, type=click.IntRange(min=1), help="Triples to generate.")
@graph_option
@click.option(
    "--teacher", default="offline", show_default=True, metavar="NAME",
    help="Who writes the documents: offline, or the name of a model at an endpoint.",
)  # fmt: skip
@click.option(
    "--student", "students", multiple=True, default=("lexical", "encoder"), metavar="KIND",
    help="Kind of student to train: lexical or encoder. Repeatable.",
)  # fmt: skip
@click.option(
    "--on", multiple=True, metavar="rjdb:PATH", show_default=False,
    help="Evaluate on these rows as well: rjdb:PATH or rjdb:PATH[0:150]. Repeatable.",
)  # fmt: skip
@click.option("--minutes", default=5.5, help="Training budget of the encoder, in minutes.")
@click.option(
    "--written/--no-written", default=True,
    help="Whether students learn from the triples bundled with hrdistill, too. Default: yes.",
)  # fmt: skip
@seed_option
@click.option("--workers", default=2, type=click.IntRange(min=1), help="Processes that generate.")
@endpoint_options
@json_option
def run(
    *,
    out: str,
    n: int,
    graph_path: str | None,
    teacher: str,
    students: tuple[str, ...],
    on: tuple[str, ...],
    minutes: float,
    written: bool,
    seed: int,
    workers: int,
    json_to: str | None,
    **endpoint: Any,
) -> None:
    """Everything in one go: graph, triples, students, evaluation, report.

    Writes DIR/graph, DIR/triples, DIR/students, DIR/results.json and DIR/report.html. The same
    command again continues where it was interrupted and keeps what is finished; students and
    evaluation sets may be added, other settings need another folder. Students are evaluated on
    the test split of what was generated ("test") and on that of the bundled triples ("written").

    \b
    Examples:
      hrdistill run --out runs/demo
      hrdistill run --out runs/small -n 300 --student lexical
      hrdistill run --out runs/demo --on 'rjdb:sample.jsonl[0:150]'
    """
    from pathlib import Path

    from hrdistill.cli.inputs import load_graph
    from hrdistill.cli.output import report
    from hrdistill.cli.progress import RunSteps, progress
    from hrdistill.cli.teacher import teacher_options
    from hrdistill.evaluation.table import print_tables
    from hrdistill.run import run as run_all
    from hrdistill.teacher.connect import connect_teacher

    with progress() as reporter:
        evaluation = run_all(
            out, n=n, graph=load_graph(graph_path),
            teacher=connect_teacher(teacher, teacher_options(endpoint)), students=students, on=on,
            minutes=minutes, written=written, seed=seed, workers=workers,
            progress=RunSteps(reporter),
        )  # fmt: skip
    report(evaluation.to_json(), json_to, lambda c: print_tables(evaluation.results, c))
    where = Path(out, "report.html").resolve()
    click.echo(f"{evaluation.seconds:.0f} s in all. Report: {where}", err=json_to == "-")
