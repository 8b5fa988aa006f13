"""Reads when jobs were held and how long a job asks for, and compares the two.

`read_entries` finds the jobs of a resume with their years, `read_experience_requirements` the
years that a job description asks for, `align` meets them. Dates become numbers of years, so
that "Jan 2016 - Dec 2018" is 3.0 and "2016 - 2018" is 2.0; arithmetic is code, never learned.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources

from rapidfuzz import fuzz

from hrdistill.records import Experience, Finding, Requirement, Span
from hrdistill.text.names import normal_form, stem
from hrdistill.text.sections import Line, read_lines

TITLE_CUTOFF = 55.0
"""Similarity (0..100) from which a resume's job may stand for a required one."""
YEARS_TOLERANCE = 0.25
"""Years that may be short without counting: dates are told in months or whole years."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        ["jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august", "sep sept september", "oct october", "nov november", "dec december"],
        1,
    )
    for name in names.split()
}
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?,?\s+"
_RANGE = re.compile(
    rf"(?:(?P<m1>{_MONTH})|(?P<n1>\d{{1,2}})[/.])?(?<![\d$])(?P<y1>(?:19|20)\d\d)\b"
    r"\s*(?:-|–|—|−|~|\bto\b|\buntil\b|\btill?\b|\bthrough\b|\band\b|/)+\s*"
    rf"(?:(?:(?P<m2>{_MONTH})|(?P<n2>\d{{1,2}})[/.])?(?P<y2>(?:19|20)\d\d)\b(?!\d)"
    r"|(?P<short>\d\d)\b(?![\d/.%])"
    r"|(?P<open>present|current(?:ly)?|now|today|date|ongoing)\b)",
    re.IGNORECASE,
)
_NUMBERS = {
    word: number
    for number, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"]
    )
}
_COUNT = rf"\d{{1,2}}(?:\.\d)?|{'|'.join(_NUMBERS)}"
_YEARS = re.compile(
    rf"\b(?P<count>{_COUNT}|an?(?=\s+(?:full\s+)?year\b))"
    rf"(?:\s*\(\s*(?:\d{{1,2}}|{'|'.join(_NUMBERS)})\s*\))?"
    rf"(?:\s*(?:-|–|to)\s*(?:{_COUNT}))?"
    r"\s*(?:\+|plus\b|or\s+more\b)?[\s-]*(?:full\s+|whole\s+)?(?P<unit>years?|yrs?)\b\.?['’]?s?",
    re.IGNORECASE,
)
_MONTH_COUNT = re.compile(r"\b(\d{1,2})\s*months?\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[A-Za-z0-9)][.;])(?<!\b[SJDM]r\.)(?<!\bSt\.)\s+(?=[A-Z])")
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


@lru_cache(maxsize=1)
def _edges() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Patterns of what stands before and behind a title, and of employers (`edges.tsv`)."""
    table = resources.files("hrdistill.text").joinpath("edges.tsv").read_text(encoding="utf-8")
    sides: dict[str, list[str]] = {"before": [], "behind": [], "employer": []}
    for row in table.splitlines()[1:]:
        side, pattern = row.split("\t")
        sides[side].append(pattern)
    before = re.compile(rf"^(?:{'|'.join(sides['before'])})(?=\W|$)\W*", re.IGNORECASE)
    behind = re.compile(rf"(?:^|[\s,(–—-])\W*(?:{'|'.join(sides['behind'])})\W*$", re.IGNORECASE)
    employer = re.compile(rf"\b(?:{'|'.join(sides['employer'])})\b")
    return before, behind, employer


def clean_title(text: str) -> str:
    """Strips lead-ins ("Worked as a"), trailers ("is required", "from") and the employer."""
    before, behind, employer = _edges()
    text = _strip(text)
    as_role = list(re.finditer(r"\bas\b(?:\s+(?:an?|the|our|their)\b)?\s*", text, re.IGNORECASE))
    if as_role and text[as_role[-1].end() :].strip():
        text = text[as_role[-1].end() :]
    for _ in range(8):
        shorter = _strip(behind.sub("", _strip(before.sub("", text))))
        if shorter == text:
            break
        text = shorter
    text = _BEYOND_TITLE.split(text)[0]
    pieces = re.split(r"(\s*[,|;]\s+|\s+[-–—@]\s+|\s*[–—]\s*|\t+)", text)
    kept = pieces[0]
    for separator, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if employer.search(piece):
            break
        kept += separator + piece
    if kept.count("(") > kept.count(")"):
        kept += ")"
    return _strip(kept)


_BEYOND_TITLE = re.compile(
    r"\s+(?:at|with|for|@)\s+(?:the\s+|an?\s+)?(?=[A-Z\[])|\s+\[(?=[A-Z])|\s+(?:wherein|where|"
    r"which|who|concentrating|focus(?:s?ing|s?ed)|specializing|utilizing|using|involving|leading)\b|"
    r"[,;]?\s+(?:[-–—]\s+)?\(?(?:[A-Z]?[a-z]+ly\s+)?(?:[Mm]anag|[Pp]articipat|[Rr]espon|[Ww]ork|"
    r"[Hh]andl|[Aa]ssist|[Oo]versaw|[Pp]erform|[Dd]evelop|[Ll]ed\b|[Aa]ctively|[Ii]mplement)"
    r"(?:ed|ing|sible)?\s+(?!and\b|engineer|manager|develop|lead)"
)


def _strip(text: str) -> str:
    """Takes punctuation off both ends, leaving ".NET", "C++", "(F2F)" whole."""
    text = text.strip(" \t\n-–—:,;|/\"'“”‘’*_#•")
    text = text.rstrip(".").rstrip(" \t-–—:,;|/\"'“”‘’*_•")
    text = re.sub(r"^\.(?=\s|$)|^[)\]]+\s*|\s*[(\[]+$", "", text)
    if text.startswith(("(", "[")) and not re.search(r"[)\]].", text):
        text = text[1:].rstrip(")]")
    return text.strip()


@dataclass(frozen=True, slots=True)
class _Interval:
    start_year: int
    end_year: int
    years: float


def _months_in(month: str | None, number: str | None) -> int | None:
    """Whole months gone in the year when the named month begins; None where none is named."""
    if month:
        return _MONTHS[month.strip(" .,\t\n").casefold()] - 1
    if number and 1 <= int(number) <= 12:
        return int(number) - 1
    return None


def _interval(found: re.Match[str], today: date) -> _Interval | None:
    first, start_year = _months_in(found["m1"], found["n1"]), int(found["y1"])
    if found["open"]:
        last, end_year = (None if first is None else today.month - 1), today.year
    elif found["short"]:
        last, end_year = None, int(found["y1"][:2] + found["short"])
    else:
        last, end_year = _months_in(found["m2"], found["n2"]), int(found["y2"])
    # Months are counted with the last one in: January to December is a year.
    months = 12 * (end_year - start_year) - (first or 0) + (0 if last is None else last + 1)
    if end_year < start_year or months < 0 or months > 60 * 12:
        return None
    return _Interval(start_year, end_year, round(months / 12, 2))


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
    if not any(_RANGE.search(line.text) or _YEARS.search(line.text) for line in lines):
        lines = [line for line in every if line.section not in ("education", "person")]
        lines = [line for line in lines if not line.heading]
    entries: list[Entry] = []
    for index, line in enumerate(lines):
        clauses = _clauses(line.text)
        for start, end in clauses:
            entry = _entry(line, start, end, lines, index, today)
            if entry is not None:
                entries.append(entry)
    return entries


def _clauses(text: str) -> list[tuple[int, int]]:
    """Cuts a line into pieces of one job each: behind dates, where the next job's words begin."""
    ranges = list(_RANGE.finditer(text))
    if len(ranges) < 2:
        return [(0, len(text))]
    cuts = [0]
    leading = not text[: ranges[0].start()].strip(_DASHES + "FfromIinBbetween")
    for previous, following in zip(ranges, ranges[1:], strict=False):
        between = text[previous.end() : following.start()]
        if leading:
            cut = following.start() - len(re.search(r"(?:\b(?:from|in|between)\s+)?[\s(]*$",
                                                    between, re.IGNORECASE)[0])  # type: ignore[index]  # fmt: skip
        else:
            boundary = re.match(r"[)\]\s]*", between)
            cut = previous.end() + (boundary.end() if boundary else 0)
            if sentence := list(_SENTENCE_END.finditer(between)):
                cut = previous.end() + sentence[-1].end()
        cuts.append(cut)
    return list(zip(cuts, [*cuts[1:], len(text)], strict=True))


def _entry(
    line: Line, start: int, end: int, lines: Sequence[Line], index: int, today: date
) -> Entry | None:
    text = line.text[start:end]
    found = _RANGE.search(text)
    interval = _interval(found, today) if found else None
    if found is None or interval is None:
        return _undated(line, text, start, end)
    before = _SENTENCE_END.split(text[: found.start()])[-1]
    before = re.sub(rf"(?:{_YEARS.pattern})[\s:,-]*(?:of\s+experience\s+)?", " ", before,
                    flags=re.IGNORECASE)  # fmt: skip
    behind = text[found.end() :].lstrip(" )]:,.-–—\t")
    title = clean_title(before)
    first = line.start + start
    span_start = first
    if not _is_title(title):
        title = clean_title(_first_clause(behind))
    if not _is_title(title):
        for above in reversed(lines[max(0, index - 2) : index]):
            if _RANGE.search(above.text):
                break
            candidate = clean_title(_first_clause(above.text))
            if _is_title(candidate) and len(candidate.split()) <= 12:
                title, span_start = candidate, above.start
    context = f"{before} {behind[:160]}"
    if span_start != first:
        context = f"{title} {context}"
    if not _is_title(title):
        return None
    return Entry(
        title=title,
        start_year=interval.start_year,
        end_year=interval.end_year,
        years=interval.years,
        span=Span(span_start, line.start + end),
        dates=Span(first + found.start(), first + found.end()),
        context=context,
    )


def _undated(line: Line, text: str, start: int, end: int) -> Entry | None:
    """A job told by its length alone: "Three years as a Baker"."""
    found = _YEARS.search(text)
    if found is None or line.section != "experience":
        return None
    if not re.search(r"\bas\b|\brole\b|\bposition\b|\bworked\b|^\W*[A-Z][\w/ -]+:?\s*\(?\d",
                     text):  # fmt: skip
        return None
    title = clean_title(text[found.end() :]) or clean_title(text[: found.start()])
    if not _is_title(title) or len(title.split()) > 12:
        return None
    years = _count(found)
    span = Span(line.start + start, line.start + end)
    return Entry(title, None, None, years, span, None, text)


def _is_title(text: str) -> bool:
    return len(re.findall(r"[^\W\d_]", text)) >= 2 and normal_form(text) not in {
        "duration", "dates", "period", "years of service", "date", "tenure", "years", "from", "my",
        "similar", "core", "he", "she", "and", "this", "similar role", "experience",
    }  # fmt: skip


def _first_clause(text: str) -> str:
    text = re.sub(r"^\W*(?:position|title|job title|role|designation)\s*:\s*", "", text,
                  flags=re.IGNORECASE)  # fmt: skip
    return re.split(r"[.:;]\s|[.:;]$|,\s+(?=where|which|and|focus|responsible|my|I\b)", text)[0]


def _count(found: re.Match[str]) -> float:
    count = found["count"].casefold()
    return float(_NUMBERS.get(count, 1 if count in ("a", "an") else count))


def read_experience_requirements(job: str) -> list[Requirement]:
    """The experience a job description asks for: titles with years.

    The experience section is read line by line; lines elsewhere count where they name both
    years and a role ("3 years as a Baker").

    Args:
        job: the job description.

    Returns:
        Requirements of kind `experience` in order; `years` is None where no number is given.
    """
    lines = [line for line in read_lines(job) if not line.heading]
    own = [line for line in lines if line.section == "experience"]
    requirements: list[Requirement] = []
    for line in own:
        requirements += _requirements(line, strict=False)
    if not requirements:
        for line in lines:
            if line.section not in ("title", "experience") and _YEARS.search(line.text):
                requirements += _requirements(line, strict=True)
    return requirements or _own_title(lines)


def _own_title(lines: Sequence[Line]) -> list[Requirement]:
    """A job that names no experience still asks for somebody of its own trade."""
    for line in lines[:3]:
        if line.section == "title" and len(line.text.split()) <= 12:
            title = clean_title(line.text)
            return [Requirement("experience", title, None, Span(line.start, line.end))]
    return []


_ROLE = re.compile(
    r"\bas\b|\brole\b|\bposition\b|\bworking\b|\bworked\b|\bexperienced?\b|\bserv(?:ed|ice|ing)\b",
    re.IGNORECASE,
)


def _requirements(line: Line, *, strict: bool) -> list[Requirement]:
    found: list[Requirement] = []
    for start, end in _requirement_clauses(line.text):
        text = line.text[start:end]
        years = _YEARS.search(text)
        if strict and not (years and re.search(r"\bas\b|\brole\b|\bposition\b", text)):
            continue
        if years is None and not (_ROLE.search(text) and re.search(r"\bas\b|\bin\b", text)):
            continue
        title = _required_title(text, years)
        if not _is_title(title):
            continue
        span = Span(line.start + start, line.start + end)
        found.append(Requirement("experience", title, _count(years) if years else None, span))
    return found


def _requirement_clauses(text: str) -> list[tuple[int, int]]:
    years = list(_YEARS.finditer(text))
    if len(years) < 2:
        return [(0, len(text))]
    cuts = [0]
    lead = text[: years[0].start()]
    first_words = len(re.findall(r"\w+", lead)) > 4 and re.search(r"\bas\b", lead) is not None
    for previous, following in zip(years, years[1:], strict=False):
        between = text[previous.end() : following.start()]
        separators = list(re.finditer(r"[,;.]\s+(?:and\s+)?|\s+and\s+|\s*&\s*", between))
        if not separators:
            cuts.append(following.start())
            continue
        # Titles before their years: the clause ends right behind the number.
        chosen = separators[0] if first_words else separators[-1]
        cuts.append(previous.end() + chosen.end())
    return list(zip(cuts, [*cuts[1:], len(text)], strict=True))


def _required_title(text: str, years: re.Match[str] | None) -> str:
    if years is None:
        return clean_title(_SENTENCE_END.split(text)[0])
    behind = _SENTENCE_END.split(text[years.end() :])[0]
    for candidate in (_until_aside(behind), behind, text[: years.start()]):
        if _is_title(title := clean_title(candidate)):
            return title
    return ""


def _until_aside(text: str) -> str:
    """Cuts explanations off: "as a Baker, preferably in a pastry shop"."""
    return re.split(
        r"[,;]\s*(?:preferably|ideally|including|focus|with|where|specifically|handling|in|is|"
        r"having|dealing|emphasi|related|or similar|or equivalent)|:\s|\s+(?:(?:is|are|will|would)\s+"
        r"(?:also|be|required|an?\b|necessary|essential|mandatory|preferred|needed|desi)|(?:with|"
        r"where|which|who|that|involv|focus|emphasi|overseeing|governing|preferably|particularly|"
        r"handling|performing|including|in order|is must|required|preferred|within|speciali[sz]ing|"
        r"or (?:a |an |in )?(?:similar|equivalent|related|comparable)|"
        r"in (?:an?|our|the premises|similar|related|any|large)\b))",
        text,
        maxsplit=1,
        flags=re.IGNORECASE,
    )[0]


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


def align(requirements: Sequence[Requirement], entries: Sequence[Entry]) -> list[Finding]:
    """Meets required experience with the jobs of a resume, one to one.

    Jobs that no requirement claims lend their years to one whose title they clearly share, so
    that two terms of the same job add up.

    Args:
        requirements: as `read_experience_requirements` gives them.
        entries: as `read_entries` gives them.

    Returns:
        One finding a requirement, in order: `met`, `partial` (held, but for fewer years than
        asked) or `missing`, with the entry's span and years as evidence.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    if not requirements:
        return []
    similarity = np.array(
        [[title_similarity(r.name, entry) for entry in entries] for r in requirements]
    ).reshape(len(requirements), len(entries))
    usable = np.where(similarity >= TITLE_CUTOFF, similarity, 0.0)
    rows, columns = linear_sum_assignment(usable, maximize=True)
    chosen = {int(i): int(j) for i, j in zip(rows, columns, strict=True) if usable[i, j] > 0}
    free = set(range(len(entries))) - set(chosen.values())
    findings = []
    for i, requirement in enumerate(requirements):
        if i not in chosen:
            findings.append(Finding(requirement, "missing", None, 0.03, 0.0))
            continue
        entry = entries[chosen[i]]
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
                entry.span,
                0.5 + 0.47 * certainty if enough else 0.5 - 0.47 * certainty,
                years,
            )
        )
    return findings


def has_dates(text: str) -> bool:
    """Whether a text holds a range of years."""
    return _RANGE.search(text) is not None


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
    found = _RANGE.search(dates)
    if found is None:
        return resume
    start, end = found.span("y1")
    if found["y2"]:
        end_place, text = found.span("y2"), str(new.end_year)
    elif found["short"]:
        end_place, text = found.span("short"), f"{new.end_year % 100:02d}"
    else:
        end_place, text = found.span("open"), str(new.end_year)
    changed = dates[:start] + str(new.start_year) + dates[end : end_place[0]] + text
    changed += dates[end_place[1] :]
    before = resume[entry.span.start : entry.dates.start]
    after = resume[entry.dates.end : entry.span.end]
    before, after = (_set_length(part, old.years, new.years) for part in (before, after))
    return resume[: entry.span.start] + before + changed + after + resume[entry.span.end :]


def _set_length(text: str, old: int, new: int) -> str:
    """Mends a length of time that is told beside the dates: "4 years as a Baker (2013 - 2017)"."""

    def mend(found: re.Match[str]) -> str:
        if _count(found) != old:
            return found[0]
        digits = found["count"].isdigit()
        words = list(_NUMBERS)
        count = str(new) if digits or new >= len(words) else words[new]
        unit = re.sub(r"s$", "", found["unit"]) + ("s" if new != 1 else "")
        return found[0].replace(found["count"], count, 1).replace(found["unit"], unit, 1)

    return _YEARS.sub(mend, text)
