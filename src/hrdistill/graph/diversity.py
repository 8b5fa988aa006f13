"""How much of a graph a set of contexts reaches, and how often they repeat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import log2

from hrdistill.records import Context


@dataclass(frozen=True, slots=True)
class Diversity:
    """Figures of a set of contexts; of each but the last, higher is more diverse.

    Attributes:
        contexts: how many there are.
        occupations: distinct ones that they begin at.
        titles: distinct titles of the jobs held.
        skills: distinct ones asked for.
        skill_entropy: Shannon entropy, in bits, of how often each skill is asked for:
            -sum(p * log2(p)).
        repeated: share of contexts, in 0..1, that have the same occupation and the same skills
            as an earlier one.
    """

    contexts: int
    occupations: int
    titles: int
    skills: int
    skill_entropy: float
    repeated: float


class DiversityCounter:
    """Counts contexts as they pass."""

    def __init__(self) -> None:
        self._occupations: set[str] = set()
        self._titles: set[str] = set()
        self._skills: Counter[str] = Counter()
        self._combinations: set[tuple[str, frozenset[str]]] = set()
        self._n_contexts = 0

    def passing(self, contexts: Iterable[Context]) -> Iterator[Context]:
        """The same contexts, counted."""
        for context in contexts:
            skills = [skill.id for skill in context.skills]
            self._n_contexts += 1
            self._occupations.add(context.occupation.id)
            self._titles.update(job.title for job in context.experiences)
            self._skills.update(skills)
            self._combinations.add((context.occupation.id, frozenset(skills)))
            yield context

    def summary(self) -> Diversity:
        """The figures so far."""
        n_mentions = self._skills.total()
        return Diversity(
            contexts=self._n_contexts,
            occupations=len(self._occupations),
            titles=len(self._titles),
            skills=len(self._skills),
            skill_entropy=sum(n / n_mentions * log2(n_mentions / n) for n in self._skills.values()),
            repeated=(self._n_contexts - len(self._combinations)) / max(self._n_contexts, 1),
        )
