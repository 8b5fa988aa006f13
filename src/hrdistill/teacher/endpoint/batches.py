"""Calls in batches: half the price at most providers, answered within a day.

Requests are gathered until nothing more comes by itself, uploaded as one file, and waited for.
What was submitted is remembered beside the replies, so that a later run collects it in place of
paying again; requests that a batch leaves unanswered go into the next.
"""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from hrdistill.errors import HrdistillError, RefusedError, StopRunError
from hrdistill.teacher.endpoint.cache import ResponseCache
from hrdistill.teacher.endpoint.endpoint import EndpointSettings
from hrdistill.teacher.endpoint.money import Account, counted
from hrdistill.teacher.endpoint.wire import (
    ChatRequest,
    Dialect,
    Reply,
    complaint_of,
    is_too_long,
    read_reply,
)

MOST_REQUESTS = 50_000
"""Requests of one batch, by OpenAI's limit."""
_MOST_BYTES = 100 << 20
_QUIET_S = 0.2
"""Without a new request for so long, what has come is sent."""
_TRIES = 4
_ENDED = ("completed", "failed", "expired", "cancelled", "gone")

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Waiting:
    request: ChatRequest
    future: asyncio.Future[Reply]
    tries: int = 0


class BatchEndpoint:
    """See the module. To be used within `async with`.

    Args:
        settings: how the endpoint is reached.
        cache_path: file of the replies that are kept, and of the batches under way.
        account: where calls are booked.
        poll_s: how often a batch is asked after.
    """

    def __init__(
        self, settings: EndpointSettings, cache_path: Path, account: Account, *, poll_s: float
    ) -> None:
        self.settings, self.cache_path, self.account = settings, cache_path, account
        self.poll_s = poll_s
        self.n_at_once = 20_000
        self._dialect = Dialect()
        self._failure: HrdistillError | None = None
        self._waiting: dict[str, _Waiting] = {}
        self._came = asyncio.Event()
        self._open: tuple[ResponseCache, aiohttp.ClientSession, asyncio.Task[None]] | None = None

    async def __aenter__(self) -> BatchEndpoint:
        self._failure = None
        session = aiohttp.ClientSession(
            headers=self.settings.headers(),
            timeout=aiohttp.ClientTimeout(total=self.settings.timeout_s),
        )
        cache = ResponseCache(self.cache_path)
        self._open = cache, session, asyncio.create_task(self._work())
        return self

    async def __aexit__(self, *_: object) -> None:
        cache, session, work = self._opened
        self._open = None
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await session.close()
        cache.close()

    @property
    def _opened(self) -> tuple[ResponseCache, aiohttp.ClientSession, asyncio.Task[None]]:
        if self._open is None:
            raise RuntimeError("an endpoint is used within 'async with'")
        return self._open

    def share(self, n: int) -> BatchEndpoint:
        """One of n for as many processes."""
        account = self.account.share(n)
        return BatchEndpoint(self.settings, self.cache_path, account, poll_s=self.poll_s)

    def stop(self, failure: HrdistillError) -> None:
        """Refuses what waits, with an error; batches under way are collected by a later run."""
        if self._failure is None:
            self._failure = failure
        for key in list(self._waiting):
            self._settle(key, self._failure)

    def seconds_for(self, n_calls: float, n_tokens: float) -> float | None:
        """Not known: a batch takes as long as its provider likes, a day at most."""
        return None

    async def complete(self, request: ChatRequest) -> Reply:
        """The reply to a request: the one that is kept, else a batch's; see `Endpoint.complete`."""
        if (kept := self._opened[0].get(request.key)) is not None:
            self.account.reuse(kept)
            return kept
        if request.key not in self._waiting:
            try:
                await self.account.reserve(request)
            except StopRunError as error:
                self.stop(error)
                raise
        if self._failure is not None:
            self.account.release(request)
            raise self._failure
        if request.key not in self._waiting:
            future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
            self._waiting[request.key] = _Waiting(request, future)
            self._came.set()
        return await asyncio.shield(self._waiting[request.key].future)

    async def _work(self) -> None:
        """Gathers, submits and collects until it is cancelled."""
        cache, *_ = self._opened
        try:
            remembered = cache.batches(self.settings.base_url)
            while True:
                await self._gather()
                for batch_id, keys in list(remembered.items()):
                    if not self._waiting.keys().isdisjoint(keys):
                        await self._collect(batch_id, keys, None)
                        del remembered[batch_id]
                submitted, dialect = [], self._dialect
                for part in _parts(list(self._waiting.values()), dialect):
                    batch_id = await self._submit(part)
                    keys = [waiting.request.key for waiting in part]
                    cache.add_batch(batch_id, self.settings.base_url, keys)
                    submitted.append((batch_id, keys))
                for batch_id, keys in submitted:
                    await self._collect(batch_id, keys, dialect)
        except HrdistillError as error:
            self.stop(error)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self.stop(self._lost(f"cannot be reached ({error or 'no answer'})"))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self.stop(self._lost(f"does not speak of batches as expected ({error!r})"))

    def _lost(self, what: str) -> StopRunError:
        return StopRunError(
            f"{self.settings.base_url} {what}; batches under way are remembered: "
            "run the same command again to go on"
        )

    async def _gather(self) -> None:
        """Waits until something waits and nothing more comes."""
        while not self._waiting:
            self._came.clear()
            await self._came.wait()
        while True:
            self._came.clear()
            try:
                await asyncio.wait_for(self._came.wait(), _QUIET_S)
            except TimeoutError:
                return

    async def _submit(self, part: list[_Waiting]) -> str:
        """Uploads requests and starts a batch; returns its id."""
        form = aiohttp.FormData()
        lines = "".join(_line(waiting.request, self._dialect) for waiting in part)
        form.add_field("purpose", "batch")
        form.add_field("file", lines.encode(), filename="requests.jsonl")
        file = await self._call("post", "/files", data=form)
        body = {
            "input_file_id": file["id"],
            "endpoint": "/v1/chat/completions",
            "completion_window": "24h",
        }
        batch = await self._call("post", "/batches", json=body)
        _log.info("batch %s: %d calls submitted", batch["id"], len(part))
        return str(batch["id"])

    async def _collect(self, batch_id: str, keys: list[str], dialect: Dialect | None) -> None:
        """Waits for a batch and hands out its answers; what it leaves waits for the next.

        Args:
            batch_id: of the batch.
            keys: of its requests.
            dialect: that they were put in; None where that is not known any more.
        """
        cache, *_ = self._opened
        problems: dict[str, str] = {}
        while True:
            text = await self._text(f"/batches/{batch_id}", may_be_gone=True)
            batch = json.loads(text) if text else {"status": "gone"}
            if batch["status"] in _ENDED:
                break
            await asyncio.sleep(self.poll_s)
        for kind in ("output_file_id", "error_file_id"):
            if batch.get(kind):
                await self._read(await self._text(f"/files/{batch[kind]}/content"), problems)
        for key in keys:
            if key in self._waiting:
                complaint = problems.get(key, f"the batch is {batch['status']}")
                self._try_again(key, complaint, dialect)
        cache.drop_batch(batch_id, self.settings.base_url)

    async def _read(self, lines: str, problems: dict[str, str]) -> None:
        """Takes the answers of a result file, those that nobody waits for any more among them."""
        cache, *_ = self._opened
        replies: dict[str, Reply] = {}
        puts = []
        for line in filter(str.strip, lines.split("\n")):
            row = json.loads(line)
            key, response = str(row["custom_id"]), row.get("response") or {}
            body, status = response.get("body") or {}, response.get("status_code")
            try:
                reply = read_reply(body) if status == 200 else None
            except RefusedError as error:
                self._settle(key, error)
                continue
            if reply is None:
                problems[key] = complaint_of(json.dumps(body or row.get("error")))
                if status in (401, 403, 404):
                    raise StopRunError(
                        f"{self.settings.base_url} refuses calls (status {status}: "
                        f"{problems[key]}); check the model and {self.settings.key_variable}"
                    )
                continue
            replies[key] = reply
            puts.append(cache.put(key, str(body.get("model")), reply))
        await asyncio.gather(*puts)
        for key, reply in replies.items():
            if key in self._waiting:
                request = self._waiting[key].request
                self.account.pay(request, counted(request, reply))
                self._settle(key, reply)

    def _try_again(self, key: str, complaint: str, dialect: Dialect | None) -> None:
        """Leaves a request for the next batch, if another may bring an answer."""
        waiting = self._waiting[key]
        waiting.tries += 1
        self.account.n_retries += 1
        changed = self._dialect.without(complaint)
        if changed is not None and dialect == self._dialect:
            self._dialect, what = changed
            _log.warning("%s refuses part of a call (%s); going on with %s",
                         self.settings.base_url, complaint, what)  # fmt: skip
        elif changed is None and (is_too_long(complaint) or waiting.tries >= _TRIES):
            self._settle(key, RefusedError(f"the batch gives no answer ({complaint})"))

    def _settle(self, key: str, outcome: Reply | HrdistillError) -> None:
        """Ends the waiting for a request, if anyone waits."""
        waiting = self._waiting.pop(key, None)
        if waiting is None:
            return
        self.account.release(waiting.request)
        if waiting.future.done():
            return
        if isinstance(outcome, Reply):
            waiting.future.set_result(outcome)
        else:
            waiting.future.set_exception(outcome)
            waiting.future.exception()  # nobody may be left to take it

    async def _call(self, method: str, path: str, **content: Any) -> Any:
        return json.loads(await self._text(path, method, **content))

    async def _text(
        self, path: str, method: str = "get", *, may_be_gone: bool = False, **content: Any
    ) -> str:
        """The body of a response, asked for again after passing trouble; empty where it is gone."""
        _, session, _ = self._opened
        url, trouble = self.settings.base_url + path, ""
        for attempt in range(_TRIES):
            try:
                async with session.request(method, url, **content) as response:
                    text, status = await response.text(), response.status
            except aiohttp.ClientError as error:
                if method != "get":  # it may have arrived
                    raise
                trouble = str(error)
            else:
                if status == 200:
                    return text
                if status == 404 and may_be_gone:
                    return ""
                trouble = f"status {status}: {complaint_of(text)}"
                if status < 500 and status != 429:
                    hint = f"; check {self.settings.key_variable}" if status in (401, 403) else ""
                    raise StopRunError(f"{url}: {trouble}{hint}")
            await asyncio.sleep(2.0**attempt)
        raise self._lost(f"gives no answer at {path} in {_TRIES} tries ({trouble})")


def _line(request: ChatRequest, dialect: Dialect) -> str:
    call = {
        "custom_id": request.key,
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": request.body(dialect),
    }
    return json.dumps(call, ensure_ascii=False) + "\n"


def _parts(waiting: list[_Waiting], dialect: Dialect) -> list[list[_Waiting]]:
    """Requests in as few batches as the endpoint's limits allow."""
    parts: list[list[_Waiting]] = []
    n_bytes = 0
    for one in waiting:
        size = len(_line(one.request, dialect).encode())
        if not parts or len(parts[-1]) == MOST_REQUESTS or n_bytes + size > _MOST_BYTES:
            parts.append([])
            n_bytes = 0
        parts[-1].append(one)
        n_bytes += size
    return parts
