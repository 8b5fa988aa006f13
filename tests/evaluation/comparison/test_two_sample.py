"""Two-sample tests: on documents that are alike, and on such that one word tells apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.evaluation.comparison.two_sample import (
    END,
    N_FEATURES,
    N_FOLDS,
    auroc,
    folds,
    tell_by_numbers,
    tell_by_words,
)

scores = st.lists(st.integers(0, 5).map(float), min_size=1, max_size=8)


def documents(n: int, *, seed: int, extra: tuple[str, ...] = ()) -> list[list[list[str]]]:
    """Two lines of words drawn from a to j; `extra` is a line of its own."""
    rng = np.random.default_rng(seed)
    texts = [[list(rng.choice([*"abcdefghij"], size=6)) for _ in range(2)] for _ in range(n)]
    return [[*text, list(extra)] if extra else text for text in texts]


def test_auroc_counts_pairs() -> None:
    # 1 > 0; 2 > 0 and ties with 2; 3 > both: 4.5 of 6 pairs.
    assert auroc(np.array([1.0, 2, 3]), np.array([0.0, 2])) == pytest.approx([0.75])
    assert auroc(np.array([1.0]), np.array([1.0])) == pytest.approx([0.5])
    weights = (np.array([[2.0, 0, 1], [1, 1, 1]]), np.array([[0.0, 3], [1, 1]]))
    # Twice 1 < 2 and once 3 > 2, by three: 3 of 9; then every pair once.
    found = auroc(np.array([1.0, 2, 3]), np.array([0.0, 2]), weights)
    assert found == pytest.approx([1 / 3, 0.75])


@given(scores, scores)
def test_auroc_is_the_share_of_pairs(a: list[float], b: list[float]) -> None:
    pairs = [(x > y) + 0.5 * (x == y) for x in a for y in b]
    assert auroc(np.array(a), np.array(b))[0] == pytest.approx(np.mean(pairs))


def test_folds_hold_each_document_once_and_both_sides_evenly() -> None:
    of_a = np.arange(38) < 23
    parts = list(folds(of_a, 3))
    assert len(parts) == N_FOLDS
    assert sum(held.astype(int) for _, held in parts).tolist() == [1] * 38
    for train, held in parts:
        assert not (train & held).any()
        assert (train | held).all()
        assert (held & of_a).sum() in (4, 5)
        assert (held & ~of_a).sum() == 3


def test_documents_that_are_alike_cannot_be_told_apart() -> None:
    found = tell_by_words("words", documents(150, seed=1), documents(60, seed=2), seed=0)
    assert (found.n_a, found.n_b) == (150, 60)
    assert found.auroc == pytest.approx(0.5, abs=0.12)
    assert found.low < found.auroc < found.high


def test_one_word_gives_a_side_away_and_is_named() -> None:
    found = tell_by_words(
        "words", documents(60, seed=1), documents(40, seed=2, extra=("team",)), seed=0
    )
    assert found.auroc == pytest.approx(1, abs=0.02)
    assert found.low > 0.95
    names = [feature.name for feature in found.of_b]
    # "¶ team", "team ¶" and "team" stand in the same documents: one of them is named.
    assert names[0] in ("team", f"{END} team", f"team {END}")
    assert sum("team" in name for name in names) == 1
    assert (found.of_b[0].a, found.of_b[0].b) == (0, 1)
    assert found.of_b[0].weight > found.of_b[1].weight > 0
    assert len(found.of_a) <= N_FEATURES
    assert all(feature.weight > 0 for feature in found.of_a)


def test_pairs_of_words_and_ends_of_lines_are_seen() -> None:
    # The same words, in another order and on other lines.
    rng = np.random.default_rng(0)
    noise = [[str(word)] for word in rng.choice([*"abcd"], size=80)]
    a = [[["x", "y"], ["z"], word] for word in noise[:40]]
    b = [[["y"], ["z", "x"], word] for word in noise[40:]]
    found = tell_by_words("words", a, b, seed=0)
    assert found.auroc == 1
    assert {"x y"} <= {feature.name for feature in found.of_a}


def test_length_is_hidden_from_words() -> None:
    a = [[line * 4 for line in text] for text in documents(80, seed=1)]
    found = tell_by_words("words", a, documents(80, seed=1), seed=0)
    assert found.auroc is not None
    assert found.auroc < 0.8


def test_numbers() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(60, 2)), rng.normal(size=(40, 2))
    assert tell_by_numbers("shape", ["x", "y"], a, b, seed=0).auroc == pytest.approx(0.5, abs=0.15)
    a[:, 0] += 9
    found = tell_by_numbers("shape", ["x", "y"], a, b, seed=0)
    assert found.auroc == 1
    assert found.of_a[0].name == "x"
    assert found.of_a[0].a == pytest.approx(float(a[:, 0].mean()))
    assert "x" not in [feature.name for feature in found.of_b]


def test_too_few_documents_and_no_words_are_undefined() -> None:
    found = tell_by_words("words", documents(9, seed=1), documents(50, seed=2), seed=0)
    assert (found.auroc, found.low, found.high, found.of_a) == (None, None, None, ())
    assert (found.n_a, found.n_b) == (9, 50)
    few = tell_by_numbers("shape", ["x"], np.zeros((3, 1)), np.zeros((30, 1)), seed=0)
    assert few.auroc is None
    unique = [[[f"w{i}"]] for i in range(40)]
    assert tell_by_words("words", unique[:20], unique[20:], seed=0).auroc is None


def test_the_seed_decides() -> None:
    a, b = documents(60, seed=1), documents(40, seed=2, extra=("the",))
    b[::2] = documents(20, seed=3)
    first, again = (tell_by_words("words", a, b, seed=5) for _ in range(2))
    assert first == again
    assert tell_by_words("words", a, b, seed=6).auroc != first.auroc
