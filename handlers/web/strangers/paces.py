"""What anybody may try without a page: guesses, and opening pages. Each address has a pace, and only failing uses it up."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from aiohttp import web

from handlers.web.context import CONTEXT
from handlers.web.health import visitor
from storage.core.unit_of_work import Db

_LONGEST = 30.0  # seconds that somebody waits; a proxy gives up after a minute

Found = TypeVar("Found")


async def known(request: web.Request, find: Callable[[Db], Found | None]) -> Found | None:
    """What a secret leads to. None for a wrong one, which leaves no row; 429 after too many of them."""
    page, address = request.app[CONTEXT], visitor(request)
    if page.guesses.is_too_fast(address):
        raise web.HTTPTooManyRequests
    found = await page.runtime.database.read(lambda connection: find(page.runtime.db(connection)))
    if found is None:
        page.guesses.failed(address)
    return found


def count_as_guess(request: web.Request) -> None:
    """Counts what leaves a row for ten minutes, such as a sign-in that begins. Raises 429 for too many at once."""
    guesses, address = request.app[CONTEXT].guesses, visitor(request)
    if guesses.is_too_fast(address):
        raise web.HTTPTooManyRequests
    guesses.failed(address)


async def wait_for_turn(request: web.Request) -> None:
    """Slows whoever opens pages that answer nothing, and refuses nobody. Who does not wait for it gets no page."""
    pace, address = request.app[CONTEXT].new_pages, visitor(request)
    over = pace.seconds_over(address)
    pace.failed(address)
    if not over:
        return
    await asyncio.sleep(min(over, _LONGEST))
    if request.transport is None or request.transport.is_closing():
        raise web.HTTPRequestTimeout


def answered(request: web.Request) -> None:
    """Notes that a page of this address answered something, so that one of its new pages was not in vain."""
    request.app[CONTEXT].new_pages.made_up(visitor(request))
