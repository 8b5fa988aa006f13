"""How much may be asked at once and in a minute.

`Concurrency` starts at the most that is allowed and follows the endpoint down and up again
(additive increase, multiplicative decrease), `RateLimit` keeps to a plan's requests or tokens a
minute.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import deque

TOLERATED = 0.10
"""Share of refusals in a round that is taken for noise and not for a full endpoint."""
SLOWER = 4.0
"""Times the best round's latency at which an endpoint counts as queueing, if it does no more."""


class Concurrency:
    """Slots for calls in flight.

    A round is as many answers as there were slots at its start. A round with more than
    `TOLERATED` of refusals lowers the limit to what the endpoint still holds, at most to half and
    at most once a round trip; a round without raises it by one.

    Args:
        most: calls in flight at any time.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.limit = float(most)
        self.in_flight = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._round_size = most
        self._answers = self._refusals = 0
        self._latencies: list[float] = []
        self._round_began = time.monotonic()
        self._decreased = -float("inf")
        self._round_trip_s = 0.0
        self._best: tuple[float, float] | None = None  # latency and answers a second

    async def acquire(self) -> None:
        """Waits for a slot, first come first served."""
        if self.in_flight < int(self.limit) and not self._waiting:
            self.in_flight += 1
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self.in_flight -= 1  # the slot had just been handed over
                self._wake()
            raise

    def release(self, *, refused: bool = False, latency_s: float | None = None) -> None:
        """Gives a slot back, with what became of the call.

        Args:
            refused: the endpoint said that it is asked too much (429 or 503).
            latency_s: how long an answer took; None where there was none.
        """
        self.in_flight -= 1
        self._answers += 1
        self._refusals += refused
        if latency_s is not None:
            self._latencies.append(latency_s)
        if self._answers >= self._round_size:
            self._end_round()
        self._wake()

    def _end_round(self) -> None:
        now = time.monotonic()
        share = self._refusals / self._answers
        accepted = self._answers - self._refusals
        rate = accepted / max(now - self._round_began, 1e-6)
        median = statistics.median(self._latencies) if self._latencies else None
        if median is not None:
            self._round_trip_s = median
        if share > TOLERATED and self._refusals > 1:
            self._decrease(now, max(self.limit / 2, float(self.in_flight)))
        elif median is not None and self._queues(median, rate):
            self._decrease(now, self.limit * 0.8)
            self._best = median, rate
        elif self._refusals == 0 or share <= TOLERATED / 2:
            self.limit = min(float(self.most), self.limit + 1.0)
        self._round_size = max(1, int(self.limit))
        self._answers = self._refusals = 0
        self._latencies = []
        self._round_began = now

    def _queues(self, median: float, rate: float) -> bool:
        """Whether answers take far longer than they did, and no more of them come."""
        if self._best is None or median <= self._best[0]:
            self._best = median, rate
            return False
        return median > SLOWER * self._best[0] and rate <= self._best[1]

    def _decrease(self, now: float, limit: float) -> None:
        if now - self._decreased >= self._round_trip_s:
            self.limit = max(1.0, min(self.limit, limit))
            self._decreased = now

    def _wake(self) -> None:
        while self._waiting and self.in_flight < int(self.limit):
            future = self._waiting.popleft()
            if not future.done():
                self.in_flight += 1
                future.set_result(None)


class RateLimit:
    """So many units a minute, spread evenly, with a few seconds' worth at once.

    Args:
        per_minute: units; None for no limit.
    """

    _BURST_S = 3.0

    def __init__(self, per_minute: float | None) -> None:
        self._rate = None if per_minute is None else per_minute / 60.0
        self._capacity = 1.0 if per_minute is None else max(1.0, per_minute / 60.0 * self._BURST_S)
        self._level = self._capacity
        self._at = time.monotonic()

    async def take(self, units: float) -> None:
        """Waits until so many units are free. More than a burst is borrowed from what comes."""
        if self._rate is None:
            return
        self._refill()
        self._level -= units
        if self._level < 0:
            await asyncio.sleep(-self._level / self._rate)

    def settle(self, estimated: float, actual: float) -> None:
        """Corrects an estimate that was taken."""
        if self._rate is not None:
            self._refill()
            self._level = min(self._capacity, self._level + estimated - actual)

    def _refill(self) -> None:
        now = time.monotonic()
        self._level = min(self._capacity, self._level + (now - self._at) * (self._rate or 0.0))
        self._at = now
