"""/held: after an older copy was put in place, a person decides on what was on its way to many."""

import asyncio

import pytest
from sqlalchemy import func, select, update

from bot.clockwork import tick
from conversations.announce import ANNOUNCEMENTS
from conversations.effects import DropHeld, Refused, ReleaseHeld
from conversations.facts import Facts
from conversations.speech import Say, Session
from handlers.announcing import build
from storage import broadcasts, held, people, sending
from storage.book import load
from storage.outside import Log
from storage.tables import audit, outcomes
from storage.tables import broadcasts as broadcasts_table
from storage.tables import outbox as table
from tests.crowd import add_crowd, open_hub


@pytest.fixture
async def stopped(any_house, monkeypatch):
    """A house in which two broadcasts were on their way, one of them with half its people in the queue."""
    monkeypatch.setattr(broadcasts.fan_out, "__defaults__", (3,))
    number = await any_house.run(open_hub)
    await any_house.run(lambda db: add_crowd(db, 5))
    await any_house.run(lambda db: add_crowd(db, 2, consultation=number, first=2000, door="web"))
    values = {
        "id": 7,
        "consultation_id": number,
        "state": "published",
        "who": "us",
        "made_at": any_house.clock.now,
    }
    await any_house.run(lambda db: db.run(outcomes.insert().values(**values)))
    await any_house.run(lambda db: broadcasts.begin(db, "consultation", number, db.now, None))
    await any_house.run(lambda db: broadcasts.begin(db, "outcome", 7, db.now, None))
    assert await any_house.run(lambda db: held.put_in_place(db, Log(), surely=True))
    assert await any_house.run(held.hold) == 5
    return any_house


async def states(house):
    counted = select(table.c.state, func.count()).where(table.c.lane == "broadcast").group_by(table.c.state)
    return dict(tuple(row) for row in await house.run(lambda db: db.run(counted).all()))


async def test_home_says_that_something_is_held_and_the_list_says_what(stopped):
    worker = await stopped.staff("worker")
    await worker.types("/home")
    assert "[5 messages held]" in worker.sees
    await worker.taps("5 messages held")
    assert "1. The new youth hub: the questions, to 3 people" in worker.sees
    assert "2. The new youth hub: what came of it, to 2 people" in worker.sees


async def test_what_is_sent_on_reaches_everybody_once_those_who_were_not_in_the_queue_too(stopped):
    worker = await stopped.staff("worker")
    await worker.types("/held")
    await worker.taps("1")
    assert "Not everybody had a place in the queue." in worker.sees
    await worker.taps("Send it")
    await tick(stopped.desk)
    assert await states(stopped) == {"waiting": 5, "held": 2}
    assert len(await stopped.run(lambda db: sending.claim(db, ("broadcast",), 99))) == 5
    assert "1. The new youth hub: what came of it, to 2 people" in worker.sees
    last = select(audit.c.did, audit.c.about).order_by(audit.c.id.desc()).limit(1)
    assert tuple(await stopped.run(lambda db: db.run(last).one())) == ("sent on what was held", "broadcast 1")


async def test_what_is_sent_on_waits_for_the_morning_but_not_on_pages(stopped):
    stopped.clock.on(hours=7)
    worker = await stopped.staff("worker")
    for _ in range(2):
        await worker.types("/held")
        await worker.types("1")
        await worker.taps("Send it")
    due = select(table.c.door_kind, table.c.due).where(table.c.lane == "broadcast").distinct()
    found = dict(tuple(row) for row in await stopped.run(lambda db: db.run(due).all()))
    assert found["web"] == stopped.clock.now
    assert found["telegram"].hour == 8


async def test_what_is_let_go_is_never_sent_and_its_queue_ends(stopped):
    worker = await stopped.staff("decider")
    await worker.types("/held")
    await worker.taps("1")
    says = await worker.taps("Let it go")
    assert "may have arrived" in says[0].text
    await tick(stopped.desk)
    assert await states(stopped) == {"unknown": 3, "held": 2}
    assert await stopped.run(broadcasts.unfinished) == ()
    await worker.taps("1")
    await worker.taps("Let it go")
    assert "Nothing is held." in worker.sees
    await worker.types("/home")
    assert "held" not in worker.sees


async def test_two_who_decide_at_once_decide_once(stopped):
    one, other = await stopped.staff("worker"), await stopped.staff("worker", "5559002")
    for worker in (one, other):
        await worker.types("/held")
        await worker.taps("1")
    await asyncio.gather(one.taps("Send it"), other.taps("Let it go"))
    decisions = ("sent on what was held", "let go what was held")
    count = select(func.count()).select_from(audit).where(audit.c.did.in_(decisions))
    assert await stopped.run(lambda db: db.run(count).scalar()) == 1
    assert set(await states(stopped)) in ({"waiting", "held"}, {"unknown", "held"})


async def test_what_was_decided_meanwhile_is_refused(stopped):
    worker = await stopped.staff("worker")
    door = await stopped.run(lambda db: people.door_at(db, "telegram", worker.address))
    await stopped.run(lambda db: held.drop(db, door, DropHeld(1)))
    with pytest.raises(Refused, match="Somebody decided on that one already"):
        await stopped.run(lambda db: held.release(db, door, ReleaseHeld(1)))


async def test_a_button_of_one_that_is_decided_says_so(stopped):
    one, other = await stopped.staff("worker"), await stopped.staff("worker", "5559002")
    for worker in (one, other):
        await worker.types("/held")
        await worker.taps("1")
    await one.taps("Let it go")
    await other.taps("Send it")
    assert "That one isn't held any more." in other.sees


async def test_only_who_may_send_may_release(stopped):
    lead, young = await stopped.staff("safeguarding", "5559009"), stopped.person()
    await young.joins()
    for person in (lead, young):
        await person.types("/home")
        assert "held" not in person.sees
        await person.types("/held")
        assert "The new youth hub: the questions" not in person.sees
    worker = await stopped.staff("worker")
    await worker.types("/held")
    await worker.taps("1")
    await stopped.run(lambda db: db.run(held.roles.delete()))
    await worker.taps("Send it")
    assert (await states(stopped))["held"] == 5


async def test_messages_that_belong_to_nothing_are_decided_on_too(stopped):
    await stopped.run(
        lambda db: db.run(update(table).where(table.c.broadcast_id == 2).values(broadcast_id=None))
    )
    await stopped.run(
        lambda db: db.run(update(broadcasts_table).where(broadcasts_table.c.id == 2).values(held_at=None))
    )
    worker = await stopped.staff("worker")
    await worker.types("/held")
    assert "2. Other messages, to 2 people" in worker.sees
    await worker.taps("2")
    await worker.taps("Send it")
    assert await states(stopped) == {"held": 3, "waiting": 2}


async def test_owners_are_told_when_an_older_copy_is_put_in_place(stopped):
    owner = await stopped.staff()
    await stopped.staff("worker", "5559002")
    await stopped.run(held.tell)
    await stopped.run(held.tell)
    told = await stopped.run(lambda db: sending.claim(db, ("alert",), 9))
    assert [letter.kind for letter in told] == ["held"]
    say: Say = await stopped.run(lambda db: build(stopped.desk, db, told[0]))
    assert say.heading == "An older copy of the database was put in place"
    assert "5 messages are held until you decide." in say.text
    owner.heard.append(say)
    await owner.taps("See what is held")
    assert "The new youth hub" in owner.sees


async def test_how_far_it_is_counts_what_is_held(stopped):
    worker = await stopped.staff("worker")

    def said(db):
        door = people.door_at(db, "telegram", worker.address)
        session = Session("progress", 0, {"broadcast": 1})
        loaded = load(db, door, session, ANNOUNCEMENTS["progress"].needs)
        desk = stopped.desk
        return ANNOUNCEMENTS["progress"].build(
            session, Facts(db.now, desk.rules, desk.library, door.person, door.kind, loaded)
        )

    assert "3 messages are held: /held." in (await stopped.run(said)).text
