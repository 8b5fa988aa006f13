"""Documents to tokens and back: labels by hand, spans out of tags, and the way there and back."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("torch")

from hrdistill.records import Span
from hrdistill.students.encoder.model import (
    BEGIN_SKILL,
    INSIDE_SKILL,
    N_TAGS,
    OUTSIDE,
    TITLE,
)
from hrdistill.students.encoder.reading import (
    IGNORED,
    Tokens,
    decode_tags,
    decode_titles,
    pad,
    tag_labels,
    token_range,
    windows,
)

_O, _B, _I, _T, _X = OUTSIDE, BEGIN_SKILL, INSIDE_SKILL, TITLE, IGNORED


def tokenized(text: str) -> Tokens:
    """Words and signs, as a word-piece tokenizer parts them."""
    import re

    offsets = [found.span() for found in re.finditer(r"\w+|[^\w\s]", text)]
    return Tokens(np.arange(len(offsets)), np.array(offsets, dtype=np.int64).reshape(-1, 2))


def place(text: str, quote: str) -> Span:
    return Span(text.index(quote), text.index(quote) + len(quote))


# Labels


def test_token_ranges() -> None:
    tokens = tokenized("uses Apache Spark and SQL")
    assert token_range(tokens, Span(5, 17)) == (1, 3)
    assert token_range(tokens, Span(7, 13)) == (1, 3)  # a token that is cut belongs to it
    assert token_range(tokens, Span(4, 5)) == (0, 0)
    assert token_range(tokenized(""), Span(0, 3)) == (0, 0)


def test_skills_titles_and_what_is_unsure() -> None:
    text = "Line Cook who uses Apache Spark and SQL, more or less"
    tokens = tokenized(text)
    skills = [place(text, "Apache Spark"), place(text, "SQL")]
    assert tag_labels(tokens, skills).tolist() == [_O, _O, _O, _O, _B, _I, _O, _B, *[_O] * 4]
    titles, unsure = [place(text, "Line Cook")], [place(text, "who uses"), place(text, "or less")]
    assert tag_labels(tokens, skills, titles, unsure).tolist() == [
        _T, _T, _X, _X, _B, _I, _O, _B, _O, _O, _X, _X
    ]  # fmt: skip


def test_a_skill_in_an_unsure_line_is_one_all_the_same() -> None:
    text = "perhaps SQL perhaps"
    line = [Span(0, len(text))]
    assert tag_labels(tokenized(text), [place(text, "SQL")], (), line).tolist() == [_X, _B, _X]
    assert tag_labels(tokenized(text), [], [place(text, "SQL")], line).tolist() == [_X, _T, _X]


def test_of_a_title_that_names_a_skill_the_title_stays() -> None:
    text = "Java Developer"
    labels = tag_labels(tokenized(text), [place(text, "Java")], [Span(0, len(text))])
    assert labels.tolist() == [_T, _T]


def test_labels_of_what_was_cut_off_are_dropped() -> None:
    tokens = tokenized("uses SQL")
    assert tag_labels(tokens, [Span(50, 60)], [Span(70, 80)], [Span(90, 99)]).tolist() == [_O, _O]


# Skills out of tags


def tagged(n: int, **of: dict[int, float]) -> np.ndarray:
    """Probabilities of n tokens; what is left of each goes to none of the tags asked for."""
    table = np.zeros((n, N_TAGS), dtype=np.float32)
    for name, values in of.items():
        tag = {"b": _B, "i": _I, "t": _T}[name]
        for index, value in values.items():
            table[index, tag] = value
    table[:, _O] = 1 - table.sum(axis=1)
    return table


def skills_of(text: str, table: np.ndarray, threshold: float = 0.5) -> list[str]:
    found = decode_tags(text, tokenized(text), table, threshold)
    return [text[span.start : span.end] for span, _ in found]


def test_a_skill_goes_on_while_it_is_likely() -> None:
    text = "uses Apache Spark and SQL"
    table = tagged(5, b={0: 0.1, 1: 0.8, 2: 0.2, 4: 0.8}, i={1: 0.1, 2: 0.7, 3: 0.05})
    found = decode_tags(text, tokenized(text), table, 0.5)
    assert [text[s.start : s.end] for s, _ in found] == ["Apache Spark", "SQL"]
    assert [belief for _, belief in found] == pytest.approx([0.9, 0.8])


@pytest.mark.parametrize(
    ("text", "b", "i", "found"),
    [
        ("Java SQL", {0: 0.9, 1: 0.6}, {1: 0.3}, ["Java", "SQL"]),  # a new B
        ("Java SQL", {0: 0.9, 1: 0.3}, {1: 0.6}, ["Java SQL"]),
        ("Java\nSQL", {0: 0.9, 1: 0.3}, {1: 0.6}, ["Java", "SQL"]),  # over no line's end
        ("problem-solving skills", {2: 0.9}, {}, ["problem-solving"]),  # a word is taken whole
        ("C++ code", {0: 0.9}, {}, ["C++"]),
        ("Java SQL", {0: 0.2}, {0: 0.2, 1: 0.4}, []),
    ],
)
def test_skills_by_hand(
    text: str, b: dict[int, float], i: dict[int, float], found: list[str]
) -> None:
    assert skills_of(text, tagged(len(tokenized(text).ids), b=b, i=i)) == found


# Titles out of tags


def titles_of(text: str, values: dict[int, float]) -> list[str]:
    tokens = tokenized(text)
    spans = decode_titles(text, tokens, tagged(len(tokens.ids), t=values), sure=0.5, likely=0.2)
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    ("text", "values", "found"),
    [
        # All of its tokens are likely, one at least is sure.
        ("as a Senior Baker (2013)", {2: 0.3, 3: 0.9}, ["Senior Baker"]),
        ("as a Senior Baker (2013)", {2: 0.45, 3: 0.45}, []),
        ("as a Senior Baker (2013)", {2: 0.1, 3: 0.5}, ["Baker"]),
        ("Baker, 2013\nCook, 2010", {0: 0.9, 3: 0.9}, ["Baker", "Cook"]),
        # Over no line's end.
        ("Baker\nCook", {0: 0.9, 1: 0.9}, ["Baker", "Cook"]),
        ("Head\nBaker", {0: 0.3, 1: 0.9}, ["Baker"]),
        # A few words between two parts of one title belong to it, but not where it is held.
        ("Director of Sales, 2013", {0: 0.9, 2: 0.9}, ["Director of Sales"]),
        ("Baker at Sales, 2013", {0: 0.9, 2: 0.9}, ["Baker", "Sales"]),
        ("Baker from Cook", {0: 0.9, 2: 0.9}, ["Baker", "Cook"]),
        ("Baker as Cook", {0: 0.9, 2: 0.9}, ["Baker", "Cook"]),
        ("Baker 2013 Cook", {0: 0.9, 2: 0.9}, ["Baker", "Cook"]),
        ("Baker. Cook", {0: 0.9, 2: 0.9}, ["Baker", "Cook"]),
        ("Baker of many long years and more Cook", {0: 0.9, 7: 0.9}, ["Baker", "Cook"]),
        # Whole words, without signs around them.
        ("Sub-editor (2013)", {2: 0.9}, ["Sub-editor"]),
        ("- Baker, 2013", {0: 0.3, 1: 0.9, 2: 0.3}, ["Baker"]),
        ("**Baker**", {0: 0.3, 1: 0.3, 2: 0.9, 3: 0.3}, ["Baker"]),
        ("- , 2013", {0: 0.9, 1: 0.9}, []),
        # Brackets are closed, or left out.
        ("Nurse (ICU), 2013", {0: 0.9, 1: 0.9, 2: 0.9}, ["Nurse (ICU)"]),
        ("Nurse (ICU), 2013", {0: 0.9, 1: 0.9, 2: 0.9, 3: 0.9}, ["Nurse (ICU)"]),
        ("Nurse (2013 - 2016)", {0: 0.9, 1: 0.3}, ["Nurse"]),
        ("Nurse (ICU 2013)", {0: 0.9, 1: 0.9, 2: 0.9}, ["Nurse"]),
        ("", {}, []),
    ],
)
def test_titles_by_hand(text: str, values: dict[int, float], found: list[str]) -> None:
    assert titles_of(text, values) == found


@given(
    st.lists(st.sampled_from(["Baker", "Line Cook", "of", "at", "2013", "\n", ", ", " (", ")",
                              "C++", " "]), max_size=14).map(" ".join),
    st.data(),
)  # fmt: skip
def test_whatever_is_tagged_spans_lie_in_the_text_in_order(text: str, data: st.DataObject) -> None:
    tokens = tokenized(text)
    n = len(tokens.ids)
    rows = data.draw(st.lists(st.lists(st.floats(0, 1), min_size=N_TAGS, max_size=N_TAGS),
                              min_size=n, max_size=n))  # fmt: skip
    table = np.array(rows, dtype=np.float32).reshape(n, N_TAGS) + 1e-3
    table /= table.sum(axis=1, keepdims=True)
    titles = decode_titles(text, tokens, table, sure=0.5, likely=0.2)
    skills = [span for span, _ in decode_tags(text, tokens, table, 0.55)]
    for spans in (titles, skills):
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(a.end <= b.start for a, b in pairwise(spans))
        assert not any("\n" in text[span.start : span.end] for span in spans)


WORDS = st.sampled_from(["Java", "SQL", "Spark", "Baker", "Cook", "and", "2013"])


@given(st.lists(st.tuples(WORDS, st.sampled_from("OBT")), min_size=1, max_size=10))
def test_labels_that_are_certain_come_back_as_the_spans_they_were_made_of(
    words: list[tuple[str, str]],
) -> None:
    text = ". ".join(word for word, _ in words)
    tokens = tokenized(text)
    spans: dict[str, list[Span]] = {"O": [], "B": [], "T": []}
    start = 0
    for word, kind in words:
        spans[kind].append(Span(start, start + len(word)))
        start += len(word) + 2
    table = np.eye(N_TAGS, dtype=np.float32)[tag_labels(tokens, spans["B"], spans["T"])]
    assert [span for span, _ in decode_tags(text, tokens, table, 0.5)] == spans["B"]
    assert decode_titles(text, tokens, table, sure=0.5, likely=0.2) == spans["T"]


# Windows


def test_windows_cover_every_token_and_overlap() -> None:
    assert windows(10, 20) == [(0, 10)]
    assert windows(0, 20) == [(0, 0)]
    ranges = windows(100, 40)
    assert ranges[0][0] == 0
    assert ranges[-1][1] == 100
    assert all(b[0] < a[1] for a, b in pairwise(ranges))


@given(st.integers(0, 600), st.integers(8, 80))
def test_no_window_is_too_long_and_none_is_for_nothing(n: int, size: int) -> None:
    ranges = windows(n, size)
    assert {i for a, b in ranges for i in range(a, b)} == set(range(n))
    assert all(b - a <= size for a, b in ranges)
    assert all(b[1] > a[1] for a, b in pairwise(ranges))


def test_rows_are_filled_up_to_a_multiple() -> None:
    rows = [np.array([1, 2, 3]), np.array([4]), np.array([], dtype=np.int64)]
    assert pad(rows, 0, multiple=2).tolist() == [[1, 2, 3, 0], [4, 0, 0, 0], [0, 0, 0, 0]]
    assert pad(rows).shape == (3, 32)
    assert set(pad(rows)[2].tolist()) == {IGNORED}
