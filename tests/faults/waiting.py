"""How a test waits: for something to hold, on a machine that may be busy."""

import asyncio
import time
from collections.abc import Callable

LONG = 60.0  # seconds; nothing here takes so long, but a busy machine may


async def until(
    so: Callable[[], object], within: float = LONG, tell: Callable[[], object] = lambda: ""
) -> None:
    """Returns when something holds; after `within` seconds it fails, and tells how things are."""
    end = time.monotonic() + within
    while not so():
        assert time.monotonic() < end, f"it never came to that\n{tell()}"
        await asyncio.sleep(0.02)
