"""Required experience against the jobs of a resume, by title and years."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.optimize import linear_sum_assignment

from hrdistill.records import Requirement, Span
from hrdistill.text.alignment import History, _assign, align
from hrdistill.text.requirements import read_experience_requirements
from hrdistill.text.timeline import Entry, read_entries


def entry(title: str, years: float, start: int = 2010) -> Entry:
    span = Span(start, start + 5)
    return Entry(title, start, start + int(years), years, span, span, title)


def need(title: str, years: float | None) -> Requirement:
    return Requirement("experience", title, years)


@pytest.mark.parametrize(
    ("asked", "held", "status"),
    [
        (3, 3, "met"),
        (3, 4, "met"),
        (3, 2.75, "met"),  # a quarter of a year is forgiven
        (3, 2.7, "partial"),
        (3, 1, "partial"),
        (None, 0, "met"),
    ],
)
def test_years_asked_against_years_held(asked: float | None, held: float, status: str) -> None:
    (finding,) = align([need("Baker", asked)], History([entry("Baker", held)]))
    assert finding.status == status
    assert finding.shown_years == held
    assert finding.evidence == Span(2010, 2015)
    assert (finding.probability > 0.5) is (status == "met")


def test_a_job_nobody_held_is_missing() -> None:
    (finding,) = align([need("Baker", 3)], History([entry("Software Engineer", 9)]))
    assert (finding.status, finding.evidence, finding.shown_years) == ("missing", None, 0.0)
    assert finding.probability < 0.5
    assert align([], History([entry("Baker", 3)])) == []
    assert [f.status for f in align([need("Baker", 3)], History([]))] == ["missing"]


def test_one_job_stands_for_one_requirement() -> None:
    findings = align([need("Baker", 3), need("Head Baker", 2)], History([entry("Baker", 9)]))
    assert sorted(finding.status for finding in findings) == ["met", "missing"]


def test_requirements_keep_their_order_and_find_their_jobs() -> None:
    jobs = [entry("Line Cook", 2, 2014), entry("Bakers", 4, 2016), entry("Welder", 5, 2009)]
    findings = align([need("Baker", 3), need("Line Cook", 3), need("Pilot", 1)], History(jobs))
    assert [f.requirement.name for f in findings] == ["Baker", "Line Cook", "Pilot"]
    assert [f.status for f in findings] == ["met", "partial", "missing"]
    assert [f.shown_years for f in findings] == [4, 2, 0]


def test_two_terms_of_the_same_job_add_up() -> None:
    jobs = [entry("Baker", 2, 2010), entry("Baker", 2, 2014)]
    (finding,) = align([need("Baker", 4)], History(jobs))
    assert (finding.status, finding.shown_years) == ("met", 4)


def test_titles_are_compared_without_number_and_small_words() -> None:
    history = History([entry("Site Managers", 1)])
    (finding,) = align([need("Manager of the Sites", 1)], history)
    assert finding.probability == pytest.approx(0.97)  # certain, as far as titles go
    assert align([need("", 1)], history)[0].status == "missing"
    assert align([need("Welder", 1)], history)[0].status == "missing"


similarities = st.sampled_from([0.0, 0.0, 55.0, 60.0, 65.0, 90.0, 97.5, 100.0])


@given(arrays.arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(0, 4)),
                     elements=similarities))  # fmt: skip
def test_jobs_are_assigned_as_the_best_sum_has_them(usable: np.ndarray) -> None:
    rows, columns = linear_sum_assignment(usable, maximize=True)
    best = {int(i): int(j) for i, j in zip(rows, columns, strict=True) if usable[i, j] > 0}
    assert _assign(usable.tolist()) == best


@given(st.lists(st.integers(0, 3), max_size=3), st.lists(st.integers(0, 3), max_size=4))
def test_a_history_serves_many_jobs(asked: list[int], held: list[int]) -> None:
    titles = ["Baker", "Head Baker", "Line Cook", "Site Manager"]
    jobs = [entry(titles[i], 2 + i, 2000 + 5 * n) for n, i in enumerate(held)]
    requirements = [need(titles[i], 3) for i in asked]
    history = History(jobs)
    align([need("Baker", 1)], history)
    assert align(requirements, history) == align(requirements, History(jobs))


def _experience(job: str, resume: str) -> list[tuple[str, str, float | None]]:
    history = History(read_entries(resume), resume)
    found = align(read_experience_requirements(job), history, job=job)
    return [(f.requirement.name, f.status, f.shown_years) for f in found]


def test_a_title_told_without_dates_counts_as_held() -> None:
    job = "Required Experience\n- 3 years as a Line Cook\n- 2 years as a Site Manager"
    resume = "Experience\nHas worked as a Line Cook and as a Waiter for many guests."
    assert _experience(job, resume) == [
        ("Line Cook", "met", None),
        ("Site Manager", "missing", 0.0),
    ]


def test_a_requirement_in_many_words_is_met_by_the_title_among_them() -> None:
    job = (
        "Required Experience\n"
        "- Status of a Pastry Chef in busy places, with a requirement of 4 years fieldwork"
    )
    resume = "Experience\nPastry Chef (2015 - 2018)"
    assert _experience(job, resume) == [("Pastry Chef", "partial", 3.0)]
