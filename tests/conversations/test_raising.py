"""Issues: stored sealed, sent once, discussed without names, and deleted with their person."""

import asyncio

import pytest
from sqlalchemy import select

from bot.scheduler.scheduler import forget
from conversations.core.channels import TELEGRAM, WEB
from conversations.core.effects import Refused
from conversations.issues.effects import (
    AddToIssue,
    AnswerIssue,
    AskBack,
    CloseIssue,
    EndIssue,
    MergeIssue,
    MoveIssue,
    ReadIssue,
    SendIssue,
    WriteIssue,
)
from storage.core.dispatch import dispatch
from storage.issues import inbox, issues
from storage.people import people
from storage.registry import HANDLERS
from storage.tables import audit, issue_entries, outbox, roles
from storage.tables import issues as table
from storage.tables import sessions as sessions_table
from tests.house import A_TUESDAY, as_text
from tests.raised import member, messages, raised, somebody, with_areas

WORDS = "the quetzal stop is dark"


async def rows(house, what):
    return [dict(row) for row in await house.run(lambda db: db.run(select(what)).mappings().all())]


async def states(house):
    return [row["state"] for row in await rows(house, table)]


async def raises(person, words=WORDS, theme="2"):
    await person.types("/raise new")
    await person.taps(theme)
    await person.types(words)
    await person.taps("Send it")


@pytest.fixture
async def young(any_house):
    person = any_house.person()
    await person.joins()
    return person


# --- writing it -----------------------------------------------------------------------------------


async def test_a_draft_lies_sealed_in_a_row_and_not_in_the_session(any_house, young):
    await young.types("/raise")
    await young.taps("2")
    await young.types(WORDS)
    stored = repr(await rows(any_house, table)) + repr(await rows(any_house, sessions_table))
    assert "quetzal" not in stored
    assert (await rows(any_house, sessions_table))[0]["notes"].keys() <= {"asked"}
    assert await states(any_house) == ["draft"]
    assert WORDS in young.sees


async def test_too_long_is_said_with_the_numbers_and_nothing_is_kept(house):
    young = house.person()
    await young.joins()
    await young.types("/raise")
    await young.taps("2")
    said = await young.types("y" * 2001)
    assert "2001 letters long, and I can take 2000" in said[0].text
    await young.types("y" * 2000)
    assert "Shall I send this?" in young.sees


async def test_without_areas_nobody_is_asked_for_one(any_house, young):
    await raises(young)
    (issue,) = await rows(any_house, table)
    assert (issue["theme"], issue["area"], issue["state"]) == ("learning", "", "open")


async def test_long_lists_of_areas_have_pages_and_may_be_typed(house):
    await house.run(
        lambda db: with_areas(db, *(f"A place with a name as long as this {n}" for n in range(12)))
    )
    young = house.person()
    await young.joins()
    await young.types("/raise")
    await young.taps("2")
    await young.taps("More")
    assert "12. A place with a name as long as this 11" in young.sees
    await young.types("12")
    await young.types(WORDS)
    assert "About: Learning, A place with a name as long as this 11" in young.sees


async def test_five_wait_at_most_even_if_two_doors_send_at_once(any_house):
    def four(db):
        door = somebody(db)
        for n in range(4):
            raised(db, door, f"number {n}")
        issues.write(db, door, WriteIssue("learning", "", "the fifth"))
        return door

    door = await any_house.run(four)

    def sends(db):
        issues.send(db, door, SendIssue())
        issues.write(db, door, WriteIssue("learning", "", "the sixth"))

    results = await asyncio.gather(*(any_house.run(sends) for _ in range(2)), return_exceptions=True)
    assert [type(one) for one in results if one] == [Refused]
    assert (await states(any_house)).count("open") == 5


async def test_the_effect_handler_itself_refuses_an_invalid_issue(house):
    stranger = await house.run(lambda db: people.find_or_create_door(db, TELEGRAM, "1"))
    with pytest.raises(Refused):
        await house.run(lambda db: issues.write(db, stranger, WriteIssue("learning", "", WORDS)))
    assert await rows(house, table) == []


async def test_somebody_of_the_team_who_never_joined_raises_nothing(house):
    worker = await house.staff("worker")
    said = await worker.types("/raise")
    assert "/inbox" in said[0].text
    assert await rows(house, table) == []


async def test_nobody_reads_or_writes_to_somebody_elses_issue(any_house, young):
    await raises(young)
    other = any_house.person("5550002")
    await other.joins()
    for command in ("/raise 1", "/raise more 1"):
        await other.types(command)
        assert "That one isn't here any more." in other.sees
        assert "quetzal" not in other.sees
    door = await any_house.run(lambda db: people.door_at(db, TELEGRAM, "5550002"))
    for effect in (AddToIssue(1, "mine now"), EndIssue(1)):
        with pytest.raises(Refused):
            await any_house.run(lambda db, effect=effect: dispatch(db, door, [effect], HANDLERS))


# --- the thread -----------------------------------------------------------------------------------


async def test_the_thread_goes_both_ways_and_nobody_has_a_name(any_house, young):
    worker = await any_house.staff("worker")
    await raises(young)
    await worker.types("/inbox")
    assert "New. Learning: “the quetzal stop is dark”." in worker.sees
    await worker.taps("1")
    await worker.taps("Ask them")
    await worker.types("Which stop is it?")
    ((address, kind, said),) = await messages(any_house)
    assert (address, kind) == (young.address, "issue")
    assert "Somebody in the team asks: Which stop is it?" in said.text
    assert "quetzal" not in as_text(said)
    young.heard.append(said)
    await young.types("/settings")
    await young.taps("Answer")  # works from outside any step
    await young.types("the one by the river")
    ((address, kind, said),) = await messages(any_house)
    assert (address, kind) == (worker.address, "issue_back")
    assert "river" not in as_text(said)
    worker.heard.append(said)
    await worker.taps("See it")
    assert "the one by the river" in worker.sees
    await worker.taps("Answer")
    await worker.types("It gets a lamp by March. Sam")
    ((_, _, said),) = await messages(any_house)
    assert "Somebody in the team answers: It gets a lamp by March. Sam" in said.text
    assert await states(any_house) == ["answered"]
    for person in (young, worker):
        assert not any(name in person.sees for name in (young.address, worker.address, "Worker 1"))


async def test_whoever_asked_last_is_notified_once_until_they_write_again(any_house, young):
    asker, other = await any_house.staff("worker", "2"), await any_house.staff("decider", "3")
    await raises(young)
    await asker.types("/inbox 1")
    await asker.taps("Ask them")
    await asker.types("Which one?")
    await messages(any_house)
    for words in ("the 16", "and the 17"):
        await young.types("/raise more 1")
        await young.types(words)
    assert [message[:2] for message in await messages(any_house)] == [("2", "issue_back")]
    await other.types("/inbox")
    assert "They wrote back." in other.sees


async def test_if_the_asker_left_everybody_who_answers_issues_is_notified(any_house, young):
    await any_house.staff("owner", "1"), await any_house.staff("decider", "3")
    asker = await any_house.staff("worker", "2")
    await raises(young)
    await asker.types("/inbox 1")
    await asker.taps("Ask them")
    await asker.types("Which one?")
    await messages(any_house)
    await any_house.run(lambda db: db.run(roles.delete().where(roles.c.role == "worker")))
    await young.types("/raise more 1")
    await young.types("the 16")
    assert [message[0] for message in await messages(any_house)] == ["1", "3"]


async def test_an_answer_at_night_waits_for_the_morning_but_not_on_a_page(any_house):
    any_house.clock.on(hours=6)

    def answered(db):
        for door in (somebody(db, "1"), somebody(db, "page", channel=WEB)):
            inbox.answer(db, member(db), AnswerIssue(raised(db, door), "Yes, from May."))

    await any_house.run(answered)
    due = {row["door_kind"]: row["due"] for row in await rows(any_house, outbox)}
    assert due["web"] == any_house.clock.now
    assert due["telegram"].hour == 8
    assert await messages(any_house) == []
    any_house.clock.on(hours=11)
    assert [message[0] for message in await messages(any_house)] == ["1"]


async def test_people_who_opted_out_get_no_message_but_find_the_answer(any_house, young):
    await raises(young)
    await young.types("/stop")
    await any_house.run(lambda db: inbox.answer(db, member(db), AnswerIssue(1, "Yes, from May.")))
    assert await messages(any_house) == []
    await young.types("/raise 1")
    assert "Yes, from May." in young.sees


async def test_a_long_thread_has_pages_the_newest_first(any_house, young):
    await raises(young, "a" * 1900)

    def talk(db):
        worker = member(db)
        door = people.door_at(db, TELEGRAM, young.address)
        for n in range(3):
            inbox.ask_back(db, worker, AskBack(1, f"{n} " + "b" * 1500))
            issues.add(db, door, AddToIssue(1, f"{n} " + "c" * 1500))

    await any_house.run(talk)
    await young.types("/raise 1")
    assert "2 ccc" in young.sees
    assert "aaa" not in young.sees
    while "[Earlier]" in young.sees or "Earlier" in young.sees:
        await young.taps("Earlier")
    assert "aaa" in young.sees
    await young.taps("More")
    assert "aaa" not in young.sees


async def test_after_ten_in_a_row_the_team_is_to_read_first(any_house, young):
    await raises(young)
    door = await any_house.run(lambda db: people.door_at(db, TELEGRAM, young.address))
    for n in range(10):
        await any_house.run(lambda db, n=n: issues.add(db, door, AddToIssue(1, f"more {n}")))
    await young.types("/raise more 1")
    said = await young.types("one more")
    assert "Let the team read that first." in said[0].text
    await any_house.run(lambda db: inbox.ask_back(db, member(db), AskBack(1, "Really?")))
    await any_house.run(lambda db: issues.add(db, door, AddToIssue(1, "really")))


async def test_an_answered_issue_continues_with_a_new_promise(any_house, young):
    await raises(young)
    await any_house.run(lambda db: inbox.answer(db, member(db), AnswerIssue(1, "No.")))
    any_house.clock.on(days=10)
    await young.types("/raise more 1")
    said = await young.types("why not")
    assert "answer by Friday 8 January" in said[0].text
    assert await states(any_house) == ["open"]


# --- who may do what ------------------------------------------------------------------------------

DEEDS_OF_THE_TEAM = (
    ReadIssue(1),
    AnswerIssue(1, "yes"),
    AskBack(1, "which"),
    CloseIssue(1, "because"),
    MoveIssue(1, A_TUESDAY.date(), "because"),
    MergeIssue(1, 1),
)


@pytest.mark.parametrize("effect", DEEDS_OF_THE_TEAM, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("role", [None, "reviewer", "safeguarding"])
async def test_only_those_who_answer_issues_may(house, effect, role):
    def tries(db):
        raised(db, somebody(db))
        door = member(db, role, "9") if role else somebody(db, "9")
        dispatch(db, door, [effect], HANDLERS)

    with pytest.raises(Refused):
        await house.run(tries)


async def test_an_old_button_of_somebody_removed_shows_and_does_nothing(house):
    worker = await house.staff("worker", "2")
    await house.run(lambda db: raised(db, somebody(db), WORDS))
    await worker.types("/inbox")
    await house.run(lambda db: db.run(roles.delete()))
    await worker.taps("1")
    assert "quetzal" not in worker.sees
    assert "read an issue" not in [row["did"] for row in await rows(house, audit)]


async def test_reading_and_actions_are_in_the_audit_log(any_house):
    worker = await any_house.staff("worker", "2")
    await any_house.run(lambda db: raised(db, somebody(db)))
    await worker.types("/inbox")
    await worker.taps("1")
    await worker.taps("Close with a reason")
    await worker.types("It isn't ours to decide.")
    done = [(row["did"], row["about"]) for row in await rows(any_house, audit)][-2:]
    assert done == [("read an issue", "issue 1"), ("closed an issue", "issue 1")]


async def test_two_who_answer_at_once_both_reach_them_and_nothing_is_lost(any_house):
    def ready(db):
        raised(db, somebody(db))
        return member(db, "worker", "2"), member(db, "decider", "3")

    workers = await any_house.run(ready)
    await asyncio.gather(
        any_house.run(lambda db: inbox.answer(db, workers[0], AnswerIssue(1, "one"))),
        any_house.run(lambda db: inbox.close(db, workers[1], CloseIssue(1, "two"))),
        return_exceptions=True,
    )
    kinds = {row["kind"] for row in await rows(any_house, issue_entries)}
    assert kinds in ({"answer"}, {"closed", "answer"}, {"closed"})
    assert len(await messages(any_house)) == len(kinds)


# --- after deletion -------------------------------------------------------------------------------


async def test_delete_erases_issues_and_threads_and_the_team_sees_that(any_house, young):
    worker = await any_house.staff("worker", "2")
    await raises(young)
    await worker.types("/inbox 1")
    await worker.taps("Ask them")
    await worker.types("Which?")
    await young.types("/delete")
    await young.taps("Yes, delete it")
    assert await rows(any_house, table) == await rows(any_house, issue_entries) == []
    assert {kind for _, kind, _ in await messages(any_house)} == {"gone"}  # what the worker had open
    for label in ("Answer", "Back to the inbox"):
        await worker.taps(label)
    assert "There is nothing here." in worker.sees
    await worker.types("/inbox 1")
    assert "The young person deleted this one." in worker.sees


async def test_answering_a_just_deleted_issue_says_that_it_is_gone(any_house, young):
    worker = await any_house.staff("worker", "2")
    await raises(young)
    await worker.types("/inbox 1")
    await worker.taps("Answer")
    await young.types("/delete")
    await young.taps("Yes, delete it")
    await worker.types("Yes, from May.")
    assert "The young person deleted this one." in worker.sees


async def test_my_data_shows_it_and_its_file_has_the_whole_thread(any_house, young):
    from conversations.core.messages import Attachment
    from handlers.files.render import draw

    await raises(young)
    await any_house.run(lambda db: inbox.answer(db, member(db), AnswerIssue(1, "Yes, from <May>.")))
    await young.types("/raise new")
    await young.types("not sent yet")
    await young.types("/mydata")
    assert "“the quetzal stop is dark”: Answered." in young.sees
    assert "“not sent yet”: Not sent yet." in young.sees
    person = await any_house.run(lambda db: people.door_at(db, TELEGRAM, young.address).person.id)
    page = (await draw(any_house.runtime, Attachment("mydata", {"person": person}))).content.decode()
    assert all(words in page for words in (WORDS, "Yes, from &lt;May&gt;.", "not sent yet"))


async def test_words_go_after_their_time_and_that_it_was_raised_still_counts(any_house, young):
    await raises(young)
    await any_house.run(lambda db: inbox.answer(db, member(db), AnswerIssue(1, "Yes, from May.")))
    await messages(any_house)
    any_house.clock.on(days=366)
    await forget(any_house.runtime)
    (issue,) = await rows(any_house, table)
    kept = (issue["sealed"], issue["theme"], issue["state"])
    assert kept == (None, "learning", "answered")
    assert [row["sealed"] for row in await rows(any_house, issue_entries)] == [None]
    await young.types("/raise 1")
    assert young.sees.count("(These words were deleted after 365 days.)") == 2


async def test_an_unanswered_person_hears_so_before_the_words_expire(any_house, young):
    await raises(young)
    any_house.clock.on(days=366)
    await forget(any_house.runtime)
    ((address, _, said),) = await messages(any_house)
    assert address == young.address
    assert "Nobody answered before the words had to be deleted." in said.text
    assert await states(any_house) == ["lapsed"]
    await young.types("/raise")
    assert "Nobody answered in time." in young.sees


async def test_a_draft_that_was_never_sent_goes_after_thirty_days(any_house, young):
    await young.types("/raise")
    await young.taps("2")
    await young.types(WORDS)
    any_house.clock.on(days=29)
    await forget(any_house.runtime)
    assert await states(any_house) == ["draft"]
    any_house.clock.on(days=2)
    await forget(any_house.runtime)
    assert await states(any_house) == []


async def test_a_draft_sent_from_another_door_is_not_sent_twice(any_house, young):
    await young.types("/raise")
    await young.taps("2")
    await young.types(WORDS)
    door = await any_house.run(lambda db: people.door_at(db, TELEGRAM, young.address))
    await any_house.run(lambda db: issues.send(db, door, SendIssue()))
    await young.taps("Send it")
    assert "There is nothing to send here any more." in as_text(young.heard[-2]) + young.sees
    assert await states(any_house) == ["open"]
