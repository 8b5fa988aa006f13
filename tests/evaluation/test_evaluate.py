"""From students to results: an oracle scores 1 everywhere, and the rows are the contract's."""

from __future__ import annotations

import json

import pytest

from hrdistill.benchmark import Benchmark
from hrdistill.errors import DataError
from hrdistill.evaluation.evaluate import evaluate
from hrdistill.tasks import TASKS

METRICS = [(task.name, metric) for task in TASKS for metric in task.metrics]
BASELINE_TASKS = {"longer-resume": "match", "gold-overlap": "match", "flag-latest": "explain",
                  "no-op": "edit"}  # fmt: skip


def test_an_oracle_is_right_everywhere(oracle, triples) -> None:
    evaluation = evaluate([oracle], triples, baselines=False)
    lower = {metric for task in TASKS for metric in task.lower_is_better}
    for r in evaluation.results:
        expected = 0.0 if r.metric in lower else 1.0
        if r.metric == "evidence_validity":  # it cites nothing
            assert (r.value, r.low, r.high) == (None, None, None)
        else:
            assert (r.metric, r.value, r.low, r.high) == (r.metric, expected, expected, expected)


def test_one_row_a_student_task_and_metric(oracle, mute, triples) -> None:
    evaluation = evaluate([oracle, mute], triples[:6], on="rjdb:x[0:6]")
    expected = [(name, task, metric) for name in ("oracle", "mute") for task, metric in METRICS]
    expected += [
        (name, task, metric)
        for name, own in BASELINE_TASKS.items()
        for task, metric in METRICS
        if task == own
    ]
    assert [(r.student, r.task, r.metric) for r in evaluation.results] == expected
    assert {r.on for r in evaluation.results} == {"rjdb:x[0:6]"}
    assert {r.n for r in evaluation.results} == {6}


def test_json_is_the_contracts_and_holds_no_nan(mute, triples) -> None:
    evaluation = evaluate([mute], triples[:6])
    content = json.loads(json.dumps(evaluation.to_json(), allow_nan=False))
    assert list(content) == ["seconds", "results"]
    assert content["seconds"] >= 0
    for result in content["results"]:
        assert list(result) == ["student", "on", "task", "metric", "value", "low", "high", "n"]
        assert (result["value"] is None) == (result["low"] is None) == (result["high"] is None)
        if result["value"] is not None:
            assert 0 <= result["low"] <= result["high"] <= 1
    undefined = {r["metric"] for r in content["results"]
                 if r["value"] is None and r["student"] == "mute"}  # fmt: skip
    assert undefined == {"precision", "evidence_validity"}


def test_values_by_hand(mute, triples) -> None:
    evaluation = evaluate([mute], triples[:6])
    assert evaluation.value("mute", "match", "accuracy") == 0.5
    assert evaluation.value("mute", "match", "auroc") == 0.5
    assert evaluation.value("mute", "match", "macro_f1") == pytest.approx(1 / 3)
    assert evaluation.value("mute", "explain", "recall") == 0.0
    assert evaluation.value("mute", "extract", "skills_exact_f1") == 0.0
    assert evaluation.value("mute", "edit", "preservation") == 1.0
    # Of each three triples two flags are right; 2 + 3 + 2 are gold.
    assert evaluation.value("flag-latest", "explain", "f1") == pytest.approx(2 * 2 / (3 + 7))


def test_edits_without_a_target_are_not_counted(oracle, triples) -> None:
    removal = type(triples[0].removal)((), None, "unchanged")
    untouched = [type(t)(t.id, t.context, removal, t.job_description, t.matched_resume,
                         t.matched_resume) for t in triples[:2]]  # fmt: skip
    evaluation = evaluate([], [*triples[:4], *untouched])
    counted = {(r.task, r.n) for r in evaluation.results}
    assert counted == {("match", 6), ("explain", 6), ("edit", 4)}


def test_every_triple_is_answered_once(oracle, triples) -> None:
    evaluation = evaluate([oracle], triples, baselines=False)
    asked = {task: sum(n for name, n in oracle.calls if name == task) for task in
             ("match", "extract", "edit")}  # fmt: skip
    assert asked == {"match": 140, "extract": 70, "edit": 140}
    (trial,) = evaluation.trials
    assert trial.triples == triples
    assert len(trial.answers) == 70
    for triple, answer in zip(triples, trial.answers, strict=True):
        assert answer.edited == (triple.unmatched_resume, triple.matched_resume)
        assert answer.matched.verdict
        assert not answer.unmatched.verdict
        assert answer.extraction.experiences == triple.context.experiences
    assert {task: len(rows) for task, rows in trial.rows.items()} == dict.fromkeys(
        ("match", "explain", "extract", "edit"), 70
    )
    assert set(trial.seconds) == {"match", "extract", "edit"}


def test_baselines_stand_beside_or_not(oracle, triples) -> None:
    beside = evaluate([oracle], triples[:5])
    assert [trial.student for trial in beside.trials] == ["oracle", *BASELINE_TASKS]
    alone = evaluate([oracle], triples[:5], baselines=False)
    assert {r.student for r in alone.results} == {"oracle"}
    own = [r for r in beside.results if r.student == "oracle"]
    assert own == alone.results


def test_a_benchmark_and_any_iterable_are_taken(oracle, triples) -> None:
    whole = evaluate([oracle], Benchmark(triples[:5])).results
    assert evaluate([oracle], (t for t in triples[:5])).results == whole


def test_the_seed_names_the_intervals(mute, triples) -> None:
    first, again, other = (evaluate([mute], triples[:20], seed=s).results for s in (0, 0, 1))
    assert first == again
    assert [r.value for r in first] == [r.value for r in other]
    assert [(r.low, r.high) for r in first] != [(r.low, r.high) for r in other]


def test_nothing_to_evaluate_on_is_refused(oracle) -> None:
    with pytest.raises(DataError, match="nothing to evaluate on: dev holds no triples"):
        evaluate([oracle], [], on="dev")


def test_two_students_of_one_name_are_refused(oracle, triples) -> None:
    with pytest.raises(ValueError, match="distinct names, found oracle, oracle"):
        evaluate([oracle, oracle], triples)


def test_progress_ends_with_all_triples(oracle, triples) -> None:
    seen: list[tuple[str, int, int]] = []
    evaluate([oracle], triples, on="test", progress=lambda *state: seen.append(state))
    assert seen[0] == ("oracle on test", 0, 70)
    assert seen[-1] == ("oracle on test", 70, 70)
    assert [n for _, n, _ in seen] == sorted(n for _, n, _ in seen)


def test_evaluations_add_up(oracle, mute, triples) -> None:
    both = evaluate([oracle], triples[:5], on="a")
    other = evaluate([mute], triples[:5], on="b")
    n_results, seconds = len(both.results), both.seconds
    both.add(other)
    assert len(both.results) == n_results + len(other.results)
    assert both.seconds == seconds + other.seconds
    assert both.value("mute", "match", "accuracy") == 0.5
    assert both.value("no-op", "edit", "preservation", on="b") == 1.0


@pytest.mark.parametrize(
    "key", [("nobody", "match", "accuracy"), ("oracle", "match", "f1"), ("no-op", "match", "ece")]
)
def test_an_absent_figure_is_a_key_error(oracle, triples, key) -> None:
    evaluation = evaluate([oracle], triples[:5], on="a")
    with pytest.raises(KeyError):
        evaluation.value(*key)
    with pytest.raises(KeyError):
        evaluation.value("oracle", "match", "accuracy", on="b")


def test_it_prints_as_tables(oracle, triples) -> None:
    text = str(evaluate([oracle], triples[:5], on="test"))
    for task in TASKS:
        assert f"{task.name} on test (n = 5)" in text
    assert "oracle" in text
    assert "flag-latest" in text
