"""Broadcasts: every recipient once, only those concerned; and their progress."""

import asyncio

import pytest
from sqlalchemy import func, insert, select, update

from conversations.core.channels import TELEGRAM
from conversations.core.messages import Session
from conversations.outcomes.outcome import Subject
from storage.broadcasts import progress as broadcast_progress
from storage.consultations.recipients import INVITATION_RECIPIENTS
from storage.outbox import broadcasts, dispatching
from storage.outbox import outbox as messages
from storage.outbox.dispatching import Settlement
from storage.outcomes.recipients import OUTCOME_RECIPIENTS, of_subject
from storage.tables import broadcasts as table
from storage.tables import doors, outbox, taking_part
from storage.tables import people as people_table
from tests.crowd import add_crowd, open_hub

pytestmark = pytest.mark.also_on_postgres


async def queued(house):
    """The ids of people with a queued message, in the order of queueing."""
    query = select(doors.c.person_id).join(outbox, outbox.c.door_id == doors.c.id).order_by(outbox.c.id)
    return await house.run(lambda db: list(db.run(query.where(outbox.c.lane == "broadcast")).scalars()))


async def told(house, many, piece=broadcasts.PIECE):
    number = await house.run(open_hub)
    crowd = await house.run(lambda db: add_crowd(db, many, consultation=number))
    outcome = await house.run(lambda db: an_outcome(db, number))
    return number, crowd, outcome


def an_outcome(db, number):
    from storage.tables import outcomes as outcomes_table

    values = {"consultation_id": number, "state": "published", "language": "en"}
    values |= {"made_at": db.now, "published_at": db.now}
    return db.run(insert(outcomes_table).values(**values)).inserted_primary_key[0]


async def test_five_thousand_recipients_are_queued_in_resumable_batches(any_house):
    _number, crowd, outcome = await told(any_house, 5000)
    assert await any_house.run(lambda db: broadcasts.begin(db, OUTCOME_RECIPIENTS, outcome, db.now, None))
    assert await queued(any_house) == crowd[: broadcasts.PIECE]
    broadcast = (await any_house.run(broadcasts.unfinished)).popitem()[0]
    with pytest.raises(RuntimeError):
        await any_house.run(lambda db: interrupted(db, broadcast))
    while await any_house.run(lambda db: broadcasts.fan_out(db, OUTCOME_RECIPIENTS, broadcast)):
        pass
    assert await queued(any_house) == crowd
    assert await any_house.run(broadcasts.unfinished) == {}
    assert not await any_house.run(lambda db: broadcasts.fan_out(db, OUTCOME_RECIPIENTS, broadcast))


def interrupted(db, broadcast):
    assert broadcasts.fan_out(db, OUTCOME_RECIPIENTS, broadcast)
    raise RuntimeError("the lights went out before the commit")


async def test_two_workers_at_one_fan_out_queue_everybody_once(any_house):
    _number, crowd, outcome = await told(any_house, 1200)
    await any_house.run(lambda db: broadcasts.begin(db, OUTCOME_RECIPIENTS, outcome, db.now, None))
    broadcast = (await any_house.run(broadcasts.unfinished)).popitem()[0]
    one = any_house.run(lambda db: broadcasts.fan_out(db, OUTCOME_RECIPIENTS, broadcast, piece=100))
    other = any_house.run(lambda db: broadcasts.fan_out(db, OUTCOME_RECIPIENTS, broadcast, piece=100))
    await asyncio.gather(one, other)
    assert await queued(any_house) == crowd[:700]


async def test_begun_twice_it_tells_once(any_house):
    _number, crowd, outcome = await told(any_house, 3)
    assert await any_house.run(lambda db: broadcasts.begin(db, OUTCOME_RECIPIENTS, outcome, db.now, None))
    assert not await any_house.run(lambda db: broadcasts.begin(db, OUTCOME_RECIPIENTS, outcome, db.now, None))
    assert await queued(any_house) == crowd


async def test_an_outcome_goes_to_those_who_took_part_and_can_be_reached(any_house):
    number, crowd, outcome = await told(any_house, 6)
    await any_house.run(lambda db: add_crowd(db, 2, first=5000))
    stopped, blocked, disagreed, page = crowd[:4]

    def change(db):
        person = people_table.c.id
        db.run(update(people_table).where(person == stopped).values(stopped_at=db.now))
        db.run(update(doors).where(doors.c.person_id == blocked).values(reachable=False))
        db.run(update(people_table).where(person == disagreed).values(agreed_at=None))
        db.run(update(doors).where(doors.c.person_id == page).values(kind="web"))

    await any_house.run(change)
    assert (
        await any_house.run(
            lambda db: broadcasts.count_recipients(db, of_subject(Subject("consultation", number)))
        )
        == 3
    )
    await any_house.run(lambda db: broadcasts.begin(db, OUTCOME_RECIPIENTS, outcome, db.now, None))
    assert await queued(any_house) == [page, *crowd[4:]]


async def test_an_invitation_goes_to_those_whose_age_it_fits_and_who_want_it(any_house):
    number = await any_house.run(lambda db: open_hub(db, bands=["16-17"]))
    crowd = await any_house.run(lambda db: add_crowd(db, 5))
    older, mine, took_part = crowd[:3]

    def change(db):
        person = people_table.c.id
        db.run(update(people_table).where(person == older).values(band="18-25"))
        db.run(update(people_table).where(person == mine).values(frequency="mine"))
        part = {"person_id": took_part, "consultation_id": number, "started_at": db.now}
        db.run(taking_part.insert().values(**part))

    await any_house.run(change)
    assert (
        await any_house.run(lambda db: broadcasts.count_recipients(db, INVITATION_RECIPIENTS.who(db, number)))
        == 2
    )
    await any_house.run(lambda db: broadcasts.begin(db, INVITATION_RECIPIENTS, number, db.now, None))
    assert await queued(any_house) == crowd[3:]


async def test_progress_counts_people_by_the_result_of_their_message(any_house):
    _number, _crowd, outcome = await told(any_house, 7)
    await any_house.run(lambda db: db.run(update(doors).where(doors.c.id == 7).values(kind="web")))
    await any_house.run(lambda db: broadcasts.begin(db, OUTCOME_RECIPIENTS, outcome, db.now, None))
    any_house.clock.on(seconds=10)
    messages = await any_house.run(lambda db: dispatching.claim(db, TELEGRAM, ("broadcast",), 5))
    fates = ("sent", "sent", "failed", "unreachable", "unknown")
    done = [Settlement(message.id, fate) for message, fate in zip(messages, fates, strict=True)]
    await any_house.run(lambda db: dispatching.settle(db, done))
    progress = await any_house.run(how_far)
    counted = (progress.sent, progress.failed, progress.unreachable, progress.unknown)
    assert counted == (2, 1, 1, 1)
    assert (progress.waiting, progress.on_pages, progress.everybody) == (1, 1, 7)
    assert progress.a_second == pytest.approx(0.2)
    assert progress.goes_on is None


async def test_a_person_who_opens_their_page_is_followed_for_an_hour(any_house):
    _number, _crowd, outcome = await told(any_house, 1)
    await any_house.run(lambda db: db.run(update(doors).where(doors.c.id == 1).values(kind="web")))
    await any_house.run(lambda db: broadcasts.begin(db, OUTCOME_RECIPIENTS, outcome, db.now, None))
    while await any_house.run(lambda db: broadcasts.fan_out(db, OUTCOME_RECIPIENTS, 1)):
        pass
    for minutes, going_on in ((0, True), (59, True), (1, False)):
        any_house.clock.on(minutes=minutes)
        assert await any_house.run(lambda db: messages.is_running(db, 1)) is going_on


def how_far(db):
    return broadcast_progress.how_far(db, None, Session("", 0, {"broadcast": 1})).progress


async def test_in_quiet_hours_it_says_when_the_rest_is_sent(any_house):
    any_house.clock.on(hours=6)
    _number, _crowd, outcome = await told(any_house, 2)
    await any_house.run(lambda db: broadcasts.begin(db, OUTCOME_RECIPIENTS, outcome, db.now, None))
    progress = await any_house.run(how_far)
    assert progress.waiting == 2
    assert progress.goes_on.hour == 8


async def test_the_worker_who_sent_it_gets_one_progress_message(any_house):
    _number, crowd, outcome = await told(any_house, 2)
    await any_house.run(lambda db: broadcasts.begin(db, OUTCOME_RECIPIENTS, outcome, db.now, crowd[0]))
    ((message, address),) = await any_house.run(lambda db: dispatching.claim_progress(db, TELEGRAM))
    assert (message.kind, message.about, message.replaces, address) == ("progress", 1, None, "1000")
    assert await any_house.run(lambda db: dispatching.claim_progress(db, TELEGRAM)) == ()
    await any_house.run(lambda db: dispatching.note_progress(db, message, "55", last=False))
    any_house.clock.on(seconds=3)
    ((again, _address),) = await any_house.run(lambda db: dispatching.claim_progress(db, TELEGRAM))
    assert (again.id, again.replaces) == (message.id, "55")
    await any_house.run(lambda db: dispatching.note_progress(db, again, "55", last=True))
    any_house.clock.on(seconds=9)
    assert await any_house.run(lambda db: dispatching.claim_progress(db, TELEGRAM)) == ()
    assert await any_house.run(lambda db: db.run(select(func.count()).select_from(table)).scalar()) == 1
