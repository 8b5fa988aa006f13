"""Explain metrics by hand: soft matching, micro-averages, evidence, false alarms."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.records import Experience, Finding, Removal, Requirement, Span
from hrdistill.tasks import ExplainTask, Match
from hrdistill.tasks.base import Table
from hrdistill.tasks.explain import supports

BAKER = Experience("Baker", 2019, 2023)

names = (
    st.text(st.characters(exclude_characters=";\n", exclude_categories=["Cs"]), max_size=20)
    .map(str.strip)
    .filter(lambda name: name and name.casefold() != "none")
)


def lacks(name: str, kind: str = "skill", status: str = "missing") -> Finding:
    return Finding(Requirement(kind, name), status)  # type: ignore[arg-type]


def shows(name: str, resume: str, quote: str, kind: str = "skill") -> Finding:
    start = resume.index(quote)
    requirement = Requirement(kind, name)  # type: ignore[arg-type]
    return Finding(requirement, "met", Span(start, start + len(quote)))


def match(*findings: Finding) -> Match:
    return Match(0.5, True, findings)


def value(metric: str, rows: list[dict[str, float]]) -> float:
    return float(ExplainTask.metrics[metric](Table(rows))[0])


def test_micro_averages_by_hand(make_triple) -> None:
    shortened = Removal(
        ("Food Safety", "Teamwork"), BAKER, "shortened", Experience("Baker", 2019, 2020)
    )
    first = make_triple(removal=shortened)
    second = make_triple(removal=Removal(("Bread Baking",), None, "unchanged"))
    rows = [
        # Right: "food-safety skills" by the soft rule, and the Bakers. Wrong: Spanish.
        ExplainTask.statistics(first, match(), match(
            lacks("food-safety skills"), lacks("Spanish"), lacks("Bakers", "experience", "partial"),
        )),
        # Missed: Bread Baking. Wrong: the line cook.
        ExplainTask.statistics(second, match(lacks("Teamwork")),
                               match(lacks("Line Cook", "experience"))),
    ]  # fmt: skip
    assert value("precision", rows) == pytest.approx(2 / 4)
    assert value("recall", rows) == pytest.approx(2 / 4)
    assert value("f1", rows) == pytest.approx(2 * 2 / (4 + 4))
    assert value("skills_f1", rows) == pytest.approx(2 * 1 / (2 + 3))
    assert value("experience_f1", rows) == pytest.approx(2 * 1 / (2 + 1))
    assert value("false_alarm", rows) == 0.5


def test_one_gold_skill_is_found_once(make_triple) -> None:
    triple = make_triple(removal=Removal(("Food Safety",), None, "unchanged"))
    row = ExplainTask.statistics(
        triple, match(), match(lacks("Food Safety"), lacks("Food Safety Skills"))
    )
    assert (row["skill_tp"], row["skill_predicted"], row["skill_gold"]) == (1, 2, 1)


def test_kinds_are_not_confused(make_triple) -> None:
    triple = make_triple(removal=Removal(("Food Safety",), BAKER, "dropped"))
    row = ExplainTask.statistics(
        triple, match(), match(lacks("Baker"), lacks("Food Safety", "experience"))
    )
    assert (row["tp"], row["predicted"], row["gold"]) == (0, 2, 2)


def test_what_is_met_is_no_prediction_and_no_alarm(make_triple) -> None:
    triple = make_triple(removal=Removal(("Teamwork",), None, "unchanged"))
    resume = triple.unmatched_resume
    row = ExplainTask.statistics(
        triple,
        match(shows("Teamwork", triple.matched_resume, "Teamwork")),
        match(shows("Food Safety", resume, "Food Safety")),
    )
    assert (row["predicted"], row["alarm"]) == (0, 0.0)
    assert (row["cited"], row["supported"]) == (1, 1)


def test_partial_experience_is_an_alarm_on_a_matched_resume(make_triple) -> None:
    triple = make_triple()
    row = ExplainTask.statistics(triple, match(lacks("Baker", "experience", "partial")), match())
    assert row["alarm"] == 1.0


def test_undefined_where_nothing_is_predicted_or_cited(make_triple) -> None:
    triple = make_triple(removal=Removal(("Teamwork",), None, "unchanged"))
    rows = [ExplainTask.statistics(triple, match(), match())]
    assert value("recall", rows) == 0.0
    assert value("f1", rows) == 0.0
    assert math.isnan(value("precision", rows))
    assert math.isnan(value("experience_f1", rows))
    assert math.isnan(value("evidence_validity", rows))


def test_evidence_validity_is_over_all_cited_spans(make_triple) -> None:
    triple = make_triple()
    resume = triple.unmatched_resume
    outside = Finding(Requirement("skill", "Teamwork"), "met", Span(0, len(resume) + 1))
    rows = [
        ExplainTask.statistics(triple, match(), match(
            shows("Teamwork", resume, "- Teamwork"), shows("Spanish", resume, "Teamwork"),
            shows("Bakers", resume, "Baker (2019 - 2023)", "experience"), outside,
        ))
    ]  # fmt: skip
    assert value("evidence_validity", rows) == pytest.approx(2 / 4)


@pytest.mark.parametrize(
    ("name", "quote", "holds"),
    [
        ("Food Safety", "Kept to food safety rules", True),
        ("Inventory Management", "managed inventories of three shops", True),
        ("Bakers", "Baker", True),
        ("Food Safety", "Road Safety", True),  # half of its words
        ("Commercial Food Safety", "Road Safety", False),
        ("Knowledge of the Law", "of the", False),
        ("Java", "JavaScript", False),
        ("C", "C++", False),
        ("SQL", "Excel and Word", False),
    ],
)
def test_what_supports_a_finding(name: str, quote: str, holds: bool) -> None:
    resume = f"## Skills\n- {quote}\n"
    assert supports(resume, shows(name, resume, quote)) is holds


@pytest.mark.parametrize("span", [(-4, 4), (4, 4), (6, 2), (0, 99)])
def test_a_span_outside_the_resume_supports_nothing(span: tuple[int, int]) -> None:
    finding = Finding(Requirement("skill", "Teamwork"), "met", Span(*span))
    assert not supports("Teamwork", finding)


def test_a_finding_without_evidence_supports_nothing() -> None:
    assert not supports("Teamwork", lacks("Teamwork"))


@given(st.lists(names, max_size=3, unique=True), st.none() | names)
def test_parse_inverts_the_target(make_triple, skills: list[str], title: str | None) -> None:
    job = Experience(title, 2015, 2018) if title else None
    removal = Removal(tuple(skills), job, "dropped" if job else "unchanged")
    triple = make_triple(skills=skills, jobs=[job] if job else [], removal=removal)
    task = ExplainTask()
    (example,) = task.examples(triple)
    assert task.parse(example.target) == (skills, [title] if title else [])


def test_the_example_asks_of_the_unmatched_resume(make_triple) -> None:
    triple = make_triple(removal=Removal(("Teamwork",), None, "unchanged"))
    (example,) = ExplainTask().examples(triple)
    assert "Teamwork" not in example.source
    assert triple.job_description.strip() in example.source
    assert example.target == "missing skills: Teamwork\nshort experience: none"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ([], [])),
        ("no idea", ([], [])),
        ("Missing skills: SQL;; ;Go", (["SQL", "Go"], [])),
        ("short experience: Baker", ([], ["Baker"])),
        ("missing skills: NONE\nshort experience: None", ([], [])),
    ],
)
def test_parse_reads_an_answer_as_far_as_it_goes(text: str, found: object) -> None:
    assert ExplainTask().parse(text) == found
