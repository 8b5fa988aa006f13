"""Shards as Ray tasks, on this machine or a cluster that shares the output folder."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator
from typing import Any

from hrdistill.errors import HrdistillError, MissingExtraError, TeacherError
from hrdistill.generation.maker import ShardMaker
from hrdistill.generation.pipeline import Tally

_RETRIES = 3


def shards_on_ray(
    make: ShardMaker, numbers: Iterator[int], *, workers: int, address: str | None = None
) -> Generator[list[Tally], None, None]:
    """Makes shards in Ray tasks; yields the tallies of each, in order.

    A task whose worker dies is run again, up to three times: a shard that was half written left
    nothing behind.

    Args:
        make: makes a shard.
        numbers: of the shards, in order.
        workers: tasks at a time.
        address: of a running cluster, whose machines must all see the output folder under its
            name; None starts Ray on this machine.

    Raises:
        MissingExtraError: Ray is not installed.
        TeacherError: no cluster answers, or a task failed for good.
    """
    try:
        import ray
    except ImportError as error:
        raise MissingExtraError("ray", extra="ray") from error
    started = not ray.is_initialized()
    if started:
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
        maker = ray.put(make)
        task = ray.remote(num_cpus=1, max_retries=_RETRIES)(_make)
        pending: list[Any] = []
        for number in numbers:
            pending.append(task.remote(maker, number))
            if len(pending) > workers:
                yield _get(ray, pending.pop(0))
        while pending:
            yield _get(ray, pending.pop(0))
    finally:
        if started:
            ray.shutdown()


def _make(make: ShardMaker, number: int) -> list[Tally]:
    return make(number)


def _get(ray: Any, reference: Any) -> list[Tally]:
    try:
        tallies: list[Tally] = ray.get(reference)
        return tallies
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
