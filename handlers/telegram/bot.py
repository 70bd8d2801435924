"""python-telegram-bot's Bot, as Heard uses it: over aiohttp, with what it can do written into its menu."""

from collections.abc import Container
from typing import Any

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, Update
from telegram.error import TelegramError

from conversations.words import Library
from handlers.telegram.request import AiohttpRequest

POLL_SECONDS = 50  # how long one getUpdates may wait for news

# Commands that stand in Telegram's menu, in this order. Staff's are not there: they are told at home.
_MENU = (
    "say",
    "ways",
    "raise",
    "changed",
    "settings",
    "mydata",
    "delete",
    "stop",
    "privacy",
    "rights",
    "help",
)


class LeanBot(Bot):
    """A Bot that makes no objects of what nobody reads: with every turn they would cost more than the turn does."""

    async def news(
        self, offset: int | None, seconds: int, kinds: list[str], known: Container[int]
    ) -> tuple[list[Update], int]:
        """getUpdates: those that are not `known`, by their ids; and how many came that are."""
        wanted = {"offset": offset, "timeout": seconds, "allowed_updates": kinds}
        came = await self._post("getUpdates", wanted)
        new = [self.update(one) for one in came if one["update_id"] not in known]
        return new, len(came) - len(new)

    def update(self, content: dict[str, Any]) -> Update:
        """An update from its JSON. Of a message that was tapped it is only known which it is, as of one too old."""
        tapped = (content.get("callback_query") or {}).get("message")
        if tapped:
            which = {name: tapped[name] for name in ("message_id", "chat")}
            content["callback_query"]["message"] = {**which, "date": 0}
        return Update.de_json(content, self)

    async def say(self, chat: int, payload: dict[str, Any]) -> str:
        """sendMessage; gives the new message's id."""
        sent = await self._post("sendMessage", {"chat_id": chat, **payload})
        return str(sent["message_id"])

    async def write_anew(self, chat: int, message: int, payload: dict[str, Any]) -> None:
        """EditMessageText."""
        await self._post("editMessageText", {"chat_id": chat, "message_id": message, **payload})


def make_bot(token: str, api_url: str) -> LeanBot:
    """A Bot on a Bot API server; `api_url` is its base, without `/bot`. Call `initialize()` before use."""
    return LeanBot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(4, read_timeout=POLL_SECONDS + 15),
    )


async def write_menu(bot: Bot, library: Library, languages: tuple[str, ...]) -> bool:
    """Tells Telegram the commands, in each language. False where it did not take them: nothing hangs on it."""
    try:
        for place, language in enumerate(languages):
            commands = _commands(library, language)
            code = language if place else None  # the first language is everybody's who has none of the others
            await bot.set_my_commands(commands, BotCommandScopeAllPrivateChats(), language_code=code)
    except TelegramError:
        return False
    return True


def _commands(library: Library, language: str) -> list[BotCommand]:
    _ = library.words(language, None)
    said = {
        "say": _("Have your say"),
        "ways": _("Ways to be involved"),
        "raise": _("Raise something of your own"),
        "changed": _("What changed because of you"),
        "settings": _("Language and messages"),
        "mydata": _("See what I keep about you"),
        "delete": _("Delete everything"),
        "stop": _("Stop all messages"),
        "privacy": _("What happens to what you say"),
        "rights": _("Your rights, and who is on your side"),
        "help": _("Help, and who to call"),
    }
    return [BotCommand(command, said[command]) for command in _MENU]
