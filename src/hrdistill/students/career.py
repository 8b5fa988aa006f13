"""Finds, drops and adds jobs of a resume: a line, a block of lines, or a clause of prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rapidfuzz import fuzz

from hrdistill.records import Experience, Span
from hrdistill.students.cutting import body_start
from hrdistill.students.lines import add_section, delete_lines, insert_line, line_bounds
from hrdistill.text.names import normal_form
from hrdistill.text.sections import Line, read_lines
from hrdistill.text.timeline import Entry, read_entries, set_dates

_SAME_YEARS_CUTOFF = 60.0
"""Likeness of titles (0..100) from which a job with both years the same is the one named."""
_ONE_YEAR_CUTOFF = 75.0
"""The same where only one year is: then it must be the only one, too."""
_HEADER_WORDS = 10


def find_job(resume: str, job: Experience) -> Entry | None:
    """The entry of a job, None where none is surely the one that is named."""
    entries = read_entries(resume)
    both = [e for e in entries if (e.start_year, e.end_year) == (job.start_year, job.end_year)]
    likely = [(_title_likeness(e, job, context=True), -i) for i, e in enumerate(both)]
    if likely and max(likely)[0] >= _SAME_YEARS_CUTOFF:
        return both[-max(likely)[1]]
    one = [e for e in entries if e.start_year == job.start_year or e.end_year == job.end_year]
    named = [e for e in one if normal_form(e.title) == normal_form(job.title)]
    if named:
        return named[0]
    alike = [e for e in one if _title_likeness(e, job) >= _ONE_YEAR_CUTOFF]
    return alike[0] if len(alike) == 1 else None


def _title_likeness(entry: Entry, job: Experience, *, context: bool = False) -> float:
    wanted = normal_form(job.title)
    score = fuzz.token_sort_ratio(normal_form(entry.title), wanted)
    if context:
        score = max(score, 0.85 * fuzz.token_set_ratio(normal_form(entry.context), wanted))
    return float(score)


def replace_job(resume: str, old: Experience, new: Experience) -> str:
    """Gives a job other years."""
    entry = find_job(resume, old)
    return resume if entry is None else set_dates(resume, entry, old, new)


def drop_job(resume: str, job: Experience) -> str:
    """Takes a job out, with its duties."""
    entry = find_job(resume, job)
    if entry is None:
        return resume
    others = [e for e in read_entries(resume) if e != entry]
    first, last = line_bounds(resume, entry.span.start, entry.span.end)
    if any(first <= other.span.start < last for other in others):
        return _drop_clause(resume, entry.span)
    first, last = _block(resume, entry, others)
    lines = read_lines(resume)
    above = next((line for line in reversed(lines) if line.line_end < first), None)
    below = next((line for line in lines if line.line_start > last), None)
    if above and above.heading and above.line_end + 1 == first and below and not below.heading:
        last = below.line_start - 1  # the next block stands under the heading, as this one did
    return delete_lines(resume, first, last)


def _drop_clause(resume: str, span: Span) -> str:
    """Takes a job out of a line that holds several."""
    first, last = line_bounds(resume, span.start, span.end)
    first += body_start(resume[first:last])
    left, right = resume[first : span.start], resume[span.end : last]
    clause = resume[span.start : span.end]
    if not right.strip(" .,;"):  # the last one: the end of its sentence stays
        stop = "." if (clause + right).rstrip().endswith(".") else ""
        left = re.sub(r"[\s,;]*(?:\band\b|&)?[\s,;]*$", "", left)
        right = "" if left.endswith(".") else stop
    elif not left.strip() or re.search(r"[.!?]\s*$", left):
        right = re.sub(r"^[\s,;.]*(?:and\s+)?", "", right)
        lead = re.match(r"\w+\s+(?=as\s)", clause) if right.startswith("as ") else None
        right = lead[0] + right if lead else right[:1].upper() + right[1:]
    else:
        left, right = left.rstrip(" ,;"), right if right[:1] in ",;." else " " + right.lstrip()
    return resume[:first] + left + right + resume[last:]


def _block(resume: str, entry: Entry, others: Sequence[Entry]) -> tuple[int, int]:
    """Where the lines of a job begin and end: title, employer, dates and duties."""
    first, last = line_bounds(resume, entry.span.start, entry.span.end)
    lines = read_lines(resume)
    starts = {line_bounds(resume, e.span.start, e.span.end)[0] for e in others}
    for line in reversed([line for line in lines if line.line_end < first]):
        if not _is_header(resume, line, first, others):
            break
        first = line.line_start
    top = resume[first:last]
    for line in lines:
        if line.line_start < last:
            continue
        gap = _blank_between(resume, last, line.line_start)
        if line.heading or line.line_start in starts:
            break
        if gap and (line.section != "experience" or _other_job(resume, line, others)):
            break
        if line.bullet and body_start(top) > 0 and not _deeper(resume, line, first):
            break
        if not gap and _title_above(resume, line, starts):
            break
        last = line.line_end
    return first, last


def _is_header(resume: str, line: Line, below: int, others: Sequence[Entry]) -> bool:
    """Whether a line above a job's dates belongs to them: its title or employer, no duty."""
    if line.heading or line.section != "experience" or _blank_between(resume, line.line_end, below):
        return False
    if line.bullet or line.text.endswith(".") or len(line.text.split()) > _HEADER_WORDS:
        return False
    start, _ = _paragraph(resume, line)
    return not any(start <= other.span.end and other.span.start < below for other in others)


def _blank_between(resume: str, end: int, start: int) -> bool:
    return re.search(r"\n[ \t]*\n", resume[end:start]) is not None


def _paragraph(resume: str, line: Line) -> tuple[int, int]:
    """The lines around a line that no blank line parts."""
    breaks = [found.span() for found in re.finditer(r"\n[ \t]*\n", resume)]
    start = max((end for _, end in breaks if end <= line.start), default=0)
    return start, min((start for start, _ in breaks if start >= line.end), default=len(resume))


def _other_job(resume: str, line: Line, others: Sequence[Entry]) -> bool:
    """Whether the paragraph that a line begins holds another job."""
    start, end = _paragraph(resume, line)
    return any(start <= other.span.start < end for other in others)


def _title_above(resume: str, line: Line, starts: set[int]) -> bool:
    """Whether a marked line ("Company: ...") opens the block whose dates stand right below."""
    return bool(re.match(r"[A-Z][\w ]{2,20}:\s", line.text)) and (line.line_end + 1) in starts


def _deeper(resume: str, line: Line, first: int) -> bool:
    """Whether a line is indented further than the one that starts at `first`."""
    own = resume[line.line_start : line.start]
    top = resume[first : first + 20]
    return len(own) - len(own.lstrip()) > len(top) - len(top.lstrip())


def add_job(resume: str, job: Experience) -> str:
    """Puts a job in its place among the others, latest first unless they stand otherwise."""
    entries = [e for e in read_entries(resume) if e.start_year is not None]
    lines = read_lines(resume)
    follower = _follower(entries, job)
    if follower is not None:
        return _insert_before(resume, job, follower, entries, lines)
    own = [line for line in lines if line.section == "experience"]
    items = [line for line in own if not line.heading]
    if not items or not entries:
        return add_section(resume, "Experience", str(job), own)
    return _insert_last(resume, job, entries, items)


def _follower(entries: Sequence[Entry], job: Experience) -> Entry | None:
    """The entry before which a job belongs, None where it comes last."""
    starts = [e.start_year or 0 for e in entries]
    rises = sum((b > a) - (b < a) for a, b in pairwise(starts))
    for entry in entries:
        start = entry.start_year or 0
        if start >= job.end_year if rises > 0 else start < job.end_year:
            return entry
    return None


def _insert_before(
    resume: str, job: Experience, entry: Entry, entries: Sequence[Entry], lines: Sequence[Line]
) -> str:
    first, last = line_bounds(resume, entry.span.start, entry.span.end)
    others = [e for e in entries if e != entry]
    place = entry.span.start
    if any(first <= other.span.start < place for other in others):
        return _insert_clause(resume, job, place)
    if any(first <= other.span.start < last for other in others):
        place = first + body_start(resume[first:last])
        return f"{resume[:place]}{job}. {resume[place:]}"
    block, _ = _block(resume, entry, others)
    near = next(line for line in lines if line.line_start >= block)
    blank = _apart(resume, entries, entry)
    return insert_line(resume, str(job), place=near.line_start, like=near, after=False, blank=blank)


def _insert_clause(resume: str, job: Experience, place: int) -> str:
    """Puts a job between two of a line, as a sentence or an item, as they stand."""
    left = re.sub(r"[\s,;.]*(?:\band\s+)?$", "", resume[:place])
    right = re.sub(r"^[\s,;.]*(?:and\s+)?", "", resume[place:])
    gap = resume[len(left) : len(resume) - len(right)]
    if "." in gap:
        return f"{left}. {job}. {right}"
    return f"{left}, {job}{gap if gap.strip() else ', '}{right}"


def _insert_last(
    resume: str, job: Experience, entries: Sequence[Entry], items: Sequence[Line]
) -> str:
    final = max(entries, key=lambda e: e.span.start)
    others = [e for e in entries if e != final]
    first, last = line_bounds(resume, final.span.start, final.span.end)
    if any(first <= other.span.start < last for other in others):
        text = resume[first:last].rstrip()
        if text.endswith("."):
            return f"{resume[:first]}{text} {job}.{resume[last:]}"
    begin, end = _block(resume, final, others)
    near = next((line for line in items if line.line_start >= begin), items[-1])
    behind = next((line for line in reversed(items) if line.line_end <= end), items[-1])
    blank = _apart(resume, entries, final)
    return insert_line(resume, str(job), place=behind.line_end, like=near, after=True, blank=blank)


def _apart(resume: str, entries: Sequence[Entry], near: Entry) -> bool:
    """Whether blank lines stand between the jobs, or should, as where a block has many lines."""
    pairs = pairwise(entries)
    if len(entries) > 1:
        return any(_blank_between(resume, a.span.end, b.span.start) for a, b in pairs)
    first, last = _block(resume, near, ())
    return "\n" in resume[first:last] and body_start(resume[first:last]) == 0
