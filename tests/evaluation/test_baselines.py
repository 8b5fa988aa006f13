"""The shortcuts, each by hand."""

from __future__ import annotations

import dataclasses

import pytest

from hrdistill.evaluation.baselines import BASELINES
from hrdistill.records import Triple
from hrdistill.tasks import TASKS
from hrdistill.tasks.base import Table


def row(name: str, triple: Triple) -> dict[str, float]:
    return BASELINES[name][1](triple)


def test_each_baseline_is_on_the_task_of_the_contract() -> None:
    assert {name: task for name, (task, _) in BASELINES.items()} == {
        "longer-resume": "match", "gold-overlap": "match", "flag-latest": "explain",
        "no-op": "edit",
    }  # fmt: skip


def test_baselines_give_all_that_the_metrics_ask_for(triples) -> None:
    for task in TASKS:
        for name, (on, statistics) in BASELINES.items():
            if on == task.name:
                table = Table([statistics(triple) for triple in triples[:5]])
                assert all(len(metric(table)) == 1 for metric in task.metrics.values()), name


@pytest.mark.parametrize(
    ("matched", "unmatched", "ordered"),
    [("a b c", "a b", 1.0), ("a b", "a b c", 0.0), ("a  b\nc", "d e f", 0.0)],
)
def test_the_longer_resume_in_words_matches(triples, matched, unmatched, ordered) -> None:
    triple = dataclasses.replace(triples[0], matched_resume=matched, unmatched_resume=unmatched)
    assert row("longer-resume", triple)["ordered"] == ordered


def test_the_longer_resume_is_undecided_at_the_usual_length(triples) -> None:
    long, short = "word " * 90, "word " * 89
    triple = dataclasses.replace(triples[0], matched_resume=long, unmatched_resume=short)
    scored = row("longer-resume", triple)
    assert scored["p_matched"] == 0.5
    assert (scored["right_yes"], scored["right_no"]) == (1.0, 1.0)


def test_gold_overlap_is_the_share_of_skills_that_stand_verbatim(triples) -> None:
    triple = dataclasses.replace(
        triples[0],
        matched_resume="BREAD-BAKING, food safety; team work. Oven Model 100",
        unmatched_resume="bread baking of food safetys",
    )
    scored = row("gold-overlap", triple)
    assert (scored["p_matched"], scored["p_unmatched"]) == (0.75, 0.25)
    assert (scored["right_yes"], scored["right_no"]) == (0.0, 1.0)  # only all of them match


def test_gold_overlap_without_skills_is_nothing(triples) -> None:
    context = dataclasses.replace(triples[0].context, skills=())
    scored = row("gold-overlap", dataclasses.replace(triples[0], context=context))
    assert (scored["p_matched"], scored["ordered"]) == (0.0, 0.0)


def test_the_latest_job_is_flagged_on_both_resumes(triples) -> None:
    shortened, dropped, unchanged = (row("flag-latest", t) for t in triples[:3])
    for scored in (shortened, dropped):
        assert (scored["experience_tp"], scored["experience_predicted"]) == (1, 1)
    assert (unchanged["experience_tp"], unchanged["experience_predicted"]) == (0, 1)
    assert [s["skill_predicted"] for s in (shortened, dropped, unchanged)] == [0, 0, 0]
    assert [s["alarm"] for s in (shortened, dropped, unchanged)] == [1.0, 1.0, 1.0]


def test_a_triple_without_jobs_flags_none(triples) -> None:
    context = dataclasses.replace(triples[0].context, experiences=())
    scored = row("flag-latest", dataclasses.replace(triples[0], context=context))
    assert (scored["predicted"], scored["alarm"]) == (0, 0.0)


def test_no_op_keeps_all_and_does_nothing(triples) -> None:
    for triple in triples[:3]:
        scored = row("no-op", triple)
        assert (scored["success"], scored["preservation"]) == (0.0, 1.0)
        assert (scored["fabrication"], scored["all_conditions"]) == (0.0, 0.0)
        assert 0.5 < scored["rouge_l"] < 1.0
