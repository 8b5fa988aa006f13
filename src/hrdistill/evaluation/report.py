"""The report of an evaluation: one HTML file that needs no script, no font and no network.

Everything in it is computed from an `Evaluation`, the benchmark and the students' manifests; the
words stand in `templates/report.html.j2`, what each metric means in `metrics.tsv`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from hrdistill.benchmark import Benchmark
from hrdistill.evaluation import contents, gallery, plots
from hrdistill.evaluation.baselines import BASELINES, EVEN_WORDS
from hrdistill.evaluation.breakdown import (
    FIGURES,
    OTHER,
    Part,
    break_down,
    change,
    major_group,
    reliability,
)
from hrdistill.evaluation.evaluate import Evaluation, Result, Trial
from hrdistill.evaluation.statistics import N_SAMPLES, bootstrap_weights, paired_difference
from hrdistill.graph.major_groups import major_groups
from hrdistill.records import Triple
from hrdistill.storage import write_text
from hrdistill.students.base import Student
from hrdistill.tasks import TASKS
from hrdistill.tasks.base import Task

REFERENCE = "lexical"
"""The student that others are compared with."""
HEADLINES = {
    "match": "accuracy",
    "explain": "f1",
    "extract": "skills_soft_f1",
    "edit": "all_conditions",
}
"""The metric of each task that stands for it."""

_SHORTCUT = "longer-resume"
_SEED = 0
_SMALL = 10
"""Triples below which a part of a breakdown is shown as resting on little."""
_CHANCE = {"accuracy", "auroc", "pairwise_accuracy"}


def write_report(
    path: Path | str,
    evaluation: Evaluation,
    *,
    benchmark: Benchmark | None = None,
    students: Sequence[Student] = (),
    title: str = "How well the students do",
    seconds: float | None = None,
) -> None:
    """Writes the report as one self-contained HTML file.

    Args:
        path: the file.
        evaluation: results, and trials where there are any.
        benchmark: what was made, for the statistics; the evaluated sets alone where None.
        students: for their training curves and seeds.
        title: of the page.
        seconds: that the whole run took; those of the evaluation where None.

    Raises:
        DataError: the file cannot be written.
    """
    text = render_report(
        evaluation, benchmark=benchmark, students=students, title=title, seconds=seconds
    )
    # JSON may hold halves of surrogate pairs, which no UTF-8 file can.
    write_text(path, text.encode("utf-8", "replace").decode("utf-8"))


def render_report(
    evaluation: Evaluation,
    *,
    benchmark: Benchmark | None = None,
    students: Sequence[Student] = (),
    title: str = "How well the students do",
    seconds: float | None = None,
) -> str:
    """The report as HTML; the same input gives the same text. Arguments as `write_report` has."""
    import jinja2

    from hrdistill import __version__

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("hrdistill.evaluation"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = percent
    sets = _sets(evaluation)
    return environment.get_template("report.html.j2").render(
        title=title,
        version=__version__,
        seconds=evaluation.seconds if seconds is None else seconds,
        seeds=_seeds(benchmark, students),
        made=contents.describe(benchmark),
        sets=sets,
        verdicts=_verdicts(evaluation, sets),
        statistics=contents.tabulate(_columns(benchmark, evaluation, sets)),
        tally=contents.tally_of(benchmark),
        curves=[curve for student in students if (curve := _curve(student))],
        tasks=[(task.name, [(*_words(task.name, m), m in task.lower_is_better)
                            for m in task.metrics]) for task in TASKS],
        headlines=[(task, _words(task, metric)[0]) for task, metric in HEADLINES.items()],
        reference=REFERENCE,
        small=_SMALL,
        even_words=EVEN_WORDS,
        n_samples=N_SAMPLES,
    )  # fmt: skip


@lru_cache(maxsize=1)
def _metrics() -> Mapping[tuple[str, str], tuple[str, str]]:
    file = resources.files("hrdistill.evaluation").joinpath("metrics.tsv")
    rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()[1:]]
    return {(task, metric): (label, meaning) for task, metric, label, meaning in rows}


def _words(task: str, metric: str) -> tuple[str, str]:
    """(label, meaning) of a metric."""
    return _metrics().get((task, metric), (metric.replace("_", " "), ""))


def percent(value: float | None) -> str:
    """A share as a percentage; only a perfect one is called 100%, only none at all 0%."""
    if value is None:
        return "–"
    rounded = round(100 * value)
    if rounded == 100 and value < 1:
        return ">99%"
    if rounded == 0 and value > 0:
        return "<1%"
    return f"{rounded}%"


def _sets(evaluation: Evaluation) -> list[dict[str, Any]]:
    """What the page shows of each evaluation set."""
    names = list(dict.fromkeys(r.on for r in evaluation.results))
    short = [_short_name(name) for name in names]
    sets = []
    for number, name in enumerate(names):
        label = short[number] if short.count(short[number]) == 1 else name
        results = [r for r in evaluation.results if r.on == name]
        trials = [t for t in evaluation.trials if t.on == name]
        answered = [t for t in trials if t.answers]
        triples = trials[0].triples if trials else ()
        sets.append(
            {
                "id": f"set-{number + 1}",
                "name": name,
                "label": label,
                "origin": _origin(triples),
                "n": len(triples) or max(r.n for r in results),
                "tasks": [_task(task, label, results) for task in TASKS
                          if any(r.task == task.name for r in results)],
                "headlines": _headlines(results),
                "differences": _differences(trials),
                "compared": any(t.student == REFERENCE for t in answered),
                "speed": [_speed(t) for t in answered if t.triples],
                "calibration": [_calibration(t, label) for t in answered],
                "groups": _breakdown(answered, major_group, label, "SOC major group")
                if any(major_group(t) != OTHER for t in triples) else None,
                "changes": _breakdown(answered, change, label, "change of the latest job"),
                "examples": gallery.show_examples(answered),
            }
        )  # fmt: skip
    return sets


def _verdicts(
    evaluation: Evaluation, sets: Sequence[dict[str, Any]]
) -> list[tuple[str, list[tuple[str, Result, Result | None]]]]:
    """(student, its (set, accuracy, accuracy of the shortcut) where it has any) for the summary."""
    labels = {own["name"]: own["label"] for own in sets}
    found = [
        r for r in evaluation.results
        if (r.task, r.metric) == ("match", "accuracy") and r.value is not None
    ]  # fmt: skip
    shortcut = {r.on: r for r in found if r.student == _SHORTCUT}
    names = dict.fromkeys(r.student for r in found if r.student not in BASELINES)
    return [
        (name, [(labels[r.on], r, shortcut.get(r.on)) for r in found if r.student == name])
        for name in names
    ]


def _short_name(name: str) -> str:
    return name.rstrip("/").rpartition("/")[2] or name


def _students(results: Sequence[Result]) -> set[str]:
    return {r.student for r in results} - set(BASELINES)


def _origin(triples: Sequence[Triple]) -> str:
    teachers = {str(t.provenance["teacher"]) for t in triples if "teacher" in t.provenance}
    if teachers and all("teacher" in t.provenance for t in triples):
        return f"synthetic, written by {', '.join(sorted(teachers))}"
    if triples and all("rjdb" in t.provenance for t in triples):
        return "rows of RJDB"
    return ""


def _task(task: Task, on: str, results: Sequence[Result]) -> dict[str, Any]:
    """Table and panels of one task on one set."""
    own = [r for r in results if r.task == task.name]
    names = list(dict.fromkeys(r.student for r in own))
    students = _students(results)
    cells = {(r.student, r.metric): r for r in own}
    metrics = [m for m in task.metrics if any(r.metric == m for r in own)]
    best = {}
    for metric in metrics:
        values = [r.value for r in own if r.metric == metric and r.value is not None]
        best[metric] = (min if metric in task.lower_is_better else max)(values, default=None)
    return {
        "name": task.name,
        "n": max(r.n for r in own),
        "columns": [(_words(task.name, m)[0], m in task.lower_is_better) for m in metrics],
        "rows": [
            {"name": name, "student": name in students,
             "cells": [_cell(cells.get((name, m)), best[m]) for m in metrics]}
            for name in names
        ],
        "panels": [
            (_words(task.name, m)[0], m in task.lower_is_better,
             _panel(task, m, on, [(name, cells.get((name, m))) for name in names], students))
            for m in metrics
        ],
    }  # fmt: skip


def _cell(result: Result | None, best: float | None) -> dict[str, Any]:
    if result is None or result.value is None:
        return {"value": "–", "interval": "", "best": False}
    interval = ""
    if result.low is not None and result.high is not None:
        interval = f"{result.low:.2f}–{result.high:.2f}"
    return {"value": f"{result.value:.3f}", "interval": interval, "best": result.value == best}


def _panel(
    task: Task,
    metric: str,
    on: str,
    rows: Sequence[tuple[str, Result | None]],
    students: set[str],
) -> Any:
    dots = [
        plots.Dot(name, r.value, r.low, r.high, name in students)
        if r else plots.Dot(name, None, None, None, name in students)
        for name, r in rows
    ]  # fmt: skip
    limit = 1.0
    if metric in task.lower_is_better:
        reach = max((x for d in dots for x in (d.value, d.high) if x is not None), default=1.0)
        limit = next((x for x in (0.1, 0.2, 0.4) if reach <= x), 1.0)
    return plots.plot_intervals(
        dots,
        label=f"{task.name}, {_words(task.name, metric)[0]}, on {on}, with 95% intervals",
        limit=limit,
        chance=0.5 if metric in _CHANCE else None,
    )


def _headlines(results: Sequence[Result]) -> list[tuple[str, list[Result | None]]]:
    """(student, its figure on each task) for the table at a glance."""
    cells = {(r.student, r.task, r.metric): r for r in results}
    students = _students(results)
    return [
        (name, [cells.get((name, task, metric)) for task, metric in HEADLINES.items()])
        for name in dict.fromkeys(r.student for r in results)
        if name in students
    ]


def _differences(trials: Sequence[Trial]) -> list[dict[str, Any]]:
    """Each student against the reference on the same triples."""
    reference = next((t for t in trials if t.student == REFERENCE and t.answers), None)
    if reference is None:
        return []
    weights = bootstrap_weights(len(reference.triples), seed=_SEED)
    ids = [t.id for t in reference.triples]
    rows = []
    for trial in trials:
        if trial is reference or not trial.answers or [t.id for t in trial.triples] != ids:
            continue
        for task in TASKS:
            metric = HEADLINES[task.name]
            a, b = trial.rows.get(task.name), reference.rows.get(task.name)
            if a and b:
                found = paired_difference(task.metrics[metric], a, b, weights)
                rows.append(
                    {"student": trial.student, "task": task.name,
                     "metric": _words(task.name, metric)[0], "found": found,
                     "verdict": _verdict(found.low, found.high)}
                )  # fmt: skip
    return rows


def _verdict(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "undefined"
    if low > 0:
        return "better"
    return "worse" if high < 0 else "no clear difference"


def _speed(trial: Trial) -> tuple[str, list[tuple[str, float]]]:
    """(student, milliseconds a pair or resume of each task that was timed)."""
    each = {"match": 2, "extract": 1, "edit": 2}
    n = len(trial.triples)
    return trial.student, [
        (task, 1000 * trial.seconds[task] / (n * each[task]))
        for task in each if task in trial.seconds
    ]  # fmt: skip


def _calibration(trial: Trial, on: str) -> dict[str, Any]:
    bins = reliability(trial.answers)
    label = f"Reliability of {trial.student} on {on}: share that matches by probability"
    return {
        "student": trial.student,
        "plot": plots.plot_reliability(bins, label=label),
        "bins": [b for b in bins if b.n],
    }


def _breakdown(
    trials: Sequence[Trial], key: Callable[[Triple], str], on: str, what: str
) -> dict[str, Any] | None:
    """Tables and bars of parts, students beside each other; None where nobody answers."""
    if not trials or not trials[0].triples:
        return None
    # Trials of one set hold the same triples, so that their parts are the same.
    parts = [break_down(trial, key) for trial in trials]
    if len({tuple((p.key, p.n) for p in own) for own in parts}) > 1:
        trials, parts = trials[:1], parts[:1]
    panels = []
    for task, metric in FIGURES:
        rows = [
            plots.Bar(f"{_part_name(same[0], short=True)} · {same[0].n}",
                      tuple(p.figures[task, metric] for p in same), same[0].n < _SMALL)
            for same in zip(*parts, strict=True)
        ]  # fmt: skip
        name = f"{task.capitalize()}: {_words(task, metric)[0]}"
        label = f"{name}, by {what}, on {on}: {', '.join(t.student for t in trials)}"
        panels.append((name, plots.plot_bars(rows, label=label, limit=1.0)))
    return {
        "students": [
            (t.student, plots.SERIES[i % len(plots.SERIES)]) for i, t in enumerate(trials)
        ],
        "columns": [f"{task.capitalize()}: {_words(task, metric)[0]}" for task, metric in FIGURES],
        "rows": [
            (_part_name(same[0]), same[0].n, [[p.figures[f] for f in FIGURES] for p in same])
            for same in zip(*parts, strict=True)
        ],
        "panels": panels,
    }


def _part_name(part: Part, *, short: bool = False) -> str:
    name = major_groups().get(part.key)
    if name is None:
        return part.key
    return name.removesuffix(" Occupations") if short else f"{part.key} {name}"


def _columns(
    benchmark: Benchmark | None, evaluation: Evaluation, sets: Sequence[dict[str, Any]]
) -> dict[str, Benchmark]:
    """What the statistics are of: the benchmark and each evaluated set, under its label."""
    columns: dict[str, Benchmark] = {}
    if benchmark is not None and len(benchmark):
        columns["the benchmark"] = benchmark
    labels = {own["name"]: own["label"] for own in sets}
    for trial in evaluation.trials:
        if trial.triples:
            columns.setdefault(labels.get(trial.on, trial.on), Benchmark(trial.triples))
    return columns


def _curve(student: Student) -> dict[str, Any] | None:
    """Panels of loss and dev score over time, where the manifest has a curve."""
    points = student.manifest.get("curve")
    if not points:
        return None
    panels = []
    for key, name in (("loss", "training loss"), ("dev_score", "score on dev data")):
        line = [(p["seconds"] / 60, p[key]) for p in points if p.get(key) is not None]
        if line:
            label = f"{name} of {student.name} over minutes"
            panels.append((name.capitalize(), plots.plot_curve(line, name=name, label=label)))
    return {"student": student.name, "panels": panels} if panels else None


def _seeds(benchmark: Benchmark | None, students: Sequence[Student]) -> list[tuple[str, Any]]:
    seeds = []
    if benchmark is not None and "seed" in benchmark.provenance:
        seeds.append(("benchmark", benchmark.provenance["seed"]))
    seeds += [(s.name, s.manifest["seed"]) for s in students if "seed" in s.manifest]
    return [*seeds, ("paired bootstrap", _SEED)]
