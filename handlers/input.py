"""Cleans typed text and button data, the same for every channel."""

import contextlib
import re

from conversations.core.events import Asked, Chose, Event, Said

# Never typed on purpose: control characters other than tab and line break, and lone surrogates.
_UNTYPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


# The syntax of Telegram. In a chat, a phone may append the bot's name.
_COMMAND = re.compile(r"/(?P<command>[A-Za-z]\w{0,31})(@\w+)?(\s+(?P<argument>.*))?", re.ASCII | re.DOTALL)


def clean_text(text: str) -> str:
    """Typed text with line feeds as line breaks, without control characters and lone surrogates."""
    return _UNTYPED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def parse_button(data: str) -> Chose:
    """The choice in button data, `visit:key`. Forged data gets visit -1, which never exists."""
    visit, _, key = data.partition(":")
    with contextlib.suppress(ValueError):
        return Chose(int(visit), key)
    return Chose(-1, "")


def command_or_words(text: str) -> Event:
    """The event for typed text: a command with its argument, or words."""
    found = _COMMAND.fullmatch(text)
    if found is None:
        return Said(text)
    return Asked(found["command"].lower(), (found["argument"] or "").strip())
