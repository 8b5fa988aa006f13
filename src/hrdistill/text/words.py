"""Compares single words: inflections and misspellings of one word, not words that begin alike."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Prefix

_SHORTEST = 4
_STEM = 5
_ENDING = 3
"""Letters at the end in which forms of a word may differ: managing and management share `manag`."""
_LONGER_ENDING = _ENDING + 2
_SPELLING = 86.0


@lru_cache(maxsize=1 << 18)
def alike(word: str, other: str) -> bool:
    """Whether two casefolded words are forms of one word, or one misspelt.

    They are where they are equal, where they share all but the ending of the shorter (and at
    least five letters), or where their spelling is 86% the same.
    """
    if word == other:
        return True
    shorter, longer = sorted((len(word), len(other)))
    if shorter < _SHORTEST:
        return False
    shared = Prefix.similarity(word, other)
    same_stem = shared >= max(_STEM, shorter - _ENDING) and longer - shared <= _LONGER_ENDING
    return same_stem or fuzz.ratio(word, other) >= _SPELLING


def all_alike(words: Sequence[str], others: Collection[str]) -> list[list[str]]:
    """As `alike`, for many words at once.

    Args:
        words: casefolded.
        others: casefolded and distinct, such as the vocabulary of many documents.

    Returns:
        The others that each of `words` is alike to.
    """
    import numpy as np

    if not words or not others:
        return [[] for _ in words]
    known = list(others)
    spelling = process.cdist(words, known, scorer=fuzz.ratio, score_cutoff=_SPELLING)
    shared = process.cdist(words, known, scorer=Prefix.similarity, dtype=np.int32)
    length, lengths = (np.array([len(word) for word in list_]) for list_ in (words, known))
    shorter = np.minimum(length[:, None], lengths)
    longer = np.maximum(length[:, None], lengths)
    same_stem = (shared >= np.maximum(_STEM, shorter - _ENDING)) & (
        longer - shared <= _LONGER_ENDING
    )
    near = (same_stem | (spelling > 0)) & (shorter >= _SHORTEST) | (spelling == 100)
    return [[known[j] for j in np.flatnonzero(row)] for row in near]
