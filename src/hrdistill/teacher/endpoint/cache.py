"""Replies kept in SQLite, so that no call is paid for twice.

A reply is known by model, messages, parameters and sample number; keys, headers and addresses are
not stored. Processes share a file safely (write-ahead log). A reply counts as kept once its
transaction is committed: killed at any moment, a run loses only the calls in flight.
"""

from __future__ import annotations

import asyncio
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from hrdistill.errors import DataError
from hrdistill.teacher.endpoint.wire import Reply

_SCHEMA = """
CREATE TABLE IF NOT EXISTS replies (
    key TEXT PRIMARY KEY, model TEXT NOT NULL, text TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, finish TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS batches (
    id TEXT NOT NULL, endpoint TEXT NOT NULL, keys TEXT NOT NULL, PRIMARY KEY (id, endpoint)
) WITHOUT ROWID;
"""
_PUT = "INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?, ?, ?)"
_GET = "SELECT text, prompt_tokens, completion_tokens, finish FROM replies WHERE key = ?"
_BUSY_S = 60.0


@dataclass(frozen=True, slots=True)
class CacheStatistics:
    """What a cache holds of one model."""

    model: str
    n_replies: int
    prompt_tokens: int
    completion_tokens: int


def default_cache_path() -> Path:
    """`$HRDISTILL_CACHE`, else `replies.sqlite` in the user's cache folder."""
    if path := os.environ.get("HRDISTILL_CACHE"):
        return Path(path)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "hrdistill" / "replies.sqlite"


class ResponseCache:
    """See the module.

    Args:
        path: the file, made where it is missing.

    Raises:
        DataError: the file cannot be opened, or is no cache.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        with _errors(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._reader, self._connection = _connect(self.path), _connect(self.path)
            self._reader.executescript(_SCHEMA)
        self._waiting: queue.SimpleQueue[_Put | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, name="response-cache", daemon=True)
        self._writer.start()

    def get(self, key: str) -> Reply | None:
        """The reply that is kept to a request of that key, None where there is none."""
        with _errors(self.path):
            row = self._reader.execute(_GET, (key,)).fetchone()
        return Reply(*row) if row else None

    async def put(self, key: str, model: str, reply: Reply) -> None:
        """Keeps the reply to a request; returns when it is committed.

        Raises:
            DataError: it cannot be written (a full disk).
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        row = (key, model, reply.text, reply.prompt_tokens, reply.completion_tokens, reply.finish)
        self._waiting.put(_Put(row, done, loop))
        await done

    def _write(self) -> None:
        """Commits what has come in meanwhile, together: a transaction costs as much as many."""
        with closing(self._connection) as connection:
            while (first := self._waiting.get()) is not None:
                puts, last = [first], False
                while not self._waiting.empty():
                    more = self._waiting.get()
                    if more is None:
                        last = True
                        break
                    puts.append(more)
                self._commit(connection, puts)
                if last:
                    return

    def _commit(self, connection: sqlite3.Connection, puts: Sequence[_Put]) -> None:
        failure: DataError | None = None
        try:
            with _errors(self.path), connection:
                connection.executemany(_PUT, [put.row for put in puts])
        except DataError as error:
            if len(puts) > 1:  # one of them may be to blame
                for put in puts:
                    self._commit(connection, [put])
                return
            failure = error
        for loop in {put.loop for put in puts}:
            _call(loop, [put.done for put in puts if put.loop is loop], failure)

    # Batches that were submitted and not yet collected

    def add_batch(self, batch_id: str, endpoint: str, keys: Sequence[str]) -> None:
        """Remembers a batch, so that a later run collects it and does not pay again."""
        with _errors(self.path), self._reader:
            row = (batch_id, endpoint, "\n".join(keys))
            self._reader.execute("INSERT OR REPLACE INTO batches VALUES (?, ?, ?)", row)

    def batches(self, endpoint: str) -> dict[str, list[str]]:
        """Keys of the requests of each batch that was not yet collected."""
        with _errors(self.path):
            rows = self._reader.execute("SELECT id, keys FROM batches WHERE endpoint = ?",
                                        (endpoint,)).fetchall()  # fmt: skip
        return {batch_id: keys.split("\n") for batch_id, keys in rows}

    def drop_batch(self, batch_id: str, endpoint: str) -> None:
        """Forgets a batch that was collected."""
        with _errors(self.path), self._reader:
            sql = "DELETE FROM batches WHERE id = ? AND endpoint = ?"
            self._reader.execute(sql, (batch_id, endpoint))

    # Upkeep

    def statistics(self) -> list[CacheStatistics]:
        """What is kept, by model."""
        sql = (
            "SELECT model, COUNT(*), SUM(prompt_tokens), SUM(completion_tokens) "
            "FROM replies GROUP BY model ORDER BY model"
        )
        with _errors(self.path):
            return [CacheStatistics(*row) for row in self._reader.execute(sql)]

    def clear(self, model: str | None = None) -> int:
        """Forgets the replies of a model, or all. Returns how many."""
        with _errors(self.path):
            where, values = ("", ()) if model is None else (" WHERE model = ?", (model,))
            with self._reader:
                n = self._reader.execute(f"DELETE FROM replies{where}", values).rowcount
            self._reader.execute("VACUUM")
        return int(n)

    def close(self) -> None:
        """Commits what is waiting, and closes the file."""
        if self._writer.is_alive():
            self._waiting.put(None)
            self._writer.join()
        self._reader.close()


@dataclass(frozen=True, slots=True)
class _Put:
    row: tuple[str, str, str, int, int, str]
    done: asyncio.Future[None]
    loop: asyncio.AbstractEventLoop


def _call(
    loop: asyncio.AbstractEventLoop, futures: list[asyncio.Future[None]], failure: Exception | None
) -> None:
    def settle() -> None:
        for future in futures:
            if future.done():
                continue
            if failure is None:
                future.set_result(None)
            else:
                future.set_exception(failure)

    try:
        loop.call_soon_threadsafe(settle)
    except RuntimeError:  # the loop was closed meanwhile: nobody waits any more
        return


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_S, check_same_thread=False)
    until = time.monotonic() + _BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError as error:  # this one does not wait by itself
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.05)
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError, ValueError, OverflowError) as error:
        reason = str(error)
        if "full" in reason:
            advice = "free some space and run the same command again: all that is done is kept"
        elif "not a database" in reason or "malformed" in reason:
            advice = "move the file away, or name another with --cache"
        else:
            advice = "name another file with --cache"
        raise DataError(f"response cache {path}: {reason}; {advice}") from error
