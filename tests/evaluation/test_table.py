"""Tables as they are printed."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from hrdistill.evaluation.evaluate import Result
from hrdistill.evaluation.table import print_tables, render
from hrdistill.tasks import TASKS, EditTask, MatchTask


def results(
    student: str,
    task=MatchTask,
    *,
    on: str = "test",
    n: int = 150,
    **values: float | None,
) -> list[Result]:
    rows = []
    for metric in task.metrics:
        value = values.get(metric, 0.5)
        low, high = (None, None) if value is None else (value - 0.04, value + 0.03)
        rows.append(Result(student, on, task.name, metric, value, low, high, n))
    return rows


def row_of(text: str, student: str) -> list[str]:
    (line,) = [line for line in text.split("\n") if student in line]
    return [cell.strip() for cell in line.strip("│").split("│")]


def test_a_row_a_student_and_a_column_a_metric() -> None:
    text = render(results("lexical", accuracy=0.8125, ece=0.046))
    assert text.startswith("match on test (n = 150)")
    header = row_of(text, "pairwise accuracy")
    assert header[0].strip("┃ ").startswith("student")
    assert row_of(text, "lexical") == ["lexical", "0.812", "0.500", "0.500", "0.046", "0.500"]
    assert "0.77–0.84" in text


def test_arrows_mark_what_is_better_when_lower() -> None:
    for task in TASKS:
        text = render(results("x", task), width=200)
        for metric in task.metrics:
            label = metric.replace("_", " ")
            assert label in text
            assert (f"{label} ↓" in text) == (metric in task.lower_is_better)


def test_undefined_is_a_dash() -> None:
    text = render(results("lexical", auroc=None))
    assert row_of(text, "lexical")[3] == "–"


def test_a_value_without_interval_stands_alone() -> None:
    text = render([Result("x", "test", "match", "accuracy", 0.75, None, None, 3)])
    assert row_of(text, "x ")[1] == "0.750"
    assert "None" not in text


def test_a_table_for_each_set_and_task_in_order() -> None:
    rows = [*results("a", EditTask), *results("a"), *results("a", on="rjdb:x[0:9]", n=9)]
    titles = [line for line in render(rows).split("\n") if "(n = " in line]
    assert [title.strip() for title in titles] == [
        "match on test (n = 150)", "edit on test (n = 150)", "match on rjdb:x[0:9] (n = 9)",
    ]  # fmt: skip


def test_students_keep_their_order() -> None:
    text = render([*results("zeta"), *results("alpha"), *results("no-op")])
    assert text.index("zeta") < text.index("alpha") < text.index("no-op")


def test_a_student_without_a_metric_has_a_dash() -> None:
    text = render([*results("all"), Result("some", "test", "match", "auroc", 0.4, 0.3, 0.5, 150)])
    assert row_of(text, "some") == ["some", "–", "–", "0.400", "–", "–"]


@pytest.mark.parametrize(("metric", "best"), [("accuracy", "0.900"), ("ece", "0.100")])
def test_the_best_value_of_a_column_is_bold(metric: str, best: str) -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=118, force_terminal=True, color_system="standard")
    rows = [
        r
        for r in (*results("a", accuracy=0.9, ece=0.9), *results("b", accuracy=0.1, ece=0.1))
        if r.metric == metric
    ]
    print_tables(rows, console)
    bold = [part.split("\x1b")[0] for part in stream.getvalue().split("\x1b[1m")[1:]]
    assert [text.strip() for text in bold if text.strip().startswith("0.")] == [best]


def test_nothing_prints_nothing() -> None:
    assert render([]) == ""


def test_plain_text_holds_no_escapes() -> None:
    assert "\x1b" not in render(results("lexical"))


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_figures_are_never_cut(task) -> None:
    text = render(results("a-student-folder-2024", task), width=118)
    n_metrics = len(task.metrics)
    assert text.count("0.500") == n_metrics
    assert text.count("0.46–0.53") == n_metrics
    assert all(len(line) <= 118 for line in text.split("\n"))
