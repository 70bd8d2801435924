"""The outbox: nothing is claimed twice, each chat keeps its order, and results are stored truthfully."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from conversations.core.channels import TELEGRAM, WEB
from conversations.core.events import Asked
from conversations.core.messages import Say
from conversations.core.record import replace
from conversations.people.effects import StopMessages
from conversations.safeguarding.messages import ALERT
from handlers.incoming import Incoming
from storage.consultations.recipients import INVITATION_RECIPIENTS
from storage.outbox import broadcasts, digest, dispatching, outbox, preferences, threads
from storage.outbox.dispatching import Settlement
from storage.people import people
from storage.tables import doors
from storage.tables import outbox as table
from storage.tables import people as people_table
from tests.crowd import add_crowd, open_hub
from tests.house import make_house

pytestmark = pytest.mark.also_on_postgres

NINE_IN_THE_EVENING = timedelta(hours=5)  # after the house's 16:00


async def told(house, many=3, door="telegram"):
    """An invitation to that many people, waiting in the outbox."""
    number = await house.run(open_hub)
    await house.run(lambda db: add_crowd(db, many, door=door))
    await house.run(lambda db: broadcasts.begin(db, INVITATION_RECIPIENTS, number, db.now, None))
    return number


async def claimed(house, *lanes, limit=50):
    return await house.run(lambda db: dispatching.claim(db, TELEGRAM, lanes or ("broadcast",), limit))


async def states(house):
    return await house.run(lambda db: list(db.run(select(table.c.state).order_by(table.c.id)).scalars()))


def intended(db, message):
    """The address, if the message may leave."""
    return dispatching.intend(db, [message]).get(message.id)


async def test_two_couriers_never_claim_the_same_message(any_house):
    await told(any_house, 5)
    one, other = await claimed(any_house, limit=3), await claimed(any_house, limit=9)
    assert len(one) == 3
    assert len(other) == 2
    assert not {message.id for message in one} & {message.id for message in other}


async def test_right_after_many_were_queued_only_their_chats_are_looked_at(postgres):
    """PostgreSQL's statistics still say that hardly anything waits in a large outbox."""
    house = make_house(postgres)
    await told(house, 3000)
    while await house.run(lambda db: broadcasts.fan_out(db, INVITATION_RECIPIENTS, 1)):
        pass
    for taken_by in "abcd":
        await house.run(lambda db, by=taken_by: db.run(update(table).values(taken_by=by)))
    assert await house.run(rows_read_to_send) < 20_000


def rows_read_to_send(db):
    messages = dispatching.claim(db, TELEGRAM, ("broadcast",), 1000)
    assert len(messages) == 1000
    for first in range(0, 200, 20):
        assert len(digest.claim(db, messages[first : first + 20])) == 0
    read = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'outbox'"
    return db.run(text(read)).scalar_one()


async def test_a_chat_gets_its_messages_one_after_another(any_house):
    await told(any_house, 1)
    second = await any_house.run(lambda db: open_hub(db, code="other"))
    await any_house.run(lambda db: broadcasts.begin(db, INVITATION_RECIPIENTS, second, db.now, None))
    first = await claimed(any_house)
    assert len(first) == 1
    assert await claimed(any_house) == ()
    await any_house.run(lambda db: dispatching.settle(db, [Settlement(first[0].id, "sent", "9")]))
    assert [message.about for message in await claimed(any_house)] == [second]


async def test_no_message_is_edited_while_another_is_being_sent_below_it(any_house):
    incoming = Incoming(TELEGRAM, "1000", "1")
    first = (await any_house.runtime.take_turn(incoming, Asked("start"))).messages
    await any_house.run(lambda db: [outbox.settle(db, message.id, "sent", "9") for message in first])
    assert await any_house.run(lambda db: outbox.latest_message(db, first[0].door)) == "9"
    await any_house.runtime.take_turn(Incoming(TELEGRAM, "1000", "2"), Asked("privacy"))
    assert await any_house.run(lambda db: outbox.latest_message(db, first[0].door)) is None


async def test_the_intent_gives_the_address_once(any_house):
    await told(any_house, 1)
    message = (await claimed(any_house))[0]
    assert await any_house.run(lambda db: intended(db, message)) == "1000"
    assert await any_house.run(lambda db: intended(db, message)) is None
    assert await states(any_house) == ["sending"]


async def test_somebody_who_stops_after_the_claim_gets_nothing(any_house):
    await told(any_house, 2)
    messages = await claimed(any_house)
    door = await any_house.run(lambda db: people.door_by_id(db, messages[0].door))
    await any_house.run(lambda db: preferences.stop(db, door, StopMessages()))
    assert await any_house.run(lambda db: intended(db, messages[0])) is None
    assert await any_house.run(lambda db: intended(db, messages[1])) == "1001"


async def test_a_stop_that_the_fan_out_did_not_see_yet_is_seen_by_the_intent(any_house):
    await told(any_house, 1)
    message = (await claimed(any_house))[0]
    await any_house.run(lambda db: db.run(update(people_table).values(stopped_at=db.now)))
    assert await any_house.run(lambda db: intended(db, message)) is None
    assert await states(any_house) == []


async def test_somebody_deleted_after_the_claim_gets_nothing(any_house):
    await told(any_house, 1)
    message = (await claimed(any_house))[0]
    person = await any_house.run(lambda db: people.door_by_id(db, message.door).person.id)
    await any_house.run(lambda db: people.forget(db, person))
    assert await any_house.run(lambda db: intended(db, message)) is None


async def test_a_backlog_never_spills_into_quiet_hours(any_house):
    await told(any_house, 2)
    messages = await claimed(any_house, limit=1)
    any_house.clock.now += NINE_IN_THE_EVENING
    assert await claimed(any_house) == ()
    assert await any_house.run(lambda db: intended(db, messages[0])) is None
    assert await states(any_house) == ["waiting", "waiting"]
    due = await any_house.run(lambda db: dispatching.due_lanes(db, TELEGRAM))
    assert not due.broadcasts
    any_house.clock.on(hours=11)
    assert len(await claimed(any_house)) == 2


async def test_messages_queued_in_quiet_hours_are_due_in_the_morning(any_house):
    any_house.clock.now += NINE_IN_THE_EVENING
    await told(any_house, 1)
    due = await any_house.run(lambda db: db.run(select(table.c.due)).scalar())
    assert due == any_house.clock.now + timedelta(hours=11)


async def test_a_page_waits_for_nobodys_morning(any_house):
    any_house.clock.now += NINE_IN_THE_EVENING
    await told(any_house, 1, door="web")
    assert await any_house.run(lambda db: db.run(select(table.c.due)).scalar()) == any_house.clock.now
    assert await claimed(any_house) == ()


@pytest.mark.parametrize(("state", "after"), [("taken", "waiting"), ("sending", "unknown")])
async def test_after_a_crash_a_broadcast_is_never_blindly_sent_again(any_house, state, after):
    await told(any_house, 1)
    message = (await claimed(any_house))[0]
    if state == "sending":
        await any_house.run(lambda db: intended(db, message))
    await any_house.run(lambda db: dispatching.recover(db, TELEGRAM))
    assert await states(any_house) == [after]


async def test_after_a_crash_a_reply_is_asked_again_once(any_house):
    taken = await any_house.runtime.take_turn(Incoming(TELEGRAM, "55", "1"), Asked("start"))
    assert await states(any_house) == ["sending"]
    await any_house.run(lambda db: dispatching.recover(db, TELEGRAM))
    (message,) = await claimed(any_house, "conversation", "alert")
    assert message.say.text == taken.messages[0].say.text
    assert message.resends == 1
    assert await any_house.run(lambda db: intended(db, message)) == "55"
    await any_house.run(lambda db: dispatching.recover(db, TELEGRAM))
    assert await states(any_house) == ["unknown"]


async def test_a_live_worker_keeps_its_claims_however_long(any_house):
    any_house.runtime = replace(any_house.runtime, worker="one")
    await told(any_house, 1)
    await claimed(any_house)
    any_house.clock.on(hours=4)
    await any_house.run(lambda db: dispatching.recover(db, TELEGRAM, frozenset({"one"})))
    assert await states(any_house) == ["taken"]
    await any_house.run(lambda db: dispatching.recover(db, TELEGRAM, frozenset({"two"})))
    assert await states(any_house) == ["waiting"]


async def test_settling_blanks_the_words_and_records_who_is_unreachable(any_house):
    await any_house.person().types("/start")
    await told(any_house, 2)
    one, other = await claimed(any_house)
    await any_house.run(
        lambda db: dispatching.settle(
            db, [Settlement(one.id, "unreachable"), Settlement(other.id, "sent", "71")]
        )
    )
    rows = await any_house.run(lambda db: db.run(select(table).order_by(table.c.id)).all())
    assert [(row.state, row.message, row.sealed) for row in rows[1:]] == [
        ("unreachable", None, None),
        ("sent", "71", None),
    ]
    gone = await any_house.run(
        lambda db: db.run(select(doors.c.id).where(~doors.c.reachable)).scalars().all()
    )
    assert gone == [one.door]


# --- pages ----------------------------------------------------------------------------------------


async def shown(house, door=1, words="something"):
    return await house.run(lambda db: outbox.show(db, door, lambda message: Say(f"{words} {message.kind}")))


async def test_a_page_shows_a_message_once_and_keeps_it_thirty_days(any_house):
    await told(any_house, 1, door="web")
    (message,) = await shown(any_house)
    assert message.say.text == "something consultation"
    assert await shown(any_house) == ()
    row = await any_house.run(lambda db: db.run(select(table)).one())
    assert row.state == "shown"
    assert (await any_house.run(lambda db: outbox.unseal(db, row.once, row.sealed))).text == message.say.text
    any_house.clock.on(days=29)
    assert await any_house.run(outbox.purge) == 0
    any_house.clock.on(days=2)
    assert await any_house.run(outbox.purge) == 1


async def fresh_code(house):
    """A page that has shown a one-time value."""
    door = await house.run(lambda db: people.find_or_create_door(db, WEB, "abc"))
    await house.run(
        lambda db: outbox.reply(db, door, "web:1:0", Say("Your code: 1234"), address="abc", secret=True)
    )
    (line,) = await house.run(lambda db: threads.thread(db, door.id))
    assert (line.fresh, line.say.text) == (True, "Your code: 1234")
    return door


async def kept(house):
    return await house.run(lambda db: db.run(select(table.c.sealed)).scalar())


async def test_a_one_time_value_stays_on_the_page_until_its_person_moves_on(any_house):
    door = await fresh_code(any_house)
    assert await kept(any_house) is not None, "a page that is loaded again still shows it"
    await any_house.run(lambda db: outbox.blank_fresh(db, door.id))
    assert await kept(any_house) is None


async def test_an_abandoned_one_time_value_disappears_after_an_hour(any_house):
    await fresh_code(any_house)
    any_house.clock.on(minutes=59)
    await any_house.run(outbox.blank_old_fresh)
    assert await kept(any_house) is not None
    any_house.clock.on(minutes=2)
    await any_house.run(outbox.blank_old_fresh)
    assert await kept(any_house) is None


async def test_a_message_with_nothing_left_to_say_is_dropped(any_house):
    await told(any_house, 1, door="web")
    assert await any_house.run(lambda db: outbox.show(db, 1, lambda message: None)) == ()
    assert await states(any_house) == []


async def test_an_alert_that_reaches_nobody_says_so(any_house):
    (person,) = await any_house.run(lambda db: add_crowd(db, 1))
    assert await any_house.run(lambda db: outbox.announce(db, person, "alert:1", ALERT, 1))
    assert not await any_house.run(lambda db: outbox.announce(db, person, "alert:1", ALERT, 1))
    await any_house.run(lambda db: db.run(update(doors).values(reachable=False)))
    assert not await any_house.run(lambda db: outbox.announce(db, person, "alert:2", ALERT, 2))
