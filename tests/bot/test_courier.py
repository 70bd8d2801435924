"""The courier with a transport that fails in every way: it resends what it may, and nothing else."""

import asyncio
import threading
from collections import Counter

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

import bot.courier.courier
import bot.courier.delivery
from bot.courier.delivery import Delivery
from conversations.broadcasts.messages import MESSAGE_KINDS
from conversations.core.channels import TELEGRAM
from conversations.core.record import replace
from conversations.safeguarding.messages import ALERT
from handlers.transport import Blocked, FateUnknown, MessageRejected, NotSent, RetryAfter, TokenRevoked
from storage.outbox import heartbeats, outbox
from storage.people import people
from storage.tables import doors, roles
from storage.tables import outbox as table
from tests.bot.couriers import courier, settled, states, told, types
from tests.bot.post import TestPost
from tests.crowd import add_crowd
from tests.waiting import until

pytestmark = [pytest.mark.usefixtures("in_a_hurry"), pytest.mark.also_on_postgres]


class OfOneThread(dict):
    """Fails each time that another thread iterates it, where a real dict fails now and then."""

    def __iter__(self):
        assert threading.current_thread() is threading.main_thread()
        return super().__iter__()


# --- without faults -------------------------------------------------------------------------------


async def test_a_reply_arrives_and_its_words_are_blanked(house):
    post = TestPost()
    async with courier(house, post):
        await types(house, "55")
        await settled(house, 1)
    assert "I'm Heard" in post.texts("55")[0]
    row = await house.run(lambda db: db.run(select(table)).one())
    assert (row.state, row.message, row.sealed) == ("sent", "101", None)


async def test_a_chat_gets_its_replies_in_order_however_slow_the_post_is(house):
    post = TestPost(seconds=0.03)
    async with courier(house, post):
        for text in ("/start", "one", "/privacy"):
            await types(house, "55", text)
        await until(lambda: len(post.arrived) == 5)
        await settled(house, 5)
    said = await house.run(
        lambda db: db.run(select(table.c.id).order_by(table.c.settled_at, table.c.id)).scalars().all()
    )
    assert said == sorted(said)
    assert "I'm Heard" in post.texts("55")[0]


async def test_a_broadcast_reaches_everybody_once(any_house):
    post = TestPost(seconds=0.01)
    await told(any_house, 40)
    async with courier(any_house, post):
        await settled(any_house, 40)
    assert sorted(given.address for given in post.arrived) == sorted(str(1000 + n) for n in range(40))
    assert set(await states(any_house)) == {"sent"}


async def test_only_one_thread_reads_the_current_messages(house):
    post = TestPost()
    async with courier(house, post, rate=100) as working:
        working._chats = OfOneThread()
        await told(house, 20)
        await settled(house, 20)
    assert len(post.arrived) == 20


async def test_the_intent_of_a_broadcast_is_stored_before_the_request_leaves(house):
    seen = []

    async def look():
        seen.append(await states(house))

    post = TestPost(before=look)
    await told(house, 1)
    async with courier(house, post):
        await settled(house, 1)
    assert seen == [["sending"]]


async def test_an_answer_overtakes_a_long_broadcast(house):
    post = TestPost()
    await told(house, 100)
    async with courier(house, post, rate=20):
        await until(lambda: len(post.arrived) > 5)
        await types(house, "55")
        await until(lambda: post.texts("55"))
        assert len(post.arrived) < 100


# --- with faults ----------------------------------------------------------------------------------


async def test_a_message_that_was_surely_not_sent_is_retried(house):
    post = TestPost()
    post.faults["1000"] = [NotSent(), NotSent()]
    post.faults["55"] = [NotSent()]
    await told(house, 2)
    async with courier(house, post):
        await types(house, "55")
        await settled(house, 3)
    assert [len(post.texts(address)) for address in ("1000", "1001", "55")] == [1, 1, 1]


async def test_while_telegram_is_down_the_queue_is_kept_and_not_lost_from_sight(house):
    post = TestPost(down=True, seconds=0.02)
    await told(house, 30)
    async with courier(house, post, rate=50):
        await types(house, "55")
        await until(lambda: post.knocks > 4)
        assert len(post.asked) < 15  # messages under way when it went down
        post.down = False
        await settled(house, 31)
    found = Counter(await states(house))
    assert set(found) <= {"sent", "unknown"}
    assert found["unknown"] < 15
    assert len(post.texts("55")) == 1


async def test_after_a_night_without_telegram_everything_goes_out(house, monkeypatch):
    """The delay between retries stops growing."""
    monkeypatch.setattr(bot.courier.delivery, "LONGEST_PAUSE", 0.0005)
    post = TestPost(down=True)
    await told(house, 3)
    async with courier(house, post):
        await until(lambda: post.knocks > 1100)
        post.down = False
        await types(house, "55")
        await settled(house, 4)
    assert len(post.texts("55")) == 1


async def test_simultaneous_failures_count_as_one(house, monkeypatch):
    """The delay grows with consecutive retries, not with the number of messages under way."""
    post = TestPost(seconds=0.05)
    for number in range(50):
        post.faults[str(number)] = [NotSent()]
    pause, pauses = Delivery._pause, []

    async def noted(delivery, seconds):
        pauses.append(seconds)
        await pause(delivery, seconds)

    monkeypatch.setattr(Delivery, "_pause", noted)
    async with courier(house, post, rate=1000):
        await asyncio.gather(*(types(house, str(number)) for number in range(50)))
        await settled(house, 50)
    assert 0 < max(pauses) < 1
    assert set(await states(house)) == {"sent"}


async def test_a_reply_that_waits_for_the_network_keeps_its_place(house):
    post = TestPost()
    post.faults["55"] = [NotSent(), NotSent()]
    async with courier(house, post):
        await types(house, "55", "/start")
        await types(house, "55", "what?")
        await settled(house, 3)
    texts = post.texts("55")
    assert "I'm Heard" in texts[0]
    assert "didn't get that" in texts[1]


async def test_a_broadcast_of_unknown_fate_is_never_sent_again(house):
    post = TestPost()
    post.lost["1000"] = [FateUnknown()]
    await told(house, 2)
    async with courier(house, post):
        await settled(house, 2)
        await asyncio.sleep(0.1)
    assert len(post.texts("1000")) == 1
    assert sorted(await states(house)) == ["sent", "unknown"]


@pytest.mark.parametrize(("times", "state"), [(1, "sent"), (2, "unknown")])
async def test_a_reply_of_unknown_fate_is_asked_again_once(house, times, state):
    post = TestPost()
    post.lost["55"] = [FateUnknown() for _ in range(times)]
    async with courier(house, post):
        await types(house, "55")
        await settled(house, 1)
    assert len(post.texts("55")) == 2
    row = await house.run(lambda db: db.run(select(table)).one())
    assert (row.state, row.asked_again) == (state, 1)


async def test_a_time_to_wait_holds_all_broadcasts_and_no_answer(house):
    post = TestPost()
    post.faults["1000"] = [RetryAfter(1000)]
    await told(house, 5)
    async with courier(house, post):
        await until(lambda: house.run(heartbeats.pause_left))
        await types(house, "55")
        await until(lambda: post.texts("55"))
        assert not post.texts("1000")


async def test_after_a_time_to_wait_everything_goes_out(house):
    post = TestPost()
    post.faults["1000"] = [RetryAfter(0.4)]
    await told(house, 5)
    async with courier(house, post):
        await settled(house, 5)
    assert next(given.at for given in post.arrived if given.address == "1000") - post.refused[0] >= 0.4
    assert set(await states(house)) == {"sent"}


async def test_a_time_to_wait_in_one_chat_holds_no_other(house, monkeypatch):
    monkeypatch.setattr(bot.courier.courier, "GRACE", 0.05)
    post = TestPost()
    post.faults["55"] = [RetryAfter(1000)]
    async with courier(house, post):
        await types(house, "55")
        await until(lambda: "55" in post.asked)
        await types(house, "66")
        await until(lambda: post.texts("66"))
        assert not post.texts("55")


async def test_somebody_who_blocked_the_bot_is_unreachable_until_they_write_again(house):
    post = TestPost()
    post.faults["1000"] = [Blocked()]
    await told(house, 2)
    async with courier(house, post):
        await settled(house, 2)
        assert sorted(await states(house)) == ["sent", "unreachable"]
        reachable = select(doors.c.reachable).order_by(doors.c.id)
        assert await house.run(lambda db: db.run(reachable).scalars().all()) == [False, True]
        await types(house, "1000")
        await settled(house, 3)
        assert await house.run(lambda db: db.run(reachable).scalars().all()) == [True, True]


async def test_a_refused_message_goes_out_plain_once(house):
    post = TestPost()
    post.faults["1000"] = [MessageRejected()]
    post.faults["1001"] = [MessageRejected(), MessageRejected()]
    await told(house, 2)
    async with courier(house, post):
        await settled(house, 2)
    assert [(given.address, given.plain) for given in post.arrived] == [("1000", True)]
    assert await states(house) == ["sent", "failed"]


async def test_a_revoked_token_stops_everything_and_keeps_the_queue(house):
    post = TestPost()
    for n in range(1000, 1010):
        post.faults[str(n)] = [TokenRevoked()]
    await told(house, 10)
    with capture_logs() as logs:
        async with courier(house, post, rate=20) as working:
            await until(lambda: working.is_revoked)
            await asyncio.sleep(0.3)
            assert len(post.asked) < 4  # and those under way
    assert [line["log_level"] for line in logs].count("critical") == 1
    assert await states(house) == ["waiting"] * 10


async def test_one_message_that_cannot_be_built_does_not_stop_the_others(house, monkeypatch):
    real = MESSAGE_KINDS["consultation"]

    def build(session, facts):
        if facts.person.id == ids[0]:
            raise KeyError("secret words")
        return real.build(session, facts)

    monkeypatch.setitem(MESSAGE_KINDS, "consultation", replace(real, build=build))
    post = TestPost()
    ids = await told(house, 3)
    with capture_logs() as logs:
        async with courier(house, post):
            await settled(house, 3)
    assert await states(house) == ["failed", "sent", "sent"]
    assert "secret" not in str(logs)


async def test_opting_out_during_a_broadcast_stops_later_messages(house):
    post = TestPost(seconds=0.02)
    people_ids = await told(house, 30)
    async with courier(house, post, rate=40):
        await until(lambda: len(post.arrived) >= 3)
        last = await house.run(lambda db: people.door_at(db, TELEGRAM, "1029"))
        assert last.person.id == people_ids[-1]
        await house.person("1029").types("/stop")
        await settled(house, 31)
    assert [text for text in post.texts("1029") if "youth" in text] == []


async def test_an_alert_goes_out_in_quiet_hours(house):
    post = TestPost()
    house.clock.on(hours=6)
    (lead,) = await house.run(lambda db: add_crowd(db, 1))

    def an_alert(db):
        from storage.tables import cases

        db.run(roles.insert().values(person_id=lead, role="safeguarding", at=db.now))
        values = {
            "person_id": None,
            "door_kind": "telegram",
            "address": b"",
            "kind": "abuse",
            "step": "say.question",
        }
        db.run(cases.insert().values(opened_at=db.now, alert=1, **values))
        assert outbox.announce(db, lead, "alert:1", ALERT, 1)

    await house.run(an_alert)
    await told(house, 1, first=2000)
    async with courier(house, post):
        await until(lambda: post.texts("1000"))
        await asyncio.sleep(0.1)
    assert len(post.arrived) == 1
