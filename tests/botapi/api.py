"""The Bot API's methods, on the double's state."""
# ruff: noqa: N802  the methods bear the Bot API's own names

import inspect
import re
import time
from collections.abc import Callable
from typing import Any

from telegram.constants import (
    BotCommandLimit,
    BotDescriptionLimit,
    CallbackQueryLimit,
    ChatAction,
    FileSizeLimit,
)

from tests.botapi import shapes
from tests.botapi.chats import Chats
from tests.botapi.messages import Messages
from tests.botapi.refused import bad

Json = dict[str, Any]
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"

# Methods that the double accepts and ignores.
SILENT = {"link_preview_options", "disable_notification", "protect_content", "disable_content_type_detection"}


class Stage:
    """The methods that the double plays: those of its parts that bear one of the Bot API's names."""

    def __init__(self, *parts: object) -> None:
        self.methods: dict[str, Callable[..., Any]] = {
            name.lower(): getattr(part, name)
            for part in parts
            for name in dir(part)
            if name.lower() in shapes.judges()
        }

    async def play(self, method: str, values: Json, files: Json) -> Any:
        call = self.methods.get(method.lower())
        if call is None:
            raise bad(f"the double does not play {method} yet")
        asked = inspect.signature(call).parameters
        given = {name: value for name, value in values.items() if value is not None and name not in SILENT}
        given |= {"files": files} if "files" in asked else {}
        for name in given.keys() - asked.keys():
            raise bad(f"the double does not play {name} of {method} yet")
        for name, about in asked.items():
            if about.default is about.empty and name not in given:
                raise bad(f"{name} of {method} is not specified")
        result = call(**given)
        return await result if inspect.isawaitable(result) else result


class Api(Messages):
    """Takes what `shapes.check` let through."""

    def __init__(self, chats: Chats, tap_lasts: float) -> None:
        self.chats = chats
        self.tap_lasts = tap_lasts
        self.about: dict[str, Any] = {}  # commands and descriptions, as the bot set them
        self.actions: list[tuple[int, str]] = []

    def getMe(self) -> Json:
        more = (
            "can_join_groups",
            "can_read_all_group_messages",
            "supports_inline_queries",
            "has_main_web_app",
        )
        return self.chats.bot | dict.fromkeys(more, False)

    def answerCallbackQuery(
        self, *, callback_query_id: str, text: str = "", show_alert: bool = False, cache_time: int = 0
    ) -> bool:
        tap = self.chats.taps.get(callback_query_id)
        if tap is None or tap.answered or time.time() - tap.at > self.tap_lasts:
            raise bad(TOO_OLD)
        if len(text) > CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH:
            raise bad("MESSAGE_TOO_LONG")
        tap.answered = True
        if text:
            tap.person.toasts.append(text)
        return True

    def sendChatAction(self, *, chat_id: Any, action: str) -> bool:
        if action not in {known.value for known in ChatAction}:
            raise bad("wrong parameter action in request")
        self.actions.append((self.chats.writable(chat_id).id, action))
        return True

    def getChat(self, *, chat_id: Any) -> Json:
        gifts = (
            "unlimited_gifts",
            "limited_gifts",
            "unique_gifts",
            "premium_subscription",
            "gifts_from_channels",
        )
        more = {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(gifts, True),
        }
        return self.chats.readable(chat_id).json | more

    def leaveChat(self, *, chat_id: Any) -> bool:
        chat = self.chats.writable(chat_id)
        if chat.json["type"] == "private":
            raise bad("chat can't be left")
        chat.shut = "bot is not a member of the group chat"
        self.chats.touch()
        return True

    def getFile(self, *, file_id: str) -> Json:
        file = self.chats.files.get(file_id)
        if file is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if len(file.content) > FileSizeLimit.FILESIZE_DOWNLOAD:
            raise bad("file is too big")
        return {name: file.json[name] for name in ("file_id", "file_unique_id", "file_size")} | {
            "file_path": file.path
        }

    def setMyCommands(
        self, *, commands: list[Json], scope: Json | None = None, language_code: str = ""
    ) -> bool:
        if len(commands) > BotCommandLimit.MAX_COMMAND_NUMBER:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"].strip()) <= BotCommandLimit.MAX_DESCRIPTION:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        if scope and "chat_id" in scope:
            self.chats.readable(scope["chat_id"])
        return self._set(f"commands {scope or {'type': 'default'}}", language_code, commands)

    def deleteMyCommands(self, *, scope: Json | None = None, language_code: str = "") -> bool:
        self.about.pop(f"commands {scope or {'type': 'default'}} {language_code}".strip(), None)
        return True

    def setMyDescription(self, *, description: str = "", language_code: str = "") -> bool:
        if len(description) > BotDescriptionLimit.MAX_DESCRIPTION_LENGTH:
            raise bad("BOT_DESCRIPTION_TOO_LONG")
        return self._set("description", language_code, description)

    def setMyShortDescription(self, *, short_description: str = "", language_code: str = "") -> bool:
        if len(short_description) > BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH:
            raise bad("BOT_SHORT_DESCRIPTION_TOO_LONG")
        return self._set("short_description", language_code, short_description)

    def _set(self, what: str, language_code: str, value: Any) -> bool:
        if not re.fullmatch("([a-z]{2})?", language_code):
            raise bad("invalid language code specified")
        self.about[f"{what} {language_code}".strip()] = value
        return True
