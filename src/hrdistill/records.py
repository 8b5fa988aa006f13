"""The nouns of the project: what a graph holds, what is sampled, what is written and found.

All are immutable. They are read from and written to JSON by `hrdistill.storage`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

SkillKind = Literal["technology", "knowledge", "ability", "soft", "certification", "language"]
Change = Literal["shortened", "dropped", "unchanged"]
Status = Literal["met", "partial", "missing"]
RequirementKind = Literal["skill", "experience"]

SKILL_KINDS: tuple[SkillKind, ...] = (
    "technology",
    "knowledge",
    "ability",
    "soft",
    "certification",
    "language",
)


@dataclass(frozen=True, slots=True)
class Skill:
    """What a person can do, know, use or hold."""

    id: str
    name: str
    kind: SkillKind
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Occupation:
    """A trade or job title.

    Attributes:
        id: the SOC code where the title is the SOC's own, else a slug of the title.
        soc_code: code of SOC 2018 (`15-1252`), also where the title only belongs under it;
            None where unknown.
        category: field of work (`technology`, `healthcare`, ...).
        aliases: other titles, the commonest on job boards first.
    """

    id: str
    title: str
    soc_code: str | None
    category: str
    aliases: tuple[str, ...] = ()

    @property
    def job_title(self) -> str:
        """The title as an advertisement writes it.

        The SOC's own titles, and O*NET's below them (`29-1141.01`), name the group in the plural,
        not the person: there it is the first alias.
        """
        names_group = self.soc_code is not None and self.id.startswith(self.soc_code)
        return self.aliases[0] if self.aliases and names_group else self.title


@dataclass(frozen=True, slots=True)
class Experience:
    """One job held, in whole calendar years. `end_year` is exclusive: 2019-2023 is four years."""

    title: str
    start_year: int
    end_year: int

    @property
    def years(self) -> int:
        return self.end_year - self.start_year

    def __str__(self) -> str:
        return f"{self.title} ({self.start_year} - {self.end_year})"


@dataclass(frozen=True, slots=True)
class Context:
    """The sampled subgraph that grounds one triple. Experiences stand most recent first."""

    id: str
    seed: int
    occupation: Occupation
    skills: tuple[Skill, ...]
    experiences: tuple[Experience, ...]


@dataclass(frozen=True, slots=True)
class Removal:
    """What the unmatched resume loses.

    Attributes:
        skills: names of the skills it does not show.
        experience: the job it loses or shortens, as the matched resume has it; None where
            the change is `unchanged`.
        change: what happens to that job.
        replacement: the job as the unmatched resume has it; only where it is `shortened`.
    """

    skills: tuple[str, ...]
    experience: Experience | None
    change: Change
    replacement: Experience | None = None

    def leaves(self, context: Context) -> tuple[tuple[Skill, ...], tuple[Experience, ...]]:
        """The skills and jobs of a context that the unmatched resume still shows."""
        skills = tuple(skill for skill in context.skills if skill.name not in self.skills)
        if self.change == "unchanged":
            return skills, context.experiences
        replaced = () if self.replacement is None else (self.replacement,)
        return skills, replaced + context.experiences[1:]


@dataclass(frozen=True, slots=True)
class Triple:
    """A job description, a resume that matches it and one that does not, with what they rest on."""

    id: str
    context: Context
    removal: Removal
    job_description: str
    matched_resume: str
    unmatched_resume: str
    provenance: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters of a document: `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing a job asks for.

    Attributes:
        kind: `skill` or `experience`.
        name: the skill's name, or the job title of the experience.
        years: years asked for; None for a skill and where the job names no number.
        span: where the job description says so.
    """

    kind: RequirementKind
    name: str
    years: float | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a resume shows of a requirement.

    Attributes:
        requirement: what was asked for.
        status: `met`; `partial`, where the job was held for fewer years; or `missing`.
        evidence: where the resume shows it; None where it does not.
        probability: of being met, in 0..1.
        shown_years: years that the resume shows, for an experience.
    """

    requirement: Requirement
    status: Status
    evidence: Span | None = None
    probability: float = 0.0
    shown_years: float | None = None
