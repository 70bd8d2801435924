"""A sign of danger, through the house: help at once, a case, and never a word about help that is not there."""

import asyncio

import pytest
from sqlalchemy import func, select

from conversations.consultations.effects import SkipQuestion
from conversations.core import engine
from conversations.core.channels import TELEGRAM
from conversations.core.effects import Refused
from conversations.safeguarding.alert import alert_message
from conversations.safeguarding.effects import RaiseAlert
from storage import registry
from storage.core.dispatch import EffectHandler
from storage.outbox import heartbeats, outbox
from storage.outbox.dispatching import Settlement, settle
from storage.people import people as somebody
from storage.safeguarding import cases as storage
from storage.safeguarding import casework
from storage.tables import answers, audit, cases, people
from storage.tables import outbox as outbox_table
from tests.house import as_text, make_house

DANGER = "i dont want to be here anymore"
TOLD = "I've told the person in our team who keeps young people safe"


async def rows(house, table):
    return await house.run(lambda db: db.run(select(table)).mappings().all())


async def alerts(house) -> list:
    return [row for row in await rows(house, outbox_table) if row["kind"] == "alert"]


async def in_danger(house, address="5550001", door="telegram"):
    young = house.person(address, door)
    await young.joins()
    await young.types(DANGER)
    return young


async def test_a_sign_of_danger_is_answered_at_once_and_alerts_the_lead(any_house):
    await any_house.staff("safeguarding")
    young = await in_danger(any_house)
    assert "999" in young.sees
    assert "0800 1111" in young.sees
    assert TOLD in young.sees
    assert "[Talk to them]" in young.sees
    (case,) = await rows(any_house, cases)
    (queued,) = await alerts(any_house)
    assert (case["kind"], case["signs"], case["wants_call"]) == ("suicide", 1, False)
    assert (queued["lane"], queued["state"], queued["about"]) == ("alert", "waiting", case["id"])
    assert queued["due"] == any_house.clock.now


async def test_the_alert_ignores_quiet_hours(house):
    await house.staff("safeguarding")
    house.clock.on(hours=11)
    await in_danger(house)
    (queued,) = await alerts(house)
    assert queued["due"] == house.clock.now


async def test_without_a_lead_it_never_says_that_somebody_was_told(any_house):
    young = await in_danger(any_house)
    assert "999" in young.sees
    assert "told" not in young.sees
    assert "Talk to them" not in young.sees
    assert len(await rows(any_house, cases)) == 1
    assert await alerts(any_house) == []


async def test_without_a_lead_the_owner_is_alerted(any_house):
    await any_house.staff("owner")
    await any_house.staff("worker", "2")
    young = await in_danger(any_house)
    assert "I've told somebody in our team that someone may need help." in young.sees
    assert TOLD not in young.sees
    assert len(await alerts(any_house)) == 1


async def test_with_a_reachable_lead_the_owner_is_not_alerted(house):
    await house.staff("owner")
    lead = await house.staff("safeguarding", "2")
    await in_danger(house)
    (queued,) = await alerts(house)
    assert await house.run(lambda db: somebody.address_of(db, queued["door_id"])) == lead.address


async def block(house, address):
    await house.run(lambda db: somebody.mark_unreachable(db, somebody.door_at(db, TELEGRAM, address).id))


async def test_if_the_lead_blocked_the_bot_the_owner_is_alerted(any_house):
    await any_house.staff("owner", "1")
    await any_house.staff("safeguarding", "2")
    await block(any_house, "2")
    young = await in_danger(any_house)
    assert "I've told somebody in our team" in young.sees
    await block(any_house, "1")
    other = await in_danger(any_house, "7")
    assert "told" not in other.sees


async def test_a_lead_found_unreachable_later_no_longer_counts_as_alerted(house):
    await house.staff("safeguarding", "2")
    young = await in_danger(house)
    assert TOLD in young.sees
    (queued,) = await alerts(house)
    await house.run(lambda db: outbox_failed(db, queued["id"]))
    await young.types("are you there")
    assert TOLD not in young.sees


def outbox_failed(db, message):
    settle(db, [Settlement(message, "unreachable")])


async def test_while_telegram_is_unreachable_it_never_says_that_somebody_there_was_told(any_house):
    await any_house.staff("safeguarding", "2")
    await any_house.run(lambda db: heartbeats.stop(db, TELEGRAM.name))
    young = await in_danger(any_house, "a cookie", "web")
    assert "999" in young.sees
    assert "told" not in young.sees
    assert len(await alerts(any_house)) == 1, "it goes out all the same, when Telegram is back"


async def test_an_alert_that_waits_and_waits_is_not_on_its_way(any_house):
    await any_house.staff("safeguarding", "2")
    young = await in_danger(any_house, "a cookie", "web")
    assert TOLD in young.sees
    any_house.clock.on(minutes=2)
    await young.types("hello?")
    assert TOLD not in young.sees
    any_house.clock.on(minutes=9)
    await young.types(DANGER)
    assert TOLD in young.sees, "a new sign is a new alert"


async def test_a_second_sign_in_an_open_case_alerts_again_but_not_for_every_message(any_house):
    lead = await any_house.staff("safeguarding", "2")
    young = await in_danger(any_house)
    await lead.types("/cases 1")
    await lead.taps("I'm on it")
    await young.types(DANGER)
    assert len(await alerts(any_house)) == 1
    any_house.clock.on(minutes=11)
    await young.types(DANGER)
    assert len(await alerts(any_house)) == 2
    (case,) = (await lead.types("/cases 1"))[-1:]
    assert "3 messages had such signs." in case.text


async def test_a_case_shows_that_its_person_deleted_everything_else(any_house):
    lead = await any_house.staff("safeguarding", "2")
    young = await in_danger(any_house)
    await young.types("/delete")
    await young.taps("Yes, delete it")
    await lead.types("/cases 1")
    assert "They have deleted everything else since." in lead.sees


async def test_an_owner_who_writes_does_not_sign_as_the_lead(house):
    owner = await house.staff("owner", "2")
    await in_danger(house)
    await owner.types("/cases 1")
    await owner.taps("Write to them")
    await owner.types("I am Ola. Ring 0123.")
    (message,) = [row for row in await rows(house, outbox_table) if row["once"].startswith("case:")]
    sent = await house.run(lambda db: outbox.unseal(db, message["once"], message["sealed"]))
    assert sent.heading == "From the team of Sampleshire Youth Voice"


async def test_without_telegram_a_chat_tells_nobody(sqlite):
    house = make_house(sqlite, accounts={})
    await house.staff("safeguarding")
    young = await in_danger(house, "a cookie", "web")
    assert "told" not in young.sees


@pytest.mark.parametrize(("minutes", "told"), [(0, True), (14, True), (16, False), (13 * 60, False)])
async def test_a_lead_with_only_the_page_counts_while_they_are_at_it(any_house, minutes, told):
    await any_house.staff("safeguarding", "lead's cookie", "web")
    any_house.clock.on(minutes=minutes)
    young = await in_danger(any_house)
    assert (TOLD in young.sees) is told
    signed_in = minutes < 12 * 60
    assert len(await alerts(any_house)) == signed_in


async def test_a_lead_in_danger_is_not_their_own_help(house):
    lead = await house.staff("safeguarding")
    await lead.types("/home")
    await lead.types(DANGER)
    assert "999" in lead.sees
    assert "told" not in lead.sees


async def test_more_signs_within_the_hour_are_the_same_case_and_the_gravest_kind_counts(any_house):
    await any_house.staff("safeguarding")
    young = any_house.person()
    await young.joins()
    await young.types("can someone help me please i need someone to talk to")
    await young.types("i want to kill myself")
    (case,) = await rows(any_house, cases)
    assert case["signs"] == 2
    assert case["kind"] == "suicide"
    assert len(await alerts(any_house)) == 2
    await young.types("i want to kill myself")
    assert len(await alerts(any_house)) == 2
    any_house.clock.on(hours=2)
    await young.types("i want to kill myself")
    assert len(await rows(any_house, cases)) == 2


async def test_a_stranger_gets_help_while_joining_and_continues(any_house):
    await any_house.staff("safeguarding")
    young = any_house.person()
    await young.types("/start")
    await young.taps("English")
    step = young.sees
    await young.types(DANGER)
    assert "999" in young.sees
    assert TOLD in young.sees
    await young.taps("I'm OK, go on")
    assert young.sees == step


async def test_a_stranger_may_stop_here(house):
    young = house.person()
    await young.types("/start")
    await young.types(DANGER)
    await young.taps("Stop here")
    assert "You can come back any time." in young.sees


async def test_stopping_leads_home_and_going_on_to_the_question_that_was_open(house):
    young = await in_danger(house)
    await young.taps("Stop here")
    assert "Have your say" in young.sees
    await young.types("/settings")
    menu = young.sees
    await young.types(DANGER)
    await young.taps("I'm OK, go on")
    assert young.sees == menu


@pytest.mark.parametrize("step", ["No thanks", "OK > Under 10", "OK > 26 or over", "OK > 16–17 > No, don't"])
async def test_a_person_who_deletes_hears_of_the_case_that_stays(house, step):
    sam = house.person("a-cookie", "web")
    await sam.types("/start")
    await sam.taps("English")
    await sam.taps("Normal")
    await sam.types("i want to die")
    await sam.taps("I'm OK, go on")
    assert "An open case" in (await sam.types("/mydata"))[0].text
    for label in step.split(" > "):
        said = await sam.taps(label)
    assert "A case is open, to help you be safe." in said[0].text
    assert "I've kept nothing." not in said[0].text


async def test_a_young_reviewers_words_are_looked_through_too(house):
    reviewer = await house.staff("reviewer")
    await reviewer.types("/results")
    await reviewer.types("I want to kill myself tonight")
    assert "Childline" in reviewer.sees
    assert await house.run(lambda db: db.run(select(func.count()).select_from(cases)).scalar()) == 1


async def test_further_messages_hear_that_a_bot_cannot_talk_it_through(house):
    young = await in_danger(house)
    await young.types("it has been like this for weeks")
    assert "can't talk this through" in as_text(young.heard[-2])
    assert "999" in young.sees
    await young.sends("voice")
    assert "999" in young.sees


async def test_asking_to_talk_reaches_the_lead_who_takes_it_on_writes_and_closes(any_house):
    lead = await any_house.staff("safeguarding")
    young = await in_danger(any_house)
    await young.taps("Talk to them")
    assert "I've asked them to write to you here" in young.sees
    assert "Talk to them" not in young.sees.replace("I've asked them", "")
    assert len(await alerts(any_house)) == 2
    await lead.types("/home")
    assert "1 case open" in lead.sees
    await lead.taps("1 case open")
    assert "They'd like to be contacted. Nobody is on it yet." in lead.sees
    assert DANGER not in lead.sees
    await lead.taps("Case 1")
    assert "Tuesday 1 December, 16:00" in lead.sees
    await lead.taps("I'm on it")
    assert "You are on it, since" in lead.sees
    assert "[I'm on it]" not in lead.sees
    await lead.taps("Write to them")
    await lead.types("Hi, I'm Sam. Call me on 01632 960123, until ten tonight.")
    assert "on its way" in as_text(lead.heard[-2])
    sent = [row for row in await rows(any_house, outbox_table) if row["once"].startswith("case:")]
    said = await any_house.run(lambda db: outbox.unseal(db, sent[0]["once"], sent[0]["sealed"]))
    assert "01632 960123" in said.text
    assert "Sampleshire Youth Voice" in said.heading
    assert sent[0]["lane"] == "alert"
    await lead.taps("Close the case")
    await lead.taps("Spoke with them: they are safe")
    await lead.taps("Close it")
    assert "Case 1 is closed" in as_text(lead.heard[-2])
    (case,) = await rows(any_house, cases)
    assert (case["address"], case["person_id"]) == (b"", None)
    did = [row["did"] for row in await rows(any_house, audit)]
    assert did[-3:] == ["case taken on", "wrote about case", "case closed"]


async def test_an_alert_that_would_reach_nobody_is_not_called_under_way(any_house):
    await any_house.staff("safeguarding", "2")
    young = await in_danger(any_house)
    await block(any_house, "2")
    await young.taps("Talk to them")
    assert "I can't reach anybody" in as_text(young.heard[-2])
    assert not (await rows(any_house, cases))[0]["wants_call"]


async def test_only_the_first_to_say_so_takes_it_on(house):
    leads = [await house.staff("safeguarding", address) for address in ("2", "3")]
    await in_danger(house)
    for lead in leads:
        await lead.types("/cases 1")
    await leads[0].taps("I'm on it")
    await leads[1].taps("I'm on it")
    assert "Somebody else in the team is on it" in as_text(leads[1].heard[-2])


@pytest.mark.also_on_postgres
async def test_of_many_who_take_a_case_on_at_once_exactly_one_has_it(any_house):
    helpers = [
        await any_house.staff(role, address)
        for role, address in (("owner", "2"), ("safeguarding", "3"), ("deputy", "4"))
    ]
    await in_danger(any_house)
    for helper in helpers:
        await helper.types("/cases 1")
    await asyncio.gather(*(helper.taps("I'm on it") for helper in helpers))
    has_it = [helper for helper in helpers if "You are on it, since" in helper.sees]
    others = [helper for helper in helpers if helper not in has_it]
    assert len(has_it) == 1
    for helper in others:
        assert "Somebody else in the team is on it" in as_text(helper.heard[-2])
        assert "Somebody else in the team is on it, since" in helper.sees
    did = [row["did"] for row in await rows(any_house, audit)]
    assert did.count("case taken on") == 1


async def test_a_worker_sees_no_cases(house):
    worker = await house.staff("worker")
    await in_danger(house)
    await worker.types("/cases 1")
    assert "I don't know that one" in as_text(worker.heard[-2])
    await worker.types("/home")
    assert "case" not in worker.sees


async def test_an_open_case_survives_deletion_with_its_number_and_a_way_to_reach_them(any_house):
    lead = await any_house.staff("safeguarding")
    young = await in_danger(any_house)
    await young.types("/delete")
    await young.taps("Yes, delete it")
    (case,) = await rows(any_house, cases)
    assert case["person_id"] is None
    assert case["closed_at"] is None
    await lead.types("/cases 1")
    await lead.taps("Write to them")
    await lead.types("You can call me on 01632 960123.")
    assert "on its way" in as_text(lead.heard[-2])
    (sent,) = [row for row in await rows(any_house, outbox_table) if row["once"].startswith("case:")]
    assert await any_house.run(lambda db: somebody.address_of(db, sent["door_id"])) == young.address


async def test_neither_words_nor_address_are_in_plain_text_in_a_case(house):
    young = await in_danger(house, "5550042")
    (case,) = await rows(house, cases)
    assert b"5550042" not in case["address"]
    assert DANGER not in str(dict(case))
    assert young.address == "5550042"


async def test_an_alert_carries_the_number_and_never_the_words(house):
    await house.staff("safeguarding")
    await in_danger(house)
    lead_door = await house.run(lambda db: somebody.door_at(db, TELEGRAM, "5559001"))
    found = await house.run(lambda db: casework.open_cases(db, lead_door, None))
    said = alert_message(found.cases[0], house.runtime.library.words("en", "normal"), house.clock.now)
    assert "Case 1" in said.text
    assert DANGER not in said.text


async def test_danger_in_a_refused_answer_is_still_answered_and_alerts_the_lead(house, monkeypatch):
    """A consultation may close while somebody types: their answer is refused, their danger is not."""
    await house.staff("safeguarding")
    young = house.person()
    await young.joins()
    await young.types("/settings")

    def refuse(db, door, effect):
        raise Refused("That one has closed.")

    taken = engine._dispatch
    monkeypatch.setattr(
        engine, "_dispatch", lambda *seen: engine.Turn(seen[2], (), (SkipQuestion(1, "better"),))
    )
    monkeypatch.setitem(registry.HANDLERS, SkipQuestion, EffectHandler(refuse))
    await young.types(DANGER)
    monkeypatch.setattr(engine, "_dispatch", taken)
    assert "That one has closed." in as_text(young.heard[-2])
    assert TOLD in young.sees
    assert len(await rows(house, cases)) == 1
    assert len(await alerts(house)) == 1
    assert await rows(house, answers) == []


async def test_an_alert_is_stored_in_the_same_turn_or_not_at_all(any_house):
    await any_house.staff("safeguarding")
    door = await any_house.run(lambda db: somebody.find_or_create_door(db, TELEGRAM, "9"))

    def half_a_turn(db):
        storage.raise_alert(db, door, RaiseAlert("suicide", "home"))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await any_house.run(half_a_turn)
    assert await rows(any_house, cases) == []
    assert await alerts(any_house) == []
    assert await any_house.run(lambda db: db.run(select(func.count()).select_from(people)).scalar()) == 2
