"""Training and adaptation of a tiny encoder on a clock of their own: a budget is a number of steps.

`STEP_S` seconds pass at each step, of 4 triples: a budget of a tenth of a minute is 24 steps.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

import torch

from hrdistill.benchmark import Benchmark
from hrdistill.errors import StudentError
from hrdistill.storage import content_hash
from hrdistill.students.base import TrainingStep, load_student, train
from hrdistill.students.encoder import material, training
from hrdistill.students.encoder.student import EncoderStudent

STEP_S = 0.25
STEPS_25 = 25 * STEP_S / 60 - 1e-6
"""Minutes of an adaptation in three trainings of 5 steps and one of 10; every fifth is told."""


@pytest.fixture(autouse=True, scope="module")
def clock() -> Iterator[None]:
    ticks = count(step=STEP_S)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "time", SimpleNamespace(perf_counter=lambda: next(ticks)))
        patch.setattr(material, "BATCH_TRIPLES", 4)
        yield


@pytest.fixture
def saving(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step is saved."""
    monkeypatch.setattr(training, "_SAVE_EVERY_S", 0.0)


def interrupt_at(n: int) -> Callable[[TrainingStep], None]:
    """A progress callback that interrupts at its n-th call."""
    calls = count(1)

    def progress(step: TrainingStep) -> None:
        if next(calls) == n:
            raise KeyboardInterrupt

    return progress


def state_of(folder: Path) -> dict[str, Any]:
    state: dict[str, Any] = json.loads((folder / "state.json").read_text())["state"]
    return state


# Training


@pytest.fixture
def options(tiny_base: Path, tmp_path: Path) -> dict[str, Any]:
    return {"kind": "encoder", "base": str(tiny_base), "written": False, "out": tmp_path / "new"}


@pytest.mark.usefixtures("saving")
def test_interrupted_training_goes_on(benchmark: Benchmark, options: dict[str, Any]) -> None:
    out = options["out"]
    with pytest.raises(KeyboardInterrupt):
        train(benchmark, minutes=0.05, progress=interrupt_at(2), **options)
    state = state_of(out / "checkpoint")
    assert state["step"] >= 1
    assert not (out / "manifest.json").exists()
    steps: list[int] = []
    student = train(benchmark, minutes=0.05, progress=lambda s: steps.append(s.step), **options)
    assert min(steps) > state["step"]
    assert student.manifest["steps"] == 12
    assert student.manifest["n_seen"] > state["n_seen"]
    assert not (out / "checkpoint").exists()


@pytest.mark.usefixtures("saving")
def test_checkpoint_of_other_settings_is_refused(
    benchmark: Benchmark, options: dict[str, Any]
) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(benchmark, minutes=0.05, progress=interrupt_at(2), **options)
    before = content_hash(options["out"])
    with pytest.raises(StudentError, match="minutes"):
        train(benchmark, minutes=0.06, **options)
    with pytest.raises(StudentError, match="seed"):
        train(benchmark, minutes=0.05, seed=1, **options)
    with pytest.raises(StudentError, match="n_triples"):
        train(Benchmark(benchmark.triples[:60]), minutes=0.05, **options)
    assert content_hash(options["out"]) == before


def test_benchmark_without_readable_skills(benchmark: Benchmark, options: dict[str, Any]) -> None:
    mute = [replace(t, job_description="Job Title\nBaker") for t in benchmark]
    with pytest.raises(StudentError, match="requirement"):
        train(Benchmark(mute), minutes=0.01, **options)
    assert not (options["out"] / "manifest.json").exists()


def test_training_lowers_the_loss(benchmark: Benchmark, options: dict[str, Any]) -> None:
    steps: list[TrainingStep] = []
    train(benchmark, minutes=0.1, progress=steps.append, **options)
    losses = [step.loss for step in steps if step.loss is not None]
    assert losses[-1] < 0.8 * losses[0]
    fractions = [step.fraction for step in steps]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert [step.dev_score for step in steps if step.dev_score is not None]


# Adaptation


@pytest.fixture(scope="module")
def own(benchmark: Benchmark) -> Benchmark:
    """Triples of one's own."""
    return Benchmark([replace(t, provenance={}) for t in benchmark.triples[:30]])


@pytest.fixture(scope="module")
def adapted_folder(
    tiny_folder: Path, own: Benchmark, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A student that went on; not to be written to."""
    folder = tmp_path_factory.mktemp("adapted") / "adapted"
    student = train(own, init=tiny_folder, out=folder, minutes=0.1)
    assert (student.name, student.kind) == ("adapted", "encoder")
    return folder


@pytest.fixture
def adapted(adapted_folder: Path) -> EncoderStudent:
    student = load_student(adapted_folder)
    assert isinstance(student, EncoderStudent)
    return student


def test_adaptation_changes_what_training_changes(
    tiny_folder: Path, tiny_student: EncoderStudent, adapted: EncoderStudent
) -> None:
    before, after = tiny_student.model.state_dict(), adapted.model.state_dict()
    trained = tiny_student.model.tensors()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed <= set(trained)
    for part in ("tagger.", "kind.", "marks.", "mark_tagger.", "backbone.encoder.layer.2."):
        assert any(name.startswith(part) for name in changed), part


def test_adaptation_leaves_the_student_gone_on_from_as_it_is(
    tiny_folder: Path, own: Benchmark, tmp_path: Path
) -> None:
    before = content_hash(tiny_folder)
    train(own, init=tiny_folder, out=tmp_path / "adapted", minutes=0.02)
    assert content_hash(tiny_folder) == before


def test_an_adapted_student_answers_from_disk_as_it_did(
    tiny_folder: Path, tmp_path: Path, own: Benchmark
) -> None:
    student = train(own, init=tiny_folder, out=tmp_path / "adapted", minutes=0.05)
    assert isinstance(student, EncoderStudent)
    assert {path.name for path in (tmp_path / "adapted").iterdir()} == {
        "base", "lexicon.txt", "manifest.json", "model.safetensors", "settings.json"
    }  # fmt: skip
    loaded = load_student(tmp_path / "adapted")
    assert isinstance(loaded, EncoderStudent)
    assert (loaded.manifest["n_triples"], loaded.manifest["steps"]) == (30, 5)
    assert loaded.settings == student.settings
    # Weights are halved before anything is fitted on what they read.
    for name, value in loaded.model.tensors().items():
        assert torch.equal(value, student.model.tensors()[name]), name
    pairs = [(t.job_description, t.unmatched_resume) for t in own.triples[:5]]
    before, after = student.match_many(pairs), loaded.match_many(pairs)
    assert [m.probability for m in after] == pytest.approx([m.probability for m in before])
    assert [len(m.findings) for m in after] == [len(m.findings) for m in before]


def test_an_adapted_student_is_calibrated_anew(
    tiny_student: EncoderStudent, adapted: EncoderStudent
) -> None:
    before, after = tiny_student.settings, adapted.settings
    assert after.requirement != before.requirement
    assert after.verdict != before.verdict


class Spy:
    """The trainings of an adaptation and what was read after each."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.learned: list[list[str]] = []
        self.minutes: list[float] = []
        self.begun_with: list[dict[str, Any]] = []
        self.read: list[tuple[int, list[str]]] = []
        self.calibrated: list[list[str]] = []
        run, read, calibrate = training._Run, training.read_triples, training.calibrate

        class Run(run):  # type: ignore[misc, valid-type]
            def __init__(own, student, triples, settings, checkpoint, **more) -> None:  # noqa: N805
                self.learned.append([t.id for t in triples])
                self.minutes.append(settings["minutes"])
                weights = {k: v.clone() for k, v in student.model.tensors().items()}
                self.begun_with.append(weights)
                super().__init__(student, triples, settings, checkpoint, **more)

        def read_triples(student, triples):
            self.read.append((len(self.learned), [t.id for t in triples]))
            return read(student, triples)

        def calibrated(student, readings, *, seed):
            self.calibrated.append([t.id for t in readings.triples])
            return calibrate(student, readings, seed=seed)

        monkeypatch.setattr(training, "_Run", Run)
        monkeypatch.setattr(training, "read_triples", read_triples)
        monkeypatch.setattr(training, "calibrate", calibrated)


def test_thresholds_rest_on_triples_that_were_read_before_they_were_learned(
    tiny_folder: Path, tiny_student: EncoderStudent, own: Benchmark, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    spy = Spy(monkeypatch)
    train(own, init=tiny_folder, out=tmp_path / "adapted", minutes=STEPS_25)
    every = sorted(t.id for t in own)
    *folds, last = spy.learned
    assert len(folds) == len(spy.read) == 3
    assert sorted(last) == every
    for stage, (n_trainings, ids) in enumerate(spy.read):
        assert n_trainings == stage + 1
        assert len(ids) == 10
        assert sorted([*spy.learned[stage], *ids]) == every
    assert sorted(i for _, ids in spy.read for i in ids) == every
    assert sorted(spy.calibrated[0]) == every
    assert len(spy.calibrated) == 1
    # Each training begins with the weights of the student gone on from, and all take the budget.
    for weights in spy.begun_with:
        for name, value in tiny_student.model.tensors().items():
            assert torch.equal(weights[name], value), name
    assert sum(spy.minutes) == pytest.approx(STEPS_25)
    assert spy.minutes[-1] == pytest.approx(2 * spy.minutes[0])


def test_progress_of_an_adaptation_is_one_of_all_its_trainings(
    tiny_folder: Path, own: Benchmark, tmp_path: Path
) -> None:
    told: list[float] = []
    train(own, init=tiny_folder, out=tmp_path / "adapted", minutes=STEPS_25,
          progress=lambda s: told.append(s.fraction))  # fmt: skip
    assert told == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0], abs=0.01)


@pytest.mark.usefixtures("saving")
def test_an_interrupted_adaptation_goes_on(
    tiny_folder: Path, own: Benchmark, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "adapted"
    with pytest.raises(KeyboardInterrupt):
        train(own, init=tiny_folder, out=out, minutes=STEPS_25, progress=interrupt_at(2))
    assert not (out / "manifest.json").exists()
    state = {p.name: state_of(p)["step"] for p in (out / "checkpoint").iterdir()}
    assert state == {"fold-0": 5, "fold-1": 4}
    trained: list[int] = []
    step = training._Run._step

    def counted(run: Any) -> float:
        trained.append(run.step)
        return step(run)

    monkeypatch.setattr(training._Run, "_step", counted)
    student = train(own, init=tiny_folder, out=out, minutes=STEPS_25)
    assert trained == [4, *range(5), *range(10)]  # the first is done, the second at its end
    assert student.manifest["steps"] == 10
    assert not (out / "checkpoint").exists()
    assert load_student(out).manifest == {**load_student(out).manifest, **student.manifest}


@pytest.mark.usefixtures("saving")
def test_an_interrupted_adaptation_with_other_settings_is_refused(
    tiny_folder: Path, own: Benchmark, tmp_path: Path
) -> None:
    given: dict[str, Any] = {"init": tiny_folder, "out": tmp_path / "adapted"}
    with pytest.raises(KeyboardInterrupt):
        train(own, minutes=STEPS_25, progress=interrupt_at(1), **given)
    before = content_hash(tmp_path / "adapted")
    for other, named in (
        ({"benchmark": own, "minutes": 2 * STEPS_25}, "minutes"),
        ({"benchmark": own, "minutes": STEPS_25, "seed": 3}, "seed"),
        ({"benchmark": Benchmark(own.triples[:25]), "minutes": STEPS_25}, "n_triples"),
    ):
        with pytest.raises(StudentError, match=f"interrupted training with other.*{named}"):
            train(**other, **given)
    assert content_hash(tmp_path / "adapted") == before


def test_triples_without_readable_skills_make_no_student(
    tiny_folder: Path, own: Benchmark, tmp_path: Path
) -> None:
    mute = [replace(t, job_description="Job Title\nBaker") for t in own]
    with pytest.raises(StudentError, match="no requirement could be read"):
        train(Benchmark(mute), init=tiny_folder, out=tmp_path / "adapted", minutes=0.02)
    assert not (tmp_path / "adapted" / "manifest.json").exists()
