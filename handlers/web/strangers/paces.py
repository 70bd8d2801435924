"""What anybody may try without a page: guesses, and opening pages. Each address has a pace, and only failing uses it up."""

import asyncio

from aiohttp import web

from handlers.web.context import CONTEXT
from handlers.web.health import visitor

_LONGEST = 30.0  # seconds that somebody waits; a proxy gives up after a minute


def refuse_guessing(request: web.Request) -> None:
    """Raises 429 for an address that guessed wrong too often."""
    if request.app[CONTEXT].guesses.is_too_fast(visitor(request)):
        raise web.HTTPTooManyRequests


def guessed_wrong(request: web.Request) -> None:
    """Counts a wrong return code or invite against its address."""
    request.app[CONTEXT].guesses.failed(visitor(request))


def count_as_guess(request: web.Request) -> None:
    """Counts what leaves a row for ten minutes, such as a sign-in that begins. Raises 429 for too many at once."""
    refuse_guessing(request)
    guessed_wrong(request)


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
