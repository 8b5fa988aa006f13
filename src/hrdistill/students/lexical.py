"""`LexicalStudent`: rules, words and arithmetic. The baseline to beat; needs no torch.

Requirements are read off the job by `text.phrases` and `text.requirements`, held against the lines
of the resume, and two small logistic models turn word overlap into probabilities.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from hrdistill.records import Finding, Requirement, Span, Status, Triple
from hrdistill.storage import write_json, write_manifest
from hrdistill.students.base import (
    FORMAT_VERSION,
    MANIFEST_KIND,
    Progress,
    Student,
    TrainingStep,
    by_job,
    read_student_file,
)
from hrdistill.students.course import Course, natural, unseen
from hrdistill.students.evidence import Lines, Wanted, prepare
from hrdistill.students.verdict import (
    FEATURES,
    Calibrator,
    best_threshold,
    fit_verdict,
    pair_features,
    verdict_features,
)
from hrdistill.tasks.extract import Extraction
from hrdistill.tasks.match import Match
from hrdistill.text.alignment import History, align
from hrdistill.text.names import match_soft
from hrdistill.text.phrases import Phrase, read_skill_phrases
from hrdistill.text.requirements import read_experience_requirements
from hrdistill.text.timeline import read_entries, read_experiences

MAX_TRIPLES = 1500
"""Triples that the two logistic models are fitted on: they have seven weights."""


class LexicalStudent(Student):
    """See the module.

    Args:
        requirement: word overlap -> probability that a skill is met.
        met_threshold: probability from which it is called met.
        verdict: features of a pair -> probability of a match.
    """

    kind: ClassVar[str] = "lexical"

    def __init__(
        self,
        requirement: Calibrator,
        verdict: Calibrator,
        *,
        met_threshold: float = 0.5,
        name: str = "lexical",
        manifest: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(name=name, manifest=manifest)
        self.requirement = requirement
        self.verdict = verdict
        self.met_threshold = met_threshold

    def findings(self, job: str, resume: str) -> list[Finding]:
        """One finding a requirement, skills first."""
        asked, shown = _read_job(job), _read_resume(resume, date.today())
        evidence = Wanted(asked.names, [shown.lines]).best_evidence(shown.lines)
        probabilities = self.requirement.probability(_column(evidence))
        skills = []
        for phrase, p, (_, span) in zip(asked.skills, probabilities, evidence, strict=True):
            status: Status = "met" if p >= self.met_threshold else "missing"
            cited = span if status == "met" else None
            requirement = Requirement("skill", phrase.name, None, phrase.span)
            skills.append(Finding(requirement, status, cited, float(p)))
        return skills + align(asked.required, shown.history, job=job)

    def match_many(self, pairs: Sequence[tuple[str, str]]) -> list[Match]:
        matches = []
        for job, resume in pairs:
            findings = self.findings(job, resume)
            probability = float(self.verdict.probability([pair_features(findings)])[0])
            matches.append(Match(probability, probability >= 0.5, tuple(findings)))
        return matches

    def score_many(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        features: list[list[float]] = [[]] * len(pairs)
        today = date.today()
        read = {text: _read_resume(text, today) for text in {resume for _, resume in pairs}}
        for job, places in by_job(pairs).items():
            asked = _read_job(job)
            resumes = [read[pairs[place][1]] for place in places]
            wanted = Wanted(asked.names, [shown.lines for shown in resumes])
            evidence = [wanted.best_evidence(shown.lines) for shown in resumes]
            met = self.requirement.probability(_column(chain.from_iterable(evidence)))
            rows = met.reshape(len(places), len(asked.names)).tolist()
            for place, shown, row in zip(places, resumes, rows, strict=True):
                found = align(asked.required, shown.history, job=job)
                features[place] = verdict_features(row, found)
        return self.verdict.probability(features).tolist() if pairs else []

    def extract_many(self, resumes: Sequence[str]) -> list[Extraction]:
        return [
            Extraction(
                tuple(phrase.name for phrase in read_skill_phrases(resume)),
                read_experiences(resume),
            )
            for resume in resumes
        ]

    @classmethod
    def train(
        cls,
        course: Course,
        *,
        out: Path,
        seed: int = 0,
        progress: Progress | None = None,
        minutes: float | None = None,
        base: str | None = None,
    ) -> LexicalStudent:
        """Fits the two logistic models; `minutes` and `base` are for other kinds."""
        triples = natural(course.triples)[:MAX_TRIPLES]
        scores: list[list[float]] = []
        labels: list[bool] = []
        for triple in triples:
            removed = list(triple.removal.skills)
            for resume, lost in ((triple.matched_resume, []), (triple.unmatched_resume, removed)):
                names = _read_job(triple.job_description).names
                lines = _read_resume(resume, date.today()).lines
                gone = {i for i, _ in match_soft(names, lost)}
                scores += [[s] for s, _ in Wanted(names, [lines]).best_evidence(lines)]
                labels += [i not in gone for i in range(len(names))]
        student = cls(
            Calibrator.fit(scores, labels, balanced=True), Calibrator((0.0,), 0.0), name=out.name
        )
        student.met_threshold = best_threshold(
            [
                (student.findings(t.job_description, t.unmatched_resume), t.removal.skills)
                for t in triples
            ]
        )
        pairs: list[list[list[Finding]]] = [[], []]
        for number, triple in enumerate(triples):
            for found, resume in zip(
                pairs, (triple.matched_resume, triple.unmatched_resume), strict=True
            ):
                found.append(student.findings(triple.job_description, resume))
            if progress is not None and number % 100 == 0:
                progress(TrainingStep(number / len(triples), number))
        student.verdict = fit_verdict(pairs[0], pairs[1], seed=seed, hide=unseen(triples))
        student.manifest = {"seed": seed, "n_triples": len(triples)}
        student.save(out)
        return student

    def adapt(
        self,
        triples: Sequence[Triple],
        *,
        out: Path,
        seed: int = 0,
        progress: Progress | None = None,
        minutes: float | None = None,
    ) -> LexicalStudent:
        """Fits the two models anew on these triples: its rules do not learn."""
        course = Course(tuple(triples), ())
        return self.train(course, out=out, seed=seed, progress=progress, minutes=minutes)

    def save(self, folder: Path | str) -> None:
        folder = Path(folder)
        write_json(
            folder / "weights.json",
            {
                "requirement": self.requirement.to_json(),
                "met_threshold": self.met_threshold,
                "verdict": self.verdict.to_json(),
            },
        )
        made = {k: self.manifest[k] for k in ("seed", "n_triples") if k in self.manifest}
        write_manifest(
            folder, kind=MANIFEST_KIND, version=FORMAT_VERSION, student=self.kind, **made
        )

    @classmethod
    def load(cls, folder: Path, manifest: dict[str, Any]) -> LexicalStudent:
        weights = read_student_file(
            folder, "weights.json", ("requirement", "met_threshold", "verdict")
        )
        where = folder / "weights.json"
        return cls(
            Calibrator.from_json(weights["requirement"], n_features=1, where=where),
            Calibrator.from_json(weights["verdict"], n_features=len(FEATURES), where=where),
            met_threshold=float(weights["met_threshold"]),
            name=folder.name,
            manifest=manifest,
        )


@dataclass(frozen=True, slots=True)
class _Job:
    """A job description after it was read once."""

    skills: list[Phrase]
    names: list[str]
    required: list[Requirement]


@dataclass(frozen=True, slots=True)
class _Resume:
    """A resume after it was read once."""

    lines: Lines
    history: History


@lru_cache(maxsize=4096)
def _read_job(text: str) -> _Job:
    skills = read_skill_phrases(text)
    return _Job(skills, [phrase.name for phrase in skills], read_experience_requirements(text))


@lru_cache(maxsize=4096)
def _read_resume(text: str, today: date) -> _Resume:
    return _Resume(prepare(text), History(read_entries(text, today=today), text))


def _column(evidence: Iterable[tuple[float, Span | None]]) -> NDArray[np.float64]:
    """The scores of evidence, shape (n, 1)."""
    return np.array([score for score, _ in evidence], dtype=np.float64)[:, None]
