"""Generates a benchmark shard by shard; running the same command again continues.

Contexts are numbered; a shard holds the accepted triples of a run of numbers and appears whole or
not at all, and after it what became of each of its contexts. Killed at any moment, a run loses
the shards in the making.
"""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from hrdistill.benchmark import KIND, SHARD_SIZE, Benchmark, check_context
from hrdistill.errors import DataError, TeacherError
from hrdistill.generation.pipeline import Tally, make_triple
from hrdistill.graph.graph import SkillOccupationGraph
from hrdistill.graph.sampling import ContextSampler, Strategy
from hrdistill.records import Context, Triple
from hrdistill.storage import (
    MANIFEST,
    from_plain,
    is_leftover,
    locked,
    read_json,
    read_jsonl,
    to_plain,
    write_json,
    write_jsonl,
)
from hrdistill.teacher.base import Teacher

Progress = Callable[[int, Tally], None]
"""Called with the number of triples accepted so far, and the tally."""

_SETTINGS = "settings.json"
_TALLIES = ".tallies"


@dataclass(frozen=True, slots=True)
class _Source:
    """Where contexts come from: sampled from a graph, or a given sequence."""

    sampler: ContextSampler | None
    contexts: Sequence[Context]
    seed: int

    def block(self, start: int, stop: int) -> Iterator[Context]:
        if self.sampler is None:
            yield from self.contexts[start:stop]
        else:
            yield from self.sampler.sample_many(stop - start, seed=self.seed, start=start)


def generate(
    graph: SkillOccupationGraph | None,
    *,
    n: int,
    teacher: Teacher,
    out: Path | str,
    seed: int = 0,
    strategy: Strategy = "walk",
    contexts: Sequence[Context] | None = None,
    workers: int = 1,
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
        workers: processes.
        progress: called after every shard.

    Returns:
        The benchmark, as stored.

    Raises:
        DataError: the folder holds something else or a run with other settings, or cannot be
            written, or another run is writing to it; or a given context cannot be written about.
        TeacherError: the contexts run out before `n` triples are accepted.
        ValueError: `n` or `workers` is below 1.
    """
    if n < 1 or workers < 1:
        raise ValueError(f"expected n and workers of at least 1, found n={n}, workers={workers}")
    if (graph is None) == (contexts is None):
        raise ValueError("expected either a graph or contexts")
    for context in contexts or ():
        check_context(context, where=f"context {context.id!r}")
    folder = Path(out)
    settings = {
        "teacher": teacher.name,
        "seed": seed,
        "strategy": strategy if contexts is None else "given",
        "inputs": _fingerprint(graph, contexts),
    }
    source = _Source(
        None if graph is None else ContextSampler(graph, strategy=strategy), contexts or (), seed
    )
    with locked(folder):
        if _finished(folder, settings, n):
            _clear(folder)
            return Benchmark.load(folder)
        _prepare(folder, settings)
        tally = _fill(folder, source, teacher, n=n, workers=workers, progress=progress)
        return _finish(folder, settings, tally, n)


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


def _finished(folder: Path, settings: dict[str, Any], n: int) -> bool:
    if not (folder / MANIFEST).exists():
        return False
    manifest = read_json(folder / MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
        kind = manifest.get("kind") if isinstance(manifest, dict) else manifest
        raise DataError(f"{folder} holds no triples but {kind!r}; choose another folder")
    _compare(folder, settings, manifest)
    return bool(manifest.get("n_triples") == n)


def _prepare(folder: Path, settings: dict[str, Any]) -> None:
    if (folder / _SETTINGS).exists():
        _compare(folder, settings, read_json(folder / _SETTINGS))
    elif not (folder / MANIFEST).exists() and not all(map(is_leftover, folder.iterdir())):
        raise DataError(f"{folder} is not empty and holds no triples; choose another folder")
    # A finished folder that is asked for another number is made anew from its first shard. It
    # is known by its settings before it is no longer known by its manifest.
    write_json(folder / _SETTINGS, settings)
    (folder / MANIFEST).unlink(missing_ok=True)


def _compare(folder: Path, settings: dict[str, Any], found: dict[str, Any]) -> None:
    differing = [
        f"{name} {found.get(name)!r} (now {value!r})"
        for name, value in settings.items()
        if found.get(name) != value
    ]
    if differing:
        raise DataError(
            f"{folder} was made with other settings: {', '.join(differing)}; "
            "choose another folder, or the same settings to continue"
        )


def _fill(
    folder: Path,
    source: _Source,
    teacher: Teacher,
    *,
    n: int,
    workers: int,
    progress: Progress | None,
) -> Tally:
    """Makes shards in order until `n` triples are accepted; returns the tally up to the last."""
    total = Tally()
    n_stored = 0
    while total.accepted < n and (stored := _stored_tallies(folder, n_stored)) is not None:
        _add(total, stored, n)
        n_stored += 1
    remaining = ((b, folder, source, teacher) for b in _blocks(source) if b[0] >= n_stored)
    if total.accepted < n:
        with closing(_tallies(remaining, workers)) as shards:
            for tallies in shards:
                _add(total, tallies, n)
                if progress is not None:
                    progress(total.accepted, total)
                if total.accepted == n:
                    break
    if total.accepted < n:
        raise TeacherError(
            f"wanted {n} triples, but only {total.accepted} of {len(source.contexts)} contexts "
            f"were accepted ({_top(total)}); give more contexts or ask for fewer triples"
        )
    return total


def _add(total: Tally, tallies: Sequence[Tally], n: int) -> None:
    """Adds what became of a shard's contexts, up to the one that gives triple `n`."""
    for tally in tallies:
        if total.accepted == n:
            break
        total.add(tally)


def _blocks(source: _Source) -> Iterator[tuple[int, int, int]]:
    number = 0
    while source.sampler is not None or number * SHARD_SIZE < len(source.contexts):
        yield number, number * SHARD_SIZE, (number + 1) * SHARD_SIZE
        number += 1


_Task = tuple[tuple[int, int, int], Path, _Source, Teacher]


def _tallies(tasks: Iterator[_Task], workers: int) -> Generator[list[Tally], None, None]:
    """Makes shards; yields the tallies of each, in order."""
    if workers == 1:
        yield from map(_make_shard, tasks)
        return
    with get_context("spawn").Pool(workers, initializer=_ignore_interrupts) as pool:
        pending = []
        for task in tasks:
            pending.append(pool.apply_async(_make_shard, (task,)))
            if len(pending) > workers:
                yield pending.pop(0).get()
        while pending:
            yield pending.pop(0).get()


def _ignore_interrupts() -> None:
    """Leaves Ctrl-C to the parent, which ends its workers; they would each print a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _make_shard(task: _Task) -> list[Tally]:
    (number, start, stop), folder, source, teacher = task
    tallies: list[Tally] = []

    def triples() -> Iterator[Any]:
        for context in source.block(start, stop):
            tallies.append(Tally())
            if triple := make_triple(context, teacher, tallies[-1]):
                yield to_plain(triple)

    write_jsonl(_shard(folder, number), triples())
    write_jsonl(_tally_file(folder, number), map(to_plain, tallies))
    return tallies


def _shard(folder: Path, number: int) -> Path:
    return folder / f"{number:05d}.jsonl"


def _tally_file(folder: Path, number: int) -> Path:
    return folder / _TALLIES / f"{number:05d}.jsonl"


def _stored_tallies(folder: Path, number: int) -> list[Tally] | None:
    """What became of each context of a shard; None where the shard is not there in whole."""
    path = _tally_file(folder, number)
    if not path.exists() or not _shard(folder, number).exists():
        return None
    return [
        from_plain(Tally, value, where=f"{path}, line {line}") for line, value in read_jsonl(path)
    ]


def _finish(folder: Path, settings: dict[str, Any], tally: Tally, n: int) -> Benchmark:
    """Cuts the shards to `n` triples, then writes splits, card and manifest."""
    kept: list[Triple] = []
    for path in sorted(folder.glob("[0-9]*.jsonl")):
        triples = _read_shard(path) if len(kept) < n else []
        if not triples or len(kept) + len(triples) > n:
            # First its tallies: with them, a run for more triples would take it for whole.
            (folder / _TALLIES / path.name).unlink(missing_ok=True)
            triples = triples[: n - len(kept)]
            if triples:
                write_jsonl(path, map(to_plain, triples))
            else:
                path.unlink()
        kept += triples
    benchmark = Benchmark(kept).split(seed=settings["seed"])
    benchmark.provenance = {**settings, "tally": to_plain(tally)}
    benchmark.save_description(folder)
    _clear(folder)
    return benchmark


def _clear(folder: Path) -> None:
    """Removes what only a run that goes on needs, and half-written files."""
    (folder / _SETTINGS).unlink(missing_ok=True)
    shutil.rmtree(folder / _TALLIES, ignore_errors=True)
    for path in folder.glob(".*.tmp"):
        if is_leftover(path):
            path.unlink()


def _read_shard(path: Path) -> list[Triple]:
    return [
        from_plain(Triple, value, where=f"{path}, line {line}") for line, value in read_jsonl(path)
    ]


def _top(tally: Tally) -> str:
    return "; ".join(
        f"{count} x {reason}" for reason, count in tally.rejected_reasons.most_common(3)
    )
