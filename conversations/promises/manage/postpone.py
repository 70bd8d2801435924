"""Postpones a promise: asks for the new day and the reason. Those who took part get both as written."""

from datetime import date, timedelta

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import back_row, home_row
from conversations.core.typed.dates import day_in
from conversations.core.typed.years import ask_year
from conversations.outcomes.history import Move
from conversations.outcomes.wording import title_of
from conversations.promises.effects import MovePromise
from conversations.promises.manage.detail import (
    ask_reason,
    goto_step,
    promise_lines,
    say_gone,
    take_reason,
)
from conversations.promises.manage.facts import OnePromise
from conversations.promises.manage.notices import postponement_lines
from conversations.promises.promise import NOT_LATER, TO_COME, Promise

_AFTER = (7, 14, 28)  # days


def ask_day(_session: Session, facts: Facts) -> Say:
    _, promise = facts.words, facts[OnePromise].promise
    if promise is None:
        return say_gone(_)
    from_day = max(promise.due, facts.today)
    days = [from_day + timedelta(days=n) for n in _AFTER]
    rows = tuple((Choice(f"day:{day.isoformat()}", _.short_date(day)),) for day in days)
    text = _("By when, then? Choose a day, or write one: 20 December. It must be one that you can keep.")
    lines = (*promise_lines(promise, facts), "", text)
    heading = title_of(promise.about, _)
    return Say("\n".join(lines), heading=heading, rows=(*rows, back_row(_)), expects="text", replaces=True)


def take_day(session: Session, event: Event, facts: Facts) -> Turn | None:
    promise = facts[OnePromise].promise
    if promise is None:
        return Turn(session)
    match event:
        case Chose(_, "back"):
            return Turn(goto_step(session, "one", promise.of))
        case Chose(_, key) if key.startswith("day:"):
            named = day_in(key.removeprefix("day:"), facts.now, facts.words)
        case Said(text):
            named = day_in(text, facts.now, facts.words)
        case _:
            return None
    why_not = named if isinstance(named, str) else _objection(named, promise, facts)
    if why_not or isinstance(named, str):
        return Turn(session, (Say(facts.words(why_not)),))
    asked = ask_year(session, event, named, facts)
    return asked or Turn(
        goto_step(session, "why", promise.of, was=promise.due.isoformat(), day=named.isoformat())
    )


def ask_why(session: Session, facts: Facts) -> Say:
    _, promise = facts.words, facts[OnePromise].promise
    if promise is None:
        return say_gone(_)
    if promise.due != _noted_day(session, "was"):
        return _say_moved_meanwhile(promise, _)
    day = _("The new day is {day}. Why does it take longer?", day=_.short_date(_noted_day(session, "day")))
    return ask_reason(promise, day, facts)


def take_why(session: Session, event: Event, facts: Facts) -> Turn | None:
    promise = facts[OnePromise].promise
    if promise is None:
        return Turn(session)
    match event:
        case Chose(_, "back"):
            return Turn(goto_step(session, "day", promise.of))
        case Said(text):
            moved = MovePromise(promise.of, _noted_day(session, "was"), _noted_day(session, "day"), text)
            return take_reason(session, promise, text, moved, facts)
    return None


def preview_move(session: Session, facts: Facts, reason: str) -> str:
    """What they get, in the worker's own language."""
    promise = facts[OnePromise].promise
    if promise is None:
        return ""
    was, now = _noted_day(session, "was"), _noted_day(session, "day")
    move = Move(was, now, " ".join(reason.split()), promise.language, facts.now)
    return "\n".join(postponement_lines(move, promise, facts, facts.words))


def _objection(day: date, promise: Promise, facts: Facts) -> str:
    if day <= facts.today:
        return TO_COME
    return NOT_LATER if day <= promise.due else ""


def _say_moved_meanwhile(promise: Promise, _: Words) -> Say:
    """Shows the day and the reason when a colleague has postponed it meanwhile."""
    text = _("A colleague moved it meanwhile: it is promised by {day} now.", day=_.short_date(promise.due))
    reason = _("They said: {reason}", reason=promise.moves[-1].reason) if promise.moves else ""
    rows: tuple[Row, ...] = ((Choice("back", _("Choose another day")),), home_row(_))
    return Say(
        "\n".join(filter(None, (text, reason))), heading=title_of(promise.about, _), rows=rows, replaces=True
    )


def _noted_day(session: Session, name: str) -> date:
    return date.fromisoformat(str(session.notes[name]))
