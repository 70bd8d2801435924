"""Days and times as staff type them, on the team's clock."""

from datetime import UTC, date, datetime
from gettext import NullTranslations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.core.i18n import Words
from conversations.core.typed.dates import IN_THE_PAST, NOT_A_DAY, NOT_A_MOMENT, day_in, moment_in

LONDON = ZoneInfo("Europe/London")
WORDS = Words("en", "normal", NullTranslations(), LONDON)
POLISH = Words("pl", "normal", NullTranslations(), LONDON)
NOW = datetime(2026, 12, 1, 16, 30, tzinfo=UTC)  # a Tuesday, in winter: London keeps UTC
IN_SUMMER = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON)


@pytest.mark.parametrize(
    "text",
    [
        "20/12 16:00",
        "20.12. 16.00",
        "20/12/2026 16:00",
        "2026-12-20 16:00",
        "20 December 16:00",
        "20 dec 4pm",
        "20th of December, 4 pm",
        "Sunday 20 December, 16:00",
        "20 December 2026 at 16:00",
        "  20   DECEMBER  16:00 ",
    ],
)
def test_a_day_and_a_time_are_read_however_they_are_written(text):
    assert moment_in(text, NOW, WORDS) == local(2026, 12, 20, 16, 0)


def test_near_days_go_by_their_names():
    assert moment_in("tomorrow 9:05", NOW, WORDS) == local(2026, 12, 2, 9, 5)
    assert moment_in("today 18:00", NOW, WORDS) == local(2026, 12, 1, 18, 0)
    assert moment_in("18:00", NOW, WORDS) == local(2026, 12, 1, 18, 0)
    assert moment_in("friday 16:00", NOW, WORDS) == local(2026, 12, 4, 16, 0)
    assert moment_in("tuesday 17:00", NOW, WORDS) == local(2026, 12, 1, 17, 0)
    assert moment_in("tuesday 16:00", NOW, WORDS) == local(2026, 12, 8, 16, 0)


def test_months_and_weekdays_are_read_in_the_words_own_language_too():
    assert moment_in("20 grudnia 16:00", NOW, POLISH) == local(2026, 12, 20, 16, 0)
    assert moment_in("piątek 16:00", NOW, POLISH) == local(2026, 12, 4, 16, 0)
    assert moment_in("20 December 16:00", NOW, POLISH) == local(2026, 12, 20, 16, 0)


def test_in_december_a_day_of_january_is_the_next_one():
    assert moment_in("5 January 9:00", NOW, WORDS) == local(2027, 1, 5, 9, 0)


def test_a_past_time_is_refused():
    for text in ("1/12 16:00", "today 16:30", "20 November 16:00", "20/12/2025 16:00"):
        assert moment_in(text, NOW, WORDS) == IN_THE_PAST
    assert day_in("30 November", NOW, WORDS) == IN_THE_PAST


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "16",
        "20 December",
        "20.12",
        "31/2 16:00",
        "20 Smarch 16:00",
        "20/12 25:00",
        "13 pm",
        "1/1/9999 1:00",
    ],
)
def test_an_invalid_time_is_not_guessed(text):
    assert moment_in(text, NOW, WORDS) == NOT_A_MOMENT


def test_a_time_is_meant_on_the_teams_clock():
    assert moment_in("2 July 9:00", IN_SUMMER, WORDS) == datetime(2026, 7, 2, 8, 0, tzinfo=UTC)


def test_a_time_that_the_clocks_repeat_is_the_first_of_the_two():
    assert moment_in("25 October 01:30", IN_SUMMER, WORDS) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_time_that_the_clocks_skip_is_an_hour_later_by_the_new_time():
    moment = moment_in("28 March 2027 01:30", NOW, WORDS)
    assert moment == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert moment.astimezone(LONDON).hour == 2


def test_a_day_alone_is_read_today_or_later():
    assert day_in("31 March", NOW, WORDS) == date(2027, 3, 31)
    assert day_in("1/12", NOW, WORDS) == date(2026, 12, 1)
    assert day_in("tomorrow", NOW, WORDS) == date(2026, 12, 2)
    assert day_in("when we can", NOW, WORDS) == NOT_A_DAY


@given(st.text(alphabet="0123456789/.:- abcdemnoprstuvyAM٣²", max_size=24))
def test_whatever_is_typed_gives_a_time_to_come_or_a_reason(text):
    read = moment_in(text, NOW, WORDS)
    assert read in {IN_THE_PAST, NOT_A_MOMENT} or read > NOW
