"""Compares two sets of triples: every figure of both, and whether they can be told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hrdistill.evaluation.comparison.diversity import (
    Lacking,
    compare_diversity,
    compare_vocabularies,
    lacking_words,
)
from hrdistill.evaluation.comparison.figures import DOCUMENTS, Document, Figure
from hrdistill.evaluation.comparison.masking import NUMBER, SKILL, TITLE, Mask
from hrdistill.evaluation.comparison.pairs import compare_contexts, compare_pairs
from hrdistill.evaluation.comparison.shape import Shape, compare_shapes, read_shape
from hrdistill.evaluation.comparison.two_sample import TwoSample, tell_by_numbers, tell_by_words
from hrdistill.evaluation.comparison.wording import compare_wording
from hrdistill.records import Triple
from hrdistill.text.names import folded_words
from hrdistill.text.sections import Line, Section, read_lines

MAX_TRIPLES = 2000
"""Triples a side that are looked at."""
LINE_SECTIONS: dict[Document, tuple[Section, ...]] = {
    "job_description": ("summary", "skills", "experience", "duties"),
    "matched_resume": ("person", "education", "skills", "experience"),
    "unmatched_resume": ("skills", "experience"),
}
"""Sections of which single lines are told apart."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sets of triples beside each other.

    Attributes:
        a: what the first set is called; `b` the second.
        n_a: triples of it that were looked at; `n_b` likewise.
        seed: what they were drawn by.
        figures: of documents and triples, with distances.
        tests: kind of document -> two-sample tests.
        lacking_in_a: kind of document -> words of B that no document of A holds, names of
            skills and titles left out; `lacking_in_b` likewise.
    """

    a: str
    b: str
    n_a: int
    n_b: int
    seed: int
    figures: tuple[Figure, ...]
    tests: dict[Document, tuple[TwoSample, ...]]
    lacking_in_a: dict[Document, list[Lacking]]
    lacking_in_b: dict[Document, list[Lacking]]

    def to_json(self) -> dict[str, Any]:
        """As plain values: figures by kind of document, group and name."""
        figures: dict[str, dict[str, dict[str, Any]]] = {}
        for figure in self.figures:
            groups = figures.setdefault(figure.about, {})
            groups.setdefault(figure.group, {})[figure.name] = figure.to_json()
        return {
            "a": {"source": self.a, "triples": self.n_a},
            "b": {"source": self.b, "triples": self.n_b},
            "seed": self.seed,
            "two_sample": {
                about: {test.test: test.to_json() for test in tests}
                for about, tests in self.tests.items()
            },
            "figures": figures,
            "words_lacking_in_a": _shares(self.lacking_in_a),
            "words_lacking_in_b": _shares(self.lacking_in_b),
        }


def _shares(lacking: dict[Document, list[Lacking]]) -> dict[str, dict[str, float]]:
    return {about: {word.word: word.share for word in words} for about, words in lacking.items()}


@dataclass(frozen=True, slots=True)
class _Side:
    """Documents of one kind and one side, in random order, as each comparison reads them.

    Attributes:
        masked: the lines as words, with masks in place of names.
    """

    lines: list[tuple[Line, ...]]
    shapes: list[Shape]
    words: list[list[str]]
    masked: list[list[list[str]]]

    @classmethod
    def read(cls, about: Document, triples: Sequence[Triple], masks: Sequence[Mask]) -> _Side:
        texts: list[str] = [getattr(triple, about) for triple in triples]
        lines = [read_lines(text) for text in texts]
        return cls(
            lines,
            [read_shape(text, own) for text, own in zip(texts, lines, strict=True)],
            [folded_words(text).split() for text in texts],
            [
                [mask.words(line.text) for line in own]
                for mask, own in zip(masks, lines, strict=True)
            ],
        )  # fmt: skip

    def line_of(self, section: Section, seed: int) -> list[list[list[str]]]:
        """One line of the section, no heading, drawn at random, of each document that has one."""
        rng = np.random.default_rng([seed, 2])
        drawn = []
        for masked, lines in zip(self.masked, self.lines, strict=True):
            own = [
                words
                for words, line in zip(masked, lines, strict=True)
                if words and line.section == section and not line.heading
            ]
            if own:
                drawn.append([own[int(rng.integers(len(own)))]])
        return drawn


def compare(
    a: Sequence[Triple],
    b: Sequence[Triple],
    *,
    names: tuple[str, str] = ("A", "B"),
    seed: int = 0,
    max_triples: int = MAX_TRIPLES,
) -> Comparison:
    """Compares two sets of triples.

    Args:
        a: the first, say generated.
        b: the second, say real.
        names: what they are called.
        seed: of the triples drawn, folds and bootstrap.
        max_triples: triples a side to look at; more are sampled.

    Raises:
        ValueError: a side is empty.
    """
    for name, triples in zip(names, (a, b), strict=True):
        if not triples:
            raise ValueError(f"expected triples to compare, found none in {name}")
    left, right = _drawn(a, seed, max_triples), _drawn(b, seed, max_triples)
    masks = [[Mask(triple.context) for triple in side] for side in (left, right)]
    figures: list[Figure] = []
    tests: dict[Document, tuple[TwoSample, ...]] = {}
    lacking_in_a: dict[Document, list[Lacking]] = {}
    lacking_in_b: dict[Document, list[Lacking]] = {}
    for about in DOCUMENTS:
        x, y = _Side.read(about, left, masks[0]), _Side.read(about, right, masks[1])
        masked_x, masked_y = _plain_words(x), _plain_words(y)
        figures += compare_shapes(about, x.shapes, y.shapes)
        figures += compare_diversity(about, x.words, y.words)
        figures += compare_vocabularies(about, x.words, y.words, masked=(masked_x, masked_y))
        figures += compare_wording(about, (left, x.lines), (right, y.lines))
        tests[about] = _tell_apart(about, x, y, seed)
        lacking_in_a[about] = lacking_words(masked_y, masked_x)
        lacking_in_b[about] = lacking_words(masked_x, masked_y)
    figures += compare_contexts(left, right) + compare_pairs(left, right)
    return Comparison(
        *names, len(left), len(right), seed, tuple(figures), tests, lacking_in_a, lacking_in_b
    )  # fmt: skip


def _drawn(triples: Sequence[Triple], seed: int, n: int) -> list[Triple]:
    order = np.random.default_rng([seed, 3]).permutation(len(triples))
    return [triples[i] for i in order[:n]]


def _plain_words(side: _Side) -> list[list[str]]:
    masks = {SKILL, TITLE, NUMBER}
    return [[w for line in lines for w in line if w not in masks] for lines in side.masked]


def _tell_apart(about: Document, a: _Side, b: _Side, seed: int) -> tuple[TwoSample, ...]:
    """By words, by shape, and by the words of one line of each section."""
    names = list(a.shapes[0].numbers)
    x, y = (np.array([[s.numbers[n] for n in names] for s in side.shapes]) for side in (a, b))
    tests = [
        tell_by_words("words", a.masked, b.masked, seed=seed),
        tell_by_numbers("shape", names, x, y, seed=seed),
    ]
    for section in LINE_SECTIONS[about]:
        lines = [side.line_of(section, seed) for side in (a, b)]
        tests.append(tell_by_words(f"a line of {section}", *lines, seed=seed))
    return tuple(tests)
