"""How a line of ours stands on a page: what it names can be tapped where it stands."""

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from functools import partial

from markupsafe import Markup, escape

from conversations.core.i18n import Words
from conversations.safeguarding.helplines import HELPLINES

Linkify = Callable[[str], Markup]

# A return code, as storage makes them.
_CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}\b")
_COMMAND = re.compile(r"(?<![\w/])/(?P<command>[a-z]+)\b")
_MARKED = re.compile(f"{_CODE.pattern}|{_COMMAND.pattern}")

_CODE_MARK = Markup('<b class="code" dir="ltr">{}</b>')
_BUTTON = Markup('<button type="submit" form="commands" name="command" value="{}" class="word">{}</button>')
_LINK = Markup('<a href="{}">{}</a>')
_NAME = Markup("<b>{}</b>")

# Commands that lead to a page of their own, for those who have no conversation.
_PLACES = {"start": "/", "changed": "/changed", "privacy": "/privacy", "help": "/help"}


def command_names(_: Words) -> Mapping[str, str]:
    """What stands on a page instead of a command."""
    return {
        "start": _("Start again"), "home": _("Home"), "say": _("Have your say"), "ways": _("Ways to be involved"),
        "raise": _("Raise something"),
        "changed": _("What changed"), "settings": _("Settings"), "mydata": _("My data"), "privacy": _("Privacy"),
        "rights": _("Your rights"), "help": _("Help"), "stop": _("Stop all messages"), "delete": _("Delete everything"),
        "consult": _("Ask young people"), "inbox": _("Inbox"), "news": _("Good news"),
        "results": _("Results"), "outcome": _("You said, we did"),
        "promises": _("What we promised"), "happened": _("What stands open"), "sent": _("What was sent"),
        "cases": _("Safeguarding cases"), "team": _("Team"),
    }  # fmt: skip


def telling(_: Words, doable: AbstractSet[str], chosen: str = "") -> Linkify:
    """Gives how a line is told. A helpline can be called, a return code stands out, and a command is a button for
    whoever may give it (`doable`). `chosen` is the language that links keep.
    """
    names, helplines = command_names(_), _helplines(_)
    marked = partial(_marked, names=names, doable=doable, kept=f"?lang={chosen}" if chosen else "")

    def told(line: str) -> Markup:
        if line in helplines:
            return helplines[line]
        parts, at = [], 0
        for found in _MARKED.finditer(line):
            parts += [escape(line[at : found.start()]), marked(found)]
            at = found.end()
        return Markup().join((*parts, escape(line[at:])))

    return told


def _marked(found: re.Match[str], names: Mapping[str, str], doable: AbstractSet[str], kept: str) -> Markup:
    command = found["command"]
    if command is None:
        return _CODE_MARK.format(found[0])
    if command in doable and command in names:
        return _BUTTON.format(command, names[command])
    if doable or command not in names:  # somebody's own conversation, where this is not for them
        return escape(found[0])
    if command in _PLACES:
        return _LINK.format(_PLACES[command] + kept, names[command])
    return _NAME.format(names[command])


def _helplines(_: Words) -> Mapping[str, Markup]:
    lines = {}
    for one in HELPLINES:
        line = _(one.sentence, number=one.number).removeprefix("· ")
        way = "sms" if one.by_text else "tel"
        link = Markup('<a href="{}:{}">{}</a>').format(way, one.number.replace(" ", ""), one.number)
        lines[line] = escape(line).replace(escape(one.number), link)
    return lines
