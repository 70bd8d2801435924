"""What somebody wrote: a command, a plain "help" or "stop", or words."""

import re
from collections.abc import Container

from conversations.core.events import Asked, Chose, Edited, Event, Said, Sent
from conversations.core.record import replace
from conversations.core.text import NO_COMMAND
from conversations.core.typed.plain_words import HELP, STOP, says_only

_AMONG_WORDS = re.compile(r"(?<![\w/<>])/(?=[A-Za-z0-9_])")  # as Telegram looks for commands
# An invite's token, or a poster's code. Anything shorter than a token may be somebody's own words: "i_want_to…".
_LINK = re.compile(r"i_[\w-]{20,}|j_[\w-]+", re.ASCII)


def command_in(event: Event) -> Asked | None:
    """The command in an event, typed or from a button. A command button ("/changed") never goes stale. A plain "help"
    or "stop" is one, wherever it is written; the latter asks first.
    """
    match event:
        case Asked():
            return event
        case Chose(_, key) if key.startswith("/"):
            command, _, argument = key[1:].partition(" ")
            return Asked(command, argument)
        case Said(text) | Edited(text) | Sent(_, text, None, ""):
            return _plain_command(text)
    return None


def without_live_commands(event: Event) -> Event:
    """The event, with an invisible sign in each command among its words ("please /delete me"). Wherever they are repeated,
    nobody can tap it: neither a chat nor a page takes that for a command.
    """
    match event:
        case Said(text) | Edited(text):
            return replace(event, text=_AMONG_WORDS.sub(f"/{NO_COMMAND}", text))
        case Sent(_, caption):
            return replace(event, caption=_AMONG_WORDS.sub(f"/{NO_COMMAND}", caption))
    return event


def _plain_command(text: str) -> Asked | None:
    if says_only(text, HELP):
        return Asked("help")
    return Asked("unsubscribe") if says_only(text, STOP) else None


def typed_text(event: Event, commands: Container[str]) -> str:
    """All that somebody wrote, but for commands. An unknown command counts as words: "/i want to…". The argument of a
    link does not, because nobody wrote it: an invite's letters are random, and a poster's are its form's name.
    """
    match command_in(event) or event:
        case Said(text, quoted=quoted):
            return "\n".join(filter(None, (quoted, text)))
        case Edited(text):
            return text
        case Sent(_, caption, _, name):
            return "\n".join(filter(None, (caption, name)))
        case Asked("start", argument) if _LINK.fullmatch(argument):
            return ""
        case Asked(command, argument):
            return argument if command in commands else f"{command} {argument}"
    return ""
