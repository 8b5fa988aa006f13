"""The order in which triples are learned from, and their documents as labelled tokens."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

pytest.importorskip("torch")

from hrdistill.benchmark import Benchmark
from hrdistill.records import Triple
from hrdistill.students.course import ENOUGH
from hrdistill.students.encoder.labels import find_labels
from hrdistill.students.encoder.lexicon import Lexicon
from hrdistill.students.encoder.marks import N_MARKS
from hrdistill.students.encoder.material import BATCH_TRIPLES, UNKNOWN, Documents, make_batches
from hrdistill.students.encoder.model import BEGIN_SKILL, OUTSIDE, TITLE
from hrdistill.students.encoder.reading import IGNORED, WINDOW, tag_labels, tokenize
from hrdistill.students.encoder.student import EncoderStudent

EPOCHS = 40


def mixed(triples: list[Triple], n_natural: int, n_offline: int) -> list[Triple]:
    """Triples of both kinds, of lengths all different."""
    every = [triples[i % len(triples)] for i in range(n_natural + n_offline)]
    return [
        replace(
            triple,
            job_description="x" * (100 + 7 * i % 1009),
            provenance={"teacher": "offline"} if i < n_offline else {},
        )
        for i, triple in enumerate(every)
    ]


# Order


@pytest.mark.parametrize(
    ("n_natural", "n_offline", "chosen"),
    [
        (0, 50, 50),  # nothing else to learn from
        (ENOUGH - 1, 100, 100),
        (ENOUGH, 100, ENOUGH // 2),
        (90, 20, 20),  # there are no more
        (90, 0, 0),
    ],
)
def test_an_epoch_has_every_natural_triple_and_half_as_many_others(
    triples: list[Triple], n_natural: int, n_offline: int, chosen: int
) -> None:
    every = mixed(triples, n_natural, n_offline)
    batches = make_batches(every, np.random.default_rng(0))
    assert all(1 <= len(batch) <= BATCH_TRIPLES for batch in batches)
    per_epoch = n_natural + chosen
    assert sum(map(len, batches)) == EPOCHS * per_epoch
    times = Counter(i for batch in batches for i in batch)
    assert [times[i] for i in range(n_offline, len(every))] == [EPOCHS] * n_natural
    epoch: list[int] = []
    while len(epoch) < per_epoch:
        epoch += batches.pop(0)
    assert len(set(epoch)) == len(epoch) == per_epoch
    if chosen < n_offline:  # others each time
        assert len([i for i in range(n_offline) if times[i]]) > chosen


def test_a_batch_holds_documents_of_like_length(triples: list[Triple]) -> None:
    every = mixed(triples, 120, 0)
    lengths = np.array([len(t.job_description) + len(t.matched_resume) for t in every])
    n_batches = 120 // BATCH_TRIPLES
    first = make_batches(every, np.random.default_rng(0))[:n_batches]
    assert sorted(i for batch in first for i in batch) == list(range(120))
    ranges = sorted((lengths[batch].min(), lengths[batch].max()) for batch in first)
    assert all(a[1] <= b[0] for a, b in pairwise(ranges))
    # They do not come shortest first.
    assert [lengths[batch].min() for batch in first] != [low for low, _ in ranges]


def test_the_order_is_a_matter_of_the_seed(triples: list[Triple]) -> None:
    every = mixed(triples, 60, 60)
    orders = [make_batches(every, np.random.default_rng(seed)) for seed in (0, 0, 1)]
    assert orders[0] == orders[1] != orders[2]


# Documents


@pytest.fixture
def documents(tiny_student: EncoderStudent, benchmark: Benchmark) -> Documents:
    return Documents(benchmark.triples, tiny_student.tokenizer, tiny_student.lexicon)


WHICH = ("job_description", "matched_resume", "unmatched_resume")


def test_documents_are_labelled_with_what_they_name(
    documents: Documents, benchmark: Benchmark
) -> None:
    for index, triple in enumerate(benchmark.triples[:12]):
        kept, held = triple.removal.leaves(triple.context)
        for which in WHICH:
            of_all = (triple.context.skills, triple.context.experiences)
            skills, jobs = (kept, held) if which == "unmatched_resume" else of_all
            text = getattr(triple, which)
            tokens = tokenize([text], documents.tokenizer)[0]
            labels = find_labels(text, skills, jobs, job=which == "job_description")
            expected = tag_labels(tokens, labels.skills, labels.titles, labels.unsure)
            document = documents.get(index, which)
            n = min(len(tokens.ids), WINDOW - 2)
            assert document.ids.tolist() == tokens.ids[:n].tolist()
            assert document.tags.tolist() == [IGNORED, *expected[:n].tolist(), IGNORED]
            assert document.marks.shape == (n, N_MARKS)
            assert (document.tags == BEGIN_SKILL).sum() >= len(skills), (triple.id, which)
            assert (document.tags == TITLE).any() == bool(jobs), (triple.id, which)


def test_a_document_is_made_once(documents: Documents) -> None:
    assert documents.get(0, "job_description") is documents.get(0, "job_description")
    assert documents.get(0, "job_description") is not documents.get(1, "job_description")


def test_a_long_document_is_cut_to_a_window(
    tiny_student: EncoderStudent, benchmark: Benchmark
) -> None:
    triple = benchmark.triples[0]
    long = replace(triple, job_description=triple.job_description + "\n\nmore and more" * 400)
    document = Documents([long], tiny_student.tokenizer, Lexicon([])).get(0, "job_description")
    assert len(document.ids) == len(document.marks) == WINDOW - 2
    assert len(document.tags) == WINDOW
    assert OUTSIDE in document.tags


def test_some_names_are_hidden_from_the_vocabulary_all_over_a_document(
    tiny_student: EncoderStudent, benchmark: Benchmark
) -> None:
    """So that the tagger does without it where it fails, as it will on skills of other trades."""
    text = "## Skills\n- Bread Baking\n- Bread Baking at night\n\nbread baking\n"
    n = 300
    many = [replace(benchmark.triples[0], job_description=text + " " * i) for i in range(n)]
    made = Documents(many, tiny_student.tokenizer, Lexicon(["Bread Baking"]))
    tokens = tokenize([text], tiny_student.tokenizer)[0]
    starts = [i for i, (a, _) in enumerate(tokens.offsets) if text[a : a + 5].lower() == "bread"]
    known = 0
    for index in range(n):
        column = made.get(index, "job_description").marks[:, 1]
        values = {int(column[i]) for i in starts}
        assert len(values) == 1  # every time or never
        known += values != {int(column.min())}
    assert known / n == pytest.approx(1 - UNKNOWN, abs=0.08)
