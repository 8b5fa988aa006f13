"""Fits what stands behind the tagger: thresholds, and the probabilities of findings and matches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hrdistill.errors import StudentError
from hrdistill.records import Finding, Triple
from hrdistill.students.course import unseen
from hrdistill.students.encoder.model import JOB, RESUME
from hrdistill.students.encoder.student import EncoderStudent, Reading, Settings
from hrdistill.students.verdict import Calibrator, best_threshold, fit_verdict
from hrdistill.text.names import match_soft


@dataclass(frozen=True, slots=True)
class Readings:
    """The documents of triples after a student that was not trained on them read them."""

    triples: list[Triple]
    jobs: list[Reading]
    matched: list[Reading]
    unmatched: list[Reading]

    def joined(self, others: Readings) -> Readings:
        """These and others, in order."""
        return Readings(
            self.triples + others.triples,
            self.jobs + others.jobs,
            self.matched + others.matched,
            self.unmatched + others.unmatched,
        )


def read_triples(student: EncoderStudent, triples: Sequence[Triple]) -> Readings:
    """Has a student read triples."""
    return Readings(
        list(triples),
        student.read([t.job_description for t in triples], JOB),
        student.read([t.matched_resume for t in triples], RESUME),
        student.read([t.unmatched_resume for t in triples], RESUME),
    )


def dev_score(student: EncoderStudent, triples: Sequence[Triple]) -> float:
    """Micro-F1 of the skills read off jobs and matched resumes, by the soft rule, 0..1."""
    right = total = 0
    for kind, texts in (
        (JOB, [t.job_description for t in triples]),
        (RESUME, [t.matched_resume for t in triples]),
    ):
        for triple, reading in zip(triples, student.read(texts, kind), strict=True):
            names = [phrase.name for phrase in reading.skills]
            gold = [skill.name for skill in triple.context.skills]
            right += len(match_soft(names, gold))
            total += len(names) + len(gold)
    return 2 * right / max(1, total)


def calibrate(student: EncoderStudent, readings: Readings, *, seed: int) -> Settings:
    """Fits calibration and threshold on triples that the student did not learn from.

    Returns:
        Settings: the probability that a skill is met from its evidence, the threshold of the
        best F1 of missing skills, and the probability of a match from the features of a pair.

    Raises:
        StudentError: no requirement can be read from the job descriptions.
    """
    triples, jobs = readings.triples, readings.jobs
    if not any(job.skills for job in jobs):
        raise StudentError(
            "no requirement could be read from the held-out job descriptions; "
            "check that the training data names its skills in its documents"
        )
    features: list[list[float]] = []
    met: list[bool] = []
    for triple, job, *resumes in zip(
        triples, jobs, readings.matched, readings.unmatched, strict=True
    ):
        names = [phrase.name for phrase in job.skills]
        for resume, lost in zip(resumes, ((), triple.removal.skills), strict=True):
            gone = {i for i, _ in match_soft(names, lost)}
            features += student.evidence(job, resume)[0].tolist() if names else []
            met += [i not in gone for i in range(len(names))]
    settings = student.settings
    settings.requirement = Calibrator.fit(features, met, balanced=True)
    removed = [t.removal.skills for t in triples]
    failing = _findings(student, jobs, readings.unmatched)
    settings.met_threshold = best_threshold(list(zip(failing, removed, strict=True)))
    failing = _findings(student, jobs, readings.unmatched)
    matching = _findings(student, jobs, readings.matched)
    settings.verdict = fit_verdict(matching, failing, seed=seed, hide=unseen(triples))
    return settings


def _findings(
    student: EncoderStudent, jobs: Sequence[Reading], resumes: Sequence[Reading]
) -> list[list[Finding]]:
    return [student.findings(job, resume) for job, resume in zip(jobs, resumes, strict=True)]
