"""`hrdistill evaluate`: students against each other and against shortcuts."""

from __future__ import annotations

from typing import Any

import click

from hrdistill.cli.inputs import seed_option
from hrdistill.cli.output import json_option, report
from hrdistill.cli.teacher import endpoint_options


@click.command()
@click.argument("students", metavar="STUDENT...", nargs=-1, required=True)
@click.option(
    "--on", multiple=True, required=True, metavar="DIR|rjdb:PATH",
    help="What to evaluate on: the test split of a benchmark (all of it where it has no "
    "splits), or rows of RJDB. Repeatable.",
)  # fmt: skip
@json_option
@click.option("--html", metavar="FILE", help="Write a report for people, with plots and examples.")
@click.option("--no-baselines", is_flag=True, help="Leave the shortcut baselines out.")
@click.option(
    "--shots", default=0, show_default=True, type=click.IntRange(0, 16),
    help="Solved examples that a model sees before each question.",
)  # fmt: skip
@endpoint_options
@seed_option
def evaluate(
    *,
    students: tuple[str, ...],
    on: tuple[str, ...],
    json_to: str | None,
    html: str | None,
    no_baselines: bool,
    shots: int,
    seed: int,
    **endpoint: Any,
) -> None:
    """Measure students on all tasks, with intervals and baselines.

    STUDENT is the folder of a trained student or, with --base-url, the name of a model that
    answers the tasks itself (five calls a triple; replies are kept). Several are compared side
    by side, with shortcut baselines beside them. Each figure comes with its 95% bootstrap
    interval. Lower is better where a column carries an arrow down.

    \b
    Examples:
      hrdistill evaluate runs/students/lexical --on runs/triples
      hrdistill evaluate runs/students/* --on 'rjdb:sample.jsonl[0:150]' --json results.json
      hrdistill evaluate runs/students/* --on runs/triples --html report.html
      hrdistill evaluate runs/students/* gpt-4.1 --base-url https://api.openai.com/v1 --shots 2 \\
          --on 'rjdb:sample.jsonl[0:150]'
    """
    from hrdistill.benchmark import Benchmark
    from hrdistill.cli.inputs import evaluated_part
    from hrdistill.cli.progress import progress
    from hrdistill.cli.teacher import load_students_and_teachers, teacher_options
    from hrdistill.evaluation.evaluate import Evaluation
    from hrdistill.evaluation.evaluate import evaluate as evaluate_students
    from hrdistill.evaluation.table import print_tables

    names = list(dict.fromkeys(on))
    loaded = load_students_and_teachers(students, teacher_options(endpoint), n_shots=shots)
    benchmarks = [Benchmark.load(name) for name in names]
    evaluation = Evaluation()
    with progress() as reporter:
        for name, benchmark in zip(names, benchmarks, strict=True):
            evaluation.add(
                evaluate_students(
                    loaded,
                    evaluated_part(benchmark),
                    on=name,
                    baselines=not no_baselines,
                    seed=seed,
                    progress=reporter.update,
                )
            )
    if html is not None:
        from hrdistill.evaluation.report import write_report

        write_report(
            html, evaluation, benchmark=benchmarks[0], students=loaded,
            title=f"Evaluation of {', '.join(student.name for student in loaded)}",
            seconds=evaluation.seconds,
        )  # fmt: skip
    report(evaluation.to_json(), json_to, lambda c: print_tables(evaluation.results, c))
    if html is not None:
        click.echo(f"Report: {html}", err=json_to == "-")
