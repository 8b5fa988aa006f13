"""Checks that the three documents of a triple say what its context and removal say.

The checks read plain text, whoever wrote it, and share nothing with the offline teacher but the
forms of a skill: a job must stand near its two years, a required one near its length.
"""

from __future__ import annotations

import re
from functools import lru_cache

from hrdistill.generation.corruption import unmatched_view
from hrdistill.records import Context, Experience, Removal, Skill
from hrdistill.teacher.base import Draft
from hrdistill.text.mentions import normal_text, shows, surface_forms
from hrdistill.text.names import stem

_NUMBER_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_WINDOW = 400
"""Characters between a title and its years within which they belong together."""


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
    kept_skills, kept_jobs = unmatched_view(context, removal)
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
    for experience in context.experiences:
        if not _requires(job, experience):
            found.append(f"job description: lacks experience {str(experience)!r}")
        if not _held(matched, experience):
            found.append(f"matched resume: lacks experience {str(experience)!r}")
    for experience in kept_jobs:
        if not _held(unmatched, experience):
            found.append(f"unmatched resume: lacks kept experience {str(experience)!r}")
    if removal.experience is not None and _held(unmatched, removal.experience):
        found.append(f"unmatched resume: shows removed experience {str(removal.experience)!r}")
    return found


def reason(finding: str) -> str:
    """What a finding counts as: its words without the name that is quoted."""
    return re.split(r" ['\"]", finding, maxsplit=1)[0]


def _forms(skill: Skill) -> tuple[str, ...]:
    return surface_forms(skill.name, skill.aliases)


def _places(text: str, title: str) -> list[int]:
    """Where a title stands in a normal text, its words in singular or plural."""
    return [found.start() for found in _title_pattern(title).finditer(text)]


@lru_cache(maxsize=1 << 14)
def _title_pattern(title: str) -> re.Pattern[str]:
    words = (f"{re.escape(stem(w).removesuffix('y'))}\\w{{0,4}}" for w in normal_text(title).split())
    return re.compile(r"\b" + r"[^\w]+".join(words))


@lru_cache(maxsize=64)
def _length_pattern(years: int) -> re.Pattern[str]:
    count = _NUMBER_WORDS[years] if years < len(_NUMBER_WORDS) else str(years)
    return re.compile(rf"(?:{years}|{count}|{years}\+) (?:years?|yrs?)\b")


def _requires(job: str, experience: Experience) -> bool:
    length = _length_pattern(experience.years)
    return any(
        length.search(job, max(0, place - _WINDOW // 2), place + _WINDOW // 2)
        for place in _places(job, experience.title)
    )


def _held(resume: str, experience: Experience) -> bool:
    dates = rf"\b{experience.start_year}\b.{{0,16}}?\b{experience.end_year}\b"
    return any(
        re.search(dates, resume[max(0, place - 60) : place + len(experience.title) + 160])
        for place in _places(resume, experience.title)
    )
