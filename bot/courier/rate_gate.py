"""Every outgoing message takes a slot of the shared rate limit and has its send intent recorded first.

A block of messages costs one transaction.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

import structlog

from conversations.core.messages import Say
from conversations.core.record import Record, replace
from handlers.digest import build_digests
from handlers.turns import Runtime
from storage.core.errors import Unavailable
from storage.core.unit_of_work import Db
from storage.outbox import dispatching, heartbeats, rate_limit
from storage.outbox.dispatching import Settlement
from storage.outbox.outbox import OutboxMessage

log = structlog.get_logger()

ANSWERS_AT_ONCE = 64  # replies and alerts in one transaction
BLOCK_SECONDS = 0.02  # broadcasts due within this time share a transaction: one at 30 a second
LATE_SECONDS = 0.1  # how much of the time lost to a slow commit the next block makes up for
DATABASE_PAUSE = 1.0  # seconds between tries while the database cannot be written
NO_NEWS = 60.0  # seconds between checks while the gate is paused


class Closed(Exception):
    """The gate is closed. The message is unchanged."""


class NotBuilt(Exception):
    """The message's text could not be built. It is settled as failed."""


class Ready(Record):
    """A message that may be sent now, once. Those batched into it (`along`) share its fate."""

    address: str
    say: Say
    along: tuple[int, ...] = ()


@dataclass(slots=True)
class _Waiting:
    message: OutboxMessage
    result: asyncio.Future[Ready | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


# The result for each message of a block, by id, and the seconds to wait before asking for the others.
_Block = tuple[dict[int, Ready | Exception | None], float]


class RateGate:
    """Replies go first. Broadcasts are spread evenly and leave one slot free, so that a reply finds one.

    The gate is paused while its channel is down. Then one message goes out as a probe, and its result opens or pauses
    the gate again. So an outage leaves a few messages of unknown fate, not the whole queue.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        rate = rate_limit.rate(runtime.rules.sends_per_second)
        self._apart = rate.interval
        self._block = max(1, int(BLOCK_SECONDS / rate.interval))
        # The wait after a block that did not get all its slots.
        self._pause = BLOCK_SECONDS / 4 if self._block > 1 else 0.0
        self._most_late = int(LATE_SECONDS / rate.interval)
        self._kept_free = 1 if rate.many >= 5 else 0
        self._answers: deque[_Waiting] = deque()
        self._broadcasts: deque[_Waiting] = deque()
        self._next_broadcast = 0.0
        self._gate: Literal["open", "probe", "paused"] = "open"
        self._closed: set[bool] = set()
        self._news = asyncio.Event()
        self._pumping: asyncio.Task[None] | None = None

    async def acquire(self, message: OutboxMessage) -> Ready | None:
        """Returns when the message may be sent; None if it must not be sent any more. Raises Closed or NotBuilt."""
        patient = message.lane == "broadcast"
        if patient in self._closed:
            raise Closed
        waiting = _Waiting(message)
        if not self._broadcasts:
            self._next_broadcast = max(self._next_broadcast, self._now())
        (self._broadcasts if patient else self._answers).append(waiting)
        self._news.set()
        if self._pumping is None or self._pumping.done():
            self._pumping = asyncio.create_task(self._pump())
        return await waiting.result

    @property
    def is_paused(self) -> bool:
        """Whether a reply must wait: the gate is not open, or other replies are waiting."""
        return bool(self._answers) or not self.is_open or False in self._closed

    @property
    def is_open(self) -> bool:
        return self._gate == "open"

    def pause(self) -> None:
        """Holds all messages until `resume`."""
        self._gate = "paused"

    def resume(self, *, probe: bool = False) -> None:
        """Lets messages pass again; as a `probe`, only the next one, until `resume` is called again."""
        self._gate = "probe" if probe else "open"
        self._news.set()

    def close(self, *, broadcasts_only: bool = False) -> None:
        """Raises Closed for all messages that wait, and for all that come later."""
        self._closed |= {True} if broadcasts_only else {True, False}
        for waiting in (*self._broadcasts, *(() if broadcasts_only else self._answers)):
            if not waiting.result.done():
                waiting.result.set_exception(Closed())
        self._news.set()

    # --- blocks -----------------------------------------------------------------------------------

    async def _pump(self) -> None:
        """Runs as long as messages wait."""
        while self._prune_waiting():
            answers, broadcasts, again = self._next_block()
            if not answers and not broadcasts:
                await self._wait_for_news(again)
                continue
            try:
                await self._pass_block(answers, broadcasts)
            except Unavailable as fault:
                log.warning("sending paused: database is not writable", fault=str(fault))
                await self._wait_for_news(DATABASE_PAUSE)

    def _prune_waiting(self) -> bool:
        """Removes cancelled messages. Returns whether any still wait."""
        self._news.clear()
        for waiting in (self._answers, self._broadcasts):
            for one in [one for one in waiting if one.result.done()]:
                waiting.remove(one)
        return bool(self._answers or self._broadcasts)

    def _next_block(self) -> tuple[list[_Waiting], list[_Waiting], float]:
        """The replies and broadcasts that may ask for slots now, and the seconds to wait if there are none."""
        if self._gate == "paused":
            return [], [], NO_NEWS
        answers = list(islice(self._answers, ANSWERS_AT_ONCE))
        wait = self._next_broadcast - self._now()
        late = min(int(max(0.0, -wait) / self._apart), self._most_late)
        broadcasts = list(islice(self._broadcasts, self._block + late)) if wait <= 0 else []
        if self._gate == "probe":
            return answers[:1], [] if answers else broadcasts[:1], wait
        return answers, broadcasts, wait

    async def _pass_block(self, answers: Sequence[_Waiting], broadcasts: Sequence[_Waiting]) -> None:
        """Stores a block in one transaction. Messages without a slot keep waiting."""
        began = self._now()
        block = {one.message.id: one for one in (*answers, *broadcasts)}
        hasty, patient = [one.message for one in answers], [one.message for one in broadcasts]
        done, again = await self._write(hasty, patient)
        if broadcasts:
            left = sum(one.message.id in done for one in broadcasts)
            due = max(self._next_broadcast, began - LATE_SECONDS) + self._apart * left
            self._next_broadcast = max(due, self._now() + max(again, self._pause)) if again else due
        for number, ready in done.items():
            self._release(block[number], ready)
        if again and len([one for one in answers if one.message.id in done]) < len(answers):
            await asyncio.sleep(again)

    def _release(self, waiting: _Waiting, ready: Ready | Exception | None) -> None:
        (self._broadcasts if waiting.message.lane == "broadcast" else self._answers).remove(waiting)
        if waiting.result.done():
            return
        if isinstance(ready, Exception):
            waiting.result.set_exception(ready)
            return
        if ready and self._gate == "probe":
            self._gate = "paused"
        waiting.result.set_result(ready)

    async def _write(self, answers: list[OutboxMessage], broadcasts: list[OutboxMessage]) -> _Block:
        """Falls back to a transaction for each message, so that one bad message does not fail the others."""
        try:
            return await self._runtime.database.write(
                lambda connection: _grant_block(
                    self._runtime, self._runtime.db(connection), answers, broadcasts, self._kept_free
                )
            )
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - as said above
            messages = (*answers, *broadcasts)
            if len(messages) == 1:
                log.error("message not built", kind=type(error).__name__, what=messages[0].kind)
                return {messages[0].id: NotBuilt()}, 0.0
            first = messages[0]
            alone: tuple[list[OutboxMessage], list[OutboxMessage]] = (
                ([first], []) if answers else ([], [first])
            )
            return await self._write(*alone)

    async def _wait_for_news(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(seconds, 0.001)):
                await self._news.wait()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _grant_block(
    runtime: Runtime, db: Db, answers: list[OutboxMessage], broadcasts: list[OutboxMessage], kept_free: int
) -> _Block:
    hasty = rate_limit.take(db, len(answers)) if answers else rate_limit.RateGrant(0)
    patient = rate_limit.RateGrant(0, hasty.retry_in)
    if broadcasts and hasty.many == len(answers):
        held = heartbeats.pause_left(db)
        patient = (
            rate_limit.RateGrant(0, held) if held else rate_limit.take(db, len(broadcasts), reserve=kept_free)
        )
    going = [*answers[: hasty.many], *broadcasts[: patient.many]]
    return _prepare(runtime, db, going), max(hasty.retry_in, patient.retry_in)


def _prepare(runtime: Runtime, db: Db, going: list[OutboxMessage]) -> dict[int, Ready | Exception | None]:
    """Each message with its address and text. Its send intent is stored here unless it was stored before."""
    done: dict[int, Ready | Exception | None] = {
        message.id: Ready(message.address, message.say) if message.address and message.say else None
        for message in going
    }
    unknown = [message for message in going if done[message.id] is None]
    addresses = dispatching.intend(db, unknown) if unknown else {}
    leaving = [message for message in unknown if message.id in addresses]
    for number, one in build_digests(runtime, db, leaving).items():
        ready = Ready(addresses[number], one.say, one.along) if isinstance(one.say, Say) else None
        done[number] = NotBuilt() if isinstance(one.say, Exception) else ready
    failed = [
        Settlement(number, "failed") for number, result in done.items() if isinstance(result, Exception)
    ]
    if failed:
        dispatching.settle(db, failed)
        log.error("messages not built", how_many=len(failed))
    dispatching.drop(db, [message.id for message in leaving if done[message.id] is None])
    return done


def with_text(message: OutboxMessage, ready: Ready) -> OutboxMessage:
    """The message with its text, so that a retry needs no query. A retry does need another slot of the rate limit."""
    return replace(message, address=ready.address, say=ready.say, has_rate_slot=False)
