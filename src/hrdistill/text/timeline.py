"""Reads when jobs were held and how long a job asks for, and compares the two.

`read_entries` finds the jobs of a resume with their years, `align` meets them with what a job
description asks for (`requirements.py`). Dates become numbers of years (`dates.py`): arithmetic is
code, never learned.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from hrdistill.records import Experience, Finding, Requirement, Span
from hrdistill.text.dates import (
    DateRange,
    drop_lengths,
    find_lengths,
    find_ranges,
    has_dates,
    length_clauses,
    set_length,
    write_range,
)
from hrdistill.text.names import normal_form, stem
from hrdistill.text.requirements import read_experience_requirements
from hrdistill.text.sections import Line, read_lines
from hrdistill.text.titles import (
    SENTENCE_END,
    clean_title,
    first_clause,
    is_duty,
    is_occupation,
    is_title,
    labelled_title,
)

__all__ = [
    "TITLE_CUTOFF",
    "Entry",
    "align",
    "clean_title",
    "has_dates",
    "read_entries",
    "read_experience_requirements",
    "set_dates",
    "title_similarity",
]

TITLE_CUTOFF = 55.0
"""Similarity (0..100) from which a resume's job may stand for a required one."""
IN_MANY_WORDS = 65.0
"""Similarity of a job whose whole title stands somewhere among the words of a requirement."""
YEARS_TOLERANCE = 0.25
"""Years that may be short without counting: dates are told in months or whole years."""
LINES_APART = 3
"""Lines that a title may stand above its dates."""

_LABELLED = re.compile(r"^\W*[A-Z][\w ]{2,20}:\s")
_DASHES = " \t-–—:,;.|/\"'“”‘’*_()[]#•"


@dataclass(frozen=True, slots=True)
class Entry:
    """One job of a resume.

    Attributes:
        title: the job title, without employer, dates and lead-in.
        start_year: as written; None where only a duration is given.
        end_year: as written; of an open range ("2019 - present"), this year.
        years: how long, from the months where they are told.
        span: the line (or clause) that holds the dates and the title.
        dates: the dates alone, None where there are none.
        context: the words around the title, for comparison with a required one.
    """

    title: str
    start_year: int | None
    end_year: int | None
    years: float
    span: Span
    dates: Span | None
    context: str

    def as_experience(self) -> Experience | None:
        """In whole years as written; None where the resume gives no dates."""
        if self.start_year is None or self.end_year is None:
            return None
        return Experience(self.title, self.start_year, self.end_year)


def read_entries(resume: str, *, today: date | None = None) -> list[Entry]:
    """The jobs of a resume, in the order in which they stand.

    Jobs are looked for in the experience section; in the whole text where there is none.

    Args:
        resume: the text.
        today: what "present" means; the current day by default.

    Returns:
        One entry for each range of years with a title, and for each bare duration with one.
    """
    today = today or date.today()
    every = read_lines(resume)
    lines = [line for line in every if line.section == "experience" and not line.heading]
    if not any(find_ranges(line.text) or find_lengths(line.text) for line in lines):
        lines = [line for line in every if line.section not in ("education", "person")]
        lines = [line for line in lines if not line.heading]
    entries: list[Entry] = []
    claimed: set[int] = set()
    for index, line in enumerate(lines):
        nearby = _Nearby(resume, lines, index, claimed)
        for start, end in _clauses(line.text, today):
            dates = find_ranges(line.text[start:end], today=today)
            if dates:
                entry = _dated(line, start, end, dates[0], nearby)
            else:
                entry = _undated(line, start, end)
            if entry is not None:
                entries.append(entry)
    return entries


def _clauses(text: str, today: date) -> list[tuple[int, int]]:
    """Cuts a line into pieces of one job each: behind dates, where the next job's words begin."""
    ranges = find_ranges(text, today=today)
    if not ranges:
        return length_clauses(text)
    cuts = [0]
    leading = not text[: ranges[0].start].strip(_DASHES + "FfromIinBbetween")
    for previous, following in pairwise(ranges):
        between = text[previous.end : following.start]
        sentences = list(SENTENCE_END.finditer(between))
        if leading and previous.form != "spread":
            lead_in = re.search(r"(?:\b(?:from|in|between)\s+)?[\s(]*$", between, re.IGNORECASE)
            cut = following.start - (len(lead_in[0]) if lead_in else 0)
        elif sentences:
            cut = previous.end + sentences[-1].end()
        else:
            boundary = re.match(r"[)\]\s]*", between)
            cut = previous.end + (boundary.end() if boundary else 0)
        cuts.append(cut)
    return list(zip(cuts, [*cuts[1:], len(text)], strict=True))


def _dated(line: Line, start: int, end: int, dates: DateRange, nearby: _Nearby) -> Entry | None:
    text = line.text[start:end]
    before = drop_lengths(SENTENCE_END.split(text[: dates.start])[-1])
    between = text[slice(*dates.between)]
    behind = text[dates.end :].lstrip(" )]:,.-–—	")
    span = Span(line.start + start, line.start + end)
    title = _own_title_of(before, between, behind)
    if not is_occupation(title) and dates.form != "spread":
        other = nearby.line(anything=not is_title(title))
        if other is not None:
            title = _title_on(other)
            span = Span(min(span.start, other.start), max(span.end, other.end))
    if not is_title(title) or (dates.form != "joined" and not is_occupation(title)):
        return None
    context = f"{before} {between} {behind[:160]}"
    if title not in context:
        context = f"{title} {context}"
    return Entry(
        title=title,
        start_year=dates.start_year,
        end_year=dates.end_year,
        years=dates.years,
        span=span,
        dates=Span(line.start + start + dates.start, line.start + start + dates.end),
        context=context,
    )


def _own_title_of(before: str, between: str, behind: str) -> str:
    """The title on the line of the dates: before them, unless only what follows is a job."""
    title, following = clean_title(before), clean_title(first_clause(behind))
    if between and is_title(told := clean_title(between)):
        return told if not is_occupation(title) else title
    if not is_title(title):
        return following
    short = is_occupation(following) and not is_duty(first_clause(behind))
    return following if short and not is_occupation(title) else title


@dataclass(frozen=True, slots=True)
class _Nearby:
    """The lines about the one that holds a job's dates, where its title may stand.

    Attributes:
        claimed: indices of the lines that are some job's title already; grows.
    """

    resume: str
    lines: Sequence[Line]
    index: int
    claimed: set[int]

    def line(self, *, anything: bool) -> Line | None:
        """The nearest line above that reads like a job, or the one below.

        Args:
            anything: whether a line that does not read like a job will do, too.
        """
        above = self._candidates(range(self.index - 1, self.index - 1 - LINES_APART, -1))
        below = self._candidates(range(self.index + 1, self.index + 2))
        fitting = [i for i in above + below if _is_job(self.lines[i])]
        if anything:
            fitting += above
        if not fitting:
            return None
        self.claimed.add(fitting[0])
        return self.lines[fitting[0]]

    def _candidates(self, places: range) -> list[int]:
        found = []
        for i in places:
            if not 0 <= i < len(self.lines) or i in self.claimed:
                break
            line = self.lines[i]
            if has_dates(line.text) or self._blank_between(min(i, i - places.step)):
                break
            # An item under plain lines is a duty unless it names a job outright.
            item = line.bullet and not self.lines[self.index].bullet and not _is_job(line)
            if not item and not is_duty(line.text) and is_title(_title_on(line)):
                found.append(i)
        return found

    def _blank_between(self, i: int) -> bool:
        """Whether a blank line parts line i from the next; one below a heading parts nothing."""
        line, following = self.lines[i], self.lines[i + 1]
        marked = self.resume[line.line_start : line.start].strip() or line.text.startswith("**")
        return following.line_start > line.line_end + 1 and not (marked and not line.bullet)


def _title_on(line: Line) -> str:
    """The title that a line of its own names, "" where it is labelled as something else."""
    labelled = labelled_title(line.text)
    if labelled is not None:
        return labelled
    return "" if _LABELLED.match(line.text) else clean_title(first_clause(line.text))


def _is_job(line: Line) -> bool:
    return labelled_title(line.text) is not None or is_occupation(_title_on(line))


def _undated(line: Line, start: int, end: int) -> Entry | None:
    """A job told by its length alone: "Three years as a Baker"."""
    text = line.text[start:end]
    lengths = find_lengths(text)
    if not lengths or line.section != "experience":
        return None
    if not re.search(r"\bas\b|\brole\b|\bposition\b|\bworked\b|^\W*[A-Z][\w/ -]+:?\s*\(?\d",
                     text):  # fmt: skip
        return None
    length = lengths[0]
    title = clean_title(text[length.end :]) or clean_title(text[: length.start])
    if not is_title(title) or len(title.split()) > 12:
        return None
    span = Span(line.start + start, line.start + end)
    return Entry(title, None, None, length.years, span, None, text)


def title_similarity(required: str, entry: Entry) -> float:
    """How well a job of a resume stands for a required title, in 0..100 (higher is better)."""
    wanted = _title_tokens(required)
    title = _title_tokens(entry.title)
    if not wanted:
        return 0.0
    direct = 0.6 * fuzz.token_set_ratio(wanted, title) + 0.4 * fuzz.token_sort_ratio(wanted, title)
    around = 0.9 * fuzz.token_set_ratio(wanted, _title_tokens(entry.context))
    shared = set(wanted.split()) & set(_title_tokens(entry.context).split())
    return float(max(direct, min(around, 100 * len(shared) / len(set(wanted.split())))))


@lru_cache(maxsize=1 << 14)
def _title_tokens(text: str) -> str:
    ignored = {"and", "or", "of", "the", "a", "an", "as", "in", "for", "to", "with", "other"}
    return " ".join(stem(word) for word in normal_form(text).split() if word not in ignored)


def read_experiences(resume: str) -> tuple[Experience, ...]:
    """The dated jobs of a resume, in whole years, in the order in which they stand."""
    jobs = (entry.as_experience() for entry in read_entries(resume))
    return tuple(job for job in jobs if job is not None)


def align(
    requirements: Sequence[Requirement],
    entries: Sequence[Entry],
    *,
    job: str = "",
    resume: str = "",
) -> list[Finding]:
    """Meets required experience with the jobs of a resume, one to one.

    Jobs that no requirement claims lend their years to one whose title they clearly share, so
    that two terms of the same job add up.

    Args:
        requirements: as `read_experience_requirements` gives them.
        entries: as `read_entries` gives them.
        job: the job description; where it says a requirement in many words, a job of the resume
            whose whole title stands among them meets it.
        resume: the text; a title that stands in its experience section without dates counts as
            held, for a length that nobody can tell.

    Returns:
        One finding a requirement, in order: `met`, `partial` (held, but for fewer years than
        asked) or `missing`, with the entry's span and years as evidence.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    if not requirements:
        return []
    similarity = np.array(
        [[_similarity(r, entry, job) for entry in entries] for r in requirements]
    ).reshape(len(requirements), len(entries))
    usable = np.where(similarity >= TITLE_CUTOFF, similarity, 0.0)
    rows, columns = linear_sum_assignment(usable, maximize=True)
    chosen = {int(i): int(j) for i, j in zip(rows, columns, strict=True) if usable[i, j] > 0}
    free = set(range(len(entries))) - set(chosen.values())
    findings = []
    for i, required in enumerate(requirements):
        requirement = required
        if i not in chosen:
            place = _told_without_dates(requirement.name, entries, resume)
            if place is None:
                findings.append(Finding(requirement, "missing", None, 0.03, 0.0))
            else:
                findings.append(Finding(requirement, "met", place, 0.5, None))
            continue
        entry = entries[chosen[i]]
        if title_similarity(requirement.name, entry) < TITLE_CUTOFF:
            requirement = replace(requirement, name=entry.title)
        years = entry.years + sum(
            entries[j].years
            for j in free
            if fuzz.token_sort_ratio(_title_tokens(requirement.name),
                                     _title_tokens(entries[j].title)) >= 90
        )  # fmt: skip
        enough = requirement.years is None or years + YEARS_TOLERANCE >= requirement.years
        certainty = float(similarity[i, chosen[i]]) / 100
        findings.append(
            Finding(
                requirement,
                "met" if enough else "partial",
                _without_lead(entry.span, resume),
                0.5 + 0.47 * certainty if enough else 0.5 - 0.47 * certainty,
                years,
            )
        )
    return findings


def _without_lead(span: Span, resume: str) -> Span:
    """A clause without the full stop or comma of the one before it."""
    text = resume[span.start : span.end]
    return Span(span.end - len(text.lstrip(" .,;)")), span.end) if text.strip(" .,;)") else span


def _similarity(requirement: Requirement, entry: Entry, job: str) -> float:
    score = title_similarity(requirement.name, entry)
    if score >= TITLE_CUTOFF or requirement.span is None or not job:
        return score
    said = set(_title_tokens(job[requirement.span.start : requirement.span.end]).split())
    title = set(_title_tokens(entry.title).split())
    return IN_MANY_WORDS if title and title <= said else score


def _told_without_dates(title: str, entries: Sequence[Entry], resume: str) -> Span | None:
    """The text of the experience section, outside dated jobs, that names a title; None if none."""
    wanted = set(_title_tokens(title).split())
    if len(wanted) < 2:
        return None
    for line in read_lines(resume) if resume else ():
        if line.section != "experience" or line.heading:
            continue
        place = line.start
        taken = [e.span for e in entries if e.span.start < line.end and e.span.end > line.start]
        for start, end in [*((span.start, span.end) for span in taken), (line.end, line.end)]:
            piece = resume[place : max(place, start)]
            if wanted <= set(_title_tokens(piece).split()):
                return Span(place, start)
            place = max(place, end)
    return None


def set_dates(resume: str, entry: Entry, old: Experience, new: Experience) -> str:
    """A resume in which one job has other years, in the form in which its years are written.

    Args:
        resume: the text.
        entry: the job, as `read_entries` found it there.
        old: the years as they stand.
        new: the years as they should.
    """
    if entry.dates is None:
        return resume
    dates = resume[entry.dates.start : entry.dates.end]
    found = find_ranges(dates)
    if not found:
        return resume
    changed = write_range(dates, found[0], new.start_year, new.end_year)
    before = resume[entry.span.start : entry.dates.start]
    after = resume[entry.dates.end : entry.span.end]
    before, after = (set_length(part, old.years, new.years) for part in (before, after))
    return resume[: entry.span.start] + before + changed + after + resume[entry.span.end :]
