"""The scheduler, with a clock that the test moves: due work happens once, and expired data is erased."""

import asyncio
from datetime import timedelta

from sqlalchemy import func, select

import bot.scheduler.scheduler
from bot.scheduler.scheduler import Scheduler, forget, sign_out, tick
from conversations.core.channels import WEB
from conversations.core.messages import Say
from storage.consultations import answers
from storage.consultations.recipients import INVITATION_RECIPIENTS
from storage.outbox import broadcasts, outbox
from storage.people import people
from storage.results import counts as result_counts
from storage.tables import answers as answers_table
from storage.tables import consultations, doors, invites, sessions, updates
from storage.tables import outbox as table
from storage.tables import people as people_table
from storage.team import members as team
from tests.crowd import HUB, add_crowd, open_hub
from tests.waiting import LONG


async def count(house, what, *conditions):
    return await house.run(
        lambda db: db.run(select(func.count()).select_from(what).where(*conditions)).scalar()
    )


async def state(house):
    return await house.run(lambda db: db.run(select(consultations.c.state)).scalar())


async def test_a_consultation_opens_and_closes_on_time_and_its_audience_is_invited_once(any_house):
    at = any_house.clock.now + timedelta(days=1)
    ends = at + timedelta(days=7)
    await any_house.run(lambda db: open_hub(db, state="scheduled", opens_at=at, closes_at=ends))
    await any_house.run(lambda db: add_crowd(db, 4))
    await tick(any_house.runtime)
    assert (await state(any_house), await count(any_house, table)) == ("scheduled", 0)
    any_house.clock.now = at
    await asyncio.gather(*(tick(any_house.runtime) for _ in range(3)))
    assert (await state(any_house), await count(any_house, table)) == ("open", 4)
    assert any_house.woken
    any_house.clock.now = ends - timedelta(seconds=1)
    await tick(any_house.runtime)
    assert await state(any_house) == "open"
    any_house.clock.now = ends
    await tick(any_house.runtime)
    assert (await state(any_house), await count(any_house, table)) == ("closed", 4)


async def test_a_tick_continues_interrupted_work(any_house, monkeypatch):
    monkeypatch.setattr(broadcasts.fan_out, "__defaults__", (10,))
    number = await any_house.run(open_hub)
    await any_house.run(lambda db: add_crowd(db, 35))
    await any_house.run(lambda db: broadcasts.begin(db, INVITATION_RECIPIENTS, number, db.now, None))
    assert await count(any_house, table) == 10
    await tick(any_house.runtime)
    assert await count(any_house, table) == 35
    assert await any_house.run(broadcasts.unfinished) == {}


async def test_a_clock_that_goes_back_sends_nothing_twice(any_house):
    at = any_house.clock.now
    await any_house.run(lambda db: open_hub(db, state="scheduled", opens_at=at))
    await any_house.run(lambda db: add_crowd(db, 3))
    await tick(any_house.runtime)
    any_house.clock.on(hours=-2)
    await tick(any_house.runtime)
    any_house.clock.on(hours=4)
    await tick(any_house.runtime)
    assert await count(any_house, table) == 3


# --- what is over ---------------------------------------------------------------------------------


async def test_words_are_erased_after_their_time_and_still_counted(any_house):
    number = await any_house.run(open_hub)
    (person,) = await any_house.run(lambda db: add_crowd(db, 1, consultation=number))

    def say(db):
        answers.replace(db, person, number, HUB.questions[0], "yes")
        answers.replace(db, person, number, HUB.questions[1], "because of the lights")

    await any_house.run(say)
    before = await any_house.run(lambda db: result_counts.counts(db, number))
    any_house.clock.on(days=364)
    await forget(any_house.runtime)
    assert await count(any_house, answers_table, answers_table.c.sealed.is_not(None)) == 1
    any_house.clock.on(days=2)
    await forget(any_house.runtime)
    assert await count(any_house, answers_table, answers_table.c.sealed.is_not(None)) == 0
    assert await any_house.run(lambda db: result_counts.counts(db, number)) == before
    given = await any_house.run(lambda db: answers.load_all(db, person, {number: HUB}))
    assert given[number].answers == {"visit": "yes"}


async def test_many_old_words_are_erased_in_pieces(any_house, monkeypatch):
    monkeypatch.setattr(bot.scheduler.scheduler.retention.erase_words, "__defaults__", (3,))
    number = await any_house.run(open_hub)
    crowd = await any_house.run(lambda db: add_crowd(db, 8, consultation=number))
    await any_house.run(
        lambda db: [answers.replace(db, one, number, HUB.questions[1], "words") for one in crowd]
    )
    any_house.clock.on(days=366)
    await forget(any_house.runtime)
    assert await count(any_house, answers_table, answers_table.c.sealed.is_not(None)) == 0
    assert await count(any_house, answers_table) == 8


async def test_strangers_shown_words_update_ids_and_old_invites_go(any_house):
    stranger, member = any_house.person("1"), any_house.person("2", "web")
    await stranger.types("/start")
    await member.joins()
    await any_house.run(lambda db: team.invite(db, "worker"))
    await any_house.run(lambda db: outbox.show(db, 2, lambda message: None))
    any_house.clock.on(hours=23)
    await forget(any_house.runtime)
    assert await count(any_house, people_table) == 2
    any_house.clock.on(hours=2)
    await forget(any_house.runtime)
    assert await count(any_house, people_table) == 1
    assert await count(any_house, table, table.c.sealed.is_not(None)) > 1
    any_house.clock.on(days=8)
    await forget(any_house.runtime)
    assert await count(any_house, updates) == 0
    any_house.clock.on(days=60)
    await forget(any_house.runtime)
    assert await count(any_house, table) == 0
    assert await count(any_house, invites) == 0
    assert await count(any_house, people_table) == 1


async def test_a_shared_device_leaves_nothing_behind_and_messages_go_to_the_door_before(any_house):
    ((person, _other), now) = (await any_house.run(lambda db: add_crowd(db, 2)), any_house.clock.now)
    shared = await any_house.run(lambda db: people.add_door(db, person, WEB, "library", shared=True))

    def talk(db):
        outbox.reply(db, shared, "web:1:0", Say("What you said"), address="library")
        db.run(sessions.insert().values(door_id=shared.id, step="home", visit=1, notes={}, at=now))

    await any_house.run(talk)
    any_house.clock.on(minutes=14)
    await sign_out(any_house.runtime)
    assert await count(any_house, doors, doors.c.shared) == 1
    any_house.clock.on(minutes=2)
    await sign_out(any_house.runtime)
    assert await count(any_house, doors, doors.c.shared) == 0
    assert await count(any_house, table) == 0
    assert await count(any_house, sessions) == 0
    main = select(people_table.c.main_door).order_by(people_table.c.id)
    assert await any_house.run(lambda db: db.run(main).scalars().all()) == [1, 2]


# --- by itself ------------------------------------------------------------------------------------


async def test_it_ticks_by_itself_and_survives_a_tick_that_fails(house, monkeypatch):
    monkeypatch.setattr(bot.scheduler.scheduler, "TICK", timedelta(seconds=0.05))
    ticked = asyncio.Event()
    times = iter([KeyError("words"), None])

    async def look(runtime):
        failure = next(times, None)
        if failure:
            raise failure
        ticked.set()

    monkeypatch.setattr(bot.scheduler.scheduler, "tick", look)
    scheduler = Scheduler(house.runtime)
    scheduler.start()
    await asyncio.wait_for(ticked.wait(), LONG)
    await scheduler.stop()


async def test_a_stop_waits_for_the_tick_under_way(house, monkeypatch):
    monkeypatch.setattr(bot.scheduler.scheduler, "TICK", timedelta(seconds=0.02))
    began, done = asyncio.Event(), []

    async def look(runtime):
        began.set()
        await asyncio.sleep(0.2)
        done.append(True)

    monkeypatch.setattr(bot.scheduler.scheduler, "tick", look)
    scheduler = Scheduler(house.runtime)
    scheduler.start()
    await asyncio.wait_for(began.wait(), LONG)
    await scheduler.stop()
    assert done == [True]
