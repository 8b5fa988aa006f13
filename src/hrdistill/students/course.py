"""What a student learns from: the triples it is given, and those bundled with the package.

Documents of the offline teacher are free and endless, but only its own; what a language model or
people wrote looks like what students will meet. So students learn from both, and thresholds and
calibration rest on the natural ones wherever there are enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hrdistill.benchmark import WRITTEN, Benchmark
from hrdistill.records import Triple
from hrdistill.students.verdict import UNSEEN

ENOUGH = 40
"""Natural triples from which thresholds rest on them alone."""
_HELD_OUT = 0.1
_LEAST_HELD_OUT = 5


@dataclass(frozen=True, slots=True)
class Course:
    """Triples to learn from, and others, of other occupations, to calibrate on."""

    triples: tuple[Triple, ...]
    held_out: tuple[Triple, ...]


def make_course(benchmark: Benchmark, dev: Benchmark | None, *, written: bool) -> Course:
    """Joins a benchmark with the bundled triples.

    Args:
        benchmark: triples to learn from.
        dev: triples held out; a tenth of `benchmark`, by occupation, where there are none.
        written: whether the bundled triples are learned from as well.
    """
    triples, held = list(benchmark), list(dev or ())
    if len(held) < 10:
        triples, held = _hold_out(triples)
    if written:
        bundled = Benchmark.load(WRITTEN)
        triples += bundled.train
        held += bundled.dev
    return Course(tuple(triples), natural(held))


def unseen(triples: Sequence[Triple]) -> float:
    """Share of evidence that a verdict fitted on triples is to do without; see `UNSEEN`."""
    return max((UNSEEN.get(t.provenance.get("teacher", ""), 0.0) for t in triples), default=0.0)


def natural(triples: Sequence[Triple]) -> tuple[Triple, ...]:
    """Those that the offline teacher did not write; all of them where these are too few."""
    chosen = tuple(t for t in triples if not is_offline(t))
    return chosen if len(chosen) >= ENOUGH else tuple(triples)


def is_offline(triple: Triple) -> bool:
    """Whether the offline teacher wrote a triple."""
    return triple.provenance.get("teacher") == "offline"


def _hold_out(triples: list[Triple]) -> tuple[list[Triple], list[Triple]]:
    groups = sorted({t.context.occupation.id for t in triples})
    n_groups = max(1, round(len(groups) * _HELD_OUT))
    chosen = set(np.random.default_rng(0).permutation(groups)[:n_groups])
    rest = [t for t in triples if t.context.occupation.id not in chosen]
    held = [t for t in triples if t.context.occupation.id in chosen]
    return (rest, held) if len(held) >= _LEAST_HELD_OUT and rest else (triples, triples[:20])
