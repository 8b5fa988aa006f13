"""Distinct-n, self-BLEU and vocabulary, worked out by hand; self-BLEU also by brute force."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.evaluation.comparison.diversity import (
    N_DOCUMENTS,
    Lacking,
    compare_diversity,
    compare_vocabularies,
    distinct,
    lacking_words,
    self_bleu,
)

documents_ = st.lists(st.lists(st.sampled_from("abc"), max_size=7), min_size=2, max_size=5)


def split(*documents: str) -> list[list[str]]:
    return [document.split() for document in documents]


def test_distinct_n_within_documents() -> None:
    texts = split("a b a", "a b")
    assert distinct(texts, 1, n_words=5) == 2 / 5
    assert distinct(texts, 2, n_words=5) == 2 / 3  # ab, ba, and ab again; not across the end
    assert distinct(texts, 3, n_words=5) == 1
    assert distinct(texts, 4, n_words=5) is None


def test_distinct_n_looks_at_so_many_words() -> None:
    texts = split("a b a", "a b c", "d e f")
    assert distinct(texts, 1, n_words=4) == 2 / 4
    assert distinct(texts, 2, n_words=4) == 2 / 2
    assert distinct(texts, 1, n_words=3) == 2 / 3
    assert distinct(texts, 1, n_words=0) is None


def test_self_bleu_of_the_same_and_of_unlike_documents() -> None:
    assert self_bleu(split("a b c d e", "a b c d e")) == pytest.approx(1)
    assert self_bleu(split("a b c d", "e f g h")) == 0
    assert self_bleu(split("a b")) is None
    assert self_bleu([["a", "b"], []]) is None


def test_self_bleu_by_hand() -> None:
    # "a b": precisions 1, 1; half as long as the other, so e^(1 - 4/2).
    # "a b c d": 2/4, 1/3, then 1 / (2 * 2) and 1 / (4 * 1) for orders without a hit.
    short, long = math.exp(-1), (2 / 4 * 1 / 3 * 1 / 4 * 1 / 4) ** 0.25
    assert self_bleu(split("a b", "a b c d")) == pytest.approx((short + long) / 2)


def test_self_bleu_clips_counts() -> None:
    # "a a a" against "a b c": 1 of 3 words, 0 of 2 pairs (1/2 of a hit), 0 of 1 (1/4).
    one = (1 / 3 * 0.5 / 2 * 0.25 / 1) ** (1 / 3)
    assert self_bleu(split("a a a", "a b c")) == pytest.approx(one)


def naive_self_bleu(documents: list[list[str]]) -> float | None:
    """The definition, word for word."""
    texts = [words for words in documents if words]
    if len(texts) < 2:
        return None
    scores = []
    for i, words in enumerate(texts):
        others = texts[:i] + texts[i + 1 :]
        precisions, smooth, hit = [], 1.0, False
        for n in range(1, 5):

            def grams(text: list[str], n: int = n) -> Counter[tuple[str, ...]]:
                return Counter(tuple(text[k : k + n]) for k in range(len(text) - n + 1))

            own = grams(words)
            if not own:
                break
            clipped = sum(min(c, max(grams(o)[g] for o in others)) for g, c in own.items())
            hit = hit or clipped > 0
            if not clipped:
                smooth /= 2
            precisions.append((clipped or smooth) / sum(own.values()))
        nearest = min((abs(len(o) - len(words)), len(o)) for o in others)[1]
        brevity = min(1.0, math.exp(1 - nearest / len(words)))
        scores.append(brevity * math.prod(precisions) ** (1 / len(precisions)) if hit else 0.0)
    return sum(scores) / len(scores)


@given(documents_)
def test_self_bleu_is_its_definition(documents: list[list[str]]) -> None:
    assert self_bleu(documents) == pytest.approx(naive_self_bleu(documents))


def test_both_sides_are_cut_to_the_same_amount() -> None:
    a = split("x y", "z", "p q r s t u", "v w")
    b = split("k k k", "l")
    figures = {f.name: f for f in compare_diversity("job_description", a, b)}
    # Two documents a side, and of these three words: x y z against k k k.
    assert (figures["distinct-1"].a, figures["distinct-1"].b) == (1, 1 / 3)
    assert figures["self-BLEU"].a == 0
    many = [["w", str(i)] for i in range(N_DOCUMENTS + 50)]
    figures = {f.name: f for f in compare_diversity("job_description", many, many)}
    assert figures["distinct-1"].a == (N_DOCUMENTS + 1) / (2 * N_DOCUMENTS)


def test_vocabularies() -> None:
    a, b = split("x y x", "z"), split("x q", "r r r r")
    masked = (split("y"), split("q", "y"))
    figures = {f.name: f for f in compare_vocabularies("job_description", a, b, masked=masked)}
    # Four words a side: x y z against x q r.
    assert (figures["types"].a, figures["types"].b) == (3, 3)
    assert figures["overlap"].a == figures["overlap"].b == 1 / 5
    assert figures["unknown words"].a == 2 / 4  # y and z
    assert figures["unknown words"].b == 5 / 6  # q and four r
    assert (figures["unknown words, masked"].a, figures["unknown words, masked"].b) == (0, 1 / 2)


def test_vocabularies_of_nothing_are_undefined() -> None:
    figures = compare_vocabularies("job_description", [[]], [[]], masked=([[]], [[]]))
    assert [figure.a for figure in figures] == [0, None, None, None]


def test_lacking_words_by_documents_most_frequent_first() -> None:
    texts = split("team work team", "team data", "data", "work zoo")
    assert lacking_words(texts, split("work")) == [Lacking("data", 0.5), Lacking("team", 0.5)]
