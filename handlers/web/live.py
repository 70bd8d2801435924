"""The stream that tells an open page of news."""

import asyncio
import contextlib

from aiohttp import web

from handlers.web.conversation import door_of
from handlers.web.health import visitor
from handlers.web.watch import WATCH

_KEEP_ALIVE = 25.0  # seconds; proxies cut a silent stream after about a minute


async def stream(request: web.Request) -> web.StreamResponse:
    """GET /stream: sends "look" when something new waits. The page then fetches it."""
    door, watch = await door_of(request), request.app[WATCH]
    if door is None:
        raise web.HTTPUnauthorized
    address = visitor(request)
    if watch.is_full(door.id, address):
        raise web.HTTPTooManyRequests
    answer = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    await answer.prepare(request)
    with watch.page(door.id, address) as news, contextlib.suppress(ConnectionError):
        await answer.write(b"retry: 3000\n\n")
        while not watch.stopping:
            await answer.write(b"data: look\n\n" if await _has_news_soon(news) else b": still here\n\n")
    return answer


async def _has_news_soon(news: asyncio.Event) -> bool:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_KEEP_ALIVE):
            await news.wait()
        news.clear()
        return True
    return False
