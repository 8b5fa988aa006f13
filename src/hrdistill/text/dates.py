"""Ranges of years and lengths of time, as resumes and job descriptions write them.

`find_ranges("Baker, Jan 2016 - Dec 2018")` gives one range of 3.0 years; "2016 - 2018" is 2.0.
`find_lengths("18 months as a Baker")` gives one length of 1.5 years.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from hrdistill.text.names import NUMBER_WORDS

_MONTHS = {
    name: number
    for number, names in (
        (1, "jan january winter"), (2, "feb february"), (3, "mar march spring"), (4, "apr april"),
        (5, "may"), (6, "jun june summer"), (7, "jul july"), (8, "aug august"),
        (9, "sep sept september fall autumn"), (10, "oct october"), (11, "nov november"),
        (12, "dec december"),
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?,?\s+"
_DAY = r"(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?"
_YEAR = r"(?:(?:19|20)\d\d|['’]\d\d)"
_JOINT = r"\s*(?:-|–|—|−|~|\bto\b|(?:\band\s+)?\buntil\b|\btill?\b|\bthrough\b|\band\b|/)+\s*"
_OPEN = r"(?:present|current(?:ly)?|now|today|date|ongoing)\b"


def _point(number: int) -> str:
    """A year with its month before it ("Jan 2016", "01/2016", "10/15/2016") or behind ("2016-01").

    Groups: m, n, d and i (month by name, by number before the year, the figure between them,
    by number behind the year) and y (the year), each with `number`.
    """
    return (
        rf"(?:(?P<m{number}>{_MONTH}){_DAY}|(?P<n{number}>\d{{1,2}})[/.](?:(?P<d{number}>\d{{1,2}})[/.])?)?"
        rf"(?<![\d$])(?P<y{number}>{_YEAR})\b"
        rf"(?:[-./](?P<i{number}>0[1-9]|1[0-2])\b(?![-\d])"
        # "2010-12" is a month only beside another date: else it ends in 2012.
        + (rf"(?={_JOINT}(?:\d{{4}}|{_OPEN})))?" if number == 1 else ")?")
    )


_RANGE = re.compile(
    rf"{_point(1)}{_JOINT}(?:{_point(2)}(?!\d)|(?P<short>\d\d)\b(?![\d/.%]|-\d)|(?P<open>{_OPEN}))",
    re.IGNORECASE,
)
_SPREAD = re.compile(
    rf"\bin\s+(?P<m1>{_MONTH})?(?P<y1>{_YEAR})\b(?P<between>[^;.\d]{{0,90}}?)"
    rf"\b(?:until|till?|through|leaving\s+in|left\s+in|ending\s+in)\s+"
    rf"(?:(?P<m2>{_MONTH})?(?P<y2>{_YEAR})\b|(?P<open>{_OPEN}))",
    re.IGNORECASE,
)
_SINCE = re.compile(rf"\bsince\s+(?P<m1>{_MONTH})?(?P<y1>{_YEAR})\b", re.IGNORECASE)

_NUMBERS = {word: number for number, word in enumerate(NUMBER_WORDS)}
_COUNT = rf"\d{{1,2}}(?:\.\d)?|{'|'.join(_NUMBERS)}"
_LENGTH = re.compile(
    rf"\b(?P<count>{_COUNT}|an?(?=\s+(?:full\s+)?year\b))"
    rf"(?:\s*\(\s*(?:\d{{1,2}}|{'|'.join(_NUMBERS)})\s*\))?"
    rf"(?:\s*(?:-|–|to)\s*(?:{_COUNT}))?"
    r"\s*(?:\+|plus\b|or\s+more\b)?[\s-]*(?:full\s+|whole\s+)?"
    rf"(?P<unit>years?|yrs?|months?)\b\.?['’]?s?"
    rf"(?:,?\s+(?:and\s+)?(?P<months>{_COUNT})\s+months?\b)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DateRange:
    """A range of years in a text.

    Attributes:
        start: offset of its first character; `end` is behind its last.
        start_year: as written; `end_year` of an open range is this year.
        years: how long, from the months where they are told.
        form: `joined` ("2016 - 2018"), `spread` ("in 2016 as a Baker until 2018") or `since`.
        between: offsets of the words between the years of a `spread` range.
        start_place: offsets of the first year; `end_place` of the last, None in `since`.
    """

    start: int
    end: int
    start_year: int
    end_year: int
    years: float
    form: Literal["joined", "spread", "since"]
    between: tuple[int, int]
    start_place: tuple[int, int]
    end_place: tuple[int, int] | None


def find_ranges(text: str, *, today: date | None = None) -> list[DateRange]:
    """The ranges of years in a text, in order, none over another.

    Args:
        text: a line or a clause.
        today: what "present" means; the current day by default.
    """
    if not re.search(r"\d\d", text):  # most lines: spares them three searches
        return []
    today = today or date.today()
    found: list[DateRange] = []
    for form, pattern in (("joined", _RANGE), ("spread", _SPREAD), ("since", _SINCE)):
        for match in pattern.finditer(text):
            dates = _date_range(match, form, today)  # type: ignore[arg-type]
            if dates and all(dates.end <= x.start or x.end <= dates.start for x in found):
                found.append(dates)
    return sorted(found, key=lambda dates: dates.start)


def has_dates(text: str) -> bool:
    """Whether a text holds a range of years."""
    return bool(find_ranges(text))


def _date_range(
    found: re.Match[str], form: Literal["joined", "spread", "since"], today: date
) -> DateRange | None:
    told = found.groupdict()
    place: tuple[int, int] | None
    first, start_year = _months_gone(told, 1), _year(told["y1"] or "", today)
    if told.get("y2"):
        last, end_year, place = (
            _months_gone(told, 2),
            _year(told["y2"] or "", today),
            found.span("y2"),
        )
    elif told.get("short"):
        last, place = None, found.span("short")
        end_year = _short_year(start_year, int(told["short"]), today)
    else:
        last, end_year = (None if first is None else today.month - 1), today.year
        place = found.span("open") if form != "since" else None
    # Months are counted with the last one in: January to December is a year.
    months = 12 * (end_year - start_year) - (first or 0) + (0 if last is None else last + 1)
    if end_year < start_year or not 0 <= months <= 60 * 12:
        return None
    between = found.span("between") if form == "spread" else (found.end(), found.end())
    return DateRange(found.start(), found.end(), start_year, end_year, round(months / 12, 2),
                     form, between, found.span("y1"), place)  # fmt: skip


def _months_gone(told: dict[str, str | None], number: int) -> int | None:
    """Whole months gone in the year when the named month begins; None where none is named."""
    if month := told.get(f"m{number}"):
        return _MONTHS[month.strip(" .,\t\n").casefold()] - 1
    # "15/10/2013" names the day first, "10/15/2013" the month.
    for group in (f"n{number}", f"d{number}", f"i{number}"):
        if (figure := told.get(group)) and 1 <= int(figure) <= 12:
            return int(figure) - 1
    return None


def _year(token: str, today: date) -> int:
    """The year that "2014" or "'14" means."""
    if len(token) == 4:
        return int(token)
    year = 2000 + int(token[1:])
    return year if year <= today.year else year - 100


def _short_year(start_year: int, ending: int, today: date) -> int:
    """The year that two figures behind a range's first year mean: 1998-03 ends in 2003."""
    end_year = start_year - start_year % 100 + ending
    if end_year < start_year < 2000 and end_year + 100 <= today.year:
        return end_year + 100
    return end_year


def write_range(text: str, dates: DateRange, start_year: int, end_year: int) -> str:
    """`dates` as it stands in `text`, with other years, in the same form.

    "2013-16" stays two figures long unless the century changes on the way.
    """
    if dates.end_place is None:
        return f"{start_year} - {end_year}"
    first, last = text[slice(*dates.start_place)], text[slice(*dates.end_place)]
    short = len(last) == 2 and start_year // 100 == end_year // 100
    start, end = str(start_year), f"{end_year % 100:02d}" if short else str(end_year)
    if len(first) == len(last) == 3:
        quoted = [f"{first[0]}{year % 100:02d}" for year in (start_year, end_year)]
        if [_year(token, date.today()) for token in quoted] == [start_year, end_year]:
            start, end = quoted
    return (
        text[dates.start : dates.start_place[0]] + start
        + text[dates.start_place[1] : dates.end_place[0]] + end
        + text[dates.end_place[1] : dates.end]
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time in a text, in years, with its offsets."""

    start: int
    end: int
    years: float


def find_lengths(text: str) -> list[Length]:
    """The lengths of time ("3 years", "18 months", "three to five years") in a text, in order.

    Of a span of lengths, the shorter counts.
    """
    return [Length(*found.span(), _length(found)) for found in _LENGTH.finditer(text)]


def length_clauses(text: str) -> list[tuple[int, int]]:
    """Cuts a text into pieces of one length of time each."""
    years = find_lengths(text)
    if len(years) < 2:
        return [(0, len(text))]
    cuts = [0]
    lead = text[: years[0].start]
    first_words = len(re.findall(r"\w+", lead)) > 4 and re.search(r"\bas\b", lead) is not None
    for previous, following in pairwise(years):
        between = text[previous.end : following.start]
        separators = list(re.finditer(r"[,;.]\s+(?:and\s+)?|\s+and\s+|\s*&\s*", between))
        if not separators:
            cuts.append(following.start)
            continue
        # Titles before their years: the clause ends right behind the number.
        chosen = separators[0] if first_words else separators[-1]
        cuts.append(previous.end + chosen.end())
    return list(zip(cuts, [*cuts[1:], len(text)], strict=True))


def drop_lengths(text: str) -> str:
    """A text without its lengths of time and the "of experience" behind them."""
    return re.sub(rf"(?:{_LENGTH.pattern})[\s:,-]*(?:of\s+experience\s+)?", " ", text,
                  flags=re.IGNORECASE)  # fmt: skip


def _number(count: str) -> float:
    count = count.casefold()
    return float(_NUMBERS.get(count, 1 if count in ("a", "an") else count))


def _length(found: re.Match[str]) -> float:
    count = _number(found["count"])
    if found["unit"].casefold().startswith("m"):
        return round(count / 12, 2)
    return round(count + _number(found["months"] or "0") / 12, 2)


def set_length(text: str, old: int, new: int) -> str:
    """Mends a length of time that is told beside dates: "4 years as a Baker (2013 - 2017)"."""

    def mend(found: re.Match[str]) -> str:
        if _length(found) != old or found["months"]:
            return found[0]
        months = found["unit"].casefold().startswith("m")
        amount = 12 * new if months else new
        words = list(_NUMBERS)
        as_figure = found["count"].isdigit() or amount >= len(words)
        count = str(amount) if as_figure else words[amount]
        if found["count"][0].isupper():
            count = count[0].upper() + count[1:]
        unit = re.sub(r"s$", "", found["unit"]) + ("s" if amount != 1 else "")
        return found[0].replace(found["count"], count, 1).replace(found["unit"], unit, 1)

    return _LENGTH.sub(mend, text)
