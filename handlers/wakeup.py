"""Wakes the courier and the open pages after a commit. A later tick picks up what a wake-up misses."""

import asyncio
import contextlib


class Wakeup:
    """A wake-up for any number of waiting tasks."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def notify(self) -> None:
        """Wakes everything that waits now."""
        rung, self._rung = self._rung, asyncio.Event()
        rung.set()

    def next_notice(self) -> asyncio.Event:
        """The next wake-up, as an event. Get it before a check, so that a wake-up during the check is not missed."""
        return self._rung

    async def wait(self, seconds: float, notify: asyncio.Event | None = None) -> None:
        """Returns at the next wake-up, or at `notify` from `next_notice`; at the latest after `seconds`."""
        # Not wait_for: in Python 3.11 it loses a cancellation that comes with the event.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await (notify or self._rung).wait()
