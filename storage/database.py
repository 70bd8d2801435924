"""One way in to SQLite or PostgreSQL: a whole piece of work crosses over at once, in one transaction.

On SQLite a thread is the only writer, and commits together whatever waits; aiosqlite reads. On PostgreSQL
both go through asyncpg. The work itself is plain code over a connection, without `await`. What it does elsewhere
than in the database it may do twice: where another piece of work failed beside it, it is carried out again.
"""

import asyncio
import contextlib
import queue
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, event, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage import jsons, sqlite_file
from storage.faults import Unavailable, named, told_apart
from storage.prepared import in_transaction, savepoint

Result = TypeVar("Result")
Work = Callable[[Connection], Result]

_BATCH = 64
_CONNECT_SECONDS = 10
_QUIET_SECONDS = 2.0  # without a write, until the log of writes is emptied


class Database(Protocol):
    """`write` returns after the commit; `read` sees what was committed. What the work raises, they raise.

    `reshape` is for migrations: a table that is made anew must not take along the rows that hang on it. All
    of them raise Unavailable where the work itself made no mistake.
    """

    async def write(self, work: Work[Result]) -> Result: ...
    async def read(self, work: Work[Result]) -> Result: ...
    async def reshape(self, work: Work[Result]) -> Result: ...
    async def close(self) -> None: ...


def open_database(url: str) -> Database:
    """A database by its URL: `sqlite+aiosqlite:///path` or `postgresql+asyncpg://…`."""
    return Sqlite(url) if make_url(url).get_backend_name() == "sqlite" else Postgres(url)


@dataclass(slots=True)
class _Task:
    """A piece of work, and who waits for it. Who goes away meanwhile does not take back what may be committed."""

    work: Work[Any]
    done: asyncio.Future[Any]

    def carried_out(self, connection: Connection) -> Any:
        """Raises _Failed where the work raises."""
        try:
            return self.work(connection)
        except Exception as error:
            raise _Failed(error) from error

    def tell(self, result: Any, error: BaseException | None) -> None:
        """What became of it; to be said in the loop of who waits."""
        if self.done.done():
            return
        if error is None:
            self.done.set_result(result)
        elif isinstance(error, StopIteration):  # a future does not take it: told as a coroutine tells it
            self.done.set_exception(RuntimeError("work raised StopIteration"))
        else:
            self.done.set_exception(error)


class _Failed(Exception):
    """A piece of work raised this."""

    def __init__(self, error: Exception) -> None:
        self.error = error


_Told = tuple[_Task, Any, BaseException | None]  # a piece of work, its result, and what went wrong with it


class Sqlite:
    """WAL, synchronous=FULL, BEGIN IMMEDIATE; no piece of work undoes another."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = sqlite_file.engine(url)
        self._readers = create_async_engine(
            url,
            connect_args={"timeout": sqlite_file.BUSY_SECONDS},
            pool_size=3,
            hide_parameters=True,
            **jsons.ENGINE,
        )
        event.listen(self._readers.sync_engine, "connect", sqlite_file.read_only)
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._write_all, name="sqlite-writer", daemon=True)
        self._thread.start()

    async def write(self, work: Work[Result]) -> Result:
        if self._closed:
            raise Unavailable("closed")
        task = _Task(work, asyncio.get_running_loop().create_future())
        self._tasks.put(task)
        with told_apart():
            result: Result = await task.done
            return result

    async def read(self, work: Work[Result]) -> Result:
        with told_apart():
            async with self._readers.connect() as connection:
                return await connection.run_sync(work)

    async def reshape(self, work: Work[Result]) -> Result:
        def done() -> Result:
            engine = sqlite_file.engine(self._url, foreign_keys=False)
            try:
                with engine.begin() as connection:
                    return work(connection)
            finally:
                engine.dispose()

        with told_apart():
            return await asyncio.to_thread(done)

    async def close(self) -> None:
        """Waits for what is in hand. Whoever still comes gets Unavailable."""
        self._closed = True
        self._tasks.put(None)
        await asyncio.to_thread(self._thread.join)
        await self._readers.dispose()
        self._engine.dispose()

    def _write_all(self) -> None:
        tidy = True
        while True:
            try:
                first = self._tasks.get(timeout=None if tidy else _QUIET_SECONDS)
            except queue.Empty:
                tidy = sqlite_file.emptied(self._engine)
                continue
            if first is None:
                return
            batch, last = self._waiting(first)
            self._commit(batch)
            tidy = False
            if last:
                return

    def _waiting(self, first: _Task) -> tuple[list[_Task], bool]:
        batch = [first]
        with contextlib.suppress(queue.Empty):
            while len(batch) < _BATCH:
                task = self._tasks.get_nowait()
                if task is None:
                    return batch, True
                batch.append(task)
        return batch, False

    def _commit(self, batch: list[_Task]) -> None:
        told: list[_Told]
        try:
            told = self._together(batch)
        except BaseException as error:  # noqa: BLE001 - whoever waits is told, whatever it was
            told = [(task, None, error) for task in batch]
        for loop, theirs in groupby(told, lambda one: one[0].done.get_loop()):
            with contextlib.suppress(RuntimeError):  # that loop is closed: nobody waits there any more
                loop.call_soon_threadsafe(_tell, list(theirs))

    def _together(self, batch: list[_Task]) -> list[_Told]:
        """All in one transaction. Hardly ever one fails: then all of it is undone and done again, each behind a savepoint.
        One for each piece of work costs SQLite a copy of every page that it changes.
        """
        try:
            with self._engine.begin() as connection:
                return [(task, task.carried_out(connection), None) for task in batch]
        except _Failed as failed:
            if len(batch) == 1:
                return [(batch[0], None, failed.error)]
        with self._engine.begin() as connection:
            return [(task, *_attempt(connection, task)) for task in batch]


def _tell(told: list[_Told]) -> None:
    for task, result, error in told:
        task.tell(result, error)


def _attempt(connection: Connection, task: _Task) -> tuple[Any, Exception | None]:
    try:
        with savepoint(connection):
            return task.work(connection), None
    except Exception as error:
        if not in_transaction(connection):
            raise  # SQLite gave up the whole transaction: nothing of this batch is kept
        return None, error


class Postgres:
    """READ COMMITTED; a person's turns wait for one another on the row of their door."""

    def __init__(self, url: str) -> None:
        self._engine: AsyncEngine = create_async_engine(
            url,
            pool_size=10,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"timeout": _CONNECT_SECONDS},
            **jsons.ENGINE,
        )

    async def write(self, work: Work[Result]) -> Result:
        with told_apart():
            async with self._connected() as connection, connection.begin():
                return await connection.run_sync(work)

    async def read(self, work: Work[Result]) -> Result:
        with told_apart():
            async with self._connected() as connection:
                return await connection.run_sync(work)

    async def reshape(self, work: Work[Result]) -> Result:
        return await self.write(work)

    async def close(self) -> None:
        await self._engine.dispose()

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        """A connection. While there is none to be had, the driver raises many kinds of errors."""
        connection = self._engine.connect()
        try:
            await connection.start()
        except Exception as error:
            raise Unavailable(named(error)) from error
        async with contextlib.aclosing(connection):
            yield connection
