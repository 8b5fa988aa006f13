"""What each part of the encoder student is worth: trains without it, or calibrates without it.

    python benchmarks/ablations.py TRIPLES --on 'rjdb:sample.jsonl[0:150]' --minutes 4 --out DIR

Parts that the weights depend on are left out in a training of their own; the others are left out of
the student that has all, which is calibrated anew. One seed; prints a table in Markdown.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from hrdistill.benchmark import WRITTEN, Benchmark
from hrdistill.evaluation.evaluate import evaluate
from hrdistill.students import verdict
from hrdistill.students.base import Student, train
from hrdistill.students.course import make_course
from hrdistill.students.encoder import material, student, training
from hrdistill.students.encoder.calibration import calibrate, read_triples
from hrdistill.students.encoder.lexicon import Lexicon
from hrdistill.students.encoder.marks import N_MARKS

FIGURES = (
    ("match", "accuracy"), ("match", "pairwise_accuracy"), ("match", "ece"), ("explain", "f1"),
    ("explain", "skills_f1"), ("explain", "experience_f1"), ("explain", "false_alarm"),
    ("extract", "skills_exact_f1"), ("extract", "skills_soft_f1"),
    ("extract", "experience_years_f1"),
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("triples")
    parser.add_argument("--on", required=True)
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--full", help="a trained student that has all, to spare its training")
    parser.add_argument("--only", nargs="*", help="the trained variants wanted")
    given = parser.parse_args()
    benchmark, on = Benchmark.load(given.triples), Benchmark.load(given.on)
    print(f"| {' | '.join(['', *(f'{t}: {m}' for t, m in FIGURES)])} |", flush=True)
    print("|---" * (len(FIGURES) + 1) + "|", flush=True)

    def trained(name: str, **options: Any) -> Student:
        folder = given.out / name.replace(" ", "-")
        source = Benchmark.load(WRITTEN) if name == "bundled triples alone" else benchmark
        return train(
            source.train, dev=source.dev, kind="encoder", out=folder, minutes=given.minutes,
            **options,
        )  # fmt: skip

    if given.full:
        from hrdistill.students.base import load_student

        full = load_student(given.full)
    else:
        full = trained("all")
    show("all", full, on)
    held_out = make_course(benchmark.train, benchmark.dev, written=True).held_out
    for name, left_out in CALIBRATED.items():
        with left_out():
            full.forget()
            calibrate(full, read_triples(full, held_out), seed=0)
            show(name, full, on)
    for name, (left_out, options) in TRAINED.items():
        if given.only is None or name in given.only:
            with left_out():
                show(name, trained(name, **options), on)


def show(name: str, one: Student, on: Benchmark) -> None:
    results = {(r.task, r.metric): r.value for r in evaluate([one], on).results
               if r.student == one.name}  # fmt: skip
    row = " | ".join(f"{results[figure]:.3f}" for figure in FIGURES)
    print(f"| {name} | {row} |", flush=True)


@contextmanager
def nothing() -> Iterator[None]:
    yield


def replaced(*patches: tuple[Any, str, Any]) -> Callable[[], Any]:
    """A context in which attributes of modules are others."""

    @contextmanager
    def context() -> Iterator[None]:
        patchers = [patch.object(module, name, value) for module, name, value in patches]
        for patcher in patchers:
            patcher.start()
        try:
            yield
        finally:
            for patcher in patchers:
                patcher.stop()

    return context


def no_marks(text: str, tokens: Any, *_: Any, **__: Any) -> Any:
    return np.zeros((len(tokens.ids), N_MARKS), dtype=np.int64)


def without_reliance(words: Any, nearness: Any, reliance: Any) -> Any:
    return EVIDENCE(words, nearness, np.zeros_like(reliance))


def all_alike(skills: Any, experience: Any) -> list[float]:
    row = FEATURES(skills, experience)
    statuses = [finding.status for finding in experience]
    return [*row[:3], float("missing" in statuses), float("partial" in statuses),
            float(not statuses), 0.0, 0.0]  # fmt: skip


EVIDENCE, FEATURES = student.evidence_features, verdict.verdict_features
CALIBRATED = {
    "titles by rules alone": replaced((student, "TITLE_THRESHOLD", 2.0)),
    "without belief and vocabulary as evidence": replaced(
        (student, "evidence_features", without_reliance)
    ),
    "no experience apart from the others": replaced(
        (verdict, "verdict_features", all_alike), (student, "verdict_features", all_alike)
    ),
}
TRAINED: dict[str, tuple[Callable[[], Any], dict[str, Any]]] = {
    "without marks": (replaced((material, "mark", no_marks), (student, "mark", no_marks)), {}),
    "without vocabulary": (replaced((training, "starter_lexicon", lambda: Lexicon(()))), {}),
    "without the bundled triples": (nothing, {"written": False}),
    "bundled triples alone": (nothing, {"written": False}),
}


if __name__ == "__main__":
    main()
