"""Triples written by hand: what they hold and how it is laid out is in plain sight."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from hrdistill.records import Context, Experience, Occupation, Removal, Skill, Triple

MakeTriple = Callable[..., Triple]


def _resume(skills: Sequence[str], jobs: Sequence[Experience]) -> str:
    items = "\n".join(f"- {name}" for name in skills)
    career = "\n".join(f"- {job}" for job in jobs)
    return f"## Skills\n{items}\n\n## Experience\n{career}\n"


@pytest.fixture(scope="session")
def make_triple() -> MakeTriple:
    """Builds a triple from skills, jobs and a removal; both resumes are plain lists."""

    def make(
        skills: Sequence[str] = ("Bread Baking", "Food Safety", "Teamwork"),
        jobs: Sequence[Experience] = (
            Experience("Baker", 2019, 2023),
            Experience("Line Cook", 2016, 2019),
        ),
        removal: Removal | None = None,
        matched: str | None = None,
        unmatched: str | None = None,
    ) -> Triple:
        removal = removal or Removal((), None, "unchanged")
        kept_jobs = [job for job in jobs if job != removal.experience]
        if removal.replacement is not None:
            kept_jobs = [removal.replacement, *kept_jobs]
        kept_skills = [name for name in skills if name not in removal.skills]
        return Triple(
            id="t-1",
            context=Context(
                id="c-1",
                seed=0,
                occupation=Occupation("baker", "Baker", None, "hospitality"),
                skills=tuple(Skill(name.casefold(), name, "knowledge") for name in skills),
                experiences=tuple(jobs),
            ),
            removal=removal,
            job_description="## Job Title\nBaker\n",
            matched_resume=_resume(skills, jobs) if matched is None else matched,
            unmatched_resume=_resume(kept_skills, kept_jobs) if unmatched is None else unmatched,
        )

    return make
