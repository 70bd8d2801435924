"""python-telegram-bot's Bot, as Heard uses it: over aiohttp, with what it can do written into its menu."""

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
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


def make_bot(token: str, api_url: str) -> Bot:
    """A Bot on a Bot API server; `api_url` is its base, without `/bot`. Call `initialize()` before use."""
    return Bot(
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
