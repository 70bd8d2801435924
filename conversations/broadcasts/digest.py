"""Combines several pieces of news for one person into one message, because nobody wants a burst of them."""

from collections.abc import Sequence

from conversations.core.i18n import Words
from conversations.core.message_kind import MessageKind
from conversations.core.messages import Choice, Row, Say
from conversations.core.pagination import in_rows
from conversations.core.record import replace

MOST = 8  # pieces in one message
_ROOM = 3000  # letters: longer pieces show only their heading, to keep within one message


def bundle(says: Sequence[tuple[Say, str]], _: Words) -> Say:
    """Each message comes with the command that opens it in full ("": nothing more to open). They are numbered, in
    order. If they do not all fit, the longest show only their heading. Questions can be answered here too.
    """
    told = _shown_in_full([say for say, _opens in says])
    pieces = [
        "\n".join((f"{n}. {say.heading}", say.text if n in told else _("Tap {n} to read it.", n=n)))
        for n, (say, _opens) in enumerate(says, 1)
    ]
    numbers = [
        Choice(opening_command, str(n))
        for n, (_say, opening_command) in enumerate(says, 1)
        if opening_command
    ]
    asked = [row for n, (say, _opens) in enumerate(says, 1) if n in told for row in _answer_rows(n, say)]
    fewer: Row = (Choice("/settings", _("Fewer messages"), aside=True),)
    return Say(
        "\n\n".join(pieces),
        heading=_.many("{n} thing for you", "{n} things for you", len(says)),
        rows=(*in_rows(numbers, 4), *asked, fewer),
        attachment=next((say.attachment for say, _opens in says if say.attachment), None),
        language=_.language,
    )


def opening_command(kind: MessageKind, about: int, say: Say) -> str:
    """The command that opens a piece in full: the one its kind names, or its first button's."""
    if kind.broadcast and kind.broadcast.opens:
        return kind.broadcast.opens.format(about=about)
    buttons = (
        button for row in say.rows for button in row if isinstance(button, Choice) and not button.aside
    )
    return next((button.key for button in buttons if button.key.startswith("/")), "")


def _answer_rows(n: int, say: Say) -> list[Row]:
    """The answer buttons of a piece, labelled with its number."""
    rows = [[one for one in row if isinstance(one, Choice) and not one.aside] for row in say.rows]
    return [
        tuple(replace(one, label=f"{n}: {one.label}") for one in row)
        for row in rows
        if len(row) > 1 and all(one.key.startswith("/") for one in row)
    ]


def _shown_in_full(says: Sequence[Say]) -> set[int]:
    """The numbers of the pieces shown in full: the shortest first, while there is room."""
    room = _ROOM - sum(len(say.heading) for say in says)
    told: set[int] = set()
    for n, say in sorted(enumerate(says, 1), key=lambda one: len(one[1].text)):
        room -= len(say.text)
        if room >= 0:
            told.add(n)
    return told
