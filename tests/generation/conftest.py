"""What tests of generation share: small shards, and a mock endpoint that listens meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from hrdistill.generation import source
from hrdistill.teacher.connect import TeacherOptions, connect_model
from hrdistill.teacher.llm import LLMTeacher
from hrdistill.teacher.mock.server import MODEL, MockServer, MockSettings


@dataclass(frozen=True)
class Endpoint:
    """A mock endpoint on loopback.

    Attributes:
        url: with `/v1`.
        server: behind it; counts the calls that it answered.
    """

    url: str
    server: MockServer

    def teacher(self, cache: Path, **options: Any) -> LLMTeacher:
        """Its model, with replies kept in a file."""
        return connect_model(MODEL, TeacherOptions(base_url=self.url, cache=str(cache), **options))


Serve = Callable[..., Endpoint]


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> int:
    """Contexts of a shard, in this process."""
    monkeypatch.setattr(source, "SHARD_SIZE", 10)
    return 10


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Starts mock endpoints in threads of their own."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with ExitStack() as stack:
        yield lambda settings=None: stack.enter_context(_served(settings))


@contextmanager
def _served(settings: MockSettings | None) -> Iterator[Endpoint]:
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    mock = MockServer(settings)
    server = TestServer(mock.application())
    try:
        asyncio.run_coroutine_threadsafe(server.start_server(), loop).result()
        yield Endpoint(str(server.make_url("/v1")), mock)
    finally:
        asyncio.run_coroutine_threadsafe(server.close(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
