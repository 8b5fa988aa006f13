"""What curation did: how much each step kept and dropped, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

N_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class CurationStep:
    """One step on one source, or on all of them (`all`).

    Attributes:
        name: what was done (`read`, `merge skills`, ...).
        source: on whose part.
        unit: what is counted (`rows`, `skills`, ...).
        kept: how many went on; of `read`, how many rows there were.
        dropped: how many did not, by reason. Names merged into others count as dropped here, and
            of `read`, names that were left out of a row that itself went on.
        examples: a few of them, by reason.
    """

    name: str
    source: str
    unit: str
    kept: int
    dropped: Mapping[str, int] = field(default_factory=dict)
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Tally:
    """Counts what a step drops, with the first few examples of each reason."""

    def __init__(self) -> None:
        self.dropped: dict[str, int] = {}
        self.examples: dict[str, list[str]] = {}

    def drop(self, reason: str, example: str) -> None:
        self.dropped[reason] = self.dropped.get(reason, 0) + 1
        examples = self.examples.setdefault(reason, [])
        if len(examples) < N_EXAMPLES:
            examples.append(example)

    def step(self, name: str, source: str, unit: str, kept: int) -> CurationStep:
        examples = {reason: tuple(names) for reason, names in self.examples.items()}
        return CurationStep(name, source, unit, kept, self.dropped, examples)
