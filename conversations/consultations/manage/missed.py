"""An opening that Heard missed, because it was off: back to a draft, and the team reads why."""

from datetime import date, datetime

from conversations.consultations.consultation import OneConsultation
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Say, Session
from conversations.core.missed import is_long_missed


def is_too_late(
    opens_at: datetime, closes_at: datetime | None, reply_by: date | None, now: datetime, today: date
) -> bool:
    """Whether it no longer makes sense to open: it would be over, or most of its time is gone; its answer would be late
    from the start; or its moment passed long ago.
    """
    over = closes_at is not None and closes_at - now < now - opens_at
    return over or (reply_by is not None and reply_by < today) or is_long_missed(opens_at, now)


def missed_line(opens_at: datetime, _: Words) -> str:
    return _(
        "It was to open on {moment}, but I was off then. Nobody was asked.", moment=_.date_time(opens_at)
    )


def say_missed(_session: Session, facts: Facts) -> Say | None:
    """For the team. None once somebody has taken it on."""
    _, about = facts.words, facts[OneConsultation].about
    if about is None or about.state != "draft" or about.opens_at is None:
        return None
    text = _("It is a draft again. Look at its days, then send it.")
    return Say(
        "\n".join((missed_line(about.opens_at, _), text)),
        heading=_("It didn't open: {title}", title=about.title(_)),
        rows=((Choice("/consult", _("Consultations")),),),
    )
