"""The lexical student: what it learns, that it comes back from disk, that its evidence is real."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.benchmark import Benchmark
from hrdistill.records import Experience, Triple
from hrdistill.students.base import load_student, train
from hrdistill.students.editing import locate_mentions
from hrdistill.students.lexical import LexicalStudent
from hrdistill.students.verdict import FEATURES, Calibrator
from hrdistill.tasks import Edit, Extraction
from hrdistill.tasks.edit import edits_of

JOB = """## Job Title
Baker

## Required Skills
- Bread Baking
- Food Safety

## Required Experience
- 3 years as a Baker
"""
RESUME = """## Personal Information
Name: Ana Ruiz

## Skills
- Bread baking
- Food Safety

## Experience
- Baker (2018 - 2021)
- Line Cook (2015 - 2018)
"""

documents = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.sampled_from([*JOB.split("\n"), *RESUME.split("\n"), "3 years", "2019 -", "**", "a: b"]),
        max_size=25,
    ).map("\n".join),
)


def test_it_gives_the_same_answers_from_disk(
    trained: LexicalStudent, tmp_path: Path, triples: list[Triple]
) -> None:
    trained.save(tmp_path / "copy")
    loaded = load_student(tmp_path / "copy")
    assert isinstance(loaded, LexicalStudent)
    for part in ("requirement", "met_threshold", "verdict"):
        assert getattr(loaded, part) == getattr(trained, part)
    pairs = [(t.job_description, t.unmatched_resume) for t in triples[:30]]
    resumes = [resume for _, resume in pairs]
    edits = [edits_of(t)[1] for t in triples[:30]]
    assert loaded.match_many(pairs) == trained.match_many(pairs)
    assert loaded.extract_many(resumes) == trained.extract_many(resumes)
    assert loaded.edit_many(resumes, edits) == trained.edit_many(resumes, edits)


def test_training_again_gives_the_same_bytes(
    student_folder: Path, tmp_path: Path, triples: list[Triple]
) -> None:
    train(Benchmark(triples), kind="lexical", out=tmp_path / "baseline", seed=5, written=False)
    for path in student_folder.iterdir():
        assert (tmp_path / "baseline" / path.name).read_bytes() == path.read_bytes()


def test_a_loaded_student_saves_the_same_bytes(student_folder: Path, tmp_path: Path) -> None:
    load_student(student_folder).save(tmp_path / "copy")
    for path in student_folder.iterdir():
        assert (tmp_path / "copy" / path.name).read_bytes() == path.read_bytes()


def test_it_learns_which_way_the_evidence_points(trained: LexicalStudent) -> None:
    assert trained.requirement.weights[0] > 0  # more overlap, likelier met
    perfect, poor = [0.0] * len(FEATURES), [2.0, 0.5, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    high, low = trained.verdict.probability([perfect, poor]).tolist()
    assert high > 0.5 > low


def test_it_separates_what_it_was_trained_on(
    trained: LexicalStudent, triples: list[Triple]
) -> None:
    matched = trained.match_many([(t.job_description, t.matched_resume) for t in triples])
    unmatched = trained.match_many([(t.job_description, t.unmatched_resume) for t in triples])
    ordered = [a.probability > b.probability for a, b in zip(matched, unmatched, strict=True)]
    assert sum(ordered) / len(ordered) > 0.85


def test_findings_by_hand(trained: LexicalStudent) -> None:
    resume = RESUME.replace("- Food Safety\n", "").replace("2018 - 2021", "2020 - 2021")
    match = trained.match(JOB, resume)
    bread, safety, baker = match.findings
    assert [f.requirement.name for f in match.findings] == ["Bread Baking", "Food Safety", "Baker"]
    assert [f.status for f in match.findings] == ["met", "missing", "partial"]
    assert bread.evidence is not None
    assert resume[bread.evidence.start : bread.evidence.end] == "Bread baking"
    assert safety.evidence is None
    assert baker.evidence is not None
    assert resume[baker.evidence.start : baker.evidence.end] == "Baker (2020 - 2021)"
    assert (baker.requirement.years, baker.shown_years) == (3.0, 1.0)
    assert not match.verdict
    assert trained.match(JOB, RESUME).verdict


@pytest.mark.parametrize(("threshold", "status"), [(0.4, "met"), (0.6, "missing")])
def test_what_is_called_missing_cites_nothing(threshold: float, status: str) -> None:
    requirement = Calibrator((0.0,), 0.0)  # says 0.5 of everything
    student = LexicalStudent(
        requirement, Calibrator((0.0,) * len(FEATURES), 0.0), met_threshold=threshold
    )
    skills = [f for f in student.explain(JOB, RESUME) if f.requirement.kind == "skill"]
    assert [f.status for f in skills] == [status, status]
    assert [f.evidence is None for f in skills] == [status == "missing"] * 2


def test_extraction_by_hand(trained: LexicalStudent) -> None:
    assert trained.extract(RESUME) == Extraction(
        ("Bread baking", "Food Safety"),
        (Experience("Baker", 2018, 2021), Experience("Line Cook", 2015, 2018)),
    )
    assert trained.extract("") == Extraction((), ())


def test_requirements_cite_the_job_description(
    trained: LexicalStudent, triples: list[Triple]
) -> None:
    for triple in triples[:50]:
        job = triple.job_description
        for finding in trained.explain(job, triple.matched_resume):
            requirement = finding.requirement
            assert requirement.span is not None
            quote = job[requirement.span.start : requirement.span.end]
            assert quote
            if requirement.kind == "skill":
                assert quote == requirement.name


def check(trained: LexicalStudent, job: str, resume: str) -> None:
    match = trained.match(job, resume)
    assert 0.0 <= match.probability <= 1.0
    assert match.verdict == (match.probability >= 0.5)
    for finding in match.findings:
        assert 0.0 <= finding.probability <= 1.0
        threshold = trained.met_threshold if finding.requirement.kind == "skill" else 0.5
        assert (finding.status == "met") == (finding.probability >= threshold)
        if finding.status == "missing":
            assert finding.evidence is None
        else:
            assert finding.evidence is not None
        if (span := finding.evidence) is not None:
            assert 0 <= span.start < span.end <= len(resume)


def test_evidence_lies_in_the_resume(trained: LexicalStudent, triples: list[Triple]) -> None:
    for triple in triples:
        check(trained, triple.job_description, triple.matched_resume)
        check(trained, triple.job_description, triple.unmatched_resume)


@given(documents, documents)
def test_any_two_texts_are_answered(trained: LexicalStudent, job: str, resume: str) -> None:
    check(trained, job, resume)
    trained.extract(resume)


def test_the_order_of_pairs_is_kept(trained: LexicalStudent, triples: list[Triple]) -> None:
    pairs = [(t.job_description, t.matched_resume) for t in triples[:10]]
    assert trained.match_many(pairs[::-1]) == trained.match_many(pairs)[::-1]
    assert trained.match_many([]) == []
    assert trained.extract_many([]) == []
    assert trained.edit_many([], []) == []


def test_scores_are_the_probabilities_of_matches(
    trained: LexicalStudent, triples: list[Triple]
) -> None:
    jobs = [t.job_description for t in triples[:6]] + ["", "Job Title: Baker"]
    resumes = [t.matched_resume for t in triples[:6]] + [triples[0].unmatched_resume, ""]
    pairs = [(job, resume) for resume in resumes for job in jobs]
    expected = [match.probability for match in trained.match_many(pairs)]
    assert trained.score_many(pairs) == pytest.approx(expected, abs=1e-9)
    assert trained.score_many([]) == []


def test_each_resume_needs_its_edit(trained: LexicalStudent) -> None:
    with pytest.raises(ValueError, match="shorter"):
        trained.edit_many([RESUME, RESUME], [Edit()])


@pytest.mark.parametrize(
    ("name", "quotes"),
    [
        ("Bread Baking", ["Bread baking"]),
        ("Baking Bread", []),
        ("Food Safety Skills", ["Food Safety"]),
        ("Cook", ["Cook"]),
        ("Oven", []),
    ],
)
def test_where_a_skill_is_named(name: str, quotes: list[str]) -> None:
    assert [RESUME[s.start : s.end] for s in locate_mentions(RESUME, name)] == quotes


def test_no_torch_is_loaded(student_folder: Path) -> None:
    code = (
        "import sys\n"
        "from hrdistill import Edit, load_student\n"
        f"student = load_student({str(student_folder)!r})\n"
        f"student.match({JOB!r}, {RESUME!r})\n"
        f"student.extract({RESUME!r})\n"
        f"student.edit({RESUME!r}, Edit(remove_skills=('Food Safety',)))\n"
        "heavy = {'torch', 'transformers', 'tensorflow', 'ray'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
