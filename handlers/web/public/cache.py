"""An in-memory cache of the public pages, cleared when anything published changes."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from datetime import datetime
from hashlib import sha256

from aiohttp import web
from sqlalchemy import Connection

from conversations.changes.register import Register
from conversations.core.record import Record
from handlers.turns import Runtime
from handlers.web.compression import accepts_gzip, compress, is_worth_it
from handlers.web.public.views import PageMeta
from storage.changes.register import Edition, edition, register
from storage.core.unit_of_work import Db

LOOK_EVERY = 1.0  # seconds between checks of the edition; a retracted outcome may stay visible this long
MOST_BYTES = 32_000_000
_SMALL = "-gzip"


class NewContent(Record):
    """New content for the cache. `meta` goes with a page's main part."""

    body: bytes
    meta: PageMeta | None = None


Make = Callable[[Db, Register], NewContent]


class CachedContent(Record):
    """Cached content. `small` is it as gzip, None where that is no smaller. `tag` is its ETag; `since` is when this process
    first saw its edition.
    """

    body: bytes
    small: bytes | None
    kind: str
    tag: str
    since: datetime
    meta: PageMeta | None = None

    @property
    def size(self) -> int:
        """What it takes in memory."""
        return len(self.body) + len(self.small or b"")


class PageCache:
    """Checks the edition at most once a second, and builds each page once per edition, whatever the traffic.

    When it is full, it drops the least recently used content.
    """

    def __init__(self, runtime: Runtime, most: int = MOST_BYTES) -> None:
        self._runtime, self._most = runtime, most
        self._contents: OrderedDict[Hashable, CachedContent] = OrderedDict()
        self._bytes = 0
        self._edition: Edition | None = None
        self._register = Register()
        self._since = runtime.clock()
        self._looked = float("-inf")
        self._looking, self._making = asyncio.Lock(), asyncio.Lock()

    async def register(self) -> Register:
        """The register of published outcomes, at most a second old."""
        now = asyncio.get_running_loop().time
        if now() - self._looked >= LOOK_EVERY:
            async with self._looking:
                if now() - self._looked >= LOOK_EVERY:
                    began = now()
                    await self._check_edition()
                    self._looked = began
        return self._register

    async def get(self, key: Hashable, kind: str, make: Make) -> CachedContent:
        """The content under this key, built now if it is missing. Only one build runs at a time, so many requests for
        one page cost one query, and requests for many pages queue up.
        """
        await self.register()
        found = self._contents.get(key)
        if found is None:
            async with self._making:
                found = self._contents.get(key) or await self._build(key, kind, make)
        if key in self._contents:
            self._contents.move_to_end(key)
        return found

    async def _check_edition(self) -> None:
        known = self._edition

        def look(connection: Connection) -> tuple[Edition, Register | None]:
            db = self._runtime.db(connection)
            now = edition(db)
            return now, None if now == known else register(db)

        found, new = await self._runtime.database.read(look)
        if new is not None:
            self._edition, self._register, self._since = found, new, self._runtime.clock()
            self._contents.clear()
            self._bytes = 0

    async def _build(self, key: Hashable, kind: str, make: Make) -> CachedContent:
        of, all_of_it, since = self._edition, self._register, self._since
        found = await self._runtime.database.read(lambda c: make(self._runtime.db(c), all_of_it))
        body = found.body
        small = compress(body) if is_worth_it(kind, len(body)) else None
        made = CachedContent(body, small, kind, sha256(body).hexdigest()[:24], since, found.meta)
        # Content built while the edition changed may be outdated: serve it once, and do not cache it.
        if of == self._edition and made.size <= self._most:
            self._contents[key] = made
            self._bytes += made.size
            while self._bytes > self._most:
                _, gone = self._contents.popitem(last=False)
                self._bytes -= gone.size
        return made


def answer(request: web.Request, kept: CachedContent, headers: Mapping[str, str]) -> web.Response:
    """The response for cached content; 304 if the client already has it."""
    said = {"Cache-Control": "no-cache", **headers}  # browsers may store it, but must revalidate
    whole = web.Response(status=200, headers=said)
    small = kept.small if accepts_gzip(request) else None
    whole.etag = kept.tag + _SMALL if small else kept.tag  # other bytes have another tag
    whole.last_modified = kept.since
    if kept.small:
        whole.headers["Vary"] = ", ".join(filter(None, (headers.get("Vary"), "Accept-Encoding")))
    if _is_current(request, kept):
        whole.set_status(304)
        return whole
    if small:
        whole.headers["Content-Encoding"] = "gzip"
    whole.body = small or kept.body
    whole.content_type = kept.kind
    if kept.kind.startswith("text/") or kept.kind.endswith(("xml", "json")):
        whole.charset = "utf-8"
    return whole


def _is_current(request: web.Request, kept: CachedContent) -> bool:
    if request.if_none_match is not None:
        return any(one.value in (kept.tag, kept.tag + _SMALL, "*") for one in request.if_none_match)
    # Only the exact time that this process sent: another worker may have seen the edition at another second.
    return request.if_modified_since == kept.since.replace(microsecond=0)
