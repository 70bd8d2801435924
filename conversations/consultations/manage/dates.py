"""The two days of a consultation: when it closes, and when its outcome is due."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from conversations.consultations.consultation import Consultation, OneConsultation
from conversations.consultations.effects import SetCloses, SetReplyBy
from conversations.consultations.manage.publish import (
    back_to_detail,
    is_back,
    next_before_sending,
    say_gone,
)
from conversations.core.engine import Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import back_row
from conversations.core.record import replace
from conversations.core.typed.dates import day_in
from conversations.core.typed.years import ask_year


def ask_reply_by(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    if facts[OneConsultation].about is None:
        return say_gone(_)
    text = _("Everybody who takes part is promised it. Choose a day, or write one: 20 December.")
    rows = (*_day_rows(facts, (14, 28, 42)), back_row(_))
    return Say(text, heading=_("By when will they get an answer?"), rows=rows, expects="text", replaces=True)


def take_reply_by(session: Session, event: Event, facts: Facts) -> Turn | None:
    about = facts[OneConsultation].about
    if about is None or is_back(event):
        return back_to_detail(session)
    day = _day_of(event, facts)
    if not isinstance(day, date):
        return Turn(session, (Say(facts.words(day)),)) if day else None
    if asked := ask_year(session, event, day, facts):
        return asked
    return _set_day(session, about, facts, SetReplyBy(about.id, day), reply_by=day)


def ask_closes(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    if facts[OneConsultation].about is None:
        return say_gone(_)
    text = _("Choose the last day for answers, or write one: 20 December.")
    rows = (*_day_rows(facts, (7, 14, 21)), (Choice("open", _("Until I close it")),), back_row(_))
    return Say(text, heading=_("Until when is it open?"), rows=rows, expects="text", replaces=True)


def take_closes(session: Session, event: Event, facts: Facts) -> Turn | None:
    about = facts[OneConsultation].about
    if about is None or is_back(event):
        return back_to_detail(session)
    if isinstance(event, Chose) and event.key == "open":
        return _set_day(session, about, facts, SetCloses(about.id, None), closes_at=None)
    day = _day_of(event, facts)
    if not isinstance(day, date):
        return Turn(session, (Say(facts.words(day)),)) if day else None
    if asked := ask_year(session, event, day, facts):
        return asked
    if about.state == "open" and about.closes_at and day < _local_day(about.closes_at, facts):
        return Turn(session.goto("consult.sooner", consultation=about.id, day=day.isoformat()))
    return _set_closing_day(session, about, facts, day)


def _set_closing_day(session: Session, about: Consultation, facts: Facts, day: date) -> Turn:
    closes = datetime.combine(day, time.max, facts.rules.zone).astimezone(UTC)
    return _set_day(session, about, facts, SetCloses(about.id, day), closes_at=closes)


def _set_day(
    session: Session, about: Consultation, facts: Facts, effect: SetReplyBy | SetCloses, **changed: Any
) -> Turn:
    """Sets a day. Then goes on with sending if the day was missing for that; otherwise back to the consultation."""
    after = replace(about, **changed)
    says = _warn_of_order(after, facts)
    if "at" not in session.notes:
        return Turn(session.goto("consult.one", consultation=about.id), says, (effect,))
    at = session.notes["at"]
    return Turn(
        next_before_sending(session, after, facts, at if isinstance(at, int) else None), says, (effect,)
    )


def _warn_of_order(about: Consultation, facts: Facts) -> tuple[Say, ...]:
    """A warning if the outcome is due before answers stop coming in."""
    _ = facts.words
    if not about.reply_by or not about.closes_at or about.reply_by > _local_day(about.closes_at, facts):
        return ()
    text = _(
        "Look at the days again: they answer by {reply}, but it is open until {closes}.",
        reply=_.short_date(about.reply_by),
        closes=_.short_date(about.closes_at),
    )
    return (Say(text),)


# --- closing sooner than announced ----------------------------------------------------------------


def ask_sooner(session: Session, facts: Facts) -> Say:
    _, about = facts.words, facts[OneConsultation].about
    if about is None or about.closes_at is None:
        return say_gone(_)
    told, day = about.closes_at, date.fromisoformat(str(session.notes["day"]))
    text = _(
        "People were told that it is open until {day}. Nobody is told of the change.", day=_.short_date(told)
    )
    rows: tuple[Row, ...] = ((Choice("yes", _("Yes, close it sooner")), Choice("back", _("No, go back"))),)
    return Say(text, heading=_("Close it on {day} instead?", day=_.short_date(day)), rows=rows, replaces=True)


def take_sooner(session: Session, event: Event, facts: Facts) -> Turn | None:
    about = facts[OneConsultation].about
    if about is None or is_back(event):
        return back_to_detail(session)
    if isinstance(event, Chose) and event.key == "yes":
        return _set_closing_day(session, about, facts, date.fromisoformat(str(session.notes["day"])))
    return None


# --- which day ------------------------------------------------------------------------------------


def _local_day(moment: datetime, facts: Facts) -> date:
    """The day of a moment in the team's time zone."""
    return moment.astimezone(facts.rules.zone).date()


def _day_rows(facts: Facts, after: tuple[int, ...]) -> tuple[Row, ...]:
    today = facts.today
    days = [today + timedelta(days=n) for n in after]
    return tuple((Choice(f"day:{day.isoformat()}", facts.words.short_date(day)),) for day in days)


def _day_of(event: Event, facts: Facts) -> date | str:
    """The day that was chosen or typed; the message that says why it is no day; or "" for any other event."""
    if isinstance(event, Said):
        return day_in(event.text, facts.now, facts.words)
    if isinstance(event, Chose) and event.key.startswith("day:"):
        return day_in(event.key[4:], facts.now, facts.words)
    return ""
