"""How documents say what the context holds: skills, required years, jobs with their dates.

Verbatim is word for word in any case, punctuation aside; a plural or a verb for a noun is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from hrdistill.evaluation.comparison.figures import Document, Figure, Gathering, rate
from hrdistill.records import Triple
from hrdistill.text.dates import find_lengths, find_ranges
from hrdistill.text.mentions import normal_text
from hrdistill.text.names import folded_words, normal_form
from hrdistill.text.requirements import read_experience_requirements
from hrdistill.text.sections import Line
from hrdistill.text.timeline import read_entries

_AT_LEAST = re.compile(
    r"\b(?:at least|at a minimum|minimum|min|no(?:t)? less than|no fewer than|over|more than|"
    r"or more|upwards?|plus)\b|\d\s*\+",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Wording:
    """What was counted in documents of one kind, one item a skill, line, requirement or job.

    Attributes:
        verbatim: each skill that the document is to show: whether its name stands verbatim.
        elsewhere: the same, outside the skills section.
        removed: each skill that an unmatched resume is to lack: whether its name stands there.
        skill_lines: each line of the skills section: `bare` (a gold skill's name and nothing
            else), `one` name in a phrase, `several` names, or `no name`.
        titles: each job held that the document is to show: whether its title stands verbatim.
        years: each required experience: its years as `digits`, as `words`, or `no number`.
        bounds: each required number of years: `at least` ("minimum 3 years", "3+ years") or
            `plain`.
        stated: each job held: whether the job description asks for its number of years.
        dates: each job of a resume: `(2013 - 2016)`, `2013 - 2016`, `2013 to 2016`, `other`
            (in 2013 ... until 2016, since 2013), `years only` where no dates are told.
        durations: each dated job of a resume: whether its length is told beside its dates.
        requirements_a_job: required experiences that are read, a job held.
    """

    verbatim: list[bool] = field(default_factory=list)
    elsewhere: list[bool] = field(default_factory=list)
    removed: list[bool] = field(default_factory=list)
    skill_lines: list[str] = field(default_factory=list)
    titles: list[bool] = field(default_factory=list)
    years: list[str] = field(default_factory=list)
    bounds: list[str] = field(default_factory=list)
    stated: list[bool] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    durations: list[bool] = field(default_factory=list)
    requirements_a_job: list[float] = field(default_factory=list)


def read_wording(
    about: Document, triples: Sequence[Triple], lines: Sequence[Sequence[Line]]
) -> Wording:
    """Counts the wording of one kind of document.

    Args:
        about: the kind.
        triples: what the documents are of.
        lines: of each document, as `read_lines` gives them.
    """
    wording = Wording()
    for triple, own in zip(triples, lines, strict=True):
        skills, jobs = triple.context.skills, triple.context.experiences
        if about == "unmatched_resume":
            skills, jobs = triple.removal.leaves(triple.context)
        text: str = getattr(triple, about)
        whole = normal_text(text)
        _read_skills(whole, own, [skill.name for skill in skills], wording)
        wording.titles += [f" {folded_words(job.title)} " in whole for job in jobs]
        if about == "unmatched_resume":
            wording.removed += [f" {folded_words(n)} " in whole for n in triple.removal.skills]
        if about == "job_description":
            _read_requirements(text, [job.years for job in jobs], wording)
        else:
            _read_jobs(text, wording)
    return wording


def _read_skills(whole: str, lines: Sequence[Line], names: Sequence[str], wording: Wording) -> None:
    body = [line for line in lines if not line.heading]
    own = [line.text for line in body if line.section == "skills"]
    beside = normal_text("\n".join(line.text for line in body if line.section != "skills"))
    folded = [folded for name in names if (folded := folded_words(name))]
    wording.verbatim += [f" {name} " in whole for name in folded]
    wording.elsewhere += [f" {name} " in beside for name in folded]
    normal = {form for name in names if (form := normal_form(name))}
    for line in own:
        wording.skill_lines.append(_skill_line(line, normal))


def _skill_line(text: str, names: set[str]) -> str:
    if normal_form(text) in names:
        return "bare"
    line = normal_text(text)
    n_names = sum(f" {name} " in line for name in names)
    return "no name" if not n_names else "one" if n_names == 1 else "several"


def _read_requirements(job: str, years: Sequence[int], wording: Wording) -> None:
    found = read_experience_requirements(job)
    numbers = []
    for requirement in found:
        span = requirement.span
        said = job[span.start : span.end] if span else ""
        lengths = find_lengths(said)
        if not lengths:
            wording.years.append("no number")
            continue
        numbers.append(lengths[0].years)
        digits = said[lengths[0].start].isdigit()
        wording.years.append("digits" if digits else "words")
        wording.bounds.append("at least" if _AT_LEAST.search(said) else "plain")
    if years:
        wording.requirements_a_job.append(len(found) / len(years))
    for count in years:  # each number counts for one job
        wording.stated.append(count in numbers)
        if count in numbers:
            numbers.remove(count)


def _read_jobs(resume: str, wording: Wording) -> None:
    for entry in read_entries(resume):
        said = resume[entry.span.start : entry.span.end]
        ranges = find_ranges(said)
        if not ranges:
            wording.dates.append("years only" if entry.dates is None else "other")
            continue
        wording.durations.append(bool(find_lengths(said)))
        told = said[ranges[0].start : ranges[0].end]
        if ranges[0].form != "joined":
            wording.dates.append("other")
        elif re.search(r"[-–—−]", told):
            bracket = said[: ranges[0].start].rstrip().endswith("(")
            wording.dates.append("(2013 - 2016)" if bracket else "2013 - 2016")
        else:
            wording.dates.append("2013 to 2016")


Side = tuple[Sequence[Triple], Sequence[Sequence[Line]]]
"""Triples, and the lines of one of the documents of each."""


def compare_wording(about: Document, a: Side, b: Side) -> list[Figure]:
    """Figures of the wording of one kind of document, as `Wording` explains them."""
    left, right = read_wording(about, *a), read_wording(about, *b)
    skills, experience = Gathering(about, "skills"), Gathering(about, "experience")
    kept = "kept " if about == "unmatched_resume" else ""
    skills.number(f"{kept}skills verbatim", rate(left.verbatim), rate(right.verbatim))
    skills.number(
        f"{kept}skills verbatim outside skills section",
        rate(left.elsewhere), rate(right.elsewhere),
    )  # fmt: skip
    if about == "unmatched_resume":
        skills.number("removed skills verbatim", rate(left.removed), rate(right.removed))
    skills.categories("lines of skills section", left.skill_lines, right.skill_lines)
    experience.number("titles verbatim", rate(left.titles), rate(right.titles))
    if about == "job_description":
        experience.categories("required years", left.years, right.years)
        experience.categories("bound of years", left.bounds, right.bounds)
        experience.number("years of jobs held stated", rate(left.stated), rate(right.stated))
        experience.numbers(
            "requirements a job held", left.requirements_a_job, right.requirements_a_job
        )
    else:
        experience.categories("dates", left.dates, right.dates)
        experience.number("length beside dates", rate(left.durations), rate(right.durations))
    return skills.figures + experience.figures
