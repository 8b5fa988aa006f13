"""`OfflineTeacher`: writes documents from tables, with no model and no network.

A document is a layout (headings, bullets, numbers or prose) filled with phrases by skill kind.
Skills are named as people name them: by name, alias, plural, or verb ("managing inventory").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from hrdistill.errors import TeacherError
from hrdistill.records import Context, Experience, Removal, Skill
from hrdistill.teacher.base import Draft, Teacher
from hrdistill.teacher.layout import Layout
from hrdistill.teacher.phrasebook import Choices, phrases, words
from hrdistill.text.mentions import paraphrase
from hrdistill.text.names import NUMBER_WORDS, with_article

_FIRST_NUMBER = re.compile(r"(^|\n|[.!?] )\{(years|total)\}")


class OfflineTeacher(Teacher):
    """Fills hand-written tables; several hundred triples a second on one core."""

    name = "offline"

    def write(self, context: Context, removal: Removal, *, attempt: int = 0) -> Draft:
        number = int(context.id.rpartition("-")[2]) if context.id[-1:].isdigit() else 0
        choices = Choices(np.random.default_rng([context.seed, number, 1 + attempt]))
        kept, jobs = removal.leaves(context)
        person = _Person.draw(context, choices)
        # RJDB's second resume mostly says again, in other words, what it keeps.
        again: dict[str, str] | None = None if choices.chance(0.65) else {}
        matched = _write_resume(
            context, context.skills, context.experiences, person, choices, memory=again
        )
        unmatched = _write_resume(context, kept, jobs, person, choices, memory=again)
        return Draft(_write_job(context, choices), matched, unmatched)


@dataclass(slots=True)
class _Voice:
    """Words for one document; `memory`, where given, repeats the words of another."""

    document: str
    choices: Choices
    memory: dict[str, str] | None = None
    names: dict[str, str] = field(default_factory=dict)

    def name(self, skill: Skill) -> str:
        """How this document names a skill, the same throughout."""
        if skill.id not in self.names:
            self.names[skill.id] = self._remember(f"name {skill.id}", _surface(skill, self.choices))
        return self.names[skill.id]

    def say(self, key: str, options: Sequence[str]) -> str:
        return self._remember(key, self.choices.one_of(options))

    def _remember(self, key: str, drawn: str) -> str:
        return drawn if self.memory is None else self.memory.setdefault(key, drawn)


def _surface(skill: Skill, choices: Choices) -> str:
    draw = choices.random()
    text = skill.name
    if draw < 0.12 and skill.aliases:
        text = choices.one_of(skill.aliases)
    elif draw < 0.2:
        text = paraphrase(skill.name) or text
    elif draw < 0.27 and skill.kind in ("soft", "ability"):
        text = text if text.endswith(("Skills", "Ability")) else f"{text} Skills"
    if skill.kind in ("knowledge", "ability", "soft") and choices.chance(0.5):
        text = " ".join(w.lower() if w.istitle() else w for w in text.split())
    return text


def _listed(names: Sequence[str], choices: Choices, *, last: str | None = None) -> str:
    """`A, B and C`."""
    if len(names) == 1:
        return names[0]
    joint = last or choices.one_of([" and ", ", and ", ", ", " and ", " & "])
    return ", ".join(names[:-1]) + joint + names[-1]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=1024)
def _with_capitals(template: str) -> str:
    """The template with {Years} and {Total} for the numbers that begin a sentence of it."""
    return _FIRST_NUMBER.sub(lambda found: f"{found[1]}{{{found[2].capitalize()}}}", template)


def _skill_texts(skills: Sequence[Skill], voice: _Voice, *, groups: float) -> list[str]:
    """Phrases that name every skill once: alone, in pairs, or in lists by kind."""
    prefix = "requirement" if voice.document == "job" else "resume"
    texts: list[str] = []
    left = list(skills)
    while left:
        first = left.pop(0)
        size = 1
        if left and voice.choices.chance(groups):
            size = (
                2 if voice.choices.chance(0.65) else min(1 + len(left), 3 + voice.choices.below(3))
            )
        if size == 1:
            options = phrases(f"{prefix}_skill", first.kind)
            template = voice.say(f"phrase {first.id}", options)
            text = template.format(skill=voice.name(first))
        elif size == 2:
            other = left.pop(0)
            template = voice.choices.one_of(phrases(f"{prefix}_pair", first.kind))
            text = template.format(skill=voice.name(first), other=voice.name(other))
        else:
            group = [first, *left[: size - 1]]
            del left[: size - 1]
            template = voice.choices.one_of(phrases(f"{prefix}_list", first.kind))
            text = template.format(
                skills=_listed([voice.name(skill) for skill in group], voice.choices)
            )
        texts.append(_capital(text))
    return texts


def _skills_body(skills: Sequence[Skill], voice: _Voice, layout: Layout, extras: list[str]) -> str:
    """The skills section: mostly a list; sometimes one line or a paragraph."""
    choices = voice.choices
    style = choices.weighted([("plain", 0.3), ("items", 0.5), ("line", 0.06), ("prose", 0.14)])
    if not skills:
        return layout.items(extras)
    if style == "line":
        return _listed([_capital(voice.name(s)) for s in skills], choices, last=", ")
    if style == "plain" and voice.document == "resume":
        return layout.items([*(_capital(voice.name(s)) for s in skills), *extras])
    groups = choices.one_of([0.0, 0.0, 0.12, 0.25, 0.45])
    texts = _skill_texts(skills, voice, groups=groups) + extras
    if style == "prose":
        return " ".join(text if text.endswith((".", ";")) else text + "." for text in texts)
    if style == "plain":
        return layout.items([_capital(voice.name(s)) for s in skills] + extras)
    return layout.items(texts)


def _years(years: int, choices: Choices, *, exact: bool = True) -> str:
    count = NUMBER_WORDS[years] if choices.chance(0.18) else str(years)
    if not exact and choices.chance(0.12):
        return f"{years}+ years"
    return f"{count} {'year' if years == 1 else 'years'}"


def _required_experience(context: Context, voice: _Voice, layout: Layout) -> str:
    choices = voice.choices
    values = [
        {
            "years": _years(job.years, choices, exact=False),
            "title": (title := _required_title(job, choices)),
            "a_title": with_article(title),
        }
        for job in context.experiences
    ]
    style = choices.weighted([("items", 0.8), ("sentences", 0.08), ("listed", 0.12)])
    if style == "items":
        return layout.items(
            [
                _capital(choices.one_of(phrases("requirement_experience", "item")).format(**value))
                for value in values
            ]
        )
    if style == "sentences":
        options = phrases("requirement_experience", "sentence")
        return " ".join(_capital(choices.one_of(options).format(**value)) for value in values)
    part = choices.one_of(phrases("requirement_experience", "part"))
    parts = [part.format(**value) for value in values]
    lead = choices.one_of(phrases("requirement_experience", "plain-lead"))
    return _capital(lead.format(requirements=_listed(parts, choices)))


def _required_title(job: Experience, choices: Choices) -> str:
    return job.title.lower() if choices.chance(0.1) and job.title.istitle() else job.title


def _write_job(context: Context, choices: Choices) -> str:
    voice = _Voice("job", choices)
    layout = Layout.draw(choices)
    title = context.experiences[0].title
    category = context.occupation.category
    sections = [(layout.heading("job", "title", choices), title)]
    summary = choices.one_of(phrases("job_summary")).format(
        title=title,
        a_title=with_article(title),
        employer=choices.one_of(phrases("employers", category)),
        skills=_listed([voice.name(s) for s in context.skills[: 2 + choices.below(3)]], choices),
    )
    if choices.chance(0.92):
        sections.append((layout.heading("job", "summary", choices), summary))
    extras = (
        [choices.one_of(phrases("requirement_extra")) for _ in range(1 + choices.below(2))]
        if choices.chance(0.3)
        else []
    )
    body = _skills_body(context.skills, voice, layout, extras)
    if choices.chance(0.12):
        body = choices.one_of(phrases("preamble", "skills")) + "\n" + body
    sections.append((layout.heading("job", "skills", choices), body))
    body = _required_experience(context, voice, layout)
    if choices.chance(0.06):
        body = choices.one_of(phrases("preamble", "experience")) + "\n" + body
    sections.append((layout.heading("job", "experience", choices), body))
    duties = _duties(context.skills, category, "jd", voice, 2 + choices.below(4))
    if choices.chance(0.9):
        duty_section = (layout.heading("job", "duties", choices), layout.items(duties))
        sections.insert(2 if choices.chance(0.15) else len(sections), duty_section)
    if choices.chance(0.08):
        offers = [choices.one_of(words("benefits")) for _ in range(3)]
        sections.append((layout.heading("job", "benefits", choices), layout.items(offers)))
    return layout.document(sections)


def _duties(
    skills: Sequence[Skill], category: str, speaker: str, voice: _Voice, n_duties: int
) -> list[str]:
    duties = []
    for _ in range(n_duties):
        if skills and voice.choices.chance(0.4):
            skill = voice.choices.one_of(skills)
            template = voice.choices.one_of(phrases("duty", skill.kind, speaker))
            duties.append(_capital(template.format(skill=voice.name(skill))))
        else:
            duties.append(voice.choices.one_of(phrases("background_duty", category, speaker)))
    return duties


@dataclass(frozen=True, slots=True)
class _Person:
    """Who the resumes are about, and how they look: shared by both resumes of a triple."""

    header: str
    education: str
    layout: Layout
    seed: int

    @classmethod
    def draw(cls, context: Context, choices: Choices) -> _Person:
        first, last = choices.one_of(words("first_names")), choices.one_of(words("last_names"))
        address = choices.one_of(
            ["{f}.{l}@example.com", "{f}{l}@email.com", "{f}_{l}@example.org", "{i}{l}@mail.com"]
        ).format(f=first.lower(), l=last.lower(), i=first[0].lower())
        layout = Layout.draw(choices)
        bold = choices.chance(0.12)
        lines = [
            f"**Name:** {first} {last}" if bold else f"Name: {first} {last}",
            f"**Email:** {address}" if bold else f"Email: {address}",
        ]
        if choices.chance(0.15):
            lines.append(f"Location: {choices.one_of(words('cities'))}")
        if choices.chance(0.1):
            lines.append(f"Phone: (555) {choices.below(900) + 100}-{choices.below(9000) + 1000}")
        level = choices.weighted(
            [("university", 0.55), ("college", 0.2), ("secondary", 0.15), ("vocational", 0.1)]
        )
        category = context.occupation.category
        try:
            degree = choices.one_of(phrases("degrees", category, level))
        except TeacherError:  # no degree of that level in this field
            degree = choices.one_of(phrases("degrees", category))
        school = choices.one_of(phrases("schools", level))
        education = choices.one_of(
            ["{d}", "{d}, {s}", "{d} - {s}", "{d} from {s}", "{s}\n{d}", "{d}, {s}, {y}"]
        ).format(d=degree, s=school, y=context.experiences[-1].start_year - choices.below(3))
        return cls("\n".join(lines), education, layout, choices.below(1 << 30))


def _write_resume(
    context: Context,
    skills: Sequence[Skill],
    jobs: Sequence[Experience],
    person: _Person,
    choices: Choices,
    *,
    memory: dict[str, str] | None,
) -> str:
    voice = _Voice("resume", choices, memory)
    # The same draws for both resumes of a person: sections, their order and headings.
    shape = Choices(np.random.default_rng(person.seed))
    layout = person.layout
    category = context.occupation.category
    sections = [(layout.heading("resume", "person", shape), person.header)]
    if shape.chance(0.12) and jobs:
        years = sum(job.years for job in jobs)
        total = f"{NUMBER_WORDS[years] if years <= 10 else years} year{'s' * (years > 1)}"
        named = [voice.name(s) for s in skills[: 1 + shape.below(3)]] or ["my trade"]
        profile = _with_capitals(choices.one_of(phrases("profile"))).format(
            title=jobs[0].title,
            total=total,
            Total=_capital(total),
            skills=_listed(named, choices),
        )
        sections.append((layout.heading("resume", "summary", shape), profile))
    education = (layout.heading("resume", "education", shape), person.education)
    skills_heading = layout.heading("resume", "skills", shape)
    experience_heading = layout.heading("resume", "experience", shape)
    late_education = shape.chance(0.15)
    if not late_education:
        sections.append(education)
    sections.append((skills_heading, _skills_body(skills, voice, layout, [])))
    sections.append(
        (experience_heading, _career(jobs, skills, category, voice, layout, shape=shape))
    )
    if late_education:
        sections.append(education)
    return layout.document(sections)


def _career(
    jobs: Sequence[Experience],
    skills: Sequence[Skill],
    category: str,
    voice: _Voice,
    layout: Layout,
    *,
    shape: Choices,
) -> str:
    style = shape.weighted([("line", 0.5), ("line-duty", 0.2), ("block", 0.22), ("prose", 0.08)])
    template = shape.one_of(phrases("experience_entry", style))
    varied = shape.chance(0.15)
    entries = []
    for job in jobs:
        if varied:
            template = voice.choices.one_of(phrases("experience_entry", style))
        (duty,) = _duties(skills, category, "resume", voice, 1)
        years = _years(job.years, voice.choices)
        entries.append(
            _with_capitals(template).format(
                title=job.title,
                a_title=with_article(job.title),
                start=job.start_year,
                end=job.end_year,
                years=years,
                Years=_capital(years),
                employer=voice.say(f"employer {job.title}", phrases("employers", category)),
                duty=duty if duty.endswith(".") else duty + ".",
            )
        )
    if not entries:
        return "No previous positions to report"
    if style == "prose":
        return " ".join(entry if entry.endswith(".") else entry + "." for entry in entries)
    if style == "block":
        return "\n\n".join(entries)
    return layout.items(entries)
