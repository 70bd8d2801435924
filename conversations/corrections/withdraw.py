"""Taking back all of something published."""

from typing import cast

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.corrections.choose import reach_lines, say_gone, thing_notes
from conversations.corrections.effects import Withdraw
from conversations.corrections.facts import OnePublished
from conversations.team.corrections import Why


def ask_withdraw(_session: Session, facts: Facts) -> Say:
    """Says what is reached and what is not, before it is done."""
    _, found = facts.words, facts[OnePublished]
    if found.thing is None:
        return say_gone(_)
    lines = [
        _(
            "Its texts, its picture and what people said about it are deleted. A notice with today's day stays."
        )
    ]
    if found.thing.kind == "outcome":
        lines.append(_("What it answers waits for an answer again. You can write a new one."))
    if found.reach.waiting:
        lines.append(
            _.many(
                "{n} message that wasn't sent yet isn't sent.",
                "{n} messages that weren't sent yet aren't sent.",
                found.reach.waiting,
            )
        )
    lines += reach_lines(found, _)
    rows: tuple[Row, ...] = ((Choice("yes", _("Yes, take it back")), Choice("back", _("No, go back"))),)
    heading = _("Take back “{title}” now?", title=found.thing.title(_))
    return Say("\n".join(f"· {line}" for line in lines), heading=heading, rows=rows, replaces=True)


def take_withdraw(session: Session, event: Event, facts: Facts) -> Turn | None:
    _, found = facts.words, facts[OnePublished]
    match event:
        case Chose(_visit, "back"):
            return Turn(session.goto("correct.one", **thing_notes(session)))
        case Chose(_visit, "yes") if found.thing:
            effect = Withdraw(found.thing.kind, found.thing.id, cast(Why, session.notes["why"]))
            told = _("It is taken back. I'll show you how far the messages have got.")
            return Turn(session.goto("correct.list"), (Say(told),), (effect,))
    return None
