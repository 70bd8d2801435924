"""After a restore, a team member decides on the held broadcasts."""

import asyncio

import pytest
from sqlalchemy import func, select, update

from bot.scheduler.scheduler import tick
from conversations.broadcasts.effects import DropHeld, SendHeld
from conversations.core.channels import TELEGRAM
from conversations.core.effects import Refused
from conversations.core.messages import Say
from handlers.announcements import build
from storage.broadcasts import progress as broadcast_progress
from storage.broadcasts.held import drop
from storage.consultations.recipients import INVITATION_RECIPIENTS
from storage.operations import after_restore
from storage.outbox import broadcasts, dispatching
from storage.outcomes.recipients import OUTCOME_RECIPIENTS
from storage.people import people
from storage.security.erasure_log import LogContents
from storage.tables import audit, outcomes, roles
from storage.tables import broadcasts as broadcasts_table
from storage.tables import outbox as table
from tests.crowd import add_crowd, open_hub


@pytest.fixture
async def stopped(any_house, monkeypatch):
    """A house with two broadcasts under way, one of them half queued."""
    monkeypatch.setattr(broadcasts.fan_out, "__defaults__", (3,))
    number = await any_house.run(open_hub)
    await any_house.run(lambda db: add_crowd(db, 5))
    await any_house.run(lambda db: add_crowd(db, 2, consultation=number, first=2000, door="web"))
    values = {
        "id": 7,
        "consultation_id": number,
        "state": "published",
        "language": "en",
        "made_at": any_house.clock.now,
    }
    await any_house.run(lambda db: db.run(outcomes.insert().values(**values)))
    await any_house.run(lambda db: broadcasts.begin(db, INVITATION_RECIPIENTS, number, db.now, None))
    await any_house.run(lambda db: broadcasts.begin(db, OUTCOME_RECIPIENTS, 7, db.now, None))
    assert await any_house.run(lambda db: after_restore.record_restore(db, LogContents(), surely=True))
    assert await any_house.run(after_restore.quarantine) == 5
    return any_house


async def states(house):
    counted = select(table.c.state, func.count()).where(table.c.lane == "broadcast").group_by(table.c.state)
    return dict(tuple(row) for row in await house.run(lambda db: db.run(counted).all()))


async def one_of(worker, number):
    """Opens the broadcast with this number in the list: the newest is the first."""
    await worker.types("/sent")
    await worker.types(str(number))


async def test_home_says_that_something_is_held_and_leads_there(stopped):
    worker = await stopped.staff("worker")
    await worker.types("/home")
    await worker.taps("5 messages held")
    await worker.types("2")
    assert "3 messages are held, until one of you sends them." in worker.sees
    assert "Some are not in the queue yet. They get a place when it is sent." in worker.sees


async def test_a_released_broadcast_reaches_everybody_once_including_those_not_queued_yet(stopped):
    worker = await stopped.staff("worker")
    await one_of(worker, 2)
    await worker.taps("Send 3 that are held")
    await worker.taps("Yes, send it")
    await tick(stopped.runtime)
    assert await states(stopped) == {"waiting": 5, "held": 2}
    assert len(await stopped.run(lambda db: dispatching.claim(db, TELEGRAM, ("broadcast",), 99))) == 5


async def test_one_whose_queue_had_not_begun_continues_too(stopped):
    await stopped.run(lambda db: db.run(table.delete().where(table.c.broadcast_id == 1)))
    await stopped.run(
        lambda db: db.run(update(broadcasts_table).where(broadcasts_table.c.id == 1).values(reached=0))
    )
    worker = await stopped.staff("worker")
    await one_of(worker, 2)
    await worker.taps("Let it go on")
    await worker.taps("Yes, send it")
    await tick(stopped.runtime)
    assert await states(stopped) == {"waiting": 5, "held": 2}


async def test_a_discarded_broadcast_is_never_sent_and_its_queue_ends(stopped):
    worker = await stopped.staff("decider")
    await one_of(worker, 2)
    await worker.taps("Let it go")
    assert "nobody gets one twice" in worker.sees
    await worker.taps("No, go back")
    assert await states(stopped) == {"held": 5}
    await worker.taps("Let it go")
    await worker.taps("Yes, let it go")
    await tick(stopped.runtime)
    assert await states(stopped) == {"unknown": 3, "held": 2}
    assert await stopped.run(broadcasts.unfinished) == {}
    last = select(audit.c.did, audit.c.about).order_by(audit.c.id.desc()).limit(1)
    assert tuple(await stopped.run(lambda db: db.run(last).one())) == ("let go what was held", "broadcast 1")
    await one_of(worker, 1)
    await worker.taps("Let it go")
    await worker.taps("Yes, let it go")
    await worker.types("/home")
    assert "held" not in worker.sees


async def test_two_who_decide_at_once_decide_once(stopped):
    one, other = await stopped.staff("worker"), await stopped.staff("worker", "5559002")
    for worker, label in ((one, "Send 3 that are held"), (other, "Let it go")):
        await one_of(worker, 2)
        await worker.taps(label)
    await asyncio.gather(one.taps("Yes, send it"), other.taps("Yes, let it go"))
    decisions = ("sent what was held", "let go what was held")
    count = select(func.count()).select_from(audit).where(audit.c.did.in_(decisions))
    assert await stopped.run(lambda db: db.run(count).scalar()) == 1
    assert set(await states(stopped)) in ({"waiting", "held"}, {"unknown", "held"})


async def test_a_decision_made_meanwhile_by_others_is_respected(stopped):
    worker = await stopped.staff("worker")
    door = await stopped.run(lambda db: people.door_at(db, TELEGRAM, worker.address))
    await stopped.run(lambda db: drop(db, door, DropHeld(1)))
    with pytest.raises(Refused, match="There is nothing left to send"):
        await stopped.run(lambda db: broadcast_progress.send_held(db, door, SendHeld(1)))
    with pytest.raises(Refused, match="Somebody decided on that one already"):
        await stopped.run(lambda db: drop(db, door, DropHeld(1)))


async def test_only_those_who_may_send_see_that_something_is_held(stopped):
    lead, young = await stopped.staff("safeguarding", "5559009"), stopped.person()
    await young.joins()
    for person in (lead, young):
        await person.types("/home")
        assert "held" not in person.sees
    worker = await stopped.staff("worker")
    await one_of(worker, 2)
    await worker.taps("Let it go")
    await stopped.run(lambda db: db.run(roles.delete()))
    await worker.taps("Yes, let it go")
    assert (await states(stopped))["held"] == 5


async def test_owners_are_alerted_after_a_restore(stopped):
    owner = await stopped.staff()
    await stopped.staff("worker", "5559002")
    await stopped.run(after_restore.notify_owners)
    await stopped.run(after_restore.notify_owners)
    told = await stopped.run(lambda db: dispatching.claim(db, TELEGRAM, ("alert",), 9))
    assert [message.kind for message in told] == ["put-back"]
    say: Say = await stopped.run(lambda db: build(stopped.runtime, db, told[0]))
    assert say.heading == "An older copy of the database was put in place"
    assert "5 messages are held until you decide." in say.text
    owner.heard.append(say)
    await owner.taps("All that was sent")
    assert "The new youth hub" in owner.sees
