"""Compares single words: inflections and misspellings of one word, not words that begin alike."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import fuzz

_SHORTEST = 4
_ENDING = 3
"""Letters at the end in which forms of a word may differ: managing and management share `manag`."""
_SPELLING = 86.0


@lru_cache(maxsize=1 << 18)
def alike(word: str, other: str) -> bool:
    """Whether two casefolded words are forms of one word, or one misspelt.

    They are where they are equal, where they share all but the ending of the shorter (and at
    least five letters), or where their spelling is 86% the same.
    """
    if word == other:
        return True
    if min(len(word), len(other)) < _SHORTEST:
        return False
    shared = 0
    for a, b in zip(word, other, strict=False):
        if a != b:
            break
        shared += 1
    shorter, longer = sorted((len(word), len(other)))
    same_stem = shared >= max(5, shorter - _ENDING) and longer - shared <= _ENDING + 2
    return same_stem or fuzz.ratio(word, other) >= _SPELLING
