"""The forms of a model's structured answers: JSON schema for the asking, checks for the reading."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Answer(BaseModel):
    """A JSON object with these fields and no others."""

    model_config = ConfigDict(extra="forbid")


class SkillList(Answer):
    """An occupation's skills, what matters most first."""

    skills: list[str]


class Counts(Answer):
    """How much of an occupation is told: skills in a posting, jobs in a resume."""

    skills: float = Field(allow_inf_nan=False)
    jobs: float = Field(allow_inf_nan=False)

    @field_validator("skills", "jobs")  # not in the schema: not every endpoint takes bounds
    @classmethod
    def _is_positive(cls, number: float) -> float:
        if number <= 0:
            raise ValueError("expected a number above 0")
        return number


class Problem(Answer):
    """What a judge finds wrong with a document."""

    document: Literal["job description", "matched resume", "unmatched resume"]
    problem: str


class Judgement(Answer):
    """What a judge finds wrong with a triple: nothing where it is consistent."""

    problems: list[Problem]


class RequirementAnswer(Answer):
    """What a resume shows of one requirement; `quote` is empty where it shows nothing."""

    kind: Literal["skill", "experience"]
    name: str
    status: Literal["met", "partial", "missing"]
    quote: str


class MatchAnswer(Answer):
    """A verdict on a pair, the requirements first, so that the verdict rests on them."""

    requirements: list[RequirementAnswer]
    probability: float = Field(allow_inf_nan=False)
    matches: bool


class JobAnswer(Answer):
    """A job of a resume."""

    title: str
    start_year: int
    end_year: int


class ExtractAnswer(Answer):
    """The skills and jobs of a resume."""

    skills: list[str]
    experience: list[JobAnswer]
