"""Carries out an edit by locating lines and changing them; everything else stays as it is.

Nothing is written that the instruction does not name: added skills and jobs come in the marks of
their neighbours, in their own words. Removal cuts an item out of a list, a clause out of a
sentence, or a line, whichever is the least that makes the skill disappear (`cutting`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from hrdistill.records import Span
from hrdistill.students.career import add_job, drop_job, replace_job
from hrdistill.students.cutting import cut_mention
from hrdistill.students.joints import is_generic
from hrdistill.students.lines import add_section, delete_lines, insert_line, line_bounds
from hrdistill.tasks.edit import Edit
from hrdistill.text.mentions import find_mentions, surface_forms
from hrdistill.text.names import normal_form
from hrdistill.text.phrases import read_skill_phrases
from hrdistill.text.sections import Line, read_lines
from hrdistill.text.timeline import Entry, read_entries

Locate = Callable[[str, str], list[Span]]
"""Where a resume names a skill: (resume, name) -> spans."""

_MAX_MENTIONS = 12
_JOINT = re.compile(r"(?:,|;| \||/| •)\s|\s(?:and|&|plus|as well as)\s")
_SEPARATORS = (" | ", " • ", " / ", "; ", ", ")


def locate_mentions(resume: str, name: str) -> list[Span]:
    """Where a resume names a skill, by its forms."""
    return find_mentions(resume, surface_forms(name))


def apply_edit(resume: str, edit: Edit, *, locate: Locate) -> str:
    """A resume with the named changes and no others.

    Args:
        resume: the text.
        edit: what to change. What cannot be found is left as it is.
        locate: where a student finds a skill.
    """
    if "\r\n" in resume and resume.count("\r\n") == resume.count("\n"):
        changed = apply_edit(resume.replace("\r\n", "\n"), edit, locate=locate)
        return changed.replace("\n", "\r\n")
    for old, new in edit.replace:
        resume = replace_job(resume, old, new)
    for job in edit.drop:
        resume = drop_job(resume, job)
    for name in edit.remove_skills:
        resume = _remove_skill(resume, name, locate)
    for name in edit.add_skills:
        resume = _add_skill(resume, name)
    for job in edit.add:
        resume = add_job(resume, job)
    return resume


def _remove_skill(resume: str, name: str, locate: Locate) -> str:
    kept = [entry.title for entry in read_entries(resume)] + _longer_skills(resume, name)
    for _ in range(_MAX_MENTIONS):
        spans = [s for s in locate(resume, name) if not _inside(resume, s, kept)]
        if not spans:
            break
        changed = _cut(resume, spans[-1])
        if changed == resume:
            break
        resume = changed
    return resume


def _longer_skills(resume: str, name: str) -> list[str]:
    """Other skills that hold a name in theirs: "Scientific Python" beside "Python".

    They are told apart only where the resume names both: alone, "server management" may well be
    how it says "Server".
    """
    forms = surface_forms(name)
    phrases = [phrase.name for phrase in read_skill_phrases(resume)]
    if not any(normal_form(phrase) in forms for phrase in phrases):
        return []
    longer = []
    for phrase in phrases:
        found = find_mentions(phrase, forms)
        rest = "".join(phrase[: s.start] + " " + phrase[s.end :] for s in found[:1])
        if found and not is_generic(rest, heads=True):
            longer.append(phrase)
    return longer


def _inside(resume: str, span: Span, names: Sequence[str]) -> bool:
    """Whether a mention is part of a title or of another skill's name."""
    return any(
        found.start() <= span.start and span.end <= found.end()
        for name in names
        for found in re.finditer(re.escape(name), resume, re.IGNORECASE)
    )


def _cut(resume: str, span: Span) -> str:
    """Cuts a mention out of its line, or the whole line."""
    start, stop = line_bounds(resume, span.start, span.end)
    line = resume[start:stop]
    jobs = [
        Span(max(place.start - start, 0), min(place.end - start, len(line)))
        for entry in read_entries(resume)
        for place in _fixed(resume, entry)
        if place.start < stop and place.end > start
    ]
    rest = cut_mention(line, Span(span.start - start, span.end - start), jobs=jobs)
    return resume[:start] + rest + resume[stop:] if rest else delete_lines(resume, start, stop)


def _fixed(resume: str, entry: Entry) -> list[Span]:
    """What of a job must stay: its title and its dates."""
    place = resume.find(entry.title, entry.span.start, entry.span.end)
    title = [Span(place, place + len(entry.title))] if place >= 0 else []
    return title + ([entry.dates] if entry.dates else [])


def _add_skill(resume: str, name: str) -> str:
    form = normal_form(name)
    if not form or any(normal_form(p.name) == form for p in read_skill_phrases(resume)):
        return resume
    lines = [line for line in read_lines(resume) if line.section == "skills"]
    items = [line for line in lines if not line.heading]
    if not items:
        return add_section(resume, "Skills", name, lines)
    last = items[-1]
    words = len(last.text.split())
    listed = _JOINT.search(last.text) is not None
    if not last.bullet and (words > 12 or (len(items) == 1 and (words > 3 or listed))):
        return _extend(resume, last, name)
    return insert_line(resume, name, place=last.line_end, like=last, after=True)


def _extend(resume: str, line: Line, name: str) -> str:
    """Adds an item to a list in a line, a sentence to a line of sentences."""
    text = resume[line.line_start : line.line_end].rstrip()
    stop = "." if text.endswith(".") else ""
    sentences = re.split(r"[.!]\s+(?=[A-Z])", line.text)
    if stop and (len(sentences) > 1 or not _JOINT.search(sentences[-1])):
        text += f" {name}."
    else:
        separator = max(_SEPARATORS, key=text.count)
        text = f"{text.removesuffix('.')}{separator if separator in text else ', '}{name}{stop}"
    return resume[: line.line_start] + text + resume[line.line_end :]
