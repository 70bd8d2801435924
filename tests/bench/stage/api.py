"""The Bot API methods that a benchmark needs, each as cheap as possible."""

import asyncio
import itertools
import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Heard = Callable[[int, Json], None]  # a chat's phone shows this message, new or edited

BOT = {"id": 4200000042, "is_bot": True, "first_name": "Heard", "username": "heard_test_bot"}
LONGEST_POLL, LIMIT = 50, 100


class TooMany(Exception):
    """More messages than are allowed in a second."""


@dataclass
class Api:
    """`allowed` messages may come in any second; all that come beyond are refused, and counted. `heard` is told of
    each message that reaches a phone.
    """

    allowed: int | None
    heard: Heard
    sent: list[tuple[float, int]] = field(default_factory=list)
    refused: int = 0
    _lately: deque[float] = field(default_factory=deque)
    _updates: deque[tuple[int, str]] = field(default_factory=deque)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _numbers: Any = field(default_factory=lambda: itertools.count(1000))
    _update_ids: Any = field(default_factory=lambda: itertools.count(700_000_000))

    def add(self, kind: str, content: Json) -> None:
        """Queues an update for the bot to fetch."""
        number = next(self._update_ids)
        self._updates.append((number, json.dumps({"update_id": number, kind: content})))
        self._news.set()

    def number(self) -> int:
        """A new message's id."""
        return next(self._numbers)

    async def answer(self, method: str, values: Json) -> bytes:
        """The result, as JSON."""
        match method:
            case "sendMessage":
                return self._shown(values, self.number())
            case "editMessageText":
                return self._shown(values, int(values["message_id"]))
            case "getUpdates":
                return await self._get_updates(
                    int(values.get("offset") or 0), float(values.get("timeout") or 0)
                )
            case "getMe":
                return json.dumps(BOT).encode()
        return b"true"

    async def _get_updates(self, offset: int, timeout: float) -> bytes:
        while self._updates and self._updates[0][0] < offset:
            self._updates.popleft()
        if not self._updates and timeout:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), min(timeout, LONGEST_POLL))
            except TimeoutError:
                return b"[]"
        found = (text for _, text in itertools.islice(self._updates, LIMIT))
        return f"[{','.join(found)}]".encode()

    def _shown(self, values: Json, number: int) -> bytes:
        now, chat = time.monotonic(), int(values["chat_id"])
        if self.allowed is not None:
            while self._lately and self._lately[0] <= now - 1:
                self._lately.popleft()
            if len(self._lately) >= self.allowed:
                self.refused += 1
                raise TooMany
            self._lately.append(now)
        self.sent.append((now, chat))
        keyboard = values.get("reply_markup")
        about = {"id": chat, "type": "private", "first_name": "Sam"}
        message: Json = {"message_id": number, "from": BOT, "chat": about, "date": int(time.time())}
        message["text"] = values["text"]
        if keyboard:
            message["reply_markup"] = json.loads(keyboard) if isinstance(keyboard, str) else keyboard
        self.heard(chat, message)
        return json.dumps(message).encode()
