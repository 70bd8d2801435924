"""The only writer of a SQLite file: one thread, which commits waiting work together."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection

from storage.core import sqlite
from storage.core.errors import Unavailable
from storage.core.statements import in_transaction, savepoint

Result = TypeVar("Result")
Work = Callable[[Connection], Result]

_BATCH = 64
_QUIET_SECONDS = 2.0  # without a write, until the WAL is emptied


@dataclass(slots=True)
class _Task:
    """A piece of work, and the future of its caller. Cancelling the future does not undo the work."""

    work: Work[Any]
    done: asyncio.Future[Any]

    def run(self, connection: Connection) -> Any:
        """Runs the work. Raises _WorkFailed with whatever it raises."""
        try:
            return self.work(connection)
        except Exception as error:
            raise _WorkFailed(error) from error

    def resolve(self, result: Any, error: BaseException | None) -> None:
        """Gives the caller the result or the error."""
        if self.done.done():
            return
        if error is None:
            self.done.set_result(result)
        elif isinstance(error, StopIteration):  # a future refuses it; raise what a coroutine would
            self.done.set_exception(RuntimeError("work raised StopIteration"))
        else:
            self.done.set_exception(error)


class _WorkFailed(Exception):
    """A piece of work raised `error`."""

    def __init__(self, error: Exception) -> None:
        self.error = error


_TaskResult = tuple[_Task, Any, BaseException | None]  # with the work's result, or its error


class Writer:
    """WAL, synchronous=FULL, BEGIN IMMEDIATE; no piece of work undoes another. Use it from one event loop."""

    def __init__(self, url: str) -> None:
        self.engine = sqlite.engine(url)
        self._thread = ThreadPoolExecutor(1, "sqlite-writer")
        self._waiting: deque[_Task] = deque()
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False
        self._tidying: asyncio.TimerHandle | None = None

    async def run(self, work: Work[Result]) -> Result:
        """Returns the work's result after the commit. Raises what the work raises."""
        if self._closed:
            raise Unavailable("closed")
        loop = asyncio.get_running_loop()
        task = _Task(work, loop.create_future())
        self._waiting.append(task)
        if self._idle.is_set():
            self._idle.clear()
            self._cancel_tidy()
            loop.call_soon(self._next, loop)
        result: Result = await task.done
        return result

    async def close(self) -> None:
        """Waits for work in progress. Later calls raise Unavailable."""
        self._closed = True
        while not self._idle.is_set():
            await self._idle.wait()
        self._cancel_tidy()
        await asyncio.to_thread(self._thread.shutdown)
        self.engine.dispose()

    # --- on the event loop ------------------------------------------------------------------------

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        """Starts the next batch. Called only while none is in progress."""
        if not self._waiting:
            self._idle.set()
            self._tidy_later(loop)
            return
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), _BATCH))]
        ended = loop.run_in_executor(self._thread, self._run_together, batch)
        ended.add_done_callback(partial(self._finish, loop, batch))

    def _finish(
        self, loop: asyncio.AbstractEventLoop, batch: list[_Task], ended: asyncio.Future[Any]
    ) -> None:
        error = ended.exception()
        told = [(task, None, error) for task in batch] if error else ended.result()
        for task, result, wrong in told:
            task.resolve(result, wrong)
        self._next(loop)

    def _tidy_later(self, loop: asyncio.AbstractEventLoop) -> None:
        """Empties the WAL once nobody has written for a while."""
        if not self._closed:
            self._tidying = loop.call_later(_QUIET_SECONDS, self._tidy, loop)

    def _cancel_tidy(self) -> None:
        if self._tidying:
            self._tidying.cancel()

    def _tidy(self, loop: asyncio.AbstractEventLoop) -> None:
        ended = loop.run_in_executor(self._thread, sqlite.empty_wal, self.engine)
        ended.add_done_callback(partial(self._after_tidy, loop))

    def _after_tidy(self, loop: asyncio.AbstractEventLoop, ended: asyncio.Future[bool]) -> None:
        if self._idle.is_set() and not ended.result():
            self._tidy_later(loop)

    # --- in the writer thread ---------------------------------------------------------------------

    def _run_together(self, batch: list[_Task]) -> list[_TaskResult]:
        """Runs all tasks in one transaction. If one fails, which is rare, all run again, each in a savepoint. A savepoint
        costs SQLite a copy of every page that changes, so the first try has none.
        """
        try:
            with self.engine.begin() as connection:
                return [(task, task.run(connection), None) for task in batch]
        except _WorkFailed as failed:
            if len(batch) == 1:
                return [(batch[0], None, failed.error)]
        with self.engine.begin() as connection:
            return [(task, *_attempt(connection, task)) for task in batch]


def _attempt(connection: Connection, task: _Task) -> tuple[Any, Exception | None]:
    try:
        with savepoint(connection):
            return task.work(connection), None
    except Exception as error:
        if not in_transaction(connection):
            raise  # SQLite rolled back the whole transaction, so the whole batch failed
        return None, error
