"""When two sources mean the same by two names: spelling, word order, versions, slips of the pen."""

from __future__ import annotations

import re
from functools import lru_cache

from hrdistill.text.names import normal_form, stem

_BRITISH = (
    (re.compile(r"is(ation|ing|ed|er|e)\b"), r"iz\1"),
    (re.compile(r"ys(ing|ed|er|e)\b"), r"yz\1"),
    (re.compile(r"(?<=[a-z]{3})our(?=al\b|s?\b|ing\b|ed\b)"), "or"),
    (re.compile(r"(?<=[a-z]{4})ll(?=ing\b|ed\b|er\b)"), "l"),  # travelling, but not filling
    (re.compile(r"tre\b"), "ter"),
    (re.compile(r"programme\b"), "program"),
    (re.compile(r"ae(?=[a-z]{3})"), "e"),
)
"""British spellings and what they are folded to; consistency matters here, not correctness."""
_INITIALS = re.compile(r"\b([A-Z]{2,}|[Aa]pi)s\b")
"""Plurals that `stem` takes for words such as "analysis"."""
_FILLERS = {"a", "an", "the", "and", "in", "for", "to", "with", "on"}
_VERSION = re.compile(r"(?: (?:v|ver|version|release|r))?(?: v?\d+(?:x|[a-z])?)+$")
_NO_VERSION = re.compile(
    r"^(?:iso|iec|ieee|osha|nfpa|asme|astm|api|ansi|awwa|msha|part|series|level|class|type|tier|"
    r"section|title|form|mil std|cfr|gdp|\w+ part)$| 36[05]$"
)
"""Names whose number is no version of a product: standards, grades, and products named by one."""


@lru_cache(maxsize=1 << 18)
def signature(name: str) -> str:
    """What two spellings of one name have in common: `Modelling of data` gives `data modeling`.

    Singular words in American spelling, without small words; what stands behind "of" goes first.
    Two names with one signature are taken to be one.

    Returns:
        The signature; "" where the name has no letter or digit.
    """
    form = normal_form(_INITIALS.sub(r"\1", name))
    head, of, rest = form.partition(" of ")
    if of and " of " not in rest:
        form = normal_form(f"{rest} {head}")  # again, as "knowledge" may end it now
    # "Canvas" is no plural of "Canva"; that "cameras" is one of "camera" is let go.
    words = [w if w.endswith("as") else stem(w) for w in form.split() if w not in _FILLERS]
    return " ".join(map(_american, words)) or form


def _american(word: str) -> str:
    for pattern, replacement in _BRITISH:
        word = pattern.sub(replacement, word)
    return word


def without_version(form: str) -> str | None:
    """A signature without the version that it ends in: `java 8` gives `java`; None without one."""
    base = _VERSION.sub("", form)
    if base == form or not base or _NO_VERSION.search(base) or re.search(r" 36[05]$", form):
        return None
    return base


def block(form: str) -> str:
    """What near-duplicates share: they are looked for among names that begin alike."""
    return form[:4]


def is_slip(form: str, other: str) -> bool:
    """Whether one signature is the other misspelled: the same words but for one slip in a long one.

    A slip is one letter too many, too few, wrong or swapped, behind the first letter of a word of
    7 letters and more. Numbers and short words must agree: `C` and `C#` are two things.
    """
    from rapidfuzz.distance import OSA

    words, others = form.split(), other.split()
    if len(words) != len(others):
        return False
    differing = [(a, b) for a, b in zip(words, others, strict=True) if a != b]
    if len(differing) != 1:
        return False
    a, b = differing[0]
    if min(len(a), len(b)) < 7 or a[0] != b[0] or not (a + b).isalpha():
        return False
    return OSA.distance(a, b, score_cutoff=1) == 1
