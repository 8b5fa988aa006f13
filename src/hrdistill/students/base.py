"""What a student is: one interface for all kinds, so that evaluation and serving need not know.

A student lives in a folder with a manifest (kind, version, training data, seed) beside its
weights; nothing in it is pickled. `load_student` opens any kind.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from hrdistill.benchmark import Benchmark
from hrdistill.errors import DataError, MissingExtraError, StudentError
from hrdistill.pairs import LabelledPair
from hrdistill.records import Finding, Triple
from hrdistill.storage import MANIFEST, read_json, read_manifest
from hrdistill.students.course import make_course
from hrdistill.students.editing import apply_edit, locate_mentions
from hrdistill.students.verdict import Calibrator, pair_features
from hrdistill.tasks.edit import Edit
from hrdistill.tasks.extract import Extraction
from hrdistill.tasks.match import Match

FORMAT_VERSION = 1
MANIFEST_KIND = "student"
KINDS = ("lexical", "encoder")


@dataclass(frozen=True, slots=True)
class TrainingStep:
    """Where training stands; handed to a progress callback.

    Attributes:
        fraction: of the work or the time budget that is done, 0..1.
        step: optimiser steps taken.
        loss: mean training loss since the last report; None where there is none.
        dev_score: of the latest check on dev data, higher is better; None before the first.
    """

    fraction: float
    step: int
    loss: float | None = None
    dev_score: float | None = None


Progress = Callable[[TrainingStep], None]


class Student(ABC):
    """Matches, explains, extracts and edits.

    Attributes:
        kind: how `train --student` calls this kind.
        name: how results call this one: the name of its folder.
        verdict: features of a pair -> probability of a match.
        manifest: what it was made from; empty before it is saved.
    """

    kind: ClassVar[str]
    verdict: Calibrator

    def __init__(self, *, name: str, manifest: dict[str, Any] | None = None) -> None:
        self.name = name
        self.manifest = manifest or {}

    @abstractmethod
    def match_many(self, pairs: Sequence[tuple[str, str]]) -> list[Match]:
        """Verdicts with findings on (job description, resume) pairs, in order."""

    def score_many(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Probabilities of a match alone, in 0..1: those of `match_many`, and faster.

        For ranking: findings are then asked for on the few pairs that are looked at.
        """
        return [match.probability for match in self.match_many(pairs)]

    @abstractmethod
    def extract_many(self, resumes: Sequence[str]) -> list[Extraction]:
        """What each resume shows, from its text alone."""

    def edit_many(self, resumes: Sequence[str], edits: Sequence[Edit]) -> list[str]:
        """Each resume with the changes of its edit and no others."""
        return [
            apply_edit(resume, edit, locate=locate_mentions)
            for resume, edit in zip(resumes, edits, strict=True)
        ]

    def adapt(
        self,
        triples: Sequence[Triple],
        *,
        out: Path,
        seed: int = 0,
        progress: Progress | None = None,
        minutes: float | None = None,
    ) -> Student:
        """Learns further from a few triples, and saves the outcome in another folder.

        StudentError from a kind that cannot.
        """
        raise StudentError(f"a student of kind {self.kind!r} cannot learn further")

    @abstractmethod
    def save(self, folder: Path | str) -> None:
        """Writes the student; the manifest comes last and makes it whole."""

    def match(self, job: str, resume: str) -> Match:
        """The verdict on one pair."""
        return self.match_many([(job, resume)])[0]

    def explain(self, job: str, resume: str) -> tuple[Finding, ...]:
        """What the job asks for and the resume shows or lacks, one finding a requirement."""
        return self.match(job, resume).findings

    def extract(self, resume: str) -> Extraction:
        """The skills and jobs of one resume."""
        return self.extract_many([resume])[0]

    def edit(self, resume: str, edit: Edit) -> str:
        """One resume, changed."""
        return self.edit_many([resume], [edit])[0]


def by_job(pairs: Sequence[tuple[str, str]]) -> dict[str, list[int]]:
    """The places, in `pairs`, of the pairs of each job description."""
    places: dict[str, list[int]] = {}
    for place, (job, _) in enumerate(pairs):
        places.setdefault(job, []).append(place)
    return places


def load_student(folder: Path | str) -> Student:
    """Opens a student's folder, whatever its kind.

    Raises:
        StudentError: the folder holds no student, a half-written one, or one of another version.
        MissingExtraError: its kind needs an extra that is not installed.
    """
    folder = Path(folder)
    manifest = load_manifest(folder)
    return student_class(str(manifest.get("student"))).load(folder, manifest)  # type: ignore[attr-defined, no-any-return]


def load_manifest(folder: Path) -> dict[str, Any]:
    """Raises: StudentError: no student, half-written, or of another version."""
    try:
        return read_manifest(folder, kind=MANIFEST_KIND, version=FORMAT_VERSION)
    except DataError as error:
        raise StudentError(str(error)) from error


def student_class(kind: str) -> type[Student]:
    """The class of a kind of student.

    Raises:
        StudentError: there is no such kind.
        MissingExtraError: the kind needs an extra that is not installed.
    """
    if kind == "lexical":
        from hrdistill.students.lexical import LexicalStudent

        return LexicalStudent
    if kind == "encoder":
        try:
            import torch  # noqa: F401
        except ImportError as error:
            raise MissingExtraError("torch", extra="encoder") from error
        from hrdistill.students.encoder.student import EncoderStudent

        return EncoderStudent
    raise StudentError(f"student kind: expected one of {', '.join(KINDS)}, found {kind!r}")


def read_student_file(folder: Path, name: str, keys: Sequence[str]) -> dict[str, Any]:
    """A JSON object of a student.

    Raises:
        StudentError: it is missing, damaged, or lacks a key.
    """
    try:
        content = read_json(folder / name)
    except DataError as error:
        raise StudentError(f"{error}; the student is damaged, train it again") from error
    if not isinstance(content, dict) or any(key not in content for key in keys):
        raise StudentError(
            f"{folder / name}: expected an object with {', '.join(keys)}, found "
            f"{str(content)[:60]}; the student is damaged or of another release: train it again"
        )
    return content


def check_free(folder: Path | str) -> Path:
    """A folder that a student may be written to: new, empty, or a student's.

    Raises:
        StudentError: it holds something else.
    """
    folder = Path(folder)
    if folder.is_file():
        raise StudentError(f"{folder} is a file; choose a folder")
    if (folder / MANIFEST).exists():
        load_manifest(folder)
    elif folder.is_dir():
        others = [p.name for p in folder.iterdir() if p.name not in _PARTS and p.name[0] != "."]
        if others:
            raise StudentError(
                f"{folder} is not empty and holds no student ({others[0]} ...); "
                "choose another folder"
            )
    return folder


_PARTS = {
    "base",
    "checkpoint",
    "config.json",
    "model.safetensors",
    "settings.json",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.txt",
    "weights.json",
}
"""What a student that was not saved to the end may have left."""


def train(
    benchmark: Benchmark,
    *,
    kind: str | None = None,
    out: Path | str,
    init: Path | str | None = None,
    seed: int = 0,
    dev: Benchmark | None = None,
    written: bool = True,
    progress: Progress | None = None,
    **options: Any,
) -> Student:
    """Trains a student, from scratch or further, and saves it.

    Args:
        benchmark: triples to learn from.
        kind: `lexical` or `encoder`, the default; with `init` that of the student there.
        out: the student's folder.
        init: the folder of a student to go on from, as with some 50 to 150 triples of one's
            own; it stays as it is, and learns and is calibrated on `benchmark` alone.
        seed: of everything random.
        dev: triples to choose the best checkpoint and to calibrate by; a tenth of `benchmark`,
            by occupation, where none are given.
        written: whether the triples bundled with the package are learned from as well; see
            `course`.
        progress: called now and then.
        options: of the kind: `minutes`, `base` for `encoder`.

    Raises:
        StudentError: too few triples, an unknown kind, one that is not `init`'s, or a folder
            that holds something else.
        MissingExtraError: the kind needs an extra that is not installed.
    """
    folder = check_free(out)
    if len(benchmark) < 10:
        raise StudentError(
            f"expected at least 10 triples to train on, found {len(benchmark)}; generate more"
        )
    if init is not None:
        before = _other_student(init, folder, kind)
        return before.adapt(benchmark.triples, out=folder, seed=seed, progress=progress, **options)
    student: Student = student_class(kind or "encoder").train(  # type: ignore[attr-defined]
        make_course(benchmark, dev, written=written),
        out=folder,
        seed=seed,
        progress=progress,
        **options,
    )
    return student


def recalibrate(init: Path | str, pairs: Sequence[LabelledPair], *, out: Path | str) -> Student:
    """Fits a student's verdict to labelled pairs, and saves it elsewhere.

    What it reads stays the same; how sure it is, and where it says yes, moves to where the pairs
    say (Platt scaling), so that a few dozen are enough.

    Args:
        init: the folder of the student.
        pairs: of both labels.
        out: the folder of the new student.

    Raises:
        StudentError: fewer than 10 pairs, all of one label, or a folder that holds something else.
    """
    folder = check_free(out)
    labels = [pair.label for pair in pairs]
    if len(pairs) < 10 or len(set(labels)) < 2:
        raise StudentError(
            f"expected at least 10 labelled pairs of both labels, found {sum(labels)} that match "
            f"and {len(labels) - sum(labels)} that do not; add some"
        )
    student = _other_student(init, folder, None)
    matches = student.match_many([(pair.job, pair.resume) for pair in pairs])
    features = [pair_features(match.findings) for match in matches]
    student.verdict = student.verdict.scaled(features, labels)
    student.name = folder.name
    student.manifest = {**student.manifest, "n_pairs": len(pairs)}
    student.save(folder)
    return student


def _other_student(init: Path | str, out: Path, kind: str | None) -> Student:
    if Path(init).resolve() == out.resolve():
        raise StudentError(f"{out}: expected another folder than the student to go on from")
    student = load_student(init)
    if kind not in (None, student.kind):
        raise StudentError(f"{init}: expected a student of kind {kind}, found {student.kind}")
    return student
