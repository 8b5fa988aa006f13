"""Reads the experience that a job description asks for: "3 years as a Baker"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from hrdistill.records import Requirement, Span
from hrdistill.text.dates import Length, find_lengths, length_clauses
from hrdistill.text.names import normal_form, stem
from hrdistill.text.sections import Line, read_lines
from hrdistill.text.titles import SENTENCE_END, clean_title, is_title


def read_experience_requirements(job: str, *, titles: Sequence[Span] = ()) -> list[Requirement]:
    """The experience a job description asks for: titles with years.

    The experience section is read line by line; lines elsewhere count where they name both
    years and a role ("3 years as a Baker").

    Args:
        job: the job description.
        titles: spans known to be required job titles, as a tagger finds them: a clause that
            holds some asks for those. Elsewhere the rules decide.

    Returns:
        Requirements of kind `experience` in order; `years` is None where no number is given.
    """
    lines = [line for line in read_lines(job) if not line.heading]
    own = [line for line in lines if line.section == "experience"]
    requirements: list[Requirement] = []
    for line in own:
        requirements += _requirements(line, titles, strict=False)
    if not requirements:
        for line in lines:
            if line.section not in ("title", "experience") and find_lengths(line.text):
                requirements += _requirements(line, titles, strict=True)
    title = next((li for li in lines[:3] if li.section == "title" and _short(li.text)), None)
    if title is None:
        return requirements
    if not requirements:
        # A job that names no experience still asks for somebody of its own trade.
        span = Span(title.start, title.end)
        return [Requirement("experience", clean_title(title.text), None, span)]
    return [_fuller(requirement, title.text) for requirement in requirements]


def _short(title: str) -> bool:
    return len(title.split()) <= _LONGEST_TITLE


def _fuller(requirement: Requirement, title: str) -> Requirement:
    """Calls what is required by the job's own title where that says the same, or more.

    "3 years as a PHP Developer", of a job called "PHP Developer (Berlin)".
    """
    if fuzz.token_sort_ratio(normal_form(requirement.name), normal_form(title)) >= _OWN_TITLE:
        return replace(requirement, name=title.strip(" .:"))
    said, own = (normal_form(name).split() for name in (requirement.name, title))
    stems = {stem(word) for word in own}
    same = len(said) >= 2 and len(own) > len(said) and all(stem(word) in stems for word in said)
    starts = same and stem(own[0]) == stem(said[0])
    return replace(requirement, name=title.strip(" .:")) if starts else requirement


_LONGEST_TITLE = 12
_OWN_TITLE = 60.0
"""Likeness (0..100) from which a required title is the job's own in other words."""


_ROLE = re.compile(
    r"\bas\b|\brole\b|\bposition\b|\bworking\b|\bworked\b|\bexperienced?\b|\bserv(?:ed|ice|ing)\b",
    re.IGNORECASE,
)


def _requirements(line: Line, titles: Sequence[Span], *, strict: bool) -> list[Requirement]:
    found: list[Requirement] = []
    for start, end in length_clauses(line.text):
        text = line.text[start:end]
        lengths = find_lengths(text)
        years = lengths[0] if lengths else None
        known = [t for t in titles if line.start + start <= t.start and t.end <= line.start + end]
        if known and (years or not strict):
            amount = years.years if years else None
            place = Span(line.start + start, line.start + end)
            found += [
                Requirement(
                    "experience",
                    line.text[t.start - line.start : t.end - line.start],
                    amount,
                    place,
                )
                for t in known
            ]
            continue
        if strict and not (years and re.search(r"\bas\b|\brole\b|\bposition\b", text)):
            continue
        if years is None and not (_ROLE.search(text) and re.search(r"\bas\b|\bin\b", text)):
            continue
        title = _required_title(text, years)
        if not is_title(title):
            continue
        span = Span(line.start + start, line.start + end)
        found.append(Requirement("experience", title, years.years if years else None, span))
    return found


def _required_title(text: str, years: Length | None) -> str:
    if years is None:
        return clean_title(SENTENCE_END.split(text)[0])
    behind = SENTENCE_END.split(text[years.end :])[0]
    for candidate in (_until_aside(behind), behind, text[: years.start]):
        if is_title(title := clean_title(candidate)):
            return title
    return ""


def _until_aside(text: str) -> str:
    """Cuts explanations off: "as a Baker, preferably in a pastry shop"."""
    return re.split(
        r"[,;]\s*(?:preferably|ideally|including|focus|with|where|specifically|handling|in|is|"
        r"having|dealing|emphasi|related|or similar|or equivalent)|:\s|"
        r"\s+(?:(?:is|are|will|would)\s+"
        r"(?:also|be|required|an?\b|necessary|essential|mandatory|preferred|needed|desi)|(?:with|"
        r"where|which|who|that|involv|focus|emphasi|overseeing|governing|preferably|particularly|"
        r"handling|performing|including|in order|is must|required|preferred|within|speciali[sz]ing|"
        r"or (?:a |an |in )?(?:similar|equivalent|related|comparable)|"
        r"in (?:an?|our|the premises|similar|related|any|large)\b))",
        text,
        maxsplit=1,
        flags=re.IGNORECASE,
    )[0]
