"""Promise reminders and moves, on both databases: one reminder each, and moves with a reason."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select, update

from bot.scheduler.scheduler import tick
from conversations.consultations.effects import CloseConsultation
from conversations.promises.effects import ChangeStatus, MovePromise, SayLooking
from conversations.promises.promise import PromiseRef
from handlers.announcements import build
from storage.outbox.outbox import message_of
from storage.promises import promises
from storage.tables import audit, consultations, doors, outbox, parts, promise_moves, roles, status_changes
from tests.crowd import add_crowd, open_hub
from tests.storage.deciding import (
    A_WILL,
    ANN,
    BEN,
    begin,
    decided,
    does,
    publish,
    queued,
    refused,
    written,
)

DUE = date(2026, 12, 20)  # what the hub's people were promised
LATER = date(2027, 1, 15)
WHY = "The committee meets in January only."
THE_HUB = PromiseRef("consultation", 1)


def moved(day=LATER, reason=WHY, was=DUE, of=THE_HUB):
    return MovePromise(of, was, day, reason)


async def closed(house, deciders=2):
    """The hub, closed by a worker after three people took part."""
    number = await house.run(lambda db: begin(db, deciders))
    await house.run(lambda db: db.run(roles.insert().values(person_id=ANN, role="worker", at=db.now)))
    await does(house, CloseConsultation(number))
    return number


async def answered(house):
    """The hub, answered with a *will* by 31 March, with the broadcast about that sent."""
    number = await house.run(begin)
    await does(house, *written(number, **A_WILL), decided(number), publish(number))
    await house.run(lambda db: db.run(outbox.delete()))
    return PromiseRef("part", await house.run(lambda db: db.run(select(parts.c.id)).scalar_one()))


async def said(house, kind):
    """The texts of messages of a kind, if they left now."""

    def work(db):
        rows = db.run(select(outbox).where(outbox.c.kind == kind).order_by(outbox.c.id)).all()
        return [build(house.runtime, db, message_of(db, row)) for row in rows]

    return await house.run(work)


async def reminded(house):
    """The queued reminders: which, and to whom."""
    query = select(outbox.c.once).where(outbox.c.kind == "promise").order_by(outbox.c.id)
    return [once.split(":")[3:] for once in await house.run(lambda db: db.run(query).scalars().all())]


# --- the clock ------------------------------------------------------------------------------------


async def test_closing_starts_the_clock_and_each_decider_is_reminded_once_however_many_workers_tick(
    any_house,
):
    await closed(any_house)
    for day, which in ((17, "soon"), (20, "today"), (27, "late1")):
        any_house.clock.now = datetime(2026, 12, day, 8, 59, tzinfo=UTC)
        await tick(any_house.runtime)
        before = len(await reminded(any_house))
        any_house.clock.on(minutes=1)
        await asyncio.gather(*(tick(any_house.runtime) for _ in range(3)))
        assert (await reminded(any_house))[before:] == [[which, str(ANN)], [which, str(BEN)]]
    assert "7 days ago" in (await said(any_house, "promise"))[-1].text


async def test_a_process_that_slept_for_weeks_sends_one_reminder_and_not_five(house):
    await closed(house, deciders=1)
    house.clock.now = datetime(2027, 1, 12, 15, tzinfo=UTC)
    await tick(house.runtime)
    await tick(house.runtime)
    assert await reminded(house) == [["late3", str(ANN)]]
    house.clock.on(days=7)
    await tick(house.runtime)
    assert len(await reminded(house)) == 2


async def test_after_the_answer_there_are_no_reminders_and_a_queued_one_is_dropped(house):
    number = await closed(house)
    house.clock.now = datetime(2026, 12, 17, 10, tzinfo=UTC)
    await tick(house.runtime)
    await does(house, *written(number, **A_WILL), decided(number), publish(number))
    assert await said(house, "promise") == [None, None]
    house.clock.on(days=30)
    await tick(house.runtime)
    assert len(await reminded(house)) == 2


async def test_one_that_promised_no_day_promises_the_teams_own_when_it_closes(house):
    await house.run(lambda db: begin(db, 1))
    await house.run(lambda db: db.run(update(consultations).values(reply_by=None, closes_at=db.now)))
    await tick(house.runtime)
    by = await house.run(lambda db: db.run(select(consultations.c.reply_by)).scalar())
    assert by == date(2026, 12, 29)


# --- moved days -----------------------------------------------------------------------------------


async def test_contributors_hear_of_a_moved_day_with_the_promise_and_the_reason(any_house):
    await closed(any_house)
    await does(any_house, moved(), person=BEN)
    told = await said(any_house, "moved")
    assert len(told) == 3
    assert told[0].heading == "The new youth hub: it takes longer."
    assert told[0].text.splitlines() == [
        "We promised you an answer by 20 December 2026.",
        "We can't keep that.",
        "Because: The committee meets in January only.",
        "The new day is 15 January 2027.",
    ]
    (promise,) = await any_house.run(promises.open_promises)
    assert (promise.due, [move.was for move in promise.moves]) == (LATER, [DUE])
    did = await any_house.run(lambda db: db.run(select(audit.c.did, audit.c.person_id)).all())
    assert ("promise.moved", BEN) in did


async def test_the_reason_is_sealed(house):
    await closed(house)
    await does(house, moved())
    row = await house.run(lambda db: db.run(select(promise_moves)).one())
    assert WHY.encode() not in row.sealed


async def test_after_a_missed_day_it_says_so_and_the_deadline_starts_again(house):
    await closed(house)
    house.clock.now = datetime(2027, 1, 4, 12, tzinfo=UTC)
    await does(house, moved())
    assert "We did not keep that." in (await said(house, "moved"))[0].text
    house.clock.now = datetime(2027, 1, 12, 9, tzinfo=UTC)
    await tick(house.runtime)
    assert [which for which, _person in await reminded(house)] == ["soon", "soon"]


@pytest.mark.parametrize(
    ("effect", "why_not"),
    [
        (moved(day=date(2026, 12, 1)), "Choose a day after today."),
        (moved(day=DUE), "isn't later"),
        (moved(reason="Reason: reason"), "isn't a reason yet"),
        (moved(reason=""), "isn't a reason yet"),
        (moved(reason="why " * 200), "in 500 letters"),
        (moved(was=date(2026, 12, 18)), "A colleague moved it"),
        (moved(of=PromiseRef("consultation", 9)), "kept already"),
    ],
)
async def test_invalid_moves_are_refused_in_plain_words_and_change_nothing(house, effect, why_not):
    await closed(house)
    assert why_not in await refused(house, effect)
    assert await house.run(lambda db: db.run(select(func.count()).select_from(promise_moves)).scalar()) == 0


async def test_people_who_may_not_answer_may_not_move_a_day(house):
    await closed(house)
    (stranger,) = await house.run(lambda db: add_crowd(db, 1, first=77))
    assert "can't do that" in await refused(house, moved(), person=stranger)


async def test_of_two_at_once_one_moves_it_and_the_other_is_refused(any_house):
    await closed(any_house)
    both = (does(any_house, moved(), person=ANN), does(any_house, moved(date(2027, 2, 1)), person=BEN))
    results = await asyncio.gather(*both, return_exceptions=True)
    (refusal,) = [result for result in results if isinstance(result, Exception)]
    assert "A colleague moved it" in str(refusal)
    assert await queued(any_house, "moved") == 3


# --- a part ---------------------------------------------------------------------------------------


async def test_moving_a_part_leaves_the_published_text_unchanged(any_house):
    of = await answered(any_house)
    await does(any_house, moved(date(2027, 5, 31), was=date(2027, 3, 31), of=of))
    await does(any_house, ChangeStatus(of.id, "will", "doing"), person=BEN)
    assert "We said that it would be by 31 March 2027." in (await said(any_house, "moved"))[0].text
    assert (await said(any_house, "status"))[0].text == "We promised: chose the old library. We have begun."
    await does(any_house, ChangeStatus(of.id, "doing", "cant", "The library was sold in spring."))
    told = await said(any_house, "status")
    assert told[:3] == [None] * 3  # "begun" is outdated: only the current status is sent
    assert told[3].text.endswith("We can't do it after all. Because: The library was sold in spring.")
    assert await said(any_house, "moved") == [None] * 3
    outcome, part = await any_house.run(lambda db: promises.published_part(db, of.id))
    assert (part.decision, part.stands, part.due) == ("will", "cant", date(2027, 5, 31))
    assert outcome.parts == (part,)


async def test_a_part_only_moves_forward_and_cant_needs_its_because(house):
    of = await answered(house)
    assert "isn't a reason" in await refused(house, ChangeStatus(of.id, "will", "cant", "no"))
    await does(house, ChangeStatus(of.id, "will", "doing"))
    assert "A colleague changed it" in await refused(house, ChangeStatus(of.id, "will", "doing"))
    assert "can't go there" in await refused(house, ChangeStatus(of.id, "doing", "will"))
    await does(house, ChangeStatus(of.id, "doing", "did"))
    assert "kept already" in await refused(house, ChangeStatus(of.id, "did", "doing"))


async def test_overdue_are_unpublished_answers_and_parts_not_done(any_house):
    await closed(any_house)
    second = await any_house.run(lambda db: open_hub(db, code="second", reply_by=date(2027, 4, 30)))
    await does(any_house, *written(1, **A_WILL), decided(1), publish(1))
    any_house.clock.now = datetime(2027, 3, 31, 22, tzinfo=UTC)
    assert await any_house.run(promises.overdue) == ()
    any_house.clock.now = datetime(2027, 3, 31, 23, 30, tzinfo=UTC)  # it is April in London
    (part,) = await any_house.run(promises.overdue)
    assert (part.of.kind, part.due) == ("part", date(2027, 3, 31))
    any_house.clock.on(days=30)
    assert {one.of for one in await any_house.run(promises.overdue)} == {
        part.of,
        PromiseRef("consultation", second),
    }
    await does(any_house, ChangeStatus(part.of.id, "will", "did"))
    assert [one.of.id for one in await any_house.run(promises.overdue)] == [second]


# --- in between -----------------------------------------------------------------------------------


async def test_those_who_took_part_hear_that_it_closed_and_that_it_is_looked_at_once(any_house):
    number = await closed(any_house)
    (told, *others) = await said(any_house, "status")
    assert len(others) == 2
    assert told.text == (
        "It has closed. Now the youth committee reads what everyone said. You'll get an answer by Sunday 20 December."
    )
    await does(any_house, SayLooking(number))
    assert "were told already" in await refused(any_house, SayLooking(number), person=BEN)
    looked = await said(any_house, "status")
    assert looked[:3] == [None] * 3
    assert looked[3].text.startswith("Now the youth committee is looking at what everyone said.")


async def test_one_that_closes_by_the_clock_tells_them_too_and_only_once(any_house):
    await any_house.run(lambda db: begin(db, 1))
    await any_house.run(lambda db: db.run(update(consultations).values(closes_at=db.now)))
    await asyncio.gather(*(tick(any_house.runtime) for _ in range(3)))
    assert await queued(any_house, "status") == 3
    rows = await any_house.run(
        lambda db: db.run(select(status_changes.c.now, status_changes.c.changed_by)).all()
    )
    assert rows == [("closed", None)]
    assert await any_house.run(lambda db: db.run(select(func.count()).select_from(doors)).scalar()) == 4
