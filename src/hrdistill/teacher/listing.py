"""What a model knows of occupations: a source of skills for graphs, and a guide for sampling."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from hrdistill.errors import GraphError, RefusedError
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.guide import Guide
from hrdistill.graph.sources import listed
from hrdistill.graph.sources.base import Source
from hrdistill.records import Occupation
from hrdistill.teacher.base import run_waiting
from hrdistill.teacher.llm import LLMTeacher

Progress = Callable[[int], None]
A = TypeVar("A")
T = TypeVar("T")


def list_source(
    teacher: LLMTeacher,
    occupations: Sequence[Occupation],
    *,
    n_skills: int = 20,
    progress: Progress | None = None,
) -> Source:
    """Has a model list the skills of occupations, many at a time.

    Args:
        teacher: the model.
        occupations: with distinct ids.
        n_skills: about how many of each.
        progress: called with how many are done.

    Raises:
        GraphError: not one has a list.
        StopRunError: the model cannot be asked any more; lists so far are kept as replies.
    """
    titles = list(dict.fromkeys(occupation.job_title for occupation in occupations))
    lists = _each(teacher, titles, lambda title: teacher.list_skills(title, n=n_skills), progress)
    found = dict(zip(titles, lists, strict=True))

    def look_up(title: str) -> Sequence[str]:
        answer = found[title]
        if isinstance(answer, RefusedError):
            raise answer
        return answer

    return listed.read(occupations, look_up, name=f"teacher:{teacher.name}")


def estimate_guide(
    teacher: LLMTeacher, graph: SkillOccupationGraph, *, progress: Progress | None = None
) -> Guide:
    """Has a model estimate how many skills and jobs contexts of each occupation get.

    Raises:
        GraphError: an occupation got no estimate, or one that is not above 0.
    """
    answers = _each(teacher, graph.occupations, teacher.estimate_counts, progress)
    found = {o.id: answer for o, answer in zip(graph.occupations, answers, strict=True)}

    def look_up(occupation: Occupation) -> tuple[float, float]:
        answer = found[occupation.id]
        if isinstance(answer, RefusedError):
            raise GraphError(f"guide: no estimate for {occupation.title!r}: {answer}") from answer
        return answer

    return Guide.from_estimates(graph, look_up)


def _each(
    teacher: LLMTeacher,
    items: Sequence[A],
    ask: Callable[[A], Awaitable[T]],
    progress: Progress | None,
) -> list[T | RefusedError]:
    """The answer to each item, in order; a refusal stands for itself."""
    n_done = 0

    async def one(item: A) -> T | RefusedError:
        nonlocal n_done
        try:
            return await ask(item)
        except RefusedError as error:
            return error
        finally:
            n_done += 1
            if progress is not None:
                progress(n_done)

    async def run() -> list[T | RefusedError]:
        async with teacher.session():
            return await asyncio.gather(*map(one, items))

    return run_waiting(run())
