"""Revisits: the team on the day, participants some weeks later, settled by a rule, never endlessly."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select, update

from bot.scheduler.scheduler import tick
from conversations.core.messages import Session
from conversations.followup.effects import (
    AddToRevisit,
    AnswerRevisit,
    CloseRevisit,
    NoteHappened,
    SayHappened,
)
from conversations.followup.facts import MyRevisits
from conversations.outcomes.standing import standing_text
from conversations.team.effects import SetTeamRule
from handlers import announcements
from storage.followup import schedule as revisit_schedule
from storage.followup.own_responses import responses_of
from storage.operations import retention
from storage.outbox import outbox as messages
from storage.outcomes import status as outcome_status
from storage.people import people
from storage.registry import load
from storage.tables import audit, consultations, outbox, parts, revisit_answers, roles
from storage.tables import revisits as table
from tests.storage.deciding import (
    A_CANT,
    A_DID,
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

DAY = datetime(2027, 3, 31, 9, 30, tzinfo=UTC)  # half past ten in London
X, Y, Z = 3, 4, 5  # who took part
PROMISE = 1  # the part's id


async def published(house, *more):
    """An outcome with a promise, and perhaps more parts."""
    number = await house.run(begin)
    await does(house, *written(number, **A_WILL), decided(number))
    for place, fields in enumerate(more, 1):
        await does(house, *written(number, place, **fields))
    await does(house, publish(number))
    return number


@pytest.fixture
async def number(house):
    return await published(house)


async def rows(house, part=PROMISE):
    query = select(table).where(table.c.part_id == part).order_by(table.c.round)
    return await house.run(lambda db: db.run(query).all())


async def at(house, moment):
    house.clock.now = moment
    await tick(house.runtime)


async def later(house, **by):
    house.clock.on(**by)
    await tick(house.runtime)


async def asked_of_people(house, owner="yes"):
    """Returns the revisit's id, once participants have been asked."""
    await at(house, DAY)
    (row,) = await rows(house)
    if owner:
        await does(house, SayHappened(row.id, owner))
    await later(house, weeks=6)
    return row.id


async def answered(house, number, *says):
    for person, one in zip((X, Y, Z), says, strict=False):
        await does(house, AnswerRevisit(number, one), person=person)


async def told(house, kind):
    """The newest message of this kind for each person, as built now."""

    def build(db):
        found = db.run(select(outbox).where(outbox.c.kind == kind).order_by(outbox.c.id)).all()
        return [announcements.build(house.runtime, db, messages.message_of(db, row)) for row in found]

    return await house.run(build)


async def standing(house, part=PROMISE):
    return (await house.run(lambda db: outcome_status.statuses(db, [part])))[part]


async def in_public(house, smallest=6):
    words = house.runtime.library.words("en", "normal")
    return standing_text(await standing(house), smallest, words)


async def test_the_team_is_asked_on_the_day_and_not_before_nor_twice(house, number):
    await at(house, DAY.replace(day=30))
    assert await queued(house, "happened") == 0
    await at(house, DAY.replace(hour=7, minute=30))  # half past eight: not nine yet
    assert await queued(house, "happened") == 0
    await at(house, DAY)
    await at(house, DAY)
    assert await queued(house, "happened") == 1  # Ann wrote it and sent it; Ben did neither
    (say,) = await told(house, "happened")
    assert say.heading == "Has it happened? The new youth hub"
    assert "We will: chose the old library." in say.text
    assert "Who: Libraries. Ask them, if you don't know." in say.text


async def test_if_none_of_its_authors_is_left_everybody_with_the_right_is_asked(house, number):
    await house.run(lambda db: db.run(roles.delete().where(roles.c.person_id == ANN)))
    await at(house, DAY)
    assert await queued(house, "happened") == 1
    (row,) = await rows(house)
    await does(house, SayHappened(row.id, "yes"), person=BEN)


async def test_a_did_is_asked_about_after_some_weeks_and_a_cant_never(any_house):
    await published(any_house, A_DID, {**A_CANT, "because": "nobody may work there then"})
    ids = dict(await any_house.run(lambda db: db.run(select(parts.c.decision, parts.c.id)).all()))
    (done,) = await rows(any_house, ids["did"])
    assert done.due == datetime(2027, 1, 12, 9, tzinfo=UTC)
    assert await rows(any_house, ids["cant"]) == []
    await does(any_house, SetTeamRule("revisit_weeks", 4), person=await an_owner(any_house))
    await at(any_house, done.due)
    (done,) = await rows(any_house, ids["did"])
    assert (done.state, done.due) == ("owner", datetime(2027, 2, 9, 9, tzinfo=UTC))


async def an_owner(house):
    await house.run(lambda db: db.run(roles.insert().values(person_id=BEN, role="owner", at=db.now)))
    return BEN


async def test_those_who_took_part_are_asked_some_weeks_on_and_each_may_change_their_answer(any_house):
    await published(any_house)
    asking = await asked_of_people(any_house)
    says = await told(any_house, "revisit")
    assert len(says) == 3
    assert says[0].text.startswith("Our answer of 1 December 2026 said:\nWe will: chose the old library.")
    keys = [button.key for row in says[0].rows for button in row]
    assert keys == [f"/revisit {asking} {word}" for word in ("yes", "partly", "no", "unsure")]
    await answered(any_house, asking, "no")
    await answered(any_house, asking, "yes")
    said = select(revisit_answers.c.says)
    assert await any_house.run(lambda db: db.run(said).scalars().all()) == ["yes"]
    assert [say is None for say in await told(any_house, "revisit")] == [True, False, False]


async def test_only_contributors_may_answer_and_only_while_it_is_asked(house, number):
    await at(house, DAY)
    (row,) = await rows(house)
    assert "over" in await refused(house, AnswerRevisit(row.id, "yes"), person=X)
    await later(house, weeks=6)
    assert "took part" in await refused(house, AnswerRevisit(row.id, "yes"), person=BEN)
    assert "First tap" in await refused(house, AddToRevisit(row.id, "it is dark"), person=X)
    assert "took part" in await refused(house, AnswerRevisit(99, "yes"), person=X)
    await later(house, days=29)
    assert "over" in await refused(house, AnswerRevisit(row.id, "yes"), person=X)


async def test_if_most_say_yes_it_is_kept_and_nobody_is_asked_again(house, number):
    asking = await asked_of_people(house)
    await answered(house, asking, "yes", "no", "yes")
    await later(house, days=29)
    (row,) = await rows(house)
    assert (row.state, row.ended, row.due) == ("closed", "kept", None)
    state = select(consultations.c.state).where(consultations.c.id == number)
    assert await house.run(lambda db: db.run(state).scalar()) == "revisited"
    assert not (await standing(house)).open


async def test_if_they_disagree_both_are_shown_and_it_stays_open(house, number):
    asking = await asked_of_people(house)
    await does(house, NoteHappened(asking, "it opened in March"))
    await answered(house, asking, "no", "partly", "yes")
    adds = 'The council says it is done. It adds: "it opened in March"'
    assert await in_public(house) == adds
    await later(house, days=29)
    found = await standing(house)
    assert (found.owner, found.note, found.open) == ("yes", "it opened in March", True)
    assert found.counts == {"no": 1, "partly": 1, "yes": 1}
    assert await in_public(house) == f"{adds} Most people who could tell say: partly, or no."


async def test_it_is_asked_three_times_and_then_needs_a_reason(any_house):
    await published(any_house)
    await asked_of_people(any_house)
    for again in range(3):
        now = (await rows(any_house))[-1]
        assert (now.round, now.state) == (again + 1, "people")
        await does(any_house, AnswerRevisit(now.id, "no"), person=X)
        await later(any_house, days=29)
        await later(any_house, weeks=6, days=1)  # the team
        await later(any_house, weeks=6, days=1)  # those who took part
    *_before, now = await rows(any_house)
    assert (now.round, now.state) == (3, "reason")
    await later(any_house, weeks=60)
    assert len(await rows(any_house)) == 3
    assert (await told(any_house, "happened"))[-1].heading == "It needs a reason: The new youth hub"
    for nothing in ("", "no", "because"):
        assert "why yet" in await refused(any_house, CloseRevisit(now.id, nothing))
    await does(any_house, CloseRevisit(now.id, "The library was sold."))
    assert (await in_public(any_house)).endswith("It is closed. The reason: The library was sold.")
    assert not (await standing(any_house)).open
    did = select(audit.c.did).order_by(audit.c.id.desc()).limit(1)
    assert await any_house.run(lambda db: db.run(did).scalar()) == "promise.closed"
    assert "settled" in await refused(any_house, CloseRevisit(now.id, "The library was sold."))


async def test_if_the_team_says_no_nobody_is_asked_whether_it_happened(house, number):
    await asked_of_people(house, "no")
    assert await queued(house, "revisit") == 0
    assert [(row.round, row.state) for row in await rows(house)] == [(1, "closed"), (2, "waiting")]
    assert await in_public(house) == "The council says it isn't done yet."


async def test_a_day_that_was_moved_is_followed(house, number):
    await at(house, DAY)
    moved = update(parts).where(parts.c.id == PROMISE).values(due=date(2027, 9, 1))
    await house.run(lambda db: db.run(moved))
    await later(house, minutes=1)
    (row,) = await rows(house)
    assert (row.state, row.day, row.due) == ("waiting", date(2027, 9, 1), datetime(2027, 9, 1, 8, tzinfo=UTC))
    assert await told(house, "happened") == [None]  # what was asked before is not asked any more
    await at(house, row.due)
    assert (await told(house, "happened"))[-1] is not None


async def test_a_promise_that_became_cant_is_not_asked_about_any_more(house, number):
    await at(house, DAY)
    await house.run(lambda db: db.run(update(parts).values(stands="cant")))
    await later(house, minutes=1)
    (row,) = await rows(house)
    assert (row.state, row.ended) == ("closed", "said")
    assert await in_public(house) == ""


async def test_two_workers_tick_at_once_and_everybody_is_asked_once(any_house):
    await published(any_house)
    await at(any_house, DAY)
    any_house.clock.on(weeks=6)
    for _ in range(2):
        await any_house.run(revisit_schedule.run_due)
        await tick(any_house.runtime)
    assert await queued(any_house, "revisit") == 3
    assert await queued(any_house, "happened") == 1


async def test_nobody_is_asked_in_quiet_hours(house, number):
    await at(house, DAY.replace(hour=22))
    assert await queued(house, "happened") == 0
    await later(house, hours=11)
    assert await queued(house, "happened") == 1


async def test_a_persons_comment_is_in_my_data_and_is_deleted_with_them_or_with_time(any_house):
    await published(any_house)
    asking = await asked_of_people(any_house)
    await answered(any_house, asking, "no", "no")
    for person in (X, Y):
        await does(any_house, AddToRevisit(asking, "the door is shut"), person=person)
    (mine,) = await any_house.run(lambda db: responses_of(db, X))
    assert (mine.says, mine.words, mine.title) == ("no", "the door is shut", {"en": "The new youth hub"})
    sealed = select(revisit_answers.c.sealed)
    assert all(b"door" not in one for one in await any_house.run(lambda db: db.run(sealed).scalars().all()))
    await any_house.run(lambda db: people.forget(db, X))
    left = select(func.count()).select_from(revisit_answers)
    assert await any_house.run(lambda db: db.run(left).scalar()) == 1
    any_house.clock.on(days=366)
    await any_house.run(retention.erase_words)
    (theirs,) = await any_house.run(lambda db: responses_of(db, Y))
    assert (theirs.says, theirs.words) == ("no", "")


async def test_open_revisits_are_listed_for_their_people_only(any_house):
    await published(any_house)
    await asked_of_people(any_house)

    async def listed(person):
        def look(db):
            return load(db, people.door_by_id(db, person), Session("revisit.list"), (MyRevisits,))

        return (await any_house.run(look))[MyRevisits].revisits

    assert [one.part.id for one in await listed(X)] == [PROMISE]
    assert await listed(BEN) == ()
