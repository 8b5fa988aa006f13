"""A teacher answering the tasks as a student does, so that both stand in one table.

Match and explain are one call a pair, extract one a resume, edit one a change. With shots, solved
examples of the bundled triples' train split stand before the question.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from hrdistill.benchmark import Benchmark
from hrdistill.errors import RefusedError, StudentError
from hrdistill.records import Experience, Finding, Requirement, Span, Triple
from hrdistill.students.base import Student
from hrdistill.tasks.edit import Edit, edits_of
from hrdistill.tasks.extract import Extraction
from hrdistill.tasks.match import Match
from hrdistill.teacher.answers import ExtractAnswer, JobAnswer, MatchAnswer, RequirementAnswer
from hrdistill.teacher.base import run_waiting
from hrdistill.teacher.endpoint.wire import Message
from hrdistill.teacher.llm import LLMTeacher

T = TypeVar("T")
_PROBABILITY = {"met": 1.0, "partial": 0.5, "missing": 0.0}

_log = logging.getLogger(__name__)


class TeacherStudent(Student):
    """See the module.

    Args:
        teacher: who answers.
        n_shots: solved examples before each question.
        name: by default the model's.
    """

    kind: ClassVar[str] = "teacher"

    def __init__(self, teacher: LLMTeacher, *, n_shots: int = 0, name: str | None = None) -> None:
        super().__init__(name=name or teacher.name)
        self.teacher = teacher
        self.n_shots = n_shots
        self.n_refused = 0

    def match_many(self, pairs: Sequence[tuple[str, str]]) -> list[Match]:
        return self._together([self._match(job, resume) for job, resume in pairs])

    def extract_many(self, resumes: Sequence[str]) -> list[Extraction]:
        return self._together([self._extract(resume) for resume in resumes])

    def edit_many(self, resumes: Sequence[str], edits: Sequence[Edit]) -> list[str]:
        asked = [self._edit(r, e) for r, e in zip(resumes, edits, strict=True)]
        return self._together(asked)

    def save(self, folder: Path | str) -> None:
        raise StudentError(f"{self.name!r} is a model behind an endpoint: it cannot be saved")

    def _together(self, asked: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
        async def run() -> list[T]:
            async with self.teacher.session():
                return await asyncio.gather(*asked)

        return run_waiting(run())

    async def _match(self, job: str, resume: str) -> Match:
        messages = self._messages("match", {"job_description": job, "resume": resume})
        try:
            answer = await self.teacher.ask_for(MatchAnswer, messages)
        except RefusedError as error:
            self._count(error)
            return Match(0.5, False)
        findings = tuple(
            Finding(
                Requirement(own.kind, own.name),
                own.status,
                _place(own.quote, resume) if own.status != "missing" else None,
                _PROBABILITY[own.status],
            )
            for own in answer.requirements
        )
        return Match(min(1.0, max(0.0, answer.probability)), answer.matches, findings)

    async def _extract(self, resume: str) -> Extraction:
        try:
            answer = await self.teacher.ask_for(
                ExtractAnswer, self._messages("extract", {"resume": resume})
            )
        except RefusedError as error:
            self._count(error)
            return Extraction((), ())
        jobs = (Experience(j.title, j.start_year, j.end_year) for j in answer.experience)
        return Extraction(tuple(answer.skills), tuple(jobs))

    async def _edit(self, resume: str, edit: Edit) -> str:
        value = {"changes": str(edit), "resume": resume}
        try:
            return await self.teacher.ask_text(self._messages("edit", value))
        except RefusedError as error:
            self._count(error)
            return resume

    def _count(self, error: RefusedError) -> None:
        """Notes an item that got no answer: it counts as the emptiest one."""
        self.n_refused += 1
        _log.warning("%s: no answer to an item (%s); it counts as empty", self.name, error)

    def _messages(self, task: str, value: dict[str, Any]) -> tuple[Message, ...]:
        """The prompt of a task, with solved examples before it."""
        prompts = self.teacher.prompts
        system, question = prompts.messages(task, value)
        shots: list[Message] = []
        for given, answer in self._shots.get(task, ()):
            shots += [prompts.messages(task, given)[1], ("assistant", answer)]
        return (system, *shots, question)

    @cached_property
    def _shots(self) -> dict[str, list[tuple[dict[str, Any], str]]]:
        if not self.n_shots:
            return {}
        train = list(Benchmark.load("written").train)
        chosen = [train[place * len(train) // self.n_shots] for place in range(self.n_shots)]
        return {
            task: [solve(triple, place % 2 == 0) for place, triple in enumerate(chosen)]
            for task, solve in (("match", _solved_match), ("extract", _solved_extract),
                                ("edit", _solved_edit))
        }  # fmt: skip


def _solved_match(triple: Triple, matched: bool) -> tuple[dict[str, Any], str]:
    resume = triple.matched_resume if matched else triple.unmatched_resume
    removal = triple.removal
    answers = []
    for skill in triple.context.skills:
        gone = not matched and skill.name in removal.skills
        place = None if gone else _place(skill.name, resume)
        quote = "" if place is None else resume[place.start : place.end]
        status = "missing" if gone else "met"
        answers.append(
            RequirementAnswer(kind="skill", name=skill.name, status=status, quote=quote)  # type: ignore[arg-type]
        )
    for job in triple.context.experiences:
        status = "met"
        if not matched and job == removal.experience:
            status = "missing" if removal.replacement is None else "partial"
        place = None if status == "missing" else _place(job.title, resume)
        quote = "" if place is None else resume[place.start : place.end]
        answers.append(
            RequirementAnswer(kind="experience", name=job.title, status=status, quote=quote)  # type: ignore[arg-type]
        )
    answer = MatchAnswer(requirements=answers, probability=0.97 if matched else 0.03,
                         matches=matched)  # fmt: skip
    given = {"job_description": triple.job_description, "resume": resume}
    return given, answer.model_dump_json()


def _solved_extract(triple: Triple, matched: bool) -> tuple[dict[str, Any], str]:
    jobs = [
        JobAnswer(title=e.title, start_year=e.start_year, end_year=e.end_year)
        for e in triple.context.experiences
    ]
    skills = [skill.name for skill in triple.context.skills]
    answer = ExtractAnswer(skills=skills, experience=jobs)
    return {"resume": triple.matched_resume}, answer.model_dump_json()


def _solved_edit(triple: Triple, matched: bool) -> tuple[dict[str, Any], str]:
    ends = (triple.matched_resume, triple.unmatched_resume)
    source, target = ends if matched else ends[::-1]
    edit = edits_of(triple)[0 if matched else 1]
    return {"changes": str(edit), "resume": source}, target


def _place(quote: str, resume: str) -> Span | None:
    """Where a quotation stands, whatever its case; None where it does not."""
    quote = quote.strip().strip('"')
    start = resume.casefold().find(quote.casefold()) if quote else -1
    return Span(start, start + len(quote)) if start >= 0 else None
