"""python-telegram-bot's Bot, as Heard uses it: over aiohttp, with what it can do written into its menu."""

from collections.abc import Container, Iterable, Sequence
from typing import Any
from urllib.parse import quote

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from conversations.core.engine import Command
from conversations.core.i18n import Library
from handlers.telegram.http import AiohttpRequest
from handlers.telegram.parse import Arrived, arrived

POLL_SECONDS = 50  # how long one getUpdates may wait for news


class LeanBot(Bot):
    """A Bot that makes no objects of what nobody reads: with every turn they would cost more than the turn does.
    What a turn calls goes straight to Telegram; all else by the library's own methods.

    `api_url` is the base of a Bot API server, without `/bot`. Call `initialize()` before use.
    """

    def __init__(self, token: str, api_url: str) -> None:
        self._calls = AiohttpRequest()
        self._looks = AiohttpRequest(4, read_timeout=POLL_SECONDS + 15)
        base, files = f"{api_url}/bot", f"{api_url}/file/bot"
        super().__init__(
            token, base, base_file_url=files, request=self._calls, get_updates_request=self._looks
        )

    async def news(
        self, offset: int | None, seconds: int, kinds: Sequence[str], known: Container[int]
    ) -> tuple[list[Arrived], int]:
        """getUpdates: those that are not `known`, by their ids; and how many came that are."""
        wanted = {"timeout": seconds, "allowed_updates": kinds} | ({"offset": offset} if offset else {})
        came = await self._looks.call(f"{self.base_url}/getUpdates", wanted)
        new = [arrived(one, self) for one in came if one["update_id"] not in known]
        return new, len(came) - len(new)

    async def say(self, chat: int, payload: dict[str, Any]) -> str:
        """sendMessage; gives the new message's id."""
        sent = await self._calls.call(f"{self.base_url}/sendMessage", {"chat_id": chat, **payload})
        return str(sent["message_id"])

    async def write_anew(self, chat: int, message: int, payload: dict[str, Any]) -> None:
        """EditMessageText."""
        where = {"chat_id": chat, "message_id": message}
        await self._calls.call(f"{self.base_url}/editMessageText", where | payload)

    async def acknowledge(self, tap: str) -> None:
        """AnswerCallbackQuery, with nothing to say."""
        await self._calls.call(f"{self.base_url}/answerCallbackQuery?callback_query_id={quote(tap)}")


async def write_menu(
    bot: Bot, known: Iterable[Command], library: Library, languages: tuple[str, ...]
) -> bool:
    """Tells Telegram the commands, in each language. False where it did not take them: nothing hangs on it."""
    listed = sorted((line.place, command.word, line.text) for command in known if (line := command.chat))
    try:
        for place, language in enumerate(languages):
            _ = library.words(language, None)
            commands = [BotCommand(word, _(text)) for _place, word, text in listed]
            code = language if place else None  # the first language is everybody's who has none of the others
            await bot.set_my_commands(commands, BotCommandScopeAllPrivateChats(), language_code=code)
    except TelegramError:
        return False
    return True
