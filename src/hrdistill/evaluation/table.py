"""The results as one table a task: a row a student, a column a metric, intervals below."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hrdistill.tasks import TASKS

if TYPE_CHECKING:
    from rich.console import Console

    from hrdistill.evaluation.evaluate import Result


def render(results: Sequence[Result], *, width: int = 118) -> str:
    """The tables as plain text."""
    from rich.console import Console

    stream = io.StringIO()
    print_tables(results, Console(file=stream, width=width, color_system=None))
    return stream.getvalue().rstrip()


def print_tables(results: Sequence[Result], console: Console) -> None:
    """Prints one table for each set and task; the best value of a column is bold."""
    from rich.markup import escape
    from rich.table import Table

    for on in dict.fromkeys(r.on for r in results):
        for task in TASKS:
            own = [r for r in results if r.on == on and r.task == task.name]
            if not own:
                continue
            title = escape(f"{task.name} on {on} (n = {own[0].n})")
            table = Table(title=title, title_justify="left", title_style="bold", header_style="")
            table.add_column("student")
            for metric in task.metrics:
                arrow = " ↓" if metric in task.lower_is_better else ""
                table.add_column(metric.replace("_", " ") + arrow, justify="right")
            best = {m: _best(own, m, lower=m in task.lower_is_better) for m in task.metrics}
            for student in dict.fromkeys(r.student for r in own):
                cells = {r.metric: r for r in own if r.student == student}
                table.add_row(
                    escape(student), *(_cell(cells.get(m), best[m]) for m in task.metrics)
                )
            console.print(table)


def _best(results: Sequence[Result], metric: str, *, lower: bool) -> float | None:
    values = [r.value for r in results if r.metric == metric and r.value is not None]
    return (min if lower else max)(values, default=None)


def _cell(result: Result | None, best: float | None) -> str:
    if result is None or result.value is None:
        return "–"
    value = f"{result.value:.3f}"
    if result.value == best:
        value = f"[bold]{value}[/bold]"
    if result.low is None or result.high is None:
        return value
    return f"{value}\n[dim]{result.low:.2f}–{result.high:.2f}[/dim]"
