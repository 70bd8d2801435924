"""Wakes the courier and the open pages after a commit. A later tick picks up what a wake-up misses."""

import asyncio
import contextlib


class Wakeup:
    """Any number may wait; one ring wakes them all."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def notify(self) -> None:
        """Wakes all who wait now."""
        rung, self._rung = self._rung, asyncio.Event()
        rung.set()

    def next_notice(self) -> asyncio.Event:
        """The ring that comes next: whoever asks for it before they look misses nothing while they look."""
        return self._rung

    async def wait(self, seconds: float, notify: asyncio.Event | None = None) -> None:
        """Returns at the next ring, or at the one that was asked for; or after this many seconds."""
        # Not wait_for: in Python 3.11 it loses a cancelling that comes with the ring.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await (notify or self._rung).wait()
