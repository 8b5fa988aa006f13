"""Writes the resumes: of one person, the second anew, in part or wholly, from what it keeps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from hrdistill.records import Context, Experience, Skill
from hrdistill.teacher.advert import groups, spelled
from hrdistill.teacher.grammar import capital
from hrdistill.teacher.layout import Layout
from hrdistill.teacher.phrasebook import Choices, phrases, words
from hrdistill.teacher.titles import written
from hrdistill.teacher.voice import Voice, WordSets, implies, listed
from hrdistill.text.names import NUMBER_WORDS, with_article

_FIRST_NUMBER = re.compile(r"(^|\n|[.!?] )\{(years|total)\}")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


_USUAL = ("XYZ Corp", "ABC Company", "XYZ Company", "ABC Corporation", "XYZ Ltd.", "ABC Corp.",
          "DEF Industries", "XYZ", "XYZ Organization", "PQR Ltd.")  # fmt: skip
_SURNAMES = ("Smith", "Johnson", "Thompson", "Smith", "Johnson", "Williams", "Wilson", "Anderson")


@dataclass(slots=True)
class Person:
    """Who the resumes are about: shared by both resumes of a triple."""

    header: str
    education: str
    degree: tuple[str, str, int]

    @classmethod
    def draw(cls, context: Context, choices: Choices, *, avoided: WordSets = ()) -> Person:
        """Draws who the resumes are about; nothing said of them implies what is `avoided`."""
        category = context.occupation.category
        voice = Voice("resume", category, choices, avoided)
        name = f"{choices.one_of(words('first_names'))} {_surname(choices)}"
        header = voice.guarded(lambda: _header(name, choices)) or name
        degree = voice.guarded(
            lambda: voice.writer.write(
                "degree",
                ("any", voice.place),
                {"field": choices.one_of(phrases("fields", category))},
            )
        )
        level = choices.weighted([("university", 0.75), ("college", 0.15), ("vocational", 0.1)])
        if degree.startswith("High"):
            level = "secondary"
        invented = "XYZ High School" if level == "secondary" else "XYZ University"
        school = choices.one_of(phrases("schools", level)) if choices.chance(0.5) else invented
        year = context.experiences[-1].start_year - choices.below(3)
        known = (degree or "Bachelor's degree", school, year)
        return cls(header, _education(known, voice), known)


def _studied(category: str, choices: Choices) -> dict[str, str]:
    return {"field": choices.one_of(phrases("fields", category))}


def _surname(choices: Choices) -> str:
    return choices.one_of(_SURNAMES if choices.chance(0.15) else words("last_names"))


def _header(name: str, choices: Choices) -> str:
    """Name and address, rarely more."""
    first, last = name.split(" ", 1)
    local = choices.weighted(
        [("{f}.{l}", 0.42), ("{f}{l}", 0.25), ("{F}{L}", 0.12), ("{f}_{l}", 0.08),
         ("{i}.{l}", 0.04), ("{i}{l}", 0.04), ("{f}{l}{n}", 0.05)]
    )  # fmt: skip
    given, family = first.replace(" ", ""), last.replace(" ", "").replace("'", "")
    address = local.format(
        f=given.lower(), l=family.lower(), i=given[0].lower(), F=given, L=family,
        n=choices.below(900) + 10,
    )  # fmt: skip
    address += "@" + choices.weighted(
        [("example.com", 0.66), ("email.com", 0.2), ("mail.com", 0.06), ("example.org", 0.03),
         ("example.net", 0.02), ("samplemail.com", 0.03)]
    )  # fmt: skip
    form = choices.weighted(
        [("Name: {n}\nEmail: {a}", 0.87), ("{n}\n{a}", 0.05),
         ("**Name:** {n}\n**Email:** {a}", 0.01), ("Name : {n}\nEmail : {a}", 0.02),
         ("- Name: {n}\n- Email: {a}", 0.03), ("Full Name: {n}\nEmail: {a}", 0.02)]
    )  # fmt: skip
    header = form.format(n=name, a=address)
    if choices.chance(0.02):
        header += f"\nLocation: {choices.one_of(words('cities'))}"
    if choices.chance(0.02):
        header += f"\nPhone: (555) {choices.below(900) + 100}-{choices.below(9000) + 1000}"
    return header


def _education(degree: tuple[str, str, int], voice: Voice) -> str:
    values = {"degree": degree[0], "school": degree[1], "year": str(degree[2])}
    return voice.writer.write("education", ("any", voice.place), values)


@dataclass(slots=True)
class Page:
    """What one resume was made of, for another to repeat or to change.

    Attributes:
        layout: its marks.
        skills_style: how its skills stand.
        rate: of skills in groups.
        entry_style: how its jobs stand; `entry` is their template.
        n_duties: how many duties each job has.
        months: the first and the last month of a job, where they are told.
        ordered: whether the skills stand in the order of the context.
        items: the skills of each item, by id, and its words.
        duties: the duties of each job, by its title and first year.
        titles: how each title is written.
        employers: where each job was held.
    """

    layout: Layout
    skills_style: str
    rate: float
    entry_style: str
    entry: str
    n_duties: int
    months: tuple[str, str]
    ordered: bool
    items: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    duties: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    employers: dict[tuple[str, int], str] = field(default_factory=dict)

    @classmethod
    def draw(cls, choices: Choices, layout: Layout) -> Page:
        style = choices.weighted(
            [("usual", 0.38), ("line", 0.09), ("usual-duty", 0.22), ("line-duty", 0.07),
             ("block", 0.06), ("duties", 0.1), ("prose", 0.04), ("worked", 0.04)]
        )  # fmt: skip
        entry = {
            "usual": "{title} ({start} - {end})",
            "worked": choices.one_of(
                ["Worked as {a_title} ({start} - {end})",
                 "Worked as {a_title} from {start} to {end}",
                 "Experience as {a_title} ({start} - {end})",
                 "Served as {a_title} ({start} - {end})",
                 "Worked as {a_title} from {start} - {end}"]
            ),
            "usual-duty": choices.one_of(
                ["{title} ({start} - {end}): {duty}", "{title} ({start} - {end}) - {duty}",
                 "{title} ({start} - {end}). {duty}", "{title} ({start} - {end})\n{duty}"]
            ),
            "duties": choices.one_of(
                ["{title} ({start} - {end})", "{title}, {employer} ({start} - {end})",
                 "{title} at {employer} ({start} - {end})", "{title}: {start} - {end}",
                 "{title} ({start} - {end})", "{employer}\n{title} ({start} - {end})"]
            ),
        }.get(style)  # fmt: skip
        return cls(
            layout=layout,
            skills_style=choices.weighted(
                [("plain", 0.1), ("items", 0.78), ("explained", 0.06), ("line", 0.04),
                 ("prose", 0.02)]
            ),
            rate=choices.one_of([0.0, 0.0, 0.0, 0.1, 0.25, 0.45]),
            entry_style=style,
            entry=entry or choices.one_of(phrases("experience_entry", style)),
            n_duties=choices.weighted([(1, 0.75), (2, 0.25)]),
            months=_months(choices),
            ordered=choices.chance(0.88),
        )  # fmt: skip


def _months(choices: Choices) -> tuple[str, str]:
    """Two months a whole number of years apart: June and June, or June and the May before."""
    first = 1 + choices.below(11)
    last = first if choices.chance(0.6) else first - 1
    return (_MONTHS[first], _MONTHS[last])


@lru_cache(maxsize=1024)
def _with_capitals(template: str) -> str:
    """The template with {Years} and {Total} for the numbers that begin a sentence of it."""
    return _FIRST_NUMBER.sub(lambda found: f"{found[1]}{{{found[2].capitalize()}}}", template)


class Resume:
    """One resume: `text` as written, `page` for the next one.

    Args:
        context: whose category it is.
        skills: what it must show.
        jobs: the same of jobs.
        person: who it is about.
        choices: where the draws come from.
        avoided: word sets of what it must not imply.
        earlier: the resume of the same person that it rewrites.
        kept: the share of the earlier's words that it keeps, 0..1.
    """

    def __init__(
        self,
        context: Context,
        skills: Sequence[Skill],
        jobs: Sequence[Experience],
        person: Person,
        choices: Choices,
        *,
        avoided: WordSets = (),
        earlier: Resume | None = None,
        kept: float = 0.0,
    ) -> None:
        self.voice = Voice("resume", context.occupation.category, choices, avoided)
        self._choices, self._earlier, self._kept = choices, earlier, kept
        self._skills, self._jobs = skills, jobs
        self.page = self._page()
        if earlier is not None and choices.chance(max(kept, 0.5)):
            self.voice.take_names(earlier.voice)
        self.text = self._write(person)

    def _page(self) -> Page:
        choices, earlier = self._choices, self._earlier
        page = Page.draw(choices, Layout.draw(choices))
        if earlier is None:
            return page
        old = earlier.page
        if not choices.chance(0.08):
            page.layout = old.layout
        if self._kept or choices.chance(0.7):
            page.skills_style, page.rate, page.ordered = old.skills_style, old.rate, old.ordered
        if self._kept or choices.chance(0.85):
            page.entry_style, page.entry, page.n_duties = old.entry_style, old.entry, old.n_duties
            page.months = old.months
        if self._kept or choices.chance(0.75):
            page.titles = dict(old.titles)
        page.employers = dict(old.employers)
        return page

    def _write(self, person: Person) -> str:
        choices, layout, voice = self._choices, self.page.layout, self.voice
        sections = [(layout.heading("resume", "person", choices), person.header)]
        if choices.chance(0.02) and self._jobs:
            sections.append((layout.heading("resume", "summary", choices), self._profile()))
        degree = person.education
        if self._earlier is not None and choices.chance(0.2 * (1 - self._kept)):
            degree = _education(person.degree, voice)
        mark = layout.item_mark if choices.chance(0.18) and layout.item_mark == "- " else ""
        education = (layout.heading("resume", "education", choices), mark + degree)
        skills = (layout.heading("resume", "skills", choices), self._skills_body())
        experience = (layout.heading("resume", "experience", choices), self._career())
        sections += [skills, experience, education] if choices.chance(0.03) else [
            education, skills, experience]  # fmt: skip
        if choices.chance(0.015):
            offers = listed([choices.one_of(words("hobbies")) for _ in range(2)], choices)
            sections.append(
                ("", voice.writer.write("hobbies", ("any", "any"), {"hobbies": offers}))
            )
        return layout.document(sections, choices)

    def _profile(self) -> str:
        voice, choices = self.voice, self._choices
        years = sum(job.years for job in self._jobs)
        total = f"{NUMBER_WORDS[years] if years <= 10 else years} year{'s' * (years > 1)}"
        named = [voice.noun(skill) for skill in self._skills[: 1 + choices.below(3)]] or [
            "my trade"
        ]
        values = {"title": self._jobs[0].title, "total": total, "skills": listed(named, choices)}
        if voice.classic or not (text := voice.say("profile-new", **values)):
            template = _with_capitals(choices.one_of(phrases("profile")))
            return template.format(Total=capital(total), **values)
        return capital(text)

    def _skills_body(self) -> str:
        """The skills section: mostly a list; sometimes one line or a paragraph."""
        choices, voice, page = self._choices, self.voice, self.page
        style = page.skills_style
        skills = list(self._skills)
        if not page.ordered:
            skills.sort(key=lambda _: choices.random())
        if style == "line":
            return listed([capital(voice.name(s, plain=True)) for s in skills], choices, last=", ")
        if style == "plain":
            lower = choices.chance(0.1)
            return page.layout.items([capital(voice.name(s, plain=not lower)) for s in skills])
        texts = (
            self._old_items(skills, self._earlier.page)
            if self._earlier is not None and self._kept
            else self._new_items(skills)
        )
        if choices.chance(0.05) and (extra := voice.say("res-extra")):
            texts.append(voice.stopped(extra))
        if style == "prose":
            return " ".join(text if text.endswith((".", ";")) else text + "." for text in texts)
        return page.layout.items(texts)

    def _new_items(self, skills: Sequence[Skill]) -> list[str]:
        explained = self.page.skills_style == "explained"
        texts = []
        rate = 0.0 if explained else self.page.rate
        for group in groups(skills, self._choices, rate):
            texts.append(self.voice.about(group, explained=explained))
            self.page.items.append((tuple(skill.id for skill in group), texts[-1]))
        return texts

    def _old_items(self, skills: Sequence[Skill], earlier: Page) -> list[str]:
        """The items of the earlier resume: as they were where nothing of them went."""
        by_id = {skill.id: skill for skill in skills}
        explained = self.page.skills_style == "explained"
        texts = []
        for ids, text in earlier.items:
            left = [by_id[skill_id] for skill_id in ids if skill_id in by_id]
            if not left:
                continue
            same = len(left) == len(ids) and self._choices.chance(self._kept)
            if same and not implies(text, self.voice.avoided):
                texts.append(text)
            else:
                texts.append(self.voice.about(left, explained=explained and len(left) == 1))
        return texts

    def _career(self) -> str:
        entries = [self._entry(job) for job in self._jobs]
        if not entries:
            return self._choices.one_of(
                ["No previous positions to report", "No relevant experience", "None",
                 "No prior experience in this field"]
            )  # fmt: skip
        style, layout = self.page.entry_style, self.page.layout
        if style == "prose":
            return " ".join(entry if entry.endswith(".") else entry + "." for entry in entries)
        if style == "duties":
            return "\n\n".join(entries)
        if style == "block" or (style == "usual-duty" and "\n" in self.page.entry):
            return "\n\n".join(entries)
        return layout.items(entries)

    def _entry(self, job: Experience) -> str:
        choices, page = self._choices, self.page
        key = (job.title, job.start_year)
        title = page.titles.get(job.title)
        if title is None:
            page.titles[job.title] = title = written(job.title, choices, job=False)
        if key not in page.employers:
            usual = choices.chance(0.65)
            employers = _USUAL if usual else phrases("employers", self.voice.category)
            page.employers[key] = choices.one_of(employers)
        duties = self._duties(key) if "{duty}" in page.entry or page.entry_style == "duties" else []
        years = spelled(job.years, choices)
        entry = _with_capitals(page.entry).format(
            title=title,
            a_title=with_article(title),
            start=job.start_year,
            end=job.end_year,
            m1=page.months[0],
            m2=page.months[1],
            years=years,
            Years=capital(years),
            employer=page.employers[key],
            duty=duties[0] if duties else "",
        )
        if page.entry_style == "duties" and duties:
            marked = page.layout.item_mark
            mark = "- " if "{" in marked or not marked.strip() else marked
            entry += "\n" + "\n".join(mark + duty for duty in duties)
        return capital(entry).rstrip(" :-|—–\n")

    def _duties(self, key: tuple[str, int]) -> list[str]:
        """What was done in a job; where the earlier resume tells it, sometimes in its words."""
        page, voice = self.page, self.voice
        earlier = self._earlier.page.duties.get(key) if self._earlier is not None else None
        if (
            earlier
            and self._choices.chance(self._kept)
            and not implies(" ".join(earlier), voice.avoided)
        ):
            page.duties[key] = earlier
            return earlier
        single = page.entry_style != "duties"
        n_duties = page.n_duties if single else 1 + page.n_duties + self._choices.below(2)
        duties = [duty for _ in range(n_duties) if (duty := voice.duty("did", self._skills, 0.22))]
        if single and duties:
            duties = [" ".join(d if d.endswith(".") else d + "." for d in duties)]
        page.duties[key] = duties
        return duties
