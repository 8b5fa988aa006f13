"""Runs students over triples and turns what they say into results.

Every student answers all four tasks on every triple once; its answers are kept in a `Trial`, so
that tables, breakdowns and error galleries all rest on the same run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from hrdistill.benchmark import Benchmark
from hrdistill.errors import DataError
from hrdistill.evaluation.baselines import BASELINES
from hrdistill.evaluation.statistics import bootstrap_weights, estimate
from hrdistill.records import Triple
from hrdistill.students.base import Student
from hrdistill.tasks import TASKS
from hrdistill.tasks.base import Table
from hrdistill.tasks.edit import EditTask, edits_of
from hrdistill.tasks.explain import ExplainTask
from hrdistill.tasks.extract import Extraction, ExtractTask
from hrdistill.tasks.match import Match, MatchTask

Progress = Callable[[str, int, int], None]
"""Called with (what is running, triples done, triples in all)."""

_BATCH = 64


@dataclass(frozen=True, slots=True)
class Result:
    """One figure.

    Attributes:
        student: name of a student or baseline.
        on: what it was evaluated on, as the caller calls it.
        task: name of the task.
        metric: name of the metric.
        value: None where undefined.
        low: lower end of the 95% bootstrap interval.
        high: upper end.
        n: triples that it rests on.
    """

    student: str
    on: str
    task: str
    metric: str
    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a student says of one triple; `edited` is (skills removed, skills restored)."""

    matched: Match
    unmatched: Match
    extraction: Extraction
    edited: tuple[str, str]


@dataclass(frozen=True)
class Trial:
    """A student, or a baseline, on one set of triples.

    Attributes:
        student: its name.
        on: name of the set.
        triples: the set.
        answers: one a triple; empty for baselines.
        rows: task -> statistics of each triple.
        seconds: task -> time it took.
    """

    student: str
    on: str
    triples: tuple[Triple, ...]
    answers: tuple[Answer, ...]
    rows: dict[str, list[dict[str, float]]]
    seconds: dict[str, float]


@dataclass
class Evaluation:
    """Results of one or more trials; prints as a table."""

    trials: list[Trial] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: Evaluation) -> None:
        self.trials += other.trials
        self.results += other.results
        self.seconds += other.seconds

    def value(self, student: str, task: str, metric: str, *, on: str | None = None) -> float | None:
        """One figure; the first that fits.

        Raises:
            KeyError: there is none.
        """
        for r in self.results:
            if (r.student, r.task, r.metric) == (student, task, metric) and on in (None, r.on):
                return r.value
        raise KeyError((student, task, metric, on))

    def to_json(self) -> dict[str, Any]:
        return {"seconds": round(self.seconds, 1), "results": [asdict(r) for r in self.results]}

    def __str__(self) -> str:
        from hrdistill.evaluation.table import render

        return render(self.results)


def evaluate(
    students: Sequence[Student],
    benchmark: Benchmark | Iterable[Triple],
    *,
    on: str = "test",
    baselines: bool = True,
    seed: int = 0,
    progress: Progress | None = None,
) -> Evaluation:
    """Evaluates students, and the shortcut baselines beside them, on all four tasks.

    Args:
        students: with distinct names.
        benchmark: the triples.
        on: how results call them.
        baselines: whether to add them.
        seed: of the bootstrap.
        progress: called now and then.

    Raises:
        DataError: there are no triples.
        ValueError: two students of one name.
    """
    triples = tuple(benchmark)
    if not triples:
        raise DataError(f"nothing to evaluate on: {on} holds no triples")
    names = [student.name for student in students]
    if len(set(names)) < len(names):
        raise ValueError(f"expected students with distinct names, found {', '.join(names)}")
    if taken := set(names) & set(BASELINES):
        raise ValueError(f"a student may not have the name of a baseline: {', '.join(taken)}")
    start = time.perf_counter()
    trials = [_run(student, triples, on, progress) for student in students]
    if baselines:
        trials += [_run_baseline(name, triples, on) for name in BASELINES]
    weights = bootstrap_weights(len(triples), seed=seed)
    results = [
        Result(trial.student, on, task.name, metric, **asdict(estimate(function, rows, weights)),
               n=_n_counted(rows))
        for trial in trials
        for task in TASKS
        if (rows := trial.rows.get(task.name))
        for metric, function in task.metrics.items()
    ]  # fmt: skip
    return Evaluation(trials, results, time.perf_counter() - start)


def _n_counted(rows: list[dict[str, float]]) -> int:
    first = next(iter(rows[0]))
    return Table(rows).count(first)


def _run(
    student: Student, triples: tuple[Triple, ...], on: str, progress: Progress | None
) -> Trial:
    seconds = dict.fromkeys(("match", "extract", "edit"), 0.0)
    answers: list[Answer] = []
    for start in range(0, len(triples), _BATCH):
        batch = triples[start : start + _BATCH]
        if progress is not None:
            progress(f"{student.name} on {on}", start, len(triples))
        t0 = time.perf_counter()
        pairs = [(t.job_description, r) for t in batch for r in (t.matched_resume,
                                                                 t.unmatched_resume)]  # fmt: skip
        matches = student.match_many(pairs)
        t1 = time.perf_counter()
        extractions = student.extract_many([t.matched_resume for t in batch])
        t2 = time.perf_counter()
        sources = [r for t in batch for r in (t.matched_resume, t.unmatched_resume)]
        edited = student.edit_many(sources, [edit for t in batch for edit in edits_of(t)])
        t3 = time.perf_counter()
        for task, spent in (("match", t1 - t0), ("extract", t2 - t1), ("edit", t3 - t2)):
            seconds[task] += spent
        answers += [
            Answer(matches[2 * i], matches[2 * i + 1], extractions[i],
                   (edited[2 * i], edited[2 * i + 1]))
            for i in range(len(batch))
        ]  # fmt: skip
    if progress is not None:
        progress(f"{student.name} on {on}", len(triples), len(triples))
    both = list(zip(triples, answers, strict=True))
    rows = {
        "match": [MatchTask.statistics(a.matched, a.unmatched) for a in answers],
        "explain": [ExplainTask.statistics(t, a.matched, a.unmatched) for t, a in both],
        "extract": [ExtractTask.statistics(t, a.extraction) for t, a in both],
        "edit": [EditTask.statistics(t, a.edited) for t, a in both],
    }
    return Trial(student.name, on, triples, tuple(answers), rows, seconds)


def _run_baseline(name: str, triples: tuple[Triple, ...], on: str) -> Trial:
    task, statistics = BASELINES[name]
    return Trial(name, on, triples, (), {task: [statistics(t) for t in triples]}, {})
