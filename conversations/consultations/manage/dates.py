"""The two days of a consultation: by when there is an answer, and until when it is open."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from conversations.consultations.consultation import Consultation, OneConsultation
from conversations.consultations.effects import SetCloses, SetReplyBy
from conversations.consultations.manage.publish import back_row, gone, is_back, onward, to_one
from conversations.core.engine import Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.typed_dates import day_in


def ask_reply_by(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    if facts[OneConsultation].about is None:
        return gone(_)
    text = _("Everybody who takes part is promised it. Choose a day, or write one: 20 December.")
    rows = (*_days(facts, (14, 28, 42)), back_row(_))
    return Say(text, heading=_("By when will they get an answer?"), rows=rows, expects="text", replaces=True)


def take_reply_by(session: Session, event: Event, facts: Facts) -> Turn | None:
    about = facts[OneConsultation].about
    if about is None or is_back(event):
        return to_one(session)
    day = _day_of(event, facts)
    if not isinstance(day, date):
        return Turn(session, (Say(facts.words(day)),)) if day else None
    return _after_day(session, about, facts, SetReplyBy(about.id, day), reply_by=day)


def ask_closes(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    if facts[OneConsultation].about is None:
        return gone(_)
    text = _("Choose the last day for answers, or write one: 20 December.")
    rows = (*_days(facts, (7, 14, 21)), (Choice("open", _("Until I close it")),), back_row(_))
    return Say(text, heading=_("Until when is it open?"), rows=rows, expects="text", replaces=True)


def take_closes(session: Session, event: Event, facts: Facts) -> Turn | None:
    about = facts[OneConsultation].about
    if about is None or is_back(event):
        return to_one(session)
    if isinstance(event, Chose) and event.key == "open":
        return _after_day(session, about, facts, SetCloses(about.id, None), closes_at=None)
    day = _day_of(event, facts)
    if not isinstance(day, date):
        return Turn(session, (Say(facts.words(day)),)) if day else None
    if about.state == "open" and about.closes_at and day < _day(about.closes_at, facts):
        return Turn(session.goto("consult.sooner", consultation=about.id, day=day.isoformat()))
    return _closing_on(session, about, facts, day)


def _closing_on(session: Session, about: Consultation, facts: Facts, day: date) -> Turn:
    closes = datetime.combine(day, time.max, facts.rules.zone).astimezone(UTC)
    return _after_day(session, about, facts, SetCloses(about.id, day), closes_at=closes)


def _after_day(
    session: Session, about: Consultation, facts: Facts, effect: SetReplyBy | SetCloses, **changed: Any
) -> Turn:
    """On to the sending where that is what it was asked for; else back to the consultation."""
    after = replace(about, **changed)
    says = _in_a_strange_order(after, facts)
    if "at" not in session.notes:
        return Turn(session.goto("consult.one", consultation=about.id), says, (effect,))
    at = session.notes["at"]
    return Turn(onward(session, after, facts, at if isinstance(at, int) else None), says, (effect,))


def _in_a_strange_order(about: Consultation, facts: Facts) -> tuple[Say, ...]:
    """A word where the answer is promised for a day on which answers still come in."""
    _ = facts.words
    if not about.reply_by or not about.closes_at or about.reply_by > _day(about.closes_at, facts):
        return ()
    text = _(
        "Look at the days again: they answer by {reply}, but it is open until {closes}.",
        reply=_.short_date(about.reply_by),
        closes=_.short_date(about.closes_at),
    )
    return (Say(text),)


# --- sooner than people were told -----------------------------------------------------------------


def ask_sooner(session: Session, facts: Facts) -> Say:
    _, about = facts.words, facts[OneConsultation].about
    if about is None or about.closes_at is None:
        return gone(_)
    told, day = about.closes_at, date.fromisoformat(str(session.notes["day"]))
    text = _(
        "People were told that it is open until {day}. Nobody is told of the change.", day=_.short_date(told)
    )
    rows: tuple[Row, ...] = ((Choice("yes", _("Yes, close it sooner")), Choice("back", _("No, go back"))),)
    return Say(text, heading=_("Close it on {day} instead?", day=_.short_date(day)), rows=rows, replaces=True)


def take_sooner(session: Session, event: Event, facts: Facts) -> Turn | None:
    about = facts[OneConsultation].about
    if about is None or is_back(event):
        return to_one(session)
    if isinstance(event, Chose) and event.key == "yes":
        return _closing_on(session, about, facts, date.fromisoformat(str(session.notes["day"])))
    return None


# --- which day ------------------------------------------------------------------------------------


def _day(moment: datetime, facts: Facts) -> date:
    """The day of a moment, on the team's clock."""
    return moment.astimezone(facts.rules.zone).date()


def _days(facts: Facts, after: tuple[int, ...]) -> tuple[Row, ...]:
    today = facts.today
    days = [today + timedelta(days=n) for n in after]
    return tuple((Choice(f"day:{day.isoformat()}", facts.words.short_date(day)),) for day in days)


def _day_of(event: Event, facts: Facts) -> date | str:
    """The day chosen or typed; the message that says why not; or nothing, where neither was done."""
    if isinstance(event, Said):
        return day_in(event.text, facts.now, facts.words)
    if isinstance(event, Chose) and event.key.startswith("day:"):
        return day_in(event.key[4:], facts.now, facts.words)
    return ""
