"""Thresholds and probabilities that are fitted behind the tagger, on readings of a tiny student."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("torch")

from hrdistill.benchmark import Benchmark
from hrdistill.errors import StudentError
from hrdistill.students.encoder.calibration import (
    Readings,
    calibrate,
    dev_score,
    read_triples,
)
from hrdistill.students.encoder.model import JOB, RESUME
from hrdistill.students.encoder.student import EncoderStudent, Settings
from hrdistill.text.names import match_soft


@pytest.fixture
def readings(tiny_student: EncoderStudent, benchmark: Benchmark) -> Readings:
    return read_triples(tiny_student, benchmark.triples[:60])


def test_each_document_is_read_as_what_it_is(readings: Readings, benchmark: Benchmark) -> None:
    for part, which in (
        (readings.jobs, "job_description"),
        (readings.matched, "matched_resume"),
        (readings.unmatched, "unmatched_resume"),
    ):
        assert [r.text for r in part] == [getattr(t, which) for t in benchmark.triples[:60]]
    assert any(job.required for job in readings.jobs)
    assert any(resume.history.entries for resume in readings.matched)


def test_readings_are_joined_in_order(tiny_student: EncoderStudent, benchmark: Benchmark) -> None:
    parts = [read_triples(tiny_student, benchmark.triples[a:b]) for a, b in ((0, 2), (2, 5))]
    joined = parts[0].joined(parts[1])
    assert joined.triples == list(benchmark.triples[:5])
    assert [r.text for r in joined.unmatched] == [t.unmatched_resume for t in joined.triples]
    assert len(joined.jobs) == len(joined.matched) == 5


def test_the_dev_score_is_the_f1_of_skills_read_off_jobs_and_matched_resumes(
    benchmark: Benchmark,
) -> None:
    class Reader:
        """Reads every skill off a job, and of a resume the first and one that is not there."""

        def read(self, texts: Sequence[str], kind: int) -> list[SimpleNamespace]:
            skills = {(JOB, t.job_description): t.context.skills for t in triples}
            skills |= {(RESUME, t.matched_resume): t.context.skills for t in triples}
            names = [[skill.name for skill in skills[kind, text]] for text in texts]
            if kind == RESUME:
                names = [[n[0].upper(), "Underwater Basketry"] for n in names]
            return [
                SimpleNamespace(skills=[SimpleNamespace(name=name) for name in n]) for n in names
            ]

    triples = benchmark.triples[:7]
    n_gold = sum(len(t.context.skills) for t in triples)
    right, predicted = n_gold + 7, n_gold + 14
    reader: EncoderStudent = Reader()  # type: ignore[assignment]
    assert dev_score(reader, triples) == pytest.approx(2 * right / (predicted + 2 * n_gold))
    assert dev_score(reader, []) == 0.0


def test_calibrated_settings_tell_what_is_met_and_who_matches(
    tiny_student: EncoderStudent, readings: Readings
) -> None:
    tiny_student.settings = Settings.unfitted()
    settings = calibrate(tiny_student, readings, seed=0)
    assert settings is tiny_student.settings
    assert settings.requirement.weights[0] > 0  # words that stand there
    assert 0.0 < settings.met_threshold < 1.0
    assert settings.verdict != Settings.unfitted().verdict
    kept: list[float] = []
    removed: list[float] = []
    for triple, job, resume in zip(
        readings.triples, readings.jobs, readings.unmatched, strict=True
    ):
        found = [f for f in tiny_student.findings(job, resume) if f.requirement.kind == "skill"]
        gone = {
            i for i, _ in match_soft([f.requirement.name for f in found], triple.removal.skills)
        }
        for i, finding in enumerate(found):
            (removed if i in gone else kept).append(finding.probability)
    assert removed
    assert np.mean(removed) < 0.4
    assert np.mean(kept) > 0.6
    triples = readings.triples
    jobs = [t.job_description for t in triples]
    scores = [
        tiny_student.score_many(list(zip(jobs, resumes, strict=True)))
        for resumes in ([t.matched_resume for t in triples], [t.unmatched_resume for t in triples])
    ]
    assert np.mean(scores[0]) > 0.5 > np.mean(scores[1])


def test_calibration_is_a_matter_of_its_readings(
    tiny_student: EncoderStudent, readings: Readings
) -> None:
    fitted = []
    for before in (Settings.unfitted(), replace(tiny_student.settings, met_threshold=0.9)):
        tiny_student.settings = before
        fitted.append(replace(calibrate(tiny_student, readings, seed=0)))
    assert fitted[0] == fitted[1]


def test_where_natural_triples_are_read_no_evidence_is_hidden(
    tiny_student: EncoderStudent, readings: Readings
) -> None:
    by_seed = [calibrate(tiny_student, readings, seed=seed).verdict for seed in (0, 1)]
    assert by_seed[0] != by_seed[1]  # hidden at random from what the offline teacher wrote
    natural = replace(readings, triples=[replace(t, provenance={}) for t in readings.triples])
    by_seed = [calibrate(tiny_student, natural, seed=seed).verdict for seed in (0, 1)]
    assert by_seed[0] == by_seed[1]


def test_jobs_that_no_requirement_can_be_read_from(
    tiny_student: EncoderStudent, benchmark: Benchmark
) -> None:
    mute = [replace(t, job_description="Job Title\nBaker") for t in benchmark.triples[:4]]
    with pytest.raises(StudentError, match="no requirement could be read from the held-out"):
        calibrate(tiny_student, read_triples(tiny_student, mute), seed=0)
