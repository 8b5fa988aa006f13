"""How varied the words are: distinct n-grams, self-BLEU, vocabulary.

Words are casefolded, punctuation left out. All of these depend on how much text there is, so both
sides are cut to the same amount: the same number of words (distinct-n, types), the same number of
documents (self-BLEU).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hrdistill.evaluation.comparison.figures import Document, Figure, Gathering

N_DOCUMENTS = 300
"""Documents a side, at most, that distinct-n and self-BLEU look at."""
_ORDER = 4
"""Longest n-gram of BLEU."""
_N_LACKING = 40

Words = Sequence[str]


def distinct(documents: Sequence[Words], n: int, *, n_words: int) -> float | None:
    """Distinct-n (Li et al. 2016): different n-grams over all n-grams, in 0..1.

    Higher is more varied. N-grams do not cross the ends of documents.

    Args:
        documents: words of each.
        n: words an n-gram.
        n_words: how many words to look at, from the first document on; the last is cut.

    Returns:
        The ratio; None where there is no n-gram.
    """
    seen: set[tuple[str, ...]] = set()
    total, left = 0, n_words
    for words in documents:
        for gram in _ngrams(words[:left], n):
            seen.add(gram)
            total += 1
        left -= len(words)
        if left <= 0:
            break
    return len(seen) / total if total else None


def self_bleu(documents: Sequence[Words]) -> float | None:
    """Self-BLEU (Zhu et al. 2018): mean BLEU-4 of each document against all the others, 0..1.

    Lower is more varied. BLEU as sacrebleu defines it for a sentence: the geometric mean of the
    clipped precisions of 1- to 4-grams, times exp(1 - r/c) where the document of c words is
    shorter than r, the length nearest to its own among the others (the shorter of two as near);
    the k-th precision without a hit counts as 1 / (2^k * n-grams) (smoothing "exp"), a document
    without any as 0. Orders longer than the document are left out.

    Returns:
        The mean over documents with at least one word; None of fewer than two documents.
    """
    texts = [tuple(words) for words in documents if words]
    if len(texts) < 2:
        return None
    counts = [[Counter(_ngrams(words, n)) for words in texts] for n in range(1, _ORDER + 1)]
    most = [_two_largest(by_document) for by_document in counts]
    lengths = sorted(len(words) for words in texts)
    total = 0.0
    for i, words in enumerate(texts):
        logs, n_missed, n_hits = [], 0, 0
        for by_document, largest in zip(counts, most, strict=True):
            n_grams = sum(by_document[i].values())
            if not n_grams:
                break
            hits = sum(
                min(count, _most_elsewhere(count, largest[gram]))
                for gram, count in by_document[i].items()
            )
            n_missed += hits == 0
            n_hits += hits
            logs.append(math.log((hits or 0.5**n_missed) / n_grams))
        if not n_hits:
            continue
        reference = _nearest(lengths, len(words))
        brevity = min(0.0, 1 - reference / len(words))
        total += math.exp(sum(logs) / len(logs) + brevity)
    return total / len(texts)


def _two_largest(
    by_document: Sequence[Counter[tuple[str, ...]]],
) -> dict[tuple[str, ...], tuple[int, int]]:
    """N-gram -> the two largest counts that it has in documents."""
    largest: dict[tuple[str, ...], tuple[int, int]] = {}
    for counter in by_document:
        for gram, count in counter.items():
            first, second = largest.get(gram, (0, 0))
            if count > first:
                largest[gram] = (count, first)
            elif count > second:
                largest[gram] = (first, count)
    return largest


def _most_elsewhere(own: int, largest: tuple[int, int]) -> int:
    """The largest count in another document, of an n-gram that stands `own` times in this one."""
    return largest[1] if own == largest[0] else largest[0]


def _nearest(lengths: Sequence[int], own: int) -> int:
    """The sorted length nearest to `own` among the others; the shorter of two as near."""
    place = bisect_left(lengths, own)
    others = [*lengths[max(0, place - 1) : place], *lengths[place + 1 : place + 2]]
    return min(others, key=lambda length: (abs(length - own), length))


def _ngrams(words: Words, n: int) -> Iterator[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(n)), strict=False)


def compare_diversity(about: Document, a: Sequence[Words], b: Sequence[Words]) -> list[Figure]:
    """Distinct-1, -2 and -3 (higher is more varied) and self-BLEU (lower is) of both sides.

    Args:
        about: the kind of document.
        a: words of each document, in random order; of these, as many documents and words are
            looked at as the other side has, and at most 300 documents.
        b: the same, of the other side.
    """
    gathered = Gathering(about, "diversity")
    n_documents = min(len(a), len(b), N_DOCUMENTS)
    left, right = a[:n_documents], b[:n_documents]
    n_words = min(sum(map(len, left)), sum(map(len, right)))
    for n in (1, 2, 3):
        gathered.number(
            f"distinct-{n}",
            distinct(left, n, n_words=n_words),
            distinct(right, n, n_words=n_words),
        )
    gathered.number("self-BLEU", self_bleu(left), self_bleu(right))
    return gathered.figures


@dataclass(frozen=True, slots=True)
class Lacking:
    """A word that one side says and the other never does.

    Attributes:
        word: casefolded.
        share: of the documents that hold it, on the side that says it.
    """

    word: str
    share: float


def compare_vocabularies(
    about: Document, a: Sequence[Words], b: Sequence[Words], *, masked: Sequence[Sequence[Words]]
) -> list[Figure]:
    """How far the words of one side are words of the other.

    - `types`: different words among the same number of words (higher is more varied).
    - `overlap`: of those two sets of types, the share that both have (Jaccard, higher is nearer).
    - `unknown words`: share of all the words of a side that the other, taken whole, never says
      (lower is nearer; smaller against a larger set). In column a, words of A that B lacks; in
      column b, words of B that A lacks: what a student trained on A has never read.
    - `unknown words, masked`: the same without names of skills, titles and numbers.

    Args:
        about: the kind of document.
        a: words of each document, in random order; `b` of the other side.
        masked: (a, b) once more, without what is to be masked.
    """
    gathered = Gathering(about, "vocabulary")
    n_words = min(sum(map(len, a)), sum(map(len, b)))
    left, right = _types(a, n_words), _types(b, n_words)
    gathered.number("types", float(len(left)), float(len(right)))
    overlap = len(left & right) / len(left | right) if left | right else None
    gathered.number("overlap", overlap, overlap)
    for name, (x, y) in (("unknown words", (a, b)), ("unknown words, masked", masked)):
        gathered.number(name, _unknown(x, y), _unknown(y, x))
    return gathered.figures


def lacking_words(documents: Sequence[Words], others: Sequence[Words]) -> list[Lacking]:
    """The words that stand in most documents, among those that no other document holds.

    Returns:
        At most 40 of them, in at least two documents each, the most frequent first.
    """
    known = {word for words in others for word in words}
    counts = Counter(word for words in documents for word in set(words) if word not in known)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [
        Lacking(word, count / len(documents)) for word, count in ranked[:_N_LACKING] if count > 1
    ]


def _types(documents: Sequence[Words], n_words: int) -> set[str]:
    types: set[str] = set()
    for words in documents:
        types.update(words[:n_words])
        n_words -= len(words)
        if n_words <= 0:
            break
    return types


def _unknown(documents: Sequence[Words], others: Sequence[Words]) -> float | None:
    known = {word for words in others for word in words}
    total = sum(map(len, documents))
    unknown = sum(word not in known for words in documents for word in words)
    return unknown / total if total else None
