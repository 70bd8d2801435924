"""The person of a case and whoever helps them write to each other, if the person wants that; sealed, and read on the page."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from conversations.core.channels import TELEGRAM
from conversations.core.effects import Refused
from conversations.core.messages import Session
from conversations.safeguarding.casework.entries import CaseEntry
from conversations.safeguarding.effects import AnswerInCase, WriteNote
from handlers.announcements import build
from handlers.files.render import draw
from storage.core.dispatch import dispatch
from storage.outbox import heartbeats
from storage.outbox import outbox as stored
from storage.outbox.dispatching import Settlement, settle
from storage.people import people, strangers
from storage.registry import HANDLERS
from storage.safeguarding import case_entries
from storage.safeguarding.case_threads import IN_A_ROW
from storage.safeguarding.casework import one_case
from storage.tables import case_entries as entries_table
from storage.tables import case_words, cases, doors
from storage.tables import outbox as outbox_table
from tests.conversations.test_cases import DANGER, block, in_danger
from tests.conversations.test_handover import notices
from tests.house import as_text

NUMBER = "my number is 01632 960123"
KEPT = "It's there for them to read."


async def does(house, someone, effect) -> None:
    def do(db):
        dispatch(db, people.door_at(db, someone.channel, someone.address), (effect,), HANDLERS)

    await house.run(do)


async def entries(house, case=1) -> list[CaseEntry]:
    return list(await house.run(lambda db: case_entries.entries(db, case)))


async def said_in(house, case=1) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in await entries(house, case)]


async def on_it(house, address="2", case=1):
    lead = await house.staff("safeguarding", address)
    await lead.types(f"/cases {case}")
    await lead.taps("I'm on it")
    return lead


async def writes(lead, text="I am Sam. When can I ring you?", case=1) -> None:
    await lead.types(f"/cases {case}")
    await lead.taps("Write to them")
    await lead.types(text)


async def gets(house, young) -> None:
    """The helper's newest message reaches them."""

    def read(db):
        ours = select(outbox_table).where(outbox_table.c.once.startswith("case:"))
        row = db.run(ours.order_by(outbox_table.c.id.desc()).limit(1)).one()
        return stored.unseal(db, row.once, row.sealed)

    young.heard.append(await house.run(read))


async def written_to(house):
    lead, young = None, await in_danger(house)
    lead = await on_it(house)
    await writes(lead)
    await gets(house, young)
    return lead, young


async def test_what_they_answer_is_sealed_and_whoever_is_on_it_hears_that_there_is_an_answer(any_house):
    _lead, young = await written_to(any_house)
    assert "[Answer] [Not now]" in young.sees
    assert "You can answer here if you want to" in young.sees
    await young.taps("Answer")
    assert "Only whoever helps you with this reads it" in young.sees
    assert "I don't know how soon they read it" in young.sees
    assert "0800 1111" in young.sees
    await young.types(NUMBER)
    assert KEPT in as_text(young.heard[-2])
    assert await said_in(any_house) == [("message", "I am Sam. When can I ring you?"), ("answer", NUMBER)]
    (row,) = await any_house.run(
        lambda db: db.run(select(entries_table).where(entries_table.c.kind == "answer")).all()
    )
    assert NUMBER.encode() not in row.sealed
    (told,) = await notices(any_house, "case_answer")
    assert "There is an answer in case 1. Read it on the web page." in told
    assert NUMBER not in told


async def test_once_somebody_wrote_they_are_not_asked_again_whether_they_want_to_be_contacted(any_house):
    _lead, young = await written_to(any_house)
    await young.types("ok")
    assert "[Write to whoever helps you]" in young.sees
    assert "Talk to them" not in young.sees


async def test_an_answer_brings_no_quiet_line_because_whoever_helps_reads_it(any_house):
    _lead, young = await written_to(any_house)
    await young.taps("Answer")
    said = await young.types("ring my nan on sunday")  # the language model takes it for none that is offered
    assert [KEPT in as_text(say) for say in said] == [True, False]
    assert "I can't tell" not in as_text(said[-1])


async def test_not_now_costs_nothing_and_the_button_still_works_later(any_house):
    _lead, young = await written_to(any_house)
    await young.taps("Not now")
    assert "You can answer at any time" in as_text(young.heard[-2])
    any_house.clock.on(days=3)
    await young.taps("Answer")
    await young.types(NUMBER)
    assert ("answer", NUMBER) in await said_in(any_house)


async def test_after_talk_to_them_they_can_write_before_anybody_wrote(any_house):
    await any_house.staff("safeguarding", "2")
    young = await in_danger(any_house)
    await young.types("/reply")
    assert "Nobody in our team is writing with you here now" in as_text(young.heard[-2])
    await young.taps("Talk to them")
    await young.taps("Write to them now")
    await young.types(NUMBER)
    assert await said_in(any_house) == [("answer", NUMBER)]
    assert "[I'm OK, go on]" in young.sees, "they are where they were"
    assert len(await notices(any_house, "case_answer")) == 1


async def test_it_can_be_gone_on_with_from_home_while_the_case_is_open(any_house):
    lead, young = await written_to(any_house)
    await young.taps("I'm OK, go on")
    await young.types("/home")
    await young.taps("Write to whoever helps you")
    await young.types(NUMBER)
    await lead.types("/cases 1")
    await lead.taps("Close the case")
    await lead.taps("Spoke with them: they are safe")
    await lead.taps("Close it")
    await young.types("/home")
    assert "Write to whoever helps you" not in young.sees


async def test_they_go_back_to_the_question_that_they_were_at(house):
    _lead, young = await written_to(house)
    await young.taps("I'm OK, go on")
    await young.types("/settings")
    menu = young.sees
    await young.types("/reply")
    await young.types(NUMBER)
    assert young.sees == menu
    await young.types("/reply")
    await young.taps("Not now")
    assert young.sees == menu


async def test_they_can_stop_and_begin_again_and_the_helper_sees_that(any_house):
    lead, young = await written_to(any_house)
    await young.taps("Answer")
    await young.taps("Stop writing")
    assert "They see that you don't want to write here now." in as_text(young.heard[-2])
    await lead.types("/cases 1")
    assert "They said that they don't want to write here now." in lead.sees
    await lead.taps("Write to them")
    assert "Write only if you need to." in lead.sees
    await young.types("/reply")
    assert "[Stop writing]" not in young.sees
    await young.types("i changed my mind")
    await lead.types("/cases 1")
    assert "don't want to write" not in lead.sees


async def test_a_sign_in_an_answer_brings_help_at_once_and_adds_to_the_same_case(any_house):
    _lead, young = await written_to(any_house)
    any_house.clock.on(days=2)
    await young.taps("Answer")
    await young.types("he said he will kill me")
    assert "999" in young.sees
    (case,) = await any_house.run(lambda db: db.run(select(cases)).all())
    assert case.signs == 2
    assert (await said_in(any_house))[-1] == ("answer", "he said he will kill me")
    assert len(await any_house.run(lambda db: db.run(select(case_words)).all())) == 2


async def test_it_works_after_they_deleted_everything_else(any_house):
    _lead, young = await written_to(any_house)
    await young.types("/delete")
    await young.taps("Yes, delete it")
    await young.types("/reply")
    await young.types(NUMBER)
    assert KEPT in as_text(young.heard[-2])
    assert (await said_in(any_house))[-1] == ("answer", NUMBER)
    other = any_house.person("5550009")
    await other.types("/reply")
    assert "Nobody in our team is writing with you here now" in as_text(other.heard[-2])


async def test_who_deleted_everything_and_is_written_to_can_answer(any_house):
    young = await in_danger(any_house)
    await young.types("/delete")
    await young.taps("Yes, delete it")
    await writes(await on_it(any_house))
    await gets(any_house, young)
    await young.taps("Answer")
    await young.types(DANGER)
    assert "999" in young.sees
    assert [case.signs for case in await any_house.run(lambda db: db.run(select(cases)).all())] == [2]


async def test_a_case_that_closes_while_they_write_says_so_kindly_and_keeps_nothing(any_house):
    lead, young = await written_to(any_house)
    await young.taps("Answer")
    await lead.types("/cases 1")
    await lead.taps("Close the case")
    await lead.taps("Spoke with them: they are safe")
    await lead.taps("Close it")
    await young.types(NUMBER)
    assert "I haven't kept that, because nobody would read it here now." in as_text(young.heard[-2])
    assert "these people are there:" in young.sees
    assert "0800 1111" in young.sees
    assert await entries(any_house) == []
    await young.taps("Not now")
    await young.taps("Answer")
    assert "Nobody in our team is writing with you here now" in as_text(young.heard[-2])
    with pytest.raises(Refused):
        await does(any_house, young, AnswerInCase(1, NUMBER))


async def test_a_sign_in_an_answer_to_a_closed_case_is_another_case(any_house):
    lead, young = await written_to(any_house)
    await young.taps("Answer")
    await lead.types("/cases 1")
    await lead.taps("Close the case")
    await lead.taps("Spoke with them: they are safe")
    await lead.taps("Close it")
    await young.types(DANGER)
    assert "999" in young.sees
    open_ones = select(cases.c.id).where(cases.c.closed_at.is_(None))
    assert len(await any_house.run(lambda db: db.run(open_ones).all())) == 1


async def test_a_very_long_answer_and_very_many_are_refused_kindly(house):
    _lead, young = await written_to(house)
    await young.taps("Answer")
    await young.types("y" * 100_000)
    assert "I can take 2000." in as_text(young.heard[-2])
    for n in range(IN_A_ROW):
        await does(house, young, AnswerInCase(1, f"answer {n}"))
    await young.types("and one more")
    assert "You've written a lot already." in as_text(young.heard[-2])


async def test_nobody_writes_in_somebody_elses_case(any_house):
    await written_to(any_house)
    other = await in_danger(any_house, "5550009")
    with pytest.raises(Refused):
        await does(any_house, other, AnswerInCase(1, "not mine"))


async def test_the_taker_and_the_leads_hear_of_an_answer_and_nobody_else(any_house):
    for role, address in (("safeguarding", "2"), ("deputy", "3"), ("deputy", "4"), ("owner", "5")):
        await any_house.staff(role, address)
    young = await in_danger(any_house)
    deputy = any_house.person("3")
    await deputy.types("/cases 1")
    await deputy.taps("I'm on it")
    await writes(deputy)
    await young.types("/reply")
    await young.types(NUMBER)

    def told(db):
        rows = db.run(select(outbox_table.c.door_id).where(outbox_table.c.kind == "case_answer"))
        return {people.address_of(db, row.door_id) for row in rows}

    assert await any_house.run(told) == {"2", "3"}


async def test_where_none_of_them_can_be_reached_the_others_hear_of_an_answer(any_house):
    await any_house.staff("owner", "1")
    lead, young = await written_to(any_house)
    await block(any_house, lead.address)
    await young.taps("Answer")
    await young.types(NUMBER)
    assert len(await notices(any_house, "case_answer")) == 1


async def test_whoever_reads_later_that_somebody_knows_can_talk_to_them_too(any_house):
    young = await in_danger(any_house)
    lead = await on_it(any_house)
    (news,) = await any_house.run(lambda db: said_later(any_house, db))
    assert "[Talk to them]" in as_text(news)
    await young.types("/home")
    young.heard.append(news)
    await young.taps("Talk to them")
    assert "What would you like to tell them?" in young.sees
    await young.types(NUMBER)
    assert await said_in(any_house) == [("answer", NUMBER)]
    await lead.types("/cases 1")
    assert "They'd like somebody to get in touch." in lead.sees
    await lead.taps("Close the case")
    await lead.taps("Spoke with them: they are safe")
    await lead.taps("Close it")
    young.heard.append(news)
    await young.taps("Talk to them")
    assert "Nobody in our team is writing with you here now" in as_text(young.heard[-2])
    assert len(await any_house.run(lambda db: db.run(select(cases.c.id)).all())) == 1, "no new case"


def said_later(house, db):
    rows = db.run(select(outbox_table).where(outbox_table.c.kind == "case_informed")).all()
    return [build(house.runtime, db, stored.message_of(db, row)) for row in rows]


async def heard_of_it(house) -> list[str]:
    """The addresses that were told of an answer, in order."""

    def told(db):
        query = select(outbox_table.c.door_id).where(outbox_table.c.kind == "case_answer")
        return [people.address_of(db, door) for door in db.run(query.order_by(outbox_table.c.id)).scalars()]

    return await house.run(told)


async def bounces(house, *addresses, state="unreachable") -> None:
    """The news of an answer that waits for these does not arrive."""

    def bounce(db):
        waiting = (outbox_table.c.kind == "case_answer", outbox_table.c.state == "waiting")
        rows = db.run(select(outbox_table.c.id, outbox_table.c.door_id).where(*waiting)).all()
        theirs = [row.id for row in rows if people.address_of(db, row.door_id) in addresses]
        settle(db, [Settlement(number, state) for number in theirs])

    await house.run(bounce)


@pytest.mark.parametrize("state", ["unreachable", "failed", "unknown"])
async def test_news_of_an_answer_that_bounces_goes_on_to_the_next_who_can_be_reached(any_house, state):
    await any_house.staff("deputy", "3")
    await any_house.staff("owner", "1")
    _lead, young = await written_to(any_house)
    await young.taps("Answer")
    await young.types(NUMBER)
    assert await heard_of_it(any_house) == ["2"]
    await bounces(any_house, "2", state=state)
    assert [one for one in await heard_of_it(any_house) if one != "2"] == ["3"]
    told = (await notices(any_house, "case_answer"))[-1]
    assert "Whoever is on it may not have heard of it" in told
    assert NUMBER not in told
    await bounces(any_house, "2", "3", state=state)
    assert [one for one in await heard_of_it(any_house) if one == "1"] == ["1"]


async def test_news_of_an_answer_goes_no_further_while_a_lead_has_it(any_house):
    await any_house.staff("owner", "1")
    await any_house.staff("safeguarding", "4")
    _lead, young = await written_to(any_house)
    await young.taps("Answer")
    await young.types(NUMBER)
    assert sorted(await heard_of_it(any_house)) == ["2", "4"]
    await bounces(any_house, "4")
    assert sorted(await heard_of_it(any_house)) == ["2", "4"]


async def test_a_page_that_nobody_is_at_does_not_count_as_told(any_house):
    await any_house.staff("owner", "1")
    lead, young = await written_to(any_house)

    def moves_to_a_page(db):
        door = people.door_at(db, TELEGRAM, lead.address).id
        signed_in = db.now + timedelta(hours=9)
        db.run(update(doors).where(doors.c.id == door).values(kind="web", signed_in_until=signed_in))

    await any_house.run(moves_to_a_page)
    any_house.clock.on(hours=1)
    await any_house.run(lambda db: heartbeats.beat(db, TELEGRAM.name))
    await young.taps("Answer")
    await young.types(NUMBER)
    told = select(outbox_table.c.door_id).where(outbox_table.c.kind == "case_answer")
    assert len(await any_house.run(lambda db: db.run(told).all())) == 2


async def test_my_data_has_what_both_wrote_and_not_the_notes(any_house):
    lead, young = await written_to(any_house)
    await young.taps("Answer")
    await young.types(NUMBER)
    await does(any_house, lead, WriteNote(1, "seen by the school nurse"))
    await young.types("/mydata")
    assert "What you and whoever helps you wrote to each other here: the file has it." in young.sees
    (said,) = (await young.taps("Get it as a file"))[:1]
    page = (await draw(any_house.runtime, said.attachment)).content.decode()
    assert NUMBER in page
    assert "When can I ring you?" in page
    assert "school nurse" not in page


async def test_notes_are_for_those_who_may_read_the_case_and_go_with_it(any_house):
    deputy = await any_house.staff("deputy", "3")
    lead, _young = await written_to(any_house)
    with pytest.raises(Refused):
        await does(any_house, deputy, WriteNote(1, "not theirs"))
    await does(any_house, lead, WriteNote(1, "rang the school"))

    def reads(db, address):
        return case_entries.readable_entries(db, people.door_at(db, TELEGRAM, address), 1)

    found = await any_house.run(lambda db: reads(db, "2"))
    assert [(one.kind, one.at) for one in found][-1] == ("note", any_house.clock.now)
    assert found[-1].by
    assert await any_house.run(lambda db: reads(db, "3")) == ()
    shown = await any_house.run(
        lambda db: one_case(db, people.door_at(db, TELEGRAM, "2"), Session("cases.one", 0, {"case": 1}))
    )
    assert "rang the school" not in str(shown), "notes are on the page only"
    await lead.types("/cases 1")
    await lead.taps("Close the case")
    await lead.taps("Spoke with them: they are safe")
    await lead.taps("Close it")
    assert await entries(any_house) == []


async def test_notes_stay_when_whoever_wrote_them_leaves_the_team(any_house):
    lead, _young = await written_to(any_house)
    await does(any_house, lead, WriteNote(1, "rang the school"))
    owner = await any_house.staff("owner", "1")
    await any_house.staff("safeguarding", "9")
    await owner.types("/team")
    await owner.taps("Remove somebody")
    await owner.taps("Safeguarding lead 1")
    await owner.taps("Yes, remove")
    found = await any_house.run(
        lambda db: case_entries.readable_entries(db, people.door_at(db, TELEGRAM, "9"), 1)
    )
    assert found[-1].text == "rang the school"
    with pytest.raises(Refused):
        await does(any_house, lead, WriteNote(1, "and another"))


async def polish_and_erased(house):
    """A Polish child in danger, who deletes everything."""
    ola = house.person()
    await ola.types("/start")
    await ola.taps("Polski")
    await ola.taps("OK")
    await ola.taps("16–17")
    await ola.taps("Tak, zapisuj")
    await ola.types("chcę się zabić")
    await ola.types("/delete")
    await ola.taps("Tak, usuń")
    return ola


async def kept_language(house):
    row = await house.run(lambda db: db.run(select(cases)).one())
    return row.language, row.version


@pytest.mark.parametrize("days", [0, 3])
async def test_who_deleted_everything_is_written_to_in_their_language(any_house, days):
    """Within a day their door is a stranger's that speaks it. Later there is no door, and a new one has to."""
    ola = await polish_and_erased(any_house)
    any_house.clock.on(days=days)
    await any_house.run(strangers.forget_strangers)
    lead = await on_it(any_house)
    await writes(lead, "hej")
    await gets(any_house, ola)
    assert "[Odpowiedz] [Nie teraz]" in ola.sees
    assert "hej" in ola.sees
    assert "You can answer" not in ola.sees
    door = await any_house.run(lambda db: people.door_at(db, TELEGRAM, ola.address))
    assert door.person.language == "pl"
    await ola.taps("Odpowiedz")
    assert "[Nie teraz]" in ola.sees


async def test_a_case_keeps_the_language_only_of_who_is_erased_and_until_it_is_closed(any_house):
    young = await in_danger(any_house)
    assert await kept_language(any_house) == (None, None)
    await young.types("/delete")
    await young.taps("Yes, delete it")
    assert await kept_language(any_house) == ("en", "normal")
    lead = await on_it(any_house)
    await lead.taps("Close the case")
    await lead.taps("Spoke with them: they are safe")
    await lead.taps("Close it")
    assert await kept_language(any_house) == (None, None)
