"""Templates that call each other, compiled once.

`[know] knowledge of {skill}[tail]` is words, calls of other symbols in brackets, and fields in
braces. Tables of `phrasing/grammar_*.tsv` give each symbol its templates, the keys that admit them
(kinds of skill, or categories of work as "in technology") and whole-number weights. `verbs.tsv`
gives `[v]`, `[ved]` and `[ving]`, `objects.tsv` the nouns of each category, `deeds.tsv` what is
done in it (`[deed-v]`, `[deed-ved]`, `[deed-ving]`), `fields.tsv` what people study for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from hrdistill.errors import TeacherError
from hrdistill.teacher.phrasebook import Choices, table
from hrdistill.text.names import with_article

_TABLES = ("grammar_words", "grammar_job", "grammar_resume")
_VERB_FORMS = ("v", "ved", "ving")
_REFERENCE = re.compile(r"\[([a-z-]+)\]|\{([a-z_]+)\}")
_SENTENCE_START = re.compile(r"(?:^|[.!?:] |\n\W*)$")
_NOTHING = "~"
_CATEGORY_WEIGHT = 3
"""How much oftener a noun of the category is drawn than one that fits every category."""

_OPEN_FIELDS = {"years": "\x00", "title": "\x01"}
_WORDS, _FIELD, _FIELD_UP, _CALL, _CALL_UP = range(5)
Part = tuple[int, str]
Template = str | tuple[Part, ...]
"""A short phrase, or what calls and fills in."""
Keys = tuple[str, str]
"""The kind of the skill and the category of the work ("in sales") that a text is asked for."""


class Writer:
    """Writes one document; no short phrase comes twice where another is to be had.

    Args:
        choices: where the draws come from.
    """

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self._said: set[str] = set()

    def write(self, symbol: str, keys: Keys, values: Mapping[str, str]) -> str:
        """A text of a symbol, its fields filled from `values`.

        Raises:
            TeacherError: no template of the symbol fits the keys.
        """
        text = self._expand(symbol, _fitting(keys), values)
        return _with_articles(text) if "(n) " in text else text

    def write_raw(self, symbol: str, keys: Keys) -> str:
        """A text with its fields {years} and {title} open, as the characters 0 and 1."""
        return self._expand(symbol, _fitting(keys), _OPEN_FIELDS)

    def _expand(self, symbol: str, fitting: _Fitting, values: Mapping[str, str]) -> str:
        options = fitting[symbol]
        template = self.choices.one_of(options)
        if isinstance(template, str):
            if template not in self._said:
                self._said.add(template)
                return template
            template = self.choices.one_of(options)
            if isinstance(template, str):
                return template
        text = ""
        for what, part in template:
            if what == _WORDS:
                text += part
            elif what == _CALL:
                text += self._expand(part, fitting, values)
            elif what == _FIELD:
                text += values[part]
            elif what == _FIELD_UP:
                text += capital(values[part])
            else:
                text += capital(self._expand(part, fitting, values))
        return text


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def _with_articles(text: str) -> str:
    """`a(n) experienced Baker` as `an experienced Baker`."""
    first, *rest = re.split(r"\b([Aa])\(n\) ", text)
    for letter, following in zip(rest[::2], rest[1::2], strict=True):
        word = following.split(" ", 1)[0]
        article = with_article(word).split(" ", 1)[0] if word else "a"
        first += (article if letter == "a" else capital(article)) + " " + following
    return first


class _Fitting(dict[str, tuple[Template, ...]]):
    """The templates of each symbol that fit the keys, each as often as it weighs."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def __missing__(self, symbol: str) -> tuple[Template, ...]:
        found: list[Template] = []
        for admitted, weight, template in _symbols().get(symbol, ()):
            if admitted == ("any",) or any(key in admitted for key in self._keys):
                found += [template] * weight
        if not found:
            raise TeacherError(f"the grammar has no {symbol!r} for {' and '.join(self._keys)}")
        self[symbol] = options = tuple(found)
        return options


_fitting = lru_cache(maxsize=1 << 10)(_Fitting)


@lru_cache(maxsize=1)
def _symbols() -> dict[str, list[tuple[Sequence[str], int, Template]]]:
    symbols: dict[str, list[tuple[Sequence[str], int, Template]]] = {}

    def add(symbol: str, keys: str, weight: int, template: str) -> None:
        row = (tuple(keys.split("|")), weight, _compiled(template))
        symbols.setdefault(symbol, []).append(row)

    for name in _TABLES:
        for symbol, keys, weight, template in table(name):
            add(symbol, keys, int(weight), template)
    for forms in table("verbs"):
        for symbol, form in zip(_VERB_FORMS, forms, strict=True):
            add(symbol, "any", 1, form)
    for symbol, category, phrase in table("objects"):
        add(symbol, *_place(category), phrase)
    for category, *deeds in table("deeds"):
        for symbol, form in zip(_VERB_FORMS, deeds, strict=True):
            add(f"deed-{symbol}", *_place(category), form)
    for category, field in table("fields"):
        add("field", _place(category)[0], 1, field)
    return symbols


def _place(category: str) -> tuple[str, int]:
    return ("any", 1) if category == "any" else (f"in {category}", _CATEGORY_WEIGHT)


def _compiled(template: str) -> Template:
    if template == _NOTHING:
        return ()
    if not _REFERENCE.search(template):
        return template
    parts: list[Part] = []
    end = 0
    for found in _REFERENCE.finditer(template):
        if found.start() > end:
            parts.append((_WORDS, template[end : found.start()]))
        starts = end != found.start() or end == 0
        before = template[: found.start()]
        up = starts and before != "" and bool(_SENTENCE_START.search(before))
        if found[1]:
            parts.append((_CALL_UP if up else _CALL, found[1]))
        else:
            parts.append((_FIELD_UP if up else _FIELD, found[2]))
        end = found.end()
    if end < len(template):
        parts.append((_WORDS, template[end:]))
    return tuple(parts)
