"""What is missing, said in sentences that quote both documents."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from hrdistill.records import Finding, Requirement, Span
from hrdistill.tasks.sentences import sentences, years

JOB = """Required Skills
- Inventory management and stock control
- Knows every corner of Excel

Required Experience
- At least 4 years as a Baker
- 3 years as a Pastry Chef, in a hotel of repute
"""
RESUME = """Skills
- Excel

Experience
Baker, 2016 - 2018
Oak & Sons
Baker, 2019 - 2020
"""


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def skill(name: str, asked: str = "") -> Requirement:
    return Requirement("skill", name, None, span(JOB, asked) if asked else None)


def experience(name: str, asked: float | None = None, said: str = "") -> Requirement:
    return Requirement("experience", name, asked, span(JOB, said) if said else None)


def say(*findings: Finding) -> list[str]:
    return sentences(findings, job=JOB, resume=RESUME)


def test_experience_comes_before_skills_and_what_is_certain_before_what_is_not() -> None:
    baker = experience("Baker", 4, "At least 4 years as a Baker")
    chef = experience("Pastry Chef", 3, "3 years as a Pastry Chef, in a hotel of repute")
    said = say(
        Finding(skill("Excel", "Knows every corner of Excel"), "missing", None, 0.4),
        Finding(skill("Inventory Management", "Inventory management and stock control"), "missing"),
        Finding(skill("Teamwork"), "met", None, 0.9),
        Finding(skill("Patience"), "met", None, 0.2),
        Finding(baker, "partial", span(RESUME, "Baker, 2016 - 2018"), 0.03, 2.0),
        Finding(chef, "missing"),
        Finding(experience("Cleaner", 2), "met", None, 0.9, 5.0),
    )
    assert said == [
        "No job as a Pastry Chef is shown; the job asks for 3 years of it "
        '("3 years as a Pastry Chef, in a hotel of repute").',
        'The job asks for 4 years as a Baker; the resume shows 2 ("Baker, 2016 - 2018").',
        "The resume does not show Inventory Management, which the job lists "
        '("Inventory management and stock control").',
        "The resume does not clearly show Excel, which the job lists "
        '("Knows every corner of Excel").',
        "The resume shows Teamwork and 5 years as a Cleaner, and seems to show Patience.",
    ]


def test_nothing_to_say_and_nothing_missing() -> None:
    assert say() == ["No requirement could be read from the job."]
    assert say(Finding(skill("Excel"), "met", None, 0.9)) == [
        "Nothing of what could be read from the job is missing.",
        "The resume shows Excel.",
    ]


def test_a_quotation_that_only_repeats_the_name_is_left_out() -> None:
    (said,) = say(Finding(skill("Excel Skills", "Excel"), "missing"))
    assert said == "The resume does not show Excel Skills, which the job lists."


def test_articles_plurals_and_lengths() -> None:
    assert say(Finding(experience("Electrician", 1), "missing"))[0] == (
        "No job as an Electrician is shown; the job asks for 1 year of it."
    )
    assert say(Finding(experience("Line Cooks"), "missing"))[0] == (
        "No job as Line Cooks is shown; the job asks for one."
    )
    short = Finding(experience("Baker", 2.5), "partial", None, 0.03, 0.5)
    assert say(short)[0] == "The job asks for 2.5 years as a Baker; the resume shows 6 months."
    nearly = Finding(experience("Baker", 1), "partial", None, 0.03, 0.96)
    assert say(nearly)[0] == "The job asks for 1 year as a Baker; the resume shows less."
    untold = Finding(experience("Baker", 4), "met", None, 0.5, None)
    assert say(untold)[-1] == "The resume shows experience as a Baker."
    assert [years(n) for n in (0.0, 1 / 12, 0.5, 1.0, 1.04, 2.5, 4.0)] == [
        "less than a month", "1 month", "6 months", "1 year", "1 year", "2.5 years", "4 years"
    ]  # fmt: skip


def test_years_of_several_jobs_are_not_ascribed_to_the_one_that_is_quoted() -> None:
    found = Finding(experience("Baker", 4), "partial", span(RESUME, "Baker, 2016 - 2018"), 0.0, 3.0)
    assert say(found)[0].endswith('the resume shows 3 (among them "Baker, 2016 - 2018").')


def test_the_nearest_words_of_a_doubtful_skill_are_quoted() -> None:
    found = Finding(skill("Word"), "missing", span(RESUME, "Excel"), 0.4)
    assert say(found)[0] == (
        'The resume does not clearly show Word, which the job lists; the nearest words are "Excel".'
    )


def test_a_list_with_commas_in_its_items_is_parted_by_semicolons() -> None:
    met = [Finding(skill(n), "met", None, 1.0) for n in ("Python, R", "SQL", "Git")]
    assert say(*met)[-1] == "The resume shows Python, R; SQL and Git."


_WORDS = st.text(st.sampled_from("abcd., \n-AE9é"), min_size=1, max_size=160)


@st.composite
def findings(draw: st.DrawFn) -> tuple[list[Finding], str, str]:
    job, resume = draw(_WORDS), draw(_WORDS)

    def place(text: str) -> Span | None:
        start = draw(st.integers(0, len(text)))
        return draw(st.none() | st.just(Span(start, draw(st.integers(start, len(text) + 3)))))

    found = []
    for number in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(("skill", "experience")))
        asked = draw(st.none() | st.floats(0.25, 12)) if kind == "experience" else None
        found.append(
            Finding(
                Requirement(kind, f"Zq{number}x", asked, place(job)),
                draw(st.sampled_from(("met", "partial", "missing"))),
                place(resume),
                draw(st.floats(0, 1)),
                draw(st.none() | st.floats(0, 12)),
            )
        )
    return found, job, resume


@given(findings())
def test_each_finding_is_named_in_exactly_one_sentence(
    case: tuple[list[Finding], str, str],
) -> None:
    found, job, resume = case
    said = sentences(found, job=job, resume=resume)
    lacking = [f for f in found if f.status != "met"]
    for finding in found:
        naming = [line for line in said if finding.requirement.name in line]
        assert len(naming) == 1
        assert (naming[0] == said[-1]) >= (finding.status == "met")
    assert len(said) == max(1, len(lacking)) + (len(lacking) < len(found))


@given(findings())
def test_every_quotation_stands_in_its_document(case: tuple[list[Finding], str, str]) -> None:
    found, job, resume = case
    told = " ".join(job.split()), " ".join(resume.split())
    for line in sentences(found, job=job, resume=resume):
        for quote in re.findall(r'"([^"]*)"', line):
            assert quote
            assert any(quote.removesuffix("…") in text for text in told)
        for quote in re.findall(r'the nearest words are "([^"]*)"', line):
            assert quote.removesuffix("…") in told[1]
