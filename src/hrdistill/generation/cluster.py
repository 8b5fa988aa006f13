"""Shards as Ray tasks, on this machine or a cluster that shares the output folder."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from hrdistill.benchmark import SHARD_SIZE
from hrdistill.errors import HrdistillError, MissingExtraError, TeacherError
from hrdistill.generation.maker import ShardMaker
from hrdistill.generation.pipeline import Tally
from hrdistill.generation.waiting import fill
from hrdistill.teacher.base import Teacher

_RETRIES = 3


def shards_on_ray(
    make: ShardMaker, numbers: Iterator[int], *, workers: int, address: str | None = None
) -> Generator[list[Tally], None, None]:
    """Makes shards in Ray tasks; yields the tallies of each, in order.

    A task whose worker dies is run again, up to three times: a shard that was half written left
    nothing behind.

    Args:
        make: makes a shard, with a teacher that does not wait.
        numbers: of the shards, in order.
        workers: tasks at a time.
        address: of a running cluster, whose machines must all see the output folder under its
            name; None starts Ray on this machine.

    Raises:
        MissingExtraError: Ray is not installed.
        TeacherError: no cluster answers, or a task failed for good.
    """
    with _ray(workers, address) as ray:
        shared = ray.put(make)
        task = ray.remote(num_cpus=1, max_retries=_RETRIES)(_make)
        pending: list[Any] = []
        for number in numbers:
            pending.append(task.remote(shared, number))
            if len(pending) > workers:
                yield _get(ray, pending.pop(0))
        while pending:
            yield _get(ray, pending.pop(0))


def fill_on_ray(
    make: ShardMaker,
    numbers: Iterator[int],
    tally: Tally,
    *,
    n: int,
    workers: int,
    address: str | None = None,
    progress: Callable[[int, Tally], None] | None = None,
) -> None:
    """As `waiting.fill`, in Ray tasks that share the teacher's limits and budget evenly.

    A whole shard is begun only where all of it is wanted, so that no call is one too many; the
    last triples are made by one task. Errors as of `shards_on_ray`.
    """
    with _ray(workers, address) as ray:
        task = ray.remote(num_cpus=1, max_retries=_RETRIES)(_fill_one)
        pending: list[Any] = []
        while tally.accepted < n:
            while len(pending) < workers:
                wanted = n - tally.accepted - SHARD_SIZE * len(pending)
                if pending and wanted < SHARD_SIZE:
                    break
                number = next(numbers, None)
                if number is None:
                    break
                share = replace(make, teacher=make.teacher.share(workers - len(pending)))
                pending.append(task.remote(share, number, min(wanted, SHARD_SIZE)))
            if not pending:
                return
            done = ray.wait(pending)[0][0]
            pending.remove(done)
            own, teacher = _get(ray, done)
            tally.add(own)
            make.teacher.absorb(teacher)
            if progress is not None:
                progress(tally.accepted, tally)
            tally.check()


@contextmanager
def _ray(workers: int, address: str | None) -> Generator[Any, None, None]:
    """Ray, connected, and shut down behind if it was started here."""
    try:
        import ray
    except ImportError as error:
        raise MissingExtraError("ray", extra="ray") from error
    started = not ray.is_initialized()
    if started:
        _check_port(address)
        own: dict[str, Any] = {"num_cpus": workers} if address is None else {}
        try:
            ray.init(
                address=address, include_dashboard=False, log_to_driver=False,
                logging_level=logging.ERROR, **own,
            )  # fmt: skip
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise TeacherError(
                f"no Ray cluster at {address or 'this machine'} ({error}); check --ray-address"
            ) from error
    try:
        yield ray
    finally:
        if started:
            ray.shutdown()


def _check_port(address: str | None) -> None:
    """Ray itself would look for a cluster that is not there for many minutes."""
    host, colon, port = (address or "").rpartition(":")
    if not colon or "//" in host or not port.isdigit():
        return
    try:
        socket.create_connection((host, int(port)), timeout=10).close()
    except OSError as error:
        raise TeacherError(
            f"no Ray cluster at {address} ({error.strerror or error}); check --ray-address"
        ) from error


def _make(make: ShardMaker, number: int) -> list[Tally]:
    return make(number)


def _fill_one(make: ShardMaker, number: int, wanted: int) -> tuple[Tally, Teacher]:
    tally = Tally()
    fill(make, iter([number]), tally, n=wanted)
    return tally, make.teacher


def _get(ray: Any, reference: Any) -> Any:
    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, HrdistillError):
            raise error.cause from error
        raise
    except ray.exceptions.RayError as error:
        told = " ".join(str(error).split())[:200]
        raise TeacherError(
            f"a Ray task died {_RETRIES + 1} times ({told}); all whole shards are kept: "
            "run the same command again to go on"
        ) from error
