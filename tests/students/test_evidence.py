"""Which line of a resume shows a skill, and how well."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.records import Span
from hrdistill.students.evidence import Wanted, prepare

RESUME = """## Personal Information
Name: Grace Baker

## Education
Diploma in Statistics, 2011

## Skills
- Advanced bread baking
- Inventories of three shops, managed alone
- Object Oriented Programming
- Reports
- Writing to customers

## Experience
- Line Cook (2016 - 2019): kept to food safety rules.
"""


def evidence(name: str, resume: str) -> tuple[float, Span | None]:
    lines = prepare(resume)
    return Wanted([name], [lines]).best_evidence(lines)[0]


def shown(name: str, resume: str = RESUME) -> tuple[float, str | None]:
    score, span = evidence(name, resume)
    return score, None if span is None else resume[span.start : span.end]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Bread Baking", "Advanced bread baking"),
        ("bread-baking skills", "Advanced bread baking"),
        ("Food Safety", "Line Cook (2016 - 2019): kept to food safety rules."),
    ],
)
def test_a_name_that_stands_there_is_certain(name: str, line: str) -> None:
    assert shown(name) == (1.0, line)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Inventory Management", "Inventories of three shops, managed alone"),  # other forms
        ("Object Oriented Programmers", "Object Oriented Programming"),
        ("OOP", "Object Oriented Programming"),  # initials
    ],
)
def test_its_words_in_other_forms_are_nearly_certain(name: str, line: str) -> None:
    score, found = shown(name)
    assert score == pytest.approx(0.97)
    assert found == line


def test_part_of_the_words_counts_in_part() -> None:
    score, line = shown("Bread Baking and Cake Decoration")
    assert 0.4 < score < 0.6
    assert line == "Advanced bread baking"


def test_words_scattered_over_lines_prove_nothing() -> None:
    assert shown("Report Writing")[0] == pytest.approx(0.97 / 2)


def test_weak_words_weigh_little() -> None:
    assert shown("Advanced Plumbing")[0] < 0.2
    assert shown("Working Knowledge of Plumbing")[0] < 0.2


@pytest.mark.parametrize("name", ["Grace", "Statistics", "Diploma"])
def test_name_and_education_are_no_evidence(name: str) -> None:
    assert shown(name) == (0.0, None)


def test_education_counts_where_there_is_nothing_else() -> None:
    assert shown("Statistics", "## Education\nDiploma in Statistics")[0] == 1.0


def test_headings_are_no_evidence() -> None:
    assert shown("Welding", "# Welding\n- Soldering") == (0.0, None)


@pytest.mark.parametrize(
    ("name", "line"),
    [("C", "C++"), ("C++", "C#"), ("Java", "JavaScript"), ("R", "Rust"), ("Go", "good")],
)
def test_short_names_are_not_confused(name: str, line: str) -> None:
    resume = f"## Skills\n- {line}\n"
    assert shown(name, resume)[0] == 0.0


def test_of_equal_lines_the_first_is_cited() -> None:
    resume = "## Skills\n- welding of steel\n- welding of copper\n"
    assert shown("Welding", resume) == (1.0, "welding of steel")


@given(st.text(max_size=40), st.text(max_size=200))
def test_scores_and_spans_stay_in_range(name: str, resume: str) -> None:
    score, span = evidence(name, resume)
    assert 0.0 <= score <= 1.0
    assert (span is None) == (score == 0.0)
    if span is not None:
        assert 0 <= span.start < span.end <= len(resume)
        assert "\n" not in resume[span.start : span.end]


@given(st.lists(st.sampled_from(["food safety", "baking", "git", "sql"]), min_size=1, max_size=5))
def test_more_lines_never_show_less(lines: list[str]) -> None:
    fewer = "## Skills\n" + "\n".join(f"- {line}" for line in lines[:-1])
    more = "## Skills\n" + "\n".join(f"- {line}" for line in lines)
    for name in ("Food Safety", "SQL"):
        assert shown(name, more)[0] >= shown(name, fewer)[0]


names = ["Food Safety", "Baking", "SQL", "C", "Structured Queries", "Pastry and Bread", ""]
lines = ["food safety", "baked bread", "pastries, bread", "structured query language", "C, SQL"]
some_lines = st.lists(st.sampled_from(lines), max_size=5)


@given(st.lists(st.sampled_from(names), max_size=5), st.lists(some_lines, max_size=4))
def test_many_names_in_many_resumes_are_found_as_one_by_one(
    wanted: list[str], resumes: list[list[str]]
) -> None:
    texts = ["## Skills\n" + "\n".join(f"- {line}" for line in own) for own in resumes]
    prepared = [prepare(text) for text in texts]
    together = Wanted(wanted, prepared)
    for text, own in zip(texts, prepared, strict=True):
        assert together.best_evidence(own) == [evidence(name, text) for name in wanted]
