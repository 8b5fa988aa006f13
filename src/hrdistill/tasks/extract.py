"""Extract: which skills and jobs does this resume show? From the matched resume alone.

source  List the skills and the jobs, with their years, that the resume shows. ### Resume ...
target  skills: Analysis; Networking; VMware
        experience: Systems Administrator (2019 - 2023); Support Analyst (2014 - 2019)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hrdistill.records import Experience, Triple
from hrdistill.tasks.base import Example, Metric, Task, f1_metric
from hrdistill.text.names import distinct, match_exact, match_soft

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
        skills = re.search(r"skills\s*:(.*)", text, re.IGNORECASE)
        jobs = re.search(r"experience\s*:(.*)", text, re.IGNORECASE | re.DOTALL)
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
        jobs = list(dict.fromkeys(extraction.experiences))
        pairs = match_soft([job.title for job in jobs], [job.title for job in gold_jobs])
        with_years = [
            (i, j)
            for i, j in pairs
            if (jobs[i].start_year, jobs[i].end_year)
            == (gold_jobs[j].start_year, gold_jobs[j].end_year)
        ]
        return {
            "skills_predicted": len(skills),
            "skills_gold": len(gold_skills),
            "skills_exact": len(match_exact(skills, gold_skills)),
            "skills_soft": len(match_soft(skills, gold_skills)),
            "jobs_predicted": len(jobs),
            "jobs_gold": len(gold_jobs),
            "titles": len(pairs),
            "years": len(with_years),
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
    return skills, list(dict.fromkeys(triple.context.experiences))
