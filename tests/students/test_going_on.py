"""Students that go on from where they are: on triples of one's own, or on labelled pairs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hrdistill.benchmark import Benchmark
from hrdistill.errors import StudentError
from hrdistill.pairs import LabelledPair
from hrdistill.records import Triple
from hrdistill.storage import content_hash
from hrdistill.students import base
from hrdistill.students.base import load_student, recalibrate, train
from hrdistill.students.lexical import LexicalStudent


@pytest.fixture
def pairs(triples: list[Triple]) -> list[LabelledPair]:
    """Three that match to each that does not."""
    matched = [LabelledPair(t.job_description, t.matched_resume, True) for t in triples[:30]]
    unmatched = [LabelledPair(t.job_description, t.unmatched_resume, False) for t in triples[:10]]
    return matched + unmatched


def documents(pairs: list[LabelledPair]) -> list[tuple[str, str]]:
    return [(pair.job, pair.resume) for pair in pairs]


# On triples


def test_it_learns_from_the_given_triples_alone(
    student_folder: Path, tmp_path: Path, triples: list[Triple], monkeypatch: pytest.MonkeyPatch
) -> None:
    def make_course(*args: object, **kwargs: object) -> None:
        raise AssertionError("other triples were joined")

    monkeypatch.setattr(base, "make_course", make_course)
    out = tmp_path / "adapted"
    student = train(Benchmark(triples[:30]), init=student_folder, out=out, seed=2)
    assert (student.name, student.kind) == ("adapted", "lexical")
    assert student.manifest["n_triples"] == 30
    before = load_student(student_folder)
    assert student.verdict != before.verdict
    pair = (triples[0].job_description, triples[0].unmatched_resume)
    assert load_student(out).match(*pair) == student.match(*pair)


def test_the_student_gone_on_from_stays_as_it_is(
    student_folder: Path, tmp_path: Path, triples: list[Triple], pairs: list[LabelledPair]
) -> None:
    before = content_hash(student_folder)
    train(Benchmark(triples[:20]), init=str(student_folder), out=tmp_path / "a", kind="lexical")
    recalibrate(str(student_folder), pairs, out=tmp_path / "b")
    assert content_hash(student_folder) == before


def test_one_may_go_on_from_one_that_went_on(
    student_folder: Path, tmp_path: Path, triples: list[Triple], pairs: list[LabelledPair]
) -> None:
    train(Benchmark(triples[:20]), init=student_folder, out=tmp_path / "a")
    recalibrate(tmp_path / "a", pairs, out=tmp_path / "b")
    again = recalibrate(tmp_path / "b", pairs, out=tmp_path / "c")
    # Fitted to the same pairs once more, it moves no more than the fit's own pull to the middle.
    before = load_student(tmp_path / "b")
    assert again.score_many(documents(pairs)) == pytest.approx(
        before.score_many(documents(pairs)), abs=0.1
    )


def test_progress_of_an_adaptation_is_told(
    student_folder: Path, tmp_path: Path, triples: list[Triple]
) -> None:
    steps: list[base.TrainingStep] = []
    train(Benchmark(triples[:20]), init=student_folder, out=tmp_path / "a", progress=steps.append)
    assert steps
    assert all(0.0 <= step.fraction <= 1.0 for step in steps)


# On labelled pairs


def test_pairs_move_the_verdict_and_nothing_else(
    student_folder: Path, tmp_path: Path, pairs: list[LabelledPair]
) -> None:
    before = load_student(student_folder)
    after = recalibrate(student_folder, pairs, out=tmp_path / "moved")
    assert isinstance(before, LexicalStudent)
    assert isinstance(after, LexicalStudent)
    assert after.name == "moved"
    assert (after.requirement, after.met_threshold) == (before.requirement, before.met_threshold)
    old, new = (student.match_many(documents(pairs)) for student in (before, after))
    assert [match.findings for match in new] == [match.findings for match in old]
    by_old, by_new = ([match.probability for match in matches] for matches in (old, new))
    assert by_new != by_old
    assert np.argsort(by_old, kind="stable").tolist() == np.argsort(by_new, kind="stable").tolist()
    # On the pairs it was fitted to, it says yes as often as they do.
    assert np.mean(by_new) == pytest.approx(0.75, abs=1e-3)
    assert load_student(tmp_path / "moved").match_many(documents(pairs)) == new


def test_verdicts_move_to_where_the_pairs_say(
    student_folder: Path, tmp_path: Path, triples: list[Triple]
) -> None:
    """Somebody who thinks all but a few of the near misses good enough."""
    pairs = [LabelledPair(t.job_description, t.unmatched_resume, i % 8 != 0)
             for i, t in enumerate(triples[:80])]  # fmt: skip
    before, after = load_student(student_folder), recalibrate(student_folder, pairs, out=tmp_path)
    old, new = (np.mean(s.score_many(documents(pairs))) for s in (before, after))
    assert old < 0.5 < new


@pytest.mark.parametrize(
    ("n_match", "n_not"), [(5, 4), (9, 0), (20, 0), (0, 20), (0, 0)]
)  # fmt: skip
def test_too_few_pairs_or_of_one_label(
    student_folder: Path, tmp_path: Path, n_match: int, n_not: int
) -> None:
    pairs = [LabelledPair("Baker", "Ana", i < n_match) for i in range(n_match + n_not)]
    with pytest.raises(StudentError) as error:
        recalibrate(student_folder, pairs, out=tmp_path / "new")
    told = f"at least 10 labelled pairs of both labels, found {n_match} that match and {n_not} that"
    assert told in str(error.value)
    assert not (tmp_path / "new").exists()


# What both refuse


@pytest.mark.parametrize("how", ["triples", "pairs"])
class TestRefusals:
    @pytest.fixture
    def go_on(self, how: str, triples: list[Triple], pairs: list[LabelledPair]):
        def go(init: Path, out: Path) -> None:
            if how == "triples":
                train(Benchmark(triples[:20]), init=init, out=out)
            else:
                recalibrate(init, pairs, out=out)

        return go

    def test_into_its_own_folder(self, go_on, trained: LexicalStudent, tmp_path: Path) -> None:
        folder = tmp_path / "own"
        trained.save(folder)
        before = content_hash(folder)
        for out in (folder, tmp_path / "else" / ".." / "own"):
            with pytest.raises(StudentError, match="expected another folder than the student"):
                go_on(folder, out)
        assert content_hash(folder) == before

    def test_without_a_student(self, go_on, tmp_path: Path) -> None:
        with pytest.raises(StudentError, match="none does not exist"):
            go_on(tmp_path / "none", tmp_path / "new")
        (tmp_path / "empty").mkdir()
        with pytest.raises(StudentError, match=r"empty holds no manifest\.json"):
            go_on(tmp_path / "empty", tmp_path / "new")
        assert not (tmp_path / "new").exists()

    def test_into_a_folder_of_something_else(
        self, go_on, student_folder: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "thesis.txt").write_text("precious")
        with pytest.raises(StudentError, match=r"holds no student \(thesis\.txt"):
            go_on(student_folder, tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_another_kind_than_the_student_s_is_refused(
    student_folder: Path, tmp_path: Path, triples: list[Triple]
) -> None:
    with pytest.raises(StudentError, match="expected a student of kind encoder, found lexical"):
        train(Benchmark(triples), kind="encoder", init=student_folder, out=tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_too_few_triples_to_go_on_with(
    student_folder: Path, tmp_path: Path, triples: list[Triple]
) -> None:
    with pytest.raises(StudentError, match="at least 10 triples to train on, found 9"):
        train(Benchmark(triples[:9]), init=student_folder, out=tmp_path / "new")
