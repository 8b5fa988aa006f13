"""An endpoint: asks, keeps replies, retries, and stays within limits and budget.

aiohttp speaks the wire format and not the official client, because that alone takes most of the
time that a run at full speed has for a call (figures in docs/results.md).
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import aiohttp

from hrdistill.errors import DataError, HrdistillError, RefusedError, StopRunError
from hrdistill.teacher.endpoint.cache import ResponseCache
from hrdistill.teacher.endpoint.limits import Concurrency, RateLimit
from hrdistill.teacher.endpoint.money import Account, counted, estimate_tokens
from hrdistill.teacher.endpoint.wire import (
    ChatRequest,
    Dialect,
    Reply,
    complaint_of,
    is_too_long,
    read_reply,
)

DEFAULT_BASE_URL = "https://api.openai.com/v1"
_TRIES = 12
"""Faults of one call (a dropped connection, a 500, a time-out) before it is given up."""
_FIRST_TRIES = 4
"""The same before anything was ever answered: there is probably no route."""
_LONGEST_WAIT_S = 10.0
_PATIENCE_S = 1800.0
"""How long one call may be turned away for too many requests before the run stops."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """How an endpoint is reached and how much may be asked of it.

    Attributes:
        base_url: up to and with `/v1`.
        key_variable: environment variable that holds the key.
        max_in_flight: most calls at a time.
        requests_per_minute: None for no limit.
        tokens_per_minute: of prompts and replies; None for no limit.
        timeout_s: of one call.
    """

    base_url: str = DEFAULT_BASE_URL
    key_variable: str = "OPENAI_API_KEY"
    max_in_flight: int = 64
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    timeout_s: float = 300.0

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine, where it needs neither key nor proxy."""
        return (urlsplit(self.base_url).hostname or "") in ("localhost", "127.0.0.1", "::1")

    def share(self, n: int) -> EndpointSettings:
        """An n-th of the limits."""
        rpm, tpm = self.requests_per_minute, self.tokens_per_minute
        return replace(
            self,
            max_in_flight=max(1, self.max_in_flight // n),
            requests_per_minute=None if rpm is None else rpm / n,
            tokens_per_minute=None if tpm is None else tpm / n,
        )

    def headers(self) -> dict[str, str]:
        """The key, from the environment alone.

        Raises:
            StopRunError: the endpoint is not on this machine, and there is no key.
        """
        key = os.environ.get(self.key_variable, "").strip()
        if key:
            return {"Authorization": f"Bearer {key}"}
        if self.is_local:
            return {}
        raise StopRunError(
            f"no key for {self.base_url}: set the environment variable {self.key_variable}, or "
            "name another with --key-variable"
        )


class Endpoint:
    """See the module. To be used within `async with`.

    Args:
        settings: how it is reached.
        cache_path: file of the replies that are kept.
        account: where calls are booked.
    """

    def __init__(self, settings: EndpointSettings, cache_path: Path, account: Account) -> None:
        self.settings, self.cache_path, self.account = settings, cache_path, account
        self.n_at_once = 2 * settings.max_in_flight  # a context does not ask all the time
        self._dialect = Dialect()
        self._failure: HrdistillError | None = None
        self._live: _Live | None = None

    async def __aenter__(self) -> Endpoint:
        settings, self._failure = self.settings, None
        headers = settings.headers()
        self._live = _Live(
            ResponseCache(self.cache_path),
            Concurrency(settings.max_in_flight),
            RateLimit(settings.requests_per_minute),
            RateLimit(settings.tokens_per_minute),
            aiohttp.ClientSession(
                headers=headers,
                connector=aiohttp.TCPConnector(limit=0),
                timeout=aiohttp.ClientTimeout(total=settings.timeout_s),
                trust_env=not settings.is_local,
            ),
            asyncio.Event(),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        live = self.live
        for task in list(live.asked.values()):  # nobody waits for these any more
            task.cancel()
        await asyncio.gather(*live.asked.values(), return_exceptions=True)
        self._live = None
        await live.session.close()
        live.cache.close()

    @property
    def live(self) -> _Live:
        """What is open within `async with`, and cannot be sent to another process."""
        if self._live is None:
            raise RuntimeError("an endpoint is used within 'async with'")
        return self._live

    def share(self, n: int) -> Endpoint:
        """One that may ask for an n-th of what this one may, for another process."""
        return Endpoint(self.settings.share(n), self.cache_path, self.account.share(n))

    def stop(self, failure: HrdistillError) -> None:
        """Lets calls in flight end and be kept, and refuses others with an error."""
        if self._failure is None:
            self._failure = failure
        if self._live is not None:
            self._live.stopped.set()

    def seconds_for(self, n_calls: float, n_tokens: float) -> float | None:
        """How long so many calls like those so far take; None where none was timed."""
        if not self.account.n_calls:
            return None
        settings = self.settings
        seconds = n_calls * self.account.answer_s / self.account.n_calls / settings.max_in_flight
        if settings.requests_per_minute is not None:
            seconds = max(seconds, 60 * n_calls / settings.requests_per_minute)
        if settings.tokens_per_minute is not None:
            seconds = max(seconds, 60 * n_tokens / settings.tokens_per_minute)
        return seconds

    async def complete(self, request: ChatRequest) -> Reply:
        """The reply to a request: the one that is kept, else the endpoint's.

        Raises:
            RefusedError: this request cannot be answered.
            StopRunError: none can any more.
            DataError: replies cannot be kept.
        """
        if (kept := self.live.cache.get(request.key)) is not None:
            self.account.reuse(kept)
            return kept
        asked = self.live.asked
        if request.key not in asked:  # who asks the same meanwhile gets the same reply
            asked[request.key] = asyncio.create_task(self._ask(request))
            asked[request.key].add_done_callback(lambda _: asked.pop(request.key))
        return await asyncio.shield(asked[request.key])

    async def _ask(self, request: ChatRequest) -> Reply:
        """Asks until there is an answer, within the budget."""
        try:
            await self.account.reserve(request)
            return await self._retry(request)
        except (StopRunError, DataError) as error:
            self.stop(error)
            raise
        finally:
            self.account.release(request)

    async def _retry(self, request: ChatRequest) -> Reply:
        faults, began, n_before = 0, time.monotonic(), self.account.n_calls
        while True:
            outcome = await self._try(request)
            if outcome.reply is not None:
                return outcome.reply
            if outcome.kind == "rejected":
                self._give_up(request, outcome)
                continue
            self.account.n_retries += 1
            if outcome.kind == "fault":
                faults += 1
                self._check_faults(outcome, faults, n_before)
            elif time.monotonic() - began > _PATIENCE_S:
                raise StopRunError(
                    f"{self.settings.base_url} has turned a call away for "
                    f"{_PATIENCE_S / 60:.0f} minutes ({outcome.complaint}); "
                    "all that is done is kept: run the same command again later"
                )
            await self._wait(outcome, faults)

    async def _try(self, request: ChatRequest) -> _Outcome:
        """Asks once; a reply is booked and kept before its slot is free."""
        live = self.live
        await live.concurrency.acquire()
        slot = _Slot(live.concurrency)
        try:
            self._check()
            estimated = estimate_tokens(request) + request.max_tokens / 2
            await live.requests.take(1)
            await live.tokens.take(estimated)
            self._check()
            outcome = await self._post(request)
            if (reply := outcome.reply) is not None:
                live.tokens.settle(estimated, reply.prompt_tokens + reply.completion_tokens)
                self.account.pay(request, reply, seconds=outcome.latency_s or 0.0)
                await live.cache.put(request.key, request.model, reply)
            slot.release(refused=outcome.kind == "full", latency_s=outcome.latency_s)
            return outcome
        finally:
            slot.release()

    def _check(self) -> None:
        """Raises what the endpoint was stopped for."""
        if self._failure is not None:
            raise self._failure

    async def _wait(self, outcome: _Outcome, faults: int) -> None:
        """Waits as long as the endpoint says, else longer from fault to fault; a stop ends it."""
        if outcome.retry_after_s is not None:
            seconds = min(outcome.retry_after_s, _PATIENCE_S)
        else:
            base = 0.05 if outcome.kind == "full" else 0.1 * 2**faults
            seconds = min(_LONGEST_WAIT_S, base) * random.uniform(0.5, 1.5)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.live.stopped.wait(), seconds)

    def _check_faults(self, outcome: _Outcome, faults: int, n_before: int) -> None:
        """Gives up a call that goes wrong again and again, or the run where others do, too."""
        told = f"no answer in {faults} tries ({outcome.complaint})"
        if faults >= _TRIES and self.account.n_calls > n_before:
            raise RefusedError(told)
        if faults >= (_TRIES if self.account.n_calls else _FIRST_TRIES):
            raise StopRunError(
                f"{self.settings.base_url}: {told}; check the address and the server; all that is "
                "done is kept: run the same command again to go on"
            )

    def _give_up(self, request: ChatRequest, outcome: _Outcome) -> None:
        """Sees whether a refusal can be met by asking otherwise; raises where it cannot."""
        complaint, status = outcome.complaint, outcome.status
        if status in (401, 403):
            variable = self.settings.key_variable
            state = "is wrong" if os.environ.get(variable) else "is not set"
            raise StopRunError(
                f"{self.settings.base_url} refuses the key (status {status}: {complaint}); "
                f"the environment variable {variable} {state}"
            )
        if status == 404:
            raise StopRunError(
                f"{self.settings.base_url} knows no model {request.model!r} or no chat "
                f"completions (status 404: {complaint}); check --teacher and --base-url"
            )
        if status == 402:
            raise StopRunError(f"{self.settings.base_url}: out of credit ({complaint})")
        if is_too_long(complaint):
            raise RefusedError(f"the context is too long for the model ({complaint})")
        if status in (400, 422):
            if outcome.dialect != self._dialect:  # another call has found it out meanwhile
                return
            if (changed := self._dialect.without(complaint)) is not None:
                self._dialect, what = changed
                _log.warning("%s refuses part of a call (%s); going on with %s",
                             self.settings.base_url, complaint, what)  # fmt: skip
                return
        raise RefusedError(f"the endpoint refuses the request (status {status}: {complaint})")

    async def _post(self, request: ChatRequest) -> _Outcome:
        began, dialect = time.monotonic(), self._dialect
        body = json.dumps(request.body(dialect), ensure_ascii=False)
        try:
            async with self.live.session.post(
                self.settings.base_url.rstrip("/") + "/chat/completions",
                data=body.encode(),
                headers={"Content-Type": "application/json"},
            ) as response:
                status, content = response.status, await response.read()
                retry_after_s = _retry_after(response.headers)
        except TimeoutError:
            return _Outcome("fault", complaint=f"no answer in {self.settings.timeout_s:g} s")
        except (aiohttp.ClientError, ConnectionError) as error:
            return _Outcome("fault", complaint=str(error) or type(error).__name__)
        latency_s = time.monotonic() - began
        text = content.decode("utf-8", errors="replace")
        if status == 200:
            try:
                reply = read_reply(json.loads(text))
            except (ValueError, RecursionError):
                reply = None
            if reply is None:
                return _Outcome("fault", complaint="a reply that is cut or no JSON")
            return _Outcome("reply", reply=counted(request, reply), latency_s=latency_s)
        complaint = complaint_of(text) or f"status {status}"
        if status == 429 and "insufficient_quota" in complaint:
            return _Outcome("rejected", status=402, complaint=complaint)
        kind: _Kind = "rejected"
        if status in (429, 503, 529):
            kind = "full"
        elif status >= 500 or status in (408, 409):
            kind = "fault"
        return _Outcome(
            kind, status=status, complaint=complaint, retry_after_s=retry_after_s, dialect=dialect
        )


_Kind = Literal["reply", "full", "fault", "rejected"]


@dataclass(frozen=True, slots=True)
class _Outcome:
    kind: _Kind
    reply: Reply | None = None
    status: int = 0
    complaint: str = ""
    retry_after_s: float | None = None
    latency_s: float | None = None
    dialect: Dialect | None = None


@dataclass(frozen=True, slots=True)
class _Live:
    cache: ResponseCache
    concurrency: Concurrency
    requests: RateLimit
    tokens: RateLimit
    session: aiohttp.ClientSession
    stopped: asyncio.Event
    asked: dict[str, asyncio.Task[Reply]] = field(default_factory=dict)


class _Slot:
    """A slot that is given back once, whatever happens."""

    def __init__(self, concurrency: Concurrency) -> None:
        self._concurrency: Concurrency | None = concurrency

    def release(self, *, refused: bool = False, latency_s: float | None = None) -> None:
        if self._concurrency is not None:
            self._concurrency.release(refused=refused, latency_s=latency_s)
            self._concurrency = None


def _retry_after(headers: Any) -> float | None:
    """Seconds that a response asks to wait: a number or a date."""
    if (ms := headers.get("retry-after-ms")) is not None and ms.isdigit():
        return int(ms) / 1000
    value = headers.get("Retry-After")
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
