"""Finds a skill in a text by the forms in which people write it.

A form is a normal form: the name, an alias, its plural or singular, or the verb for a noun
("Inventory Management" as "managing inventory", from `heads.tsv`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import resources

from hrdistill.records import Span
from hrdistill.text.names import folded_words, normal_form, stem

# The ends of a word as `folded_words` sees them: a leading plus or number sign is none of it.
_START = r"(?<![^\W_])(?<![^\W_][+#])(?<![^\W_][+#]{2})"
_END = r"(?![^\W_]|[+#])"


def normal_text(text: str) -> str:
    """A text as one line of normalised words with a blank at both ends, to be searched in."""
    return f" {folded_words(text)} "


@lru_cache(maxsize=1)
def _heads() -> dict[str, str]:
    table = resources.files("hrdistill.text").joinpath("heads.tsv").read_text(encoding="utf-8")
    rows = (row.split("\t") for row in table.splitlines()[1:])
    return {row[0]: row[1] for row in rows}


@lru_cache(maxsize=1 << 16)
def paraphrase(name: str) -> str | None:
    """The name with its head noun as a verb, None where the head is not in the table."""
    words = name.split()
    verb = _heads().get(words[-1].casefold()) if len(words) > 1 else None
    return f"{verb} {' '.join(words[:-1])}" if verb else None


@lru_cache(maxsize=1 << 16)
def surface_forms(name: str, aliases: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Normal forms of a skill's name, its aliases and their paraphrases, longest first."""
    forms: dict[str, None] = {}
    for spelling in (name, *aliases):
        for form in (spelling, paraphrase(spelling) or ""):
            if normal := normal_form(form):
                forms[normal] = None
                forms[_other_number(normal)] = None
    return tuple(sorted(forms, key=lambda form: (-len(form), form)))


def _other_number(form: str) -> str:
    """The singular of a plural, the plural of a singular; the form itself where unsure."""
    if len(form) < 4 or not form[-1].isalpha():
        return form
    before, blank, last = form.rpartition(" ")
    if (singular := stem(last)) != last:
        return before + blank + singular
    if form.endswith(("ss", "sh", "ch", "x")):
        return form + "es"
    if form.endswith("y") and form[-2] not in "aeiou":
        return form[:-1] + "ies"
    return form if form.endswith("s") else form + "s"


def shows(normal: str, forms: Iterable[str]) -> bool:
    """Whether a text, as `normal_text` gives it, holds one of the forms as whole words."""
    for form in forms:  # noqa: SIM110  generation asks millions of times: no generator
        if f" {form} " in normal:
            return True
    return False


@lru_cache(maxsize=1 << 16)
def _pattern(form: str) -> re.Pattern[str]:
    words = form.split()
    body = r"(?:[^\w+#]|_){1,3}".join(re.escape(word) for word in words)
    if len(form) <= 2:  # "R", "C", "Go": only as written in capitals, and not in "R&D"
        body = re.escape(form.upper() if len(form) == 1 else form.capitalize()) + (
            f"|{re.escape(form.upper())}" if len(form) == 2 else ""
        )
        return re.compile(rf"(?<!&){_START}(?:{body}){_END}(?!&)")
    return re.compile(rf"{_START}{body}{_END}", re.IGNORECASE)


def find_mentions(text: str, forms: Sequence[str]) -> list[Span]:
    """Where the forms stand in a text: spans that do not overlap, longest form first, in order."""
    taken: list[Span] = []
    for form in forms:
        for found in _pattern(form).finditer(text):
            if all(found.end() <= span.start or found.start() >= span.end for span in taken):
                taken.append(Span(*found.span()))
    return sorted(taken, key=lambda span: span.start)
