"""What rules and vocabulary say of each token of documents written by hand."""

from __future__ import annotations

import re

import numpy as np
import pytest

pytest.importorskip("torch")

from hrdistill.records import Triple
from hrdistill.students.encoder.lexicon import Lexicon
from hrdistill.students.encoder.marks import (
    N_MARKS,
    N_VALUES,
    held_titles,
    mark,
    required_titles,
)
from hrdistill.students.encoder.model import JOB, RESUME
from hrdistill.students.encoder.reading import Tokens

RESUME_TEXT = """Ana Silva

## Skills
- Bread Baking, Excel

---
## Experience
- Line Cook at Oak (2016 - 2019)
"""
JOB_TEXT = """## Job Title
Line Cook

## Required Skills
- Bread Baking

## Required Experience
- 3 years as a Line Cook
"""
LEXICON = Lexicon(["Bread Baking", "Cook", "Oak"])
SECTION, KNOWN, RULED, TITLES = range(N_MARKS)


def tokenized(text: str) -> Tokens:
    offsets = [found.span() for found in re.finditer(r"\w+|[^\w\s]", text)]
    return Tokens(np.arange(len(offsets)), np.array(offsets, dtype=np.int64).reshape(-1, 2))


def marks_of(text: str, kind: int = RESUME, **options) -> np.ndarray:
    return mark(text, tokenized(text), kind, LEXICON, **options)


def words(text: str, column: np.ndarray) -> list[str]:
    """The words marked in a column: `^` where a span begins, `-` where it goes on."""
    tokens, outside = tokenized(text), column.min()
    return [
        "^-"[value - outside - 1] + text[start:end]
        for (start, end), value in zip(tokens.offsets, column, strict=True)
        if value > outside
    ]


def test_the_vocabulary_the_rules_and_the_titles_each_have_their_marks() -> None:
    marks = marks_of(RESUME_TEXT)
    assert marks.shape == (len(tokenized(RESUME_TEXT).ids), N_MARKS)
    assert words(RESUME_TEXT, marks[:, KNOWN]) == ["^Bread", "-Baking", "^Cook", "^Oak"]
    assert words(RESUME_TEXT, marks[:, RULED]) == ["^Bread", "-Baking", "^Excel"]
    assert words(RESUME_TEXT, marks[:, TITLES]) == ["^Line", "-Cook"]


def test_lines_are_marked_by_their_section() -> None:
    sections = marks_of(RESUME_TEXT)[:, SECTION]
    by_word = dict(zip(re.findall(r"\w+|[^\w\s]", RESUME_TEXT), sections, strict=True))
    assert by_word["Bread"] == by_word["Excel"] == by_word["Skills"]
    assert by_word["Line"] == by_word["2016"] == by_word["Experience"]
    assert len({by_word["Ana"], by_word["Bread"], by_word["Line"]}) == 3
    rule = RESUME_TEXT[: RESUME_TEXT.index("---")]
    assert sections[len(tokenized(rule).ids)] == 0  # no line of the document


def test_marks_of_different_kinds_are_never_the_same_number() -> None:
    """They share one table of embeddings."""
    marks = np.concatenate([marks_of(RESUME_TEXT), marks_of(JOB_TEXT, JOB)])
    values = [set(column.tolist()) for column in marks.T]
    assert all(not a & b for i, a in enumerate(values) for b in values[:i])
    assert 0 <= marks.min() <= marks.max() < N_VALUES


def test_a_name_that_is_not_to_be_known_has_no_mark() -> None:
    asked: list[str] = []

    def keep(name: str) -> bool:
        asked.append(name)
        return name != "bread baking"

    marks = marks_of(RESUME_TEXT, keep=keep)
    assert asked == ["bread baking", "cook", "oak"]  # in small letters
    assert words(RESUME_TEXT, marks[:, KNOWN]) == ["^Cook", "^Oak"]
    assert words(RESUME_TEXT, marks[:, RULED]) == ["^Bread", "-Baking", "^Excel"]


def test_titles_are_those_asked_for_in_a_job_and_those_held_in_a_resume() -> None:
    marks = marks_of(JOB_TEXT, JOB)
    assert words(JOB_TEXT, marks[:, TITLES]) == ["^Line", "-Cook"]
    (asked,) = required_titles(JOB_TEXT)
    assert asked.start > JOB_TEXT.index("3 years")
    (held,) = held_titles(RESUME_TEXT)
    assert RESUME_TEXT[held.start : held.end] == "Line Cook"
    assert required_titles("") == held_titles("") == []


@pytest.mark.parametrize("text", ["", "\n\n", "---\n***"])
def test_documents_that_say_nothing(text: str) -> None:
    marks = marks_of(text)
    assert marks.shape == (len(tokenized(text).ids), N_MARKS)
    assert set(marks[:, SECTION].tolist()) <= {0}


def test_marks_of_a_cut_document_are_those_of_its_beginning() -> None:
    whole, n = tokenized(RESUME_TEXT), 9
    cut = Tokens(whole.ids[:n], whole.offsets[:n])
    assert (mark(RESUME_TEXT, cut, RESUME, LEXICON) == marks_of(RESUME_TEXT)[:n]).all()


def test_titles_of_generated_documents_stand_where_they_are_marked(triples: list[Triple]) -> None:
    for triple in triples[:60]:
        text = triple.matched_resume
        quoted = {text[span.start : span.end] for span in held_titles(text)}
        assert all(quoted)
        assert len(quoted) >= 1, triple.id
