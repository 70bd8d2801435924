"""Hours on the rota: how a lead types them, how they are said, and whether they last at a moment."""

import re
from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from conversations.core.i18n import N_, Words
from conversations.core.record import Record
from conversations.core.typed.dates import clock_time, day_in, normalise, weekday_names

NOT_HOURS = N_("I can't read that. Write the days and the hours like this: Monday to Friday 18:00-08:00.")

_A_DAY = timedelta(days=1)
_WEEK, _WORKDAYS, _WEEKEND = tuple(range(7)), tuple(range(5)), (5, 6)
_CLOCK = r"\d{1,2}(?:[:.]\d{2})?(?: ?[ap]m)?"
_HOURS = re.compile(
    rf"(?P<days>.+?) (?:from )?(?P<starts>{_CLOCK}) ?(?:[-–—]|to|until|till|do) ?(?P<ends>{_CLOCK})"
)
_FROM_TO = re.compile(r"([^\W\d]+)\.?(?: ?[-–—] ?| to | do )([^\W\d]+)\.?")
_FILLERS = frozenset({"and", "i", "on", "each", "every"})


class Hours(Record):
    """Hours on the team's clock: on some weekdays (Monday is 0), or on one day. They go past midnight if they do not end
    after they start; from a time to the same time is a whole day.
    """

    weekdays: tuple[int, ...]
    day: date | None
    starts: time
    ends: time

    def begin_on(self, day: date) -> bool:
        return day == self.day if self.day else day.weekday() in self.weekdays

    def last_at(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Whether a moment lies in hours that began today or yesterday."""
        today = moment.astimezone(zone).date()
        return any(
            start <= moment < end
            for day in (today, today - _A_DAY)
            if self.begin_on(day)
            for start, end in (self._on(day, zone),)
        )

    @property
    def go_past_midnight(self) -> bool:
        return self.ends <= self.starts

    def _on(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        last_day = day + _A_DAY if self.go_past_midnight else day
        return _readings(day, self.starts, zone)[0], _readings(last_day, self.ends, zone)[-1]


def _readings(day: date, clock: time, zone: ZoneInfo) -> list[datetime]:
    """The moments (UTC) that a local time may mean, in order: two where the clocks go back. A time that is skipped, where
    they go forward, is the moment at which they do. So one who starts when another ends leaves no hole between them.
    """
    local = datetime.combine(day, clock, zone)
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:
        return [first, second]
    seconds = range(int((first - second).total_seconds()))
    offset = first.astimezone(zone).utcoffset()

    def has_changed(later: int) -> bool:
        return (second + timedelta(seconds=later)).astimezone(zone).utcoffset() == offset

    return [second + timedelta(seconds=bisect_left(seconds, True, key=has_changed))]


class Shift(Record):
    """One line of the rota: a person and their hours."""

    id: int
    person: int
    hours: Hours


class Rota(Record):
    """All lines of the rota whose day has not passed."""

    shifts: tuple[Shift, ...]


# --- in words -------------------------------------------------------------------------------------


def hours_in(text: str, now: datetime, _: Words) -> Hours | str:
    """The hours that a text names: "Friday 18:00-08:00", "weekdays 6pm to 8am", "24 December 09:00-17:00", "Sunday all
    day". Or the message that says what is wrong.
    """
    plain = normalise(text).replace("24:00", "00:00")
    ends_with = next((words for words in ("all day", _("all day")) if plain.endswith(f" {words}")), "")
    if ends_with:
        plain = f"{plain.removesuffix(ends_with)}00:00-00:00"
    found = _HOURS.fullmatch(plain)
    starts, ends = (_clock_in(found[name]) for name in ("starts", "ends")) if found else (None, None)
    if found is None or starts is None or ends is None or _is_half_said(found["starts"], found["ends"]):
        return NOT_HOURS
    weekdays = _weekdays_in(found["days"], _)
    if weekdays:
        return Hours(weekdays, None, starts, ends)
    day = day_in(found["days"].removeprefix("on "), now, _)
    return day if isinstance(day, str) else Hours((), day, starts, ends)


def hours_text(hours: Hours, _: Words) -> str:
    """The hours in words: "Friday and Saturday, 18:00 to 08:00 the next day"."""
    start, end = f"{hours.starts:%H:%M}", f"{hours.ends:%H:%M}"
    when = _days_text(hours, _)
    if hours.starts == hours.ends == time():
        return _("{days}, all day", days=when)
    if hours.go_past_midnight and hours.ends != time():
        return _("{days}, {start} to {end} the next day", days=when, start=start, end=end)
    return _(
        "{days}, {start} to {end}", days=when, start=start, end="24:00" if hours.go_past_midnight else end
    )


def _days_text(hours: Hours, _: Words) -> str:
    if hours.day:
        return _.long_date(hours.day)
    if hours.weekdays == _WEEK:
        return _("Every day")
    return _.and_list(_.weekday(number) for number in hours.weekdays)


def _clock_in(plain: str) -> time | None:
    return clock_time(plain if re.search(r"[:.apm]", plain) else f"{plain}:00")


def _is_half_said(starts: str, ends: str) -> bool:
    """Whether "am" or "pm" stands at one bare hour only: "6-8pm" could be the morning or the evening."""
    bare = [clock.isdecimal() for clock in (starts, ends)]
    return any(bare) and any(clock.endswith("m") for clock in (starts, ends))


def _weekdays_in(plain: str, _: Words) -> tuple[int, ...]:
    """The weekdays that a text names; none if it names anything else."""
    several = {
        **dict.fromkeys(("every day", "daily", _("every day")), _WEEK),
        **dict.fromkeys(("weekdays", "every weekday", _("weekdays")), _WORKDAYS),
        **dict.fromkeys(("weekends", "weekend", "every weekend", _("weekends")), _WEEKEND),
    }
    if plain in several:
        return several[plain]
    if found := _FROM_TO.fullmatch(plain):
        first, last = _weekday(found[1], _), _weekday(found[2], _)
        if first is not None and last is not None:
            return tuple(sorted((first + more) % 7 for more in range((last - first) % 7 + 1)))
    named = [_weekday(word, _) for word in plain.split(" ") if word not in _FILLERS]
    return tuple(sorted({number for number in named if number is not None})) if None not in named else ()


def _weekday(word: str, _: Words) -> int | None:
    """Which weekday a word names: "Fri", "Thurs.", "Fridays"; None for anything else."""
    plain, names = word.rstrip("."), weekday_names(_)
    found = {
        number
        for name, number in names.items()
        if plain == name or (len(plain) > 2 and name.startswith(plain))
    }
    found |= {number for name, number in names.items() if plain == f"{name}s"}
    return found.pop() if len(found) == 1 else None
