"""How documents say what a context holds, counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hrdistill.benchmark import Benchmark
from hrdistill.evaluation.comparison.figures import Document
from hrdistill.evaluation.comparison.wording import Wording, compare_wording, read_wording
from hrdistill.records import Context, Experience, Occupation, Removal, Skill, Triple
from hrdistill.text.sections import read_lines

BAKER, COOK = Experience("Baker", 2019, 2023), Experience("Line Cook", 2016, 2019)
JOB = """## Required Skills
- Bread Baking
- Good at food safety and teamwork
- Friendly

## Required Experience
- At least 4 years as a Baker
- three years as a Line Cook

## Responsibilities
- Food safety at every step
"""
MATCHED = """## Skills
Bread baking, Food Safety

## Experience
- Baker (2019 - 2023), 4 years
- Line Cook, 2016 to 2019
"""
UNMATCHED = """## Skills
Teamwork
## Experience
- Line cooks, 2016-2019
"""


def triple(**texts: str) -> Triple:
    return Triple(
        "t",
        Context(
            "c", 0, Occupation("baker", "Baker", None, "food"),
            tuple(Skill(n, n, "ability") for n in ("Bread Baking", "Food Safety", "Teamwork")),
            (BAKER, COOK),
        ),
        Removal(("Bread Baking", "Teamwork"), BAKER, "dropped"),
        **{"job_description": JOB, "matched_resume": MATCHED, "unmatched_resume": UNMATCHED}
        | texts,
    )  # fmt: skip


def read(about: Document, *triples: Triple) -> Wording:
    return read_wording(about, triples, [read_lines(getattr(t, about)) for t in triples])


def test_a_job_description() -> None:
    wording = read("job_description", triple())
    assert wording.verbatim == [True, True, True]
    assert wording.elsewhere == [False, True, False]
    assert wording.skill_lines == ["bare", "several", "no name"]
    assert wording.titles == [True, True]
    assert wording.years == ["digits", "words"]
    assert wording.bounds == ["at least", "plain"]
    assert wording.stated == [True, True]
    assert wording.requirements_a_job == [1.0]


def test_resumes() -> None:
    wording = read("matched_resume", triple())
    assert wording.verbatim == [True, True, False]
    assert wording.elsewhere == [False, False, False]
    assert wording.skill_lines == ["several"]
    assert wording.titles == [True, True]
    assert wording.dates == ["(2013 - 2016)", "2013 to 2016"]
    assert wording.durations == [True, False]
    assert wording.removed == []


def test_an_unmatched_resume_is_held_against_what_it_keeps() -> None:
    wording = read("unmatched_resume", triple())
    assert wording.verbatim == [False]  # food safety alone is kept
    assert wording.removed == [False, True]  # teamwork is still there
    assert wording.skill_lines == ["no name"]
    assert wording.titles == [False]  # a plural is not verbatim
    assert wording.dates == ["2013 - 2016"]


@pytest.mark.parametrize(
    ("line", "bound"),
    [
        ("Minimum 3 years as a Baker", "at least"), ("3+ years as a Baker", "at least"),
        ("3 or more years as a Baker", "at least"), ("3 years as a Baker", "plain"),
        ("No less than 3 years as a Baker", "at least"),
    ],
)  # fmt: skip
def test_bounds_of_years(line: str, bound: str) -> None:
    wording = read("job_description", triple(job_description=f"## Required Experience\n{line}\n"))
    assert wording.bounds == [bound]


def test_years_that_are_not_stated() -> None:
    job = "## Required Experience\n- Experience as a Baker\n- 3 years as a Line Cook\n"
    wording = read("job_description", triple(job_description=job))
    assert wording.years == ["no number", "digits"]
    assert wording.stated == [False, True]
    # One number stands for one job.
    twice = replace(triple().context, experiences=(COOK, COOK))
    wording = read("job_description", replace(triple(job_description=job), context=twice))
    assert wording.stated == [True, False]


@pytest.mark.parametrize(
    ("line", "dates"),
    [
        ("Baker (2019–2023)", "(2013 - 2016)"), ("Baker | 2019-2023", "2013 - 2016"),
        ("Worked as a Baker from 2019 until 2023", "2013 to 2016"),
        ("In 2019 hired as a Baker, left in 2023", "other"), ("Baker since 2019", "other"),
        ("4 years as a Baker", "years only"),
    ],
)  # fmt: skip
def test_forms_of_dates(line: str, dates: str) -> None:
    wording = read("matched_resume", triple(matched_resume=f"## Experience\n{line}\n"))
    assert wording.dates == [dates]


def side(about: Document, *triples: Triple) -> tuple[tuple[Triple, ...], list]:
    return triples, [read_lines(getattr(t, about)) for t in triples]


def test_figures_of_wording() -> None:
    a = side("job_description", triple())
    b = side("job_description", triple(job_description="Bread baking\n"))
    figures = {f.name: f for f in compare_wording("job_description", a, b)}
    assert (figures["skills verbatim"].a, figures["skills verbatim"].b) == (1, 1 / 3)
    assert figures["lines of skills section"].b is None
    assert figures["required years"].a == {"digits": 0.5, "words": 0.5}
    assert figures["years of jobs held stated"].b == 0
    about: Document = "unmatched_resume"
    figures = {f.name: f for f in compare_wording(about, side(about, triple()), side(about))}
    assert (figures["kept skills verbatim"].a, figures["kept skills verbatim"].b) == (0, None)
    assert figures["removed skills verbatim"].a == 0.5
    assert "required years" not in figures


def test_rjdb_names_88_percent_of_its_skills_verbatim_in_jobs(
    shared: Callable[[str], Path],
) -> None:
    triples = Benchmark.load(f"rjdb:{shared('data/rjdb/sample.jsonl')}[0:150]").triples
    wording = read("job_description", *triples)
    assert sum(wording.verbatim) / len(wording.verbatim) == pytest.approx(0.88, abs=0.01)
