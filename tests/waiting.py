"""Waiting in tests: until something holds, however busy the machine is."""

import asyncio
import time
from collections.abc import Callable
from inspect import isawaitable
from typing import Any

LONG = 120.0  # seconds; nothing takes so long, so it only ends endless waiting


async def until(
    so: Callable[[], object], within: float = LONG, tell: Callable[[], object] = lambda: ""
) -> None:
    """Returns when something holds, sync or async; after `within` seconds it fails, and shows the state."""
    assert await found_within(so, within), f"it never came to that\n{tell()}"


async def found_within(so: Callable[[], object], within: float = LONG, every: float = 0.01) -> Any:
    """What is found, plain or awaited, looked for `every` so many seconds; after `within` seconds what there is then."""
    end = time.monotonic() + within
    while not (found := await _found(so)) and time.monotonic() < end:
        await asyncio.sleep(every)
    return found


async def _found(so: Callable[[], object]) -> object:
    found = so()
    return await found if isawaitable(found) else found
