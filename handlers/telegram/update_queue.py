"""Queues updates for their turns: each person's in order, different people's in parallel."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence

import structlog

from handlers.telegram.parse import ParsedUpdate

log = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0  # seconds between two tries to store an update
LAST_SECONDS = 10.0  # to finish updates in progress at shutdown

HandleUpdate = Callable[[ParsedUpdate], Awaitable[None]]


class UpdateQueue:
    """The updates that are not confirmed yet. `take` raises only if nothing could be stored; then the update is
    retried, and later updates of the same person wait.
    """

    def __init__(self, take: HandleUpdate) -> None:
        self._take = take
        self._in_hand: dict[int, asyncio.Task[bool]] = {}
        self._last_of: dict[int, asyncio.Task[bool]] = {}
        self._stored: set[int] = set()  # stored but perhaps not confirmed, so these may come again
        self._stopping = asyncio.Event()
        self._failing = False

    @property
    def is_busy(self) -> bool:
        return bool(self._in_hand)

    @property
    def offset(self) -> int | None:
        """The first update that is not stored. Polling from there confirms all before it. None if no id is known."""
        if self._in_hand:
            return min(self._in_hand)
        return max(self._stored) + 1 if self._stored else None

    def __contains__(self, number: object) -> bool:
        """Whether an update is in progress, or stored and perhaps not confirmed: such updates come with every poll."""
        return number in self._in_hand or number in self._stored

    def admit(self, updates: Sequence[ParsedUpdate], *, known: int = 0) -> int:
        """Starts new updates, and returns how many there were. `known` is how many known ones came again.

        When nothing is waiting, the offset is dropped, because after a quiet week Telegram's next id is random.
        """
        if not updates and not known and not self._in_hand:
            self._stored.clear()
        new = {update.number: update for update in updates if update.number not in self}
        for update in new.values():
            self._start(update)
        first = self.offset or 0
        self._stored = {number for number in self._stored if number >= first - 1}
        return len(new)

    async def settle(self, seconds: float) -> bool:
        """Waits until an update is stored, at most `seconds`. Returns whether one was."""
        if not self._in_hand:
            return True
        tasks = self._in_hand.values()
        done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        return bool(done)

    async def finish(self) -> None:
        """Finishes updates in progress. Those that cannot be stored in time stay unconfirmed."""
        self._stopping.set()
        if self._in_hand:
            _, late = await asyncio.wait(self._in_hand.values(), timeout=LAST_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _start(self, update: ParsedUpdate) -> None:
        person = update.person
        task = asyncio.create_task(self._until_stored(update, self._last_of.get(person)))
        self._in_hand[update.number] = self._last_of[person] = task
        task.add_done_callback(lambda done: self._on_done(update.number, person, done))

    async def _until_stored(self, update: ParsedUpdate, before: asyncio.Task[bool] | None) -> bool:
        """Retries until the update is stored. False if the queue stopped first."""
        if before is not None:
            await asyncio.wait({before})
            if before.cancelled() or not before.result():
                return False
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            if await self._try_to_store(update):
                return True
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stopping.wait()
            pause = min(pause * 2, LONGEST_PAUSE)
        return False

    async def _try_to_store(self, update: ParsedUpdate) -> bool:
        try:
            await self._take(update)
        except Exception as error:  # noqa: BLE001 - after any error the update is not stored
            if not self._failing:
                log.warning("updates are queued: they cannot be stored", kind=type(error).__name__)
            self._failing = True
            return False
        if self._failing:
            log.info("updates are stored again")
        self._failing = False
        return True

    def _on_done(self, number: int, person: int, task: asyncio.Task[bool]) -> None:
        if self._last_of.get(person) is task:
            del self._last_of[person]
        if not task.cancelled() and task.result():
            del self._in_hand[number]
            self._stored.add(number)
