"""Extract: which skills and jobs does this resume show? From the matched resume alone.

source  List the skills and the jobs, with their years, that the resume shows. ### Resume ...
target  skills: Analysis; Networking; VMware
        experience: Systems Administrator (2019 - 2023); Support Analyst (2014 - 2019)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hrdistill.records import Experience, Triple
from hrdistill.tasks.base import Example, Metric, Task, f1_metric
from hrdistill.text.names import distinct, match_exact, match_soft, normal_form

_ENTRY = re.compile(r"\s*(.*?)\s*\((\d{4})\s*-\s*(\d{4})\)\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a resume shows: names of skills, and jobs with years, in its order."""

    skills: tuple[str, ...]
    experiences: tuple[Experience, ...]


class ExtractTask(Task):
    name = "extract"
    instruction = "List the skills and the jobs, with their years, that the resume shows."

    def examples(self, triple: Triple) -> list[Example]:
        skills, experiences = gold(triple)
        target = (
            f"skills: {'; '.join(skills)}\nexperience: {'; '.join(str(job) for job in experiences)}"
        )
        source = self.prompt(resume=triple.matched_resume)
        return [Example(self.name, triple.id, source, target)]

    def parse(self, text: str) -> Extraction:
        """Skills and jobs, as far as the text gives them."""
        skills = re.search(r"^\s*skills\s*:(.*)", text, re.IGNORECASE | re.MULTILINE)
        jobs = re.search(r"^\s*experience\s*:([\s\S]*)", text, re.IGNORECASE | re.MULTILINE)
        entries = [_ENTRY.fullmatch(job) for job in (jobs[1].split(";") if jobs else [])]
        return Extraction(
            tuple(distinct(skills[1].split(";"))) if skills else (),
            tuple(Experience(e[1], int(e[2]), int(e[3])) for e in entries if e),
        )

    @staticmethod
    def statistics(triple: Triple, extraction: Extraction) -> dict[str, float]:
        """What one triple adds. Duplicates and empty names are dropped on both sides."""
        gold_skills, gold_jobs = gold(triple)
        skills = distinct(extraction.skills)
        jobs = distinct_jobs(extraction.experiences)
        titles = match_soft([job.title for job in jobs], [job.title for job in gold_jobs])
        return {
            "skills_predicted": len(skills),
            "skills_gold": len(gold_skills),
            "skills_exact": len(match_exact(skills, gold_skills)),
            "skills_soft": len(match_soft(skills, gold_skills)),
            "jobs_predicted": len(jobs),
            "jobs_gold": len(gold_jobs),
            "titles": len(titles),
            "years": _n_with_years(jobs, gold_jobs),
        }

    metrics: Mapping[str, Metric] = {
        "skills_exact_f1": f1_metric("skills_exact", "skills_predicted", "skills_gold"),
        "skills_soft_f1": f1_metric("skills_soft", "skills_predicted", "skills_gold"),
        "experience_title_f1": f1_metric("titles", "jobs_predicted", "jobs_gold"),
        "experience_years_f1": f1_metric("years", "jobs_predicted", "jobs_gold"),
    }


def gold(triple: Triple) -> tuple[list[str], list[Experience]]:
    """The skills and jobs that the matched resume is to show."""
    skills = distinct([skill.name for skill in triple.context.skills])
    return skills, distinct_jobs(triple.context.experiences)


def distinct_jobs(jobs: Iterable[Experience]) -> list[Experience]:
    """Drops jobs without a title and repetitions (title by normal form, and years)."""
    kept: dict[tuple[str, int, int], Experience] = {}
    for job in jobs:
        if title := normal_form(job.title):
            kept.setdefault((title, job.start_year, job.end_year), job)
    return list(kept.values())


def _n_with_years(predicted: Sequence[Experience], gold_jobs: Sequence[Experience]) -> int:
    """Jobs that meet in title and in both years: the title held twice meets twice."""
    return sum(
        len(
            match_soft(
                [job.title for job in predicted if (job.start_year, job.end_year) == years],
                [job.title for job in gold_jobs if (job.start_year, job.end_year) == years],
            )
        )
        for years in {(job.start_year, job.end_year) for job in gold_jobs}
    )
