"""Days and times as staff type them: "20/12 16:00", "20 December 16:00", "tomorrow 16:00"."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Literal

from babel.dates import get_day_names, get_month_names

from conversations.core.i18n import N_, Words

NOT_A_MOMENT = N_("I can't read that as a day and a time. Write it like this: 20 December 16:00.")
NOT_A_DAY = N_("I can't read that as a day. Write it like this: 20 December.")
IN_THE_PAST = N_("That has already passed. Choose a time to come.")

_Width = Literal["wide", "abbreviated"]
_Context = Literal["format", "stand-alone"]
_WIDTHS: tuple[_Width, ...] = ("wide", "abbreviated")
_CONTEXTS: tuple[_Context, ...] = ("format", "stand-alone")

_TIME = re.compile(r"(?P<hour>\d{1,2})(?:(?P<part>[:.])(?P<minute>\d{2}))?\s*(?P<half>[ap]m)?")
_NUMBERS = re.compile(r"(\d{1,2})[/.\-](\d{1,2})(?:[/.\-](\d{4}))?\.?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.? +(?:of +)?([^\W\d]+)\.?(?: +(\d{4}))?")
_LAST_CENTURY = date(2099, 12, 31)
_HALF_A_YEAR = timedelta(days=183)


def moment_in(text: str, now: datetime, words: Words) -> datetime | str:
    """The moment that a text names in the team's time zone, as UTC; or the message that says what is wrong.

    A day without a year is the next one to come. Of a local time that a clock change repeats, the first one is
    taken; a skipped one is read with the offset from before the change (PEP 495, fold 0): in London, 01:30 on
    the last Sunday of March becomes 02:30.
    """
    today = _today(now, words)
    for before, clock in _day_and_time_splits(normalise(text)):
        day = _parse_day(before, today, words) if before else today
        if day and before in weekday_names(words) and _to_utc(day, clock, words) <= now:
            day += timedelta(days=7)
        if day:
            moment = _to_utc(day, clock, words)
            return moment if moment > now else IN_THE_PAST
    return NOT_A_MOMENT


def day_in(text: str, now: datetime, words: Words) -> date | str:
    """The day that a text names, today or later; or the message that says what is wrong."""
    today = _today(now, words)
    day = _parse_day(normalise(text), today, words)
    if day is None:
        return NOT_A_DAY
    return day if day >= today else IN_THE_PAST


def normalise(text: str) -> str:
    """The text in small letters, without commas and needless spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace(",", " ")
    return " ".join(folded.split())


def _today(now: datetime, words: Words) -> date:
    return now.astimezone(words.zone).date()


def _to_utc(day: date, clock: time, words: Words) -> datetime:
    return datetime.combine(day, clock, words.zone).astimezone(UTC)


def _day_and_time_splits(plain: str) -> Iterator[tuple[str, time]]:
    """The ways to split a text into a day and a time. In "tomorrow at 4 pm" the time is the last two words."""
    parts = plain.split(" ")
    for length in (1, 2):
        day, last = parts[:-length], " ".join(parts[-length:])
        clock = clock_time(last, alone=not day)
        if clock:
            yield " ".join(day[:-1] if day and day[-1] in {"at", "@"} else day), clock


def clock_time(plain: str, *, alone: bool = False) -> time | None:
    """The time of day that a text names; None for anything else, and if it could be a day and stands `alone`."""
    found = _TIME.fullmatch(plain)
    # "20.12" alone is more likely a day than a time, and a bare "16" could be either.
    if found is None or not (found["half"] or found["part"]) or (alone and found["part"] == "."):
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"] == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _parse_day(plain: str, today: date, words: Words) -> date | None:
    near = {"today": 0, words("today"): 0, "tomorrow": 1, words("tomorrow"): 1}
    if plain in near:
        return today + timedelta(days=near[plain])
    first, _space, rest = plain.partition(" ")
    weekday = weekday_names(words).get(first)
    if weekday is None:
        return _parse_date(plain, today, words)
    # "Sunday 20 December" is that date, whatever its weekday; "Sunday" is the next one, or today.
    return (
        _parse_date(rest, today, words) if rest else today + timedelta(days=(weekday - today.weekday()) % 7)
    )


def _parse_date(plain: str, today: date, words: Words) -> date | None:
    if found := _ISO.fullmatch(plain):
        return _valid_date(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.fullmatch(plain):
        day, month, year = int(found[1]), int(found[2]), found[3]
    elif (found := _NAMED.fullmatch(plain)) and found[2] in _months(words):
        day, month, year = int(found[1]), _months(words)[found[2]], found[3]
    else:
        return None
    return _valid_date(int(year), month, day) if year else _nearest(today, month, day)


def _nearest(today: date, month: int, day: int) -> date | None:
    """That day in this year, or in the next if this year's is over half a year ago: in December, "5 January"."""
    this = _valid_date(today.year, month, day)
    if this and this >= today - _HALF_A_YEAR:
        return this
    return _valid_date(today.year + 1, month, day)


def _valid_date(year: int, month: int, day: int) -> date | None:
    try:
        made = date(year, month, day)
    except ValueError:
        return None
    return made if made <= _LAST_CENTURY else None


def _months(words: Words) -> dict[str, int]:
    return _numbers_by_name(get_month_names, words)


def weekday_names(words: Words) -> dict[str, int]:
    """The numbers of weekdays by name, long and short; Monday is 0."""
    return _numbers_by_name(get_day_names, words)


def _numbers_by_name(
    names: Callable[[_Width, _Context, str], Mapping[int, str]], words: Words
) -> dict[str, int]:
    """The numbers of names, long and short, in English and in the language of `words`."""
    found: dict[str, int] = {}
    for language, width, context in product(("en", words.language), _WIDTHS, _CONTEXTS):
        found |= {name.casefold().rstrip("."): n for n, name in names(width, context, language).items()}
    return found
