"""People who play a script with the bot: each types or taps, waits for the reply, and goes on."""

import asyncio
import itertools
import time
from dataclasses import dataclass, field
from typing import Any

from tests.bench.stage.api import Api, Json

PATIENCE = 60.0  # seconds that somebody waits for a reply


@dataclass(frozen=True)
class Does:
    """One thing that somebody does: types a text or taps a button, and hears a text or sees a button in reply."""

    how: str  # types, taps
    what: str
    hears: str


@dataclass
class Person:
    """A person with a phone. `newest` is the bot's last message there."""

    chat: int
    newest: Json = field(default_factory=dict)
    hoped_for: str = ""
    heard: asyncio.Future[float] | None = None

    @property
    def json(self) -> Json:
        return {"id": self.chat, "is_bot": False, "first_name": "Sam", "language_code": "en"}

    def shows(self, message: Json) -> None:
        self.newest = message
        if self.heard and not self.heard.done() and _says(message, self.hoped_for):
            self.heard.set_result(time.monotonic())


class People:
    """All who talk to the bot. Their chats are numbered from `first` on."""

    def __init__(self, first: int = 1_000_000) -> None:
        self._known: dict[int, Person] = {}
        self._chats = itertools.count(first)
        self.api: Api | None = None

    def show(self, chat: int, message: Json) -> None:
        """A message on somebody's phone; the bot's broadcasts go to many who only read."""
        person = self._known.get(chat)
        if person:
            person.shows(message)

    async def play(
        self, script: list[Does], *, at_once: int, seconds: float, warm: float, a_second: float | None = None
    ) -> Json:
        """So many people at once, for so long after `warm` seconds; when one is through, the next one comes.

        With `a_second`, so many things are done a second, whether replies come or not; and a reply that is late
        counts from when its question was due. Gives the seconds of each reply, and how many were waited for in vain.
        """
        took: list[float] = []
        begins = time.monotonic() + warm
        ends, vain = begins + seconds, [0]
        step = at_once / a_second if a_second else 0.0

        async def chair(place: int) -> None:
            due = time.monotonic() + step * place / at_once
            while time.monotonic() < ends:
                person = Person(next(self._chats))
                self._known[person.chat] = person
                for action in script:
                    await asyncio.sleep(due - time.monotonic() if step else 0)
                    began = due if step else time.monotonic()
                    try:
                        at = await self._does(person, action)
                    except TimeoutError:
                        vain[0] += 1
                        return
                    if begins <= at < ends:
                        took.append(at - began)
                    if at >= ends:
                        return
                    due += step
                del self._known[person.chat]

        await asyncio.gather(*(chair(place) for place in range(at_once)))
        return {"seconds": seconds, "took": took, "in_vain": vain[0]}

    async def _does(self, person: Person, action: Does) -> float:
        """When the reply was there. Raises TimeoutError."""
        assert self.api
        person.hoped_for, person.heard = action.hears, asyncio.get_running_loop().create_future()
        if action.how == "types":
            self.api.add("message", _typed(person, self.api.number(), action.what))
        else:
            self.api.add("callback_query", _tapped(person, self.api.number(), action.what))
        return await asyncio.wait_for(person.heard, PATIENCE)


def _typed(person: Person, number: int, text: str) -> Json:
    chat = {"id": person.chat, "type": "private", "first_name": "Sam"}
    message: Json = {
        "message_id": number,
        "from": person.json,
        "chat": chat,
        "date": int(time.time()),
        "text": text,
    }
    if text.startswith("/"):
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
    return message


def _tapped(person: Person, number: int, label: str) -> Json:
    data = next(
        button["callback_data"] for button in _buttons(person.newest) if _bare(button["text"]) == label
    )
    query = {"id": str(10**17 + number), "from": person.json, "message": person.newest, "chat_instance": "7"}
    return query | {"data": data}


def _says(message: Json, hoped_for: str) -> bool:
    return hoped_for in message["text"] or any(_bare(b["text"]) == hoped_for for b in _buttons(message))


def _buttons(message: Json) -> list[dict[str, Any]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", ())
    return [button for row in rows for button in row]


def _bare(label: str) -> str:
    """A label without its leading tick or box."""
    return label[2:] if label[:2] in {"✓ ", "☐ "} else label
