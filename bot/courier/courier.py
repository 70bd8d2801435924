"""The courier of a channel sends every message there, in each chat's order and within the rate limit."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Iterator
from typing import TypeVar

import structlog

from bot.courier.delivery import Delivery
from bot.courier.rate_gate import Closed, RateGate
from bot.courier.result_writer import ResultWriter
from handlers.announcements import build
from handlers.transport import Transport
from handlers.turns import Runtime
from handlers.wakeup import Wakeup
from storage.core.database import Sqlite
from storage.core.errors import Unavailable
from storage.core.unit_of_work import Db
from storage.outbox import dispatching, heartbeats, outbox, rate_limit
from storage.outbox.outbox import OutboxMessage

log = structlog.get_logger()
Result = TypeVar("Result")

EVERY = 1.0  # seconds until the outbox is checked without a wake-up
PAUSE = 0.25  # seconds between two checks, however many wake-ups come
LEFT_OVER = 500  # answers claimed at a time after a crash
ALIVE = 5.0  # seconds between two heartbeats
PING_AFTER = 45.0  # seconds without a delivered message until the channel is pinged
STUCK = 60.0  # seconds that a check may take before this process counts as not ready
GRACE = 5.0  # seconds to finish answers in progress at shutdown
LAST = 30.0  # seconds to wait for requests already sent

Chat = tuple[int, bool]  # a door, and whether it is for broadcasts: an answer never waits for those


class Courier:
    """Gets answers by `hand_over` after their turn's commit; claims broadcasts, alerts and what a crash left behind.
    Call `begin` before any turn is taken; then `run` works until `finish`.
    """

    def __init__(self, runtime: Runtime, transport: Transport, wakeup: Wakeup) -> None:
        self._runtime, self._channel, self._wakeup = runtime, transport.channel, wakeup
        self._results = ResultWriter(runtime)
        self._gate = RateGate(runtime)
        self._delivery = Delivery(runtime, transport, self._gate, self._results)
        self._chats: dict[Chat, deque[OutboxMessage]] = {}
        self._serving: dict[asyncio.Task[None], Chat] = {}
        self._telling: asyncio.Task[None] | None = None
        self._stopping = False
        self._looking = asyncio.Lock()
        self._alive_at = 0.0
        self._looked_at = asyncio.get_running_loop().time()
        self._pinging: asyncio.Task[bool] | None = None
        self._block = max(2, int(2 * runtime.rules.sends_per_second))
        self._alone = isinstance(runtime.database, Sqlite)

    @property
    def is_revoked(self) -> bool:
        """Whether the channel rejected the token: then nothing is sent, and every message is kept."""
        return self._delivery.is_revoked

    @property
    def is_stuck(self) -> bool:
        """Whether the outbox has not been checked for too long."""
        return asyncio.get_running_loop().time() - self._looked_at > STUCK

    def hand_over(self, messages: tuple[OutboxMessage, ...]) -> None:
        """Takes a turn's messages after its commit. Messages of other channels are left to their couriers; those that
        another worker blocks are claimed later.
        """
        for message in messages:
            if (
                message.channel == self._channel
                and not message.blocked_by_other_worker
                and not self._stopping
            ):
                self._take(message)

    async def begin(self) -> None:
        """Recovers what an earlier courier had claimed. Await this before any turn is taken: a reply queued meanwhile
        would count as left behind and be sent twice, or overtake an older one.
        """
        for message in await self._write(self._recover):
            self._take(message)

    async def run(self) -> None:
        """Sends until `finish`."""
        while not self._stopping:
            behind = False
            try:
                async with self._looking:
                    behind = await self._round()
            except Unavailable as fault:
                log.warning("courier could not reach the database", fault=str(fault))
            except Exception as error:  # noqa: BLE001 - the loop must go on
                log.error("courier failed", kind=type(error).__name__)
            self._looked_at = asyncio.get_running_loop().time()
            if not behind:
                await self._wakeup.wait(EVERY)
            await asyncio.sleep(PAUSE)

    async def finish(self) -> None:
        """Stops cleanly: waits for requests already sent, and returns everything else to the outbox."""
        self._stopping = True
        self._wakeup.notify()
        self._gate.close(broadcasts_only=True)
        async with self._looking:  # what the last check claims is released with the rest
            pass
        await _unfinished_after([task for task, chat in self._serving.items() if not chat[1]], GRACE)
        self._delivery.close()
        telling = [self._telling] if self._telling else []
        for task in await _unfinished_after([*self._serving, *telling], LAST):
            # Their result is unknown: they stay as they are stored, for the next start.
            self._chats.pop(self._serving.get(task, (0, False)), None)
            task.cancel()
        left = [message.id for message in self._held_messages()]
        with contextlib.suppress(Unavailable):
            await self._write(lambda db: dispatching.release(db, left))
        await self._results.finish()

    # --- claiming what is due ---------------------------------------------------------------------

    async def _round(self) -> bool:
        """Claims what is due. Returns whether an answer is blocked by another worker that is sending to the same chat."""
        if self.is_revoked:
            return False
        due = await self._read(lambda db: dispatching.due_lanes(db, self._channel))
        taken: tuple[OutboxMessage, ...] = ()
        if due.answers or due.broadcasts:
            # Counted here, because the database thread must not read what this thread changes.
            room = self._block - sum(chat[1] for chat in self._chats)
            taken = await self._write(lambda db: self._claim(db, room))
            for message in taken:
                self._take(message)
        if due.progress and (self._telling is None or self._telling.done()):
            self._telling = asyncio.create_task(self._tell_progress())
        now = asyncio.get_running_loop().time()
        if now - self._alive_at > ALIVE:
            self._alive_at = now
            reached = self._delivery.reached_at > now - PING_AFTER
            await self._write(lambda db: self._say_alive(db, reached=reached))
            if not reached and (self._pinging is None or self._pinging.done()):
                self._pinging = asyncio.create_task(self._delivery.ping())
        return due.answers and all(message.lane == "broadcast" for message in taken)

    def _say_alive(self, db: Db, *, reached: bool) -> None:
        """Writes heartbeats for this worker and, if it was `reached`, its channel; recovers the messages of dead
        workers.
        """
        heartbeats.beat(db, heartbeats.WORKER + db.worker, *((self._channel.name,) if reached else ()))
        if not self._alone:
            dispatching.recover(db, self._channel, heartbeats.workers_alive(db))

    def _recover(self, db: Db) -> tuple[OutboxMessage, ...]:
        """Recovers and claims what was left behind. On SQLite that is everything claimed, since there is one worker."""
        rate_limit.set_rate(db)
        heartbeats.beat(db, heartbeats.WORKER + db.worker)
        dispatching.recover(db, self._channel, frozenset() if self._alone else heartbeats.workers_alive(db))
        return self._claim_answers(db)

    def _claim_answers(self, db: Db) -> tuple[OutboxMessage, ...]:
        return dispatching.claim(
            db, self._channel, ("conversation", "alert"), LEFT_OVER, whole_chats=self._alone
        )

    def _claim(self, db: Db, room: int) -> tuple[OutboxMessage, ...]:
        """Claims all due answers and alerts, and up to `room` broadcasts."""
        return (
            *self._claim_answers(db),
            *(dispatching.claim(db, self._channel, ("broadcast",), room) if room > 0 else ()),
        )

    # --- one chat at a time -----------------------------------------------------------------------

    def _take(self, message: OutboxMessage) -> None:
        chat = (message.door, message.lane == "broadcast")
        if chat in self._chats:
            _add(self._chats[chat], message)
            return
        self._chats[chat] = deque([message])
        task = asyncio.create_task(self._serve(chat))
        self._serving[task] = chat
        task.add_done_callback(self._serving.pop)

    async def _serve(self, chat: Chat) -> None:
        """Delivers a chat's messages in order until none is left. A message that the gate refuses stays in the outbox."""
        messages = self._chats[chat]
        while messages:
            try:
                await self._delivery.deliver(messages[0])
            except Closed:
                return
            except Exception as error:  # noqa: BLE001 - one bad message must not block its chat
                log.error(
                    "message skipped after an unexpected error",
                    kind=type(error).__name__,
                    what=messages[0].kind,
                )
            messages.popleft()
        del self._chats[chat]

    def _held_messages(self) -> Iterator[OutboxMessage]:
        for messages in self._chats.values():
            yield from messages

    # --- progress of broadcasts -------------------------------------------------------------------

    async def _tell_progress(self) -> None:
        """Updates every progress message that is due."""
        try:
            for message, address in await self._write(
                lambda db: dispatching.claim_progress(db, self._channel)
            ):
                await self._tell(message, address)
        except Closed:
            return
        except Unavailable as fault:
            log.warning("progress cannot be read", fault=str(fault))
        except Exception as error:  # noqa: BLE001 - the next round must come
            log.error("progress failed", kind=type(error).__name__)

    async def _tell(self, message: OutboxMessage, address: str) -> None:
        running = await self._read(lambda db: outbox.is_running(db, message.about))
        say = await self._read(lambda db: build(self._runtime, db, message))
        if say is None:
            await self._write(lambda db: dispatching.drop(db, (message.id,)))
        else:
            await self._delivery.rewrite(message, address, say, last=not running)

    # --- the database -----------------------------------------------------------------------------

    async def _write(self, work: Callable[[Db], Result]) -> Result:
        return await self._runtime.database.write(lambda connection: work(self._runtime.db(connection)))

    async def _read(self, work: Callable[[Db], Result]) -> Result:
        return await self._runtime.database.read(lambda connection: work(self._runtime.db(connection)))


def _add(messages: deque[OutboxMessage], message: OutboxMessage) -> None:
    """Adds a message to those of its chat. An alert goes first, but for the one in delivery and earlier alerts."""
    place = len(messages)
    while message.lane == "alert" and place > 1 and messages[place - 1].lane != "alert":
        place -= 1
    messages.insert(place, message)


async def _unfinished_after(tasks: list[asyncio.Task[None]], seconds: float) -> set[asyncio.Task[None]]:
    """Waits for tasks to end, and returns those that have not after `seconds`."""
    return (await asyncio.wait(tasks, timeout=seconds))[1] if tasks else set()
