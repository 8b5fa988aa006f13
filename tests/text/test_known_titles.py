"""Job titles that are known, as a tagger finds them, handed to the readers of jobs and resumes.

A "Bread Wizard" is no occupation that the rules know by its words.
"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.records import Experience, Span
from hrdistill.text.requirements import read_experience_requirements
from hrdistill.text.timeline import read_entries, read_experiences

TODAY = date(2025, 6, 15)
WIZARD = "Bread Wizard"


def places(text: str, *names: str) -> list[Span]:
    return [Span(text.index(name), text.index(name) + len(name)) for name in names]


# What a job asks for

REQUIRED = "## Required Experience\n"
Asked = list[tuple[str, float | None]]


def asked(job: str, *titles: str) -> Asked:
    found = read_experience_requirements(job, titles=places(job, *titles))
    return [(requirement.name, requirement.years) for requirement in found]


@pytest.mark.parametrize(
    ("job", "titles", "by_rules", "expected"),
    [
        # A clause that holds one asks for that, with the years of the clause.
        (REQUIRED + "- 3 years of sourdough as our Bread Wizard of the night", [WIZARD],
         [("Bread Wizard of the night", 3)], [(WIZARD, 3)]),
        (REQUIRED + "- 3 years as a Baker or Pastry Chef", ["Baker", "Pastry Chef"],
         [("Baker or Pastry Chef", 3)], [("Baker", 3), ("Pastry Chef", 3)]),
        (REQUIRED + "- Bread Wizard, known in town", [WIZARD], [], [(WIZARD, None)]),
        # Elsewhere the rules decide, in the same job and in the same line.
        (REQUIRED + "- 3 years as a Baker\n- 2 years among loaves, Bread Wizard", [WIZARD],
         [("Baker", 3), ("among loaves, Bread Wizard", 2)], [("Baker", 3), (WIZARD, 2)]),
        (REQUIRED + "- 3 years as a Baker of rye, 2 years as a Cook", ["Baker"],
         [("Baker of rye", 3), ("Cook", 2)], [("Baker", 3), ("Cook", 2)]),
        # Outside the experience section years are needed, and no more than that.
        ("Job Title: Miller\n## Duties\n- Reports to the Bread Wizard", [WIZARD],
         [("Miller", None)], [("Miller", None)]),
        ("Job Title: Miller\n## Requirements\n- 3 years of sourdough, Bread Wizard", [WIZARD],
         [("Miller", None)], [(WIZARD, 3)]),
        # The job's own title is no requirement.
        ("Job Title: Miller\n" + REQUIRED + "- 3 years as a Baker", ["Miller"],
         [("Baker", 3)], [("Baker", 3)]),
        # One that reaches over two clauses is in neither.
        (REQUIRED + "- 3 years as a Baker and 2 years as a Cook", ["Baker and 2 years as a Cook"],
         [("Baker", 3), ("Cook", 2)], [("Baker", 3), ("Cook", 2)]),
    ],
)  # fmt: skip
def test_required_titles(job: str, titles: list[str], by_rules: Asked, expected: Asked) -> None:
    assert asked(job) == by_rules
    assert asked(job, *titles) == expected


def test_the_jobs_own_title_is_the_fuller_name_of_a_known_one() -> None:
    job = f"Job Title: {WIZARD} (Leeds)\n{REQUIRED}- 3 years of wit, Oak {WIZARD} or so"
    known = Span(job.rindex(WIZARD), job.rindex(WIZARD) + len(WIZARD))
    (requirement,) = read_experience_requirements(job, titles=[known])
    assert (requirement.name, requirement.years) == (f"{WIZARD} (Leeds)", 3)


def test_titles_of_one_clause_cite_that_clause() -> None:
    job = f"{REQUIRED}- 3 years as a Baker or {WIZARD}, 2 years as a Cook\n"
    found = read_experience_requirements(job, titles=places(job, "Baker", WIZARD, "Cook"))
    cited = [job[r.span.start : r.span.end] for r in found if r.span]
    assert cited == [f"3 years as a Baker or {WIZARD}, "] * 2 + ["2 years as a Cook"]


# What a resume shows

CAREER = "## Experience\n"
Jobs = list[tuple[str, int | None, int | None]]


def held(resume: str, *titles: str) -> Jobs:
    found = read_entries(resume, today=TODAY, titles=places(resume, *titles))
    return [(entry.title, entry.start_year, entry.end_year) for entry in found]


WORKED = [(WIZARD, 2013, 2016)]


@pytest.mark.parametrize(
    ("text", "titles", "by_rules", "expected"),
    [
        # Beside its dates, whatever else stands there.
        ("Oak, Bread Wizard, 2013 - 2016", [WIZARD], [("Oak, Bread Wizard", 2013, 2016)], WORKED),
        ("2013 - 2016: kept ovens hot as Oak's Bread Wizard, led four", [WIZARD],
         [("Oak's Bread Wizard", 2013, 2016)], WORKED),
        ("Ruled the ovens (2013 - 2016) as Bread Wizard. Then left.", [WIZARD],
         [("Ruled the ovens", 2013, 2016)], WORKED),
        ("Baker and Bread Wizard (2013 - 2016)", ["Baker", WIZARD],
         [("Baker and Bread Wizard", 2013, 2016)], [("Baker", 2013, 2016)]),
        # What makes dates surer: "since" alone is no job, "since" beside a title is one.
        ("Bread Wizard since 2019", [WIZARD], [], [(WIZARD, 2019, 2025)]),
        # On a line near them.
        ("2013 - 2016\nRan the night shift well, Bread Wizard", [WIZARD], [], WORKED),
        ("Bread Wizard\n2013 - 2016\n2010 - 2013", [WIZARD], WORKED, WORKED),
        ("Bread Wizard\nOven Poet\n2013 - 2016", [WIZARD], [("Oven Poet", 2013, 2016)], WORKED),
        # Not over a blank line, nor from afar, nor in place of a job that the dates name.
        ("Bread Wizard\n\n2013 - 2016", [WIZARD], [], []),
        ("Bread Wizard\na\nb\nc\n2013 - 2016", [WIZARD], [], []),
        ("Bread Wizard\nBaker, 2013 - 2016", [WIZARD], [("Baker", 2013, 2016)],
         [("Baker", 2013, 2016)]),
        # Elsewhere the rules decide.
        ("Baker (2016 - 2019)\nOak, Bread Wizard, 2013 - 2016", [WIZARD],
         [("Baker", 2016, 2019), ("Oak, Bread Wizard", 2013, 2016)],
         [("Baker", 2016, 2019), *WORKED]),
        ("Three years as a Bread Wizard by night", [WIZARD],
         [("Bread Wizard by night", None, None)], [("Bread Wizard by night", None, None)]),
    ],
)  # fmt: skip
def test_titles_held(text: str, titles: list[str], by_rules: Jobs, expected: Jobs) -> None:
    assert held(CAREER + text) == by_rules
    assert held(CAREER + text, *titles) == expected


def test_a_title_outside_the_experience_section_gets_no_dates() -> None:
    assert held(f"## Skills\n{WIZARD}\n{CAREER}2013 - 2016", WIZARD) == []


def test_an_entry_covers_its_known_title_and_its_dates() -> None:
    resume = f"{CAREER}2013 - 2016\nRan the night shift well, {WIZARD}\n\nBaker, 2010 - 2013\n"
    entry, _ = read_entries(resume, today=TODAY, titles=places(resume, WIZARD))
    cited = resume[entry.span.start : entry.span.end]
    assert cited == f"2013 - 2016\nRan the night shift well, {WIZARD}"
    assert entry.dates is not None
    assert resume[entry.dates.start : entry.dates.end] == "2013 - 2016"
    assert WIZARD in entry.context


def test_experiences_are_those_of_the_entries() -> None:
    resume = f"{CAREER}Oak, {WIZARD}, 2013 - 2016\nThree years as a Baker\n"
    assert read_experiences(resume, titles=places(resume, WIZARD)) == (
        Experience(WIZARD, 2013, 2016),
    )


PIECES = ["Bread Wizard", "Baker", "2013 - 2016", "2010 - 2013", "3 years as a", "Oak Inc.", "led",
          "since 2019", "\n", "\n- ", "\n\n", ", ", ". ", " (", ") "]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=16), st.data())
def test_known_titles_are_taken_as_they_stand(pieces: list[str], data: st.DataObject) -> None:
    body = " ".join(pieces)
    words = [(at, at + len(w)) for w in ("Bread Wizard", "Baker", "Oak Inc.", "led")
             for at in range(len(body)) if body.startswith(w, at)]  # fmt: skip
    chosen = data.draw(st.lists(st.sampled_from(words), unique=True)) if words else []
    for head, read in ((CAREER, read_entries), (REQUIRED, read_experience_requirements)):
        text = head + body
        titles = [Span(len(head) + a, len(head) + b) for a, b in chosen]
        assert read(text, titles=[]) == read(text)  # type: ignore[operator]
        for found in read(text, titles=titles):  # type: ignore[operator]
            name = found.title if read is read_entries else found.name
            assert name.rstrip(")") in text  # a bracket that was cut open is closed
            assert 0 <= found.span.start < found.span.end <= len(text)
