"""A day more than half a year away is said with its year, and a day typed over a year ahead is asked about."""

import re
from datetime import UTC, date, datetime, timedelta
from gettext import NullTranslations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cli.play import open_now
from conversations.consultations.sample import BUSES
from conversations.core.i18n import Words
from tests.conversations.drafts import one, worker_with_draft

TODAY = date(2026, 12, 1)
ROOT = Path(__file__).parents[2]


def said(language):
    return Words(language, "normal", NullTranslations(), ZoneInfo("Europe/London"), TODAY)


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 12, 20), "Sunday 20 December"),
        (TODAY + timedelta(days=183), "Wednesday 2 June"),
        (TODAY - timedelta(days=183), "Monday 1 June"),
        (TODAY + timedelta(days=184), "Thursday 3 June 2027"),
        (TODAY - timedelta(days=184), "Sunday 31 May 2026"),
        (date(2028, 12, 20), "Wednesday 20 December 2028"),
    ],
)
def test_only_a_far_day_has_its_year(day, text):
    assert said("en").short_date(day) == text


def test_in_each_language_and_with_a_time():
    far = datetime(2028, 12, 20, 16, 0, tzinfo=UTC)
    assert said("pl").short_date(far) == "środa 20 grudnia 2028"
    assert "2028" in said("ar").short_date(far)
    assert said("en").date_time(far) == "Wednesday 20 December 2028, 16:00"


def test_who_does_not_know_the_day_says_the_year():
    words = Words("en", "normal", NullTranslations(), ZoneInfo("Europe/London"))
    assert words.short_date(TODAY) == "Tuesday 1 December 2026"


def test_days_are_said_in_one_place_only():
    rooms = ("bot", "conversations", "handlers", "storage")
    files = [file for room in rooms for file in (ROOT / room).rglob("*.py")]
    makes = re.compile(r"format_date\(|format_datetime\(|strftime\(\"%[^Y]")
    places = {str(file.relative_to(ROOT)) for file in files if makes.search(file.read_text("utf-8"))}
    # the second says a month with its year, above a column of a chart
    assert places == {"conversations/core/i18n.py", "conversations/followup/counts.py"}


async def test_a_young_person_reads_the_year_of_a_far_closing_and_answer(house):
    await house.run(
        lambda db: open_now(db, BUSES, closes_at=db.now + timedelta(days=400), reply_by=date(2028, 3, 1))
    )
    sam = house.person()
    await sam.joins()
    await sam.types("/say")
    assert "You'll get an answer by Wednesday 1 March 2028." in sam.sees
    assert "Open until Wednesday 5 January 2028." in sam.sees
    house.clock.on(days=300)
    await sam.types("/say")
    assert "You'll get an answer by Wednesday 1 March." in sam.sees


async def test_the_team_is_asked_about_a_year_once(house):
    worker = await worker_with_draft(house)
    before = (await one(house)).reply_by
    await worker.taps("Answer by…")
    says = await worker.types("20 December 2028")
    assert says[0].text == (
        "2028? That is over a year from now. If you mean 20 December 2028, send it again."
    )
    assert (await one(house)).reply_by == before
    await worker.types("20 December 2028")
    assert (await one(house)).reply_by == date(2028, 12, 20)


async def test_another_far_day_is_asked_about_anew_and_a_near_one_is_not(house):
    worker = await worker_with_draft(house)
    await worker.taps("Open until…")
    assert "2028?" in (await worker.types("20/12/2028"))[0].text
    assert "2029?" in (await worker.types("20/12/2029"))[0].text
    await worker.types("20 November 2027")
    assert (await one(house)).closes_at.date() == date(2027, 11, 20)


async def test_an_opening_is_asked_about_too(house):
    worker = await worker_with_draft(house)
    await worker.taps("Choose a time")
    assert "2028?" in (await worker.types("20 December 2028 16:00"))[0].text
    await worker.types("20 December 2028 16:00")
    await worker.taps("Until I close it")
    assert "Wednesday 20 December 2028, 16:00" in worker.sees


async def test_a_promised_day_is_asked_about_too(house):
    await house.run(lambda db: open_now(db, BUSES, reply_by=date(2026, 12, 20), state="closed"))
    decider = await house.staff("decider")
    for move in ("/promises", "1"):
        await decider.types(move)
    await decider.taps("Move the day")
    assert "2028?" in (await decider.types("15 January 2028"))[0].text
    await decider.types("15 January 2028")
    assert "The new day is Saturday 15 January 2028." in decider.sees


async def test_on_the_page_the_day_is_back_in_its_field(house):
    worker = await house.staff("worker", door="web")
    await worker.types("/news")
    await worker.taps("Write good news")
    await worker.types("A park")
    await worker.types("It opens on Friday.")
    await worker.taps("Choose a time")
    says = await worker.types("3 May 2028 16:00")
    assert "2028?" in says[0].text
    assert says[0].is_validation
