"""Asks "2028?" where somebody typed a day over a year ahead: a mistyped year is a promise for another year."""

from datetime import date, datetime, timedelta

from conversations.core.engine import Turn
from conversations.core.events import Event, Said
from conversations.core.facts import Facts
from conversations.core.messages import Say, Session

_A_YEAR = timedelta(days=366)


def ask_year(session: Session, event: Event, named: date | datetime, facts: Facts) -> Turn | None:
    """Asks once, and takes the day when it is sent again. None for a day that is near, or was tapped."""
    _ = facts.words
    day = named.astimezone(facts.rules.zone).date() if isinstance(named, datetime) else named
    asked = (session.visit, day.isoformat())
    if not isinstance(event, Said) or day - facts.today <= _A_YEAR or session.notes.get("year") == asked:
        return None
    # For staff.
    text = _(
        "{year}? That is over a year from now. If you mean {day}, send it again.",
        year=day.year,
        day=_.long_date(day),
    )
    return Turn(session.with_notes(year=asked), (Say(text),))
