"""`EncoderStudent`: tags skills, meets requirements with evidence, and reasons about years in code.

Each document is encoded once, whatever it is compared with. Experience is read and compared by
`text.timeline`, as `lexical` does; the network finds what words alone do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from hrdistill.benchmark import Benchmark
from hrdistill.errors import StudentError
from hrdistill.records import Finding, Requirement, Span
from hrdistill.storage import atomic_open, write_json, write_manifest
from hrdistill.students.base import (
    FORMAT_VERSION,
    MANIFEST_KIND,
    Progress,
    Student,
    read_student_file,
)
from hrdistill.students.editing import apply_edit
from hrdistill.students.encoder.model import JOB, RESUME, EncoderModel
from hrdistill.students.encoder.reading import (
    Tokens,
    decode_tags,
    pad,
    token_range,
    tokenize,
    windows,
)
from hrdistill.students.encoder.weights import import_transformers
from hrdistill.students.evidence import best_evidence, prepare
from hrdistill.students.lexical import locate_mentions
from hrdistill.students.skills import merge_names
from hrdistill.students.verdict import FEATURES, Calibrator, pair_features
from hrdistill.tasks.edit import Edit
from hrdistill.tasks.extract import Extraction
from hrdistill.tasks.match import Match
from hrdistill.text.phrases import Phrase, read_skill_phrases
from hrdistill.text.sections import read_lines
from hrdistill.text.timeline import align, read_entries, read_experience_requirements

_BATCH = 16
_CACHE = 4096


@dataclass(frozen=True, slots=True)
class Reading:
    """A document after one pass: what it takes to tag it and to meet it with others.

    Attributes:
        text: the document.
        tokens: of it.
        hidden: token vectors, shape (L, D).
        keys: unit vectors for meeting, shape (L, 128).
        tags: probabilities of O, B, I, shape (L, 3).
    """

    text: str
    tokens: Tokens
    hidden: Tensor
    keys: Tensor
    tags: NDArray[np.float32]


@dataclass(slots=True)
class Settings:
    """What is fitted after the weights, on held-out synthetic triples.

    Attributes:
        tag_threshold: probability from which a token is part of a skill.
        met_threshold: probability from which a requirement is met.
        verdict: features of a pair -> probability of a match.
    """

    tag_threshold: float = 0.7
    met_threshold: float = 0.5
    verdict: Calibrator | None = None


class EncoderStudent(Student):
    """See the module.

    Args:
        model: the network.
        tokenizer: of its backbone.
        settings: thresholds and calibration.
    """

    kind: ClassVar[str] = "encoder"

    def __init__(
        self,
        model: EncoderModel,
        tokenizer: Any,
        settings: Settings,
        *,
        name: str = "encoder",
        manifest: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(name=name, manifest=manifest)
        self.model = model.eval()
        self.tokenizer = tokenizer
        self.settings = settings
        self._readings: dict[tuple[int, str], Reading] = {}

    # Reading

    def read(self, texts: Sequence[str], kind: int) -> list[Reading]:
        """Encodes documents, each once: readings are kept until there are many.

        Args:
            texts: the documents.
            kind: `JOB` or `RESUME`.
        """
        missing = [t for t in dict.fromkeys(texts) if (kind, t) not in self._readings]
        if len(self._readings) + len(missing) > _CACHE:
            self._readings.clear()
            missing = list(dict.fromkeys(texts))
        tokens = tokenize(missing, self.tokenizer) if missing else []
        # Documents of like length go together: padding is work for nothing.
        order = sorted(range(len(missing)), key=lambda i: len(tokens[i].ids))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            readings = self._encode([missing[i] for i in batch], [tokens[i] for i in batch], kind)
            self._readings.update(((kind, r.text), r) for r in readings)
        return [self._readings[kind, text] for text in texts]

    @torch.inference_mode()
    def _encode(self, texts: list[str], tokens: list[Tokens], kind: int) -> list[Reading]:
        pieces = [(d, a, b) for d, t in enumerate(tokens) for a, b in windows(len(t.ids))]
        first, last = self.tokenizer.cls_token_id, self.tokenizer.sep_token_id
        ids = pad([np.concatenate([[first], tokens[d].ids[a:b], [last]]) for d, a, b in pieces], 0)
        lengths = np.array([b - a + 2 for _, a, b in pieces])
        mask = np.arange(ids.shape[1])[None, :] < lengths[:, None]
        encoded = self.model.encode(torch.from_numpy(ids), torch.from_numpy(mask.astype(int)), kind)
        tags = torch.softmax(encoded.tag_logits, dim=-1)
        readings = []
        for d, (text, token) in enumerate(zip(texts, tokens, strict=True)):
            own = [(p, a, b) for p, (e, a, b) in enumerate(pieces) if e == d]
            parts = []
            for place, (p, a, b) in enumerate(own):
                # Of an overlap, each window keeps the half that is farther from its edge.
                low = a if place == 0 else (a + own[place - 1][2]) // 2
                high = b if place == len(own) - 1 else (own[place + 1][1] + b) // 2
                parts.append((p, 1 + low - a, 1 + high - a))
            readings.append(
                Reading(
                    text,
                    token,
                    torch.cat([encoded.hidden[p, i:j] for p, i, j in parts]),
                    torch.cat([encoded.keys[p, i:j] for p, i, j in parts]),
                    torch.cat([tags[p, i:j] for p, i, j in parts]).numpy(),
                )
            )
        return readings

    def skill_phrases(self, reading: Reading) -> list[Phrase]:
        """The skills that a document names, by tags and by rules together."""
        tagged = decode_tags(
            reading.text, reading.tokens, reading.tags, self.settings.tag_threshold
        )
        return merge_names(
            reading.text,
            tagged,
            read_skill_phrases(reading.text),
            belief=lambda span: _belief(reading, span),
        )

    # The four tasks

    def findings(self, job: Reading, resume: Reading) -> list[Finding]:
        """One finding a requirement, skills first."""
        phrases = [p for p in self.skill_phrases(job) if _has_tokens(job, p.span)]
        skills = self._skill_findings(job, resume, phrases) if phrases else []
        required = read_experience_requirements(job.text)
        return skills + align(required, read_entries(resume.text))

    @torch.inference_mode()
    def _skill_findings(
        self, job: Reading, resume: Reading, phrases: Sequence[Phrase]
    ) -> list[Finding]:
        prepared = prepare(resume.text)
        evidence = [best_evidence(phrase.name, prepared) for phrase in phrases]
        mask = evidence_mask(resume)
        if not mask.any():
            logits, cosines = torch.full((len(phrases),), -4.0), None
        else:
            vectors = self.model.requirement_vectors(
                job.hidden, [token_range(job.tokens, phrase.span) for phrase in phrases]
            )
            words = torch.tensor([score for score, _ in evidence])
            logits, cosines = self.model.coverage(vectors, resume.keys, mask, words)
        findings = []
        for i, (phrase, (score, place)) in enumerate(zip(phrases, evidence, strict=True)):
            probability = float(torch.sigmoid(logits[i]))
            met = probability >= self.settings.met_threshold
            span = place
            if met and score < 0.5 and cosines is not None:
                span = line_around(resume, int(cosines[i].argmax()))
            requirement = Requirement("skill", phrase.name, None, phrase.span)
            findings.append(
                Finding(
                    requirement, "met" if met else "missing", span if met else None, probability
                )
            )
        return findings

    def match_many(self, pairs: Sequence[tuple[str, str]]) -> list[Match]:
        jobs = self.read([job for job, _ in pairs], JOB)
        resumes = self.read([resume for _, resume in pairs], RESUME)
        found = [self.findings(job, resume) for job, resume in zip(jobs, resumes, strict=True)]
        if not found:
            return []
        if self.settings.verdict is None:
            raise StudentError(f"student {self.name} was saved before it was calibrated; train it")
        probabilities = self.settings.verdict.probability([pair_features(f) for f in found])
        return [
            Match(float(p), bool(p >= 0.5), tuple(f))
            for p, f in zip(probabilities, found, strict=True)
        ]

    def extract_many(self, resumes: Sequence[str]) -> list[Extraction]:
        extractions = []
        for reading in self.read(resumes, RESUME):
            jobs = (entry.as_experience() for entry in read_entries(reading.text))
            extractions.append(
                Extraction(
                    tuple(phrase.name for phrase in self.skill_phrases(reading)),
                    tuple(job for job in jobs if job is not None),
                )
            )
        return extractions

    def edit_many(self, resumes: Sequence[str], edits: Sequence[Edit]) -> list[str]:
        return [
            apply_edit(resume, edit, locate=locate_mentions)
            for resume, edit in zip(resumes, edits, strict=True)
        ]

    # Files

    @classmethod
    def train(
        cls,
        benchmark: Benchmark,
        *,
        out: Path,
        seed: int = 0,
        dev: Benchmark | None = None,
        progress: Progress | None = None,
        minutes: float | None = None,
        base: str | None = None,
    ) -> EncoderStudent:
        """Trains within a time budget and keeps the best checkpoint; see `training.fit`."""
        from hrdistill.students.encoder.training import fit

        return fit(
            benchmark, out=out, seed=seed, dev=dev, progress=progress, minutes=minutes, base=base
        )

    def save(self, folder: Path | str) -> None:
        from safetensors.torch import save

        folder = Path(folder)
        self.model.backbone.config.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)
        state = {k: v.contiguous() for k, v in self.model.state_dict().items()}
        with atomic_open(folder / "model.safetensors", "wb") as file:
            file.write(save(state))
        verdict = self.settings.verdict
        write_json(
            folder / "settings.json",
            {
                "tag_threshold": self.settings.tag_threshold,
                "met_threshold": self.settings.met_threshold,
                "verdict": verdict.to_json() if verdict else None,
            },
        )
        made = {k: v for k, v in self.manifest.items() if k not in _MANIFEST_FIELDS}
        write_manifest(
            folder, kind=MANIFEST_KIND, version=FORMAT_VERSION, student=self.kind, **made
        )

    @classmethod
    def load(cls, folder: Path, manifest: dict[str, Any]) -> EncoderStudent:
        transformers = import_transformers()
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        keys = ("tag_threshold", "met_threshold", "verdict")
        saved = read_student_file(folder, "settings.json", keys)
        try:
            config = transformers.AutoConfig.from_pretrained(folder, trust_remote_code=False)
            tokenizer = transformers.AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
            backbone = transformers.AutoModel.from_config(config, add_pooling_layer=False)
            model = EncoderModel(backbone)
            model.load_state_dict(load_file(folder / "model.safetensors"))
        except (OSError, ValueError, RuntimeError, SafetensorError) as error:
            reason = " ".join(str(error).split())[:160]
            raise StudentError(
                f"{folder}: the student is damaged ({reason}); train it again"
            ) from error
        where = folder / "settings.json"
        settings = Settings(
            float(saved["tag_threshold"]),
            float(saved["met_threshold"]),
            Calibrator.from_json(saved["verdict"], n_features=len(FEATURES), where=where),
        )
        return cls(model, tokenizer, settings, name=folder.name, manifest=manifest)


_MANIFEST_FIELDS = {"kind", "format_version", "hrdistill", "student"}


def _belief(reading: Reading, span: Span) -> float:
    """Mean probability that the tokens of a span belong to a skill."""
    first, last = token_range(reading.tokens, span)
    return float(reading.tags[first:last, 1:].sum(axis=1).mean()) if first < last else 0.0


def _has_tokens(reading: Reading, span: Span) -> bool:
    first, last = token_range(reading.tokens, span)
    return first < last


def evidence_mask(reading: Reading) -> Tensor:
    """Tokens that may be evidence, shape (L,), bool: not name, contact, education or headings."""
    return torch.from_numpy(evidence_tokens(reading.text, reading.tokens))


def evidence_tokens(text: str, tokens: Tokens) -> NDArray[np.bool_]:
    """As `evidence_mask`, before the document is encoded."""
    mask = np.zeros(len(tokens.ids), dtype=bool)
    for line in read_lines(text):
        if not line.heading and line.section not in ("person", "education"):
            first, last = token_range(tokens, Span(line.start, line.end))
            mask[first:last] = True
    return mask if mask.any() else np.ones(len(tokens.ids), dtype=bool)


def line_around(reading: Reading, token: int) -> Span:
    """The line that a token stands in."""
    place = int(reading.tokens.offsets[token, 0])
    start = reading.text.rfind("\n", 0, place) + 1
    end = reading.text.find("\n", place)
    return Span(start, len(reading.text) if end < 0 else end)
