"""Limits: slots that follow what an endpoint takes, and so many units a minute."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdistill.teacher.endpoint import limits
from hrdistill.teacher.endpoint.limits import Concurrency, RateLimit


@pytest.fixture(autouse=True)
def _told_time(clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    clock.replace_in(limits, monkeypatch)


def play(
    concurrency: Concurrency,
    clock: Any,
    *,
    takes: int | None,
    seconds: float,
    latency_s: float = 1.0,
) -> list[tuple[float, float]]:
    """Asks as often as slots allow; returns the limit over time.

    Args:
        concurrency: gives the slots.
        clock: goes on by twentieths of a second.
        takes: calls that the endpoint holds at once, each for the latency; it refuses others
            within a twentieth. None for any number.
        seconds: how long.
        latency_s: of an answer.
    """
    limits_over_time = []

    async def run() -> None:
        held: list[float] = []
        for _ in range(round(seconds * 20)):
            n_refused = 0
            while concurrency.in_flight < int(concurrency.limit):
                await concurrency.acquire()
                if takes is None or len(held) < takes:
                    held.append(clock.now + latency_s)
                else:
                    n_refused += 1
            clock.now += 0.05
            for _ in range(n_refused):
                concurrency.release(refused=True)
            while held and held[0] <= clock.now:
                held.pop(0)
                concurrency.release(latency_s=latency_s)
            limits_over_time.append((clock.now, concurrency.limit))
        for _ in held:
            concurrency.release(latency_s=latency_s)

    asyncio.run(run())
    return limits_over_time


def answer_round(concurrency: Concurrency, clock: Any, *, n_refused: int, seconds: float) -> None:
    """A round in which all slots are taken at once and answered together."""

    async def run() -> None:
        n = int(concurrency.limit)
        for _ in range(n):
            await concurrency.acquire()
        clock.now += seconds
        for place in range(n):
            refused = place < n_refused
            concurrency.release(refused=refused, latency_s=None if refused else seconds)

    asyncio.run(run())


@given(st.lists(st.booleans(), min_size=1, max_size=80), st.integers(1, 8))
def test_never_more_calls_than_the_limit_are_in_flight(refusals: list[bool], most: int) -> None:
    concurrency, n_in_flight, n_done = Concurrency(most), 0, 0

    async def call(refused: bool) -> None:
        nonlocal n_in_flight, n_done
        await concurrency.acquire()
        n_in_flight += 1
        assert n_in_flight <= concurrency.in_flight <= most
        for _ in range(n_done % 3):
            await asyncio.sleep(0)
        n_in_flight -= 1
        n_done += 1
        concurrency.release(refused=refused, latency_s=None if refused else 0.1)

    async def run() -> None:
        await asyncio.gather(*(call(refused) for refused in refusals))

    asyncio.run(run())
    assert n_done == len(refusals)
    assert concurrency.in_flight == 0
    assert 1 <= concurrency.limit <= most


def test_a_lowered_limit_holds_new_calls_back_until_enough_have_ended() -> None:
    async def run() -> None:
        concurrency = Concurrency(4)
        for _ in range(4):
            await concurrency.acquire()
        waiting = [asyncio.create_task(concurrency.acquire()) for _ in range(2)]
        await asyncio.sleep(0)
        concurrency.limit = 2.0
        for n_started in (0, 0, 1, 2):
            concurrency.release(latency_s=0.1)
            await asyncio.sleep(0)
            assert sum(task.done() for task in waiting) == n_started

    asyncio.run(run())


def test_slots_are_given_first_come_first_served() -> None:
    async def run() -> None:
        concurrency, order = Concurrency(1), []

        async def call(name: int) -> None:
            await concurrency.acquire()
            order.append(name)
            await asyncio.sleep(0)
            concurrency.release(latency_s=0.1)

        await asyncio.gather(*(call(name) for name in range(5)))
        assert order == list(range(5))

    asyncio.run(run())


def test_the_limit_falls_to_about_what_the_endpoint_takes_and_stays_there(clock: Any) -> None:
    concurrency = Concurrency(64)
    over_time = play(concurrency, clock, takes=16, seconds=30)
    settled = [limit for _, limit in over_time[len(over_time) // 2 :]]
    assert min(settled) >= 14
    assert max(settled) <= 24


def test_there_is_at_most_one_decrease_a_round_trip(clock: Any) -> None:
    concurrency = Concurrency(64)
    play(concurrency, clock, takes=None, seconds=3)  # so that the round trip of 1 s is known
    over_time = play(concurrency, clock, takes=4, seconds=30)
    decreases = [at for (_, before), (at, after) in pairwise(over_time) if after < before]
    assert len(decreases) >= 3
    gaps = [after - before for before, after in pairwise(decreases)]
    assert min(gaps) >= 1.0 - 1e-6


def test_a_burst_of_refusals_halves_the_limit_once(clock: Any) -> None:
    concurrency = Concurrency(16)
    answer_round(concurrency, clock, n_refused=0, seconds=1.0)
    answer_round(concurrency, clock, n_refused=16, seconds=0.1)
    assert concurrency.limit == 8.0
    answer_round(concurrency, clock, n_refused=8, seconds=0.1)  # the same trouble, still
    assert concurrency.limit == 8.0
    answer_round(concurrency, clock, n_refused=8, seconds=1.0)
    assert concurrency.limit == 4.0


def test_the_limit_rises_again_when_the_endpoint_takes_more(clock: Any) -> None:
    concurrency = Concurrency(32)
    play(concurrency, clock, takes=4, seconds=20)
    assert concurrency.limit <= 8
    over_time = play(concurrency, clock, takes=None, seconds=60)
    assert concurrency.limit == 32
    steps = {round(after - before, 6) for (_, before), (_, after) in pairwise(over_time)}
    assert steps == {0.0, 1.0}  # by one at a time


def test_one_refusal_among_many_is_noise(clock: Any) -> None:
    concurrency = Concurrency(64)
    for _ in range(20):
        answer_round(concurrency, clock, n_refused=3, seconds=1.0)
    assert concurrency.limit == 64


def test_an_endpoint_that_refuses_all_is_still_asked(clock: Any) -> None:
    concurrency = Concurrency(64)
    play(concurrency, clock, takes=0, seconds=30)
    assert concurrency.limit == 1.0
    play(concurrency, clock, takes=16, seconds=40)
    assert concurrency.limit > 8


def test_slower_answers_lower_the_limit_where_no_more_of_them_come(clock: Any) -> None:
    concurrency = Concurrency(20)
    answer_round(concurrency, clock, n_refused=0, seconds=1.0)
    answer_round(concurrency, clock, n_refused=0, seconds=3.0)  # slower, within what varies
    assert concurrency.limit == 20
    answer_round(concurrency, clock, n_refused=0, seconds=5.0)
    assert concurrency.limit == 16


def test_slower_answers_of_which_more_come_lower_nothing(clock: Any) -> None:
    concurrency = Concurrency(40)
    while concurrency.limit > 3:
        answer_round(concurrency, clock, n_refused=40, seconds=1.0)
    answer_round(concurrency, clock, n_refused=0, seconds=1.0)  # the best latency, 2 a second
    while concurrency.limit < 40:
        answer_round(concurrency, clock, n_refused=0, seconds=1.1)
    answer_round(concurrency, clock, n_refused=0, seconds=5.0)  # 8 a second
    assert concurrency.limit == 40
    answer_round(concurrency, clock, n_refused=0, seconds=21.0)  # fewer than 2 a second
    assert concurrency.limit == 32


def test_a_cancelled_wait_takes_no_slot() -> None:
    async def run() -> None:
        concurrency = Concurrency(1)
        await concurrency.acquire()
        first, second = (asyncio.create_task(concurrency.acquire()) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        assert first.cancelled()
        concurrency.release(latency_s=0.1)
        await asyncio.wait_for(second, 10)
        assert concurrency.in_flight == 1

    asyncio.run(run())


def test_a_slot_handed_to_a_cancelled_wait_goes_on_to_the_next() -> None:
    async def run() -> None:
        concurrency = Concurrency(1)
        await concurrency.acquire()
        first, second = (asyncio.create_task(concurrency.acquire()) for _ in range(2))
        await asyncio.sleep(0)
        concurrency.release(latency_s=0.1)  # the first has it, and does not know yet
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        assert first.cancelled()
        await asyncio.wait_for(second, 10)
        assert concurrency.in_flight == 1
        concurrency.release(latency_s=0.1)
        assert concurrency.in_flight == 0

    asyncio.run(run())


# Units a minute


def test_without_a_limit_nothing_waits(clock: Any) -> None:
    async def run() -> None:
        limit = RateLimit(None)
        for _ in range(1000):
            await limit.take(1e9)
        limit.settle(1e9, 0)

    asyncio.run(run())
    assert clock.slept == []


def test_three_seconds_worth_goes_at_once_and_the_rest_evenly(clock: Any) -> None:
    async def run() -> None:
        limit = RateLimit(60)
        for _ in range(6):
            await limit.take(1)

    asyncio.run(run())
    assert clock.slept == pytest.approx([1.0, 1.0, 1.0])


def test_those_who_wait_together_wait_for_their_own_turns(clock: Any) -> None:
    waits = []

    class Sleeper:
        @staticmethod
        async def sleep(seconds: float) -> None:
            waits.append(seconds)

    async def run() -> None:
        limit = RateLimit(60)
        await asyncio.gather(*(limit.take(1) for _ in range(6)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "asyncio", Sleeper)
        asyncio.run(run())
    assert waits == pytest.approx([1.0, 2.0, 3.0])


@given(
    st.sampled_from([6.0, 60.0, 90_000.0]),
    st.lists(st.tuples(st.floats(0, 20), st.floats(0, 5)), min_size=1, max_size=30),
)
def test_no_stretch_of_time_sees_more_than_its_share(
    new_clock: Any, per_minute: float, takes: list[tuple[float, float]]
) -> None:
    """At most a burst of three seconds (or one unit) above the rate; idle time saves up no more."""
    clock, rate, granted = new_clock(), per_minute / 60, []

    async def run() -> None:
        limit = RateLimit(per_minute)
        for idle_s, share in takes:
            clock.now += idle_s
            units = share * rate
            await limit.take(units)
            granted.append((clock.now, units))

    with pytest.MonkeyPatch.context() as patch:
        clock.replace_in(limits, patch)
        asyncio.run(run())
    burst = max(1.0, 3 * rate)
    for first in range(len(granted)):
        total = 0.0
        for at, units in granted[first + 1 :]:
            total += units
            assert total <= burst + rate * (at - granted[first][0]) + 1e-6 * rate + 1e-6


def test_what_was_estimated_too_high_is_given_back(clock: Any) -> None:
    async def run(actual: float) -> float:
        clock.slept.clear()
        limit = RateLimit(60)
        await limit.take(3)
        limit.settle(3, actual)
        await limit.take(3)
        return sum(clock.slept)

    assert asyncio.run(run(actual=3)) == pytest.approx(3.0)
    assert asyncio.run(run(actual=1)) == pytest.approx(1.0)
    assert asyncio.run(run(actual=5)) == pytest.approx(5.0)
