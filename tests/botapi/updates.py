"""Updates for the bot: held until the bot confirms them, or posted to its webhook."""

import asyncio
import contextlib
import copy
import re
import time
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout
from telegram.constants import PollingLimit, WebhookLimit

from tests.botapi.refused import Refused, bad

Json = dict[str, Any]
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
ONLY_ASKED_FOR = {"chat_member", "message_reaction", "message_reaction_count"}
LONGEST_POLL = 50  # seconds
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
HOOKED = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class Updates:
    """The queue of one bot. Each chat's updates are posted in order; different chats at the same time."""

    def __init__(self, first_id: int, retry_delay: float) -> None:
        self.queue: list[Json] = []
        self.past: dict[int, Json] = {}
        self.next_id = first_id
        self.retry_delay = retry_delay
        self.allowed: list[str] = []
        self.hook: Json = {"url": ""}
        self._secret = ""
        self._news = asyncio.Event()
        self._poll: asyncio.Event | None = None  # set when another poll takes this one's place
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._session: ClientSession | None = None

    def add(self, kind: str, content: Json) -> int | None:
        """Queues an update; None if the bot did not subscribe to its kind."""
        if kind not in self.allowed if self.allowed else kind in ONLY_ASKED_FOR:
            return None
        update = {"update_id": self.next_id, kind: copy.deepcopy(content)}
        self.next_id += 1
        self.put(update)
        return update["update_id"]

    def put(self, update: Json) -> None:
        """Queues an update as it is: a repeat, one out of order, or an invented one."""
        self.past[update.get("update_id", 0)] = update
        self.queue.append(update)
        self._news.set()
        self._open_lanes()

    # -- polling -------------------------------------------------------------------------------------------

    async def getUpdates(  # noqa: N802  the Bot API's name, as all below
        self, *, offset: int = 0, limit: int = 100, timeout: int = 0, allowed_updates: list[str] | None = None
    ) -> list[Json]:
        if self.hook["url"]:
            raise Refused(409, HOOKED)
        self._allow(allowed_updates)
        limit = min(max(limit, PollingLimit.MIN_LIMIT), PollingLimit.MAX_LIMIT)
        if offset < 0:
            del self.queue[:offset]
        self.queue = [update for update in self.queue if update.get("update_id", 0) >= offset]
        if not self.queue and timeout > 0:
            await self._wait(min(timeout, LONGEST_POLL))
        return copy.deepcopy(self.queue[:limit])

    async def _wait(self, seconds: float) -> None:
        if self._poll is not None:
            self._poll.set()
        mine = self._poll = asyncio.Event()
        self._news.clear()
        waits = [asyncio.ensure_future(event.wait()) for event in (mine, self._news)]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
            if self._poll is mine:
                self._poll = None
        if mine.is_set():
            raise Refused(409, OTHER_POLLER)

    def _allow(self, allowed: list[str] | None) -> None:
        if allowed is not None:
            self.allowed = list(allowed)

    # -- webhook -------------------------------------------------------------------------------------------

    async def setWebhook(  # noqa: N802
        self,
        *,
        url: str = "",
        secret_token: str = "",
        max_connections: int = 40,
        allowed_updates: list[str] | None = None,
        drop_pending_updates: bool = False,
    ) -> bool:
        """Plain HTTP is taken for the loopback alone, as a Bot API server with --local takes it."""
        if url:
            parts = urlsplit(url)
            if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost"}:
                raise bad("bad webhook: An HTTPS URL must be provided for webhook")
            if len(secret_token) > WebhookLimit.MAX_SECRET_TOKEN_LENGTH:
                raise bad("secret token is too long")
            if not re.fullmatch("[A-Za-z0-9_-]*", secret_token):
                raise bad("secret token contains unallowed characters")
        await self._close_lanes()
        if self._poll is not None and url:
            self._poll.set()
        self._allow(allowed_updates)
        if drop_pending_updates:
            self.queue.clear()
        self.hook = {"url": url} | ({"max_connections": max_connections} if url else {})
        self._secret = secret_token
        self._open_lanes()
        return True

    async def deleteWebhook(self, *, drop_pending_updates: bool = False) -> bool:  # noqa: N802
        return await self.setWebhook(drop_pending_updates=drop_pending_updates)

    async def getWebhookInfo(self) -> Json:  # noqa: N802
        about = {"has_custom_certificate": False, "pending_update_count": len(self.queue)}
        return self.hook | about | ({"allowed_updates": self.allowed} if self.allowed else {})

    def _open_lanes(self) -> None:
        if not self.hook["url"]:
            return
        for update in self.queue:
            lane = _lane(update)
            if lane not in self._lanes or self._lanes[lane].done():
                self._lanes[lane] = asyncio.create_task(self._deliver(lane))

    async def _deliver(self, lane: int) -> None:
        delay = self.retry_delay
        while update := next((waiting for waiting in self.queue if _lane(waiting) == lane), None):
            if await self._post(update):
                self.queue = [waiting for waiting in self.queue if waiting is not update]
                delay = self.retry_delay
            else:
                await asyncio.sleep(delay)
                delay = min(delay * 2, 60)

    async def _post(self, update: Json) -> bool:
        if self._session is None:
            self._session = ClientSession(timeout=ClientTimeout(total=60))
        headers = {SECRET_HEADER: self._secret} if self._secret else {}
        try:
            async with self._session.post(self.hook["url"], json=update, headers=headers) as answer:
                await answer.read()
                if answer.status < 300:
                    return True
                wrong = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (ClientError, TimeoutError, OSError):
            wrong = "Connection refused"
        self.hook |= {"last_error_date": int(time.time()), "last_error_message": wrong}
        return False

    async def _close_lanes(self) -> None:
        for task in self._lanes.values():
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*self._lanes.values(), return_exceptions=True)
        self._lanes.clear()

    async def close(self) -> None:
        await self._close_lanes()
        if self._session is not None:
            await self._session.close()


def _lane(update: Json) -> int:
    """The chat that an update is about, or 0."""
    for content in update.values():
        if isinstance(content, dict):
            within = content.get("message", content)
            return within.get("chat", {}).get("id", 0)
    return 0
