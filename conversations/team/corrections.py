"""What was corrected or withdrawn after it was published, and how its readers are told."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from conversations.core.i18n import N_, Words
from conversations.core.record import Record

# `asked` is a consultation that is open.
PublishedKind = Literal["outcome", "news", "asked"]
Why = Literal["figure", "personal", "wrong", "unclear"]

# Why, as the end of a sentence. Nobody writes a reason of their own: it could say again what is taken out.
WHYS: dict[Why, str] = {
    "personal": N_("it said something about one person"),
    "figure": N_("a number was wrong"),
    "wrong": N_("something in it was wrong"),
    "unclear": N_("it was easy to get wrong"),
}


class Correction(Record):
    """One correction of a published thing, or its withdrawal. `at` is UTC."""

    id: int
    kind: PublishedKind
    about: int
    withdrawn: bool
    why: Why
    at: datetime


def correction_lines(found: Iterable[Correction], _: Words) -> list[str]:
    """A line for each day and reason on which something was corrected: "Corrected on Thursday 3 December: …"."""
    days = dict.fromkeys((one.at.astimezone(_.zone).date(), one.why) for one in found if not one.withdrawn)
    return [_("Corrected on {date}: {why}.", date=_.long_date(day), why=_(WHYS[why])) for day, why in days]


def withdrawal_line(withdrawn: Correction, _: Words) -> str:
    """What stands in the place of what was withdrawn."""
    day: date = withdrawn.at.astimezone(_.zone).date()
    return _(
        "We took this back on {date}: {why}. If you have it anywhere else, don't pass it on.",
        date=_.long_date(day),
        why=_(WHYS[withdrawn.why]),
    )
