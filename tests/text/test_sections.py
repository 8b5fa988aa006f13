"""Lines, headings, bullets and their offsets."""

from __future__ import annotations

from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.text.sections import heading_section, read_lines

RESUME = """\
## Personal Information
Name: Jo Lin
Email: jo@example.com

**Skills:**
- Bread Baking
* Food Safety
1. Knife Handling
  2) Teamwork
• Spanish
– French

EXPERIENCE
---
Baker (2019 - 2023)
\tLine Cook (2016 - 2019)

##### Education
Certificate in Baking
"""


def test_a_resume_line_by_line() -> None:
    found = [(line.section, line.heading, line.bullet, line.text) for line in read_lines(RESUME)]
    assert found == [
        ("person", True, False, "Personal Information"),
        ("person", False, False, "Name: Jo Lin"),
        ("person", False, False, "Email: jo@example.com"),
        ("skills", True, False, "Skills"),
        ("skills", False, True, "Bread Baking"),
        ("skills", False, True, "Food Safety"),
        ("skills", False, True, "Knife Handling"),
        ("skills", False, True, "Teamwork"),
        ("skills", False, True, "Spanish"),
        ("skills", False, True, "French"),
        ("experience", True, False, "EXPERIENCE"),
        ("experience", False, False, "Baker (2019 - 2023)"),
        ("experience", False, False, "Line Cook (2016 - 2019)"),
        ("education", True, False, "Education"),
        ("education", False, False, "Certificate in Baking"),
    ]


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("Skills", "skills"),
        ("## Required Skills", "skills"),
        ("##Required Skills", "skills"),
        ("SKILLS:", "skills"),
        ("What I can do", "skills"),
        ("Where I have worked", "experience"),
        ("**Technical Skills**", "skills"),
        ("**Key Skills:**", "skills"),
        ("==Skills==", "skills"),
        ("--- Skills ---", "skills"),
        ("Qualifications", "skills"),
        ("# Job Title", "title"),
        ("Job Summary", "summary"),
        ("Required Experience:", "experience"),
        ("Work Experience", "experience"),
        ("### Responsibilities", "duties"),
        ("Education", "education"),
        ("Personal Information", "person"),
        ("Skilled Baker", None),
        ("Bread Baking", None),
        ("I have many skills in baking", None),
        ("", None),
    ],
)
def test_heading_section(heading: str, section: str | None) -> None:
    assert heading_section(heading) == section


def test_a_misspelt_heading_counts_only_where_it_is_marked() -> None:
    marked, _ = read_lines("## Requird Skills\nBaking")
    assert (marked.heading, marked.section) == (True, "skills")
    plain, _ = read_lines("Requird Skills\nBaking")
    assert (plain.heading, plain.section) == (False, "other")


def test_a_marked_heading_nobody_knows_closes_the_section_before() -> None:
    lines = read_lines("## Skills\nBaking\n## Zebras\nStripes")
    assert [line.section for line in lines] == ["skills", "skills", "other", "other"]


def test_every_heading_of_the_teacher_is_known() -> None:
    table = resources.files("hrdistill.teacher").joinpath("phrasing/heading.tsv")
    sections = {"benefits": "other", "certificates": "skills"}
    for row in table.read_text(encoding="utf-8").splitlines()[1:]:
        _, section, heading = row.split("\t")
        found = heading_section(heading)
        # "Job Description" heads a whole posting as often as its summary.
        expected = {sections.get(section, section), *(["title"] if section == "summary" else [])}
        assert found in expected, row


def test_a_marked_heading_inside_experience_is_a_job() -> None:
    lines = read_lines("## Experience\n### Baker\n2018 - 2021\n## Zebras\nStripes")
    assert [(line.section, line.heading, line.text) for line in lines] == [
        ("experience", True, "Experience"),
        ("experience", False, "Baker"),
        ("experience", False, "2018 - 2021"),
        ("other", True, "Zebras"),
        ("other", False, "Stripes"),
    ]


def test_bold_is_no_bullet_and_a_plus_is_one() -> None:
    baker, git = read_lines("**Baker** (2013 - 2016)\n+ Git")
    assert (baker.text, baker.bullet) == ("**Baker** (2013 - 2016)", False)
    assert (git.text, git.bullet) == ("Git", True)


@pytest.mark.parametrize(
    "label", ["Responsibilities", "Company", "Duties", "Summary", "Location", "Experience"]
)
def test_a_label_under_the_heading_of_experience_stays_there(label: str) -> None:
    lines = read_lines(f"## Experience\nBaker (2018 - 2021)\n{label}: bread\nCook\nSkills: SQL")
    assert [line.section for line in lines] == ["experience"] * 4 + ["skills"]
    assert lines[2].text == f"{label}: bread"


def test_a_label_opens_a_section_where_sections_are_labels() -> None:
    lines = read_lines("Experience: 3 years as a Baker\nResponsibilities: bake")
    assert [line.section for line in lines] == ["experience", "duties"]


@pytest.mark.parametrize(
    "text",
    [
        "Skills: Python, SQL",
        "SKILLS : Python, SQL",
        "Technical Skills: Python, SQL",
        "**Skills:** Python, SQL",
    ],
)
def test_a_label_opens_a_section_and_holds_an_item(text: str) -> None:
    line, following = read_lines(f"{text}\nJava")
    assert (line.text, line.section, line.heading) == ("Python, SQL", "skills", False)
    assert line.end == len(text)
    assert line.line_start == 0
    assert following.section == "skills"


def test_a_label_in_a_bullet_opens_nothing() -> None:
    _, line = read_lines("## Experience\n- Skills: kneading")
    assert (line.section, line.text) == ("experience", "Skills: kneading")


def test_role_names_the_job_on_top_but_not_inside_experience() -> None:
    top = read_lines("Role: Baker\n## Experience\nRole: Line Cook\n2016 - 2019")
    assert [(line.section, line.text) for line in top] == [
        ("title", "Baker"),
        ("experience", "Experience"),
        ("experience", "Role: Line Cook"),
        ("experience", "2016 - 2019"),
    ]


def test_a_number_or_sign_that_is_no_bullet_stays() -> None:
    lines = read_lines("2019 - 2023 Baker\n3 years as a Baker\n.NET\nC++\n24/7 shifts")
    assert [line.text for line in lines] == [
        "2019 - 2023 Baker", "3 years as a Baker", ".NET", "C++", "24/7 shifts"
    ]  # fmt: skip
    assert not any(line.bullet for line in lines)


def test_offsets_cover_marks_and_leave_them_out() -> None:
    document = "## Skills\n\n  - Baking  \nend"
    _, item, _ = read_lines(document)
    assert document[item.start : item.end] == "Baking"
    assert document[item.line_start : item.line_end] == "  - Baking  "


PIECES = st.sampled_from(
    ["## Skills", "**Skills**", "Skills:", "Skills: a, b", "**Skills:** a", "Role: Baker", "---",
     "- ", "1. ", "* item", "  • item", "(2) item", "a. item", "> quote", "#", "###", "**", "__x__",
     "Baker (2013 - 2016)", "\t", " ", "\u200b", "\u00a0text\u00a0", "ünï", "é:", ":", "a: b: c",
     "\r", "\u2028", "\x0b", "#x", "1.x", "1.X"]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=12), max_size=8).map("\n".join) | st.text(max_size=60)


@given(TEXTS)
def test_offsets_are_those_of_the_text_as_given(document: str) -> None:
    lines = read_lines(document)
    for line in lines:
        assert document[line.start : line.end] == line.text
        assert line.line_start <= line.start <= line.end <= line.line_end
        assert document[line.line_start : line.line_end].count("\n") == 0
        assert line.line_start == 0 or document[line.line_start - 1] == "\n"
        assert line.line_end == len(document) or document[line.line_end] == "\n"
    assert [line.line_start for line in lines] == sorted({line.line_start for line in lines})


@given(TEXTS)
def test_no_letter_is_lost(document: str) -> None:
    lines = read_lines(document)
    kept = {line.line_start for line in lines}
    offset = 0
    for raw in document.split("\n"):
        if any(character.isalnum() for character in raw):
            assert offset in kept
        offset += len(raw) + 1
