"""Correcting one text: why, and what it says from now on."""

from typing import cast

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.i18n import capitalise
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import back_row
from conversations.corrections.choose import reach_lines, say_gone, text_name, thing_notes
from conversations.corrections.effects import CorrectText
from conversations.corrections.facts import OnePublished
from conversations.outcomes.outcome import current_variants, outdated_variant
from conversations.outcomes.write.rules import VARIANT_MOST
from conversations.team.corrections import WHYS, Why


def ask_why(_session: Session, facts: Facts) -> Say:
    """The reason is one of a few, because everybody reads it."""
    _ = facts.words
    rows: list[Row] = [(Choice(why, capitalise(_(said))),) for why, said in WHYS.items()]
    text = _("Everybody who reads it sees the day and this reason.")
    return Say(text, heading=_("Why?"), rows=(*rows, back_row(_)), replaces=True)


def take_why(session: Session, event: Event, _facts: Facts) -> Turn | None:
    notes = {
        name: note for name, note in session.notes.items() if name in {"kind", "about", "text", "variant"}
    }
    match event:
        case Chose(_, "back"):
            return Turn(session.goto("correct.one", **thing_notes(session)))
        case Chose(_, why) if why in WHYS:
            return Turn(
                session.goto("correct.text" if "text" in notes else "correct.withdraw", **notes, why=why)
            )
    return None


def ask_text(session: Session, facts: Facts) -> Say:
    _, found = facts.words, facts[OnePublished]
    texts = found.text(session.notes.get("text"))
    if not texts:
        return say_gone(_)
    variant = str(session.notes["variant"])
    now = current_variants(texts).get(variant) or outdated_variant(texts, variant)
    lines = (
        _("It says now: {text}", text=now),
        "\n".join(f"· {line}" for line in reach_lines(found, _)),
        _("Write it as it should be. It is published at once."),
    )
    name = text_name(str(session.notes["text"]), _)
    return Say(
        "\n\n".join(lines), heading=name, rows=(back_row(_),), expects="text", draft=now, replaces=True
    )


def take_text(session: Session, event: Event, facts: Facts) -> Turn | None:
    _, found = facts.words, facts[OnePublished]
    one = session.goto("correct.one", **thing_notes(session))
    match event:
        case Chose(_visit, "back"):
            return Turn(one)
        case Said(typed) if found.thing and typed.strip():
            text = " ".join(typed.split())
            if len(text) > VARIANT_MOST:
                return Turn(session, (Say(_("That is too long to send. Make it shorter.")),))
            notes = session.notes
            effect = CorrectText(
                found.thing.kind,
                found.thing.id,
                str(notes["text"]),
                str(notes["variant"]),
                cast(Why, notes["why"]),
                text,
            )
            told = _(
                "It is corrected, and says so with today's day. I'll show you how far the messages have got."
            )
            return Turn(one, (Say(told),), (effect,))
    return None
