"""Trains an encoder student within a time budget, and goes on where a killed run stood.

The learning rate falls to zero over the budget, so that any budget ends well. Held-out triples
(other occupations) choose the checkpoint; after it the thresholds and the calibration of the
verdict are fitted on them, never on data that results are reported on.
"""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.records import Triple
from hrdistill.students.base import Progress, TrainingStep
from hrdistill.students.course import Course
from hrdistill.students.encoder.calibration import Readings, calibrate, dev_score, read_triples
from hrdistill.students.encoder.checkpoint import Checkpoint
from hrdistill.students.encoder.lexicon import Lexicon
from hrdistill.students.encoder.marks import N_VALUES
from hrdistill.students.encoder.material import Document, Documents, make_batches
from hrdistill.students.encoder.model import JOB, RESUME, EncoderModel
from hrdistill.students.encoder.reading import IGNORED, pad
from hrdistill.students.encoder.student import EncoderStudent, Settings, padded, padded_marks
from hrdistill.students.encoder.weights import load_backbone

MINUTES = 5.0
"""Time budget of a training where none is given."""
BACKBONE_RATE, HEADS_RATE = 1.5e-4, 1e-3
N_DEV, N_CALIBRATION = 48, 400
"""Triples that choose the checkpoint, and that thresholds and verdict are fitted on."""
ADAPT_MINUTES, N_FOLDS = 10.0, 3
"""Time budget of an adaptation where none is given, and the parts of its cross-fitting."""
_CHECKS = 5
_WARM_UP = 0.06
_SAVE_EVERY_S = 45.0


def fit(
    course: Course,
    *,
    out: Path,
    seed: int = 0,
    progress: Progress | None = None,
    minutes: float | None = None,
    base: str | None = None,
) -> EncoderStudent:
    """Trains, calibrates and saves a student.

    Args:
        course: triples to learn from and to calibrate on.
        out: the student's folder; an interrupted training in it goes on.
        seed: of order and initial heads.
        progress: called at each report.
        minutes: time budget of the training proper.
        base: pretrained encoder; see `weights.load_backbone`.

    Raises:
        StudentError: no requirement of the training data is named by its job descriptions.
    """
    torch.manual_seed(seed)
    backbone, tokenizer = load_backbone(base)
    model = EncoderModel(backbone, N_VALUES)
    student = EncoderStudent(
        model, tokenizer, starter_lexicon(), Settings.unfitted(), name=out.name
    )
    settings = _settings(course.triples, seed, MINUTES if minutes is None else minutes)
    settings["base"] = str(base) if base else None
    checkpoint = Checkpoint(out / "checkpoint", settings)
    held_out = list(course.held_out)
    run = _Run(student, course.triples, settings, checkpoint, dev=held_out, progress=progress)
    run.train()
    student.model.halve()
    readings = read_triples(student, held_out[:N_CALIBRATION])
    student.settings = calibrate(student, readings, seed=seed)
    student.manifest = {**settings, "steps": run.step, "n_seen": run.n_seen, "curve": run.curve}
    student.save(out)
    checkpoint.delete()
    return student


def adapt(
    student: EncoderStudent,
    triples: Sequence[Triple],
    *,
    out: Path,
    seed: int = 0,
    progress: Progress | None = None,
    minutes: float | None = None,
) -> EncoderStudent:
    """Trains a student further on a few triples of its user's own, and saves it elsewhere.

    Thresholds and calibration rest on the same triples, each read by a student that was adapted
    to the others alone (cross-fitting in `N_FOLDS` parts); then the student learns from all.

    Args:
        student: that goes on learning; it is changed.
        triples: to learn from; some 50 are enough to gain by.
        out: the folder of the adapted student; an interrupted adaptation in it goes on.
        seed: of order and folds.
        progress: called at each report.
        minutes: time budget of the trainings together.
    """
    settings = _settings(triples, seed, ADAPT_MINUTES if minutes is None else minutes)
    settings |= {"base": student.manifest.get("base"), "init": student.manifest.get("content")}
    folds = np.random.default_rng(seed).permutation(len(triples)) % N_FOLDS
    before = {k: v.clone() for k, v in student.model.tensors().items()}
    n_stages = N_FOLDS + 2  # the last training takes the time of two
    part = {**settings, "minutes": settings["minutes"] / n_stages}
    readings: Readings | None = None

    def staged(stage: int, span: int) -> Progress | None:
        if progress is None:
            return None
        return lambda s: progress(replace(s, fraction=(stage + span * s.fraction) / n_stages))

    for fold in range(N_FOLDS):
        own = [t for t, f in zip(triples, folds, strict=True) if f == fold]
        others = [t for t, f in zip(triples, folds, strict=True) if f != fold]
        student.model.load_tensors(before)
        student.forget()
        checkpoint = Checkpoint(out / "checkpoint" / f"fold-{fold}", part)
        _Run(student, others, part, checkpoint, progress=staged(fold, 1)).train()
        student.forget()
        read = read_triples(student, own)
        readings = read if readings is None else readings.joined(read)
    student.model.load_tensors(before)
    student.forget()
    part = {**settings, "minutes": 2 * settings["minutes"] / n_stages}
    run = _Run(
        student, triples, part, Checkpoint(out / "checkpoint" / "all", part),
        progress=staged(N_FOLDS, 2),
    )  # fmt: skip
    run.train()
    student.model.halve()
    student.forget()
    assert readings is not None
    student.settings = calibrate(student, readings, seed=seed)
    student.name = out.name
    student.manifest = {**settings, "steps": run.step, "n_seen": run.n_seen}
    student.save(out)
    shutil.rmtree(out / "checkpoint", ignore_errors=True)
    return student


def starter_lexicon() -> Lexicon:
    """Names and aliases of the skills of the starter graph."""
    skills = SkillOccupationGraph.starter().skills
    return Lexicon(name for skill in skills for name in (skill.name, *skill.aliases))


def _settings(triples: Sequence[Triple], seed: int, minutes: float) -> dict[str, Any]:
    """What makes one training another; also what the manifest says of it."""
    return {
        "seed": seed,
        "minutes": minutes,
        "n_triples": len(triples),
        "first": triples[0].id,
        "last": triples[-1].id,
    }


class _Run:
    """One training: its state, and the loop over batches."""

    def __init__(
        self,
        student: EncoderStudent,
        triples: Sequence[Triple],
        settings: dict[str, Any],
        checkpoint: Checkpoint,
        *,
        dev: Sequence[Triple] = (),
        progress: Progress | None = None,
    ) -> None:
        self.student, self.model = student, student.model
        self.dev, self.progress, self.checkpoint = dev, progress, checkpoint
        self.budget_s = 60 * float(settings["minutes"])
        rng = np.random.default_rng(settings["seed"])
        self.documents = Documents(triples, student.tokenizer, student.lexicon)
        self.batches = make_batches(triples, rng)
        backbone = [p for p in self.model.backbone.parameters() if p.requires_grad]
        parts = (self.model.tagger, self.model.kind, self.model.marks, self.model.mark_tagger)
        heads = [parameter for part in parts for parameter in part.parameters()]
        self.optimizer = torch.optim.AdamW(
            [{"params": backbone, "lr": BACKBONE_RATE}, {"params": heads, "lr": HEADS_RATE}],
            weight_decay=0.01,
        )
        self.rates = [BACKBONE_RATE, HEADS_RATE]
        self.step = self.n_seen = 0
        self.spent_s = 0.0
        self.best = -math.inf
        self.best_state: dict[str, Tensor] | None = None
        self.curve: list[dict[str, float | int | None]] = []

    def train(self) -> None:
        self._resume()
        losses: list[float] = []
        checks = [self.budget_s * (i + 1) / _CHECKS for i in range(_CHECKS)]
        checks = [c for c in checks if c > self.spent_s]
        saved_s = self.spent_s
        while self.spent_s < self.budget_s:
            start = time.perf_counter()
            losses.append(self._step())
            self.spent_s += time.perf_counter() - start
            if self.dev and checks and self.spent_s >= checks[0]:
                checks.pop(0)
                self._check(losses)
            elif self.step % 5 == 0:
                self._report(losses, None)
            if self.spent_s - saved_s > _SAVE_EVERY_S:
                saved_s = self.spent_s
                self._save()
        if self.best_state is None and self.dev:
            self._check(losses)
        if self.best_state is not None:
            self.model.load_tensors(self.best_state)
        self.model.eval()

    def _step(self) -> float:
        fraction = self.spent_s / self.budget_s
        scale = min(1.0, fraction / _WARM_UP + 0.02) * max(0.02, 1.0 - fraction)
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate * scale
        chosen = self.batches[self.step % len(self.batches)]
        self.model.train()
        tokenizer, loss = self.student.tokenizer, 0.0
        # The two resumes of a triple in turn: the second says less, in other words.
        resumes = ["matched_resume", "unmatched_resume"]
        draws = np.random.default_rng([self.step]).integers(2, size=len(chosen))
        for kind, names in ((JOB, ["job_description"] * len(chosen)),
                            (RESUME, [resumes[draw] for draw in draws])):  # fmt: skip
            batch = [self.documents.get(i, n) for i, n in zip(chosen, names, strict=True)]
            part = tagging_loss(self.model, batch, tokenizer, kind)
            part.backward()  # type: ignore[no-untyped-call]
            loss += float(part.detach())
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        self.n_seen += len(chosen)
        return loss

    def _check(self, losses: list[float]) -> None:
        """Measures on dev data, and keeps the weights where they are the best so far."""
        self.model.eval()
        self.student.forget()
        score = dev_score(self.student, self.dev[:N_DEV])
        self.student.forget()
        if score >= self.best:
            self.best = score
            self.best_state = {k: v.clone() for k, v in self.model.tensors().items()}
        self.curve.append(
            {
                "seconds": round(self.spent_s, 1),
                "step": self.step,
                "loss": round(float(np.mean(losses)), 4) if losses else None,
                "dev_score": round(float(score), 4),
            }
        )
        self._report(losses, score)
        losses.clear()

    def _report(self, losses: Sequence[float], score: float | None) -> None:
        if self.progress is not None:
            mean = float(np.mean(losses[-10:])) if losses else None
            fraction = min(1.0, self.spent_s / self.budget_s)
            self.progress(TrainingStep(fraction, self.step, mean, score))

    def _save(self) -> None:
        self.checkpoint.save(
            self.model,
            self.optimizer,
            best_state=self.best_state,
            step=self.step,
            n_seen=self.n_seen,
            spent_s=self.spent_s,
            best=self.best if self.best_state is not None else None,
            curve=self.curve,
        )

    def _resume(self) -> None:
        state = self.checkpoint.load(self.model, self.optimizer)
        if state is None:
            return
        self.step, self.n_seen = state["step"], state["n_seen"]
        self.spent_s, self.curve = state["spent_s"], state["curve"]
        if state["best"] is not None:
            self.best, self.best_state = state["best"], state["best_state"]


def tagging_loss(
    model: EncoderModel, documents: Sequence[Document], tokenizer: Any, kind: int
) -> Tensor:
    """Cross-entropy of the tags of documents of one kind, a scalar."""
    ids, mask = padded([d.ids for d in documents], tokenizer)
    marks = padded_marks([d.marks for d in documents], ids.shape[1])
    logits = model.tag_logits(ids, mask, marks, kind)
    answers = torch.from_numpy(pad([d.tags for d in documents])).flatten()
    return nn.functional.cross_entropy(logits.flatten(0, 1), answers, ignore_index=IGNORED)
