"""What tests of endpoints share: requests, a server that can be told what to answer, waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from hrdistill.teacher.endpoint import endpoint as endpoint_module
from hrdistill.teacher.endpoint.endpoint import Endpoint, EndpointSettings
from hrdistill.teacher.endpoint.money import Account
from hrdistill.teacher.endpoint.wire import ChatRequest
from hrdistill.teacher.mock.server import MODEL, MockServer, MockSettings

Chat = Callable[..., ChatRequest]
Response = tuple[int, str, dict[str, str]]
"""Status, body, headers."""
Step = Response | Callable[[], Awaitable[Any]] | None
"""A response, something that waits before it gives one, or None for what the mock answers."""


@dataclass
class Served:
    """A mock server that listens.

    Attributes:
        url: with `/v1`.
        mock: behind it.
        bodies: of the calls that came.
        headers: of these.
    """

    url: str
    mock: MockServer
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


Serving = Callable[..., AbstractAsyncContextManager[Served]]
Connect = Callable[..., AbstractAsyncContextManager[Endpoint]]


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


@pytest.fixture
def cache_path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "replies.sqlite"


@pytest.fixture(scope="session")
def chat() -> Chat:
    def make(text: str = "Hello", **fields: Any) -> ChatRequest:
        return ChatRequest(**({"model": MODEL, "messages": (("user", text),)} | fields))

    return make


@pytest.fixture
def serving() -> Serving:
    """Starts a server that answers by a script first, then as the mock does.

    A script is of steps in the order of calls, or gives the step for a call's words.
    """

    @asynccontextmanager
    async def serve(
        settings: MockSettings | None = None, script: Iterable[Step] | Callable[[str], Step] = ()
    ) -> AsyncIterator[Served]:
        served = Served("", MockServer(settings))
        steps = iter(()) if callable(script) else iter(script)

        @web.middleware
        async def watch(request: web.Request, handler: Any) -> web.StreamResponse:
            served.bodies.append(await request.json())
            served.headers.append(dict(request.headers))
            said = served.bodies[-1]["messages"][-1]["content"]
            step = script(said) if callable(script) else next(steps, None)
            if callable(step):
                step = await step()
            if isinstance(step, tuple):
                status, text, headers = step
                return web.Response(status=status, text=text, headers=headers)
            response: web.StreamResponse = await handler(request)
            return response

        application = served.mock.application()
        application.middlewares.append(watch)
        async with TestServer(application) as server:
            served.url = str(server.make_url("/v1"))
            yield served

    return serve


@pytest.fixture
def connect(cache_path: Path) -> Connect:
    """Opens an endpoint, with replies in a file of this test."""

    @asynccontextmanager
    async def opened(
        url: str, account: Account | None = None, **settings: Any
    ) -> AsyncIterator[Endpoint]:
        account = account if account is not None else Account()
        async with Endpoint(EndpointSettings(url, **settings), cache_path, account) as endpoint:
            yield endpoint

    return opened


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)

    async def wait_for(self, awaited: Coroutine[Any, Any, Any], seconds: float) -> Any:
        """As asyncio's: what comes by itself comes at once, all else never."""
        task = asyncio.ensure_future(awaited)
        await asyncio.sleep(0)
        if task.done():
            return task.result()
        task.cancel()
        await self.sleep(seconds)
        raise TimeoutError

    def replace_in(self, module: Any, patch: pytest.MonkeyPatch) -> None:
        """Lets a module read this clock and sleep by it; the event loop keeps its own."""
        own = SimpleNamespace(**vars(asyncio) | {"sleep": self.sleep, "wait_for": self.wait_for})
        patch.setattr(module, "asyncio", own)
        if hasattr(module, "time"):
            patch.setattr(
                module, "time", SimpleNamespace(monotonic=self.monotonic, time=lambda: 1.7e9)
            )


@pytest.fixture(scope="session")
def new_clock() -> type[Clock]:
    """For properties, whose examples each begin anew."""
    return Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sleeps(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Waits of the endpoint between tries, which take no time and are written down."""
    clock.replace_in(endpoint_module, monkeypatch)
    return clock.slept
