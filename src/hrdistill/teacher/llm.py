"""`LLMTeacher`: any large language model behind an OpenAI-compatible endpoint.

Its roles: list an occupation's skills and estimate its counts, write the three documents of a
context and mend them, judge a triple, give a rationale, and answer the tasks itself. A reply that
is not what was asked for is asked again; what is asked for is in `prompts/`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from hrdistill.errors import HrdistillError, RefusedError, TeacherError
from hrdistill.records import Context, Experience, Occupation, Removal, Triple
from hrdistill.teacher.answers import Answer, Counts, Judgement, SkillList
from hrdistill.teacher.base import Draft, Teacher
from hrdistill.teacher.endpoint.money import Account
from hrdistill.teacher.endpoint.wire import ChatRequest, Message, Reply
from hrdistill.teacher.prompting import Prompts

_DOCUMENTS = ("job description", "matched resume", "unmatched resume")
_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_FENCE = re.compile(r"\A\s*```[^\n`]*\n(.*?)\n?```\s*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sampling:
    """What, besides the prompts, a model's replies depend on.

    Attributes:
        temperature: of sampling.
        max_tokens: most tokens of a reply.
        max_tries: times that a reply without the form asked for is asked again.
        judge: whether a judge reads each draft, too.
        rationales: whether accepted triples get rationales for both resumes.
    """

    temperature: float = 1.0
    max_tokens: int = 1500
    max_tries: int = 3
    judge: bool = False
    rationales: bool = False


class Asker(Protocol):
    """What sends a teacher's calls: an endpoint, one by one or in batches."""

    account: Account
    n_at_once: int

    async def complete(self, request: ChatRequest) -> Reply:
        """The reply to a request."""

    def stop(self, failure: HrdistillError) -> None:
        """Refuses what is not asked yet."""

    def seconds_for(self, n_calls: float, n_tokens: float) -> float | None:
        """How long so many calls like those so far take; None where it cannot be told."""

    def share(self, n: int) -> Asker:
        """One that may ask for an n-th of what this one may."""

    async def __aenter__(self) -> Any: ...

    async def __aexit__(self, *_: object) -> None: ...


A = TypeVar("A", bound=Answer)
T = TypeVar("T")


class LLMTeacher(Teacher):
    """See the module.

    Args:
        model: its name at the endpoint.
        asker: what sends its calls.
        prompts: the bundled ones by default.
        sampling: parameters of the calls.
    """

    waits = True

    def __init__(
        self,
        model: str,
        asker: Asker,
        *,
        prompts: Prompts | None = None,
        sampling: Sampling | None = None,
    ) -> None:
        self.name = model
        self.asker = asker
        self.prompts = prompts or Prompts()
        self.sampling = sampling or Sampling()
        self.n_at_once = asker.n_at_once

    @property
    def account(self) -> Account:
        """What was asked and what it cost."""
        return self.asker.account

    def session(self) -> AbstractAsyncContextManager[Any]:
        return self.asker

    def stop(self, failure: TeacherError) -> None:
        self.asker.stop(failure)

    def share(self, n: int) -> LLMTeacher:
        asker = self.asker.share(n)
        return LLMTeacher(self.name, asker, prompts=self.prompts, sampling=self.sampling)

    def absorb(self, share: Teacher) -> None:
        if isinstance(share, LLMTeacher):
            self.account.absorb(share.account)

    @property
    def settings(self) -> dict[str, Any]:
        sampling = self.sampling
        return {
            "prompts": self.prompts.version,
            "temperature": sampling.temperature,
            "max_tokens": sampling.max_tokens,
            "judge": sampling.judge,
            "rationales": sampling.rationales,
        }

    # Documents

    async def draft(
        self,
        context: Context,
        removal: Removal,
        *,
        attempt: int = 0,
        previous: Draft | None = None,
        findings: Sequence[str] = (),
    ) -> Draft:
        """Writes the documents, or mends those of the previous draft that have findings."""
        inputs = _inputs(context, removal)
        if previous is None:
            job, matched = await _all(
                self._text("job_description", inputs[0]), self._text("matched_resume", inputs[1])
            )
            unmatched = await self._text(
                "unmatched_resume", {**inputs[2], "earlier_resume": matched}
            )
            return Draft(job, matched, unmatched)
        earlier = {**inputs[2], "earlier_resume": previous.matched_resume}
        texts = (previous.job_description, previous.matched_resume, previous.unmatched_resume)
        names = ("job_description", "matched_resume", "unmatched_resume")
        mended = await _all(
            *(
                self._mended(name, value, text, own, attempt)
                for name, value, text, about in zip(
                    names, (*inputs[:2], earlier), texts, _DOCUMENTS, strict=True
                )
                for own in [[f.removeprefix(f"{about}: ") for f in findings if f.startswith(about)]]
            )
        )
        return Draft(*mended)

    async def _mended(
        self, name: str, value: Mapping[str, Any], text: str, findings: list[str], attempt: int
    ) -> str:
        if not findings:
            return text
        messages = (
            *self.prompts.messages(name, value),
            ("assistant", text),
            self.prompts.repair(findings),
        )
        return await self.ask_text(messages, sample=attempt)

    async def _text(self, name: str, value: Mapping[str, Any]) -> str:
        return await self.ask_text(self.prompts.messages(name, value))

    async def review(self, context: Context, removal: Removal, draft: Draft) -> list[str]:
        """What a judge finds wrong with a draft that passed verification."""
        if not self.sampling.judge:
            return []
        _, resume, second = _inputs(context, removal)
        value = {
            **resume,
            "kept_skills": second["skills"],
            "kept_experience": second["experience"],
            "leave_out": second["leave_out"],
            "documents": dict(
                zip(
                    _DOCUMENTS,
                    (draft.job_description, draft.matched_resume, draft.unmatched_resume),
                    strict=True,
                )
            ),
        }
        found = await self.ask_for(Judgement, self.prompts.messages("judge", value))
        return [f"{own.document}: judge: {own.problem}" for own in found.problems]

    async def rationalize(self, triple: Triple) -> dict[str, str]:
        """Rationales of the verdicts on both resumes, in steps that end with the answer."""
        if not self.sampling.rationales:
            return {}
        lacking = [*triple.removal.skills, *_told(triple.removal)]
        matched, unmatched = await _all(
            *(
                self._text(
                    "rationale",
                    {"job_description": triple.job_description, "resume": resume, "lacks": lacks},
                )
                for resume, lacks in (
                    (triple.matched_resume, []), (triple.unmatched_resume, lacking)
                )
            )
        )  # fmt: skip
        return {"matched": matched, "unmatched": unmatched}

    # Occupations

    async def list_skills(self, title: str, *, n: int = 20) -> list[str]:
        """The skills of an occupation, what matters most first."""
        messages = self.prompts.messages("list_skills", {"occupation": title, "number": n})
        return (await self.ask_for(SkillList, messages)).skills

    async def estimate_counts(self, occupation: Occupation) -> tuple[float, float]:
        """(skills that a posting names, jobs that a resume names)."""
        value = {"occupation": occupation.job_title}
        found = await self.ask_for(Counts, self.prompts.messages("count_estimates", value))
        return found.skills, found.jobs

    # Calls

    async def _ask(
        self, messages: Sequence[Message], *, schema: Mapping[str, Any] | None = None,
        sample: int = 0,
    ) -> Reply:  # fmt: skip
        return await self.asker.complete(
            ChatRequest(
                self.name,
                tuple(messages),
                temperature=self.sampling.temperature,
                max_tokens=self.sampling.max_tokens,
                schema=schema,
                sample=sample,
            )
        )

    async def ask_text(self, messages: Sequence[Message], *, sample: int = 0) -> str:
        """A reply as it is, without a code fence around it."""
        return _bare((await self._ask(messages, sample=sample)).text)

    async def ask_for(self, form: type[A], messages: Sequence[Message]) -> A:
        """A reply of a form.

        Raises:
            RefusedError: no reply of several has it.
        """
        from pydantic import ValidationError

        schema, problem = form.model_json_schema(), ""
        for sample in range(self.sampling.max_tries):
            reply = await self._ask(messages, schema=schema, sample=sample)
            try:
                return form.model_validate_json(_bare(reply.text))
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(map(str, first["loc"]))
                problem = f"{where}: {first['msg']}" if where else str(first["msg"])
                if reply.finish == "length":
                    problem = "it is cut: raise --max-tokens"
        raise RefusedError(
            f"no answer of the form {form.__name__} in {self.sampling.max_tries} tries ({problem})"
        )


async def _all(*asked: Awaitable[T]) -> list[T]:
    """What all give, once all have ended: a call in flight is waited for, and so is kept."""
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
    return [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]


def _inputs(context: Context, removal: Removal) -> tuple[dict[str, Any], ...]:
    """What the prompts of the three documents are told."""
    kept_skills, kept_jobs = removal.leaves(context)
    skills = [skill.name for skill in context.skills]
    title = context.occupation.job_title
    gone = [*removal.skills]
    if removal.experience is not None and removal.change == "dropped":
        gone.append(str(removal.experience))
    return (
        {
            "occupation": title,
            "skills": skills,
            "experience": [{"title": e.title, "years": e.years} for e in context.experiences],
        },
        {"occupation": title, "skills": skills, "experience": _jobs(context.experiences)},
        {
            "occupation": title,
            "skills": [skill.name for skill in kept_skills],
            "experience": _jobs(kept_jobs),
            "leave_out": gone,
        },
    )


def _jobs(experiences: Sequence[Experience]) -> list[dict[str, Any]]:
    return [
        {"title": e.title, "start_year": e.start_year, "end_year": e.end_year} for e in experiences
    ]


def _told(removal: Removal) -> list[str]:
    if removal.experience is None:
        return []
    shown = "" if removal.replacement is None else f", held only {removal.replacement.years} years"
    return [f"{removal.experience.title}: {removal.experience.years} years{shown}"]


def _bare(text: str) -> str:
    """A text without the thoughts before it and the code fence around it."""
    text = _THOUGHT.sub("", text)
    fenced = _FENCE.match(text)
    return (fenced[1] if fenced else text).strip()
