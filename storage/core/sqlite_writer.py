"""The only writer of a SQLite file. Work that waits is committed together.

Brief work runs in the loop's own thread, and another thread waits for the disk: two threads passing the GIL back and
forth for every statement cost more than the turn itself. Everything else runs as a whole in that other thread, and so
does brief work that turns out long, fails, or meets another program's lock.
"""

import asyncio
import math
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, event

from storage.core import sqlite
from storage.core.errors import Unavailable
from storage.core.statements import in_transaction, savepoint

Result = TypeVar("Result")
Work = Callable[[Connection], Result]

_BATCH = 64
_BRIEF_SECONDS = 0.01  # so long brief work keeps the loop; what is left then waits for the next commit
_LONG_SECONDS = 0.03  # brief work that takes so long is broken off
_LOOKED_AT = 10_000  # steps of SQLite's machine between two looks at the clock: about a millisecond
_QUIET_SECONDS = 2.0  # without a write, until the log of writes is emptied


@dataclass(slots=True)
class _Task:
    """A piece of work, and who waits for it. Who goes away meanwhile does not take back what may be committed."""

    work: Work[Any]
    on_loop: bool
    done: asyncio.Future[Any]

    def carried_out(self, connection: Connection) -> Any:
        """Raises _Failed where the work raises."""
        try:
            return self.work(connection)
        except Exception as error:
            raise _Failed(error) from error

    def tell(self, result: Any, error: BaseException | None) -> None:
        """What became of it."""
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


class Writer:
    """WAL, synchronous=FULL, BEGIN IMMEDIATE; no piece of work undoes another. To be used from one loop."""

    def __init__(self, url: str) -> None:
        self.engine = sqlite.engine(url)
        event.listen(self.engine, "connect", self._watched)
        self._thread = ThreadPoolExecutor(1, "sqlite-writer")
        self._waiting: deque[_Task] = deque()
        self._resting = asyncio.Event()
        self._resting.set()
        self._closed = False
        self._began = math.inf
        self._tidying: asyncio.TimerHandle | None = None

    async def carry_out(self, work: Work[Result], *, on_loop: bool) -> Result:
        """Returns after the commit. What the work raises, it raises."""
        if self._closed:
            raise Unavailable("closed")
        loop = asyncio.get_running_loop()
        task = _Task(work, on_loop, loop.create_future())
        self._waiting.append(task)
        if self._resting.is_set():
            self._resting.clear()
            self._not_yet()
            loop.call_soon(self._next, loop)
        result: Result = await task.done
        return result

    async def close(self) -> None:
        """Waits for what is in hand. Whoever still comes gets Unavailable."""
        self._closed = True
        while not self._resting.is_set():
            await self._resting.wait()
        self._not_yet()
        await asyncio.to_thread(self._thread.shutdown)
        self.engine.dispose()

    # --- in the loop ------------------------------------------------------------------------------

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        """Goes on with what waits. Nothing is in hand."""
        if not self._waiting:
            self._resting.set()
            self._tidy_later(loop)
            return
        batch = self._batch()
        begun = self._begun(batch) if batch[0].on_loop else None
        ended = loop.run_in_executor(self._thread, begun or partial(self._together, batch))
        ended.add_done_callback(partial(self._ended, loop, batch))

    def _batch(self) -> list[_Task]:
        """What comes next, of one kind."""
        batch = [self._waiting.popleft()]
        while self._waiting and len(batch) < _BATCH and self._waiting[0].on_loop == batch[0].on_loop:
            batch.append(self._waiting.popleft())
        return batch

    def _begun(self, batch: list[_Task]) -> Callable[[], list[_Told]] | None:
        """Brief work, carried out: what is left is to commit it. None where it is for the other thread after all."""
        self._began = time.monotonic()
        try:
            return partial(_committed, *self._carried_out(batch))
        except Exception:  # noqa: BLE001 - whatever it was: there it is carried out again, and told
            return None
        finally:
            self._began = math.inf

    def _carried_out(self, batch: list[_Task]) -> tuple[Connection, list[_Told]]:
        """What there is no time for is taken out of the batch, and waits on."""
        connection = self.engine.connect()
        told: list[_Told] = []
        try:
            _begin_at_once(connection)
            while len(told) < len(batch):
                if told and self._seconds() > _BRIEF_SECONDS:
                    self._waiting.extendleft(reversed(batch[len(told) :]))
                    del batch[len(told) :]
                    break
                task = batch[len(told)]
                told.append((task, task.carried_out(connection), None))
        except BaseException:
            connection.close()
            raise
        return connection, told

    def _seconds(self) -> float:
        """Since brief work began; nothing while none is in hand."""
        return time.monotonic() - self._began

    def _ended(self, loop: asyncio.AbstractEventLoop, batch: list[_Task], ended: asyncio.Future[Any]) -> None:
        error = ended.exception()
        told = [(task, None, error) for task in batch] if error else ended.result()
        for task, result, wrong in told:
            task.tell(result, wrong)
        self._next(loop)

    def _tidy_later(self, loop: asyncio.AbstractEventLoop) -> None:
        """Empties the log of writes after a while in which nobody writes."""
        if not self._closed:
            self._tidying = loop.call_later(_QUIET_SECONDS, self._tidy, loop)

    def _not_yet(self) -> None:
        """Emptying the log holds the other thread, so it never begins while something is in hand: that might wait
        there for what waits behind it.
        """
        if self._tidying:
            self._tidying.cancel()

    def _tidy(self, loop: asyncio.AbstractEventLoop) -> None:
        self._resting.clear()
        ended = loop.run_in_executor(self._thread, sqlite.emptied, self.engine)
        ended.add_done_callback(partial(self._tidied, loop))

    def _tidied(self, loop: asyncio.AbstractEventLoop, ended: asyncio.Future[bool]) -> None:
        if self._waiting:
            self._next(loop)
            return
        self._resting.set()
        if not ended.result():
            self._tidy_later(loop)

    # --- in the thread, and between both ----------------------------------------------------------

    def _together(self, batch: list[_Task]) -> list[_Told]:
        """All in one transaction. Hardly ever one fails: then all of it is undone and done again, each behind a savepoint.
        One for each piece of work costs SQLite a copy of every page that it changes.
        """
        try:
            with self.engine.begin() as connection:
                return [(task, task.carried_out(connection), None) for task in batch]
        except _Failed as failed:
            if len(batch) == 1:
                return [(batch[0], None, failed.error)]
        with self.engine.begin() as connection:
            return [(task, *_attempt(connection, task)) for task in batch]

    def _watched(self, opened: sqlite3.Connection, _record: object) -> None:
        """Brief work that takes long is broken off."""
        opened.set_progress_handler(lambda: self._seconds() > _LONG_SECONDS, _LOOKED_AT)


def _begin_at_once(connection: Connection) -> None:
    """Does not wait for another program's lock."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.execute("PRAGMA busy_timeout=0").close()
    try:
        connection.begin()
    finally:
        driver.execute(f"PRAGMA busy_timeout={int(sqlite.BUSY_SECONDS * 1000)}").close()


def _committed(connection: Connection, told: list[_Told]) -> list[_Told]:
    with connection:
        connection.commit()
    return told


def _attempt(connection: Connection, task: _Task) -> tuple[Any, Exception | None]:
    try:
        with savepoint(connection):
            return task.work(connection), None
    except Exception as error:
        if not in_transaction(connection):
            raise  # SQLite gave up the whole transaction: nothing of this batch is kept
        return None, error
