"""What holds for every kind of student: folders, refusals, one as many."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hrdistill.benchmark import Benchmark
from hrdistill.errors import StudentError
from hrdistill.records import Triple
from hrdistill.students.base import check_free, load_student, student_class, train
from hrdistill.students.lexical import LexicalStudent
from hrdistill.tasks import Edit


@pytest.fixture
def folder(student_folder: Path, tmp_path: Path) -> Path:
    """A copy of a student that may be damaged."""
    return Path(shutil.copytree(student_folder, tmp_path / "copy"))


def rewrite(path: Path, change: Callable[[dict], None]) -> None:
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def test_a_student_is_called_after_its_folder(folder: Path) -> None:
    student = load_student(folder)
    assert (student.name, student.kind) == ("copy", "lexical")
    assert load_student(str(folder)).name == "copy"


def test_the_manifest_says_what_it_was_made_from(folder: Path, triples: list[Triple]) -> None:
    manifest = load_student(folder).manifest
    assert (manifest["kind"], manifest["student"]) == ("student", "lexical")
    assert manifest["seed"] == 5
    assert 0.8 * len(triples) < manifest["n_triples"] <= len(triples)


def test_an_absent_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudentError, match="does not exist"):
        load_student(tmp_path / "none")


def test_a_half_written_student_is_refused(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    with pytest.raises(StudentError, match="holds no manifest"):
        load_student(folder)


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_another_format_version_is_refused(folder: Path, version: object) -> None:
    rewrite(folder / "manifest.json", lambda m: m.update(format_version=version))
    with pytest.raises(StudentError, match=r"format version .* but this hrdistill reads version 1"):
        load_student(folder)


def test_another_kind_of_folder_is_refused(folder: Path) -> None:
    rewrite(folder / "manifest.json", lambda m: m.update(kind="triples"))
    with pytest.raises(StudentError, match="expected a manifest of kind 'student'"):
        load_student(folder)


@pytest.mark.parametrize("kind", ["oracle", None])
def test_an_unknown_kind_of_student_is_refused(folder: Path, kind: object) -> None:
    rewrite(folder / "manifest.json", lambda m: m.update(student=kind))
    with pytest.raises(StudentError, match="expected one of lexical, encoder"):
        load_student(folder)


@pytest.mark.parametrize("content", ["", "{", "[1, 2]", "\x00"])
def test_a_damaged_manifest_is_refused(folder: Path, content: str) -> None:
    (folder / "manifest.json").write_text(content)
    with pytest.raises(StudentError, match=r"manifest\.json"):
        load_student(folder)


def test_missing_weights_are_refused(folder: Path) -> None:
    (folder / "weights.json").unlink()
    with pytest.raises(StudentError, match=r"weights\.json .*train it again"):
        load_student(folder)


def test_cut_weights_are_refused(folder: Path) -> None:
    path = folder / "weights.json"
    path.write_text(path.read_text()[:40])
    with pytest.raises(StudentError, match=r"weights\.json.*train it again"):
        load_student(folder)


def test_unknown_kinds_are_not_trained(tmp_path: Path, triples: list[Triple]) -> None:
    with pytest.raises(StudentError, match="found 'oracle'"):
        train(Benchmark(triples), kind="oracle", out=tmp_path / "new")
    with pytest.raises(StudentError, match="found ''"):
        student_class("")


def test_too_few_triples_are_refused(tmp_path: Path, triples: list[Triple]) -> None:
    with pytest.raises(StudentError, match="at least 10 triples to train on, found 9"):
        train(Benchmark(triples[:9]), kind="lexical", out=tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_folder_that_holds_something_else_is_left_alone(
    tmp_path: Path, triples: list[Triple]
) -> None:
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(StudentError, match=r"holds no student \(thesis\.txt"):
        train(Benchmark(triples), kind="lexical", out=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_free_folders(tmp_path: Path, folder: Path) -> None:
    assert check_free(tmp_path / "new") == tmp_path / "new"
    (tmp_path / "empty").mkdir()
    assert check_free(str(tmp_path / "empty")) == tmp_path / "empty"
    assert check_free(folder) == folder  # a student may be trained again
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "checkpoint").touch()
    assert check_free(tmp_path / "broken") == tmp_path / "broken"


def test_training_again_overwrites(folder: Path, triples: list[Triple]) -> None:
    few, dev = Benchmark(triples[:40]), Benchmark(triples[40:60])
    train(few, kind="lexical", out=folder, seed=1, dev=dev, written=False)
    assert load_student(folder).manifest["n_triples"] == 40


def test_one_is_answered_as_many_are(trained: LexicalStudent, triples: list[Triple]) -> None:
    triple = triples[0]
    job, resume = triple.job_description, triple.matched_resume
    edit = Edit(remove_skills=triple.removal.skills)
    assert [trained.match(job, resume)] == trained.match_many([(job, resume)])
    assert trained.score_many([(job, resume)]) == [trained.match(job, resume).probability]
    assert trained.explain(job, resume) == trained.match(job, resume).findings
    assert [trained.extract(resume)] == trained.extract_many([resume])
    assert [trained.edit(resume, edit)] == trained.edit_many([resume], [edit])


def test_progress_is_reported_from_start_on(tmp_path: Path, triples: list[Triple]) -> None:
    steps = []
    train(
        Benchmark(triples), kind="lexical", out=tmp_path / "new", progress=steps.append,
        written=False,
    )  # fmt: skip
    fractions = [step.fraction for step in steps]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0.0
    assert all(0 <= fraction <= 1 for fraction in fractions)
