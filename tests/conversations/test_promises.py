"""The rules of promises: reminders, what is overdue, and what counts as a reason."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from conversations.core.config import QuietHours
from conversations.outcomes.outcome import About, Subject
from conversations.promises.promise import (
    Promise,
    PromiseRef,
    latest_reminder,
    next_reminder,
    overdue,
    reason_in,
    soonest_first,
)
from tests.house import sample_rules

RULES = sample_rules()
DUE = date(2026, 12, 20)


def at(month, day, hour=9, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def promise(due, number=1):
    about = About(Subject("consultation", number), {"en": "Buses"})
    return Promise(PromiseRef("consultation", number), about, due)


def test_somebody_is_reminded_three_days_before_on_the_day_and_weekly_after():
    now, moments = at(12, 1), []
    for _ in range(5):
        now = next_reminder(DUE, now, RULES)
        moments.append((now, latest_reminder(DUE, now, RULES)))
    assert moments == [
        (at(12, 17), "soon"),
        (at(12, 20), "today"),
        (at(12, 27), "late1"),
        (datetime(2027, 1, 3, 9, tzinfo=UTC), "late2"),
        (datetime(2027, 1, 10, 9, tzinfo=UTC), "late3"),
    ]


def test_after_a_long_sleep_it_is_the_latest_one_only():
    woke = datetime(2027, 1, 6, 15, tzinfo=UTC)
    assert latest_reminder(DUE, woke, RULES) == "late2"
    assert next_reminder(DUE, woke, RULES) == datetime(2027, 1, 10, 9, tzinfo=UTC)
    assert latest_reminder(DUE, at(12, 17, 8, 59), RULES) is None


def test_it_stays_nine_in_the_morning_when_the_clocks_change_and_waits_for_the_end_of_quiet_hours():
    spring = date(2026, 3, 30)  # the clocks go forward on the 29th
    assert next_reminder(spring, at(3, 20), RULES) == at(3, 27, 9)
    assert next_reminder(spring, at(3, 28), RULES) == at(3, 30, 8)
    sleepy = sample_rules(quiet=QuietHours(time(21), time(11)), zone=ZoneInfo("Europe/Warsaw"))
    assert next_reminder(DUE, at(12, 1), sleepy) == at(12, 17, 10)


def test_a_promise_is_overdue_from_the_day_after_and_the_soonest_comes_first():
    those = (promise(date(2026, 12, 21), 1), promise(DUE, 2), promise(date(2026, 12, 1), 3))
    assert [one.of.id for one in soonest_first(those)] == [3, 2, 1]
    assert [one.of.id for one in overdue(those, DUE)] == [3]
    assert [one.of.id for one in overdue(those, date(2026, 12, 21))] == [2, 3]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "no",
        "-",
        "…",
        "Reason: reason",
        "because",
        "delayed",
        "It is late because of delays",
        "n/a",
        "TBC",
        "powód",
    ],
)
def test_an_empty_phrase_is_no_reason(text):
    assert reason_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "There is no money until April",
        "Highways have no lamps",
        "Brak pieniędzy do kwietnia",
        "ننتظر رد قسم الطرق",
        "The councillor\nis ill",
    ],
)
def test_a_meaningful_text_is_a_reason_in_one_line(text):
    assert reason_in(text) == " ".join(text.split())
