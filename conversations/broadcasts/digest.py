"""Several pieces of news for one person, as one message: a burst of messages is what nobody wants."""

from collections.abc import Sequence
from dataclasses import replace

from conversations.core.i18n import Words
from conversations.core.message_kind import MessageKind
from conversations.core.messages import Choice, Row, Say
from conversations.core.pagination import in_rows

MOST = 8  # pieces in one message
_ROOM = 3000  # letters: longer ones are behind their button, so that it stays one message


def bundled(says: Sequence[tuple[Say, str]], _: Words) -> Say:
    """Numbered, in order, each with the command that opens it in full ("": there is no more of it). The longest are
    only named where all of them would be too much. What a piece asks can be answered here too.
    """
    told = _told([say for say, _opens in says])
    pieces = [
        "\n".join((f"{n}. {say.heading}", say.text if n in told else _("Tap {n} to read it.", n=n)))
        for n, (say, _opens) in enumerate(says, 1)
    ]
    numbers = [Choice(opens, str(n)) for n, (_say, opens) in enumerate(says, 1) if opens]
    asked = [row for n, (say, _opens) in enumerate(says, 1) if n in told for row in _asked(n, say)]
    fewer: Row = (Choice("/settings", _("Fewer messages"), aside=True),)
    return Say(
        "\n\n".join(pieces),
        heading=_.many("{n} thing for you", "{n} things for you", len(says)),
        rows=(*in_rows(numbers, 4), *asked, fewer),
        attachment=next((say.attachment for say, _opens in says if say.attachment), None),
        language=_.language,
    )


def opens(kind: MessageKind, about: int, say: Say) -> str:
    """The command that shows a piece in full: its kind's, or that of its first button."""
    if kind.broadcast and kind.broadcast.opens:
        return kind.broadcast.opens.format(about=about)
    buttons = (
        button for row in say.rows for button in row if isinstance(button, Choice) and not button.aside
    )
    return next((button.key for button in buttons if button.key.startswith("/")), "")


def _asked(n: int, say: Say) -> list[Row]:
    """The answers to what a piece asks, in rows of several, each under the number of its piece."""
    rows = [[one for one in row if isinstance(one, Choice) and not one.aside] for row in say.rows]
    return [
        tuple(replace(one, label=f"{n}: {one.label}") for one in row)
        for row in rows
        if len(row) > 1 and all(one.key.startswith("/") for one in row)
    ]


def _told(says: Sequence[Say]) -> set[int]:
    """The numbers of those that are told in full: the short ones first, as long as there is room."""
    room = _ROOM - sum(len(say.heading) for say in says)
    told: set[int] = set()
    for n, say in sorted(enumerate(says, 1), key=lambda one: len(one[1].text)):
        room -= len(say.text)
        if room >= 0:
            told.add(n)
    return told
