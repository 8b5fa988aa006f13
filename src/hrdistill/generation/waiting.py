"""Many contexts at once, in one process, for a teacher that waits for a network.

Contexts start in the order of their numbers, and no more of them than can still be wanted: so that
the first `n` accepted are found without a call too many.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from hrdistill.errors import HrdistillError, InterruptedRunError, StopRunError, TeacherError
from hrdistill.generation.maker import Outcome, ShardMaker
from hrdistill.generation.pipeline import Tally
from hrdistill.records import Context
from hrdistill.teacher.base import Teacher, run_waiting

Progress = Callable[[int, Tally], None]


def fill(
    make: ShardMaker,
    numbers: Iterator[int],
    tally: Tally,
    *,
    n: int,
    progress: Progress | None = None,
) -> None:
    """Makes shards until `tally` counts `n` accepted triples, or there are no more.

    Args:
        make: makes a triple, and has the folder.
        numbers: of the shards, in order.
        tally: counts what is accepted before, and now.
        n: accepted triples wanted.
        progress: called after every context.

    Raises:
        StopRunError, DataError: nothing more can be asked or written. Calls in flight were waited
            for and are kept.
    """
    run_waiting(_Filling(make, numbers, tally, n, progress).run())


@dataclass(slots=True)
class _Filling:
    make: ShardMaker
    numbers: Iterator[int]
    tally: Tally
    n: int
    progress: Progress | None
    outcomes: dict[int, dict[int, Outcome]] = field(default_factory=dict)  # by shard and place
    sizes: dict[int, int] = field(default_factory=dict)

    async def run(self) -> None:
        teacher = self.make.teacher
        async with teacher.session(), _drained_on_interrupt(teacher):
            contexts = self._contexts()
            ended: asyncio.Queue[asyncio.Task[Outcome]] = asyncio.Queue()
            places: dict[asyncio.Task[Outcome], tuple[int, int]] = {}
            failure: BaseException | None = None
            while True:
                while (
                    failure is None
                    and self.tally.accepted + len(places) < self.n
                    and len(places) < teacher.n_at_once
                    and (started := next(contexts, None)) is not None
                ):
                    shard, place, context = started
                    task = asyncio.create_task(self.make.outcome(context))
                    places[task] = shard, place
                    task.add_done_callback(ended.put_nowait)
                if not places:
                    break
                task = await ended.get()
                shard, place = places.pop(task)
                try:
                    outcome = task.result()
                    await self._take(shard, place, outcome)
                    self.tally.check()
                except Exception as error:
                    if failure is None:
                        stopped = error if isinstance(error, TeacherError) else None
                        teacher.stop(stopped or StopRunError(f"the run ends: {error}"))
                    if failure is None or not isinstance(error, HrdistillError):
                        failure = error
            if failure is not None:
                raise failure
            for shard in sorted(self.outcomes):  # the last, that has not all of its contexts
                self._write(shard, whole=False)

    def _contexts(self) -> Iterator[tuple[int, int, Context]]:
        for shard in self.numbers:
            contexts = self.make.source.shard(shard)
            self.outcomes[shard], self.sizes[shard] = {}, len(contexts)
            for place, context in enumerate(contexts):
                yield shard, place, context

    async def _take(self, shard: int, place: int, outcome: Outcome) -> None:
        self.outcomes[shard][place] = outcome
        self.tally.add(outcome[1])
        if self.progress is not None:
            self.progress(self.tally.accepted, self.tally)
        if len(self.outcomes[shard]) == self.sizes[shard]:
            await asyncio.to_thread(self._write, shard)

    def _write(self, shard: int, *, whole: bool = True) -> None:
        own = self.outcomes.pop(shard)
        ordered = [own[place] for place in sorted(own)]
        triples = (triple for triple, _ in ordered if triple is not None)
        self.make.shards.write(shard, triples, [tally for _, tally in ordered] if whole else None)


@asynccontextmanager
async def _drained_on_interrupt(teacher: Teacher) -> AsyncIterator[None]:
    """The first Ctrl-C lets calls in flight end and be kept; the second ends the run at once."""
    loop = asyncio.get_running_loop()

    def drain() -> None:
        loop.remove_signal_handler(signal.SIGINT)
        teacher.stop(
            InterruptedRunError(
                "interrupted: calls in flight were waited for, and all that is done is kept; "
                "run the same command again to go on"
            )
        )

    try:
        loop.add_signal_handler(signal.SIGINT, drain)
    except (RuntimeError, ValueError, NotImplementedError):  # not in the main thread
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
