"""Splits a job description or resume into lines that know their place: section, heading, bullet.

Offsets are those of the text as given, so that evidence can be shown and lines edited.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

from rapidfuzz import fuzz, process

from hrdistill.text.names import normal_form

Section = Literal[
    "title", "summary", "skills", "experience", "duties", "education", "person", "other"
]

_MARKS = re.compile(r"^[\s>]*(?:#{1,6}(?=\s|\w|$)|\*\*|__)?\s*")
_BULLET = re.compile(
    r"^\s*(?:(?:[-•‣◦▪●·–—➢✓>]+|\*(?!\*)|\(?\d{1,2}[.)]|[a-z][.)])(?:\s+|(?=[A-Z\"“*]))"
    r"|[*+]+\s+)"
)
_LABEL = re.compile(r"^(?P<label>[^:]{3,40}?)\s*(?:\*\*|__)?\s*:\s*(?:\*\*|__)?\s*(?P<rest>.*)$")
_DECORATION = " \t#*_:-–—=>|.\u200b"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a document that is not blank.

    Attributes:
        text: the line's content, without bullet, number, heading marks and outer blanks.
        start: offset of that content in the document; `end` is behind its last character.
        section: the section that it stands in.
        heading: whether it is a heading itself.
        bullet: whether it is an item of a list.
        line_start: offset of the whole line, marks included; `line_end` is behind its last
            character, before the line break.
    """

    text: str
    start: int
    end: int
    section: Section
    heading: bool
    bullet: bool
    line_start: int
    line_end: int


@lru_cache(maxsize=1)
def _heading_sections() -> dict[str, Section]:
    table = resources.files("hrdistill.text").joinpath("headings.tsv").read_text(encoding="utf-8")
    known: dict[str, Section] = {}
    for row in table.splitlines()[1:]:
        section, heading = row.split("\t")
        known[normal_form(heading)] = section  # type: ignore[assignment]
    return known


def heading_section(text: str) -> Section | None:
    """The section that a line opens, None where it is no known heading."""
    return _heading_sections().get(normal_form(text.strip(_DECORATION)))


def _nearest_heading(text: str) -> Section | None:
    """As `heading_section`, for a line that is marked as a heading but may be misspelt."""
    known = _heading_sections()
    near = process.extractOne(
        normal_form(text.strip(_DECORATION)), list(known), scorer=fuzz.ratio, score_cutoff=90
    )
    return known[near[0]] if near else None


@lru_cache(maxsize=16)  # a document is read for its skills, its jobs and its sections in turn
def read_lines(document: str) -> tuple[Line, ...]:
    """Splits a document into its lines.

    A heading is a line that `headings.tsv` knows, whatever its marks ("## Skills",
    "**Skills**", "SKILLS:"), or any line marked `#`. "Skills: Python, SQL" opens a section
    and holds an item. A marked heading inside experience that names no section ("### Baker")
    is one of its lines.

    Args:
        document: the text, with LF line ends.

    Returns:
        The lines that are not blank, in order.
    """
    lines: list[Line] = []
    section: Section = "other"
    level = 0
    listed = False
    offset = 0
    for raw in document.split("\n"):
        line_start, line_end = offset, offset + len(raw)
        offset = line_end + 1
        if not raw.strip(_DECORATION):
            continue
        marks = _level(raw)
        opened = heading_section(raw) or (_nearest_heading(raw) if marks else None)
        inner = opened is None and section == "experience" and _names_job(raw, marks, level)
        if inner:
            lines.append(_line(raw, line_start, section, heading=False, prefix=_MARKS))
            continue
        if opened is not None or marks:
            section, level, listed = opened or "other", marks, True
            lines.append(_line(raw, line_start, section, heading=True, prefix=_MARKS))
            continue
        label = _LABEL.match(raw)
        opened = heading_section(label["label"]) if label and label["rest"].strip(" *_") else None
        if label and opened is not None and not _BULLET.match(raw) and (
            not _belongs(opened, section, listed)
        ):  # fmt: skip
            section, level, listed = opened, 0, False
            rest = label["rest"]
            start = line_start + label.start("rest")
            lines.append(
                Line(rest.rstrip(), start, start + len(rest.rstrip()), section, False, False,
                     line_start, line_end)
            )  # fmt: skip
            continue
        lines.append(_line(raw, line_start, section, heading=False, prefix=_BULLET))
    return tuple(lines)


def _level(raw: str) -> int:
    """How many `#` mark a line as a heading; 0 where it is none."""
    found = re.match(r"^\s*(#{1,6})\s*\w", raw)
    return len(found[1]) if found else 0


def _names_job(raw: str, marks: int, level: int) -> bool:
    """Whether a marked heading inside experience is one of its jobs: deeper, or with years."""
    return marks > level or (marks > 0 and re.search(r"\b(?:19|20)\d\d\b", raw) is not None)


def _belongs(opened: Section, section: Section, listed: bool) -> bool:
    """Whether a label with words behind it is part of the section that it stands in.

    "Role: Baker" names the job at the top, and one of many jobs further down. Under a heading
    of its own (`listed`), experience holds lines such as "Company: ..." and "Duties: ...", and
    "Experience: 2016 - 2018" of each job.
    """
    if opened == "title" and section not in ("other", "title"):
        return True
    within = section == "experience" and listed
    return within and opened not in ("skills", "education")


def _line(
    raw: str, line_start: int, section: Section, *, heading: bool, prefix: re.Pattern[str]
) -> Line:
    found = prefix.match(raw)
    skip = found.end() if found else 0
    bullet = bool(found) and not heading
    body = raw[skip:]
    skip += len(body) - len(body.lstrip())
    text = body.strip()
    if heading:
        text = text.rstrip(_DECORATION)
    start = line_start + skip
    return Line(
        text, start, start + len(text), section, heading, bullet, line_start, line_start + len(raw)
    )
