"""Triples in plain lists, and students that answer as they are told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pytest

from hrdistill.records import (
    Context,
    Experience,
    Finding,
    Occupation,
    Removal,
    Requirement,
    Skill,
    Triple,
)
from hrdistill.students.base import Student
from hrdistill.tasks import Edit, Extraction, Match

BAKER, COOK = Experience("Baker", 2019, 2023), Experience("Line Cook", 2016, 2019)
SHORT = Experience("Baker", 2019, 2020)
REMOVALS = [
    Removal(("Food Safety",), BAKER, "shortened", SHORT),
    Removal(("Teamwork", "Bread Baking"), BAKER, "dropped"),
    Removal(("Food Safety", "Teamwork"), None, "unchanged"),
]


def _resume(number: int, skills: Sequence[str], jobs: Sequence[Experience]) -> str:
    items = "\n".join(f"- {name}" for name in skills)
    career = "\n".join(f"- {job}" for job in jobs)
    return f"Name: Ana {number}\n\n## Skills\n{items}\n\n## Experience\n{career}\n"


def _triple(number: int) -> Triple:
    removal = REMOVALS[number % len(REMOVALS)]
    skills = ["Bread Baking", "Food Safety", "Teamwork", f"Oven Model {100 + number}"]
    kept = [name for name in skills if name not in removal.skills]
    jobs = [BAKER, COOK]
    kept_jobs = [removal.replacement or job if job == removal.experience else job for job in jobs]
    if removal.change == "dropped":
        kept_jobs = [COOK]
    return Triple(
        id=f"t-{number}",
        context=Context(
            f"c-{number}", 0, Occupation("baker", "Baker", None, "hospitality"),
            tuple(Skill(name.casefold(), name, "knowledge") for name in skills), tuple(jobs),
        ),
        removal=removal,
        job_description=f"Job {number}",
        matched_resume=_resume(number, skills, jobs),
        unmatched_resume=_resume(number, kept, kept_jobs),
    )  # fmt: skip


@pytest.fixture(scope="session")
def triples() -> tuple[Triple, ...]:
    """70 of them: more than a batch."""
    return tuple(_triple(number) for number in range(70))


class Oracle(Student):
    """Knows the triples and answers right; calls are kept."""

    kind: ClassVar[str] = "oracle"

    def __init__(self, triples: Sequence[Triple], *, name: str = "oracle") -> None:
        super().__init__(name=name)
        self.removals: dict[str, Removal] = {}
        self.skills: dict[str, Extraction] = {}
        self.edited: dict[tuple[str, str], str] = {}
        self.calls: list[tuple[str, int]] = []
        from hrdistill.tasks.edit import edits_of

        for t in triples:
            self.removals[t.unmatched_resume] = t.removal
            self.skills[t.matched_resume] = Extraction(
                tuple(skill.name for skill in t.context.skills), t.context.experiences
            )
            there, back = edits_of(t)
            self.edited[t.matched_resume, str(there)] = t.unmatched_resume
            self.edited[t.unmatched_resume, str(back)] = t.matched_resume

    def match_many(self, pairs: Sequence[tuple[str, str]]) -> list[Match]:
        self.calls.append(("match", len(pairs)))
        return [self._match(resume) for _, resume in pairs]

    def _match(self, resume: str) -> Match:
        removal = self.removals.get(resume)
        if removal is None:
            return Match(1.0, True)
        lacking = [Finding(Requirement("skill", name), "missing") for name in removal.skills]
        if removal.experience is not None:
            requirement = Requirement("experience", removal.experience.title)
            lacking.append(Finding(requirement, "partial"))
        return Match(0.0, False, tuple(lacking))

    def extract_many(self, resumes: Sequence[str]) -> list[Extraction]:
        self.calls.append(("extract", len(resumes)))
        return [self.skills[resume] for resume in resumes]

    def edit_many(self, resumes: Sequence[str], edits: Sequence[Edit]) -> list[str]:
        self.calls.append(("edit", len(resumes)))
        return [self.edited[r, str(e)] for r, e in zip(resumes, edits, strict=True)]

    def save(self, folder: Path | str) -> None:
        raise NotImplementedError


class Mute(Oracle):
    """Says nothing at all."""

    def _match(self, resume: str) -> Match:
        return Match(0.5, True)

    def extract_many(self, resumes: Sequence[str]) -> list[Extraction]:
        return [Extraction((), ()) for _ in resumes]

    def edit_many(self, resumes: Sequence[str], edits: Sequence[Edit]) -> list[str]:
        return list(resumes)


@pytest.fixture
def oracle(triples: tuple[Triple, ...]) -> Oracle:
    return Oracle(triples)


@pytest.fixture
def mute(triples: tuple[Triple, ...]) -> Mute:
    return Mute(triples, name="mute")
