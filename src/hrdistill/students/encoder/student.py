"""`EncoderStudent`: tags skills, compares meanings, and reasons about years in code.

Each document is read once, whatever it is compared with: its skills are tagged and turned into
vectors, so that a pair meets in one matrix product. Experience is read by
`text.timeline` and compared by `text.alignment`, as `lexical` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray

from hrdistill.errors import StudentError
from hrdistill.records import Finding, Requirement, Span, Status, Triple
from hrdistill.storage import atomic_open, read_text, write_json, write_manifest, write_text
from hrdistill.students.base import (
    FORMAT_VERSION,
    MANIFEST_KIND,
    Progress,
    Student,
    by_job,
    read_student_file,
)
from hrdistill.students.course import Course
from hrdistill.students.encoder.lexicon import Lexicon
from hrdistill.students.encoder.marks import N_MARKS, N_VALUES, mark
from hrdistill.students.encoder.model import (
    BEGIN_SKILL,
    INSIDE_SKILL,
    JOB,
    RESUME,
    EncoderModel,
)
from hrdistill.students.encoder.reading import (
    Tokens,
    decode_tags,
    decode_titles,
    pad,
    token_range,
    tokenize,
    windows,
)
from hrdistill.students.encoder.weights import load_backbone
from hrdistill.students.evidence import Lines, Wanted, prepare
from hrdistill.students.verdict import FEATURES, Calibrator, pair_features, verdict_features
from hrdistill.tasks.extract import Extraction
from hrdistill.tasks.match import Match
from hrdistill.text.alignment import History, align
from hrdistill.text.names import normal_form
from hrdistill.text.phrases import Phrase
from hrdistill.text.requirements import read_experience_requirements
from hrdistill.text.sections import read_lines
from hrdistill.text.timeline import read_entries

TAG_THRESHOLD = 0.55
"""Probability from which a token is part of a skill."""
TITLE_THRESHOLD, TITLE_PART_THRESHOLD = 0.5, 0.2
"""Probability that one token of a job title has, and that all of them have."""
N_EVIDENCE = 6
"""Features of a requirement against a resume; see `evidence_features`."""
BASE = "base"
"""Folder of the backbone in a student's folder, where it is not the packaged one."""
LEXICON = "lexicon.txt"
_BATCH = 16
_PASSAGES = 64
_PASSAGE_TOKENS = 64
_CACHE = 4096
_TOGETHER = 512
"""Resumes that meet a job in one product of matrices."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A document after it was read once.

    Attributes:
        text: the document.
        tokens: of it.
        tags: probabilities of the tags of each token, shape (L, N_TAGS).
        skills: the skills that it names.
        titles: the jobs that it requires or shows.
        passages: spans that have a vector: the skills, and of a resume its telling lines.
        vectors: of the passages, unit length, shape (n_passages, D).
        reliance: of each skill, shape (n_skills, 2): log-odds of the tagger that it is one, and
            whether the vocabulary has the name.
        required: of a job, the experience it asks for.
        lines: of a resume, where words of skills are looked for.
        history: of a resume, the jobs held.
    """

    text: str
    tokens: Tokens
    tags: NDArray[np.float32]
    skills: list[Phrase]
    titles: list[Span]
    passages: list[Span]
    vectors: NDArray[np.float32]
    reliance: NDArray[np.float64]
    required: list[Requirement]
    lines: Lines
    history: History

    @property
    def skill_names(self) -> list[str]:
        return [phrase.name for phrase in self.skills]


_NO_LINES, _NO_HISTORY = prepare(""), History(())


@dataclass(slots=True)
class Settings:
    """What is fitted after the weights, on held-out triples of the training data.

    Attributes:
        requirement: evidence of a skill -> probability that it is met.
        met_threshold: probability from which it is called met.
        verdict: features of a pair -> probability of a match.
    """

    requirement: Calibrator
    met_threshold: float
    verdict: Calibrator

    @classmethod
    def unfitted(cls) -> Settings:
        """Shared words and near meanings decide alike."""
        flat = Calibrator((0.0,) * len(FEATURES), 0.0)
        return cls(Calibrator((3.0, 0.5, 5.0, 0.0, 0.0, 0.0), -4.5), 0.5, flat)


class EncoderStudent(Student):
    """See the module.

    Args:
        model: the network.
        tokenizer: of its backbone.
        lexicon: names of skills that are known.
        settings: calibration and threshold.
    """

    kind: ClassVar[str] = "encoder"

    def __init__(
        self,
        model: EncoderModel,
        tokenizer: Any,
        lexicon: Lexicon,
        settings: Settings,
        *,
        name: str = "encoder",
        manifest: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(name=name, manifest=manifest)
        self.model = model.eval()
        self.tokenizer = tokenizer
        self.lexicon = lexicon
        self.settings = settings
        self._readings: dict[tuple[int, str], Reading] = {}

    @property
    def verdict(self) -> Calibrator:
        return self.settings.verdict

    @verdict.setter
    def verdict(self, verdict: Calibrator) -> None:
        self.settings.verdict = verdict

    # Reading

    def read(self, texts: Sequence[str], kind: int) -> list[Reading]:
        """Reads documents, each once: readings are kept until there are many.

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
            readings = self._read([missing[i] for i in batch], [tokens[i] for i in batch], kind)
            self._readings.update(((kind, r.text), r) for r in readings)
        return [self._readings[kind, text] for text in texts]

    def forget(self) -> None:
        """Drops the readings that are kept."""
        self._readings.clear()

    def _read(self, texts: list[str], tokens: list[Tokens], kind: int) -> list[Reading]:
        marks = [mark(text, t, kind, self.lexicon) for text, t in zip(texts, tokens, strict=True)]
        tags = self._tag(tokens, marks, kind)
        skills = [_skills(*document) for document in zip(texts, tokens, tags, strict=True)]
        passages = [[phrase.span for phrase in found] for found in skills]
        if kind == RESUME:
            passages = [p + telling_lines(text) for p, text in zip(passages, texts, strict=True)]
        vectors = self.embed(
            [text[s.start : s.end] for text, p in zip(texts, passages, strict=True) for s in p]
        )
        readings, taken = [], 0
        for i, text in enumerate(texts):
            own = vectors[taken : taken + len(passages[i])]
            taken += len(own)
            titles = _titles(text, tokens[i], tags[i])
            required: list[Requirement] = []
            lines, history = _NO_LINES, _NO_HISTORY
            if kind == JOB:
                required = read_experience_requirements(text, titles=titles)
            else:
                lines, history = prepare(text), History(read_entries(text, titles=titles), text)
            readings.append(
                Reading(
                    text, tokens[i], tags[i], skills[i], titles, passages[i], own,
                    self._reliance(skills[i], tokens[i], tags[i]), required, lines, history,
                )
            )  # fmt: skip
        return readings

    def _reliance(
        self, skills: Sequence[Phrase], tokens: Tokens, tags: NDArray[np.float32]
    ) -> NDArray[np.float64]:
        belief = np.empty(len(skills))
        for i, phrase in enumerate(skills):
            first, last = token_range(tokens, phrase.span)
            belief[i] = tags[first:last, [BEGIN_SKILL, INSIDE_SKILL]].sum(axis=1).mean()
        known = [phrase.name in self.lexicon for phrase in skills]
        return np.stack([np.log((belief + 0.01) / (1.01 - belief)), known], axis=1)

    @torch.inference_mode()
    def _tag(
        self, tokens: list[Tokens], marks: list[NDArray[np.int64]], kind: int
    ) -> list[NDArray[np.float32]]:
        """Probabilities of the tags of each document's tokens, shape (L, N_TAGS) each."""
        pieces = [(d, a, b) for d, t in enumerate(tokens) for a, b in windows(len(t.ids))]
        ids, mask = padded([tokens[d].ids[a:b] for d, a, b in pieces], self.tokenizer)
        rows = padded_marks([marks[d][a:b] for d, a, b in pieces], ids.shape[1])
        logits = self.model.tag_logits(ids, mask, rows, kind)
        tags = torch.softmax(logits, dim=-1).numpy()
        joined = []
        for d in range(len(tokens)):
            own = [(p, a, b) for p, (e, a, b) in enumerate(pieces) if e == d]
            parts = []
            for place, (p, a, b) in enumerate(own):
                # Of an overlap, each window keeps the half that is farther from its edge.
                low = a if place == 0 else (a + own[place - 1][2]) // 2
                high = b if place == len(own) - 1 else (own[place + 1][1] + b) // 2
                parts.append(tags[p, 1 + low - a : 1 + high - a])
            joined.append(np.concatenate(parts))
        return joined

    @torch.inference_mode()
    def embed(self, passages: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of short passages, shape (n, D)."""
        size = int(self.model.backbone.config.hidden_size)
        vectors = np.zeros((len(passages), size), dtype=np.float32)
        if not passages:
            return vectors
        ids = [t.ids[:_PASSAGE_TOKENS] for t in tokenize(passages, self.tokenizer)]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        for start in range(0, len(order), _PASSAGES):
            batch = order[start : start + _PASSAGES]
            rows, mask = padded([ids[i] for i in batch], self.tokenizer, multiple=8)
            vectors[batch] = self.model.embed(rows, mask).numpy()
        return vectors

    # The four tasks

    def evidence(
        self, job: Reading, resume: Reading
    ) -> tuple[NDArray[np.float64], list[Span | None]]:
        """What the resume shows of each skill of the job.

        Returns:
            (features of shape (n_skills, N_EVIDENCE), see `evidence_features`; the span that
            shows each most, None where nothing does).
        """
        shown = Wanted(job.skill_names, [resume.lines]).best_evidence(resume.lines)
        words = np.array([score for score, _ in shown])
        places = [span for _, span in shown]
        nearness = np.zeros(len(shown))
        if resume.passages and shown:
            cosines = job.vectors @ resume.vectors.T
            nearness = cosines.max(axis=1)
            for i, j in enumerate(cosines.argmax(axis=1)):
                if words[i] < 0.5:  # few words shared: the passage that means the same
                    places[i] = resume.passages[int(j)]
        return evidence_features(words, nearness, job.reliance), places

    def findings(self, job: Reading, resume: Reading) -> list[Finding]:
        """One finding a requirement, skills first."""
        features, places = self.evidence(job, resume)
        probabilities = self.settings.requirement.probability(features)
        skills = []
        for phrase, p, place in zip(job.skills, probabilities, places, strict=True):
            status: Status = "met" if p >= self.settings.met_threshold else "missing"
            requirement = Requirement("skill", phrase.name, None, phrase.span)
            cited = place if status == "met" else None
            skills.append(Finding(requirement, status, cited, float(p)))
        return skills + align(job.required, resume.history, job=job.text)

    def match_many(self, pairs: Sequence[tuple[str, str]]) -> list[Match]:
        if not pairs:
            return []
        jobs = self.read([job for job, _ in pairs], JOB)
        resumes = self.read([resume for _, resume in pairs], RESUME)
        found = [self.findings(job, resume) for job, resume in zip(jobs, resumes, strict=True)]
        probabilities = self.settings.verdict.probability([pair_features(f) for f in found])
        return [
            Match(float(p), bool(p >= 0.5), tuple(f))
            for p, f in zip(probabilities, found, strict=True)
        ]

    def score_many(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        jobs = self.read([job for job, _ in pairs], JOB)
        resumes = self.read([resume for _, resume in pairs], RESUME)
        features: list[list[float]] = [[]] * len(pairs)
        for every in by_job(pairs).values():
            for start in range(0, len(every), _TOGETHER):
                places = every[start : start + _TOGETHER]
                rows = self._features(jobs[places[0]], [resumes[place] for place in places])
                for place, row in zip(places, rows, strict=True):
                    features[place] = row
        return self.settings.verdict.probability(features).tolist() if pairs else []

    def _features(self, job: Reading, resumes: Sequence[Reading]) -> list[list[float]]:
        """What the verdicts on resumes for one job rest on: of each, what `FEATURES` names."""
        wanted = Wanted(job.skill_names, [resume.lines for resume in resumes])
        shown = [wanted.best_evidence(resume.lines) for resume in resumes]
        words = np.array([[score for score, _ in own] for own in shown])
        evidence = evidence_features(words, nearest(job, resumes), job.reliance)
        met = self.settings.requirement.probability(evidence)
        return [
            verdict_features(row, align(job.required, resume.history, job=job.text))
            for row, resume in zip(met.tolist(), resumes, strict=True)
        ]

    def extract_many(self, resumes: Sequence[str]) -> list[Extraction]:
        return [
            Extraction(
                tuple(phrase.name for phrase in reading.skills),
                tuple(e for job in reading.history.entries if (e := job.as_experience())),
            )
            for reading in self.read(resumes, RESUME)
        ]

    # Files

    @classmethod
    def train(
        cls,
        course: Course,
        *,
        out: Path,
        seed: int = 0,
        progress: Progress | None = None,
        minutes: float | None = None,
        base: str | None = None,
    ) -> EncoderStudent:
        """Trains within a time budget and keeps the best checkpoint; see `training.fit`."""
        from hrdistill.students.encoder.training import fit

        return fit(course, out=out, seed=seed, progress=progress, minutes=minutes, base=base)

    def adapt(
        self,
        triples: Sequence[Triple],
        *,
        out: Path,
        seed: int = 0,
        progress: Progress | None = None,
        minutes: float | None = None,
    ) -> EncoderStudent:
        """Trains further on a few triples; see `training.adapt`."""
        from hrdistill.students.encoder.training import adapt

        return adapt(self, triples, out=out, seed=seed, progress=progress, minutes=minutes)

    def save(self, folder: Path | str) -> None:
        from safetensors.torch import save

        folder = Path(folder)
        if self.manifest.get("base"):  # the packaged backbone need not be stored again
            self.model.meaning.save_pretrained(folder / BASE)
            self.tokenizer.save_pretrained(folder / BASE)
        write_text(folder / LEXICON, "\n".join(self.lexicon.names) + "\n")
        with atomic_open(folder / "model.safetensors", "wb") as file:
            file.write(save({k: v.half() for k, v in self.model.tensors().items()}))
        write_json(
            folder / "settings.json",
            {
                "requirement": self.settings.requirement.to_json(),
                "met_threshold": self.settings.met_threshold,
                "verdict": self.settings.verdict.to_json(),
            },
        )
        made = {k: v for k, v in self.manifest.items() if k not in _MANIFEST_FIELDS}
        write_manifest(
            folder, kind=MANIFEST_KIND, version=FORMAT_VERSION, student=self.kind, **made
        )

    @classmethod
    def load(cls, folder: Path, manifest: dict[str, Any]) -> EncoderStudent:
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        keys = ("requirement", "met_threshold", "verdict")
        lexicon = Lexicon(read_text(folder / LEXICON).splitlines())
        saved = read_student_file(folder, "settings.json", keys)
        try:
            backbone, tokenizer = load_backbone(folder / BASE if manifest.get("base") else None)
            model = EncoderModel(backbone, N_VALUES)
            model.load_tensors(load_file(folder / "model.safetensors"))
        except (OSError, ValueError, RuntimeError, SafetensorError) as error:
            reason = " ".join(str(error).split())[:160]
            raise StudentError(
                f"{folder}: the student is damaged ({reason}); train it again"
            ) from error
        where = folder / "settings.json"
        settings = Settings(
            Calibrator.from_json(saved["requirement"], n_features=N_EVIDENCE, where=where),
            float(saved["met_threshold"]),
            Calibrator.from_json(saved["verdict"], n_features=len(FEATURES), where=where),
        )
        return cls(model, tokenizer, lexicon, settings, name=folder.name, manifest=manifest)


_MANIFEST_FIELDS = {"kind", "format_version", "hrdistill", "student"}


def padded(
    rows: Sequence[NDArray[np.int64]], tokenizer: Any, *, multiple: int = 32
) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids with special tokens, and their mask, both of shape (n_rows, longest)."""
    first, last = [tokenizer.cls_token_id], [tokenizer.sep_token_id]
    ids = pad([np.concatenate([first, row, last]) for row in rows], 0, multiple=multiple)
    lengths = np.array([len(row) + 2 for row in rows])
    mask = np.arange(ids.shape[1])[None, :] < lengths[:, None]
    return torch.from_numpy(ids), torch.from_numpy(mask.astype(np.int64))


def evidence_features(
    words: NDArray[np.float64], nearness: NDArray[np.float64], reliance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What tells whether resumes show the skills of a job, shape (..., n_skills, N_EVIDENCE).

    How well the words stand there, whether the name does, nearness in meaning; then how sure it is
    that the job asks for such a skill at all, alone and where its words do not stand there, and
    whether the vocabulary has it.

    Args:
        words: of `best_evidence`, shape (..., n_skills).
        nearness: cosine to the nearest passage, shape (..., n_skills).
        reliance: as a `Reading` has it, shape (n_skills, 2).
    """
    sure = np.broadcast_to(reliance[:, 0], words.shape)
    known = np.broadcast_to(reliance[:, 1], words.shape)
    return np.stack([words, words >= 1.0, nearness, sure, sure * (1.0 - words), known], axis=-1)


def padded_marks(rows: Sequence[NDArray[np.int64]], length: int) -> torch.Tensor:
    """Marks of tokens between special ones, which have none: shape (n_rows, length, n)."""
    marks = np.zeros((len(rows), length, N_MARKS), dtype=np.int64)
    for i, row in enumerate(rows):
        marks[i, 1 : 1 + len(row)] = row
    return torch.from_numpy(marks)


def nearest(job: Reading, resumes: Sequence[Reading]) -> NDArray[np.float64]:
    """Cosines of a job's skills to the nearest passage of each resume, 0 where it has none.

    Returns:
        Shape (n_resumes, n_skills).
    """
    cosines = np.zeros((len(resumes), len(job.vectors)))
    counts = np.array([len(resume.vectors) for resume in resumes])
    if counts.any():
        every = np.concatenate([resume.vectors for resume in resumes]) @ job.vectors.T
        starts = np.cumsum(counts) - counts
        cosines[counts > 0] = np.maximum.reduceat(every, starts[counts > 0])
    return cosines


def _skills(text: str, tokens: Tokens, tags: NDArray[np.float32]) -> list[Phrase]:
    """The skills that a document names, distinct and in order.

    Only the skills section counts where the document has one.
    """
    lines = [line for line in read_lines(text) if not line.heading]
    places = [line for line in lines if line.section == "skills"]
    places = places or [line for line in lines if line.section not in _NO_SKILLS]
    distinct: dict[str, Phrase] = {}
    for span, _ in decode_tags(text, tokens, tags, TAG_THRESHOLD):
        if any(line.line_start <= span.start < line.line_end for line in places):
            phrase = Phrase(text[span.start : span.end], span)
            if key := normal_form(phrase.name):
                distinct.setdefault(key, phrase)
    return list(distinct.values())


_NO_SKILLS = ("title", "education", "person")


def _titles(text: str, tokens: Tokens, tags: NDArray[np.float32]) -> list[Span]:
    """The job titles that are tagged."""
    return decode_titles(text, tokens, tags, sure=TITLE_THRESHOLD, likely=TITLE_PART_THRESHOLD)


def telling_lines(resume: str) -> list[Span]:
    """The lines of a resume that may show a skill: not name, contact, education or headings."""
    return [
        Span(line.start, line.end)
        for line in read_lines(resume)
        if not line.heading and line.section not in ("person", "education")
    ]
