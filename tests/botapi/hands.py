"""What people do with their phones, and what they see there."""

import re
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.botapi.chats import Chat, Chats, Message, Person, Tap
from tests.botapi.updates import Updates
from tests.waiting import found_within

Json = dict[str, Any]
BLOCKED = "bot was blocked by the user"
LONGEST = 4096  # a phone sends a longer text as several messages

# What a phone sends with a file, per kind.
KINDS: dict[str, Json] = {
    "sticker": {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular"},
    "voice": {"duration": 3, "mime_type": "audio/ogg"},
    "video": {"width": 640, "height": 360, "duration": 3},
    "photo": {"width": 800, "height": 600},
    "document": {},
}


class NotThere(AssertionError):
    """The phone does not show what the person wanted to touch."""


class Hands:
    """One method per thing that a person may do; `who` is their id."""

    def __init__(self, chats: Chats, updates: Updates) -> None:
        self.chats = chats
        self.updates = updates

    async def joins(self, who: int, language_code: str, name: str) -> None:
        self.chats.person(who, language_code, name)

    async def types(self, who: int, text: str, chat: int | None = None) -> list[int]:
        """Writing unblocks the bot. In a group only commands reach it (privacy mode)."""
        where = self._chat(who, chat)
        if where.shut == BLOCKED:
            await self.unblocks(who)
        sent = []
        for part in _pieces(text):
            message = self._say(who, where, {"text": part} | _command(part))
            if where.id == who or part.startswith("/"):
                self.updates.add("message", message.json)
            sent.append(message.id)
        return sent

    async def sends(self, who: int, kind: str, content: bytes, file_name: str, caption: str) -> int:
        place: Json = {"longitude": -1.5, "latitude": 52.4}
        contact = {"phone_number": "+447700900123", "first_name": self.chats.people[who].json["first_name"]}
        loose: Json = {"location": place, "contact": contact}
        if kind in loose:
            said = {kind: loose[kind]}
        else:
            file = self.chats.keep_file(content, file_name=file_name)
            file.json |= KINDS[kind] | ({"file_name": file_name} if kind == "document" else {})
            said = {kind: [file.json] if kind == "photo" else file.json}
        message = self._say(who, self._chat(who), said | ({"caption": caption} if caption else {}))
        self.updates.add("message", message.json)
        return message.id

    async def edits(self, who: int, text: str) -> int:
        """Edits this person's last message."""
        mine = [message for message in self._chat(who).messages.values() if not message.mine]
        written = [message for message in mine if "text" in message.json]
        if not written:
            raise NotThere("there is nothing of one's own to edit")
        self.chats.change(written[-1], {"text": text} | _command(text))
        self._acted(who)
        self.updates.add("edited_message", written[-1].json)
        return written[-1].id

    async def taps(self, who: int, label: str, within: float, chat: int | None = None) -> str:
        """Tap the button on the newest message that shows it now."""

        def shown() -> tuple[Message, str] | None:
            for message in reversed(self._chat(who, chat).messages.values()):
                data = _data(message.json.get("reply_markup", {}), label)
                if data is not None:
                    return message, data
            return None

        found = await found_within(shown, within, every=0.005)
        if found is None:
            raise NotThere(f"no button {label!r} on:\n{self._picture(who)}")
        return self._tap(who, *found)

    async def taps_old(self, who: int, label: str) -> str:
        """Taps a button as it was first shown, though the message may have changed since."""
        for message in self._chat(who).messages.values():
            for keyboard in message.keyboards:
                data = _data(keyboard, label)
                if data is not None:
                    return self._tap(who, message, data)
        raise NotThere(f"no button {label!r} was ever shown")

    async def forges(self, who: int, data: str) -> str:
        """Tap with data that no button of theirs had, on the bot's newest message."""
        mine = [message for message in self._chat(who).messages.values() if message.mine]
        if not mine:
            raise NotThere("there is no message to tap on")
        return self._tap(who, mine[-1], data)

    async def follows(self, who: int, label: str) -> str:
        """The address behind a link button."""
        for message in reversed(self._chat(who).messages.values()):
            for button in _buttons(message.json.get("reply_markup", {})):
                if _bare(button["text"]) == _bare(label) and "url" in button:
                    return button["url"]
        raise NotThere(f"no link {label!r} on:\n{self._picture(who)}")

    async def opens(self, who: int, address: str) -> None:
        """Open a t.me link to the bot and press its Start button."""
        parts = urlsplit(address)
        bot = self.chats.bot["username"]
        if parts.hostname not in {"t.me", "telegram.me"} or parts.path.strip("/").lower() != bot.lower():
            raise NotThere(f"{address} does not lead to @{bot}")
        payload = parse_qs(parts.query).get("start", [""])[0]
        if not re.fullmatch("[A-Za-z0-9_-]{0,64}", payload):
            raise NotThere("Telegram drops a start parameter with other signs, or more than 64")
        await self.types(who, f"/start {payload}".strip())

    async def blocks(self, who: int) -> None:
        self._chat(who).shut = BLOCKED
        self._membership(who, self._chat(who), "member", "kicked")

    async def unblocks(self, who: int) -> None:
        self._chat(who).shut = ""
        self._membership(who, self._chat(who), "kicked", "member")

    async def adds_to_group(self, who: int, title: str) -> int:
        """Makes a group, adds the bot, and returns the group's id."""
        group = self.chats.group(title)
        self._membership(who, group, "left", "member")
        bots = {"new_chat_members": [self.chats.bot]}
        self.updates.add("message", self._say(who, group, bots).json)
        return group.id

    async def sees(self, who: int, chat: int | None = None) -> list[Json]:
        return [_view(message) for message in self._chat(who, chat).messages.values()]

    async def toasts(self, who: int) -> list[str]:
        """The pop-ups that answered taps."""
        return self.chats.people[who].toasts

    async def hears(self, who: int, substring: str, within: float, chat: int | None = None) -> Json:
        """Wait for the bot to say this, newly or by changing a message, since this person last did something."""
        mark = self.chats.people[who].mark

        def said() -> Message | None:
            for message in reversed(self._chat(who, chat).messages.values()):
                if message.mine and message.touched > mark and substring in message.text:
                    return message
            return None

        found = await found_within(said, within, every=0.005)
        if found is None:
            raise NotThere(
                f"not heard within {within} s: {substring!r}; the chat:\n{self._picture(who, chat)}"
            )
        return _view(found)

    def _chat(self, who: int, chat: int | None = None) -> Chat:
        return self.chats.chats[who if chat is None else chat]

    def _acted(self, who: int) -> Person:
        person = self.chats.people[who]
        person.mark = self.chats.touch()
        return person

    def _say(self, who: int, chat: Chat, content: Json) -> Message:
        message = self.chats.add(chat, self.chats.people[who].json, content, mine=False)
        self._acted(who)
        return message

    def _tap(self, who: int, message: Message, data: str) -> str:
        query_id = str(10**17 + next(self.chats.numbers))
        person = self._acted(who)
        self.chats.taps[query_id] = Tap(person, time.time())
        query = {"id": query_id, "from": person.json, "message": message.json, "chat_instance": str(-7 * who)}
        self.updates.add("callback_query", query | {"data": data})
        return query_id

    def _membership(self, who: int, chat: Chat, old: str, new: str) -> None:
        def member(status: str) -> Json:
            until = {"until_date": 0} if status == "kicked" else {}
            return {"user": self.chats.bot, "status": status} | until

        person = self._acted(who)
        about = {"chat": chat.json, "from": person.json, "date": int(time.time())}
        change = {"old_chat_member": member(old), "new_chat_member": member(new)}
        self.updates.add("my_chat_member", about | change)

    def _picture(self, who: int, chat: int | None = None) -> str:
        lines = []
        for message in list(self._chat(who, chat).messages.values())[-6:]:
            buttons = "".join(
                f" [{button['text']}]" for button in _buttons(message.json.get("reply_markup", {}))
            )
            lines.append(f"{'<' if message.mine else '>'} {message.text or '(no words)'}{buttons}")
        return "\n".join(lines) or "(empty)"


def _pieces(text: str) -> list[str]:
    """A phone sends a long text as several messages."""
    pieces, start, count = [], 0, 0
    for at, sign in enumerate(text):
        size = 2 if sign > "\uffff" else 1
        if count + size > LONGEST:
            pieces.append(text[start:at])
            start, count = at, 0
        count += size
    return [*pieces, text[start:]] if text else []


def _command(text: str) -> Json:
    found = re.match(r"/[A-Za-z0-9_]{1,32}(@\w+)?", text)
    return {"entities": [{"type": "bot_command", "offset": 0, "length": found.end()}]} if found else {}


def _buttons(keyboard: Json) -> list[Json]:
    return [button for row in keyboard.get("inline_keyboard", []) for button in row]


def _bare(label: str) -> str:
    """A label without its leading tick or box."""
    return re.sub(r"^[^\w\s(]+\s(?=\S)", "", label)


def _data(keyboard: Json, label: str) -> str | None:
    for button in _buttons(keyboard):
        if "callback_data" in button and label in {button["text"], _bare(button["text"])}:
            return button["callback_data"]
    return None


def _view(message: Message) -> Json:
    kinds = ("photo", "document", *KINDS, "location", "contact")
    kind = next((name for name in kinds if name in message.json), "text")
    rows = message.json.get("reply_markup", {}).get("inline_keyboard", [])
    file = message.json.get(kind) if kind != "text" else None
    file = file[-1] if isinstance(file, list) else file
    return {
        "id": message.id,
        "mine": not message.mine,
        "kind": kind,
        "text": message.text,
        "rows": [[button["text"] for button in row] for row in rows],
        "edited": "edit_date" in message.json,
        "file": (file or {}).get("file_id", ""),
    }
