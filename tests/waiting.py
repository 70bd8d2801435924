"""How a test waits: for something to hold, however busy the machine is."""

import asyncio
import time
from collections.abc import Callable
from inspect import isawaitable

LONG = 120.0  # seconds; nothing takes so long: it only ends what would wait for ever


async def until(
    so: Callable[[], object], within: float = LONG, tell: Callable[[], object] = lambda: ""
) -> None:
    """Returns when something holds, plain or awaited; after `within` seconds it fails, and tells how things are."""
    end = time.monotonic() + within
    while not await _found(so):
        assert time.monotonic() < end, f"it never came to that\n{tell()}"
        await asyncio.sleep(0.01)


async def _found(so: Callable[[], object]) -> object:
    found = so()
    return await found if isawaitable(found) else found
