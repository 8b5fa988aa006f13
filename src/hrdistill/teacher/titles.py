"""How people write a job title that a classification writes in the plural, or in full."""

from __future__ import annotations

import re
from functools import lru_cache

from hrdistill.teacher.phrasebook import Choices
from hrdistill.text.names import stem

_REST = re.compile(r", (?:All Other|Except .*)$", re.IGNORECASE)
_LEVELS = (("Senior ", "Sr. "), ("Senior ", "Sr "), ("Sr. ", "Senior "), ("Junior ", "Jr. "),
           ("Jr. ", "Junior "), ("Sr ", "Senior "))  # fmt: skip
_PLURAL_WORD = re.compile(r"[A-Za-z]+(?=$|,| and |--)")


def written(title: str, choices: Choices, *, job: bool) -> str:
    """A title as a document may write it: mostly as it is.

    Args:
        title: as the context has it.
        choices: where the draws come from.
        job: whether a job description writes it, where the rest behind a comma may go.
    """
    options = _options(title, job)
    if len(options) > 1 and choices.chance(0.5):
        return choices.one_of(options)
    return options[0]


@lru_cache(maxsize=1 << 13)
def _options(title: str, job: bool) -> tuple[str, ...]:
    options = [title]
    one = singular(title)
    if one != title:
        options += [one, one, one]
        if job and (rest := _REST.search(one)):
            options += [one[: rest.start()]] * 2
    for long, short in _LEVELS:
        if title.startswith(long):
            options.append(short + title[len(long) :])
    if title.istitle():
        options.append(title.lower())
    return tuple(options)


@lru_cache(maxsize=1 << 13)
def singular(title: str) -> str:
    """`Medical and Health Services Managers` as `Medical and Health Services Manager`."""
    last = re.findall(r"[A-Za-z]+", _REST.sub("", title))[-1:]
    if not last or _one(last[0]) == last[0]:
        return title
    rest = _REST.search(title)
    end = rest.start() if rest else len(title)
    return _PLURAL_WORD.sub(lambda found: _one(found[0]), title[:end]) + title[end:]


def _one(word: str) -> str:
    """The singular of a noun, its capitals kept."""
    one = stem(word)
    if one == word.lower() or len(word) < 4:
        return word
    if word.lower().endswith("ies"):
        return word[:-3] + "y"
    return word[: len(one)]
