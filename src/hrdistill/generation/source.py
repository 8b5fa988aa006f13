"""What triples are made of, shard by shard: numbered contexts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hrdistill.benchmark import SHARD_SIZE
from hrdistill.graph.sampling import ContextSampler
from hrdistill.records import Context


@dataclass(frozen=True, slots=True)
class Source:
    """Where contexts come from: sampled from a graph without end, or a given sequence."""

    sampler: ContextSampler | None
    contexts: Sequence[Context]
    seed: int

    def shard(self, number: int) -> list[Context]:
        """The contexts of a shard; fewer than `SHARD_SIZE` only at the end of a sequence."""
        start = number * SHARD_SIZE
        if self.sampler is None:
            return list(self.contexts[start : start + SHARD_SIZE])
        return list(self.sampler.sample_many(SHARD_SIZE, seed=self.seed, start=start))

    def numbers(self, first: int) -> Iterator[int]:
        """The shards that there are, from one on."""
        number = first
        while self.sampler is not None or number * SHARD_SIZE < len(self.contexts):
            yield number
            number += 1
