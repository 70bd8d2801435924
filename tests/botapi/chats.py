"""The double's state: people, chats, their messages as each side sees them, and files."""

import hashlib
import itertools
import time
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.refused import Refused, bad

Json = dict[str, Any]


@dataclass
class Message:
    """One message. `touched` counts up with every arrival and change; `keyboards` are all it ever had."""

    json: Json
    mine: bool  # the bot's own
    touched: int
    keyboards: list[Json] = field(default_factory=list)

    @property
    def id(self) -> int:
        return self.json["message_id"]

    @property
    def text(self) -> str:
        return self.json.get("text", self.json.get("caption", ""))


@dataclass
class Chat:
    json: Json
    messages: dict[int, Message] = field(default_factory=dict)
    shut: str = ""  # why the bot cannot write here, in Telegram's words

    @property
    def id(self) -> int:
        return self.json["id"]


@dataclass
class Person:
    json: Json
    mark: int = 0  # the counter's value when this person last did something
    toasts: list[str] = field(default_factory=list)


@dataclass
class Tap:
    """A callback query: who waits for its answer, and since when."""

    person: Person
    at: float
    answered: bool = False


@dataclass
class File:
    json: Json
    path: str
    content: bytes


@dataclass
class Chats:
    bot: Json
    chats: dict[int, Chat] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    taps: dict[str, Tap] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    touches: int = 0
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def touch(self) -> int:
        self.touches += 1
        return self.touches

    def person(self, user_id: int, language_code: str, name: str) -> Person:
        """Somebody with a phone, and the private chat with the bot that their first action opens."""
        if user_id not in self.people:
            who = {"id": user_id, "is_bot": False, "first_name": name, "language_code": language_code}
            self.people[user_id] = Person(who)
            self.chats[user_id] = Chat({"id": user_id, "type": "private", "first_name": name})
        return self.people[user_id]

    def group(self, title: str) -> Chat:
        chat = Chat({"id": -next(self.numbers) - 4_000_000_000, "type": "group", "title": title})
        self.chats[chat.id] = chat
        return chat

    def readable(self, chat_id: Any) -> Chat:
        try:
            chat = self.chats.get(int(chat_id))
        except ValueError:
            chat = None
        if chat is None:
            raise bad("chat not found")
        return chat

    def writable(self, chat_id: Any) -> Chat:
        chat = self.readable(chat_id)
        if chat.shut:
            raise Refused(403, chat.shut)
        return chat

    def add(self, chat: Chat, sender: Json, content: Json, *, mine: bool) -> Message:
        json = {"message_id": next(self.numbers), "from": sender, "chat": chat.json, "date": int(time.time())}
        message = Message(json | content, mine, self.touch())
        chat.messages[message.id] = message
        self._keep_keyboard(message)
        return message

    def change(self, message: Message, content: Json) -> None:
        """Replaces the content and the keyboard."""
        lasting = ("message_id", "from", "chat", "date")
        kept = {name: message.json[name] for name in lasting}
        message.json = kept | {"edit_date": int(time.time())} | content
        message.touched = self.touch()
        self._keep_keyboard(message)

    def keep_file(self, content: bytes, **about: Any) -> File:
        unique = hashlib.sha256(content).hexdigest()[:15]
        file_id = f"double-{next(self.numbers)}-{unique}"
        json = {"file_id": file_id, "file_unique_id": unique, "file_size": len(content)}
        self.files[file_id] = File(json, f"files/{file_id}-{about.get('file_name', 'file')}", content)
        return self.files[file_id]

    @staticmethod
    def _keep_keyboard(message: Message) -> None:
        keyboard = message.json.get("reply_markup", {})
        if "inline_keyboard" in keyboard:
            message.keyboards.append(keyboard)
