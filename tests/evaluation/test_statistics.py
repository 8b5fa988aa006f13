"""The vectorised bootstrap against rows that are repeated one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.evaluation.statistics import (
    Estimate,
    bootstrap_weights,
    estimate,
    paired_difference,
)
from hrdistill.tasks import TASKS, Match, MatchTask
from hrdistill.tasks.base import Floats, Metric, Table, f1_metric, ratio

METRICS = [(task.name, name, metric) for task in TASKS for name, metric in task.metrics.items()]
IDS = [f"{task}-{name}" for task, name, _ in METRICS]


def rows_of(task: str, n: int, seed: int) -> list[dict[str, float]]:
    """Statistics as the tasks give them, at random; some triples are left out of `edit`."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(n):
        if task == "match":
            p, q = (float(x) for x in rng.integers(0, 8, 2) / 8)
            rows.append(MatchTask.statistics(Match(p, p > 0.4), Match(q, q > 0.4)))
        elif task == "explain":
            row = {"cited": float(rng.integers(3)), "alarm": float(rng.integers(2))}
            row["supported"] = float(rng.integers(int(row["cited"]) + 1))
            for kind in ("", "skill_", "experience_"):
                tp = float(rng.integers(3))
                row |= {f"{kind}tp": tp, f"{kind}predicted": tp + float(rng.integers(2)),
                        f"{kind}gold": tp + float(rng.integers(2))}  # fmt: skip
            rows.append(row)
        elif task == "extract":
            names = ("skills_exact", "skills_soft", "titles", "years")
            row = {name: float(rng.integers(4)) for name in names}
            totals = ("skills_predicted", "skills_gold", "jobs_predicted", "jobs_gold")
            rows.append(row | {name: 3.0 + float(rng.integers(2)) for name in totals})
        else:
            names = ("success", "preservation", "fabrication", "rouge_l", "all_conditions")
            left_out = rng.random() < 0.2
            rows.append({n: math.nan if left_out else float(rng.random()) for n in names})
    return rows


def repeated(rows: list[dict[str, float]], times: Floats) -> list[dict[str, float]]:
    return [row for row, n in zip(rows, times, strict=True) for _ in range(int(n))]


@pytest.mark.parametrize(("task", "name", "metric"), METRICS, ids=IDS)
def test_intervals_are_those_of_a_bootstrap_by_hand(task: str, name: str, metric: Metric) -> None:
    rows = rows_of(task, 12, seed=4)
    weights = bootstrap_weights(len(rows), seed=9, n_samples=60)
    values = [float(metric(Table(repeated(rows, times)))[0]) for times in weights]
    values = [value for value in values if not math.isnan(value)]
    found = estimate(metric, rows, weights)
    assert found.value == pytest.approx(float(metric(Table(rows))[0]))
    assert found.low == pytest.approx(np.percentile(values, 2.5))
    assert found.high == pytest.approx(np.percentile(values, 97.5))


@pytest.mark.parametrize(("task", "name", "metric"), METRICS, ids=IDS)
def test_paired_differences_are_those_of_a_bootstrap_by_hand(
    task: str, name: str, metric: Metric
) -> None:
    a, b = rows_of(task, 10, seed=1), rows_of(task, 10, seed=2)
    weights = bootstrap_weights(10, seed=3, n_samples=40)
    values = [
        float(metric(Table(repeated(a, times)))[0] - metric(Table(repeated(b, times)))[0])
        for times in weights
    ]
    values = [value for value in values if not math.isnan(value)]
    found = paired_difference(metric, a, b, weights)
    assert found.value == pytest.approx(float(metric(Table(a))[0] - metric(Table(b))[0]))
    assert found.low == pytest.approx(np.percentile(values, 2.5))
    assert found.high == pytest.approx(np.percentile(values, 97.5))


@given(st.integers(1, 40), st.integers(0, 2**31))
def test_each_sample_draws_as_many_triples_as_there_are(n: int, seed: int) -> None:
    weights = bootstrap_weights(n, seed=seed, n_samples=20)
    assert weights.shape == (20, n)
    assert (weights.sum(axis=1) == n).all()
    assert (weights >= 0).all()
    assert (weights == weights.round()).all()


def test_a_seed_names_the_samples() -> None:
    first, again, other = (bootstrap_weights(30, seed=s) for s in (0, 0, 1))
    assert first.shape == (1000, 30)
    assert (first == again).all()
    assert (first != other).any()


def test_each_triple_is_drawn_once_on_average() -> None:
    weights = bootstrap_weights(20, seed=0, n_samples=4000)
    assert np.abs(weights.mean(axis=0) - 1).max() < 0.08
    # A draw with replacement leaves a triple out with probability (1 - 1/20) ** 20 = 0.358.
    assert (weights == 0).mean() == pytest.approx(0.358, abs=0.02)


def mean(table: Table) -> Floats:
    return table.mean("a")


def test_undefined_is_none() -> None:
    weights = bootstrap_weights(3, seed=0, n_samples=10)
    undefined = [{"a": math.nan}] * 3
    defined = [{"a": 1.0}] * 3
    none = Estimate(None, None, None)
    assert estimate(mean, undefined, weights) == none
    assert paired_difference(mean, undefined, defined, weights) == none
    assert paired_difference(mean, defined, undefined, weights) == none


def test_samples_in_which_a_metric_is_undefined_are_left_out() -> None:
    def share(table: Table) -> Floats:
        return ratio(table.sum("part"), table.sum("whole"))

    rows = [{"part": 1.0, "whole": 1.0}, {"part": 0.0, "whole": 0.0}]
    weights = np.array([[2.0, 0.0], [0.0, 2.0], [1.0, 1.0]])
    assert estimate(share, rows, weights) == Estimate(1.0, 1.0, 1.0)


def test_no_spread_no_width() -> None:
    weights = bootstrap_weights(8, seed=0, n_samples=50)
    assert estimate(mean, [{"a": 0.25}] * 8, weights) == Estimate(0.25, 0.25, 0.25)


def test_a_student_against_itself_differs_by_nothing() -> None:
    rows = rows_of("extract", 15, seed=8)
    metric = f1_metric("skills_soft", "skills_predicted", "skills_gold")
    weights = bootstrap_weights(15, seed=0, n_samples=50)
    assert paired_difference(metric, rows, rows, weights) == Estimate(0.0, 0.0, 0.0)


def test_the_difference_is_how_much_higher_the_first_scores() -> None:
    high, low = [{"a": x} for x in (1.0, 1.0, 0.5)], [{"a": x} for x in (0.5, 0.0, 0.25)]
    weights = bootstrap_weights(3, seed=0, n_samples=200)
    there, back = (paired_difference(mean, *p, weights) for p in ((high, low), (low, high)))
    assert there.value == pytest.approx(7 / 12)
    assert there.low is not None
    assert there.low >= 0.25
    assert (back.value, back.low, back.high) == pytest.approx(
        (-there.value, -there.high, -there.low)  # type: ignore[operator]
    )


def test_pairing_narrows_the_interval() -> None:
    rng = np.random.default_rng(2)
    difficulty = rng.random(60)
    a, b = ([{"a": float(x)} for x in difficulty + shift] for shift in (0.05, 0.0))
    weights = bootstrap_weights(60, seed=0)
    paired = paired_difference(mean, a, b, weights)
    alone = estimate(mean, a, weights)
    assert paired.low is not None
    assert paired.high is not None
    assert alone.low is not None
    assert alone.high is not None
    assert paired.high - paired.low < 0.1 * (alone.high - alone.low)


def test_the_interval_holds_the_mean_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(0)
    weights = bootstrap_weights(60, seed=0, n_samples=300)
    held = 0
    for _ in range(200):
        found = estimate(mean, [{"a": float(x)} for x in rng.normal(size=60)], weights)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.0 <= found.high
    assert 0.88 < held / 200 < 0.99
