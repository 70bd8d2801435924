"""Counts, on both databases: from the answers, and kept ones for large consultations."""

from collections import Counter

import pytest
from sqlalchemy import select, update

from bot.cli.play import open_now
from bot.scheduler.scheduler import count
from conversations.consultations.effects import SaveAnswer
from conversations.core.channels import TELEGRAM
from conversations.core.messages import Session
from conversations.core.person import Role
from conversations.people.effects import Forget
from conversations.results.counting.tallies import to_results
from conversations.results.facts import ConsultationCounts
from storage.people import people
from storage.results import counts as result_counts
from storage.results import responses as result_responses
from storage.results.counts import ResponseCounts
from storage.tables import consultations, kept_counts
from tests.house import House
from tests.sample_forms import KINDS
from tests.storage.answering import does, somebody, three_people

pytestmark = pytest.mark.also_on_postgres


@pytest.fixture
async def hub(any_house: House) -> House:
    """A house with one open consultation that three people answered."""
    await any_house.run(lambda db: open_now(db, KINDS))
    await three_people(any_house)
    return any_house


@pytest.fixture
async def crowded(hub: House, monkeypatch) -> House:
    """The same, where three participants count as many."""
    monkeypatch.setattr(result_counts, "MANY", 3)
    return hub


async def counts(house: House) -> ResponseCounts:
    return await house.run(lambda db: result_counts.counts(db, 1))


async def close(house: House) -> None:
    await house.run(lambda db: db.run(update(consultations).values(state="closed")))


def answered(found: ResponseCounts, name: str) -> int:
    return next(tally.answered for tally in found.tallies if tally.question == name)


async def test_counts_are_those_of_the_answers(hub):
    now = await counts(hub)
    words = hub.runtime.library.words("en", "normal")
    found = {q.name: q for q in to_results(KINDS, now.tallies, people=now.people, words=words).questions}
    assert now.people == 3
    assert [cell.count for cell in found["visit"].cells] == [2, 0, 1]
    assert [cell.count for cell in found["rooms"].cells] == [2, 0, 1, 0]
    assert (found["rooms"].answered, found["rooms"].skipped) == (2, 1)
    assert (found["warm"].mean, found["warm"].lowest, found["warm"].highest) == (3.0, 2, 4)
    assert found["else"].answered == 3
    assert found["friends"].answered == 0


async def test_true_counts_load_one_question_and_hidden_counts_load_all(hub):
    every = (await counts(hub)).tallies
    named = {tally.question: tally for tally in every}
    worker = await counts_for(hub, "worker")
    assert [one.tallies for one in worker] == [
        (named[question.name],) if question.name in named else ()
        for question in KINDS.questions
        if question.kind != "note"
    ]
    assert {one.people for one in worker} == {3}
    assert all(one.tallies == every for one in await counts_for(hub, "reviewer"))


async def counts_for(house: House, role: Role) -> list[ConsultationCounts]:
    """The counts that a team member sees for each question."""
    await house.staff(role, address=role)
    places = len([question for question in KINDS.questions if question.kind != "note"])

    def work(db):
        door = people.door_at(db, TELEGRAM, role)
        notes = [{"consultation": 1, "question": place} for place in range(places)]
        return [result_responses.counts(db, door, Session("results.one", notes=each)) for each in notes]

    return await house.run(work)


async def test_a_consultation_that_nobody_answered_counts_nothing(any_house):
    await any_house.run(lambda db: open_now(db, KINDS))
    assert await counts(any_house) == ResponseCounts(0, ())


async def test_a_text_that_a_case_keeps_since_a_moment_ago_is_no_fault(any_house, monkeypatch):
    """On PostgreSQL the two counts are of two moments."""
    await any_house.run(lambda db: open_now(db, KINDS))
    monkeypatch.setattr(result_counts, "_kept_back_texts", lambda *_of: Counter({KINDS.questions[0].name: 1}))
    assert await counts(any_house) == ResponseCounts(0, ())


# --- stored counts --------------------------------------------------------------------------------


async def test_stored_counts_equal_those_of_the_answers(crowded):
    now = await counts(crowded)
    await close(crowded)
    await count(crowded.runtime)
    assert await crowded.run(lambda db: db.run(select(kept_counts.c.people)).scalar()) == 3
    assert await counts(crowded) == now
    alone = await crowded.run(lambda db: result_counts.counts(db, 1, ["rooms"]))
    assert [tally for tally in now.tallies if tally.question == "rooms"] == list(alone.tallies)


async def test_small_consultations_are_counted_on_demand(hub):
    await count(hub.runtime)
    assert await hub.run(lambda db: db.run(select(kept_counts)).first()) is None


async def test_while_people_answer_stored_counts_show_their_time_and_are_refreshed(crowded):
    counted_at = crowded.clock.now
    await count(crowded.runtime)
    await somebody(crowded, "5")
    await does(crowded, SaveAnswer(1, "warm", 1), address="5")
    assert (await counts(crowded)).at == counted_at
    assert answered(await counts(crowded), "warm") == 3
    crowded.clock.on(minutes=4)
    await count(crowded.runtime)
    assert (await counts(crowded)).at == counted_at
    crowded.clock.on(minutes=2)
    await count(crowded.runtime)
    assert (await counts(crowded)).at == crowded.clock.now
    assert answered(await counts(crowded), "warm") == 4


async def test_if_the_scheduler_stood_still_the_answers_are_counted(crowded):
    await count(crowded.runtime)
    crowded.clock.on(minutes=11)
    assert (await counts(crowded)).at is None


async def test_a_clock_that_was_set_back_keeps_no_count_for_longer(crowded):
    await count(crowded.runtime)
    crowded.clock.on(hours=-3)
    assert (await counts(crowded)).at is None
    await count(crowded.runtime)
    assert (await counts(crowded)).at == crowded.clock.now


async def test_counts_stored_while_people_answered_are_not_shown_after_closing(crowded):
    """Otherwise an answer changed since would show as the difference of two counts."""
    await count(crowded.runtime)
    await does(crowded, SaveAnswer(1, "warm", 0), address="2")
    await close(crowded)
    now = await counts(crowded)
    assert now.at is None
    assert now == await crowded.run(lambda db: result_counts.count_now(db, 1))
    await count(crowded.runtime)
    assert await counts(crowded) == now


async def test_people_who_leave_are_not_counted_any_more(crowded):
    await close(crowded)
    await count(crowded.runtime)
    await does(crowded, Forget(), address="2")
    left = await counts(crowded)
    assert (left.people, answered(left, "warm")) == (2, 2)
    await count(crowded.runtime)
    assert await counts(crowded) == left


async def test_counts_of_a_deleted_consultation_are_not_stored(crowded):
    (stale,) = await crowded.run(result_counts.stale)
    found = await counts(crowded)
    await crowded.run(lambda db: db.run(consultations.delete()))
    await crowded.run(lambda db: result_counts.store(db, stale, found))
    assert await crowded.run(lambda db: db.run(select(kept_counts)).first()) is None


async def test_staff_read_when_it_was_counted(crowded):
    worker = await crowded.staff("worker")
    await worker.types("/results 1")
    assert "Counted" not in worker.heard[-1].text
    await count(crowded.runtime)
    await worker.types("/results 1")
    assert "3 people took part.\nCounted Tuesday" in worker.heard[-1].text
