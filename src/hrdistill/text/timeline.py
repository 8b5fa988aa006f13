"""Reads the jobs of a resume with their years, and sets their years.

Dates become numbers of years (`dates.py`): arithmetic is code, never learned. What a job asks for
is read by `requirements.py`, and the two are compared by `alignment.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from hrdistill.records import Experience, Span
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
from hrdistill.text.sections import Line, read_lines
from hrdistill.text.titles import (
    SENTENCE_END,
    clean_title,
    first_clause,
    is_duty,
    is_occupation,
    is_title,
    labelled_title,
    names_employer,
)

LINES_APART = 3
"""Lines that a title may stand above its dates."""

_LEAD_IN = re.compile(r"(?:\b(?:from|in|between)\s+)?[\s(]*$", re.IGNORECASE)
_TOLD_BEHIND = re.compile(r"\)?(?:\s+as|,?\s+I)\s")
_LENGTH_ASIDE = re.compile(r"\s*\([^()]*\b(?:year|yr|month)s?\)", re.IGNORECASE)
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


def read_entries(
    resume: str, *, today: date | None = None, titles: Sequence[Span] = ()
) -> list[Entry]:
    """The jobs of a resume, in the order in which they stand.

    Jobs are looked for in the experience section; in the whole text where there is none.

    Args:
        resume: the text.
        today: what "present" means; the current day by default.
        titles: spans known to be job titles, as a tagger finds them: dates beside one are its
            dates. Elsewhere the rules decide.

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
        nearby = _Nearby(resume, lines, index, claimed, titles)
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
    for previous, following in pairwise(ranges):
        between = text[previous.end : following.start]
        sentences = list(SENTENCE_END.finditer(between))
        own = sentences[-1].end() if sentences else 0
        lead_in = _LEAD_IN.search(between)
        # "2016 - 2018 as a Baker, 2018 - 2020 as a Cook": titles stand behind their dates.
        leading = not text[cuts[-1] : previous.start].strip(_DASHES + "FfromIinBbetween")
        leading = leading or _TOLD_BEHIND.match(between) is not None
        if leading and previous.form != "spread" and lead_in and (
            not between[own : lead_in.start()].strip(_DASHES) or not sentences
        ):  # fmt: skip
            cut = previous.end + lead_in.start()
        elif sentences:
            cut = previous.end + own
        else:
            boundary = re.match(r"[)\]\s]*", between)
            cut = previous.end + (boundary.end() if boundary else 0)
        cuts.append(cut)
    return list(zip(cuts, [*cuts[1:], len(text)], strict=True))


def _dated(line: Line, start: int, end: int, dates: DateRange, nearby: _Nearby) -> Entry | None:
    text = line.text[start:end]
    before = drop_lengths(SENTENCE_END.split(text[: dates.start])[-1])
    between = text[slice(*dates.between)]
    behind = _LENGTH_ASIDE.sub("", text[dates.end :]).lstrip(" )]:,.-–—	")
    span = Span(line.start + start, line.start + end)
    title = _own_title_of(before, between, behind)
    known = nearby.known_title(span, anything=not is_occupation(title))
    if known is not None:
        title = nearby.resume[known.start : known.end]
        span = Span(min(span.start, known.start), max(span.end, known.end))
    elif not is_occupation(title) and dates.form != "spread":
        other = nearby.line(anything=not is_title(title))
        if other is not None:
            title = _title_on(other)
            span = Span(min(span.start, other.start), max(span.end, other.end))
    sure = known is not None or dates.form == "joined" or is_occupation(title)
    if not is_title(title) or not sure:
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
        titles: spans known to be job titles.
    """

    resume: str
    lines: Sequence[Line]
    index: int
    claimed: set[int]
    titles: Sequence[Span]

    def known_title(self, span: Span, *, anything: bool) -> Span | None:
        """The known title in a clause; with `anything`, also one on a line near it."""
        inside = [t for t in self.titles if span.start <= t.start and t.end <= span.end]
        if inside or not anything or not self.titles:
            return inside[0] if inside else None
        above = range(self.index - 1, self.index - 1 - LINES_APART, -1)
        for places in (above, range(self.index + 1, self.index + 2)):
            for i in places:
                if not 0 <= i < len(self.lines) or i in self.claimed:
                    break
                line = self.lines[i]
                if has_dates(line.text) or self._blank_between(min(i, i - places.step)):
                    break
                for title in self.titles:
                    if line.start <= title.start and title.end <= line.end:
                        self.claimed.add(i)
                        return title
        return None

    def line(self, *, anything: bool) -> Line | None:
        """The nearest line above that reads like a job, or the one below.

        Args:
            anything: whether a line that does not read like a job will do, too.
        """
        above = self._candidates(range(self.index - 1, self.index - 1 - LINES_APART, -1))
        below = self._candidates(range(self.index + 1, self.index + 2))
        fitting = [i for i in above + below if _is_job(self.lines[i])]
        if not fitting and anything:
            fitting = above
        if not fitting:
            return None
        first = above[-1] if above else fitting[0]
        # "Crane Operator / Bayport Erectors / 2014 - 2019": a block opens with its title.
        chosen = first if first in fitting and self._opens_block(first) else fitting[0]
        self.claimed.add(chosen)
        return self.lines[chosen]

    def _opens_block(self, i: int) -> bool:
        """Whether a line stands below a blank one or a heading, and names no employer."""
        before = self.resume[: self.lines[i].line_start].rstrip(" \t")
        apart = i == 0 or before.endswith("\n\n")
        return apart and not names_employer(self.lines[i].text)

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


def read_experiences(resume: str, *, titles: Sequence[Span] = ()) -> tuple[Experience, ...]:
    """The dated jobs of a resume, in whole years, in the order in which they stand.

    Args:
        resume: the text.
        titles: as for `read_entries`.
    """
    jobs = (entry.as_experience() for entry in read_entries(resume, titles=titles))
    return tuple(job for job in jobs if job is not None)


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
