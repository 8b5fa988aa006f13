"""Cuts the lines of a skills section into the skills they name, by rules.

"Familiarity with Perl and Ruby, gained in several roles" gives Perl and Ruby. What stands before
and behind a skill is in `phrase_edges.tsv`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from hrdistill.records import Span
from hrdistill.text.names import normal_form
from hrdistill.text.sections import Line, read_lines

MAX_WORDS = 7
"""Words of the longest phrase that passes for the name of a skill."""

_COLON = re.compile(r"^(?P<head>[^:]{2,60}?)\s*(?:\*\*)?\s*:\s+(?P<rest>\S.*)$")
_WISH = (
    r"(?:essential|required?|must(?:[\s-]have)?s?|preferred|preferable|desired|desirable|"
    r"nice[\s-]to[\s-]have|mandatory|optional|needed|wanted|(?:a\s+)?plus|bonus)"
)
_WISH_LABEL = re.compile(rf"^{_WISH}\s*(?::|\s[-–—])\s+(?=\S)", re.IGNORECASE)
_WISH_MARK = re.compile(rf"\s*[(\[]{_WISH}[)\]]\s*\.?$", re.IGNORECASE)
_HANGING = re.compile(r"\b(?:of|for|in|to|with|and)$")
_LIST = re.compile(r"\s*(?:[,;|•]|\s/\s)\s*(?:and\s+|or\s+|&\s+)?")
_AND = re.compile(r"\s+(?:and(?:/or)?|as well as|together with|along with|plus|&)\s+")
_CLAUSE = re.compile(
    r"\s*(?:so|but|because|if|when|as|while|since|you|we|they|it)\s", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?<=[a-z)])[.;]\s+(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A skill as a document names it: `name` is the text of `span`."""

    name: str
    span: Span


@lru_cache(maxsize=1)
def _edges() -> tuple[re.Pattern[str], re.Pattern[str]]:
    file = resources.files("hrdistill.text").joinpath("phrase_edges.tsv")
    sides: dict[str, list[str]] = {"before": [], "behind": []}
    for row in file.read_text(encoding="utf-8").splitlines()[1:]:
        side, pattern = row.split("\t")
        sides[side].append(pattern)
    before = re.compile(rf"^(?:{'|'.join(sides['before'])})(?:\s+|(?=[(\"“]))", re.IGNORECASE)
    behind = re.compile(rf"\s*(?:{'|'.join(sides['behind'])}).*$", re.IGNORECASE)
    return before, behind


def read_skill_phrases(document: str) -> list[Phrase]:
    """The skills that a document's skills section names, in order, with their places.

    Where it has no such section, none are found: prose elsewhere names too many other things.

    Args:
        document: a job description or a resume.
    """
    phrases: list[Phrase] = []
    for line in read_lines(document):
        if line.section == "skills" and not line.heading:
            phrases += _phrases(line)
    seen: set[str] = set()
    distinct = []
    for phrase in phrases:
        key = normal_form(phrase.name)
        if key and key not in seen:
            seen.add(key)
            distinct.append(phrase)
    return distinct


def _phrases(line: Line) -> list[Phrase]:
    found: list[Phrase] = []
    start = 0
    for sentence in _SENTENCE.split(line.text):
        place = line.text.index(sentence, start)
        start = place + len(sentence)
        found += _sentence_phrases(sentence, line.start + place)
    return found


def _sentence_phrases(text: str, offset: int) -> list[Phrase]:
    # How much a skill is wanted ("Essential: ...", "... (required)") is none of its name.
    label = _WISH_LABEL.match(text)
    offset += label.end() if label else 0
    text = _WISH_MARK.sub("", text[label.end() :] if label else text)
    colon = _COLON.match(text)
    if colon and len(colon["head"].split()) <= 5:
        head = _core(colon["head"])
        rest_items = _LIST.split(colon["rest"].strip(" ."))
        listed = len(rest_items) >= 2 and all(len(item.split()) <= 4 for item in rest_items)
        if head and not listed:
            return _placed([colon["head"]], text, offset)
        if listed:
            return _placed(rest_items, text, offset)
    body = _trim(text)
    pieces = _LIST.split(body)
    if len(pieces) > 2 or all(len(p.split()) <= 3 for p in pieces):
        split = [part for piece in pieces for part in _AND.split(piece)]
    else:
        split = [part for piece in pieces for part in _split_short(piece)]
    return _placed(split, text, offset)


def _split_short(piece: str) -> list[str]:
    parts = _AND.split(_core(piece))
    if len(parts) == 2 and all(1 <= len(p.split()) <= 2 for p in parts):
        return parts
    return [piece]


def _placed(parts: list[str], text: str, offset: int) -> list[Phrase]:
    phrases = []
    cursor = 0
    for part in parts:
        name = "" if _CLAUSE.match(part) else _core(part)
        if not name or len(name.split()) > MAX_WORDS:
            continue
        place = text.find(name, cursor)
        if place < 0:
            place = text.find(name)
        if place < 0:
            continue
        cursor = place + len(name)
        phrases.append(Phrase(name, Span(offset + place, offset + cursor)))
    return phrases


def _trim(text: str) -> str:
    """Cuts off what stands before and behind the skills of a sentence."""
    before, behind = _edges()
    text = text.strip(" .*_\"'“”")
    for _ in range(10):
        shorter = before.sub("", text).lstrip(" *_\"'“”:-")
        if shorter == text or not shorter:
            break
        text = shorter
    shorter = behind.sub("", text).strip(" .,;:*_-–—\"'“”")
    # "Proof of Concept" is no proof of anything.
    return text if not shorter or _HANGING.search(shorter) else shorter


def _core(part: str) -> str:
    """The skill inside a phrase, its edges cut again."""
    return _trim(part.strip(" .,;:*_\"'“”()" if part.count("(") != part.count(")") else " .,;:*_"))


def trim_phrase(text: str, span: Span) -> Phrase | None:
    """A span with what does not belong to a skill's name cut off its ends.

    Returns:
        The phrase; None where nothing is left, or more than `MAX_WORDS` words.
    """
    name = _core(_LOOSE_END.sub("", text[span.start : span.end]))
    if not normal_form(name) or len(name.split()) > MAX_WORDS:
        return None
    place = text.find(name, span.start, span.end)
    return Phrase(name, Span(place, place + len(name))) if place >= 0 else None


_LOOSE_END = re.compile(r"[\s,;:/&-]+(?:and|or|of|for|with|in|to|as|the|a|an)?\s*$", re.IGNORECASE)
