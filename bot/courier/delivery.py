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
DOUBLINGS = 10  # of the pause, at most
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
        self.is_revoked = False
        self.reached_at = (
            asyncio.get_running_loop().time()
        )  # no process gets here unless it answered a moment ago

    def close(self) -> None:
        """Stops sending. Requests already sent may finish."""
        self._closing.set()
        self._gate.close()

    async def deliver(self, message: OutboxMessage) -> None:
        """Returns once the message is settled or must not be sent. Raises Closed if it stays in the outbox."""
        while True:
            await self._wait_for_chat(message)
            try:
                ready = await self._rate_slot(message)
            except NotBuilt:  # already settled
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
            if message.lane != "broadcast":  # its intent stays stored; a broadcast's is stored for each try
                message = with_text(message, ready)

    async def rewrite(self, message: OutboxMessage, address: str, say: Say, *, last: bool) -> None:
        """Edits a progress message if its text changed. A failure is retried at the next update."""
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
        except Exception as error:  # noqa: BLE001 - the next update tries again
            log.warning("progress not written", kind=type(error).__name__)
        else:
            self._last_progress[message.id] = say.text
            await self._write_until_stored(
                lambda db: dispatching.note_progress(db, message, external_id, last=last)
            )

    async def ping(self) -> bool:
        """Whether the channel answers a request. Used when nothing was sent for a while."""
        try:
            await self._transport.ping()
        except (NotSent, FateUnknown) as error:
            log.warning("%s cannot be reached", self._channel.label, kind=type(error).__name__)
            return False
        except Exception as error:  # noqa: BLE001 - the next message gets the same error and handles it
            log.warning("%s rejected the health check", self._channel.label, kind=type(error).__name__)
            return True
        self.reached_at = asyncio.get_running_loop().time()
        return True

    # --- before sending ---------------------------------------------------------------------------

    async def _wait_for_chat(self, message: OutboxMessage) -> None:
        """Waits until a broadcast is CHAT_APART seconds after the previous message to its chat."""
        if message.lane != "broadcast":
            return
        now = asyncio.get_running_loop().time()
        if len(self._sent_at) > 1000:
            self._sent_at = {d: at for d, at in self._sent_at.items() if at > now - CHAT_APART}
        await self._pause(self._sent_at.get(message.door, 0) + CHAT_APART - now)

    async def _rate_slot(self, message: OutboxMessage) -> Ready | None:
        """Waits for a slot of the rate limit. A reply that was not delayed already has one from its turn."""
        if message.has_rate_slot and message.address and message.say and not self._gate.is_paused:
            return Ready(message.address, message.say)
        return await self._gate.acquire(message)

    # --- the result -------------------------------------------------------------------------------

    async def _try_to_send(
        self, message: OutboxMessage, ready: Ready
    ) -> tuple[Settlement | None, OutboxMessage]:
        """Makes one request. Returns the result, None if the message is to be retried, and the message for the retry."""
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
            log.error("message rejected", what=message.kind)
            return self._result(message, "failed"), message
        except TokenRevoked:
            self._count(message, "token_refused")
            await self._stop_for_good(message)
        except Exception as error:  # noqa: BLE001 - FateUnknown, or an unforeseen error: it may have been sent
            return await self._resend_or_give_up(message, error)
        else:
            return self._result(message, "sent", external_id), message
        return None, message

    async def _request(self, message: OutboxMessage, ready: Ready) -> str:
        """Makes one request, and notes whether the channel can be reached. Any answer, even a rejection, means that it
        can.
        """
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
        """Sends a message, and once more as plain text if its formatting is rejected. A reply edits only the last part."""
        replaces = message.replaces
        if replaces and message.lane != "broadcast":
            replaces = replaces.rpartition(":")[2]
        try:
            return await self._transport.send(ready.address, ready.say, replaces)
        except MessageRejected:
            log.warning("retrying as plain text: formatting was rejected", what=message.kind)
            return await self._transport.send(ready.address, ready.say, replaces, plain=True)

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
        self._runtime.metrics.count_send(message.lane, result)

    def _note_reachable(self) -> None:
        self._failures = 0
        self.reached_at = asyncio.get_running_loop().time()
        self._gate.resume()

    def _note_unreachable(self) -> None:
        """Pauses sending until the channel answers a ping. Further failures belong to the same outage."""
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
                if self._gate.is_open:  # an earlier request got through
                    return
                if await self.ping():
                    self._gate.resume(probe=True)
                    return

    async def _obey_retry_after(self, message: OutboxMessage, seconds: float) -> None:
        """Waits as long as the channel asks. A broadcast pauses those of all workers; an answer only its own chat."""
        if message.lane == "broadcast":
            await self._write_until_stored(lambda db: heartbeats.pause_all(db, seconds))
            seconds = 0
        await self._requeue_and_wait(message, seconds)

    async def _requeue_and_wait(self, message: OutboxMessage, seconds: float) -> None:
        """Returns a broadcast that was not sent to the queue, then waits before the next try."""
        if message.lane == "broadcast":
            await self._write_until_stored(lambda db: dispatching.requeue(db, message))
        await self._pause(seconds)

    async def _stop_for_good(self, message: OutboxMessage) -> None:
        self._gate.close()  # first, so that nothing is sent while the alert is stored
        if not self.is_revoked:
            self.is_revoked = True
            log.critical(
                "%s rejected the bot token; nothing is sent, and every message is kept",
                self._channel.label,
            )
            await self._write_until_stored(lambda db: operator_alerts.report_refused_token(db, self._channel))
        self.close()
        await self._requeue_and_wait(message, 0)
        raise Closed

    # --- helpers ----------------------------------------------------------------------------------

    async def _write_until_stored(self, work: Callable[[Db], Result]) -> Result:
        """Runs a transaction, and repeats it until the database can be written. Raises Closed when stopped."""
        while True:
            try:
                return await self._runtime.database.write(
                    lambda connection: work(self._runtime.db(connection))
                )
            except Unavailable as fault:
                log.warning("sending paused: database is not writable", fault=str(fault))
                await self._pause(DATABASE_PAUSE)

    async def _pause(self, seconds: float) -> None:
        """Waits. Raises Closed if delivery is closed meanwhile."""
        if seconds <= 0:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return
        raise Closed
