"""What the tagger learns from: triples as labelled tokens, and the order in which they come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hrdistill.records import Triple
from hrdistill.students.course import ENOUGH, is_offline
from hrdistill.students.encoder.labels import find_labels
from hrdistill.students.encoder.lexicon import Lexicon
from hrdistill.students.encoder.marks import mark
from hrdistill.students.encoder.model import JOB, RESUME
from hrdistill.students.encoder.reading import IGNORED, WINDOW, Tokens, tag_labels, tokenize

BATCH_TRIPLES = 12
UNKNOWN = 0.3
"""Share of names that the vocabulary is made not to know in training: on RJDB it lacks as many."""
_EPOCHS, _POOL = 40, 128


def make_batches(triples: Sequence[Triple], rng: np.random.Generator) -> list[list[int]]:
    """Batches of indices for many epochs, of documents of like length: less padding.

    An epoch has every natural triple, and half as many of the offline teacher's, others each time.
    """
    natural = np.array([i for i, t in enumerate(triples) if not is_offline(t)], dtype=np.int64)
    offline = np.array([i for i, t in enumerate(triples) if is_offline(t)], dtype=np.int64)
    n_offline = len(offline) if len(natural) < ENOUGH else min(len(offline), len(natural) // 2)
    lengths = np.array([len(t.job_description) + len(t.matched_resume) for t in triples])
    batches: list[list[int]] = []
    for _ in range(_EPOCHS):
        order = rng.permutation(
            np.concatenate([natural, rng.choice(offline, n_offline, replace=False)])
        )
        epoch: list[list[int]] = []
        for start in range(0, len(order), _POOL):
            pool = order[start : start + _POOL]
            pool = pool[np.argsort(lengths[pool], kind="stable")]
            epoch += [
                pool[i : i + BATCH_TRIPLES].tolist() for i in range(0, len(pool), BATCH_TRIPLES)
            ]
        batches += [epoch[i] for i in rng.permutation(len(epoch))]
    return batches


@dataclass(frozen=True, slots=True)
class Document:
    """A document as the tagger learns it, cut to a window.

    Shapes: ids (L,), marks (L, N_MARKS), tags (L + 2,) with those of the special tokens.
    """

    ids: NDArray[np.int64]
    marks: NDArray[np.int64]
    tags: NDArray[np.int64]


class Documents:
    """The documents of triples, tokenized and labelled when they are first asked for."""

    def __init__(self, triples: Sequence[Triple], tokenizer: Any, lexicon: Lexicon) -> None:
        self.triples, self.tokenizer, self.lexicon = triples, tokenizer, lexicon
        self._made: dict[tuple[int, str], Document] = {}

    def get(self, index: int, which: str) -> Document:
        """`job_description`, `matched_resume` or `unmatched_resume` of a triple."""
        if (index, which) not in self._made:
            self._made[index, which] = self._make(index, which)
        return self._made[index, which]

    def _make(self, index: int, which: str) -> Document:
        triple = self.triples[index]
        skills, jobs = triple.context.skills, triple.context.experiences
        if which == "unmatched_resume":
            skills, jobs = triple.removal.leaves(triple.context)
        text = getattr(triple, which)
        tokens = tokenize([text], self.tokenizer)[0]
        tokens = Tokens(tokens.ids[: WINDOW - 2], tokens.offsets[: WINDOW - 2])
        kind = JOB if which == "job_description" else RESUME
        rng = np.random.default_rng([index, len(text)])
        hidden: dict[str, bool] = {}

        def keep(name: str) -> bool:
            return not hidden.setdefault(name, rng.random() < UNKNOWN)

        marks = mark(text, tokens, kind, self.lexicon, keep=keep)
        labels = find_labels(text, skills, jobs, job=kind == JOB)
        tags = tag_labels(tokens, labels.skills, labels.titles, labels.unsure)
        return Document(tokens.ids, marks, np.concatenate([[IGNORED], tags, [IGNORED]]))
