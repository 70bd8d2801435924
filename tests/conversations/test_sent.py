"""`/sent`: staff see the result of each message, and resend only on request."""

import pytest
from sqlalchemy import select, update

from conversations.core.channels import TELEGRAM
from conversations.core.events import Chose
from storage.consultations.recipients import INVITATION_RECIPIENTS
from storage.outbox import broadcasts, dispatching
from storage.outbox.dispatching import Settlement
from storage.tables import outbox
from tests.crowd import add_crowd, open_hub


async def told(house, many=6):
    """An invitation to this many people on Telegram, and to two on the page."""
    number = await house.run(open_hub)
    await house.run(lambda db: add_crowd(db, many))
    await house.run(lambda db: add_crowd(db, 2, first=5000, door="web"))
    await house.run(lambda db: broadcasts.begin(db, INVITATION_RECIPIENTS, number, db.now, None))


async def became(house, *states):
    """Their results, in order."""
    messages = await house.run(lambda db: dispatching.claim(db, TELEGRAM, ("broadcast",), 50))
    settled = [Settlement(message.id, state, None) for message, state in zip(messages, states, strict=False)]
    await house.run(lambda db: dispatching.settle(db, settled))


async def states(house):
    query = select(outbox.c.state).where(outbox.c.lane == "broadcast", outbox.c.door_kind == "telegram")
    return await house.run(lambda db: list(db.run(query.order_by(outbox.c.id)).scalars()))


async def test_staff_see_the_result_of_each_message(any_house):
    worker = await any_house.staff("worker")
    await told(any_house)
    await became(any_house, "sent", "sent", "failed", "unreachable", "unknown", "unknown")
    await any_house.run(
        lambda db: db.run(
            update(outbox).where(outbox.c.door_kind == "web", outbox.c.id % 2 == 0).values(state="shown")
        )
    )
    await worker.types("/sent")
    assert "1. The new youth hub. The questions, Tuesday 1 December, 16:00." in worker.sees
    await worker.taps("1")
    for line in (
        "3 of 8 people have it.",
        "1 of them read it on the web page.",
        "1 person sees it on the web page, when they open it.",
        "1 person can't be reached any more.",
        "2 messages may have arrived, or not. I don't send them twice.",
        "1 message was refused.",
        "[Send again to those 3]",
    ):
        assert line in worker.sees


async def test_messages_of_unknown_fate_are_resent_only_after_a_confirmation(any_house):
    worker = await any_house.staff("worker")
    await told(any_house)
    await became(any_house, "sent", "sent", "failed", "unreachable", "unknown", "unknown")
    await worker.types("/sent 1")
    await worker.taps("Send again to those 3")
    assert "Whoever has it already gets it a second time." in worker.sees
    await worker.taps("No, go back")
    assert await states(any_house) == ["sent", "sent", "failed", "unreachable", "unknown", "unknown"]
    await worker.taps("Send again to those 3")
    await worker.taps("Yes, send it")
    assert await states(any_house) == ["sent", "sent", "waiting", "unreachable", "waiting", "waiting"]
    assert "Send again" not in worker.sees
    again = await any_house.run(lambda db: dispatching.claim(db, TELEGRAM, ("broadcast",), 50))
    assert [message.resends for message in again] == [1, 1, 1]


async def test_at_night_a_resent_message_waits_for_the_morning(house):
    worker = await house.staff("worker")
    await told(house, 1)
    await became(house, "unknown")
    house.clock.on(hours=6)
    await worker.types("/sent 1")
    await worker.taps("Send again to 1 person")
    await worker.taps("Yes, send it")
    assert await house.run(lambda db: dispatching.claim(db, TELEGRAM, ("broadcast",), 5)) == ()
    house.clock.on(hours=11)
    assert len(await house.run(lambda db: dispatching.claim(db, TELEGRAM, ("broadcast",), 5))) == 1


async def test_a_held_broadcast_is_sent_when_somebody_releases_it(any_house):
    worker = await any_house.staff("worker")
    await told(any_house, 2)
    telegram = outbox.c.door_kind == "telegram"
    await any_house.run(
        lambda db: db.run(update(outbox).where(telegram, outbox.c.lane == "broadcast").values(state="held"))
    )
    assert await any_house.run(lambda db: dispatching.claim(db, TELEGRAM, ("broadcast",), 5)) == ()
    await worker.types("/sent 1")
    assert "2 messages are held, until one of you sends them." in worker.sees
    await worker.taps("Send 2 that are held")
    await worker.taps("Yes, send it")
    assert await states(any_house) == ["waiting", "waiting"]


@pytest.mark.parametrize("role", ["reviewer", "safeguarding"])
async def test_nobody_else_sees_it_or_sends(house, role):
    other = await house.staff(role)
    await told(house, 1)
    await became(house, "unknown")
    said = await other.types("/sent 1")
    assert "I don't know that one." in said[0].text
    await other.does(Chose(other.heard[-1].visit, "again"))
    assert await states(house) == ["unknown"]


async def test_two_who_send_again_at_once_send_once(any_house):
    one, other = await any_house.staff("worker"), await any_house.staff("decider", "2")
    await told(any_house, 1)
    await became(any_house, "failed")
    for someone in (one, other):
        await someone.types("/sent 1")
        await someone.taps("Send again to 1 person")
    await one.taps("Yes, send it")
    said = await other.taps("Yes, send it")
    assert "There is nothing left to send." in said[0].text
    assert await states(any_house) == ["waiting"]


async def test_nothing_sent_yet_is_said_plainly(house):
    worker = await house.staff("worker")
    await worker.types("/sent")
    assert "Nothing has been sent to many yet." in worker.sees
    await worker.types("/sent 9")
    assert "That one isn't there any more." in worker.sees
