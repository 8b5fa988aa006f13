"""Bootstrap intervals and paired differences, over triples, vectorised over samples.

A metric is a function of a `Table`; its bootstrap distribution is the same function of the same
table under multinomial weights (Efron 1979, percentile intervals).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hrdistill.tasks.base import Floats, Metric, Table

N_SAMPLES = 1000
LEVEL = 0.95

Rows = Sequence[Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95% interval; all None where the metric is undefined."""

    value: float | None
    low: float | None
    high: float | None


def bootstrap_weights(n: int, *, seed: int, n_samples: int = N_SAMPLES) -> Floats:
    """How often each of `n` triples is drawn in each sample: shape (n_samples, n)."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(n, np.full(n, 1.0 / n), size=n_samples).astype(np.float64)


def estimate(metric: Metric, rows: Rows, weights: Floats) -> Estimate:
    """A metric on the triples as they are, with its percentile interval.

    Args:
        metric: function of a table.
        rows: statistics of each triple.
        weights: as `bootstrap_weights` gives them.
    """
    value = float(metric(Table(rows))[0])
    if np.isnan(value):
        return Estimate(None, None, None)
    return Estimate(value, *_interval(metric(Table(rows, weights))))


def paired_difference(metric: Metric, a: Rows, b: Rows, weights: Floats) -> Estimate:
    """How much higher `a` scores than `b` on the same triples, with its interval."""
    difference = metric(Table(a)) - metric(Table(b))
    if np.isnan(difference[0]):
        return Estimate(None, None, None)
    samples = metric(Table(a, weights)) - metric(Table(b, weights))
    return Estimate(float(difference[0]), *_interval(samples))


def _interval(samples: Floats) -> tuple[float | None, float | None]:
    defined = samples[~np.isnan(samples)]
    if not len(defined):
        return None, None
    tail = 50 * (1 - LEVEL)
    low, high = np.percentile(defined, [tail, 100 - tail])
    return float(low), float(high)
