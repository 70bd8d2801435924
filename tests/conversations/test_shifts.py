"""Hours on the rota: what a lead may type, what they read, and when the hours last, also when the clocks change."""

from datetime import UTC, date, datetime, time

import pytest

from bot.config.catalogues import load_library
from conversations.safeguarding.shifts import NOT_HOURS, Hours, hours_in, hours_text
from tests.house import A_TUESDAY, LONDON

WORDS = load_library(LONDON).words("en", "normal")
POLISH = load_library(LONDON).words("pl", "normal")
EVENING, MORNING = time(18), time(8)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("Friday 18:00-08:00", "Friday, 18:00 to 08:00 the next day"),
        ("fridays 6pm to 8am", "Friday, 18:00 to 08:00 the next day"),
        ("Every Friday from 18:00 until 23:30", "Friday, 18:00 to 23:30"),
        ("Mon-Fri 18-8", "Monday, Tuesday, Wednesday, Thursday, and Friday, 18:00 to 08:00 the next day"),
        (
            "Monday to Friday 18:00 – 08:00",
            "Monday, Tuesday, Wednesday, Thursday, and Friday, 18:00 to 08:00 the next day",
        ),
        ("fri-mon 20.00-22.00", "Monday, Friday, Saturday, and Sunday, 20:00 to 22:00"),
        ("tues, thurs and sat 9:00-17:00", "Tuesday, Thursday, and Saturday, 09:00 to 17:00"),
        ("every day 21:00-08:00", "Every day, 21:00 to 08:00 the next day"),
        ("weekdays 09:00-17:00", "Monday, Tuesday, Wednesday, Thursday, and Friday, 09:00 to 17:00"),
        ("Weekend all day", "Saturday and Sunday, all day"),
        ("sunday 12:00-24:00", "Sunday, 12:00 to 24:00"),
        ("24 December 09:00-17:00", "24 December 2026, 09:00 to 17:00"),
        ("24/12 all day", "24 December 2026, all day"),
        ("Thursday 24 December 18:00-08:00", "24 December 2026, 18:00 to 08:00 the next day"),
        ("tomorrow 9-17", "2 December 2026, 09:00 to 17:00"),
    ],
)
def test_what_is_typed_plainly_is_understood(typed, understood):
    hours = hours_in(typed, A_TUESDAY, WORDS)
    assert isinstance(hours, Hours), hours
    assert hours_text(hours, WORDS) == understood


@pytest.mark.parametrize(
    "typed", ["", "Friday", "18:00-08:00", "Friday 25:00-08:00", "Friday 6-8pm", "Fri or so 1-2", "m 9-5"]
)
def test_what_is_unclear_is_asked_for_again(typed):
    assert isinstance(hours_in(typed, A_TUESDAY, WORDS), str)
    assert hours_in("nonsense", A_TUESDAY, WORDS) == NOT_HOURS


def test_a_day_that_has_passed_is_refused():
    assert "passed" in hours_in("2026-11-30 18:00-08:00", A_TUESDAY, WORDS)


@pytest.mark.parametrize(
    "typed", ["poniedziałek-piątek 18:00-08:00", "codziennie 18:00-08:00", "24 grudnia 09:00-17:00"]
)
def test_it_reads_polish(typed):
    assert isinstance(hours_in(typed, A_TUESDAY, POLISH), Hours)


def at(day: int, hour: int, minute: int = 0, month: int = 12, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "last"),
    [
        (at(4, 17, 59), False),
        (at(4, 18), True),
        (at(5, 0), True),
        (at(5, 7, 59), True),
        (at(5, 8), False),
        (at(5, 18), False),
        (at(3, 20), False),
    ],
)
def test_hours_past_midnight_belong_to_the_day_that_they_begin_on(moment, last):
    friday = Hours((4,), None, EVENING, MORNING)
    assert friday.last_at(moment, LONDON) is last
    assert Hours((), date(2026, 12, 4), EVENING, MORNING).last_at(moment, LONDON) is last


def test_from_a_time_to_the_same_time_is_a_whole_day():
    sunday = Hours((6,), None, time(), time())
    assert [sunday.last_at(moment, LONDON) for moment in (at(5, 23, 59), at(6, 0), at(6, 23, 59), at(7, 0))] == [
        False, True, True, False
    ]  # fmt: skip


# The clocks go forward at 01:00 UTC on 28 March 2027, and back at 01:00 UTC on 25 October 2026.
FIRST, SECOND = Hours((5, 6), None, time(22), time(1, 30)), Hours((6,), None, time(1, 30), time(8))


@pytest.mark.parametrize(("day", "month", "year"), [(28, 3, 2027), (25, 10, 2026)])
def test_when_the_clocks_change_one_follows_the_other_without_a_hole(day, month, year):
    minutes = [at(day, hour, minute, month, year) for hour in range(8) for minute in range(0, 60, 5)]
    night = [moment for moment in minutes if moment.astimezone(LONDON).hour < 8]
    assert all(FIRST.last_at(moment, LONDON) or SECOND.last_at(moment, LONDON) for moment in night)


def test_a_half_past_one_that_is_skipped_is_when_the_clocks_go_forward():
    before, after = at(28, 0, 59, 3, 2027), at(28, 1, 0, 3, 2027)
    assert [hours.last_at(before, LONDON) for hours in (FIRST, SECOND)] == [True, False]
    assert [hours.last_at(after, LONDON) for hours in (FIRST, SECOND)] == [False, True]


def test_where_half_past_one_comes_twice_both_are_on_in_between():
    expected = {(0, 29): (True, False), (0, 30): (True, True), (1, 29): (True, True), (1, 30): (False, True)}
    for (hour, minute), on in expected.items():
        moment = at(25, hour, minute, 10)
        assert tuple(hours.last_at(moment, LONDON) for hours in (FIRST, SECOND)) == on, (hour, minute)


def test_a_hole_on_that_night_is_a_hole():
    until_one, from_three = Hours((5,), None, time(22), time(1)), Hours((6,), None, time(3), time(8))
    moment = at(25, 1, 30, 10)  # the second half past one
    assert not until_one.last_at(moment, LONDON)
    assert not from_three.last_at(moment, LONDON)
