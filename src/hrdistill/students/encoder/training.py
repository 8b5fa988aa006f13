"""Trains an encoder student within a time budget, and goes on where a killed run stood.

The learning rate falls to zero over the budget, so that any budget ends well. Held-out triples
(other occupations) choose the checkpoint; after it the thresholds and the calibration of the
verdict are fitted on them, never on data that results are reported on.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from hrdistill.benchmark import Benchmark
from hrdistill.errors import StudentError
from hrdistill.records import Skill, Span, Triple
from hrdistill.students.base import Progress, TrainingStep
from hrdistill.students.encoder.checkpoint import Checkpoint
from hrdistill.students.encoder.model import JOB, RESUME, Encoded, EncoderModel
from hrdistill.students.encoder.reading import (
    WINDOW,
    Tokens,
    pad,
    tag_labels,
    token_range,
    tokenize,
)
from hrdistill.students.encoder.student import EncoderStudent, Settings, evidence_tokens
from hrdistill.students.encoder.weights import load_backbone
from hrdistill.students.evidence import best_evidence, prepare
from hrdistill.students.verdict import best_threshold, fit_verdict
from hrdistill.tasks.base import Table
from hrdistill.tasks.extract import ExtractTask
from hrdistill.text.mentions import find_mentions, surface_forms
from hrdistill.text.names import match_soft
from hrdistill.text.sections import read_lines

MINUTES = 4.0
"""Time budget of a training where none is given."""
BATCH_PAIRS = 12
MATCHED_SHARE = 0.35
"""Of the pairs read; the unmatched resume teaches more: it holds met and missing skills."""
WORDS_HIDDEN = 0.4
"""Share of requirements whose shared words the network does not see, so that it learns meaning."""
TAGGING_WEIGHT = 2.0
BACKBONE_RATE, HEADS_RATE = 1.5e-4, 1e-3
N_DEV, N_CALIBRATION = 32, 160
"""Triples that choose the checkpoint, and that thresholds and verdict are fitted on."""
_CHECKS = 5
_EPOCHS, _POOL = 8, 128
FROZEN_LAYERS = 1
"""Lowest layers of the backbone that keep their weights, as the word embeddings do."""
_WARM_UP = 0.06
_SAVE_EVERY_S = 45.0


@dataclass(frozen=True, slots=True)
class Prepared:
    """A job and one resume of its triple, as the network takes them, cut to one window.

    Attributes:
        job: tokens of the job description.
        resume: tokens of the resume.
        job_tags: label of each token.
        resume_tags: likewise.
        spans: token range in the job of each requirement.
        names: of each requirement, as the job has it.
        met: whether the resume shows it, 0.0 or 1.0.
        words: its lexical evidence in the resume, 0..1.
        mask: tokens of the resume that may be evidence.
        text: the resume.
    """

    job: Tokens
    resume: Tokens
    job_tags: NDArray[np.int64]
    resume_tags: NDArray[np.int64]
    spans: list[tuple[int, int]]
    names: list[str]
    met: list[float]
    words: list[float]
    mask: Tensor
    text: str


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
    _freeze(backbone)
    student = EncoderStudent(model, tokenizer, Settings(), name=out.name)
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
    run = _Run(student, train_triples, dev_triples, budget_s, rng, progress, checkpoint)
    run.train()
    student.settings = calibrate(student, dev_triples[:N_CALIBRATION], seed=seed)
    student.manifest = {**settings, "steps": run.step, "n_seen": run.n_seen, "curve": run.curve}
    student.save(out)
    checkpoint.delete()
    return student


def _freeze(backbone: Any) -> None:
    for parameter in backbone.embeddings.parameters():
        parameter.requires_grad_(False)
    for layer in backbone.encoder.layer[:FROZEN_LAYERS]:
        for parameter in layer.parameters():
            parameter.requires_grad_(False)


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
        known = {id(p) for p in self.model.backbone.parameters()}
        heads = [p for p in self.model.parameters() if id(p) not in known]
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
            self.model.load_state_dict(self.best_state)
        self.model.eval()

    def _step(self) -> float:
        fraction = self.spent_s / self.budget_s
        scale = min(1.0, fraction / _WARM_UP + 0.02) * max(0.02, 1.0 - fraction)
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate * scale
        chosen = self.batches[self.step % len(self.batches)]
        self.model.train()
        batch = [
            prepare_pair(
                self.triples[i], self.student.tokenizer, matched=self.rng.random() < MATCHED_SHARE
            )
            for i in chosen
        ]
        loss = batch_loss(self.model, batch, self.student.tokenizer)
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
        self.student._readings.clear()
        score = dev_score(self.student, self.dev[:N_DEV])
        self.student._readings.clear()
        if score >= self.best:
            self.best = score
            self.best_state = {k: v.clone() for k, v in self.model.state_dict().items()}
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
            epoch += [pool[i : i + BATCH_PAIRS].tolist() for i in range(0, len(pool), BATCH_PAIRS)]
        batches += [epoch[i] for i in rng.permutation(len(epoch))]
    return batches


def prepare_pair(triple: Triple, tokenizer: Any, *, matched: bool) -> Prepared:
    """Tokens, tag labels and requirements of a triple's job and one of its resumes."""
    texts = (triple.job_description, triple.matched_resume if matched else triple.unmatched_resume)
    job, resume = (
        Tokens(t.ids[: WINDOW - 2], t.offsets[: WINDOW - 2]) for t in tokenize(texts, tokenizer)
    )
    skills = triple.context.skills
    mentions = [[find_mentions(text, _forms(skill)) for skill in skills] for text in texts]
    job_tags, resume_tags = (
        tag_labels(tokens, _without_overlaps([span for spans in found for span in spans]))
        for tokens, found in zip((job, resume), mentions, strict=True)
    )
    lost = () if matched else triple.removal.skills
    removed = {i for i, _ in match_soft([skill.name for skill in skills], lost)}
    evidence = prepare(texts[1])
    listed = [line for line in read_lines(texts[0]) if line.section == "skills"]
    pair = Prepared(
        job, resume, job_tags, resume_tags, [], [], [], [],
        torch.from_numpy(evidence_tokens(texts[1], resume)), texts[1],
    )  # fmt: skip
    for i, found in enumerate(mentions[0]):
        own = [span for span in found if any(li.start <= span.start < li.end for li in listed)]
        for span in (own or found)[:1]:
            first, last = token_range(job, span)
            if first < last:
                name = texts[0][span.start : span.end]
                pair.spans.append((first, last))
                pair.names.append(name)
                pair.met.append(float(i not in removed))
                pair.words.append(best_evidence(name, evidence)[0])
    return pair


def _forms(skill: Skill) -> tuple[str, ...]:
    return surface_forms(skill.name, skill.aliases)


def _without_overlaps(spans: list[Span]) -> list[Span]:
    """Longest spans first; a mention inside a longer one is part of it."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start - s.end):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return kept


def batch_loss(model: EncoderModel, batch: Sequence[Prepared], tokenizer: Any) -> Tensor:
    """Tagging loss on all documents plus meeting loss on all pairs, a scalar."""
    tagging, encoded = torch.zeros(()), []
    for kind, documents in (
        (JOB, [(pair.job, pair.job_tags) for pair in batch]),
        (RESUME, [(pair.resume, pair.resume_tags) for pair in batch]),
    ):
        ids, mask, labels = _collate(documents, tokenizer)
        out = model.encode(ids, mask, kind)
        logits = out.tag_logits.flatten(0, 1)
        tagging = tagging + nn.functional.cross_entropy(logits, labels.flatten(), ignore_index=-100)
        encoded.append(out)
    logits, answers = _meetings(model, batch, *encoded)
    if not len(logits):
        return TAGGING_WEIGHT * tagging
    met = nn.functional.binary_cross_entropy_with_logits(logits, answers)
    return TAGGING_WEIGHT * tagging + met


def _collate(documents: Sequence[tuple[Tokens, Any]], tokenizer: Any) -> tuple[Tensor, ...]:
    first, last = [tokenizer.cls_token_id], [tokenizer.sep_token_id]
    ids = pad([np.concatenate([first, t.ids, last]) for t, _ in documents], 0)
    labels = pad([np.concatenate([[-100], y, [-100]]) for _, y in documents])
    lengths = np.array([len(t.ids) + 2 for t, _ in documents])
    mask = np.arange(ids.shape[1])[None, :] < lengths[:, None]
    return torch.from_numpy(ids), torch.from_numpy(mask.astype(np.int64)), torch.from_numpy(labels)


def _meetings(
    model: EncoderModel, batch: Sequence[Prepared], jobs: Encoded, resumes: Encoded
) -> tuple[Tensor, Tensor]:
    """Logits and answers of every requirement against its own resume and a stranger's."""
    logits: list[Tensor] = []
    answers: list[float] = []
    for b, pair in enumerate(batch):
        if not pair.spans:
            continue
        hidden = jobs.hidden[b, 1 : 1 + len(pair.job.ids)]
        vectors = model.requirement_vectors(hidden, pair.spans)
        other = (b + 1) % len(batch)
        prepared = prepare(batch[other].text)
        strange = [best_evidence(name, prepared)[0] for name in pair.names]
        # What a stranger's resume shows in the same words may well be met.
        met = [float(score >= 1.0) for score in strange]
        for place, words, truth in ((b, pair.words, pair.met), (other, strange, met)):
            mask = batch[place].mask
            keys = resumes.keys[place, 1 : 1 + len(mask)]
            shared = torch.tensor(words) * (torch.rand(len(words)) >= WORDS_HIDDEN)
            found, _ = model.coverage(vectors, keys, mask, shared)
            logits.append(found)
            answers += truth
    if not logits:
        return torch.zeros(0), torch.zeros(0)
    return torch.cat(logits), torch.tensor(answers)


def dev_score(student: EncoderStudent, triples: Sequence[Triple]) -> float:
    """Mean of two numbers in 0..1: soft F1 of extracted skills, and accuracy on requirements."""
    extractions = student.extract_many([t.matched_resume for t in triples])
    rows = [ExtractTask.statistics(t, e) for t, e in zip(triples, extractions, strict=True)]
    f1 = float(ExtractTask.metrics["skills_soft_f1"](Table(rows))[0])
    probabilities, answers = requirement_scores(student, triples)
    right = float(np.mean([(p >= 0.5) == a for p, a in zip(probabilities, answers, strict=True)]))
    return float(np.nan_to_num(f1) + right) / 2


def requirement_scores(
    student: EncoderStudent, triples: Sequence[Triple]
) -> tuple[list[float], list[bool]]:
    """Probability that each requirement is met by the unmatched resume, and whether it is."""
    jobs = student.read([t.job_description for t in triples], JOB)
    resumes = student.read([t.unmatched_resume for t in triples], RESUME)
    probabilities: list[float] = []
    answers: list[bool] = []
    for triple, job, resume in zip(triples, jobs, resumes, strict=True):
        found = [f for f in student.findings(job, resume) if f.requirement.kind == "skill"]
        names = [f.requirement.name for f in found]
        known = {i for i, _ in match_soft(names, [s.name for s in triple.context.skills])}
        removed = {i for i, _ in match_soft(names, triple.removal.skills)}
        for i, finding in enumerate(found):
            if i in known:
                probabilities.append(finding.probability)
                answers.append(i not in removed)
    return probabilities, answers


def calibrate(student: EncoderStudent, triples: Sequence[Triple], *, seed: int) -> Settings:
    """Fits thresholds and verdict on held-out triples.

    Returns:
        Settings whose thresholds give the best F1 of missing skills, and whose verdict maps the
        features of a pair to the probability of a match.

    Raises:
        StudentError: no requirement can be read from the job descriptions.
    """
    jobs = student.read([t.job_description for t in triples], JOB)
    matched = student.read([t.matched_resume for t in triples], RESUME)
    unmatched = student.read([t.unmatched_resume for t in triples], RESUME)
    removed = [t.removal.skills for t in triples]
    found = [student.findings(job, resume) for job, resume in zip(jobs, unmatched, strict=True)]
    if not any(finding.requirement.kind == "skill" for f in found for finding in f):
        raise StudentError(
            "no requirement could be read from the held-out job descriptions; "
            "check that the training data names its skills in its documents"
        )
    student.settings.met_threshold = best_threshold(list(zip(found, removed, strict=True)))
    matching = [student.findings(job, resume) for job, resume in zip(jobs, matched, strict=True)]
    failing = [student.findings(job, resume) for job, resume in zip(jobs, unmatched, strict=True)]
    student.settings.verdict = fit_verdict(matching, failing, seed=seed)
    return student.settings
