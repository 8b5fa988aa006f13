"""The cache of replies: what was put is there, for every process, whatever happens after."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hrdistill.errors import DataError
from hrdistill.teacher.endpoint import cache as cache_module
from hrdistill.teacher.endpoint.cache import CacheStatistics, ResponseCache, default_cache_path
from hrdistill.teacher.endpoint.wire import ChatRequest, Reply

Chat = Callable[..., ChatRequest]
REPLY = Reply("Zwölf Jahre\n", 10, 3, "length")


@pytest.fixture
def cache(cache_path: Path) -> Iterator[ResponseCache]:
    with closing(ResponseCache(cache_path)) as opened:
        yield opened


def put(cache: ResponseCache, *pairs: tuple[ChatRequest, Reply]) -> None:
    async def all_at_once() -> None:
        await asyncio.gather(
            *(cache.put(request.key, request.model, reply) for request, reply in pairs)
        )

    asyncio.run(all_at_once())


def test_what_was_put_is_got_back_whole(cache: ResponseCache, chat: Chat) -> None:
    assert cache.get(chat().key) is None
    put(cache, (chat(), REPLY))
    assert cache.get(chat().key) == REPLY
    assert cache.get(chat(sample=1).key) is None


def test_a_reply_put_again_takes_the_place_of_the_first(cache: ResponseCache, chat: Chat) -> None:
    put(cache, (chat(), REPLY))
    put(cache, (chat(), Reply("Other", 1, 1)))
    assert cache.get(chat().key) == Reply("Other", 1, 1)


def test_replies_are_there_after_the_file_was_closed(cache_path: Path, chat: Chat) -> None:
    pairs = [(chat(sample=n), Reply(str(n), n, n)) for n in range(300)]
    with closing(ResponseCache(cache_path)) as cache:
        put(cache, *pairs)
    with closing(ResponseCache(cache_path)) as cache:
        assert [cache.get(request.key) for request, _ in pairs] == [reply for _, reply in pairs]


def test_put_returns_once_the_reply_is_committed_and_not_before(
    cache: ResponseCache, chat: Chat
) -> None:
    def stored() -> int:
        with closing(sqlite3.connect(cache.path)) as other:
            return int(other.execute("SELECT COUNT(*) FROM replies").fetchone()[0])

    async def run(writing: sqlite3.Connection) -> None:
        writing.execute("BEGIN IMMEDIATE")  # as another process in the midst of a transaction
        task = asyncio.create_task(cache.put(chat().key, "mock", REPLY))
        done, _ = await asyncio.wait({task}, timeout=0.1)
        assert not done
        assert stored() == 0
        writing.execute("COMMIT")
        await task
        assert stored() == 1

    with closing(sqlite3.connect(cache.path, isolation_level=None)) as writing:
        asyncio.run(run(writing))


def test_a_put_that_nobody_waits_for_any_more_is_kept(cache_path: Path, chat: Chat) -> None:
    async def run(cache: ResponseCache) -> None:
        task = asyncio.create_task(cache.put(chat().key, "mock", REPLY))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()

    with closing(ResponseCache(cache_path)) as cache:
        asyncio.run(run(cache))
    with closing(ResponseCache(cache_path)) as cache:
        assert cache.get(chat().key) == REPLY


_WRITER = """
import asyncio, sys
from hrdistill.teacher.endpoint.cache import ResponseCache
from hrdistill.teacher.endpoint.wire import ChatRequest, Reply

async def main(path, name):
    sys.stdin.readline()
    cache = ResponseCache(path)
    for n in range(0, 150, 5):  # by fives, so that there are many transactions
        own = [ChatRequest(name, (("user", str(k)),)) for k in range(n, n + 5)]
        shared = ChatRequest("both", (("user", str(n)),))
        asked = [*own, shared]
        await asyncio.gather(*(cache.put(r.key, r.model, Reply(name, 1, 2)) for r in asked))
        assert all(cache.get(r.key) for r in asked)
    cache.close()

asyncio.run(main(*sys.argv[1:]))
"""


def test_two_processes_write_one_file_at_once(cache_path: Path) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(cache_path), name],
            stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for name in ("a", "b")
    ]  # fmt: skip
    ResponseCache(cache_path).close()
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    errors = [writer.communicate(timeout=60)[1] for writer in writers]
    assert errors == ["", ""]
    with closing(ResponseCache(cache_path)) as cache:
        kept = {own.model: own.n_replies for own in cache.statistics()}
    assert kept == {"a": 150, "b": 150, "both": 30}


def test_a_new_file_that_another_process_holds_is_waited_for(cache_path: Path) -> None:
    """Two workers that start at once both make the file; neither may fail for it."""
    cache_path.parent.mkdir()
    failures: list[Exception] = []

    def open_it() -> None:
        try:
            ResponseCache(cache_path).close()
        except DataError as error:
            failures.append(error)

    with closing(sqlite3.connect(cache_path, isolation_level=None)) as other:
        other.execute("CREATE TABLE another (x)")
        other.execute("BEGIN IMMEDIATE")
        thread = threading.Thread(target=open_it)
        thread.start()
        thread.join(0.2)
        other.execute("COMMIT")
        thread.join()
    assert failures == []


def test_batches_are_remembered_by_endpoint_until_they_are_dropped(cache_path: Path) -> None:
    one, two = "http://one/v1", "http://two/v1"
    with closing(ResponseCache(cache_path)) as cache:
        cache.add_batch("b1", one, ["k1", "k2"])
        cache.add_batch("b2", one, ["k3"])
        cache.add_batch("b1", two, ["k4"])
    with closing(ResponseCache(cache_path)) as cache:
        assert cache.batches(one) == {"b1": ["k1", "k2"], "b2": ["k3"]}
        cache.drop_batch("b1", one)
        assert cache.batches(one) == {"b2": ["k3"]}
        assert cache.batches(two) == {"b1": ["k4"]}


def test_statistics_are_by_model_and_one_model_can_be_cleared(
    cache: ResponseCache, chat: Chat
) -> None:
    assert cache.statistics() == []
    put(cache, *((chat(model="large", sample=n), Reply("x", 10, n)) for n in range(3)))
    put(cache, (chat(model="small"), Reply("x", 1, 1)))
    small = CacheStatistics("small", 1, 1, 1)
    assert cache.statistics() == [CacheStatistics("large", 3, 30, 3), small]
    assert cache.clear("none such") == 0
    assert cache.clear("large") == 3
    assert cache.statistics() == [small]
    assert cache.get(chat(model="large").key) is None
    assert cache.clear() == 1
    assert cache.statistics() == []


def test_a_file_that_is_no_database_is_named_and_left_as_it_is(cache_path: Path) -> None:
    cache_path.parent.mkdir()
    cache_path.write_text("model,text\n" * 200)
    with pytest.raises(DataError, match=r"replies\.sqlite.*not a database.*--cache"):
        ResponseCache(cache_path)
    assert cache_path.read_text() == "model,text\n" * 200


def test_a_database_of_something_else_is_an_error(cache_path: Path, chat: Chat) -> None:
    cache_path.parent.mkdir()
    with closing(sqlite3.connect(cache_path)) as other:
        other.execute("CREATE TABLE replies (id INTEGER)")
    with closing(ResponseCache(cache_path)) as cache:
        with pytest.raises(DataError, match="no such column"):
            cache.get(chat().key)
        with pytest.raises(DataError, match=r"replies\.sqlite"):
            put(cache, (chat(), REPLY))


def test_a_damaged_page_is_an_error_and_no_wrong_reply(cache_path: Path, chat: Chat) -> None:
    pairs = [(chat(sample=n), Reply("x" * 500, n, n)) for n in range(200)]
    with closing(ResponseCache(cache_path)) as cache:
        put(cache, *pairs)
    content = bytearray(cache_path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    cache_path.write_bytes(content)
    with closing(ResponseCache(cache_path)) as cache:
        with pytest.raises(DataError, match=r"replies\.sqlite.*malformed.*move the file away"):
            cache.get(pairs[0][0].key)
        with pytest.raises(DataError, match="malformed"):
            put(cache, pairs[0])


@pytest.mark.parametrize("name", ["", "notes.txt/replies.sqlite"], ids=["folder", "under a file"])
def test_a_place_where_no_file_can_be_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(DataError, match="name another file with --cache"):
        ResponseCache(tmp_path / name)


def test_a_full_disk_fails_the_put_and_keeps_what_is_done(
    cache_path: Path, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(ResponseCache(cache_path)) as cache:
        put(cache, (chat(), REPLY))
    connect = cache_module._connect

    def connect_to_a_small_disk(path: Path) -> sqlite3.Connection:
        connection = connect(path)
        connection.execute("PRAGMA max_page_count = 8")
        return connection

    monkeypatch.setattr(cache_module, "_connect", connect_to_a_small_disk)
    with closing(ResponseCache(cache_path)) as cache:
        with pytest.raises(DataError, match=r"full.*free some space"):
            put(cache, (chat("long"), Reply("x" * 100_000, 1, 1)))
        assert cache.get(chat().key) == REPLY
        put(cache, (chat("short"), REPLY))
        assert cache.get(chat("short").key) == REPLY


@pytest.mark.parametrize(
    "reply", [Reply("\ud83d", 1, 1), Reply("x", 2**70, 1)], ids=["surrogate", "count"]
)
def test_a_reply_that_cannot_be_stored_fails_and_others_are_stored(
    cache: ResponseCache, chat: Chat, reply: Reply
) -> None:
    """The writer must outlive it: else every later put waits for ever."""

    async def run() -> None:
        with pytest.raises(DataError):
            await asyncio.wait_for(cache.put("odd", "mock", reply), timeout=5)
        await asyncio.wait_for(cache.put(chat().key, "mock", REPLY), timeout=30)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading, "excepthook", lambda _: None)  # pytest warns of a thread's death
        asyncio.run(run())
    assert cache.get(chat().key) == REPLY


def test_the_default_file_is_the_variables_else_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HRDISTILL_CACHE", "/somewhere/r.sqlite")
    assert default_cache_path() == Path("/somewhere/r.sqlite")
    monkeypatch.delenv("HRDISTILL_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/xdg")
    assert default_cache_path() == Path("/xdg/hrdistill/replies.sqlite")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert default_cache_path() == Path.home() / ".cache/hrdistill/replies.sqlite"
