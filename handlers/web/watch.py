"""Keeps track of open pages, and notifies them of news; one database query serves all of them."""

import asyncio
import contextlib
import resource
from collections import Counter
from collections.abc import Iterator
from itertools import chain

import structlog
from aiohttp import web
from sqlalchemy import Connection

from handlers.turns import Runtime
from handlers.wakeup import Wakeup
from handlers.web.strangers.address_pace import Address, HashedAddresses
from storage.core.errors import Unavailable
from storage.outbox import threads
from storage.outbox.dispatching import PROGRESS_EVERY

log = structlog.get_logger()

_PAUSE = 0.3  # minimum seconds between two queries, however many wakeups come
_SWEEP = 5.0  # seconds until a query without a wakeup, for scheduled messages and those of other workers
_OPEN_MOST = 10  # streams of one page; a browser opens at most six to one host
_STREAMS_MOST = 3000  # of one worker: each holds a connection and some memory; half of them for one address


class Watch:
    """Keeps track of the doors with open pages, and notifies them."""

    def __init__(self, runtime: Runtime, wakeup: Wakeup) -> None:
        self._runtime, self._wakeup = runtime, wakeup
        self._open: dict[int, set[asyncio.Event]] = {}
        self._addresses, self._at = HashedAddresses(), Counter[bytes]()
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        self.streams_most = min(_STREAMS_MOST, files // 2)  # the others answer all other requests
        self._progress_at = 0.0
        self.stopping = False

    def stop(self) -> None:
        """Ends the streams of all open pages, so that shutdown does not wait for them."""
        self.stopping = True
        for news in chain.from_iterable(self._open.values()):
            news.set()

    def is_full(self, door: int, address: Address) -> bool:
        """Whether this door, this address or this worker has as many open pages as it may. Who is refused looks now and
        then instead.
        """
        from_there = self._at[self._addresses.of(address)]
        return (
            len(self._open.get(door, ())) >= _OPEN_MOST
            or from_there >= self.streams_most // 2
            or self._at.total() >= self.streams_most
        )

    @contextlib.contextmanager
    def page(self, door: int, address: Address) -> Iterator[asyncio.Event]:
        """An event that is set when something waits for this door; registered while its page is open."""
        news, hashed = asyncio.Event(), self._addresses.of(address)
        self._open.setdefault(door, set()).add(news)
        self._at[hashed] += 1
        try:
            yield news
        finally:
            self._at -= Counter([hashed])  # and forgets an address that has none left
            self._open[door].discard(news)
            if not self._open[door]:
                del self._open[door]

    def turn_taken(self, door: int, *, by_script: bool) -> None:
        """Notifies a door's other pages of a turn. The script that took it shows it already."""
        theirs = self._open.get(door, ())
        if len(theirs) > int(by_script):
            for news in theirs:
                news.set()

    async def run(self) -> None:
        """Queries the database at each wakeup, and periodically without one."""
        notify = self._wakeup.next_notice()
        while True:
            await self._wakeup.wait(_SWEEP, notify)
            notify = self._wakeup.next_notice()
            if self._open:
                try:
                    await self._tell()
                except Unavailable as fault:
                    log.warning("could not notify open pages", fault=str(fault))
            await asyncio.sleep(_PAUSE)

    async def _tell(self) -> None:
        now, watched = asyncio.get_running_loop().time(), tuple(self._open)
        # A running broadcast's progress always waits, so it counts as news only every few seconds.
        progress = now - self._progress_at >= PROGRESS_EVERY
        if progress:
            self._progress_at = now

        def look(connection: Connection) -> set[int]:
            return threads.doors_with_news(self._runtime.db(connection), watched, progress=progress)

        for door in await self._runtime.database.read(look):
            for news in self._open.get(door, ()):
                news.set()


WATCH: web.AppKey[Watch] = web.AppKey("watch", Watch)
