"""Carries out an edit by locating lines and changing them; everything else stays as it is.

Nothing is written that the instruction does not name: added skills and jobs come in the marks of
their neighbours, in their own words. Removal cuts an item out of a list, a clause out of a
sentence, or a line, whichever is the least that makes the skill disappear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rapidfuzz import fuzz

from hrdistill.records import Experience, Span
from hrdistill.tasks.edit import Edit
from hrdistill.text.names import normal_form
from hrdistill.text.sections import Line, read_lines
from hrdistill.text.timeline import Entry, has_dates, read_entries, set_dates

Locate = Callable[[str, str], list[Span]]
"""Where a resume names a skill: (resume, name) -> spans."""

_JOIN_RIGHT = re.compile(r"\s*(?:[,;|/•]\s*(?:and\s+|or\s+|&\s*)?|\s(?:and/or|and|or|&)\s+)")
_JOIN_LEFT = re.compile(r"(?:\s*[,;|/•]\s*(?:and\s+|or\s+|&\s*)?|\s+(?:and/or|and|or|&)\s+)$")
_SENTENCE = re.compile(r"(?<=[\w)][.;!])\s+(?=[A-Z])")
_NUMBERED = re.compile(r"^(\s*\(?)(\d{1,2})([.)]\s*)")


def apply_edit(resume: str, edit: Edit, *, locate: Locate) -> str:
    """A resume with the named changes and no others.

    Args:
        resume: the text.
        edit: what to change. What cannot be found is left as it is.
        locate: where a student finds a skill.
    """
    for old, new in edit.replace:
        resume = _replace_job(resume, old, new)
    for job in edit.drop:
        resume = _drop_job(resume, job)
    titles = [entry.title for entry in read_entries(resume)]
    for name in edit.remove_skills:
        resume = _remove_skill(resume, name, titles, locate)
    for name in edit.add_skills:
        resume = _add_skill(resume, name)
    for job in edit.add:
        resume = _add_job(resume, job)
    return resume


def _remove_skill(resume: str, name: str, titles: Sequence[str], locate: Locate) -> str:
    for _ in range(12):
        spans = [s for s in locate(resume, name) if not _in_title(resume, s, titles)]
        if not spans:
            break
        changed = _cut(resume, spans[-1])
        if changed == resume:
            break
        resume = changed
    return resume


def _in_title(resume: str, span: Span, titles: Sequence[str]) -> bool:
    for title in titles:
        for found in re.finditer(re.escape(title), resume):
            if found.start() <= span.start and span.end <= found.end():
                return True
    return False


def _cut(resume: str, span: Span) -> str:
    """Cuts a mention out of its line: as an item, with its sentence, or with the whole line."""
    start = resume.rfind("\n", 0, span.start) + 1
    stop = resume.find("\n", span.end)
    stop = len(resume) if stop < 0 else stop
    line = resume[start:stop]
    body = _body_start(line)
    left, right = line[body : span.start - start], line[span.end - start :]
    shorter = _cut_item(left, right)
    if shorter is None:
        shorter = _cut_sentence(left, right)
    if shorter is not None and re.search(r"\w", shorter):
        shorter = shorter[:1].upper() + shorter[1:] if line[body : body + 1].isupper() else shorter
        return resume[:start] + line[:body] + shorter + resume[stop:]
    if has_dates(line):  # a job's own line: the words go, the job stays
        return resume[:start] + line[:body] + (left.rstrip() + " " + right.lstrip()) + resume[stop:]
    return _delete_lines(resume, start, stop)


def _body_start(line: str) -> int:
    found = re.match(r"\s*(?:[-*•‣–+>]+\s*|\(?\d{1,2}[.)]\s*)?(?:\*\*)?", line)
    return found.end() if found else 0


def _cut_item(left: str, right: str) -> str | None:
    """Takes one item out of "A, B and C"; None where the mention is no item of a list."""
    clause = _SENTENCE.split(right)[0]
    following = _JOIN_RIGHT.search(clause)
    # Words that belong to the item ("SQL databases, ...") go with it, a whole clause does not.
    if following and len(clause[: following.start()].split()) <= 2 and not _has_stop(
        clause[: following.start()]
    ):  # fmt: skip
        rest = right[following.end() :]
        if rest.strip(" ."):
            return _mend(left + rest)
    previous = _JOIN_LEFT.search(left)
    tail = re.match(r"(?:\s+[\w'’/-]+){0,2}(?=\s*(?:[.;,:)]|$))", clause)
    if previous and tail is not None:
        return _mend(left[: previous.start()] + right[tail.end() :])
    worded = re.search(_JOIN_LEFT.pattern[:-1] + r"(?:[\w'’-]+\s+){1,3}$", left)
    if worded and tail is not None and left[: worded.start()].strip():
        return _mend(left[: worded.start()] + right[tail.end() :])
    return None


def _has_stop(text: str) -> bool:
    return bool(re.search(r"[.:()]", text))


def _cut_sentence(left: str, right: str) -> str | None:
    """Takes the sentence of a mention out of a line that has others, or a duty off a job."""
    before = _SENTENCE.split(left)
    after = _SENTENCE.split(right)
    head = left[: len(left) - len(before[-1])]
    tail = " ".join(after[1:])
    clause = before[-1] + after[0]
    if has_dates(clause):
        cut = _last_clause_start(before[-1])
        if cut is None:
            return None
        end = "." if after[0].rstrip().endswith(".") else ""
        head = head + before[-1][:cut].rstrip(" ,;:-–—") + end + " "
        if has_dates(after[0]):
            return None
    remaining = (head + tail).strip()
    return remaining or None


def _last_clause_start(text: str) -> int | None:
    """Where what follows a job's dates begins: behind ")", ":", "," or a dash."""
    places = [found.end() for found in re.finditer(r"(?:(?:19|20)\d\d|present)\W{0,4}", text)]
    return places[-1] if places else None


def _mend(text: str) -> str:
    """Closes up what a cut item leaves behind."""
    text = re.sub(r"\s+([.,;:])", r"\1", text)
    text = re.sub(r"[,;]\s*(?=[.;]|$)", "", text)
    text = re.sub(r"\(\s*\)", "", text)
    return re.sub(r"(?<=\S) {2,}", " ", text)


def _delete_lines(resume: str, start: int, stop: int) -> str:
    """Deletes from `start` to the line break behind `stop`, and renumbers the list."""
    stop = min(stop + 1, len(resume))
    return _renumber(resume[:start] + resume[stop:], start)


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


def _add_skill(resume: str, name: str) -> str:
    lines = [line for line in read_lines(resume) if line.section == "skills"]
    items = [line for line in lines if not line.heading]
    if not items:
        return _add_section(resume, "Skills", name, lines)
    last = items[-1]
    if not last.bullet and len(items) == 1 and len(last.text.split()) > 3:
        return _append_item(resume, last, name)
    if not last.bullet and len(last.text.split()) > 12:
        return _append_item(resume, last, name)
    return _insert_line(resume, last, name, after=True)


def _append_item(resume: str, line: Line, name: str) -> str:
    """Adds to a line of items, or to the end of a paragraph."""
    text = resume[line.line_start : line.line_end].rstrip()
    closing = "." if text.endswith(".") else ""
    text = text[: len(text) - len(closing)]
    separator = " | " if " | " in text else "; " if text.count(";") > text.count(",") else ", "
    return resume[: line.line_start] + text + separator + name + closing + resume[line.line_end :]


def _insert_line(resume: str, near: Line, text: str, *, after: bool) -> str:
    """Adds a line before or behind another, with its marks."""
    marks = resume[near.line_start : near.start]
    marks = marks.replace("**", "")
    numbered = _NUMBERED.match(marks + "x")
    line = marks + text
    place = near.line_end if after else near.line_start
    inserted = f"\n{line}" if after else f"{line}\n"
    resume = resume[:place] + inserted + resume[place:]
    return _renumber(resume, place + (1 if after else 0)) if numbered else resume


def _add_section(resume: str, heading: str, text: str, found: Sequence[Line]) -> str:
    """Adds a line under a heading that has none yet, or a section where there is none."""
    if found:
        end = found[-1].line_end
        return f"{resume[:end]}\n{text}{resume[end:]}"
    headings = [line for line in read_lines(resume) if line.heading]
    marks = resume[headings[-1].line_start : headings[-1].start] if headings else ""
    return f"{resume.rstrip()}\n\n{marks}{heading}\n{text}\n"


def _find(resume: str, job: Experience) -> Entry | None:
    """The entry of a job: the same years, or the likeliest title with one year the same."""
    best, chosen = 60.0, None
    for entry in read_entries(resume):
        score = fuzz.token_sort_ratio(normal_form(entry.title), normal_form(job.title))
        score = max(score, 0.85 * fuzz.token_set_ratio(normal_form(entry.context),
                                                       normal_form(job.title)))  # fmt: skip
        same = (entry.start_year == job.start_year) + (entry.end_year == job.end_year)
        if same and score + 15 * (same - 1) > best:
            best, chosen = score + 15 * (same - 1), entry
    return chosen


def _replace_job(resume: str, old: Experience, new: Experience) -> str:
    entry = _find(resume, old)
    return resume if entry is None else set_dates(resume, entry, old, new)


def _drop_job(resume: str, job: Experience) -> str:
    entry = _find(resume, job)
    if entry is None:
        return resume
    others = [e for e in read_entries(resume) if e != entry]
    start, stop = entry.span.start, entry.span.end
    first = resume.rfind("\n", 0, start) + 1
    last = resume.find("\n", stop)
    last = len(resume) if last < 0 else last
    if any(first <= other.span.start < last for other in others):
        # Several jobs in one line: only the clause goes.
        kept = resume[:start].rstrip(" ,;") + " " + resume[stop:].lstrip(" .,;")
        return kept if resume[:start].strip(" -*•") else resume[:start] + resume[stop:].lstrip()
    for line in read_lines(resume):
        if line.line_start < last:
            continue
        ends = line.heading or line.section != "experience"
        if ends or any(other.span.start <= line.end and line.start < other.span.end
                       for other in others):  # fmt: skip
            break
        if line.bullet and _is_item(resume, first) and not _deeper(resume, line, first):
            break
        last = line.line_end
    resume = _delete_lines(resume, first, last)
    return re.sub(r"\n{4,}", "\n\n\n", resume)


def _is_item(resume: str, first: int) -> bool:
    return _body_start(resume[first : first + 12]) > 0


def _deeper(resume: str, line: Line, first: int) -> bool:
    """Whether a line is indented further than the one that starts at `first`."""
    own = len(resume[line.line_start : line.start]) - len(
        resume[line.line_start : line.start].lstrip()
    )
    top = resume[first : first + 20]
    return own > len(top) - len(top.lstrip())


def _add_job(resume: str, job: Experience) -> str:
    entries = read_entries(resume)
    lines = read_lines(resume)
    for entry in entries:
        if entry.start_year is None or entry.start_year >= job.end_year:
            continue
        near = next(line for line in lines if line.line_end >= entry.span.start)
        blank = "\n" if _separated(resume, entries) else ""
        return _insert_line(resume, near, str(job) + blank, after=False)
    own = [line for line in lines if line.section == "experience"]
    items = [line for line in own if not line.heading]
    if items and entries:
        return _insert_line(resume, items[-1], str(job), after=True)
    return _add_section(resume, "Experience", str(job), own)


def _separated(resume: str, entries: Sequence[Entry]) -> bool:
    """Whether blank lines stand between the jobs."""
    pairs = zip(entries, entries[1:], strict=False)
    return any("\n\n" in resume[a.span.end : b.span.start] for a, b in pairs)
