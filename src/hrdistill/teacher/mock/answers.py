"""What the mock teacher answers: the offline teacher's words, and simple rules for other tasks.

An answer depends on the messages and the seed alone, so that a run against the mock can be
repeated to the byte.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sources.posting_names import kind_by_name
from hrdistill.records import Context, Experience, Occupation, Removal, Skill
from hrdistill.teacher.endpoint.wire import Message
from hrdistill.teacher.offline import OfflineTeacher
from hrdistill.teacher.prompting import INPUT
from hrdistill.text.alignment import History, align
from hrdistill.text.mentions import normal_text, shows, surface_forms
from hrdistill.text.names import slug
from hrdistill.text.phrases import read_skill_phrases
from hrdistill.text.requirements import read_experience_requirements
from hrdistill.text.timeline import read_entries, read_experiences

Value = dict[str, Any]


def answer(messages: Sequence[Message], seed: int = 0) -> str:
    """The answer to a conversation: text, or JSON where the prompt asks for an object.

    Args:
        messages: (role, content) pairs; the last user message with an input decides.
        seed: as the call gives it.
    """
    value = read_input(messages)
    if value is None:
        return "This is the mock teacher; it answers the prompts of hrdistill."
    write = _ANSWERS.get(str(value.get("task")))
    if write is None:
        return "This prompt names no task that the mock teacher knows."
    text = json.dumps([list(messages), seed], sort_keys=True)
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
    return write(value, number)


def read_input(messages: Sequence[Message]) -> Value | None:
    """The JSON object behind the last "Input:" of the user's messages; None where there is none."""
    for role, content in reversed(messages):
        _, mark, text = content.rpartition(INPUT)
        if role == "user" and mark:
            try:
                value, _ = json.JSONDecoder().raw_decode(text.lstrip())
            except ValueError:
                return None
            return value if isinstance(value, dict) else None
    return None


def _job_description(value: Value, number: int) -> str:
    year = 2020
    jobs = []
    for job in value["experience"]:
        jobs.append(Experience(job["title"], year - int(job["years"]), year))
        year -= int(job["years"])
    return _draft(value, jobs, number)[0]


def _resume(value: Value, number: int) -> str:
    return _draft(value, _jobs(value), number)[1]


def _draft(value: Value, jobs: Sequence[Experience], number: int) -> tuple[str, str]:
    skills = tuple(
        Skill(f"{slug(name)}-{place}", name, kind_by_name(name, "knowledge"), ())
        for place, name in enumerate(value["skills"])
    )
    title = str(value["occupation"])
    occupation = Occupation(slug(title), title, None, _categories().get(title, "management"), ())
    context = Context(f"mock-{number}", number, occupation, skills, tuple(jobs))
    nothing = Removal((), None, "unchanged")
    draft = OfflineTeacher().write(context, nothing)
    return draft.job_description, draft.matched_resume


@lru_cache(maxsize=1)
def _categories() -> dict[str, str]:
    occupations = SkillOccupationGraph.starter().occupations
    return {occupation.job_title: occupation.category for occupation in occupations}


def _jobs(value: Value) -> list[Experience]:
    return [
        Experience(job["title"], int(job["start_year"]), int(job["end_year"]))
        for job in value["experience"]
    ]


def _list_skills(value: Value, number: int) -> str:
    graph, wanted = SkillOccupationGraph.starter(), int(value.get("number", 20))
    own = {o.job_title: o.id for o in graph.occupations}.get(str(value["occupation"]))
    if own is None:
        own = graph.occupations[number % len(graph.occupations)].id
    return json.dumps({"skills": [skill.name for skill, _ in graph.skills_of(own)[:wanted]]})


def _counts(value: Value, number: int) -> str:
    return json.dumps({"skills": 4 + number % 6, "jobs": 1 + number % 4})


def _judge(value: Value, number: int) -> str:
    documents = value["documents"]
    problems = []
    for document, names in (
        ("job description", value["skills"]),
        ("matched resume", value["skills"]),
        ("unmatched resume", value["kept_skills"]),
    ):
        normal = normal_text(documents[document])
        problems += [
            {"document": document, "problem": f"lacks {name}"}
            for name in names
            if not shows(normal, surface_forms(name))
        ]
    return json.dumps({"problems": problems if len(problems) > len(value["skills"]) else []})


def _match(value: Value, number: int) -> str:
    requirements = _requirements(value["job_description"], value["resume"])
    met = sum(r["status"] == "met" for r in requirements)
    share = met / len(requirements) if requirements else 0.5
    answer = {
        "requirements": requirements,
        "probability": round(share**3, 3),
        "matches": met == len(requirements),
    }
    return json.dumps(answer)


def _requirements(job: str, resume: str) -> list[dict[str, str]]:
    normal = normal_text(resume)
    found = []
    for phrase in read_skill_phrases(job):
        met = shows(normal, surface_forms(phrase.name))
        status = "met" if met else "missing"
        quote = phrase.name if phrase.name.casefold() in resume.casefold() else ""
        found.append({"kind": "skill", "name": phrase.name, "status": status, "quote": quote})
    history = History(read_entries(resume), resume)
    for finding in align(read_experience_requirements(job), history, job=job):
        span = finding.evidence
        found.append(
            {
                "kind": "experience",
                "name": finding.requirement.name,
                "status": finding.status,
                "quote": "" if span is None else resume[span.start : span.end],
            }
        )
    return found


def _rationale(value: Value, number: int) -> str:
    requirements = _requirements(value["job_description"], value["resume"])
    steps = [
        f"{own['name']}: " + (f'"{own["quote"]}" shows it.' if own["quote"] else own["status"])
        for own in requirements
    ]
    return "\n".join([*steps, f"Answer: {'no' if value['lacks'] else 'yes'}"])


def _extract(value: Value, number: int) -> str:
    resume = value["resume"]
    jobs = [
        {"title": e.title, "start_year": e.start_year, "end_year": e.end_year}
        for e in read_experiences(resume)
    ]
    skills = [phrase.name for phrase in read_skill_phrases(resume)]
    return json.dumps({"skills": skills, "experience": jobs})


_ANSWERS: dict[str, Callable[[Value, int], str]] = {
    "job_description": _job_description,
    "matched_resume": _resume,
    "unmatched_resume": _resume,
    "list_skills": _list_skills,
    "count_estimates": _counts,
    "judge": _judge,
    "rationale": _rationale,
    "match": _match,
    "extract": _extract,
    "edit": lambda value, number: str(value["resume"]),
}
