"""The two-sample classifier test (Lopez-Paz and Oquab 2017): can the two sides be told apart?

A classifier learns to tell documents of A from documents of B; its AUROC on documents that it has
not seen is .5 where nothing tells them apart, and 1 where everything does. Lower is better.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from hrdistill.tasks.base import Floats

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

N_FOLDS = 5
N_FEATURES = 15
"""Features named a side."""
N_SAMPLES = 500
"""Bootstrap samples."""
_LEAST_DOCUMENTS = 2 * N_FOLDS
_LEAST_WITH_NGRAM = 3
_ALIKE = 0.02
END = "¶"
"""Stands for the end of a line in pairs of words."""

Lines = Sequence[Sequence[str]]
"""A document as lines of words."""


@dataclass(frozen=True, slots=True)
class Feature:
    """What gives a side away.

    Attributes:
        name: a word, two words that follow each other ("¶" is the end of a line), or a number
            of the shape.
        a: share of A's documents that hold it; of a number, its mean. `b` of B's.
        weight: how far it moves the classifier's log odds between the means of the sides; in
            the classifier's direction, so positive for both sides.
    """

    name: str
    a: float
    b: float
    weight: float


Features = tuple[Feature, ...]


@dataclass(frozen=True, slots=True)
class TwoSample:
    """Result of a test.

    Attributes:
        test: what the classifier sees.
        auroc: cross-validated, 0..1; .5 is best, higher is worse; None where a side has fewer
            than ten documents, or no n-gram stands in three. Halves of one set, of 75 documents
            each, give .48 on average and .35 to .61 in 95% of tests (108 tests on RJDB's rows
            0-149): with nothing to learn, cross-validation leans below .5.
        low: lower end of its 95% bootstrap interval; `high` is the upper one. Documents are
            drawn anew, the classifiers kept: how much another training set would change them is
            not in it.
        n_a: documents of A; `n_b` of B.
        of_a: what tells A, strongest first; `of_b` what tells B.
    """

    test: str
    auroc: float | None
    low: float | None
    high: float | None
    n_a: int
    n_b: int
    of_a: Features = ()
    of_b: Features = ()

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def tell_by_words(test: str, a: Sequence[Lines], b: Sequence[Lines], *, seed: int) -> TwoSample:
    """Tells documents apart by their words.

    Logistic regression (L2, C = 1, balanced classes) on TF-IDF of words and of two words that
    follow each other, the end of a line being one of the two; sublinear counts, n-grams of
    fewer than three documents left out. Length is hidden by the norm.

    Args:
        test: its name.
        a: documents of the first set as lines of words; of one triple each.
        b: of the second.
        seed: of folds and bootstrap.
    """
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

    if min(len(a), len(b)) < _LEAST_DOCUMENTS:
        return _undefined(test, a, b)
    vectorizer = CountVectorizer(
        analyzer=lambda document: list(_grams(document)), min_df=_LEAST_WITH_NGRAM
    )
    try:
        counts = vectorizer.fit_transform([*a, *b])
    except ValueError:  # no n-gram stands in three documents
        return _undefined(test, a, b)
    of_a = _sides(a, b)
    scores = np.zeros(len(of_a))
    for train, held in folds(of_a, seed):
        tfidf = TfidfTransformer(sublinear_tf=True).fit(counts[train])
        model = _fit(tfidf.transform(counts[train]), of_a[train])
        scores[held] = model.decision_function(tfidf.transform(counts[held]))
    features = TfidfTransformer(sublinear_tf=True).fit_transform(counts)
    weights = _fit(features, of_a).coef_[0]
    pull = weights * (_mean(features[of_a]) - _mean(features[~of_a]))
    present = counts > 0
    table = (vectorizer.get_feature_names_out(), _mean(present[of_a]), _mean(present[~of_a]))
    features_of = _strongest(weights, pull, table)
    return _result(test, scores, of_a, features_of, seed)


def tell_by_numbers(
    test: str, names: Sequence[str], a: Floats, b: Floats, *, seed: int
) -> TwoSample:
    """Tells documents apart by numbers.

    Logistic regression (L2, C = 1, balanced classes) on standardised numbers.

    Args:
        test: its name.
        names: of the numbers.
        a: array of shape (n_documents, n_numbers), documents of one triple each; `b` likewise.
        seed: of folds and bootstrap.
    """
    from sklearn.preprocessing import StandardScaler

    if min(len(a), len(b)) < _LEAST_DOCUMENTS:
        return _undefined(test, a, b)
    numbers, of_a = np.concatenate([a, b]), _sides(a, b)
    scores = np.zeros(len(of_a))
    for train, held in folds(of_a, seed):
        scaler = StandardScaler().fit(numbers[train])
        model = _fit(scaler.transform(numbers[train]), of_a[train])
        scores[held] = model.decision_function(scaler.transform(numbers[held]))
    features = StandardScaler().fit_transform(numbers)
    weights = _fit(features, of_a).coef_[0]
    pull = weights * (features[of_a].mean(axis=0) - features[~of_a].mean(axis=0))
    table = (np.array(names), a.mean(axis=0), b.mean(axis=0))
    features_of = _strongest(weights, pull, table)
    return _result(test, scores, of_a, features_of, seed)


def auroc(a: Floats, b: Floats, weights: tuple[Floats, Floats] | None = None) -> Floats:
    """Probability that a score of `a` is above one of `b`, ties half.

    Args:
        a: scores of one side, shape (n_a,); `b` of the other.
        weights: how often each counts, of shapes (n_samples, n_a) and (n_samples, n_b); every
            one once by default.

    Returns:
        Shape (n_samples,), in 0..1.
    """
    of_a, of_b = weights or (np.ones((1, len(a))), np.ones((1, len(b))))
    values, places = np.unique(np.concatenate([a, b]), return_inverse=True)
    n_samples = len(of_a)
    # Weight at each value: cheaper than a matrix of all pairs.
    at_a, at_b = np.zeros((n_samples, len(values))), np.zeros((n_samples, len(values)))
    np.add.at(at_a.T, places[: len(a)], of_a.T)
    np.add.at(at_b.T, places[len(a) :], of_b.T)
    below = np.cumsum(at_b, axis=1) - 0.5 * at_b
    total = of_a.sum(axis=1) * of_b.sum(axis=1)
    return np.asarray((at_a * below).sum(axis=1) / total, dtype=np.float64)


def _result(
    test: str, scores: Floats, of_a: Any, features: tuple[Features, Features], seed: int
) -> TwoSample:
    a, b = scores[of_a], scores[~of_a]
    rng = np.random.default_rng([seed, 1])
    drawn_a, drawn_b = (
        rng.multinomial(n, np.full(n, 1 / n), size=N_SAMPLES).astype(np.float64)
        for n in (len(a), len(b))
    )
    low, high = np.percentile(auroc(a, b, (drawn_a, drawn_b)), [2.5, 97.5])
    return TwoSample(
        test, float(auroc(a, b)[0]), float(low), float(high), len(a), len(b), *features
    )


def _strongest(
    weights: Floats, pull: Floats, table: tuple[Any, Floats, Floats]
) -> tuple[Features, Features]:
    """The features that tell A and those that tell B: of each, those that the side has more of.

    Of features that share a word and stand in the same documents ("mail", "mail com"), the
    strongest is named.
    """
    sides: tuple[list[Feature], list[Feature]] = ([], [])
    for i in np.argsort(-pull, kind="stable"):
        side = sides[0] if weights[i] > 0 else sides[1]
        if pull[i] <= 0 or len(side) == N_FEATURES:
            continue
        name, a, b = str(table[0][i]), float(table[1][i]), float(table[2][i])
        if not any(_says_the_same(feature, name, a, b) for feature in side):
            side.append(Feature(name, a, b, float(pull[i])))
    return tuple(sides[0]), tuple(sides[1])


def _says_the_same(feature: Feature, name: str, a: float, b: float) -> bool:
    same_documents = abs(feature.a - a) < _ALIKE and abs(feature.b - b) < _ALIKE
    return same_documents and not set(feature.name.split()).isdisjoint({*name.split()} - {END})


def _grams(lines: Lines) -> Iterator[str]:
    for words in lines:
        yield from words
        ends = [END, *words, END]
        for first, second in pairwise(ends):
            yield f"{first} {second}"


def _sides(a: Sequence[Any] | Floats, b: Sequence[Any] | Floats) -> Any:
    return np.arange(len(a) + len(b)) < len(a)


def folds(of_a: Any, seed: int) -> Iterator[tuple[Any, Any]]:
    """(train, held) masks; each side is spread evenly over the folds.

    A test sees one document a triple, so no triple stands in two folds.
    """
    rng = np.random.default_rng([seed, 0])
    fold = np.zeros(len(of_a), dtype=np.int64)
    for side in (of_a, ~of_a):
        fold[side] = rng.permutation(np.arange(side.sum()) % N_FOLDS)
    for number in range(N_FOLDS):
        yield fold != number, fold == number


def _fit(features: Any, of_a: Any) -> Any:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(
        C=1.0, class_weight="balanced", solver="liblinear", random_state=0, max_iter=1000
    )
    return model.fit(features, of_a)


def _mean(matrix: csr_matrix) -> Floats:
    # Not `mean`, which adds up rounded parts: a share may come out above 1.
    total: Floats = np.asarray(matrix.sum(axis=0), dtype=np.float64).ravel()
    return total / float(matrix.shape[0])


def _undefined(test: str, a: Sequence[Any] | Floats, b: Sequence[Any] | Floats) -> TwoSample:
    return TwoSample(test, None, None, None, len(a), len(b))
