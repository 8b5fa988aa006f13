"""Jobs and years as resumes and advertisements write them, and the arithmetic on them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hrdistill.records import Experience
from hrdistill.text.dates import has_dates
from hrdistill.text.requirements import read_experience_requirements
from hrdistill.text.timeline import read_entries, set_dates
from hrdistill.text.titles import clean_title

TODAY = date(2025, 6, 15)

# The line of a resume; title, first year, last year, length in years.
# Lengths count months with the last one in: January 2016 to December 2018 is 36 months.
LINES: list[tuple[str, str, int | None, int | None, float]] = [
    ("Baker (2013 - 2016)", "Baker", 2013, 2016, 3),
    ("Baker (2013 - 2013)", "Baker", 2013, 2013, 0),
    ("- Baker, Hilltop Bakery (2013 – 2016)", "Baker", 2013, 2016, 3),
    ("1. Pastry Chef: 2011 to 2014", "Pastry Chef", 2011, 2014, 3),
    ("* Head Chef at Marlow Hotel, 2015-2019", "Head Chef", 2015, 2019, 4),
    ("**Registered Nurse** (2010 - 2014)", "Registered Nurse", 2010, 2014, 4),
    ("**Registered Nurse**, St. Anne Hospital, 2010 - 2014", "Registered Nurse", 2010, 2014, 4),
    ("Registered Nurse, 2010–2014, managed a ward of 12 beds", "Registered Nurse", 2010, 2014, 4),
    ("Staff Nurse – Ridge Hospital – 2015–2021 – full time", "Staff Nurse", 2015, 2021, 6),
    # Months by name and by number.
    ("Line Cook | Blue Door Restaurant | Jan 2016 - Dec 2018", "Line Cook", 2016, 2018, 3),
    ("Line Cook, January 2016 to December 2018", "Line Cook", 2016, 2018, 3),
    ("Line Cook — 01/2016 – 03/2019", "Line Cook", 2016, 2019, 3.25),
    ("Jan 2016 – Dec 2018 | Line Cook | Blue Door Restaurant", "Line Cook", 2016, 2018, 3),
    ("Engineer II, Acme Corp, Sept 2018 - Feb 2021", "Engineer II", 2018, 2021, 2.5),
    ("Electrician (03.2014 - 09.2017)", "Electrician", 2014, 2017, 3.58),
    ("Electrician, March 2014 - September 2017, Leeds", "Electrician", 2014, 2017, 3.58),
    ("May 2014 - May 2017: Electrician", "Electrician", 2014, 2017, 3.08),
    ("Teacher, 9/2001 - 6/2005", "Teacher", 2001, 2005, 3.83),
    # Short and open ends.
    ("Forklift Operator 2016-18", "Forklift Operator", 2016, 2018, 2),
    ("Site Manager, 2019 - present", "Site Manager", 2019, 2025, 6),
    ("Site Manager (2019 – Current)", "Site Manager", 2019, 2025, 6),
    ("Site Manager, Jun 2019 - Present", "Site Manager", 2019, 2025, 6.08),
    ("Warehouse Associate | 08/2020 - Present", "Warehouse Associate", 2020, 2025, 4.92),
    ("2019 - date Site Manager", "Site Manager", 2019, 2025, 6),
    # Years first.
    ("2013 - 2016: Baker", "Baker", 2013, 2016, 3),
    ("2013-2016 Baker, Hilltop Bakery", "Baker", 2013, 2016, 3),
    ("(2013 - 2016) Baker", "Baker", 2013, 2016, 3),
    ("2014 - 2017, Electrician, Volt Ltd", "Electrician", 2014, 2017, 3),
    # Sentences.
    ("From 2013 to 2016, worked as a Baker at Hilltop Bakery.", "Baker", 2013, 2016, 3),
    ("Between 2013 and 2016 I worked as a Baker.", "Baker", 2013, 2016, 3),
    ("I was employed as a Baker between 2013 and 2016.", "Baker", 2013, 2016, 3),
    ("Worked as a Baker from 2013 until 2016, where I led a team of four.", "Baker", 2013, 2016, 3),
    ("Served as Registered Nurse from 2010 through 2014", "Registered Nurse", 2010, 2014, 4),
    ("Held the position of Payroll Clerk (2014 - 2017)", "Payroll Clerk", 2014, 2017, 3),
    ("Experienced Payroll Clerk, 2014 - 2017", "Payroll Clerk", 2014, 2017, 3),
    ("Analyst for Northwind Traders from 2014 to 2017", "Analyst", 2014, 2017, 3),
    ("Electrician at Volt Ltd from 2014 to 2017: wired 40 homes", "Electrician", 2014, 2017, 3),
    ("Between 2013 and 2016, I was a Baker", "Baker", 2013, 2016, 3),
    ("He was a Baker (2001-2004)", "Baker", 2001, 2004, 3),
    ("Held a Baker position at Hilltop from 2010 to 2012", "Baker", 2010, 2012, 2),
    ("Experience 1: Baker (2013 - 2016)", "Baker", 2013, 2016, 3),
    ("Joined Hilltop in 2013 as a Baker and stayed until 2016", "Baker", 2013, 2016, 3),
    ("Joined Hilltop as a Baker in 2013, leaving in 2016.", "Baker", 2013, 2016, 3),
    ("Started as a Baker in 2010 until 2013", "Baker", 2010, 2013, 3),
    ("In 2010, took a Baker position, which was held until 2013.", "Baker", 2010, 2013, 3),
    ("Baker since 2019", "Baker", 2019, 2025, 6),
    ("Since 2019: Site Manager", "Site Manager", 2019, 2025, 6),
    ("2013 - 2016: Baker - Made bread every morning.", "Baker", 2013, 2016, 3),
    ("Brightwell Foods (2013 - 2016): Baker", "Baker", 2013, 2016, 3),
    # Labels, lengths beside years, other signs between years.
    ("Payroll Clerk - Duration: 2014 - 2017", "Payroll Clerk", 2014, 2017, 3),
    ("Payroll Clerk: 2014 - 2017 (3 years)", "Payroll Clerk", 2014, 2017, 3),
    ("Payroll Clerk, 3 years, 2014 - 2017", "Payroll Clerk", 2014, 2017, 3),
    ("3 years as a Baker (2013 - 2016)", "Baker", 2013, 2016, 3),
    ("Job Title: Electrician (2014 - 2017)", "Electrician", 2014, 2017, 3),
    ("Electrician 2014/2017", "Electrician", 2014, 2017, 3),
    ("Electrician (2014 — 2017)", "Electrician", 2014, 2017, 3),
    ("Electrician (2014 ~ 2017)", "Electrician", 2014, 2017, 3),
    ("Electrician [2014 - 2017]", "Electrician", 2014, 2017, 3),
    ("Electrician, Volt Ltd., Leeds, 2014 till 2017", "Electrician", 2014, 2017, 3),
    # Titles with signs and commas of their own.
    ("Sr. .NET Developer (2015 - 2019)", "Sr. .NET Developer", 2015, 2019, 4),
    ("C++ Developer (2012 - 2015)", "C++ Developer", 2012, 2015, 3),
    ("UX/UI Designer 2017 - 2020", "UX/UI Designer", 2017, 2020, 3),
    ("Cooks, Short and Fast (2012 - 2016)", "Cooks, Short and Fast", 2012, 2016, 4),
    ("Chief of Staff, City of Leeds (2014 - 2017)", "Chief of Staff", 2014, 2017, 3),
    # Lengths without years.
    ("3 years as a Baker", "Baker", None, None, 3),
    ("Ten years as a Machinist", "Machinist", None, None, 10),
    ("Three (3) years as a Welder", "Welder", None, None, 3),
    ("4+ years as a Roofer", "Roofer", None, None, 4),
    ("Worked for three years as an Electrician", "Electrician", None, None, 3),
    ("Electrician (3 years)", "Electrician", None, None, 3),
    ("18 months as a Baker", "Baker", None, None, 1.5),
]  # fmt: skip


@pytest.mark.parametrize(("line", "title", "start", "end", "years"), LINES)
def test_one_job_on_one_line(
    line: str, title: str, start: int | None, end: int | None, years: float
) -> None:
    resume = f"## Experience\n{line}\n"
    (entry,) = read_entries(resume, today=TODAY)
    assert (entry.title, entry.start_year, entry.end_year) == (title, start, end)
    assert entry.years == pytest.approx(years, abs=0.005)
    assert title in resume[entry.span.start : entry.span.end]
    if start is None:
        assert entry.dates is None
        assert entry.as_experience() is None
    else:
        assert entry.dates is not None
        assert str(start) in resume[entry.dates.start : entry.dates.end]
        assert entry.as_experience() == Experience(title, start, end or 0)


Jobs = list[tuple[str, int | None, int | None]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The title on the line, or lines, above.
        ("Baker, Hilltop Bakery\n2013 - 2016", [("Baker", 2013, 2016)]),
        (
            "Baker\nHilltop Bakery\n2013 - 2016\n\nLine Cook\nBlue Door\n2010 - 2013",
            [("Baker", 2013, 2016), ("Line Cook", 2010, 2013)],
        ),
        ("**Baker**\n*2013 - 2016*\n- Baked bread\n- Led a team of 4", [("Baker", 2013, 2016)]),
        ("Hilltop Bakery, Leeds\nBaker | 2013 - 2016", [("Baker", 2013, 2016)]),
        ("Position: Baker\nDuration: 2013 - 2016", [("Baker", 2013, 2016)]),
        ("Position: Baker\nEmployer: Hilltop Bakery\nYears: 2013 - 2016", [("Baker", 2013, 2016)]),
        # The nearest line that reads like a job; never a duty, never over a blank line.
        (
            "Sales Engineer\n(2011 - 2015)\nPrepared quotes and followed them up by phone.\n\n"
            "Account Executive\n(2007 - 2011)",
            [("Sales Engineer", 2011, 2015), ("Account Executive", 2007, 2011)],
        ),
        (
            "Baker\nBrightwell Foods, 2013 - 2016\nMade bread.\n\n"
            "Line Cook\nBlue Door, 2010 - 2013",
            [("Baker", 2013, 2016), ("Line Cook", 2010, 2013)],
        ),
        (
            "Brightwell Foods\nBaker\n2013 - 2016\n\nBlue Door\nLine Cook\n2010 - 2013",
            [("Baker", 2013, 2016), ("Line Cook", 2010, 2013)],
        ),
        (
            "2013 - 2016\nBaker\n2010 - 2013\nLine Cook",
            [("Baker", 2013, 2016), ("Line Cook", 2010, 2013)],
        ),
        (
            "Brightwell Foods, 2013 - 2016\nBaker\nMade bread.",
            [("Baker", 2013, 2016)],
        ),
        (
            "### Baker\n2013 - 2016\n- Made bread.\n\n### Line Cook\n2010 - 2013",
            [("Baker", 2013, 2016), ("Line Cook", 2010, 2013)],
        ),
        (
            "Company: Blue Door\nRole: Baker\nPeriod: 2013 - 2016\nDuties: made bread",
            [("Baker", 2013, 2016)],
        ),
        ("- Baker (2013 - 2016)\n- Led the team since 2019", [("Baker", 2013, 2016)]),
        (
            "Spent five years as a Welder and two years as a Fitter.",
            [("Welder", None, None), ("Fitter", None, None)],
        ),
        # A block opens with its title, whatever its employer is called.
        (
            "Crane Operator\nBayport Erectors\n2014 - 2019\nPlaced steel.\n\n"
            "Zorbian\nTre Kronor\n2010 - 2014",
            [("Crane Operator", 2014, 2019), ("Zorbian", 2010, 2014)],
        ),
        ("2018 - 2023\nDental Lab Technician, Oak Inc.", [("Dental Lab Technician", 2018, 2023)]),
        ("2014 - 2018: Sr. Test Engineer, Oak Inc.", [("Sr. Test Engineer", 2014, 2018)]),
        ("2017 - 2020: Recruiter (3 years), hiring for shops", [("Recruiter", 2017, 2020)]),
        # Several jobs in one line.
        (
            "From 2021 to 2023 I was a Cook at an inn. Before that I worked as a Baker "
            "(2018 - 2021), baking bread.",
            [("Cook", 2021, 2023), ("Baker", 2018, 2021)],
        ),
        (
            "I was a Cook from 2014 to 2015. Before that I spent 2009 - 2014 as a Baker, "
            "2005 - 2009 as a Waiter and 2002 - 2005 as a Porter.",
            [
                ("Cook", 2014, 2015),
                ("Baker", 2009, 2014),
                ("Waiter", 2005, 2009),
                ("Porter", 2002, 2005),
            ],
        ),
        (
            "I worked as a Baker from 2013 to 2016. I worked as a Line Cook from 2010 to 2013 "
            "and as a Waiter from 2008 to 2010.",
            [("Baker", 2013, 2016), ("Line Cook", 2010, 2013), ("Waiter", 2008, 2010)],
        ),
        (
            "A Baker (2013 - 2016), a Line Cook (2010 - 2013) and a Waiter (2008 - 2010).",
            [("Baker", 2013, 2016), ("Line Cook", 2010, 2013), ("Waiter", 2008, 2010)],
        ),
        (
            "2016-2019 Baker, 2013-2016 Line Cook",
            [("Baker", 2016, 2019), ("Line Cook", 2013, 2016)],
        ),
        (
            "From 2016 to 2019, he served as Baker. From 2013 to 2016, he served as Line Cook.",
            [("Baker", 2016, 2019), ("Line Cook", 2013, 2016)],
        ),
        (
            "Between 2016 and 2019, I worked as a Baker and between 2013 and 2016 as a Line Cook.",
            [("Baker", 2016, 2019), ("Line Cook", 2013, 2016)],
        ),
        (
            "Baker: 2013 - 2016; Line Cook: 2010 - 2013",
            [("Baker", 2013, 2016), ("Line Cook", 2010, 2013)],
        ),
        (
            "Baker (2013–2016) • Line Cook (2010–2013)",
            [("Baker", 2013, 2016), ("Line Cook", 2010, 2013)],
        ),
        # Duties and numbers that are no years of a job.
        (
            "- Baker (2013 - 2016)\n  - Cut waste by 20 - 25% in 2014\n- Line Cook (2010 - 2013)",
            [("Baker", 2013, 2016), ("Line Cook", 2010, 2013)],
        ),
        ("No previous positions to report", []),
        ("Worked in 2014 for a while", []),
        ("Raised takings to $2000 - 2500 a week", []),
        ("Baker (2016 - 2013)", []),
    ],
)
def test_jobs_of_an_experience_section(text: str, expected: Jobs) -> None:
    entries = read_entries(f"## Experience\n{text}\n", today=TODAY)
    assert [(entry.title, entry.start_year, entry.end_year) for entry in entries] == expected


def test_years_of_a_school_are_no_job() -> None:
    resume = "## Education\nBSc, 2008 - 2012\n## Work History\nBaker (2013 - 2016)\n"
    (entry,) = read_entries(resume, today=TODAY)
    assert entry.title == "Baker"


def test_without_an_experience_section_the_whole_text_is_read() -> None:
    resume = "Jo Lin\n## Skills\nBaking\nBaker (2013 - 2016)\n## Education\nBSc, 2008 - 2012\n"
    (entry,) = read_entries(resume, today=TODAY)
    assert entry.as_experience() == Experience("Baker", 2013, 2016)


def test_a_resume_of_no_text_holds_no_jobs() -> None:
    assert read_entries("") == read_entries("\n \n") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Worked as a Baker from", "Baker"),
        ("Minimum of experience as an Electrician is required", "Electrician"),
        ("the role of Payroll Clerk", "Payroll Clerk"),
        ("Baker, Hilltop Bakery", "Baker"),
        ("Line Cook at the Blue Door", "Line Cook"),
        ("Baker, preferably", "Baker"),
        ("**Baker**:", "Baker"),
        (".NET Developer", ".NET Developer"),
        ("C++ Developer", "C++ Developer"),
        ("Nurse (ICU)", "Nurse (ICU)"),
        ("", ""),
        ("-", ""),
    ],
)
def test_clean_title(text: str, expected: str) -> None:
    assert clean_title(text) == expected


REQUIREMENTS: list[tuple[str, list[tuple[str, float | None]]]] = [
    ("3 years as a Baker", [("Baker", 3)]),
    ("- Minimum of 3 years of experience as a Baker", [("Baker", 3)]),
    ("At least three years of experience as a Baker is required.", [("Baker", 3)]),
    ("4+ years of professional experience as a Software Engineer", [("Software Engineer", 4)]),
    ("Ten years in the role of Machinist", [("Machinist", 10)]),
    ("3-5 years as a Baker", [("Baker", 3)]),
    ("1 year as a Line Cook", [("Line Cook", 1)]),
    ("a year as a Waiter", [("Waiter", 1)]),
    ("One (1) year of work as a Line Cook", [("Line Cook", 1)]),
    ("2.5 years as a Clerk", [("Clerk", 2.5)]),
    ("5 yrs as Registered Nurse", [("Registered Nurse", 5)]),
    ("5 or more years of experience as an Electrician", [("Electrician", 5)]),
    ("Two or more years' experience as a Dental Hygienist", [("Dental Hygienist", 2)]),
    ("Baker: 3 years", [("Baker", 3)]),
    ("Baker (3 years)", [("Baker", 3)]),
    ("You have worked as a Baker for 3 years", [("Baker", 3)]),
    ("Candidates must have spent 3 years as a Baker", [("Baker", 3)]),
    ("Previous work as Baker for a minimum of 3 years", [("Baker", 3)]),
    ("4 years as a Site Manager, preferably in housing", [("Site Manager", 4)]),
    ("3 years as a Baker and 2 years as a Line Cook", [("Baker", 3), ("Line Cook", 2)]),
    (
        "3 years as a Baker, 2 years as a Line Cook, and 1 year as a Waiter",
        [("Baker", 3), ("Line Cook", 2), ("Waiter", 1)],
    ),
    ("- 3 years as a Baker\n- 2 years as a Line Cook", [("Baker", 3), ("Line Cook", 2)]),
    ("Prior experience as a Baker", [("Baker", None)]),
    ("18 months as a Baker", [("Baker", 1.5)]),
    ("3 years or more in a Baker position", [("Baker", 3)]),
    ("A Baker position held for 3 years or longer", [("Baker", 3)]),
    ("Baker background of 3 years", [("Baker", 3)]),
]


@pytest.mark.parametrize(("text", "expected"), REQUIREMENTS)
def test_required_experience(text: str, expected: list[tuple[str, float | None]]) -> None:
    job = f"## Job Title\nHead Chef\n## Required Experience\n{text}\n"
    found = read_experience_requirements(job)
    assert [(requirement.name, requirement.years) for requirement in found] == expected
    for requirement in found:
        assert requirement.kind == "experience"
        assert requirement.span is not None
        assert requirement.name in job[requirement.span.start : requirement.span.end]


def test_required_experience_among_the_skills_counts_where_it_names_years_and_role() -> None:
    job = "## Job Title\nChef\n## Requirements\n- 3 years as a Baker\n- 2 years of calm\n- Baking\n"
    (requirement,) = read_experience_requirements(job)
    assert (requirement.name, requirement.years) == ("Baker", 3)


def test_a_job_that_names_no_experience_asks_for_its_own_trade() -> None:
    (requirement,) = read_experience_requirements("Job Title: Baker\n\n## Skills\n- Baking\n")
    assert (requirement.name, requirement.years) == ("Baker", None)
    assert read_experience_requirements("We bake.") == []


def test_has_dates() -> None:
    assert has_dates("Baker, Jan 2013 to 2016")
    assert has_dates("since 2013 - present")
    assert not has_dates("Baker, 3 years")
    assert not has_dates("in 2013")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Baker (2013 - 2016)", "Baker (1994 - 1999)"),
        ("Baker (2013–2016) baked 2013 loaves", "Baker (1994–1999) baked 2013 loaves"),
        ("Baker from 2013 to 2016", "Baker from 1994 to 1999"),
        ("Baker, Jan 2013 - Dec 2016", "Baker, Jan 1994 - Dec 1999"),
        ("Baker, 01/2013 - 12/2016", "Baker, 01/1994 - 12/1999"),
        ("Baker 2013-16", "Baker 1994-99"),
        ("Baker, 2019 - present", "Baker, 1994 - 1999"),
        ("2013 - 2016: Baker", "1994 - 1999: Baker"),
        ("Baker\n2013 - 2016", "Baker\n1994 - 1999"),
        ("3 years as a Baker (2013 - 2016)", "5 years as a Baker (1994 - 1999)"),
        ("Three years as a Baker (2013 - 2016)", "Five years as a Baker (1994 - 1999)"),
        ("Baker for three years (2013 - 2016)", "Baker for five years (1994 - 1999)"),
        ("Baker: 2013 - 2016 (3 yrs)", "Baker: 1994 - 1999 (5 yrs)"),
        ("Baker, 2013 - 2016, led 2 for 2 years", "Baker, 1994 - 1999, led 2 for 2 years"),
    ],
)  # fmt: skip
def test_set_dates_keeps_the_form(line: str, expected: str) -> None:
    resume = f"Jo Lin\n## Experience\n{line}\n## Skills\nBaking 2013 - 2016\n"
    (found,) = read_entries(resume, today=TODAY)
    old = found.as_experience()
    assert old is not None
    changed = set_dates(resume, found, old, Experience("Baker", 1994, 1999))
    assert changed == resume.replace(line, expected)


def test_set_dates_of_one_year_is_singular() -> None:
    resume = "## Experience\n3 years as a Baker (2013 - 2016)"
    (found,) = read_entries(resume)
    changed = set_dates(
        resume, found, Experience("Baker", 2013, 2016), Experience("Baker", 2013, 2014)
    )
    assert changed == "## Experience\n1 year as a Baker (2013 - 2014)"


def test_set_dates_leaves_a_job_without_dates() -> None:
    resume = "## Experience\n3 years as a Baker"
    (found,) = read_entries(resume)
    job = Experience("Baker", 2013, 2016)
    assert set_dates(resume, found, job, Experience("Baker", 2013, 2014)) == resume


TEMPLATES = [
    "{t} ({a} - {b})", "{t} ({a}–{b})", "{t}, {a} to {b}", "{a} - {b}: {t}", "{a}-{b} {t}",
    "Worked as a {t} from {a} until {b}.", "Between {a} and {b} I worked as a {t}.",
    "**{t}** | {a} - {b}", "{t}\n{a} - {b}", "{t}, March {a} - March {b}", "{t}, 03/{a} - 03/{b}",
]  # fmt: skip
YEAR = st.integers(1970, 2025)


@given(
    st.lists(
        st.tuples(st.sampled_from(["Baker", "Line Cook", "Welder", "C++ Developer"]),
                  st.sampled_from(TEMPLATES), YEAR, st.integers(0, 9)),
        min_size=1, max_size=4,
    ),
    st.integers(0, 3), YEAR, st.integers(0, 9),
)  # fmt: skip
def test_entries_read_what_set_dates_wrote(
    jobs: list[tuple[str, str, int, int]], chosen: int, start: int, length: int
) -> None:
    assume(chosen < len(jobs))
    lines = [form.format(t=title, a=a, b=a + n) for title, form, a, n in jobs]
    resume = "## Experience\n" + "\n".join(f"- {line}" for line in lines)
    found = read_entries(resume, today=TODAY)
    assert [e.as_experience() for e in found] == [Experience(t, a, a + n) for t, _, a, n in jobs]
    title, _, old_start, old_length = jobs[chosen]
    old = Experience(title, old_start, old_start + old_length)
    new = Experience(title, start, start + length)
    changed = set_dates(resume, found[chosen], old, new)
    expected = [e.as_experience() for e in found]
    expected[chosen] = new
    assert [e.as_experience() for e in read_entries(changed, today=TODAY)] == expected
    assert set_dates(changed, read_entries(changed, today=TODAY)[chosen], new, old) == resume


@given(st.text(alphabet=st.sampled_from("2019 -–/to Baker(),.;:\n#*3yeasJn|"), max_size=60))
def test_spans_lie_in_the_text_whatever_it_says(text: str) -> None:
    resume = "## Experience\n" + text
    for found in read_entries(resume, today=TODAY):
        assert 0 <= found.span.start < found.span.end <= len(resume)
        assert found.years >= 0
        if found.dates is not None:
            assert found.span.start <= found.dates.start < found.dates.end <= found.span.end
            assert has_dates(resume[found.dates.start : found.dates.end])
    for requirement in read_experience_requirements("## Required " + resume[3:]):
        assert requirement.span is not None
        assert requirement.span.end <= len(resume) + len("Required ")


def test_the_jobs_own_title_is_the_fuller_name() -> None:
    job = "Job Title\nPHP Developer (Berlin)\n\nRequired Experience\n- 3 years as a PHP Developer"
    (requirement,) = read_experience_requirements(job)
    assert requirement.name == "PHP Developer (Berlin)"
    other = job.replace("as a PHP Developer", "as a Site Manager")
    assert read_experience_requirements(other)[0].name == "Site Manager"
