"""The gate that every message to Telegram passes: so many a second over all chats, answers before broadcasts."""

import asyncio
import math
from collections import deque

from storage.outbox import Lane

PATIENT: frozenset[Lane] = frozenset({"broadcast"})


class Closed(Exception):
    """Nothing goes through this gate any more."""


class Gate:
    """Gives out tokens: at most `per_second` in any second, however they are asked for.

    Broadcasts are let through evenly, so that one place is always about to come free for an answer; and
    whoever answers goes first.
    """

    def __init__(self, per_second: float) -> None:
        self.per_second = per_second
        self._many = max(1, math.floor(per_second))
        self._second = max(1.0, 1 / per_second)
        self._apart = self._second / self._many
        self._given: deque[float] = deque(maxlen=self._many)
        self._answers: deque[asyncio.Future[None]] = deque()
        self._broadcasts: deque[asyncio.Future[None]] = deque()
        self._next_broadcast = self._all_from = self._broadcasts_from = 0.0
        self._closed: set[bool] = set()
        self._timer: asyncio.TimerHandle | None = None

    async def token(self, lane: Lane) -> None:
        """Returns when one message of this lane may leave. Raises Closed where none may any more."""
        if (lane in PATIENT) in self._closed:
            raise Closed
        asked: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        (self._broadcasts if lane in PATIENT else self._answers).append(asked)
        self._give()
        await asked

    def hold(self, seconds: float) -> None:
        """Lets nothing through for so long."""
        self._all_from = max(self._all_from, asyncio.get_running_loop().time() + seconds)

    def hold_broadcasts(self, seconds: float) -> None:
        """Lets no broadcast through for so long; answers go on."""
        self._broadcasts_from = max(self._broadcasts_from, asyncio.get_running_loop().time() + seconds)

    def close(self, *, broadcasts_only: bool = False) -> None:
        """Sends all away who wait, and all who come."""
        self._closed |= {True} if broadcasts_only else {True, False}
        for asked in (*self._broadcasts, *(() if broadcasts_only else self._answers)):
            if not asked.done():
                asked.set_exception(Closed())

    def _give(self) -> None:
        """Gives what may be given now, and looks again when the next may be."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        loop = asyncio.get_running_loop()
        while (at := self._next()) is not None:
            if at > loop.time():
                self._timer = loop.call_at(at, self._give)
                return
            self._let_through(loop.time())

    def _next(self) -> float | None:
        """When the next token may be given, in the loop's time. None where nobody waits."""
        _drop_gone(self._answers)
        _drop_gone(self._broadcasts)
        if not self._answers and not self._broadcasts:
            return None
        full = len(self._given) == self._many
        free = max(self._all_from, self._given[0] + self._second if full else 0.0)
        return free if self._answers else max(free, self._next_broadcast, self._broadcasts_from)

    def _let_through(self, now: float) -> None:
        waiting = self._answers or self._broadcasts
        self._next_broadcast = now + self._apart
        self._given.append(now)
        waiting.popleft().set_result(None)


def _drop_gone(waiting: deque[asyncio.Future[None]]) -> None:
    while waiting and waiting[0].done():
        waiting.popleft()
