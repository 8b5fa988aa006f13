"""What a teacher is: something that writes the documents of one context."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from hrdistill.records import Context, Removal


@dataclass(frozen=True, slots=True)
class Draft:
    """The three documents of a triple, before they are verified."""

    job_description: str
    matched_resume: str
    unmatched_resume: str


class Teacher(ABC):
    """Writes documents. The same arguments give the same documents where `deterministic` is set.

    Attributes:
        name: how provenance and reports call it.
        deterministic: whether it needs no seed but the context's.
    """

    name: str
    deterministic: bool = True

    @abstractmethod
    def write(self, context: Context, removal: Removal, *, attempt: int = 0) -> Draft:
        """Writes a job description, a resume that matches it, and one that lacks the removal.

        Args:
            context: what the documents must say.
            removal: what the unmatched resume must not show.
            attempt: how often this context has been tried; another number, other words.

        Raises:
            TeacherError: it cannot write this.
        """
