"""Puts lines into a resume and takes them out, with the marks and numbers of their neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hrdistill.text.sections import Line, read_lines

_NUMBERED = re.compile(r"^(\s*\(?)(\d{1,2})([.)]\s*)")


def line_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """From the start of the line that holds `start` to the end of the one that holds `end`."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    return first, len(text) if last < 0 else last


def delete_lines(resume: str, start: int, stop: int) -> str:
    """Deletes whole lines, renumbers their list, and leaves one blank line where two would meet.

    Args:
        resume: the text.
        start: where the first line begins.
        stop: where the last one ends, before its line break.
    """
    before, after = resume[:start], resume[stop + 1 :]
    if (not before or before.endswith("\n\n")) and re.match(r"[ \t]*(?:\n|$)", after):
        # One of the two blank lines that would meet goes.
        before, after = (before, after.partition("\n")[2]) if after else (before[:-1], after)
    return _renumber(before + after, start)


def insert_line(
    resume: str, text: str, *, place: int, like: Line, after: bool, blank: bool = False
) -> str:
    """Adds a line with the marks of another.

    Args:
        resume: the text.
        text: the new line, without marks.
        place: the start of the line before which it goes, or the end of the one behind which.
        like: the line whose marks it takes.
        after: behind the place.
        blank: with a blank line between.
    """
    marks = resume[like.line_start : like.start].replace("**", "")
    indent = marks[: len(marks) - len(marks.lstrip())]
    line = (marks if like.bullet else indent) + text
    gap = "\n\n" if blank else "\n"
    resume = resume[:place] + (gap + line if after else line + gap) + resume[place:]
    numbered = like.bullet and _NUMBERED.match(marks)
    return _renumber(resume, place + (1 if after else 0)) if numbered else resume


def _renumber(resume: str, place: int) -> str:
    """Makes the numbers of the list around a place run on from the first one."""
    lines = resume.split("\n")
    index = resume.count("\n", 0, min(place, len(resume)))
    first = min(index, len(lines) - 1)
    while first > 0 and _NUMBERED.match(lines[first - 1]):
        first -= 1
    number = None
    for i in range(first, len(lines)):
        found = _NUMBERED.match(lines[i])
        if not found:
            if number is not None or i > index:
                break
            continue
        number = number + 1 if number is not None else 1
        lines[i] = f"{found[1]}{number}{found[3]}{lines[i][found.end() :]}"
    return "\n".join(lines)


def add_section(resume: str, heading: str, text: str, found: Sequence[Line]) -> str:
    """Adds a line under a heading that has none yet, or a section where there is none.

    Args:
        resume: the text.
        heading: of the section that is added.
        text: the line.
        found: the lines of the section as far as there is one.
    """
    if found:
        end = found[-1].line_end
        return f"{resume[:end]}\n{text}{resume[end:]}"
    headings = [line for line in read_lines(resume) if line.heading]
    if headings:
        last = headings[-1]
        behind = resume[last.end : last.line_end].rstrip()
        heading = heading.upper() if last.text.isupper() else heading
        heading = f"{resume[last.line_start : last.start]}{heading}{behind}"
    gap = "\n\n" if resume.strip() else ""
    return f"{resume.rstrip()}{gap}{heading}\n{text}\n"
