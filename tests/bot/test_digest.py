"""Digests: messages due together for one person are sent as one; each piece arrives once, whatever happens."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from conversations.broadcasts.effects import SendAgain
from conversations.broadcasts.messages import MESSAGE_KINDS
from conversations.core.messages import Session
from conversations.core.record import replace
from conversations.people.effects import SetFrequency
from handlers.transport import Blocked, FateUnknown, NotSent
from storage.broadcasts import progress as broadcast_progress
from storage.consultations.recipients import INVITATION_RECIPIENTS
from storage.core.dispatch import dispatch
from storage.outbox import broadcasts
from storage.people import people
from storage.registry import HANDLERS
from storage.tables import consultations, roles
from storage.tables import outbox as table
from storage.tables import people as people_table
from tests.bot.couriers import courier, killed, settled, states
from tests.bot.post import TestPost
from tests.crowd import add_crowd, open_hub
from tests.waiting import until

pytestmark = [pytest.mark.usefixtures("in_a_hurry"), pytest.mark.also_on_postgres]

FRIDAY = datetime(2026, 12, 4, 16, 0, tzinfo=UTC)  # the house's clock is at the Tuesday before


async def told_of(house, *codes, many=1):
    """This many people, with messages waiting about one open consultation for each code."""

    def work(db):
        ids = add_crowd(db, many)
        for code in codes:
            broadcasts.begin(db, INVITATION_RECIPIENTS, open_hub(db, code), db.now, None)
        return ids

    return await house.run(work)


async def how_far(house, broadcast):
    session = Session("", 0, {"broadcast": broadcast})
    return (await house.run(lambda db: broadcast_progress.how_far(db, None, session))).progress


async def wants(house, person, frequency):
    def work(db):
        door = people.last_door_of(db, person)
        dispatch(db, door, [SetFrequency(frequency)], HANDLERS)

    await house.run(work)


def pieces(post, address="1000"):
    """The number of pieces in each message that arrived there."""
    return [text.count("Who decides:") for text in post.texts(address)]


async def test_messages_held_overnight_come_as_one_and_count_for_each(any_house):
    any_house.clock.on(hours=6)
    await told_of(any_house, "one", "two", "three", many=2)
    any_house.clock.on(hours=12)
    post = TestPost()
    async with courier(any_house, post):
        await settled(any_house, 6)
    assert (pieces(post), pieces(post, "1001")) == ([3], [3])
    say = post.arrived[0].say
    assert say.heading == "3 things for you"
    assert say.text.startswith("1. Something new is open: The new youth hub")
    assert [[choice.key for choice in row] for row in say.rows] == [
        ["/say 1", "/say 2", "/say 3"],
        ["/settings"],
    ]
    assert [(await how_far(any_house, number)).sent for number in (1, 2, 3)] == [2, 2, 2]


async def test_weekly_readers_get_everything_on_friday_and_others_at_once(any_house):
    weekly, _now = await told_of(any_house, many=2)
    await wants(any_house, weekly, "weekly")
    for code in ("one", "two"):
        await any_house.run(
            lambda db, code=code: broadcasts.begin(
                db, INVITATION_RECIPIENTS, open_hub(db, code), db.now, None
            )
        )
        any_house.clock.on(hours=1)
    post = TestPost()
    async with courier(any_house, post):
        await until(lambda: sum(pieces(post, "1001")) == 2)
        await asyncio.sleep(0.1)
    assert pieces(post) == []
    progress = await how_far(any_house, 1)
    assert (progress.sent, progress.waiting, progress.weekly, progress.everybody) == (1, 0, 1, 2)
    any_house.clock.now = FRIDAY
    async with courier(any_house, post):
        await settled(any_house, 4)
    assert pieces(post) == [2]


async def test_an_invitation_that_closes_before_friday_does_not_wait_for_it(house):
    (weekly,) = await told_of(house, many=1)
    await wants(house, weekly, "weekly")
    closes = datetime(2026, 12, 3, tzinfo=UTC)
    await house.run(
        lambda db: broadcasts.begin(db, INVITATION_RECIPIENTS, open_hub(db, closes_at=closes), db.now, None)
    )
    assert await house.run(lambda db: db.run(select(table.c.due)).scalar()) == house.clock.now


async def test_switching_from_weekly_to_immediate_sends_what_waited_for_friday(house):
    (person,) = await told_of(house, many=1)
    await wants(house, person, "weekly")
    await house.run(lambda db: broadcasts.begin(db, INVITATION_RECIPIENTS, open_hub(db), db.now, None))
    await wants(house, person, "now")
    post = TestPost()
    async with courier(house, post):
        await settled(house, 1)
    assert pieces(post) == [1]


async def test_killed_while_it_is_sent_all_of_it_is_unknown_and_only_a_person_sends_it_again(house):
    post = TestPost(seconds=100)
    await told_of(house, "one", "two")
    (worker,) = await house.run(lambda db: add_crowd(db, 1, first=2000))
    async with courier(house, post) as working:
        await until(lambda: post.asked)
        assert await states(house) == ["sending", "sending"]
        await killed(working)
    post.seconds = 0
    async with courier(house, post):
        await settled(house, 2)
        await asyncio.sleep(0.05)
        assert await states(house) == ["unknown", "unknown"]
        assert post.asked == ["1000"]
        await house.run(lambda db: db.run(roles.insert().values(person_id=worker, role="worker", at=db.now)))
        await house.run(lambda db: dispatch(db, people.last_door_of(db, worker), [SendAgain(2)], HANDLERS))
        await until(lambda: post.asked.count("1000") == 2)
    assert pieces(post) == [1]
    assert [(await how_far(house, number)).unknown for number in (1, 2)] == [1, 0]


async def test_killed_between_claim_and_send_it_is_sent_once(house):
    """Nothing may be sent: the message is claimed, and no more."""
    post = TestPost()
    await told_of(house, "one", "two")
    async with courier(house, post) as working:
        working._gate.pause()
        await until(lambda: _are(house, ["taken", "waiting"]))
        await killed(working)
    async with courier(house, post):
        await settled(house, 2)
    assert pieces(post) == [2]


async def _are(house, wanted):
    return await states(house) == wanted


async def test_a_digest_that_was_surely_not_sent_is_retried_as_a_whole(house):
    post = TestPost()
    post.faults["1000"] = [NotSent(), NotSent()]
    await told_of(house, "one", "two", "three")
    async with courier(house, post):
        await settled(house, 3)
    assert pieces(post) == [3]
    assert set(await states(house)) == {"sent"}


@pytest.mark.parametrize(("fault", "state"), [(Blocked(), "unreachable"), (FateUnknown(), "unknown")])
async def test_every_piece_of_a_digest_gets_the_result_of_the_message(house, fault, state):
    post = TestPost()
    post.faults["1000"] = [fault]
    await told_of(house, "one", "two")
    async with courier(house, post):
        await settled(house, 2)
    assert await states(house) == [state, state]


@pytest.mark.parametrize("closed", [1, 2])
async def test_a_piece_that_has_nothing_to_say_any_more_is_left_out(house, closed):
    post = TestPost()
    await told_of(house, "one", "two", "three")
    this = consultations.c.id == closed
    await house.run(lambda db: db.run(update(consultations).where(this).values(state="closed")))
    async with courier(house, post):
        await settled(house, 2)
    assert pieces(post) == [2]


async def test_a_piece_that_cannot_be_put_into_words_fails_alone(house, monkeypatch):
    real = MESSAGE_KINDS["consultation"]

    def build(session, facts):
        if session.notes["consultation"] == 2:
            raise KeyError("words")
        return real.build(session, facts)

    monkeypatch.setitem(MESSAGE_KINDS, "consultation", replace(real, build=build))
    post = TestPost()
    await told_of(house, "one", "two", "three")
    async with courier(house, post):
        await settled(house, 3)
    assert await states(house) == ["sent", "failed", "sent"]
    assert pieces(post) == [2]


async def test_two_couriers_and_a_stop_in_the_middle_tell_everybody_each_thing_once(any_house):
    post = TestPost(seconds=0.005)
    await told_of(any_house, "one", "two", "three", many=20)
    async with courier(any_house, post, rate=100), courier(any_house, post, rate=100, worker="two"):
        await until(lambda: len(post.arrived) > 5)
    async with courier(any_house, post), courier(any_house, post, worker="two"):
        await until(lambda: _are(any_house, ["sent"] * 60))
    assert {address: sum(pieces(post, address)) for address in {one.address for one in post.arrived}} == {
        str(1000 + n): 3 for n in range(20)
    }
    assert len(post.arrived) < 40


async def test_people_who_opted_out_get_none_of_it(house):
    (person,) = await told_of(house, "one", "two")
    this = people_table.c.id == person
    await house.run(lambda db: db.run(update(people_table).where(this).values(stopped_at=db.now)))
    post = TestPost()
    async with courier(house, post):
        await until(lambda: _are(house, []))
    assert post.asked == []
