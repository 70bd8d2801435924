"""/held: what was on its way to many when an older copy of the database was put in place. A person decides on it."""

from dataclasses import dataclass
from typing import Literal

from conversations.consultations import Consultation
from conversations.effects import DropHeld, ReleaseHeld
from conversations.engine import Opening, Step, Turn
from conversations.events import Asked, Chose, Event
from conversations.facts import Facts
from conversations.form_words import form_words
from conversations.pages import number_behind, numbered_rows, on_page, turned_to, typed_number
from conversations.people import Role
from conversations.speech import Choice, Row, Say, Session
from conversations.words import Words

RELEASERS: tuple[Role, ...] = ("worker", "decider")


@dataclass(frozen=True, slots=True)
class HeldOne:
    """Something told to many that is held: its number, how many have a message waiting, and whether there are
    `more` who were not in the queue yet.
    """

    number: int
    kind: Literal["consultation", "outcome", "other"]
    about: Consultation | None
    people: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class AllHeld:
    """Everything that is held, oldest first."""

    held: tuple[HeldOne, ...]


@dataclass(frozen=True, slots=True)
class HeldNow:
    """How many messages are held, for those who may release them; 0 for everybody else."""

    n: int


def open_held(session: Session, _asked: Asked, _facts: Facts) -> Turn:
    return Turn(session.to("held.list"))


def ask_list(session: Session, facts: Facts) -> Say:
    _, held = facts.words, facts[AllHeld].held
    home: Row = (Choice("/home", _("Home"), aside=True),)
    if not held:
        return Say(_("Nothing is held."), heading=_("Held messages"), rows=(home,), replaces=True)
    page = session.notes.get("page")
    first = _("An older copy of the database was put in place. These may have gone out before.")
    lines = [f"{place + 1}. {_in_short(held[place], _)}" for place in on_page(page, len(held))]
    # By number: a title may stand there twice, for its questions and for what came of it.
    rows = numbered_rows([f"one:{one.number}" for one in held], page, _)
    return Say("\n".join((first, *lines)), heading=_("Held messages"), rows=(*rows, home), replaces=True)


def take_list(session: Session, event: Event, facts: Facts) -> Turn | None:
    held, page, typed = facts[AllHeld].held, turned_to(event), typed_number(event)
    if page is not None:
        return Turn(session.to("held.list", page=page))
    if typed and typed <= len(held):
        return Turn(session.to("held.one", broadcast=held[typed - 1].number))
    number = number_behind(event.key, "one:") if isinstance(event, Chose) else None
    return None if number is None else Turn(session.to("held.one", broadcast=number))


def ask_one(session: Session, facts: Facts) -> Say:
    _, one = facts.words, _chosen(session, facts)
    if one is None:
        rows: tuple[Row, ...] = ((Choice("/held", _("All held messages"), aside=True),),)
        return Say(_("That one isn't held any more."), rows=rows, replaces=True)
    lines = [_in_short(one, _)]
    if one.more:
        lines.append(_("Not everybody had a place in the queue. If you send it, they get one."))
    lines.append(_("Send it if they can't have had it. If they may have, let it go: nobody likes it twice."))
    rows = (
        (Choice("send", _("Send it")), Choice("drop", _("Let it go"))),
        (Choice("/held", _("All held messages"), aside=True),),
    )
    return Say("\n\n".join(lines), heading=_named(one, _), rows=rows, replaces=True)


def take_one(session: Session, event: Event, facts: Facts) -> Turn | None:
    _, one = facts.words, _chosen(session, facts)
    if one is None:
        return None
    match event:
        case Chose(_visit, "send"):
            said = Say(_("It goes on now."))
            return Turn(session.to("held.list"), (said,), (ReleaseHeld(one.number),))
        case Chose(_visit, "drop"):
            said = Say(_("It is not sent. I count those people as “may have arrived”."))
            return Turn(session.to("held.list"), (said,), (DropHeld(one.number),))
    return None


def say_put_back(_session: Session, facts: Facts) -> Say | None:
    """What owners are told when an older copy was put in place."""
    _, n = facts.words, facts[HeldNow].n
    if not facts.person.may("owner"):
        return None
    lines = [
        _("What was written since that copy was made is not there any more."),
        _("Who asked to be deleted since then was deleted again."),
        _("What was set to go out later is a draft again, for it may have gone out. Look at each of them."),
        _("Open invite links don't work any more. Make new ones."),
    ]
    rows: tuple[Row, ...] = ()
    if n:
        lines.append(
            _.many("{n} message is held until you decide.", "{n} messages are held until you decide.", n)
        )
        rows = ((Choice("/held", _("See what is held")),),)
    text = "\n".join(f"· {line}" for line in lines)
    return Say(text, heading=_("An older copy of the database was put in place"), rows=rows)


def _chosen(session: Session, facts: Facts) -> HeldOne | None:
    number = session.number("broadcast")
    return next((one for one in facts[AllHeld].held if one.number == number), None)


def _named(one: HeldOne, _: Words) -> str:
    return form_words(one.about.form, _).title if one.about else _("Other messages")


def _in_short(one: HeldOne, _: Words) -> str:
    title = _named(one, _)
    if one.kind == "consultation":
        return _.many(
            "{title}: the questions, to {n} person",
            "{title}: the questions, to {n} people",
            one.people,
            title=title,
        )
    if one.kind == "outcome":
        return _.many(
            "{title}: what came of it, to {n} person",
            "{title}: what came of it, to {n} people",
            one.people,
            title=title,
        )
    return _.many("{title}, to {n} person", "{title}, to {n} people", one.people, title=title)


STEPS = (
    Step("held.list", ask_list, take_list, needs=(AllHeld,), roles=RELEASERS),
    Step("held.one", ask_one, take_one, needs=(AllHeld,), roles=RELEASERS),
)
OPENINGS = (Opening("held", open_held, roles=RELEASERS),)
