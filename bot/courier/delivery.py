"""Delivers one message: waits for its chat and its rate slot, sends it, and reports the result."""

import asyncio
import contextlib
import random
from collections.abc import Callable
from typing import TypeVar

import structlog

from bot.courier.rate_gate import Closed, NotBuilt, RateGate, Ready, with_text
from bot.courier.result_writer import ResultWriter
from conversations.core.messages import Say
from conversations.core.record import replace
from handlers.transport import (
    Blocked,
    FateUnknown,
    MessageRejected,
    NotSent,
    RetryAfter,
    TokenRevoked,
    Transport,
)
from handlers.turns import Runtime
from storage.core.errors import Unavailable
from storage.core.unit_of_work import Db
from storage.outbox import dispatching, heartbeats
from storage.outbox.dispatching import MOST_RESENDS, Settlement
from storage.outbox.outbox import MessageState, OutboxMessage
from storage.safeguarding import operator_alerts

log = structlog.get_logger()
Result = TypeVar("Result")

CHAT_APART = 1.0  # seconds between two broadcasts to one chat
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before another try, while nothing gets through
DOUBLINGS = 10  # of the pause, that count
DATABASE_PAUSE = 1.0  # seconds, while the database cannot be written


class Delivery:
    """Sends one message, retrying as its lane allows. Any number of deliveries may run at once."""

    def __init__(self, runtime: Runtime, transport: Transport, gate: RateGate, results: ResultWriter) -> None:
        self._runtime, self._transport, self._gate, self._results = runtime, transport, gate, results
        self._channel = transport.channel
        self._closing = asyncio.Event()
        self._failures = 0
        self._away: asyncio.Task[None] | None = None
        self._sent_at: dict[int, float] = {}
        self._last_progress: dict[int, str] = {}
        self.revoked = False
        self.reached_at = asyncio.get_running_loop().time()  # it answered a moment ago, or nobody were here

    def close(self) -> None:
        """Nothing more leaves; what has left may come to its end."""
        self._closing.set()
        self._gate.close()

    async def deliver(self, message: OutboxMessage) -> None:
        """Returns once the message is settled or must not be sent. Raises Closed if it was left as it is."""
        while True:
            await self._wait_for_chat(message)
            try:
                ready = await self._rate_slot(message)
            except NotBuilt:  # it is settled already
                return
            if ready is None:
                return
            self._sent_at[message.door] = asyncio.get_running_loop().time()
            settled, message = await self._try_to_send(message, ready)
            if settled:
                self._results.add(settled)
                for number in ready.along:
                    self._results.add(replace(settled, message=number))
                return
            if message.lane != "broadcast":  # its intent is stored once; a broadcast's each time
                message = with_text(message, ready)

    async def rewrite(self, message: OutboxMessage, address: str, say: Say, *, last: bool) -> None:
        """Writes a progress message anew where it says something new. What fails is tried at the next time."""
        if self._last_progress.get(message.id) == say.text and not last:
            return
        ready = await self._gate.acquire(replace(message, address=address, say=say))
        assert ready is not None
        try:
            external_id = await self._request(message, ready)
        except Blocked:
            self._results.add(Settlement(message.id, "unreachable"))
        except RetryAfter as wait:
            await self._pause(wait.seconds)
        except Exception as error:  # noqa: BLE001 - it is written again in a moment
            log.warning("progress not written", kind=type(error).__name__)
        else:
            self._last_progress[message.id] = say.text
            await self._write_until_stored(
                lambda db: dispatching.note_progress(db, message, external_id, last=last)
            )

    async def ping(self) -> bool:
        """Asks the door's other side whether it is there, where nothing was sent for a while. Whether it answers."""
        try:
            await self._transport.ping()
        except (NotSent, FateUnknown) as error:
            log.warning("%s is not reached", self._channel.label, kind=type(error).__name__)
            return False
        except Exception as error:  # noqa: BLE001 - the next message gets the same error, and is told
            log.warning("%s rejected the health check", self._channel.label, kind=type(error).__name__)
            return True
        self.reached_at = asyncio.get_running_loop().time()
        return True

    # --- before it leaves -------------------------------------------------------------------------

    async def _wait_for_chat(self, message: OutboxMessage) -> None:
        """Broadcasts keep a second from whatever was sent to their chat before."""
        if message.lane != "broadcast":
            return
        now = asyncio.get_running_loop().time()
        if len(self._sent_at) > 1000:
            self._sent_at = {d: at for d, at in self._sent_at.items() if at > now - CHAT_APART}
        await self._pause(self._sent_at.get(message.door, 0) + CHAT_APART - now)

    async def _rate_slot(self, message: OutboxMessage) -> Ready | None:
        """Its place in the rate; a reply that nothing held up has one from its turn."""
        if message.has_rate_slot and message.address and message.say and not self._gate.paused:
            return Ready(message.address, message.say)
        return await self._gate.acquire(message)

    # --- what became of it ------------------------------------------------------------------------

    async def _try_to_send(
        self, message: OutboxMessage, ready: Ready
    ) -> tuple[Settlement | None, OutboxMessage]:
        """Makes one request. Gives no settlement if the message is to be retried, and the message as it is then."""
        try:
            with self._runtime.metrics.request(message.lane):
                external_id = await self._request(message, ready)
        except NotSent:
            self._count(message, "not_sent")
            await self._requeue_and_wait(message, 0)
        except RetryAfter as wait:
            self._count(message, "told_to_wait")
            await self._obey_retry_after(message, wait.seconds)
        except Blocked:
            return self._result(message, "unreachable"), message
        except MessageRejected:
            log.error("message refused", what=message.kind)
            return self._result(message, "failed"), message
        except TokenRevoked:
            self._count(message, "token_refused")
            await self._stop_for_good(message)
        except Exception as error:  # noqa: BLE001 - FateUnknown, and what nobody foresaw: it may have left
            return await self._resend_or_give_up(message, error)
        else:
            return self._result(message, "sent", external_id), message
        return None, message

    async def _request(self, message: OutboxMessage, ready: Ready) -> str:
        """One request, by which we also learn whether the channel is there: whatever it says to it, it is."""
        try:
            external_id = await self._send_or_send_plain(message, ready)
        except (NotSent, FateUnknown):
            self._note_unreachable()
            raise
        except Exception:
            self._note_reachable()
            raise
        self._note_reachable()
        return external_id

    async def _send_or_send_plain(self, message: OutboxMessage, ready: Ready) -> str:
        """A message that is refused as it is marked is sent once more without its marks."""
        try:
            return await self._transport.send(ready.address, ready.say, message.replaces)
        except MessageRejected:
            log.warning("retrying as plain text: formatting was rejected", what=message.kind)
            return await self._transport.send(ready.address, ready.say, message.replaces, plain=True)

    async def _resend_or_give_up(
        self, message: OutboxMessage, error: Exception
    ) -> tuple[Settlement | None, OutboxMessage]:
        if not isinstance(error, FateUnknown):
            log.error("sending failed", kind=type(error).__name__, what=message.kind)
        if message.lane == "broadcast" or message.resends >= MOST_RESENDS:
            return self._result(message, "unknown"), message
        self._count(message, "asked_again")
        await self._write_until_stored(lambda db: dispatching.count_resend(db, message))
        return None, replace(message, resends=message.resends + 1)

    def _result(
        self, message: OutboxMessage, state: MessageState, external_id: str | None = None
    ) -> Settlement:
        self._count(message, state)
        return Settlement(message.id, state, external_id)

    def _count(self, message: OutboxMessage, result: str) -> None:
        self._runtime.metrics.sent(message.lane, result)

    def _note_reachable(self) -> None:
        self._failures = 0
        self.reached_at = asyncio.get_running_loop().time()
        self._gate.resume()

    def _note_unreachable(self) -> None:
        """Pauses sending until the channel answers a ping. Other failures meanwhile count as the same outage."""
        self._gate.pause()
        if self._away is None or self._away.done():
            self._away = asyncio.create_task(self._ping_until_reachable())

    async def _ping_until_reachable(self) -> None:
        """Pings with exponential backoff and jitter; then lets one message through as a probe."""
        with contextlib.suppress(Closed):
            while True:
                pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self._failures, DOUBLINGS))
                self._failures += 1
                await self._pause(pause * random.uniform(0.75, 1.25))  # noqa: S311
                if self._gate.is_open:  # something that had left before got through
                    return
                if await self.ping():
                    self._gate.resume(probe=True)
                    return

    async def _obey_retry_after(self, message: OutboxMessage, seconds: float) -> None:
        """The channel's own time to wait: the broadcasts of all workers wait, but of the answers only this chat's."""
        if message.lane == "broadcast":
            await self._write_until_stored(lambda db: heartbeats.pause_all(db, seconds))
            seconds = 0
        await self._requeue_and_wait(message, seconds)

    async def _requeue_and_wait(self, message: OutboxMessage, seconds: float) -> None:
        """It did not leave after all; after so many seconds it is its turn again."""
        if message.lane == "broadcast":
            await self._write_until_stored(lambda db: dispatching.requeue(db, message))
        await self._pause(seconds)

    async def _stop_for_good(self, message: OutboxMessage) -> None:
        self._gate.close()  # first: the alarm's commit may take its time, and nobody is to leave meanwhile
        if not self.revoked:
            self.revoked = True
            log.critical(
                "%s rejected the bot token; nothing is sent, and every message is kept",
                self._channel.label,
            )
            await self._write_until_stored(lambda db: operator_alerts.report_refused_token(db, self._channel))
        self.close()
        await self._requeue_and_wait(message, 0)
        raise Closed

    # --- helping hands ----------------------------------------------------------------------------

    async def _write_until_stored(self, work: Callable[[Db], Result]) -> Result:
        """Carries out a transaction, as often as it takes while the database cannot be written."""
        while True:
            try:
                return await self._runtime.database.write(
                    lambda connection: work(self._runtime.db(connection))
                )
            except Unavailable as fault:
                log.warning("sending paused: database is not writable", fault=str(fault))
                await self._pause(DATABASE_PAUSE)

    async def _pause(self, seconds: float) -> None:
        """Waits, unless we are told to stop meanwhile: then Closed."""
        if seconds <= 0:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return
        raise Closed
