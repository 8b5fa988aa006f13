"""The whole way in one go: graph -> triples -> students -> evaluation -> report, in one folder.

DIR/graph/graph.json    the graph, as sampled from
DIR/triples/            the benchmark
DIR/students/<kind>/    one folder a student
DIR/results.json        every figure
DIR/report.html         the same for people
DIR/run.json            settings and content hashes: what of this need not be done again
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from hrdistill import __version__
from hrdistill.benchmark import WRITTEN, Benchmark
from hrdistill.errors import DataError
from hrdistill.evaluation.evaluate import Evaluation, Result, evaluate
from hrdistill.generation.engine import generate
from hrdistill.generation.pipeline import Tally
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.storage import (
    MANIFEST,
    content_hash,
    from_plain,
    is_leftover,
    locked,
    read_json,
    write_json,
)
from hrdistill.students.base import Student, TrainingStep, load_student, student_class, train
from hrdistill.teacher.base import Teacher

TEST = "test"
"""How results call the synthetic test split."""
MINUTES = 5.5
"""Training budget of the encoder."""
MIN_TRIPLES = 50
"""Fewer leave too little to train on and to test on."""

_FORMAT_VERSION = 1
_RECORD = "run.json"


@dataclass(frozen=True, slots=True)
class RunStep:
    """Where a run stands; handed to a progress callback.

    Attributes:
        name: what is being done.
        done: of `total`.
        total: 0 where it cannot be said.
        detail: more about it: triples and their tally, or the training step.
        seconds: how long it took; None while it goes on.
        kept: whether it was found done and kept.
    """

    name: str
    done: float = 0.0
    total: float = 0.0
    detail: Tally | TrainingStep | None = None
    seconds: float | None = None
    kept: bool = False


Progress = Callable[[RunStep], None]


def run(
    out: Path | str,
    *,
    n: int,
    graph: SkillOccupationGraph,
    teacher: Teacher,
    students: Sequence[str] = ("lexical", "encoder"),
    on: Sequence[str] = (),
    minutes: float = MINUTES,
    written: bool = True,
    seed: int = 0,
    workers: int = 1,
    progress: Progress | None = None,
) -> Evaluation:
    """Makes a benchmark, trains students on it, evaluates them and reports.

    Run again with the same settings in the same folder, it continues: what is finished is
    kept. Students and evaluation sets may be added; the other settings may not change.

    Args:
        out: the folder.
        n: triples wanted.
        graph: what they are sampled from.
        teacher: who writes them.
        students: kinds of students.
        on: further evaluation sets, as `Benchmark.load` takes them (`rjdb:PATH[0:150]`).
        minutes: training budget of the students that have one.
        written: whether students learn from the triples bundled with the package, too; all are
            evaluated on their test split.
        seed: of everything random.
        workers: processes that generate.
        progress: called now and then, and at the end of each step.

    Returns:
        The evaluation; its `seconds` count the whole run, with the steps kept from earlier
        ones. Its trials are empty where all was found done.

    Raises:
        DataError: the folder holds something else or a run with other settings, or an
            evaluation set cannot be read.
        StudentError: an unknown kind of student, or one that cannot be trained.
        MissingExtraError: a student needs an extra that is not installed.
        ValueError: `n` is below `MIN_TRIPLES`, `minutes` not above 0, or a set named twice.
    """
    if n < MIN_TRIPLES:
        raise ValueError(f"expected n of at least {MIN_TRIPLES}, found {n}")
    if not minutes > 0:
        raise ValueError(f"expected minutes above 0, found {minutes}")
    if not students or len(set(students)) < len(students):
        raise ValueError(f"expected distinct kinds of students, found {', '.join(students)}")
    if {TEST, WRITTEN} & set(on) or len(set(on)) < len(on):
        raise ValueError(
            f"expected distinct evaluation sets, none called {TEST} or {WRITTEN}, found {on}"
        )
    for kind in students:
        student_class(kind)
    sets = {WRITTEN: Benchmark.load(WRITTEN).test, **{name: Benchmark.load(name) for name in on}}
    folder = Path(out)
    with locked(folder):
        runner = _Run(folder, progress or (lambda step: None))
        runner.save_graph(
            graph,
            {"n": n, "seed": seed, "teacher": teacher.name, "minutes": minutes, "written": written},
        )
        benchmark = runner.generate(n=n, teacher=teacher, seed=seed, workers=workers)
        trained = [
            runner.train(kind, benchmark, seed=seed, minutes=minutes, written=written)
            for kind in students
        ]
        return runner.evaluate(trained, benchmark, sets, seed=seed)


class _Run:
    """The steps, and the record of those that are done."""

    def __init__(self, folder: Path, progress: Progress) -> None:
        self.folder = folder
        self.progress = progress
        self.record = _read_record(folder)
        self.seconds = 0.0

    @contextmanager
    def _step(self, name: str, key: str, *, kept: bool) -> Iterator[None]:
        """Times a step; what a step kept from an earlier run took is counted as it was then."""
        start = time.perf_counter()
        yield
        seconds = time.perf_counter() - start
        spent = self.record["seconds"]
        spent[key] = round(spent.get(key, seconds) if kept else seconds, 2)
        self.seconds += spent[key]
        self.progress(RunStep(name, 1, 1, seconds=seconds, kept=kept))

    def _save(self) -> None:
        write_json(self.folder / _RECORD, self.record)

    def save_graph(self, graph: SkillOccupationGraph, settings: dict[str, Any]) -> None:
        path = self.folder / "graph" / "graph.json"
        with tempfile.TemporaryDirectory() as scratch:
            graph.save(Path(scratch) / "graph.json")
            settings = {**settings, "graph": content_hash(Path(scratch) / "graph.json")[:16]}
        _compare(self.folder, self.record["settings"], settings)
        self.record["settings"] = settings
        self._save()  # first of all, so that whatever follows is known as a run's
        kept = path.exists() and content_hash(path)[:16] == settings["graph"]
        with self._step("graph", "graph", kept=kept):
            if not kept:
                graph.save(path)
        # As stored: weights are rounded there, and a later run reads no others.
        self.graph = SkillOccupationGraph.load(path)

    def generate(self, *, n: int, teacher: Teacher, seed: int, workers: int) -> Benchmark:
        folder, name = self.folder / "triples", f"{n:,} triples"

        def report(accepted: int, tally: Tally) -> None:
            self.progress(RunStep(name, accepted, n, tally))

        with self._step(name, "triples", kept=(folder / MANIFEST).exists()):
            self.progress(RunStep(name, 0, n))
            benchmark = generate(
                self.graph, n=n, teacher=teacher, out=folder, seed=seed, workers=workers,
                progress=report,
            )  # fmt: skip
        self._save()
        return benchmark

    def train(
        self, kind: str, benchmark: Benchmark, *, seed: int, minutes: float, written: bool
    ) -> Student:
        folder, name = self.folder / "students" / kind, f"student {kind}"
        made_from = {
            "seed": seed,
            "minutes": minutes,
            "written": written,
            "n_triples": len(benchmark.train),
            "data": _fingerprint(benchmark.train, benchmark.dev),
        }
        record = self.record["students"].get(kind, {})
        wanted = {**made_from, "hash": record.get("hash")}
        kept = record == wanted and (folder / MANIFEST).exists()
        kept = kept and content_hash(folder) == record["hash"]
        with self._step(name, name, kept=kept):
            self.progress(RunStep(name))
            if kept:
                return load_student(folder)
            if record and not (folder / MANIFEST).exists():
                _clear_half_written(folder)
            self.record["students"][kind] = {**made_from, "hash": None}
            self._save()
            student = train(
                benchmark.train,
                kind=kind,
                out=folder,
                seed=seed,
                dev=benchmark.dev if len(benchmark.dev) else None,
                written=written,
                progress=lambda step: self.progress(RunStep(name, step.fraction, 1, step)),
                minutes=minutes,
            )
        self.record["students"][kind]["hash"] = content_hash(folder)
        self._save()
        return student

    def evaluate(
        self,
        students: Sequence[Student],
        benchmark: Benchmark,
        sets: dict[str, Benchmark],
        *,
        seed: int,
    ) -> Evaluation:
        rests_on = {
            "students": {s.name: self.record["students"][s.kind]["hash"] for s in students},
            "sets": {name: _fingerprint(part) for name, part in sets.items()},
        }
        if (done := self._evaluated(rests_on)) is not None:
            return done
        evaluation = Evaluation()
        for name, part in {TEST: benchmark.test, **sets}.items():
            with self._step(f"evaluation on {name}", f"evaluation on {name}", kept=False):
                evaluation.add(
                    evaluate(
                        students,
                        part,
                        on=name,
                        seed=seed,
                        progress=lambda what, done, total: self.progress(
                            RunStep(f"evaluation of {what}", done, total)
                        ),
                    )
                )
        self._report(evaluation, benchmark, students)
        evaluation.seconds = self.seconds
        write_json(self.folder / "results.json", evaluation.to_json())
        self.record["evaluation"] = {**rests_on, "hashes": self._hashes()}
        self._save()
        return evaluation

    def _report(
        self, evaluation: Evaluation, benchmark: Benchmark, students: Sequence[Student]
    ) -> None:
        from hrdistill.evaluation.report import write_report

        with self._step("report", "report", kept=False):
            self.progress(RunStep("report"))
            write_report(
                self.folder / "report.html",
                evaluation,
                benchmark=benchmark,
                students=students,
                title=f"{len(benchmark):,} triples, {len(students)} "
                f"{'student' if len(students) == 1 else 'students'}",
                seconds=self.seconds,
            )

    def _evaluated(self, rests_on: dict[str, Any]) -> Evaluation | None:
        """The results that stand in the folder, where they rest on the same things."""
        record = self.record["evaluation"]
        if record != {**rests_on, "hashes": record.get("hashes")}:
            return None
        path = self.folder / "results.json"
        if not path.exists() or record["hashes"] != self._hashes():
            return None
        with self._step("evaluation and report", "kept", kept=True):
            stored = read_json(path)
            results = from_plain(list[Result], stored["results"], where=str(path))
        return Evaluation(results=results, seconds=stored["seconds"])

    def _hashes(self) -> dict[str, str]:
        paths = (self.folder / "results.json", self.folder / "report.html")
        return {path.name: content_hash(path) for path in paths if path.exists()}


def _read_record(folder: Path) -> dict[str, Any]:
    path = folder / _RECORD
    if path.exists():
        record: dict[str, Any] = read_json(path)
        version = record.get("format_version") if isinstance(record, dict) else None
        parts = ("settings", "seconds", "students", "evaluation")
        if version != _FORMAT_VERSION or any(not isinstance(record.get(p), dict) for p in parts):
            raise DataError(
                f"{path}: expected the record of a run in format version {_FORMAT_VERSION}, found "
                f"version {version!r} or a damaged one; choose another folder, or delete this one"
            )
        return record
    others = sorted(p.name for p in folder.iterdir() if not is_leftover(p))
    if others:
        raise DataError(
            f"{folder} is not empty and holds no run ({others[0]} ...); choose another folder"
        )
    return {
        "format_version": _FORMAT_VERSION, "hrdistill": __version__, "settings": {},
        "seconds": {}, "students": {}, "evaluation": {},
    }  # fmt: skip


def _compare(folder: Path, stored: dict[str, Any], settings: dict[str, Any]) -> None:
    differing = [
        f"{name} {stored[name]!r} (now {value!r})"
        for name, value in settings.items()
        if name in stored and stored[name] != value
    ]
    if differing:
        raise DataError(
            f"{folder} holds a run with other settings: {', '.join(differing)}; "
            "choose another folder, or the same settings to continue"
        )


def _clear_half_written(folder: Path) -> None:
    """Removes what an interrupted training left, but for a checkpoint to go on from."""
    if folder.is_dir() and not (folder / "checkpoint").exists():
        shutil.rmtree(folder)


def _fingerprint(*sets: Benchmark) -> str:
    """A hash of the triples of sets, in order."""
    digest = hashlib.sha256()
    for triple in chain(*sets):
        digest.update(repr(triple).encode())
    return digest.hexdigest()[:16]
