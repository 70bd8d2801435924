"""A double that can kill the process that it serves, at any request; and the same walk under such kills."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from aiohttp import web

from tests.botapi import Double, How
from tests.botapi.wire import Call
from tests.waiting import until
from tests.walks.running import Heard
from tests.walks.steps import Step, Walk

UNDER_WAY = """select count(*) from outbox
    where door_kind = 'telegram' and lane != 'progress' and state in ('waiting', 'taken', 'sending')"""
UNKNOWN = "select count(*) from outbox where lane = 'broadcast' and state = 'unknown'"
UNQUEUED = "select count(*) from broadcasts where queued_at is null"


@dataclass(frozen=True)
class Moment:
    """When to kill: `before` or `after` the nth request of a step has its effect, so many milliseconds `into`
    the step, or at the step's `end`, when its words have been seen.
    """

    when: Literal["before", "after", "into", "end"]
    nth: int = 0

    def __str__(self) -> str:
        return f"{self.when} {self.nth}"


END = Moment("end")


class Deadly(Double):
    """Used as a double. `arm` sets one trap; the process dies in it, and its request stays unanswered."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: Heard | None = None
        self.sprung = False
        self._moment: Moment | None = None
        self._seen = 0

    def arm(self, moment: Moment) -> None:
        self._moment, self._seen, self.sprung = moment, 0, False

    def disarm(self) -> None:
        self._moment = None

    async def _carry_out(self, request: web.Request, call: Call):
        mine, self._seen = self._seen, self._seen + 1
        if self._moment == Moment("before", mine):
            self.spring()
            return 500, {}
        status, body = await super()._carry_out(request, call)
        if self._moment == Moment("after", mine):
            self.spring()
        return status, body

    def spring(self) -> None:
        """Kills the process, and waits for its end."""
        assert self.heard
        self.disarm()
        self.sprung = True
        self.heard.kill()


@contextlib.contextmanager
def named(step: Step, *trouble: object) -> Iterator[None]:
    """Says at which step a walk failed, and under which fault."""
    try:
        yield
    except AssertionError as error:
        raise AssertionError(f"{step.what}, {' '.join(map(str, trouble))}: {error}") from error


class Shaken:
    """A walk in trouble: at each step the process dies and is started again, or a request is cut off."""

    def __init__(self, walk: Walk, double: Deadly) -> None:
        self.walk, self.double = walk, double
        double.heard = walk.heard

    async def killed(self, step: Step, moment: Moment) -> None:
        await self.killed_during(lambda: self._taken(step), moment)

    async def killed_during(self, work: Callable[[], Awaitable[None]], moment: Moment) -> None:
        self.double.arm(moment)
        async with self._kept_alive():
            dying = asyncio.create_task(self._die_in(moment.nth)) if moment.when == "into" else None
            await work()
            if dying:
                await dying
            elif not self.double.sprung:
                self.double.spring()
            await self.quiet()

    async def cut(self, step: Step, how: How, nth: int) -> None:
        self.double.fail("*", 1, how, skip=nth)
        await self._taken(step)
        await self.quiet()
        self.double.faults.orders.clear()

    async def _taken(self, step: Step) -> None:
        """A broadcast message of unknown fate is never blindly resent, so it may never arrive."""
        if step.by_itself:
            await self.quiet()
        if not (step.by_itself and self.walk.heard.count(UNKNOWN)):
            await self.walk.take(step)

    async def _die_in(self, milliseconds: int) -> None:
        await asyncio.sleep(milliseconds / 1000)
        self.double.spring()

    async def quiet(self) -> None:
        """Returns when nothing is under way any more."""
        await until(self._is_quiet, self.walk.within, tell=lambda: self.walk.heard.output[-2000:])

    async def _is_quiet(self) -> bool:
        heard = self.walk.heard
        with contextlib.suppress(sqlite3.OperationalError):
            return heard.alive and not heard.count(UNDER_WAY) and not heard.count(UNQUEUED)
        return False

    @contextlib.asynccontextmanager
    async def _kept_alive(self) -> AsyncIterator[None]:
        """Restarts it whenever it dies; at the end it runs, and is ready."""
        over = asyncio.Event()
        keeper = asyncio.create_task(self._keep(over))
        try:
            yield
        finally:
            over.set()
            await keeper

    async def _keep(self, over: asyncio.Event) -> None:
        while not over.is_set():
            if not self.walk.heard.alive:
                await self.walk.heard.start()
            await asyncio.sleep(0.002)
        if not self.walk.heard.alive:
            await self.walk.heard.start()
