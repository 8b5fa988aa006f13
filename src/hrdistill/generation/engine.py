"""Generates a benchmark shard by shard; running the same command again continues.

Killed at any moment, a run loses the shards in the making; of a teacher that waits for a network
it loses only the calls in flight, whose replies are not in the cache yet.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

from hrdistill.benchmark import Benchmark, check_context
from hrdistill.errors import TeacherError
from hrdistill.generation import cluster, waiting
from hrdistill.generation.maker import ShardMaker
from hrdistill.generation.pipeline import MAX_ATTEMPTS, Tally
from hrdistill.generation.shards import Shards
from hrdistill.generation.source import Source
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sampling import ContextSampler, Strategy
from hrdistill.records import Context
from hrdistill.storage import locked, to_plain
from hrdistill.teacher.base import Teacher

Progress = Callable[[int, Tally], None]
"""Called with the number of triples accepted so far, and the tally."""
EngineName = Literal["local", "ray"]


def generate(
    graph: SkillOccupationGraph | None,
    *,
    n: int,
    teacher: Teacher,
    out: Path | str,
    seed: int = 0,
    strategy: Strategy = "walk",
    contexts: Sequence[Context] | None = None,
    engine: EngineName = "local",
    workers: int = 1,
    ray_address: str | None = None,
    max_attempts: int = MAX_ATTEMPTS,
    progress: Progress | None = None,
) -> Benchmark:
    """Makes a benchmark of verified triples in a folder, and splits it by occupation.

    Args:
        graph: what contexts are sampled from; None where `contexts` are given.
        n: accepted triples wanted: the first `n` by number of their context.
        teacher: who writes.
        out: the folder; a run that was interrupted in it goes on.
        seed: of the contexts.
        strategy: of sampling.
        contexts: contexts to write about instead of sampling.
        engine: `local` processes, or `ray` tasks on this machine or a cluster.
        workers: processes or tasks at a time; a teacher that waits needs but one.
        ray_address: of a running cluster; None starts one here.
        max_attempts: drafts of a context before it is given up.
        progress: called as triples come.

    Returns:
        The benchmark, as stored.

    Raises:
        DataError: the folder holds something else or a run with other settings, or cannot be
            written, or another run is writing to it; or a given context cannot be written about.
        TeacherError: the contexts run out before `n` triples are accepted, or the teacher stops
            (a wrong key, a spent budget); what is done is kept.
        ValueError: `n` or `workers` is below 1.
    """
    if n < 1 or workers < 1:
        raise ValueError(f"expected n and workers of at least 1, found n={n}, workers={workers}")
    if (graph is None) == (contexts is None):
        raise ValueError("expected either a graph or contexts")
    for context in contexts or ():
        check_context(context, where=f"context {context.id!r}")
    settings = {
        "teacher": teacher.name,
        "seed": seed,
        "strategy": strategy if contexts is None else "given",
        "inputs": _fingerprint(graph, contexts),
        "attempts": max_attempts,
        **teacher.settings,
    }
    shards = Shards(Path(out), settings)
    source = Source(
        None if graph is None else ContextSampler(graph, strategy=strategy), contexts or (), seed
    )
    with locked(shards.folder):
        if shards.is_finished(n):
            shards.clear()
            return Benchmark.load(shards.folder)
        shards.prepare()
        tally = Tally()
        first = _stored(shards, tally, n)
        make, numbers = ShardMaker(shards, source, teacher, max_attempts), source.numbers(first)
        ray: dict[str, Any] = {"workers": workers, "address": ray_address}
        if tally.accepted < n and teacher.waits:
            if engine == "ray":
                cluster.fill_on_ray(make, numbers, tally, n=n, progress=progress, **ray)
            else:
                waiting.fill(make, numbers, tally, n=n, progress=progress)
        elif tally.accepted < n:
            if engine == "ray":
                made = cluster.shards_on_ray(make, numbers, **ray)
            else:
                made = _shards_here(make, numbers, workers)
            with closing(made):
                for tallies in made:
                    _add(tally, tallies, n)
                    if progress is not None:
                        progress(tally.accepted, tally)
                    if tally.accepted == n:
                        break
                    tally.check()
        if tally.accepted < n:
            raise TeacherError(
                f"wanted {n} triples, but only {tally.accepted} of {len(source.contexts)} contexts "
                f"were accepted ({tally.top_reasons()}); "
                "give more contexts or ask for fewer triples"
            )
        return shards.finish(tally, n)


def _fingerprint(graph: SkillOccupationGraph | None, contexts: Sequence[Context] | None) -> str:
    """A hash of everything that a context depends on but the seed."""
    import hashlib
    import json

    digest = hashlib.sha256()
    if graph is not None:
        for record in (*graph.occupations, *graph.skills):
            digest.update(repr(record).encode())
        for array in (graph.weights.indptr, graph.weights.indices, graph.weights.data):
            digest.update(array.tobytes())
    for context in contexts or ():
        digest.update(json.dumps(to_plain(context)).encode())
    return digest.hexdigest()[:16]


def _stored(shards: Shards, total: Tally, n: int) -> int:
    """Adds up the shards that are there; returns the number of the first that is not."""
    number = 0
    while total.accepted < n and (stored := shards.stored(number)) is not None:
        _add(total, stored, n)
        number += 1
    return number


def _add(total: Tally, tallies: Sequence[Tally], n: int) -> None:
    """Adds what became of a shard's contexts, up to the one that gives triple `n`."""
    for tally in tallies:
        if total.accepted == n:
            break
        total.add(tally)


def _shards_here(
    make: ShardMaker, numbers: Iterator[int], workers: int
) -> Generator[list[Tally], None, None]:
    """Makes shards in processes; yields the tallies of each, in order."""
    if workers == 1:
        yield from map(make, numbers)
        return
    with get_context("spawn").Pool(workers, initializer=_ignore_interrupts) as pool:
        pending = []
        for number in numbers:
            pending.append(pool.apply_async(make, (number,)))
            if len(pending) > workers:
                yield pending.pop(0).get()
        while pending:
            yield pending.pop(0).get()


def _ignore_interrupts() -> None:
    """Leaves Ctrl-C to the parent, which ends its workers; they would each print a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
