"""Takes a trial apart: by major group of the SOC, by what the resume lost, by probability."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hrdistill.evaluation.evaluate import Answer, Trial
from hrdistill.graph import major_groups
from hrdistill.records import Triple
from hrdistill.tasks import TASKS
from hrdistill.tasks.base import Table
from hrdistill.tasks.match import N_BINS

OTHER = "other"
FIGURES = (("match", "accuracy"), ("extract", "skills_soft_f1"))
"""What is broken down: (task, metric)."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a set of triples.

    Attributes:
        key: what its triples share.
        n: how many they are.
        figures: (task, metric) -> value; None where undefined or not answered.
    """

    key: str
    n: int
    figures: Mapping[tuple[str, str], float | None]


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs whose probability of a match lies in [low, high); the last bin holds 1, too.

    Attributes:
        low: lower edge.
        high: upper edge.
        n: pairs.
        predicted: their mean probability; None where there are none.
        matched: the share of them that match; None where there are none.
    """

    low: float
    high: float
    n: int
    predicted: float | None
    matched: float | None


def major_group(triple: Triple) -> str:
    """The two digits of a triple's major group; `other` where unknown."""
    return major_groups.major_group(triple.context.occupation.soc_code) or OTHER


def change(triple: Triple) -> str:
    """What the unmatched resume's experience went through."""
    return triple.removal.change


def break_down(trial: Trial, key: Callable[[Triple], str]) -> list[Part]:
    """The figures of each part of a trial's triples, in the order of keys, `other` last."""
    places: dict[str, list[int]] = defaultdict(list)
    for index, triple in enumerate(trial.triples):
        places[key(triple)].append(index)
    return [
        Part(name, len(own), {figure: _value(trial, figure, own) for figure in FIGURES})
        for name, own in sorted(places.items(), key=lambda item: (item[0] == OTHER, item[0]))
    ]


def _value(trial: Trial, figure: tuple[str, str], places: Sequence[int]) -> float | None:
    task, metric = figure
    rows = trial.rows.get(task)
    if not rows:
        return None
    function = next(t for t in TASKS if t.name == task).metrics[metric]
    value = float(function(Table([rows[i] for i in places]))[0])
    return None if math.isnan(value) else value


def reliability(answers: Sequence[Answer]) -> list[Bin]:
    """Ten equal bins of probability, as the calibration error counts them; two pairs a triple."""
    pairs = [(a.matched.probability, 1.0) for a in answers]
    pairs += [(a.unmatched.probability, 0.0) for a in answers]
    bins: list[list[tuple[float, float]]] = [[] for _ in range(N_BINS)]
    for probability, label in pairs:
        bins[min(int(probability * N_BINS), N_BINS - 1)].append((probability, label))
    return [
        Bin(i / N_BINS, (i + 1) / N_BINS, len(own), *(_means(own) if own else (None, None)))
        for i, own in enumerate(bins)
    ]


def _means(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    predicted, matched = np.mean(pairs, axis=0)
    return float(predicted), float(matched)
