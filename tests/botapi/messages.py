"""Sending and changing messages, as the Bot API does it."""
# ruff: noqa: N802  the methods bear the Bot API's own names

from typing import Any

from tests.botapi import keyboards, text, uploads
from tests.botapi.chats import Chats, Message
from tests.botapi.refused import bad

Json = dict[str, Any]
SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


class Messages:
    chats: Chats  # `Api` has it

    def sendMessage(
        self, *, chat_id: Any, text: str, parse_mode: str = "", reply_markup: Json | None = None
    ) -> Json:
        return self._send(chat_id, _words(text, parse_mode) | keyboards.check(reply_markup))

    def sendPhoto(
        self,
        *,
        chat_id: Any,
        photo: Any,
        caption: str = "",
        parse_mode: str = "",
        reply_markup: Json | None = None,
    ) -> Json:
        words = _caption(caption, parse_mode) | keyboards.check(reply_markup)
        self.chats.writable(chat_id)
        return self._send(chat_id, uploads.photo(self.chats, photo) | words)

    def sendDocument(
        self,
        *,
        chat_id: Any,
        document: Any,
        caption: str = "",
        parse_mode: str = "",
        reply_markup: Json | None = None,
    ) -> Json:
        words = _caption(caption, parse_mode) | keyboards.check(reply_markup)
        self.chats.writable(chat_id)
        return self._send(chat_id, uploads.document(self.chats, document) | words)

    def editMessageText(
        self,
        *,
        chat_id: Any,
        message_id: int,
        text: str,
        parse_mode: str = "",
        reply_markup: Json | None = None,
    ) -> Json:
        words = _words(text, parse_mode) | keyboards.check(reply_markup, inline_only=True)
        message = self._own(chat_id, message_id)
        if "text" not in message.json:
            raise bad("there is no text in the message to edit")
        return self._edit(message, words)

    def editMessageCaption(
        self,
        *,
        chat_id: Any,
        message_id: int,
        caption: str = "",
        parse_mode: str = "",
        reply_markup: Json | None = None,
    ) -> Json:
        words = _caption(caption, parse_mode) | keyboards.check(reply_markup, inline_only=True)
        message = self._own(chat_id, message_id)
        media = _media(message)
        if not media:
            raise bad("there is no caption in the message to edit")
        return self._edit(message, media | words)

    def editMessageMedia(
        self, *, chat_id: Any, message_id: int, media: Json, files: Json, reply_markup: Json | None = None
    ) -> Json:
        words = _caption(media.get("caption", ""), media.get("parse_mode", ""))
        words |= keyboards.check(reply_markup, inline_only=True)
        message = self._own(chat_id, message_id)
        if media["type"] not in {"photo", "document"}:
            raise bad(f"the double does not play {media['type']} yet")
        given = media["media"]
        given = files[given.removeprefix("attach://")] if given.startswith("attach://") else given
        put = uploads.photo if media["type"] == "photo" else uploads.document
        return self._edit(message, put(self.chats, given) | words)

    def editMessageReplyMarkup(
        self, *, chat_id: Any, message_id: int, reply_markup: Json | None = None
    ) -> Json:
        buttons = keyboards.check(reply_markup, inline_only=True)
        message = self._own(chat_id, message_id)
        lasting = ("text", "entities", "caption", "caption_entities")
        words = {name: message.json[name] for name in lasting if name in message.json}
        return self._edit(message, _media(message) | words | buttons)

    def deleteMessage(self, *, chat_id: Any, message_id: int) -> bool:
        chat = self.chats.writable(chat_id)
        if message_id not in chat.messages:
            raise bad("message to delete not found")
        del chat.messages[message_id]
        self.chats.touch()
        return True

    def _send(self, chat_id: Any, content: Json) -> Json:
        chat = self.chats.writable(chat_id)
        return self.chats.add(chat, self.chats.bot, content, mine=True).json

    def _own(self, chat_id: Any, message_id: int) -> Message:
        message = self.chats.writable(chat_id).messages.get(message_id)
        if message is None:
            raise bad("message to edit not found")
        if not message.mine:
            raise bad("message can't be edited")
        return message

    def _edit(self, message: Message, content: Json) -> Json:
        fixed = ("message_id", "from", "chat", "date", "edit_date")
        if content == {name: value for name, value in message.json.items() if name not in fixed}:
            raise bad(SAME)
        self.chats.change(message, content)
        return message.json


def _words(words: str, parse_mode: str) -> Json:
    parsed = text.message_text(words, parse_mode)
    return {"text": parsed.text} | ({"entities": parsed.entities} if parsed.entities else {})


def _caption(words: str, parse_mode: str) -> Json:
    parsed = text.caption(words, parse_mode)
    if not parsed.text:
        return {}
    return {"caption": parsed.text} | ({"caption_entities": parsed.entities} if parsed.entities else {})


def _media(message: Message) -> Json:
    return {name: message.json[name] for name in ("photo", "document") if name in message.json}
