"""Turns commands and codes in our text into buttons and links."""

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from functools import partial

from markupsafe import Markup, escape

from conversations.core.engine import Command
from conversations.core.i18n import Words

Linkify = Callable[[str], Markup]

# A return code, as storage makes them.
_CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}\b")
_COMMAND = re.compile(r"(?<![\w/])/(?P<command>[a-z]+)\b")
_MARKED = re.compile(f"{_CODE.pattern}|{_COMMAND.pattern}")

_CODE_MARK = Markup('<b class="code" dir="ltr">{}</b>')
_BUTTON = Markup('<button type="submit" form="commands" name="command" value="{}" class="word">{}</button>')
_LINK = Markup('<a href="{}">{}</a>')
_NAME = Markup("<b>{}</b>")


def linkifier(_: Words, known: Mapping[str, Command], doable: AbstractSet[str], chosen: str = "") -> Linkify:
    """Returns a function that turns a line into markup, with return codes highlighted. Of the `known` commands, those in
    `doable` become buttons. `chosen` is the language to keep in links.
    """
    marked = partial(_markup_for, _=_, known=known, doable=doable, kept=f"?lang={chosen}" if chosen else "")

    def linkify(line: str) -> Markup:
        parts, at = [], 0
        for found in _MARKED.finditer(line):
            parts += [escape(line[at : found.start()]), marked(found)]
            at = found.end()
        return Markup().join((*parts, escape(line[at:])))

    return linkify


def _markup_for(
    found: re.Match[str], _: Words, known: Mapping[str, Command], doable: AbstractSet[str], kept: str
) -> Markup:
    if found["command"] is None:
        return _CODE_MARK.format(found[0])
    command = known.get(found["command"])
    if command is None or not command.label:
        return escape(found[0])
    if command.word in doable:
        return _BUTTON.format(command.word, _(command.label))
    if doable:  # in a conversation of somebody who may not use this command
        return escape(found[0])
    if command.address:
        return _LINK.format(command.address + kept, _(command.label))
    return _NAME.format(_(command.label))
