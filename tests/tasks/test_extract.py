"""Extract metrics by hand: exact and soft names, one to one, titles with and without years."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.records import Experience
from hrdistill.tasks import Extraction, ExtractTask
from hrdistill.tasks.base import Table
from hrdistill.text.names import normal_form

BAKER, COOK = Experience("Baker", 2019, 2023), Experience("Line Cook", 2016, 2019)

texts = st.text(
    st.characters(exclude_characters=";:\n", exclude_categories=["Cs"]), max_size=20
).map(str.strip)
skill_names = st.lists(texts.filter(normal_form), max_size=5, unique_by=normal_form)
careers = st.lists(
    st.builds(
        Experience, texts.filter(normal_form), st.integers(1950, 2030), st.integers(1950, 2030)
    ),
    max_size=4,
    unique_by=lambda job: (normal_form(job.title), job.start_year, job.end_year),
)


def value(metric: str, *rows: dict[str, float]) -> float:
    return float(ExtractTask.metrics[metric](Table(rows))[0])


def test_micro_averages_by_hand(make_triple) -> None:
    first = ExtractTask.statistics(
        make_triple(),  # Bread Baking, Food Safety, Teamwork; Baker, Line Cook
        Extraction(
            ("food safety skills", "Bread-Baking", "Team Work", "Spanish"),
            (Experience("baker", 2019, 2023), Experience("Line Cooks", 2016, 2018)),
        ),
    )
    second = ExtractTask.statistics(make_triple(skills=["SQL"], jobs=[BAKER]), Extraction((), ()))
    # Exact: Food Safety and Bread Baking of 4 predicted and 3 + 1 gold; soft: Team Work as well.
    assert value("skills_exact_f1", first, second) == pytest.approx(2 * 2 / (4 + 4))
    assert value("skills_soft_f1", first, second) == pytest.approx(2 * 3 / (4 + 4))
    # Both titles of 2 predicted and 2 + 1 gold; the years of one.
    assert value("experience_title_f1", first, second) == pytest.approx(2 * 2 / (2 + 3))
    assert value("experience_years_f1", first, second) == pytest.approx(2 * 1 / (2 + 3))


def test_the_order_of_jobs_does_not_matter(make_triple) -> None:
    row = ExtractTask.statistics(make_triple(), Extraction((), (COOK, BAKER)))
    assert (row["titles"], row["years"]) == (2, 2)


def test_names_match_one_to_one(make_triple) -> None:
    row = ExtractTask.statistics(
        make_triple(skills=["Food Safety"]), Extraction(("Food Safety", "Foods Safety"), ())
    )
    assert (row["skills_soft"], row["skills_predicted"]) == (1, 2)


def test_repeated_and_empty_names_are_dropped(make_triple) -> None:
    row = ExtractTask.statistics(
        make_triple(skills=["SQL", "sql", "", "SQL skills", "Go"]),
        Extraction(("Go", "GO", "", " - ", "Go Skills"), (BAKER, BAKER)),
    )
    assert (row["skills_gold"], row["skills_predicted"]) == (2, 1)
    assert (row["skills_exact"], row["jobs_predicted"]) == (1, 1)


def test_an_empty_gold_list_contributes_its_predictions_only(make_triple) -> None:
    empty = ExtractTask.statistics(make_triple(skills=[]), Extraction(("SQL", "Go"), ()))
    full = ExtractTask.statistics(make_triple(skills=["SQL"]), Extraction(("SQL",), ()))
    assert value("skills_exact_f1", empty, full) == pytest.approx(2 * 1 / (3 + 1))
    nothing = ExtractTask.statistics(make_triple(skills=[], jobs=[]), Extraction((), ()))
    assert math.isnan(value("skills_soft_f1", nothing))
    assert math.isnan(value("experience_years_f1", nothing))


def test_signs_tell_skills_apart(make_triple) -> None:
    row = ExtractTask.statistics(make_triple(skills=["C", "C++"]), Extraction(("C#", "C++"), ()))
    assert row["skills_exact"] == 1


@pytest.mark.parametrize("years", [(2018, 2023), (2019, 2024), (2016, 2019)])
def test_both_years_must_be_right(make_triple, years: tuple[int, int]) -> None:
    row = ExtractTask.statistics(
        make_triple(jobs=[BAKER]), Extraction((), (Experience("Baker", *years),))
    )
    assert (row["titles"], row["years"]) == (1, 0)


@given(skill_names, careers)
def test_parse_inverts_the_target(make_triple, skills: list[str], jobs: list[Experience]) -> None:
    task = ExtractTask()
    (example,) = task.examples(make_triple(skills=skills, jobs=jobs))
    assert task.parse(example.target) == Extraction(tuple(skills), tuple(jobs))


@given(skill_names, careers)
def test_the_gold_answer_is_right_in_full(
    make_triple, skills: list[str], jobs: list[Experience]
) -> None:
    triple = make_triple(skills=skills, jobs=jobs)
    row = ExtractTask.statistics(triple, Extraction(tuple(skills), tuple(jobs)))
    assert row["skills_exact"] == row["skills_soft"] == row["skills_gold"] == len(skills)
    assert row["jobs_gold"] == len(jobs)


def test_the_example_asks_of_the_matched_resume_alone(make_triple) -> None:
    triple = make_triple()
    (example,) = ExtractTask().examples(triple)
    assert triple.matched_resume.strip() in example.source
    assert "Job description" not in example.source
    assert example.target == (
        "skills: Bread Baking; Food Safety; Teamwork\n"
        "experience: Baker (2019 - 2023); Line Cook (2016 - 2019)"
    )


@pytest.mark.parametrize(
    ("text", "skills", "jobs"),
    [
        ("", (), ()),
        ("I see nothing", (), ()),
        ("Skills: SQL; sql; Go", ("SQL", "Go"), ()),
        ("experience: Baker (2019-2023); a job without years", (), (BAKER,)),
        ("skills:\nexperience: Engineer (Level 2) (2001 - 2002)", (),
         (Experience("Engineer (Level 2)", 2001, 2002),)),
    ],
)  # fmt: skip
def test_parse_reads_an_answer_as_far_as_it_goes(text, skills, jobs) -> None:
    assert ExtractTask().parse(text) == Extraction(skills, jobs)
