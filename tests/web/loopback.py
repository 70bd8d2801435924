"""A test's own server: it plays a short script over real HTTP, so that the page can be used in a browser."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

from conversations.core.messages import Say
from handlers.web.static_files import static
from handlers.web.templates_api import FRAGMENT, HEADERS, Thread, ThreadItem
from handlers.web.view_model import answerable_view, past_view
from tests.web.preview import PAGES, SAMPLES, inside


@dataclass
class Loopback:
    """The messages in order, what was posted, and ways to be slow, broken, or full of news."""

    script: tuple[Say, ...] = ()
    at: int = 0
    shared_minutes: int = 0
    language: str = "en"
    open: asyncio.Event = field(default_factory=asyncio.Event)
    listened: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    status: int = 200
    streams: int = 10  # how many may be open
    draws: int = 0
    posts: list[dict[str, str]] = field(default_factory=list)
    news: list[ThreadItem] = field(default_factory=list)
    left: int = 0
    address: str = ""
    _streams: list[web.StreamResponse] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.open.set()

    def thread(self) -> Thread:
        before = [
            ThreadItem(str(n), past_view(say, lang="en")) for n, say in enumerate(self.script[: self.at])
        ]
        said = [ThreadItem(f"a{n}", said=_posted(post)) for n, post in enumerate(self.posts)]
        pairs = [entry for pair in zip(before, said, strict=False) for entry in pair]
        now = ThreadItem(str(self.at), answerable_view(self.script[self.at], lang="en"))
        return Thread((*pairs, *self.news), now)

    async def page(self, request: web.Request) -> web.Response:
        return self._answer(request)

    async def turn(self, request: web.Request) -> web.StreamResponse:
        posted = {key: str(value) for key, value in (await request.post()).items()}
        await self.open.wait()
        if self.status != 200:
            return web.Response(status=self.status, text="no")
        self.posts.append(posted)
        self.at = min(self.at + 1, len(self.script) - 1)
        if FRAGMENT not in request.headers.get("Accept", ""):
            raise web.HTTPSeeOther("/#new")
        return self._answer(request)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        if len(self._streams) >= self.streams:
            self.listened.set()
            return web.Response(status=429)
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        await stream.write(b": hello\n\n")
        self._streams.append(stream)
        self.listened.set()
        await self.over.wait()
        return stream

    async def elsewhere(self, _: web.Request) -> web.Response:
        return web.Response(text="<title>Elsewhere</title>", content_type="text/html")

    async def tell(self) -> None:
        await self.listened.wait()
        for stream in self._streams:
            await stream.write(b"data: news\n\n")

    def change(self, say: Say) -> None:
        """Changes the current question, as if it were answered elsewhere."""
        self.script = (*self.script[: self.at], say, *self.script[self.at + 1 :])

    async def leave(self, _: web.Request) -> web.Response:
        self.left += 1
        return web.Response(text=PAGES.leaving_page(inside(leave_to="/elsewhere")), content_type="text/html")

    def _answer(self, request: web.Request) -> web.Response:
        self.draws += 1
        frame = inside(
            self.language, once=f"once{self.draws}", shared_minutes=self.shared_minutes, leave_to="/elsewhere"
        )
        if FRAGMENT in request.headers.get("Accept", ""):
            return web.Response(
                text=PAGES.fragment(frame, self.thread()), content_type=FRAGMENT, headers=HEADERS
            )
        html = PAGES.conversation(frame, self.thread())
        return web.Response(text=html, content_type="text/html", headers=HEADERS)


def _posted(post: dict[str, str]) -> str:
    return post.get("said") or post.get("choice") or post.get("command") or "a file"


async def _sample(request: web.Request) -> web.Response:
    html = SAMPLES[request.match_info["name"]]()
    return web.Response(text=html, content_type="text/html", headers=HEADERS)


@asynccontextmanager
async def serving(loopback: Loopback) -> AsyncIterator[Loopback]:
    """Serves on a free loopback port. `address` is then its base."""
    app = web.Application()
    app.router.add_get("/static/{name}", static)
    app.router.add_get("/sample/{name}", _sample)
    app.router.add_get("/elsewhere", loopback.elsewhere)
    app.router.add_get("/", loopback.page)
    app.router.add_get("/thread", loopback.page)
    app.router.add_get("/stream", loopback.stream)
    app.router.add_post("/turn", loopback.turn)
    app.router.add_post("/leave", loopback.leave)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    loopback.address = str(server.make_url("")).rstrip("/")
    try:
        yield loopback
    finally:
        loopback.over.set()
        await server.close()
