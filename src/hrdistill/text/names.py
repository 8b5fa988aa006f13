"""Names of skills and job titles: normal forms, comparison, one-to-one matching.

The two rules of comparison are fixed, so that figures stay comparable: `exact` is equality of
`normal_form`; `soft` is a rapidfuzz `token_sort_ratio` of at least 80 between normal forms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

SOFT_CUTOFF = 80.0

_TRAILING_HEADS = re.compile(r"(?: (?:skills?|ability|abilities|knowledge))+$")
# A plus or number sign belongs to a name only behind one of its letters: C++, not "## Skills".
_WORD = re.compile(r"[^\W_]+(?:[+#][^\W_]*)*")
_VOWEL_SOUND = re.compile(
    r"[ai]|e(?!u|w)|o(?!n[ce]e?\b)|u(?!-|ni(?!n|m|de)|s[aeu]|t[eio]|r[aio]|k)|hono|heir|hour"
    r"|[fhlmnrsx]-|8|1[18]\b",
    re.IGNORECASE,
)
_LETTER_BY_LETTER = re.compile(r"[AEFHILMNORSX](?=[A-Z0-9]|\b)")


def folded_words(text: str) -> str:
    """The words of a text, casefolded, with one blank between two.

    `+` and `#` are letters at the end of a word: C, C++ and C# are three names.
    """
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


@lru_cache(maxsize=1 << 17)
def normal_form(name: str) -> str:
    """Casefolds, normalises punctuation and spaces, strips trailing generic heads.

    Args:
        name: a skill or title as written.

    Returns:
        The normal form; "" where nothing of the name is left.
    """
    return _TRAILING_HEADS.sub("", folded_words(name))


def soft_equal(a: str, b: str) -> bool:
    """Whether two names are the same by the soft rule."""
    return fuzz.token_sort_ratio(normal_form(a), normal_form(b)) >= SOFT_CUTOFF


def distinct(names: Sequence[str]) -> list[str]:
    """Drops empty names and repetitions (by normal form), keeping order and first spelling."""
    kept: dict[str, str] = {}
    for name in names:
        key = normal_form(name)
        if key and key not in kept:
            kept[key] = name.strip()
    return list(kept.values())


def match_exact(predicted: Sequence[str], gold: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs (index in `predicted`, index in `gold`) of equal names, each used once."""
    places: dict[str, list[int]] = {}
    for j, name in enumerate(gold):
        places.setdefault(normal_form(name), []).append(j)
    pairs = []
    for i, name in enumerate(predicted):
        if free := places.get(normal_form(name)):
            pairs.append((i, free.pop(0)))
    return pairs


def match_soft(predicted: Sequence[str], gold: Sequence[str]) -> list[tuple[int, int]]:
    """The largest one-to-one matching under the soft rule.

    Returns:
        Pairs (index in `predicted`, index in `gold`); of matchings of the largest size, the
        one whose summed similarity is highest.
    """
    if not predicted or not gold:
        return []
    from scipy.optimize import linear_sum_assignment

    scores = process.cdist(
        [normal_form(name) for name in predicted],
        [normal_form(name) for name in gold],
        scorer=fuzz.token_sort_ratio,
    )
    # A pair at the cut-off outweighs any gain in similarity among fewer pairs.
    value = (scores >= SOFT_CUTOFF) * (1e4 + scores)
    rows, columns = linear_sum_assignment(value, maximize=True)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if value[i, j] > 0]


def slug(name: str) -> str:
    """An identifier made of a name: `C++ Developer` gives `c++-developer`."""
    plain = name.casefold()
    # Most names are plain words: no need to look for them.
    if plain.replace(" ", "").isalnum():
        return "-".join(plain.split())
    return "-".join(_WORD.findall(plain))


def stem(word: str) -> str:
    """The word without its plural ending, casefolded: enough to compare job titles."""
    word = word.casefold()
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def with_article(noun: str) -> str:
    """`a Baker`, `an Electrician`, `an HR Manager`, `a UX Designer`."""
    first = noun.split(maxsplit=1)[0] if noun.split() else ""
    if re.match(r"[A-Z][A-Z0-9.&/]*(?:\b|$)", first) and first.isupper():
        vowel = bool(_LETTER_BY_LETTER.match(first))
    else:
        vowel = bool(_VOWEL_SOUND.match(first))
    return f"{'an' if vowel else 'a'} {noun}"


NUMBER_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", "twenty",
)  # fmt: skip
"""The words of 0 to 20, in order."""
