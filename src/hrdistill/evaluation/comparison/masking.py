"""Hides what a document is about, so that only how it is written is left.

Names of the gold skills and titles (in the forms in which people write them) and numbers become
the same three words on both sides: which skills a set is about is the graph's matter.
"""

from __future__ import annotations

import re

from hrdistill.records import Context
from hrdistill.text.mentions import find_mentions, surface_forms
from hrdistill.text.names import folded_words

SKILL, TITLE, NUMBER = "‹skill›", "‹title›", "‹number›"
_PART_OF_TITLE = re.compile(r"\s[-–—]\s|[,(/|)]")
_SHORTEST_FORM = 3
"""Letters from which a name is found whatever its case: "go" and "it" are words."""


class Mask:
    """What is to be hidden in the documents of one context.

    Args:
        context: its skills, with aliases, and its titles: of the occupation and of jobs held,
            and the parts of a title of two words or more ("QA Engineer - Payments Team").
    """

    def __init__(self, context: Context) -> None:
        titles = [context.occupation.title, *context.occupation.aliases]
        titles += [job.title for job in context.experiences]
        parts = [part.strip() for title in titles for part in _PART_OF_TITLE.split(title)]
        titles += [part for part in parts if len(part.split()) > 1]
        forms = {form: TITLE for title in titles for form in surface_forms(title)}
        for skill in context.skills:
            forms |= dict.fromkeys(surface_forms(skill.name, skill.aliases), SKILL)
        # "R", "Go": found only as they are written; titles are never that short.
        self._short = sorted(form for form in forms if len(form) < _SHORTEST_FORM)
        # First word -> forms that begin with it, the longest first.
        self._forms: dict[str, list[tuple[list[str], str]]] = {}
        for form, mask in sorted(forms.items(), key=lambda item: (-len(item[0].split()), item)):
            if len(form) >= _SHORTEST_FORM:
                words = form.split()
                self._forms.setdefault(words[0], []).append((words, mask))

    def words(self, text: str) -> list[str]:
        """The casefolded words of a text, punctuation left out, with masks in place of names."""
        found: list[str] = []
        start = 0
        for span in find_mentions(text, self._short):
            found += [*folded_words(text[start : span.start]).split(), SKILL]
            start = span.end
        found += folded_words(text[start:]).split()
        masked: list[str] = []
        place = 0
        while place < len(found):
            size, word = self._at(found, place)
            masked.append(word)
            place += size
        return masked

    def _at(self, words: list[str], place: int) -> tuple[int, str]:
        """How many words a mask covers at a place, and the word that stands there then."""
        word = words[place]
        for form, mask in self._forms.get(word, ()):
            if words[place : place + len(form)] == form:
                return len(form), mask
        return 1, NUMBER if word[0].isdigit() else word
