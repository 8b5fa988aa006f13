"""What a task is, and how its metrics are computed.

A task turns a triple into examples (text in, text out) for students that read and write text,
and scores predictions by statistics of each triple. Every metric is a function of a `Table` of
those statistics, vectorised over bootstrap weights, so that an interval costs one product.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hrdistill.records import Triple

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """One example of a task, as text.

    Attributes:
        task: name of the task.
        triple_id: of the triple it is made from.
        source: instruction and documents.
        target: the right answer.
    """

    task: str
    triple_id: str
    source: str
    target: str


class Table:
    """Statistics of each triple, with one or more sets of bootstrap weights.

    Args:
        rows: one mapping of statistics a triple, all with the same keys.
        weights: array of shape (n_samples, n_triples): how often each triple counts; every one
            once by default.
    """

    def __init__(self, rows: Sequence[Mapping[str, float]], weights: Floats | None = None) -> None:
        self.rows = rows
        self.weights = np.ones((1, len(rows))) if weights is None else weights

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(self.rows[0]) if self.rows else ()

    def column(self, name: str) -> Floats:
        """Array of shape (n_triples,); NaN marks a triple that the statistic leaves out."""
        return np.array([row[name] for row in self.rows], dtype=np.float64)

    def sum(self, name: str) -> Floats:
        """Weighted sum over triples, shape (n_samples,); triples left out count nothing."""
        return np.asarray(self.weights @ np.nan_to_num(self.column(name)))

    def mean(self, name: str) -> Floats:
        """Weighted mean over the triples that are not left out, shape (n_samples,)."""
        present = (~np.isnan(self.column(name))).astype(np.float64)
        return ratio(self.sum(name), np.asarray(self.weights @ present))

    def count(self, name: str) -> int:
        """Triples that a statistic does not leave out."""
        return int(np.sum(~np.isnan(self.column(name))))


Metric = Callable[[Table], Floats]
"""Gives values of shape (n_samples,); NaN where undefined."""


class Task(ABC):
    """One task.

    Attributes:
        name: as in results and on the command line.
        instruction: what a student that reads text is asked to do.
        metrics: name -> function of the statistics, in the order of reports.
        lower_is_better: metrics of which lower is better.
    """

    name: str
    instruction: str
    metrics: Mapping[str, Metric]
    lower_is_better: frozenset[str] = frozenset()

    @abstractmethod
    def examples(self, triple: Triple) -> list[Example]:
        """The examples that a triple gives."""

    @abstractmethod
    def parse(self, text: str) -> Any:
        """Reads an answer in the form of a target, as far as it goes."""

    def prompt(self, **documents: str) -> str:
        """Instruction and documents as one text."""
        parts = [f"### {name.replace('_', ' ').capitalize()}\n{text.strip()}"
                 for name, text in documents.items()]  # fmt: skip
        return "\n\n".join([self.instruction, *parts])


def ratio(part: Floats, whole: Floats) -> Floats:
    """`part / whole`, NaN where `whole` is 0."""
    part, whole = np.broadcast_arrays(part, whole)
    out: Floats = np.full(whole.shape, np.nan)
    np.divide(part, whole, out=out, where=whole != 0)
    return out


def f1_metric(true_positives: str, predicted: str, gold: str) -> Metric:
    """Micro-averaged F1 from three summed statistics: 2 tp / (n_predicted + n_gold)."""
    return lambda t: ratio(2 * t.sum(true_positives), t.sum(predicted) + t.sum(gold))
