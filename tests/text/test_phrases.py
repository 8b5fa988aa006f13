"""Skills out of the lines of a skills section."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.text.phrases import MAX_WORDS, read_skill_phrases


def names(line: str) -> list[str]:
    return [phrase.name for phrase in read_skill_phrases(f"## Skills\n{line}\n")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- Bread Baking", ["Bread Baking"]),
        ("1. Food Safety", ["Food Safety"]),
        ("Python, SQL, Git", ["Python", "SQL", "Git"]),
        ("Python, SQL, and Git", ["Python", "SQL", "Git"]),
        ("Python; SQL; Git", ["Python", "SQL", "Git"]),
        ("Python | SQL | Git", ["Python", "SQL", "Git"]),
        ("Python / SQL / Git", ["Python", "SQL", "Git"]),
        ("CI/CD", ["CI/CD"]),
        ("Python and SQL", ["Python", "SQL"]),
        ("Proficient in Python", ["Python"]),
        ("Strong knowledge of food safety", ["food safety"]),
        ("Familiarity with Perl and Ruby, gained in several roles", ["Perl", "Ruby"]),
        ("Must have excellent communication skills", ["communication skills"]),
        ("Ability to lift heavy loads is required", ["lift heavy loads"]),
        ("Experience with Docker, Kubernetes and Terraform", ["Docker", "Kubernetes", "Terraform"]),
        ("Programming: Python, Java, C++", ["Python", "Java", "C++"]),
        ("Teamwork: works well with others", ["Teamwork"]),
        ("Proficient in Excel. Skilled in payroll.", ["Excel", "payroll"]),
        ("**Wound Care**", ["Wound Care"]),
        ("Python, python, PYTHON", ["Python"]),
        ("Essential: bid preparation", ["bid preparation"]),
        ("Must have: SQL and Git", ["SQL", "Git"]),
        ("Desirable - Docker", ["Docker"]),
        ("Proof of Concept (essential)", ["Proof of Concept"]),
        ("Proof of Concept", ["Proof of Concept"]),
        ("Expert understanding of observability and the rules that govern it", ["observability"]),
        ("-", []),
    ],
)
def test_a_line_of_skills(line: str, expected: list[str]) -> None:
    assert names(line) == expected


def test_only_the_skills_section_is_read() -> None:
    document = "## Skills\n- Baking\n## Experience\nBaker, Sales, Java (2013 - 2016)\n"
    assert [phrase.name for phrase in read_skill_phrases(document)] == ["Baking"]
    assert read_skill_phrases("I know Python, SQL and Git.\n") == []
    assert read_skill_phrases("") == []


def test_spans_are_places_in_the_document() -> None:
    document = "Jo\n\n## Skills\n  - Skilled in Perl and Ruby, gained over years\n- Java\n"
    for phrase in read_skill_phrases(document):
        assert document[phrase.span.start : phrase.span.end] == phrase.name
    spans = [phrase.span.start for phrase in read_skill_phrases(document)]
    assert spans == [document.index(name) for name in ("Perl", "Ruby", "Java")]


PARTS = st.sampled_from(
    ["Python", "SQL", "Data Analysis", "proficient in", "and", ",", ";", ":", "/", "(AWS)", "of",
     "is required", "the ability to", "C++", "strong", "-", ".", "**", "&", "years", "bake bread"]
)  # fmt: skip
LINES = st.lists(PARTS, max_size=10).map(" ".join) | st.text(max_size=40)


@given(st.lists(LINES, max_size=4))
def test_phrases_are_their_spans_short_and_distinct(lines: list[str]) -> None:
    document = "\n".join(["## Skills", *lines])
    phrases = read_skill_phrases(document)
    for phrase in phrases:
        assert document[phrase.span.start : phrase.span.end] == phrase.name
        assert 1 <= len(phrase.name.split()) <= MAX_WORDS
    assert len({phrase.name.casefold() for phrase in phrases}) == len(phrases)
