"""What a teacher is: something that writes the documents of one context."""

from __future__ import annotations

import asyncio
from abc import ABC
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar

from hrdistill.errors import TeacherError
from hrdistill.records import Context, Removal, Triple

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Draft:
    """The three documents of a triple, before they are verified."""

    job_description: str
    matched_resume: str
    unmatched_resume: str


class Teacher(ABC):
    """Writes documents: one that computes them defines `write`, one that waits for them `draft`.

    Attributes:
        name: how provenance and reports call it.
        waits: whether it waits for others (a network), so that many contexts go on at once.
        n_at_once: how many.
    """

    name: str
    waits: bool = False

    n_at_once: int = 1

    def session(self) -> AbstractAsyncContextManager[Any]:
        """Held while a teacher that waits is asked: its connections."""
        return nullcontext()

    def stop(self, failure: TeacherError) -> None:  # noqa: B027 - nothing to stop by default
        """Lets what is being asked end, and refuses what is not with an error."""

    def share(self, n: int) -> Teacher:
        """One that may ask for an n-th of what this one may, for another process."""
        return self

    def absorb(self, share: Teacher) -> None:  # noqa: B027 - nothing to count by default
        """Counts what a share asked for."""

    @property
    def settings(self) -> dict[str, Any]:
        """What, besides its name, its documents depend on."""
        return {}

    def write(self, context: Context, removal: Removal, *, attempt: int = 0) -> Draft:
        """Writes a job description, a resume that matches it, and one that lacks the removal.

        Args:
            context: what the documents must say.
            removal: what the unmatched resume must not show.
            attempt: how often this context has been tried; another number, other words.

        Raises:
            TeacherError: it cannot write this.
        """
        raise NotImplementedError(f"{type(self).__name__} defines neither write nor draft")

    async def draft(
        self,
        context: Context,
        removal: Removal,
        *,
        attempt: int = 0,
        previous: Draft | None = None,
        findings: Sequence[str] = (),
    ) -> Draft:
        """As `write`, and may mend a previous draft where verification found something.

        Args:
            context: what the documents must say.
            removal: what the unmatched resume must not show.
            attempt: how often this context has been tried.
            previous: the last draft.
            findings: what is wrong with it, each beginning with the name of its document.
        """
        return self.write(context, removal, attempt=attempt)

    async def review(self, context: Context, removal: Removal, draft: Draft) -> list[str]:
        """What else is wrong with a draft that passed verification: findings of the same form."""
        return []

    async def rationalize(self, triple: Triple) -> dict[str, str]:
        """Rationales of the verdicts on the two resumes, where they are asked for."""
        return {}


def run_waiting(steps: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine to its end, in a thread of its own where a loop runs already (notebooks)."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(steps)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, steps).result()
