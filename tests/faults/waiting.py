"""How a test waits: for something to hold, on a machine that may be busy; and what is too long for every day."""

import asyncio
import os
import time
from collections.abc import Callable

import pytest

LONG = 60.0  # seconds; nothing here takes so long, but a busy machine may

takes_long = pytest.mark.skipif(
    not os.environ.get("HEARD_LONG_WALKS"), reason="takes long: HEARD_LONG_WALKS=1 make test runs it"
)


async def until(
    so: Callable[[], object], within: float = LONG, tell: Callable[[], object] = lambda: ""
) -> None:
    """Returns when something holds; after `within` seconds it fails, and tells how things are."""
    end = time.monotonic() + within
    while not so():
        assert time.monotonic() < end, f"it never came to that\n{tell()}"
        await asyncio.sleep(0.02)
