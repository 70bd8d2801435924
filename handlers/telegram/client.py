"""python-telegram-bot's Bot over aiohttp, with direct calls for what every turn needs."""

from collections.abc import Container, Iterable, Sequence
from typing import Any
from urllib.parse import quote

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from conversations.core.engine import Command
from conversations.core.i18n import Library
from conversations.people.names import LANGUAGES
from handlers.telegram.http import AiohttpRequest
from handlers.telegram.parse import ParsedUpdate, parse_update

POLL_SECONDS = 50  # how long one getUpdates may wait for news


class LeanBot(Bot):
    """A Bot whose frequent calls skip the library's objects, which would cost more than the turn itself. Rare calls use
    the library's own methods.

    `api_url` is the base of a Bot API server, without `/bot`. Call `initialize()` before use.
    """

    def __init__(self, token: str, api_url: str) -> None:
        self._calls = AiohttpRequest()
        self._polls = AiohttpRequest(4, read_timeout=POLL_SECONDS + 15)
        base, files = f"{api_url}/bot", f"{api_url}/file/bot"
        super().__init__(
            token, base, base_file_url=files, request=self._calls, get_updates_request=self._polls
        )

    async def new_updates(
        self, offset: int | None, seconds: int, kinds: Sequence[str], known: Container[int]
    ) -> tuple[list[ParsedUpdate], int]:
        """Calls getUpdates. Returns the updates whose ids are not in `known`, and how many came that are."""
        wanted = {"timeout": seconds, "allowed_updates": kinds} | ({"offset": offset} if offset else {})
        came = await self._polls.call(f"{self.base_url}/getUpdates", wanted)
        new = [parse_update(one, self) for one in came if one["update_id"] not in known]
        return new, len(came) - len(new)

    async def send_payload(self, chat: int, payload: dict[str, Any]) -> str:
        """Calls sendMessage. Returns the new message's id."""
        sent = await self._calls.call(f"{self.base_url}/sendMessage", {"chat_id": chat, **payload})
        return str(sent["message_id"])

    async def edit_payload(self, chat: int, message: int, payload: dict[str, Any]) -> None:
        """Calls editMessageText."""
        where = {"chat_id": chat, "message_id": message}
        await self._calls.call(f"{self.base_url}/editMessageText", where | payload)

    async def acknowledge(self, tap: str) -> None:
        """Calls answerCallbackQuery, without text."""
        await self._calls.call(f"{self.base_url}/answerCallbackQuery?callback_query_id={quote(tap)}")


async def write_menu(
    bot: Bot, known: Iterable[Command], library: Library, languages: tuple[str, ...]
) -> bool:
    """Sets the bot's command menu in each language. False if Telegram rejected it, which does no harm."""
    listed = sorted((line.place, command.word, line.text) for command in known if (line := command.chat))
    try:
        for place, language in enumerate(languages):
            _ = library.words(language, None)
            commands = [BotCommand(word, _(text)) for _place, word, text in listed]
            code = language if place else None  # the first language is the default for all others
            await bot.set_my_commands(commands, BotCommandScopeAllPrivateChats(), language_code=code)
    except TelegramError:
        return False
    return True


async def remove_menu(bot: Bot) -> None:
    """Removes the bot's command menu in every language. Raises TelegramError."""
    for code in (None, *LANGUAGES):
        await bot.delete_my_commands(BotCommandScopeAllPrivateChats(), language_code=code)
