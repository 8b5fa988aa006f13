"""Checks that the three documents of a triple say what its context and removal say.

The checks read plain text, whoever wrote it, and share nothing with the offline teacher but the
forms of a skill. A job is told where its title stands beside its two years, or its length where
it is required: between the two stand no other years, and no two jobs share theirs.

A job description may ask for less of a job than the matched resume shows, as long as the unmatched
one shows less still; and it may name a job without any length, on a line of its own, where the
removal leaves it alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from os.path import commonprefix
from typing import NamedTuple

from hrdistill.records import Context, Experience, Removal, Skill
from hrdistill.teacher.base import Draft
from hrdistill.text.mentions import normal_text, shows, surface_forms
from hrdistill.text.names import NUMBER_WORDS, normal_form, stem

_COUNT = rf"(?:\d{{1,2}}|{'|'.join(NUMBER_WORDS)})"
# Of "3 to 5 years" the shorter is required.
_LENGTH = re.compile(rf" ({_COUNT})\+?(?: to {_COUNT})? (?:years?|yrs?)(?= )")
_YEAR = re.compile(r" ((?:19|20)\d\d)(?= )")
_REACH = 200
"""Characters between a title and its years or length within which they belong together."""
_NEAR = 40
"""The same for a single year, which need not be a job's at all."""
_WITHIN_RANGE = 48
"""Characters between two years of one job: "in 2019 and remained in the post until 2023"."""


def verify(context: Context, removal: Removal, draft: Draft) -> list[str]:
    """Lists what is wrong with a draft; an empty list accepts it.

    Args:
        context: what the job description and the matched resume must say.
        removal: what the unmatched resume must lack; everything else it must show.
        draft: the documents.

    Returns:
        Findings such as `unmatched resume: shows removed skill 'Python'`; the words before the
        quotation are the reason that is counted.
    """
    job = normal_text(draft.job_description)
    matched = normal_text(draft.matched_resume)
    unmatched = normal_text(draft.unmatched_resume)
    kept_skills, kept_jobs = removal.leaves(context)
    found = []
    for skill in context.skills:
        forms = _forms(skill)
        if not shows(job, forms):
            found.append(f"job description: lacks skill {skill.name!r}")
        if not shows(matched, forms):
            found.append(f"matched resume: lacks skill {skill.name!r}")
        if skill in kept_skills:
            if not shows(unmatched, forms):
                found.append(f"unmatched resume: lacks kept skill {skill.name!r}")
        elif shows(unmatched, forms):
            found.append(f"unmatched resume: shows removed skill {skill.name!r}")
    for experience in _without_length(draft.job_description, job, context.experiences, removal):
        found.append(f"job description: lacks experience {str(experience)!r}")
    career = _Career(matched, context.experiences)
    for experience in career.missing(context.experiences):
        found.append(f"matched resume: lacks experience {str(experience)!r}")
    career = _Career(unmatched, (*kept_jobs, *context.experiences))
    for experience in career.missing(kept_jobs):
        found.append(f"unmatched resume: lacks kept experience {str(experience)!r}")
    gone = removal.experience
    if gone is not None and career.tells_of(gone, in_part=removal.change == "dropped"):
        found.append(f"unmatched resume: shows removed experience {str(gone)!r}")
    return found


def reason(finding: str) -> str:
    """What a finding counts as: its words without the name that is quoted, or a judge's words."""
    return re.split(r" ['\"]|(?<=: judge):", finding, maxsplit=1)[0]


def _forms(skill: Skill) -> tuple[str, ...]:
    """The forms of a skill, first its name: most texts that show the skill have that."""
    return (normal_form(skill.name), *surface_forms(skill.name, skill.aliases))


class _Stop(NamedTuple):
    """A length, a year, or the two years of a job, where they stand in a normal text."""

    start: int
    end: int
    value: tuple[int, ...]


class _Mention(NamedTuple):
    """Where a job's title stands in a normal text."""

    start: int
    end: int
    title: str


def _mentions(text: str, jobs: Sequence[Experience]) -> list[_Mention]:
    """Where the titles stand, their words in singular or plural; "Cook" not in "Line Cook"."""
    found = [
        _Mention(start, end, title)
        for title in dict.fromkeys(job.title for job in jobs)
        for start, end in _places(text, _title_words(title))
    ]
    return [
        one
        for one in found
        if not any(
            other.start <= one.start and one.end <= other.end and other[:2] != one[:2]
            for other in found
        )
    ]


_SAME = {"senior": ("senior", "sr"), "sr": ("senior", "sr"), "junior": ("junior", "jr"),
         "jr": ("junior", "jr")}  # fmt: skip
_ENDINGS = ("", "s", "es", "y", "ys", "ies")
_REST = re.compile(r", (?:all other|except .*)$", re.IGNORECASE)

_Words = tuple[tuple[str, ...], ...]
"""Words that follow each other, each in all its spellings with a blank at both ends."""


class _Title(NamedTuple):
    """A title: how it begins, its words, and what a classification adds, which may lack."""

    beginning: str
    words: _Words
    rest: _Words


@lru_cache(maxsize=1 << 14)
def _title_words(title: str) -> _Title:
    rest = _REST.search(title)
    words = _spelled(title[: rest.start()] if rest else title)
    beginning = commonprefix(words[0]) if words else " "  # noqa: RUF071  letters, not folders
    return _Title(beginning, words, _spelled(rest[0]) if rest else ())


def _spelled(text: str) -> _Words:
    return tuple(
        tuple(f" {spelling} " for spelling in _SAME.get(word) or _in_any_number(word))
        for word in normal_text(text).split()
    )


def _in_any_number(word: str) -> list[str]:
    return [stem(word).removesuffix("y") + ending for ending in _ENDINGS]


def _places(text: str, title: _Title) -> Iterator[tuple[int, int]]:
    """Where a title stands in a normal text, from the blank before it to the one behind it."""
    start = text.find(title.beginning)
    while start >= 0:
        end = _end(text, start, title.words)
        if end >= 0:
            end = max(end, _end(text, end, title.rest))
            yield start, end
        start = text.find(title.beginning, max(end, start + 1))


def _end(text: str, start: int, words: _Words) -> int:
    """Where the words end that a text goes on with from a blank; -1 where it has others."""
    for spellings in words:
        if not text.startswith(spellings, start):
            return -1
        start = text.index(" ", start + 1)
    return start


def _beside(mention: _Mention, stops: Sequence[_Stop], reach: int) -> list[int]:
    """Indices of the stop before a title, the one behind it, or the range that it stands in."""
    behind = next((n for n, stop in enumerate(stops) if stop.end > mention.start), len(stops))
    near = []
    if behind and mention.start - stops[behind - 1].end <= reach:
        near.append(behind - 1)
    if behind < len(stops) and stops[behind].start - mention.end <= reach:
        near.append(behind)
    return near


def _held(
    jobs: Sequence[Experience],
    values: Sequence[Collection[tuple[int, ...]]],
    mentions: Sequence[_Mention],
    stops: Sequence[_Stop],
    taken: Collection[int] = (),
) -> dict[int, int]:
    """Gives jobs a stop of one of their values beside their title, and no two jobs the same.

    Args:
        jobs: who asks for a stop; each has its `values`.
        values: of the stops that will do.
        mentions: where the titles stand.
        stops: what is given.
        taken: indices of stops that are given no more.

    Returns:
        The index of the job that holds each stop, by the index of the stop.
    """
    candidates = [
        {
            n
            for mention in mentions
            if mention.title == job.title
            for n in _beside(mention, stops, _REACH)
            if stops[n].value in value and n not in taken
        }
        for job, value in zip(jobs, values, strict=True)
    ]
    holder: dict[int, int] = {}

    def place(number: int, tried: set[int]) -> bool:
        """Gives a job a stop, and whoever had it another, where that can be done."""
        for n in sorted(candidates[number] - tried):
            tried.add(n)
            if n not in holder or place(holder[n], tried):
                holder[n] = number
                return True
        return False

    for number in range(len(jobs)):
        place(number, set())
    return holder


def _without_stop(
    jobs: Sequence[Experience],
    values: Sequence[tuple[int, ...]],
    mentions: Sequence[_Mention],
    stops: Sequence[_Stop],
) -> list[Experience]:
    """The jobs whose title stands beside no stop of their value that is theirs alone."""
    held = set(_held(jobs, [(value,) for value in values], mentions, stops).values())
    return [job for number, job in enumerate(jobs) if number not in held]


def _without_length(
    document: str, text: str, jobs: Sequence[Experience], removal: Removal
) -> list[Experience]:
    """The jobs that a job description does not ask for, or not with a length it may ask for.

    Args:
        document: the job description, with its lines.
        text: the same as a normal text.
        jobs: what it must ask for.
        removal: which of them the unmatched resume shows less of.
    """
    stops = [
        _Stop(place.start(), place.end(), (_number(place[1]),)) for place in _LENGTH.finditer(text)
    ]
    mentions = _mentions(text, jobs)
    exact = _held(jobs, [((job.years,),) for job in jobs], mentions, stops)
    short = [job for number, job in enumerate(jobs) if number not in set(exact.values())]
    if not short:
        return []
    # Whole lengths first: else one job's would pass for less of another.
    less = [
        [(years,) for years in range(_shown_without(job, removal) + 1, job.years)] for job in short
    ]
    lower = _held(short, less, mentions, stops, exact)
    missing = [job for number, job in enumerate(short) if number not in set(lower.values())]
    if len(exact) + len(lower) < len(stops):  # a length of no job may be meant for these
        return missing
    return [job for job in missing if not _may_lack_length(document, job, jobs, removal)]


def _shown_without(job: Experience, removal: Removal) -> int:
    """The years of a job that the unmatched resume shows, where the removal shortens it."""
    if job == removal.experience and removal.replacement is not None:
        return removal.replacement.years
    return 0


def _may_lack_length(
    document: str, job: Experience, jobs: Sequence[Experience], removal: Removal
) -> bool:
    """Whether a job that the removal leaves alone has a line of its own that tells no length."""
    if job in (removal.experience, jobs[0]) or [j.title for j in jobs].count(job.title) > 1:
        return False
    for line in document.splitlines():
        text = normal_text(line)
        found = {mention.title for mention in _mentions(text, jobs)}
        if found == {job.title} and not _LENGTH.search(text):
            return True
    return False


def _number(text: str) -> int:
    return int(text) if text.isdigit() else NUMBER_WORDS.index(text)


class _Career:
    """The titles and years of a resume.

    Args:
        text: the resume as a normal text.
        jobs: all that may be told there.
    """

    def __init__(self, text: str, jobs: Sequence[Experience]) -> None:
        self._mentions = _mentions(text, jobs)
        years = [
            _Stop(place.start(), place.end(), (int(place[1]),)) for place in _YEAR.finditer(text)
        ]
        self._stops: list[_Stop] = []
        while years:
            first = years.pop(0)
            if years and self._is_range(first, years[0], jobs):
                second = years.pop(0)
                first = _Stop(first.start, second.end, first.value + second.value)
            self._stops.append(first)

    def _is_range(self, first: _Stop, second: _Stop, jobs: Sequence[Experience]) -> bool:
        """Whether two years that follow each other are those of a job, with no other between."""
        value = first.value + second.value
        titles = {job.title for job in jobs if (job.start_year, job.end_year) == value}
        inside = [m for m in self._mentions if first.end <= m.start and m.end <= second.start]
        gap = second.start - first.end - sum(m.end - m.start for m in inside)
        return bool(titles) and gap <= _WITHIN_RANGE and all(m.title in titles for m in inside)

    def missing(self, jobs: Sequence[Experience]) -> list[Experience]:
        """The jobs that are not told with both their years."""
        values = [(job.start_year, job.end_year) for job in jobs]
        return _without_stop(jobs, values, self._mentions, self._stops)

    def tells_of(self, job: Experience, *, in_part: bool) -> bool:
        """Whether a job is told with both its years, or `in_part`, as in "Baker since 2019"."""
        for mention in self._mentions:
            if mention.title != job.title:
                continue
            whole = (self._stops[n].value for n in _beside(mention, self._stops, _REACH))
            if (job.start_year, job.end_year) in whole:
                return True
            near = (self._stops[n].value for n in _beside(mention, self._stops, _NEAR))
            if in_part and any(len(value) == 1 and value[0] >= job.start_year for value in near):
                return True
        return False
