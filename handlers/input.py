"""Cleans typed text and button data, the same for every channel."""

import contextlib
import re

from conversations.core.events import Asked, Chose, Event, Said

# What no keyboard types: control characters other than tab and line break, and halves of characters.
_UNTYPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


# As Telegram reads it; in a chat a phone may add the bot's name.
_COMMAND = re.compile(r"/(?P<command>[A-Za-z]\w{0,31})(@\w+)?(\s+(?P<argument>.*))?", re.ASCII | re.DOTALL)


def cleaned(text: str) -> str:
    """What somebody typed, with one kind of line break, and without what cannot be typed, shown or stored."""
    return _UNTYPED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def chosen(data: str) -> Chose:
    """What a button stands for: `visit:key`. A forged one belongs to no visit."""
    visit, _, key = data.partition(":")
    with contextlib.suppress(ValueError):
        return Chose(int(visit), key)
    return Chose(-1, "")


def command_or_words(text: str) -> Event:
    """What was typed: a command with its argument, or words."""
    found = _COMMAND.fullmatch(text)
    if found is None:
        return Said(text)
    return Asked(found["command"].lower(), (found["argument"] or "").strip())
