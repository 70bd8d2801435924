"""Heard was off at the moment of something scheduled: when it is back, it checks whether that still makes sense."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from bot.cli.play import open_now
from bot.scheduler.scheduler import tick
from conversations.consultations.sample import BUSES
from conversations.core.record import replace
from handlers import announcements
from storage.changes import register
from storage.outbox import outbox as queued
from storage.tables import broadcasts, news, outbox, outcomes, revisits
from tests.conversations.drafts import HUB, one, rows, three_young_people, worker_with_draft
from tests.house import as_text
from tests.sample_forms import publish


async def scheduled(house, form=HUB):
    """A worker whose consultation opens tomorrow at nine; three young people."""
    young = await three_young_people(house)
    worker = await worker_with_draft(house, form)
    await worker.taps("Choose a time")
    await worker.types("2 December 9:00")
    await worker.taps("Yes, send it")
    assert (await one(house)).state == "scheduled"
    return worker, young


async def off(house, **long):
    """Heard is off for so long, and then ticks."""
    house.clock.on(**long)
    await tick(house.runtime)


async def told(house, kind):
    """The messages of this kind, as they would be read now."""

    def build(db):
        found = db.run(select(outbox).where(outbox.c.kind == kind).order_by(outbox.c.id)).all()
        return [announcements.build(house.runtime, db, queued.message_of(db, row)) for row in found]

    return await house.run(build)


async def late_in_public(house):
    return (await house.run(register.register)).unanswered


async def test_off_until_after_the_closing_nobody_was_asked_and_it_is_a_draft_again(any_house):
    worker, _ = await scheduled(any_house)
    await off(any_house, days=25)  # past the closing and the promised answer
    assert (await one(any_house)).state == "draft"
    assert await rows(any_house, broadcasts) == []
    assert not any(
        say and "asked" in as_text(say) and "everybody" in as_text(say)
        for say in await told(any_house, "progress")
    )
    assert await late_in_public(any_house) == ()
    (say,) = await told(any_house, "unopened")
    assert "It didn't open: The new youth hub" in as_text(say)
    assert "It was to open on Wednesday 2 December, 09:00, but I was off then. Nobody was asked." in say.text
    await worker.types("/consult")
    await worker.taps("The new youth hub")
    assert "I was off then. Nobody was asked." in worker.sees


async def test_the_team_is_told_once_however_many_workers_tick(any_house):
    await scheduled(any_house)
    await off(any_house, days=25)
    await tick(any_house.runtime)
    assert len(await told(any_house, "unopened")) == 1


async def test_sent_again_with_new_days_it_opens(house):
    worker, _ = await scheduled(house)
    await off(house, days=25)
    await worker.types("/consult")
    await worker.taps("The new youth hub")
    await worker.taps("Send now")
    await worker.types("1 February")
    await worker.types("20 January")
    await worker.taps("Yes, send it")
    assert (await one(house)).state == "open"
    assert await told(house, "unopened") == [None]  # nothing is left to say


@pytest.mark.parametrize(
    ("form", "days", "state"),
    [
        (HUB, 2, "open"),  # a weekend late, with most of its time to come
        (HUB, 6, "draft"),  # most of its time is gone
        (replace(HUB, closes=None), 3, "open"),
        (replace(HUB, closes=None), 6, "draft"),  # long after
        (replace(HUB, closes=None, reply_by=date(2026, 12, 3)), 3, "draft"),  # its answer would be late
    ],
)
async def test_what_is_a_little_late_opens_and_what_is_no_use_does_not(house, form, days, state):
    await scheduled(house, form)
    await off(house, days=days)
    assert (await one(house)).state == state
    assert await late_in_public(house) == ()


async def answered_tomorrow(house):
    await house.run(lambda db: open_now(db, BUSES, reply_by=date(2026, 12, 20), state="closed"))
    decider = await house.staff("decider")
    await house.run(lambda db: publish(db, 1, 1, state="draft"))
    values = {
        "state": "scheduled",
        "publish_at": house.clock.now + timedelta(days=1),
        "zone": "Europe/London",
    }
    theirs = select(outcomes.c.id).scalar_subquery()
    await house.run(
        lambda db: db.run(update(outcomes).where(outcomes.c.id == theirs).values(**values, made_by=1))
    )
    return decider


@pytest.mark.parametrize(("days", "state"), [(2, "published"), (9, "draft")])
async def test_an_outcome_goes_out_after_a_weekend_and_waits_for_a_look_after_long(any_house, days, state):
    await answered_tomorrow(any_house)
    await off(any_house, days=days)
    (outcome,) = await rows(any_house, outcomes)
    assert outcome["state"] == state
    assert len(await told(any_house, "missed")) == (state == "draft")


async def test_old_news_is_a_draft_again_and_the_team_reads_why(any_house):
    worker = await any_house.staff("worker")
    for text in ("/news",):
        await worker.types(text)
    await worker.taps("Write good news")
    await worker.types("The skate park opens")
    await worker.types("You asked for it, and on Friday it opens.")
    await worker.taps("Choose a time")
    await worker.types("2 December 16:00")
    await worker.taps("Yes, send it")
    await off(any_house, days=9)
    (piece,) = await rows(any_house, news)
    assert piece["state"] == "draft"
    assert await rows(any_house, broadcasts) == []
    (say,) = await told(any_house, "unsent")
    assert "It was to go out on Wednesday 2 December, 16:00, but I was off then. Nobody was told." in say.text
    await worker.types("/news")
    await worker.taps("1")
    assert "I was off then. Nobody was told." in worker.sees


async def test_who_took_part_is_not_promised_a_day_that_has_passed(house):
    sam = house.person("somewhere", "web")
    await sam.joins()
    await house.run(
        lambda db: open_now(db, BUSES, closes_at=db.now + timedelta(days=2), reply_by=date(2026, 12, 10))
    )
    for move in ("/say", "Start", "Not very safe"):
        await (sam.types(move) if move.startswith("/") else sam.taps(move))
    await off(house, days=30)
    (say,) = await told(house, "status")
    assert "You'll get an answer by" not in say.text


async def test_people_get_their_time_again_if_heard_was_off_when_it_ended(any_house):
    await any_house.run(lambda db: open_now(db, BUSES, state="answered"))
    await any_house.run(lambda db: publish(db, 1, 1))
    (part,) = await any_house.run(lambda db: [1])
    asked = {"part_id": part, "round": 1, "state": "people", "asked_at": any_house.clock.now}
    due = any_house.clock.now + timedelta(days=28)
    await any_house.run(lambda db: db.run(revisits.insert().values(**asked, due=due)))
    await off(any_house, days=60)
    (round_,) = await rows(any_house, revisits)
    assert round_["state"] == "people"
    assert round_["due"] > any_house.clock.now + timedelta(days=20)
    await off(any_house, days=29)
    assert (await rows(any_house, revisits))[0]["state"] == "closed"


async def test_a_broadcast_that_reached_nobody_does_not_say_that_everybody_was_asked(house):
    worker = await worker_with_draft(house)
    await worker.taps("Send now")
    await worker.taps("Yes, send it")
    (say,) = await told(house, "progress")
    assert "The new youth hub: it reached nobody" in as_text(say)
