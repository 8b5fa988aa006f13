"""Makes the triples of one shard: what a worker is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hrdistill.generation.pipeline import Tally, make_triple, run_now
from hrdistill.generation.shards import Shards
from hrdistill.generation.source import Source
from hrdistill.records import Context, Triple
from hrdistill.teacher.base import Teacher

Outcome = tuple[Triple | None, Tally]
"""What became of a context."""


@dataclass(frozen=True, slots=True)
class ShardMaker:
    """See the module.

    Attributes:
        shards: where they go.
        source: where contexts come from.
        teacher: who writes.
        max_attempts: drafts of a context before it is given up.
    """

    shards: Shards
    source: Source
    teacher: Teacher
    max_attempts: int

    async def outcome(self, context: Context) -> Outcome:
        """Makes one triple."""
        tally = Tally()
        triple = await make_triple(context, self.teacher, tally, max_attempts=self.max_attempts)
        return triple, tally

    def __call__(self, number: int) -> list[Tally]:
        """Makes a shard with a teacher that does not wait; returns what became of each context."""
        tallies: list[Tally] = []

        def triples() -> Iterator[Triple]:
            for context in self.source.shard(number):
                triple, tally = run_now(self.outcome(context))
                tallies.append(tally)
                if triple is not None:
                    yield triple

        self.shards.write(number, triples(), tallies)
        return tallies
