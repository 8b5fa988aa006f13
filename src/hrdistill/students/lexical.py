"""`LexicalStudent`: rules, words and arithmetic. The baseline to beat; needs no torch.

Requirements are read off the job by `text.phrases` and `text.requirements`, held against the lines
of the resume, and two small logistic models turn word overlap into probabilities.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from hrdistill.records import Finding, Requirement, Span, Status
from hrdistill.storage import write_json, write_manifest
from hrdistill.students.base import (
    FORMAT_VERSION,
    MANIFEST_KIND,
    Progress,
    Student,
    TrainingStep,
    read_student_file,
)
from hrdistill.students.course import Course, natural
from hrdistill.students.evidence import best_evidence, prepare
from hrdistill.students.verdict import (
    FEATURES,
    Calibrator,
    best_threshold,
    fit_verdict,
    pair_features,
)
from hrdistill.tasks.extract import Extraction
from hrdistill.tasks.match import Match
from hrdistill.text.alignment import align
from hrdistill.text.names import match_soft
from hrdistill.text.phrases import read_skill_phrases
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
        requirements, scores, spans = _skill_evidence(job, resume)
        skills = []
        if requirements:
            probabilities = self.requirement.probability([[score] for score in scores])
            for requirement, p, span in zip(requirements, probabilities, spans, strict=True):
                status: Status = "met" if p >= self.met_threshold else "missing"
                cited = span if status == "met" else None
                skills.append(Finding(requirement, status, cited, float(p)))
        required = read_experience_requirements(job)
        return skills + align(required, read_entries(resume), job=job, resume=resume)

    def match_many(self, pairs: Sequence[tuple[str, str]]) -> list[Match]:
        matches = []
        for job, resume in pairs:
            findings = self.findings(job, resume)
            probability = float(self.verdict.probability([pair_features(findings)])[0])
            matches.append(Match(probability, probability >= 0.5, tuple(findings)))
        return matches

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
                requirements, evidence, _ = _skill_evidence(triple.job_description, resume)
                gone = {i for i, _ in match_soft([r.name for r in requirements], lost)}
                scores += [[s] for s in evidence]
                labels += [i not in gone for i in range(len(requirements))]
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
        student.verdict = fit_verdict(pairs[0], pairs[1], seed=seed)
        student.manifest = {"seed": seed, "n_triples": len(triples)}
        student.save(out)
        return student

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


def _skill_evidence(
    job: str, resume: str
) -> tuple[list[Requirement], list[float], list[Span | None]]:
    prepared = prepare(resume)
    requirements, scores, spans = [], [], []
    for phrase in read_skill_phrases(job):
        score, span = best_evidence(phrase.name, prepared)
        requirements.append(Requirement("skill", phrase.name, None, phrase.span))
        scores.append(score)
        spans.append(span)
    return requirements, scores, spans
