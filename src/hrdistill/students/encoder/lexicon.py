"""A vocabulary of skills, and where its names stand in a document."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hrdistill.records import Span
from hrdistill.text.names import folded_words, stem

LONGEST = 8
"""Words of the longest name that is kept."""
_WORD = re.compile(r"[^\W_]+(?:[+#][^\W_]*)*")


class Lexicon:
    """Names of skills, compared word by word without case, punctuation and plural endings.

    Args:
        names: in any spelling; those of more than `LONGEST` words are left out.
    """

    def __init__(self, names: Iterable[str]) -> None:
        kept = {folded_words(name) for name in names}
        self.names = tuple(sorted(n for n in kept if n and len(n.split()) <= LONGEST))
        self._longest: dict[str, int] = {}
        self._keys: set[tuple[str, ...]] = set()
        for name in self.names:
            key = tuple(map(stem, name.split()))
            self._keys.add(key)
            self._longest[key[0]] = max(len(key), self._longest.get(key[0], 0))

    def __contains__(self, name: str) -> bool:
        return tuple(map(stem, folded_words(name).split())) in self._keys

    def find(self, text: str) -> list[Span]:
        """Where names stand, from left to right, the longest of those that begin at a word.

        A name does not go over the end of a line or a comma.
        """
        words = list(_WORD.finditer(text))
        stems = [stem(word[0]) for word in words]
        found: list[Span] = []
        i = 0
        while i < len(words):
            n = next(
                (
                    n
                    for n in range(min(self._longest.get(stems[i], 0), len(words) - i), 0, -1)
                    if tuple(stems[i : i + n]) in self._keys
                    and not _BREAK.search(text, words[i].start(), words[i + n - 1].end())
                ),
                0,
            )
            if n:
                found.append(Span(words[i].start(), words[i + n - 1].end()))
            i += max(n, 1)
        return found


_BREAK = re.compile(r"[\n,;|•]")
