"""Outcomes: refused while incomplete, published once, changeable until then."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from conversations.outcomes import effects
from conversations.outcomes.effects import SetPicture, WriteVariant
from conversations.outcomes.outcome import Spot
from storage.outcomes import publishing
from storage.tables import audit, consultations, outbox, roles
from storage.tables import outcomes as table
from tests.storage.deciding import (
    A_CANT,
    A_DID,
    about,
    begin,
    decided,
    does,
    draft,
    publish,
    queued,
    refused,
    written,
)

pytestmark = pytest.mark.also_on_postgres


@pytest.fixture
async def number(any_house):
    return await any_house.run(begin)


async def test_a_draft_is_written_field_by_field_and_read_again(any_house, number):
    await does(any_house, *written(number, **A_DID))
    await does(any_house, *written(number, place=1, **A_CANT), decided(number, "the youth committee"))
    found = await draft(any_house, number)
    first, second = found.outcome.parts
    assert [part.what for part in (first, second)] == [
        {"en": "chose the old library"},
        {"en": "open at night"},
    ]
    assert (found.stage, found.outcome.who, found.people) == ("draft", {"en": "the youth committee"}, 3)
    assert (first.question, second.question) == ("visit", "")
    assert first.id != second.id
    await does(any_house, effects.DropPart(about(number), 0))
    assert [part.place for part in (await draft(any_house, number)).outcome.parts] == [1]


async def test_a_cant_without_its_because_is_refused_by_the_effect_handler_too(any_house, number):
    await does(any_house, *written(number, **A_CANT), decided(number, "the youth committee"))
    assert "because" in await refused(any_house, publish(number))
    assert await queued(any_house) == 0
    await does(any_house, *written(number, because="nobody may work there then"), publish(number))
    assert await queued(any_house) == 3


async def test_a_new_decision_clears_fields_that_it_does_not_have(any_house, number):
    await does(any_house, *written(number, **A_CANT, because="no money"))
    await does(any_house, *written(number, decision="will", owner="Libraries", due=date(2027, 3, 31)))
    part = (await draft(any_house, number)).outcome.parts[0]
    assert (part.because, part.owner, part.due) == ({}, {"en": "Libraries"}, date(2027, 3, 31))
    await does(any_house, *written(number, decision="did"))
    part = (await draft(any_house, number)).outcome.parts[0]
    assert (part.owner, part.due) == ({}, None)


@pytest.mark.parametrize(
    ("lacking", "why"),
    [
        ("we_heard", "Part 2 isn't finished."),
        ("question", "Part 2 isn't finished."),
        ("owner", "Part 2 doesn't say who will do it."),
        ("due", "Part 2 doesn't say by when."),
    ],
)
async def test_a_part_that_is_not_whole_is_refused_by_its_number(any_house, number, lacking, why):
    fields = {**A_DID, "decision": "will", "owner": "Libraries", "due": date(2027, 3, 31)}
    del fields[lacking]
    await does(any_house, *written(number, **A_DID), *written(number, 1, **fields), decided(number))
    assert why in await refused(any_house, publish(number))


async def test_a_day_that_has_passed_is_refused_when_it_is_written_and_when_it_goes_out(any_house, number):
    today = any_house.clock.now.date()
    will = {**A_DID, "decision": "will", "owner": "Libraries"}
    await does(any_house, *written(number, **will), decided(number))
    assert "Part 1" in await refused(any_house, *written(number, due=today - timedelta(days=1)))
    await does(any_house, *written(number, due=today + timedelta(days=3)))
    later = any_house.clock.now + timedelta(days=5)
    assert "Part 1: its day would have passed" in await refused(any_house, publish(number, later))
    any_house.clock.on(days=4)
    assert "Part 1: its day would have passed" in await refused(any_house, publish(number))
    assert await queued(any_house) == 0
    await does(any_house, *written(number, due=any_house.clock.now.date()), publish(number))
    assert await queued(any_house) == 3


async def test_nothing_and_nobody_deciding_are_refused(any_house, number):
    assert "nothing to send" in await refused(any_house, publish(number))
    await does(any_house, *written(number, **A_DID))
    assert "who decided" in await refused(any_house, publish(number))


async def test_what_is_too_long_is_refused(any_house, number):
    assert "too long" in await refused(any_house, *written(number, you_said="x" * 501))
    for place in range(3):
        long = {**A_DID, "you_said": "x" * 500, "we_heard": "x" * 500, "what": "x" * 500}
        await does(any_house, *written(number, place=place, **long))
    await does(any_house, decided(number))
    assert "too long" in await refused(any_house, publish(number))


async def test_a_second_publish_sends_nothing(any_house, number):
    await does(any_house, *written(number, **A_DID), decided(number), publish(number))
    first = await any_house.run(lambda db: db.run(select(table.c.published_at)).scalar())
    any_house.clock.on(minutes=1)
    await does(any_house, publish(number), person=2)
    assert await queued(any_house) == 3
    assert await any_house.run(lambda db: db.run(select(table.c.published_at)).scalar()) == first
    assert await any_house.run(lambda db: db.run(select(consultations.c.state)).scalar()) == "answered"


async def test_two_deciders_who_send_at_once_send_once(any_house, number):
    await does(any_house, *written(number, **A_DID), decided(number))
    both = [does(any_house, publish(number), person=person) for person in (1, 2)]
    await asyncio.gather(*both)
    assert await queued(any_house) == 3
    sent = select(func.count()).where(audit.c.did == "outcome.published")
    assert await any_house.run(lambda db: db.run(sent).scalar()) == 1


async def test_somebody_who_is_no_decider_any_more_cannot_publish(any_house, number):
    await does(any_house, *written(number, **A_DID), decided(number))
    await any_house.run(lambda db: db.run(roles.delete().where(roles.c.person_id == 1)))
    assert "any more" in await refused(any_house, publish(number))
    assert await queued(any_house) == 0


async def test_a_published_outcome_is_not_changed(any_house, number):
    await does(any_house, *written(number, **A_DID), decided(number), publish(number))
    for effect in (
        *written(number, what="something else"),
        effects.DropPart(about(number), 0),
        decided(number, "me"),
        WriteVariant(about(number), Spot(None, "who"), "pl", "my"),
        SetPicture(about(number), b"x"),
    ):
        assert "been answered already" in await refused(any_house, effect)
    assert "gone out already" in await refused(any_house, effects.CancelOutcome(about(number)))


# --- scheduled ------------------------------------------------------------------------------------


async def test_at_its_time_it_is_published_once_however_many_workers_tick(any_house, number):
    at = any_house.clock.now + timedelta(hours=20)
    await does(any_house, *written(number, **A_DID), decided(number), publish(number, at))
    any_house.clock.now = at - timedelta(seconds=1)
    assert await any_house.run(publishing.publish_due) == 0
    any_house.clock.now = at
    assert sorted(await asyncio.gather(*(any_house.run(publishing.publish_due) for _ in range(3)))) == [
        0,
        0,
        1,
    ]
    assert await queued(any_house) == 3
    assert (await draft(any_house, number)).stage == "published"


async def test_a_time_can_be_changed_and_cancelled_until_it_is_sent(any_house, number):
    at = any_house.clock.now + timedelta(hours=20)
    await does(any_house, *written(number, **A_DID), decided(number), publish(number, at))
    assert "set to go out already" in await refused(any_house, *written(number, what="something else"))
    await does(any_house, publish(number, at + timedelta(days=1)), person=2)
    any_house.clock.now = at
    assert await any_house.run(publishing.publish_due) == 0
    await does(any_house, effects.CancelOutcome(about(number)))
    any_house.clock.on(days=2)
    assert await any_house.run(publishing.publish_due) == 0
    assert (await draft(any_house, number)).stage == "draft"
    await does(any_house, publish(number))
    assert await queued(any_house) == 3


async def test_a_time_that_has_passed_is_refused(any_house, number):
    await does(any_house, *written(number, **A_DID), decided(number))
    assert "passed" in await refused(any_house, publish(number, any_house.clock.now))


async def test_across_the_october_clock_change_it_is_sent_at_the_chosen_hour(any_house, number):
    any_house.clock.now = datetime(2026, 10, 23, 12, 0, tzinfo=UTC)
    sunday_nine = datetime(2026, 10, 25, 9, 0, tzinfo=UTC)  # 09:00 in London too, after the change that night
    await does(any_house, *written(number, **A_DID), decided(number), publish(number, sunday_nine))
    any_house.clock.now = datetime(2026, 10, 25, 8, 59, 59, tzinfo=UTC)
    assert await any_house.run(publishing.publish_due) == 0
    any_house.clock.now = sunday_nine
    assert await any_house.run(publishing.publish_due) == 1
    due = await any_house.run(
        lambda db: set(db.run(select(outbox.c.due).where(outbox.c.kind == "outcome")).scalars())
    )
    assert due == {sunday_nine}


@pytest.mark.parametrize(
    ("at", "leaves"),
    [
        (
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            datetime(2026, 10, 25, 8, 0, tzinfo=UTC),
        ),  # the first 01:30
        (
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
            datetime(2026, 10, 25, 8, 0, tzinfo=UTC),
        ),  # the second 01:30
        (
            datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
            datetime(2026, 3, 29, 7, 0, tzinfo=UTC),
        ),  # 08:00 is 07:00 UTC
    ],
)
async def test_a_night_that_changes_the_clock_ends_at_eight_by_the_new_time(any_house, number, at, leaves):
    any_house.clock.now = at - timedelta(days=2)
    await does(any_house, *written(number, **A_DID), decided(number), publish(number, at))
    any_house.clock.now = at
    assert await any_house.run(publishing.publish_due) == 1
    due = await any_house.run(
        lambda db: set(db.run(select(outbox.c.due).where(outbox.c.kind == "outcome")).scalars())
    )
    assert due == {leaves}
