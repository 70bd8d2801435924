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

EVERY = 1.0  # seconds until a look at the outbox without a ring
PAUSE = 0.25  # seconds between two looks, however often the bell rings
LEFT_OVER = 500  # answers claimed at a time after a crash
ALIVE = 5.0  # seconds between two signs of life
PING_AFTER = 45.0  # seconds without a message that got through, until we ask the channel whether it is there
STUCK = 60.0  # seconds that a look may take, until we say that we are not ready
GRACE = 5.0  # seconds for the answers in hand when we are told to stop
LAST = 30.0  # seconds for the requests that have left

Chat = tuple[int, bool]  # a door, and whether it is about broadcasts: an answer waits for none of those


class Courier:
    """Answers are handed over after their turn's commit; broadcasts, alerts, and what a crash left over are
    claimed. `begin` before anybody comes in; then `run` works until `finish`.
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
    def revoked(self) -> bool:
        """Whether the channel refused our token: then nothing is sent, and everything is kept."""
        return self._delivery.revoked

    @property
    def stuck(self) -> bool:
        """Whether nobody looks any more for what is to be sent."""
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
        """Recovers what an earlier courier had claimed. Returns before anybody may come in: a reply that
        was born meanwhile would be taken for left over and sent twice, or overtake one that was.
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
            except Exception as error:  # noqa: BLE001 - the next look must come
                log.error("courier failed", kind=type(error).__name__)
            self._looked_at = asyncio.get_running_loop().time()
            if not behind:
                await self._wakeup.wait(EVERY)
            await asyncio.sleep(PAUSE)

    async def finish(self) -> None:
        """Stops cleanly: what has left is waited for, what has not waits in the outbox again."""
        self._stopping = True
        self._wakeup.notify()
        self._gate.close(broadcasts_only=True)
        async with self._looking:  # what the last look takes in hand is put back with the rest
            pass
        await _unfinished_after([task for task, chat in self._serving.items() if not chat[1]], GRACE)
        self._delivery.close()
        telling = [self._telling] if self._telling else []
        for task in await _unfinished_after([*self._serving, *telling], LAST):
            # Nobody knows what became of these: they stay as they are stored, for the next start.
            self._chats.pop(self._serving.get(task, (0, False)), None)
            task.cancel()
        left = [message.id for message in self._held_messages()]
        with contextlib.suppress(Unavailable):
            await self._write(lambda db: dispatching.release(db, left))
        await self._results.finish()

    # --- looking for what is due ------------------------------------------------------------------

    async def _round(self) -> bool:
        """Whether an answer waits for what another worker is just sending to that chat."""
        if self.revoked:
            return False
        due = await self._read(lambda db: dispatching.due_lanes(db, self._channel))
        taken: tuple[OutboxMessage, ...] = ()
        if due.answers or due.broadcasts:
            # Counted here, for the database's thread must not look into what is changed meanwhile.
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
        """Says that this worker is there, and the channel too if it was lately; takes over from workers that are not."""
        heartbeats.beat(db, heartbeats.WORKER + db.worker, *((self._channel.name,) if reached else ()))
        if not self._alone:
            dispatching.recover(db, self._channel, heartbeats.workers_alive(db))

    def _recover(self, db: Db) -> tuple[OutboxMessage, ...]:
        """A SQLite database has one courier of each channel only: whatever is in hand there is left over."""
        rate_limit.set_rate(db)
        heartbeats.beat(db, heartbeats.WORKER + db.worker)
        dispatching.recover(db, self._channel, frozenset() if self._alone else heartbeats.workers_alive(db))
        return self._claim_answers(db)

    def _claim_answers(self, db: Db) -> tuple[OutboxMessage, ...]:
        return dispatching.claim(
            db, self._channel, ("conversation", "alert"), LEFT_OVER, whole_chats=self._alone
        )

    def _claim(self, db: Db, room: int) -> tuple[OutboxMessage, ...]:
        """All that was left over, and so many broadcasts as there is room for."""
        return (
            *self._claim_answers(db),
            *(dispatching.claim(db, self._channel, ("broadcast",), room) if room > 0 else ()),
        )

    # --- each chat in its order -------------------------------------------------------------------

    def _take(self, message: OutboxMessage) -> None:
        chat = (message.door, message.lane == "broadcast")
        if chat in self._chats:
            self._chats[chat].append(message)
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

    # --- how far broadcasts are -------------------------------------------------------------------

    async def _tell_progress(self) -> None:
        """Writes every progress message anew that is ripe."""
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


async def _unfinished_after(tasks: list[asyncio.Task[None]], seconds: float) -> set[asyncio.Task[None]]:
    """Waits so long for tasks to end, and gives those that have not."""
    return (await asyncio.wait(tasks, timeout=seconds))[1] if tasks else set()
