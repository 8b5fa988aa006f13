"""Trains an encoder student within a time budget, and goes on where a killed run stood.

The learning rate falls to zero over the budget, so that any budget ends well. Held-out triples
(other occupations) choose the checkpoint; after it the thresholds and the calibration of the
verdict are fitted on them, never on data that results are reported on.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from hrdistill.benchmark import Benchmark
from hrdistill.errors import StudentError
from hrdistill.records import Skill, Span, Triple
from hrdistill.students.base import Progress, TrainingStep
from hrdistill.students.encoder.checkpoint import Checkpoint
from hrdistill.students.encoder.model import JOB, RESUME, EncoderModel
from hrdistill.students.encoder.reading import (
    IGNORED,
    WINDOW,
    Tokens,
    pad,
    tag_labels,
    tokenize,
)
from hrdistill.students.encoder.student import EncoderStudent, Settings, padded
from hrdistill.students.encoder.weights import load_backbone
from hrdistill.students.verdict import Calibrator, best_threshold, fit_verdict
from hrdistill.text.mentions import find_mentions, surface_forms
from hrdistill.text.names import match_soft

MINUTES = 5.0
"""Time budget of a training where none is given."""
BATCH_TRIPLES = 12
BACKBONE_RATE, HEADS_RATE = 1.5e-4, 1e-3
N_DEV, N_CALIBRATION = 32, 160
"""Triples that choose the checkpoint, and that thresholds and verdict are fitted on."""
_CHECKS = 5
_EPOCHS, _POOL = 8, 128
_WARM_UP = 0.06
_SAVE_EVERY_S = 45.0


def fit(
    benchmark: Benchmark,
    *,
    out: Path,
    seed: int = 0,
    dev: Benchmark | None = None,
    progress: Progress | None = None,
    minutes: float | None = None,
    base: str | None = None,
) -> EncoderStudent:
    """Trains, calibrates and saves a student.

    Args:
        benchmark: triples to learn from.
        out: the student's folder; an interrupted training in it goes on.
        seed: of order and initial heads.
        dev: held-out triples; a tenth of `benchmark`, by occupation, where there are none.
        progress: called at each report.
        minutes: time budget of the training proper.
        base: pretrained encoder; see `weights.load_backbone`.

    Raises:
        StudentError: no requirement of the training data is named by its job descriptions.
    """
    train_triples, dev_triples = _held_out(benchmark, dev)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    backbone, tokenizer = load_backbone(base)
    model = EncoderModel(backbone)
    student = EncoderStudent(model, tokenizer, Settings.unfitted(), name=out.name)
    budget_s = 60 * (MINUTES if minutes is None else minutes)
    settings = {
        "seed": seed,
        "minutes": budget_s / 60,
        "base": str(base) if base else None,
        "n_triples": len(train_triples),
        "first": train_triples[0].id,
        "last": train_triples[-1].id,
    }
    checkpoint = Checkpoint(out / "checkpoint", settings)
    run = _Run(
        student,
        triples=train_triples,
        dev=dev_triples,
        budget_s=budget_s,
        rng=rng,
        progress=progress,
        checkpoint=checkpoint,
    )
    run.train()
    student.settings = calibrate(student, dev_triples[:N_CALIBRATION], seed=seed)
    student.manifest = {**settings, "steps": run.step, "n_seen": run.n_seen, "curve": run.curve}
    student.save(out)
    checkpoint.delete()
    return student


def _held_out(benchmark: Benchmark, dev: Benchmark | None) -> tuple[list[Triple], list[Triple]]:
    if dev is not None and len(dev) >= 10:
        return list(benchmark), list(dev)
    groups = sorted({t.context.occupation.id for t in benchmark})
    chosen = set(np.random.default_rng(0).permutation(groups)[: max(1, len(groups) // 10)])
    train = [t for t in benchmark if t.context.occupation.id not in chosen]
    held = [t for t in benchmark if t.context.occupation.id in chosen]
    return (train, held) if len(held) >= 5 and train else (list(benchmark), list(benchmark)[:20])


class _Run:
    """One training: its state, and the loop over batches."""

    def __init__(
        self,
        student: EncoderStudent,
        *,
        triples: list[Triple],
        dev: list[Triple],
        budget_s: float,
        rng: np.random.Generator,
        progress: Progress | None,
        checkpoint: Checkpoint,
    ) -> None:
        self.student, self.model = student, student.model
        self.triples, self.dev = triples, dev
        self.budget_s, self.rng, self.progress = budget_s, rng, progress
        self.checkpoint = checkpoint
        self.batches = _batches(triples, rng)
        backbone = [p for p in self.model.backbone.parameters() if p.requires_grad]
        heads = [*self.model.tagger.parameters(), *self.model.kind.parameters()]
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
            if checks and self.spent_s >= checks[0]:
                checks.pop(0)
                self._check(losses)
            elif self.step % 5 == 0:
                self._report(losses, None)
            if self.spent_s - saved_s > _SAVE_EVERY_S:
                saved_s = self.spent_s
                self._save()
        if self.best_state is None:
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
        loss = tagging_loss(self.model, [self.triples[i] for i in chosen], self.student.tokenizer)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        self.n_seen += len(chosen)
        return float(loss.detach())

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


def _batches(triples: Sequence[Triple], rng: np.random.Generator) -> list[list[int]]:
    """A few epochs of batches whose documents are of like length: less padding, same mixture."""
    lengths = np.array([len(t.job_description) + len(t.matched_resume) for t in triples])
    batches: list[list[int]] = []
    for _ in range(_EPOCHS):
        order = rng.permutation(len(triples))
        epoch: list[list[int]] = []
        for start in range(0, len(order), _POOL):
            pool = order[start : start + _POOL]
            pool = pool[np.argsort(lengths[pool], kind="stable")]
            epoch += [
                pool[i : i + BATCH_TRIPLES].tolist() for i in range(0, len(pool), BATCH_TRIPLES)
            ]
        batches += [epoch[i] for i in rng.permutation(len(epoch))]
    return batches


def _forms(skill: Skill) -> tuple[str, ...]:
    return surface_forms(skill.name, skill.aliases)


def _without_overlaps(spans: list[Span]) -> list[Span]:
    """Longest spans first; a mention inside a longer one is part of it."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start - s.end):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return kept


def tagging_loss(model: EncoderModel, triples: Sequence[Triple], tokenizer: Any) -> Tensor:
    """Cross-entropy of the tags of jobs and matched resumes, a scalar.

    The unmatched resume says less of the same, so that reading it would teach little.
    """
    loss = torch.zeros(())
    for kind, texts in (
        (JOB, [t.job_description for t in triples]),
        (RESUME, [t.matched_resume for t in triples]),
    ):
        tokens = tokenize(texts, tokenizer)
        rows, labels = [], []
        for triple, text, token in zip(triples, texts, tokens, strict=True):
            cut = Tokens(token.ids[: WINDOW - 2], token.offsets[: WINDOW - 2])
            spans = [
                s for skill in triple.context.skills for s in find_mentions(text, _forms(skill))
            ]
            tags = tag_labels(cut, _without_overlaps(spans))
            rows.append(cut.ids)
            labels.append(np.concatenate([[IGNORED], tags, [IGNORED]]))
        logits = model.tag_logits(*padded(rows, tokenizer), kind)
        answers = torch.from_numpy(pad(labels)).flatten()
        loss = loss + nn.functional.cross_entropy(
            logits.flatten(0, 1), answers, ignore_index=IGNORED
        )
    return loss


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


def calibrate(student: EncoderStudent, triples: Sequence[Triple], *, seed: int) -> Settings:
    """Fits calibration and threshold on held-out triples, one after the other.

    Returns:
        Settings: the probability that a skill is met from its evidence, the threshold of the
        best F1 of missing skills, and the probability of a match from the features of a pair.

    Raises:
        StudentError: no requirement can be read from the job descriptions.
    """
    jobs = student.read([t.job_description for t in triples], JOB)
    matched = student.read([t.matched_resume for t in triples], RESUME)
    unmatched = student.read([t.unmatched_resume for t in triples], RESUME)
    if not any(job.skills for job in jobs):
        raise StudentError(
            "no requirement could be read from the held-out job descriptions; "
            "check that the training data names its skills in its documents"
        )
    features: list[list[float]] = []
    met: list[bool] = []
    for triple, job, *resumes in zip(triples, jobs, matched, unmatched, strict=True):
        names = [phrase.name for phrase in job.skills]
        for resume, lost in zip(resumes, ((), triple.removal.skills), strict=True):
            gone = {i for i, _ in match_soft(names, lost)}
            features += student.evidence(job, resume)[0].tolist() if names else []
            met += [i not in gone for i in range(len(names))]
    settings = student.settings
    settings.requirement = Calibrator.fit(features, met, balanced=True)
    failing = [student.findings(job, resume) for job, resume in zip(jobs, unmatched, strict=True)]
    removed = [t.removal.skills for t in triples]
    settings.met_threshold = best_threshold(list(zip(failing, removed, strict=True)))
    failing = [student.findings(job, resume) for job, resume in zip(jobs, unmatched, strict=True)]
    matching = [student.findings(job, resume) for job, resume in zip(jobs, matched, strict=True)]
    settings.verdict = fit_verdict(matching, failing, seed=seed)
    return settings
