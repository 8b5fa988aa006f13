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
from hrdistill.records import Finding
from hrdistill.storage import MANIFEST, read_json, read_manifest
from hrdistill.students.course import make_course
from hrdistill.students.editing import apply_edit, locate_mentions
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
        manifest: what it was made from; empty before it is saved.
    """

    kind: ClassVar[str]

    def __init__(self, *, name: str, manifest: dict[str, Any] | None = None) -> None:
        self.name = name
        self.manifest = manifest or {}

    @abstractmethod
    def match_many(self, pairs: Sequence[tuple[str, str]]) -> list[Match]:
        """Verdicts with findings on (job description, resume) pairs, in order."""

    @abstractmethod
    def extract_many(self, resumes: Sequence[str]) -> list[Extraction]:
        """What each resume shows, from its text alone."""

    def edit_many(self, resumes: Sequence[str], edits: Sequence[Edit]) -> list[str]:
        """Each resume with the changes of its edit and no others."""
        return [
            apply_edit(resume, edit, locate=locate_mentions)
            for resume, edit in zip(resumes, edits, strict=True)
        ]

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
    kind: str = "encoder",
    out: Path | str,
    seed: int = 0,
    dev: Benchmark | None = None,
    written: bool = True,
    progress: Progress | None = None,
    **options: Any,
) -> Student:
    """Trains a student and saves it.

    Args:
        benchmark: triples to learn from.
        kind: `lexical` or `encoder`.
        out: the student's folder.
        seed: of everything random.
        dev: triples to choose the best checkpoint and to calibrate by; a tenth of `benchmark`,
            by occupation, where none are given.
        written: whether the triples bundled with the package are learned from as well; see
            `course`.
        progress: called now and then.
        options: of the kind: `minutes`, `base` for `encoder`.

    Raises:
        StudentError: too few triples, an unknown kind, or a folder that holds something else.
        MissingExtraError: the kind needs an extra that is not installed.
    """
    folder = check_free(out)
    if len(benchmark) < 10:
        raise StudentError(
            f"expected at least 10 triples to train on, found {len(benchmark)}; generate more"
        )
    student: Student = student_class(kind).train(  # type: ignore[attr-defined]
        make_course(benchmark, dev, written=written),
        out=folder,
        seed=seed,
        progress=progress,
        **options,
    )
    return student
