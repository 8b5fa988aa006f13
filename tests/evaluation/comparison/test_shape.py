"""Shapes of documents, counted by hand."""

from __future__ import annotations

import pytest

from hrdistill.evaluation.comparison.figures import Figure, Spread
from hrdistill.evaluation.comparison.shape import Shape, compare_shapes, read_shape
from hrdistill.text.sections import read_lines

JOB = """

## Job Title
Baker

## Required Skills
* Bread baking, cakes, and rye
* Food safety.

## Required Experience
3 years as a Baker.
"""


def shape(document: str) -> Shape:
    return read_shape(document, read_lines(document))


def test_numbers_of_a_document() -> None:
    # 7 lines: 3 headings, 2 items, 2 others; 21 words with marks.
    numbers = shape(JOB).numbers
    assert numbers["words"] == len(JOB.split()) == 24
    assert numbers["lines"] == 7
    assert numbers["heading share"] == pytest.approx(3 / 7)
    assert numbers["bullet share"] == pytest.approx(2 / 7)
    assert numbers["prose share"] == pytest.approx(2 / 7)
    assert numbers["words a line"] == pytest.approx((1 + 5 + 2 + 5) / 4)
    assert numbers["longest line"] == 5
    assert numbers["full stop share"] == 2 / 4
    assert numbers["commas a 100 words"] == pytest.approx(100 * 2 / 24)
    sections = {k.removeprefix("words in "): v for k, v in numbers.items() if k[:8] == "words in"}
    assert {k: v for k, v in sections.items() if v} == {"title": 1, "skills": 7, "experience": 5}


def test_outer_and_trailing_blanks_count_nowhere() -> None:
    spaced = "\n\n\n" + JOB.replace("\n", "   \n") + "\n \n"
    assert shape(spaced) == shape(JOB)


@pytest.mark.parametrize(
    ("heading", "layout"),
    [
        ("## Skills", "markdown"), ("###### Skills", "markdown"), ("**Skills**", "bold"),
        ("__Skills__", "bold"), ("## **Skills**", "markdown"), ("Skills", "plain"),
        ("SKILLS:", "plain"),
    ],
)  # fmt: skip
def test_layout_by_marks_of_headings(heading: str, layout: str) -> None:
    assert shape(f"{heading}\nBaking\n").layout == layout


def test_layout_is_that_of_most_headings_and_none_without_any() -> None:
    assert shape("# Skills\nx\n**Education**\ny\n**Experience**\nz\n").layout == "bold"
    assert shape("Baker wanted, call us.\n").layout == "none"


@pytest.mark.parametrize(
    ("mark", "kind"),
    [("- ", "-"), ("  - ", "-"), ("* ", "*"), ("• ", "•"), ("1. ", "number"), ("(2) ", "number"),
     ("– ", "other"), ("+ ", "other"), ("", "none")],
)  # fmt: skip
def test_marks_of_items(mark: str, kind: str) -> None:
    assert shape(f"## Skills\n{mark}Bread baking\n").item_mark == kind


def test_sections_in_their_order_once_each() -> None:
    text = "## Skills\nx\n## Education\ny\n## Technical Skills\nz\n"
    assert shape(text).sections == ("skills", "education")
    assert shape(text).headings == ("skills", "education", "technical skills")


def test_an_empty_document_has_a_shape() -> None:
    empty = shape(" \n")
    assert set(empty.numbers.values()) == {0}
    assert (empty.layout, empty.item_mark, empty.sections) == ("none", "none", ())


def test_figures_of_shapes() -> None:
    bare = "Skills\nBaking\n"
    figures = compare_shapes("job_description", [shape(JOB), shape(bare)], [shape(JOB)])
    named = {figure.name: figure for figure in figures}
    assert named["lines"].a == Spread(4.5, 4.5, 2.25, 6.75)
    assert named["lines"].distance == 0.5  # half of a lies below all of b
    assert named["headings"].a == {"markdown": 0.5, "plain": 0.5}
    assert named["headings"].distance == 0.5
    assert named["words of headings"].a == {
        "job title": 0.25, "required experience": 0.25, "required skills": 0.25, "skills": 0.25
    }  # fmt: skip
    assert named["order"].b == {"title > skills > experience": 1.0}
    assert named["has experience"] == Figure("job_description", "layout", "has experience", 0.5, 1)
    assert "has education" not in named
    assert "words in education" not in named
