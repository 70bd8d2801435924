"""The shelf: what everybody reads, kept ready in memory until something that is published changes."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from datetime import datetime
from hashlib import sha256

from aiohttp import web
from sqlalchemy import Connection

from conversations.changes.register import Register
from conversations.core.record import record
from handlers.turns import Runtime
from handlers.web.templates_api import PageMeta
from storage.changes.register import Edition, edition, register
from storage.core.unit_of_work import Db

LOOK_EVERY = 1.0  # seconds between two looks at the edition: so long may what was taken back still stand
MOST_BYTES = 32_000_000


@record
class Made:
    """What was made for the shelf. `told` goes with a page's main part."""

    body: bytes
    told: PageMeta | None = None


Make = Callable[[Db, Register], Made]


@record
class Kept:
    """Something as it is served. `tag` tells it from any other; `since` is when we first knew of its edition."""

    body: bytes
    kind: str
    tag: str
    since: datetime
    told: PageMeta | None = None


class Shelf:
    """However many ask, the database is asked for its edition once a second at most, and for a page once an edition.

    What was asked for longest ago goes where the shelf is full.
    """

    def __init__(self, runtime: Runtime, most: int = MOST_BYTES) -> None:
        self._runtime, self._most = runtime, most
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._bytes = 0
        self._edition: Edition | None = None
        self._register = Register()
        self._since = runtime.clock()
        self._looked = float("-inf")
        self._looking, self._making = asyncio.Lock(), asyncio.Lock()

    async def register(self) -> Register:
        """All that is published, as it was within the last second."""
        now = asyncio.get_running_loop().time
        if now() - self._looked >= LOOK_EVERY:
            async with self._looking:
                if now() - self._looked >= LOOK_EVERY:
                    began = now()
                    await self._look()
                    self._looked = began
        return self._register

    async def kept(self, key: Hashable, kind: str, make: Make) -> Kept:
        """What lies there under this key, made now where it does not. What is missing is made one at a time: a
        crowd that asks for the same thing asks the database once, and one that asks for everything waits in line.
        """
        await self.register()
        found = self._kept.get(key)
        if found is None:
            async with self._making:
                found = self._kept.get(key) or await self._made(key, kind, make)
        if key in self._kept:
            self._kept.move_to_end(key)
        return found

    async def _look(self) -> None:
        known = self._edition

        def look(connection: Connection) -> tuple[Edition, Register | None]:
            db = self._runtime.db(connection)
            now = edition(db)
            return now, None if now == known else register(db)

        found, new = await self._runtime.database.read(look)
        if new is not None:
            self._edition, self._register, self._since = found, new, self._runtime.clock()
            self._kept.clear()
            self._bytes = 0

    async def _made(self, key: Hashable, kind: str, make: Make) -> Kept:
        of, all_of_it, since = self._edition, self._register, self._since
        found = await self._runtime.database.read(lambda c: make(self._runtime.db(c), all_of_it))
        body = found.body
        made = Kept(body, kind, sha256(body).hexdigest()[:24], since, found.told)
        # What was made while the edition changed may show what is no more: it is shown this once and not kept.
        if of == self._edition and len(body) <= self._most:
            self._kept[key] = made
            self._bytes += len(body)
            while self._bytes > self._most:
                _, gone = self._kept.popitem(last=False)
                self._bytes -= len(gone.body)
        return made


def answer(request: web.Request, kept: Kept, headers: Mapping[str, str]) -> web.Response:
    """It as it is served; "not modified" to whoever has it already."""
    said = {"Cache-Control": "no-cache", **headers}  # may be kept, but not shown again without asking us
    whole = web.Response(status=200, headers=said)
    whole.etag = kept.tag
    whole.last_modified = kept.since
    if _has_it(request, kept):
        whole.set_status(304)
        return whole
    whole.body = kept.body
    whole.content_type = kept.kind
    if kept.kind.startswith("text/") or kept.kind.endswith(("xml", "json")):
        whole.charset = "utf-8"
    return whole


def _has_it(request: web.Request, kept: Kept) -> bool:
    if request.if_none_match is not None:
        return any(one.value in (kept.tag, "*") for one in request.if_none_match)
    # Only the very moment that we named: another worker may know of the same edition since another second.
    return request.if_modified_since == kept.since.replace(microsecond=0)
