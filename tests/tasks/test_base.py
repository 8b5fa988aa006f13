"""Tables of statistics against sums by hand, and weights against rows that are repeated."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.tasks import TASKS
from hrdistill.tasks.base import Table, f1_metric, ratio

NAN = float("nan")

counts = st.integers(0, 5)
rows_of_counts = st.lists(
    st.fixed_dictionaries({"tp": counts, "predicted": counts, "gold": counts}),
    min_size=1, max_size=8,
)  # fmt: skip


def test_sum_and_mean_count_each_triple_once_by_default() -> None:
    table = Table([{"a": 1.0}, {"a": 0.0}, {"a": 0.5}])
    assert table.sum("a").tolist() == [1.5]
    assert table.mean("a").tolist() == [0.5]


def test_weights_count_a_triple_as_often_as_they_say() -> None:
    rows = [{"a": 1.0}, {"a": 4.0}, {"a": 7.0}]
    table = Table(rows, np.array([[2.0, 1.0, 0.0], [0.0, 0.0, 3.0]]))
    assert table.sum("a").tolist() == [6.0, 21.0]
    assert table.mean("a").tolist() == [2.0, 7.0]


def test_triples_left_out_count_neither_in_the_sum_nor_in_the_mean() -> None:
    table = Table([{"a": 1.0}, {"a": NAN}, {"a": 0.0}], np.array([[1.0, 5.0, 3.0]]))
    assert table.sum("a").tolist() == [1.0]
    assert table.mean("a").tolist() == [0.25]
    assert table.count("a") == 2


def test_mean_of_nothing_is_undefined() -> None:
    weights = np.array([[1.0, 1.0], [2.0, 0.0]])
    means = Table([{"a": NAN}, {"a": 1.0}], weights).mean("a")
    assert means[0] == 1.0
    assert math.isnan(means[1])


def test_names_are_those_of_the_rows() -> None:
    assert Table([{"a": 1.0, "b": 2.0}]).names == ("a", "b")
    assert Table([]).names == ()


def test_ratio_is_undefined_where_the_whole_is_nothing() -> None:
    out = ratio(np.array([1.0, 0.0, 3.0]), np.array([2.0, 0.0, 3.0]))
    assert out[[0, 2]].tolist() == [0.5, 1.0]
    assert math.isnan(out[1])


def test_f1_by_hand() -> None:
    metric = f1_metric("tp", "predicted", "gold")
    rows = [{"tp": 2, "predicted": 3, "gold": 4}, {"tp": 1, "predicted": 1, "gold": 2}]
    assert metric(Table(rows))[0] == pytest.approx(2 * 3 / (4 + 6))


def test_f1_is_undefined_where_nothing_is_predicted_nor_gold() -> None:
    metric = f1_metric("tp", "predicted", "gold")
    assert math.isnan(metric(Table([{"tp": 0, "predicted": 0, "gold": 0}]))[0])
    assert metric(Table([{"tp": 0, "predicted": 2, "gold": 0}]))[0] == 0.0


@given(rows_of_counts, st.data())
def test_weights_mean_repeated_rows(rows: list[dict[str, int]], data: st.DataObject) -> None:
    times = data.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows)))
    repeated = [row for row, n in zip(rows, times, strict=True) for _ in range(n)]
    weighted = Table(rows, np.array([times], dtype=float))
    for metric in (f1_metric("tp", "predicted", "gold"), lambda t: t.mean("tp")):
        expected = metric(Table(repeated))[0] if repeated else NAN
        assert metric(weighted)[0] == pytest.approx(expected, nan_ok=True)


def test_the_contract_names_the_metrics() -> None:
    assert {task.name: tuple(task.metrics) for task in TASKS} == {
        "match": ("accuracy", "macro_f1", "auroc", "ece", "pairwise_accuracy"),
        "explain": ("precision", "recall", "f1", "skills_f1", "experience_f1",
                    "evidence_validity", "false_alarm"),
        "extract": ("skills_exact_f1", "skills_soft_f1", "experience_title_f1",
                    "experience_years_f1"),
        "edit": ("instruction_success", "preservation", "fabrication_rate", "rouge_l",
                 "all_conditions"),
    }  # fmt: skip


def test_what_is_better_when_lower() -> None:
    lower = {metric for task in TASKS for metric in task.lower_is_better}
    assert lower == {"ece", "false_alarm", "fabrication_rate"}


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_a_prompt_holds_the_instruction_and_the_documents(task) -> None:
    text = task.prompt(job_description="\nWanted: a baker.\n", resume="I bake.")
    assert text == (
        f"{task.instruction}\n\n### Job description\nWanted: a baker.\n\n### Resume\nI bake."
    )
