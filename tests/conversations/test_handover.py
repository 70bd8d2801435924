"""A case is handed over by name: it is the first one's until the other says "I'm on it"."""

import asyncio

import pytest
from sqlalchemy import select

from conversations.core.channels import TELEGRAM
from conversations.core.effects import Refused
from conversations.safeguarding.effects import AcknowledgeCase, HandOver, KeepCase, WriteNote
from conversations.team.members import member_name
from handlers.announcements import build
from storage.core.dispatch import dispatch
from storage.outbox import outbox as stored
from storage.outbox.dispatching import Settlement, settle
from storage.people import people
from storage.registry import HANDLERS
from storage.safeguarding import case_entries
from storage.tables import audit, cases
from storage.tables import outbox as outbox_table
from tests.conversations.test_cases import DANGER, in_danger
from tests.house import as_text


async def named(house, role: str, address: str, name: str):
    member = await house.staff(role, address)
    await member.types("/team")
    await member.taps("My name here")
    await member.types(name)
    return member


async def the_case(house):
    return await house.run(lambda db: db.run(select(cases)).one())


async def notices(house, kind: str) -> list[str]:
    """What is waiting to be said of this kind, as it would go out now."""

    def read(db):
        rows = db.run(select(outbox_table).where(outbox_table.c.kind == kind)).all()
        says = [build(house.runtime, db, stored.message_of(db, row)) for row in rows]
        return [as_text(say) for say in says if say]

    return await house.run(read)


async def does(house, someone, effect) -> None:
    def do(db):
        dispatch(db, people.door_at(db, someone.channel, someone.address), (effect,), HANDLERS)

    await house.run(do)


async def two_helpers(house, young="5550001"):
    lead, deputy = await named(house, "safeguarding", "2", "Ola"), await named(house, "deputy", "3", "Sam")
    await in_danger(house, young)
    await lead.types("/cases 1")
    await lead.taps("I'm on it")
    return lead, deputy


async def handed_to_sam(house):
    lead, deputy = await two_helpers(house)
    await lead.taps("Hand it over")
    await lead.taps("Sam")
    return lead, deputy


async def test_it_stays_with_the_first_until_the_other_says_that_they_are_on_it(any_house):
    lead, deputy = await handed_to_sam(any_house)
    assert "It is handed to Sam, who hasn't said “I'm on it” yet." in lead.sees
    assert "You are on it, since" in lead.sees
    (told,) = await notices(any_house, "case_handed")
    assert "Case 1 is handed to you." in told
    assert DANGER not in told
    assert (
        await any_house.run(
            lambda db: people.address_of(
                db,
                db.run(select(outbox_table.c.door_id).where(outbox_table.c.kind == "case_handed")).scalar(),
            )
        )
        == deputy.address
    )
    first = (await the_case(any_house)).acknowledged_by
    await deputy.types("/cases 1")
    assert "It is handed to you." in deputy.sees
    await deputy.taps("I'm on it")
    assert "You are on it, since" in deputy.sees
    assert "[Read what they wrote" not in lead.sees
    case = await the_case(any_house)
    assert case.acknowledged_by != first
    assert case.handed_to is None
    assert case.first_taken_at == any_house.clock.now
    (told,) = await notices(any_house, "case_moved")
    assert "Case 1: somebody else in the team is on it now." in told
    did = [row.did for row in await any_house.run(lambda db: db.run(select(audit)).all())]
    assert did[-2:] == ["case handed over", "case taken on"]


async def test_whoever_has_it_hears_that_the_hand_over_did_not_arrive(any_house):
    lead, _deputy = await handed_to_sam(any_house)

    def bounce(db):
        handed = db.run(select(outbox_table.c.id).where(outbox_table.c.kind == "case_handed")).scalar_one()
        settle(db, [Settlement(handed, "unreachable")])

    await any_house.run(bounce)
    (told,) = await notices(any_house, "case_unheard")
    assert "Case 1 is still yours: Sam may not have heard that you hand it over." in told
    await lead.types("/cases 1")
    await lead.taps("Don't hand it over")
    assert await notices(any_house, "case_unheard") == []


async def test_it_can_be_taken_back_before(any_house):
    lead, deputy = await handed_to_sam(any_house)
    await deputy.types("/cases 1")
    await lead.taps("Don't hand it over")
    assert "handed to" not in lead.sees
    await deputy.taps("I'm on it")
    assert "Somebody else in the team is on it" in as_text(deputy.heard[-2])
    assert await notices(any_house, "case_handed") == [], "nothing is left to say"


async def test_only_those_who_may_see_cases_are_offered_and_not_whoever_has_it_or_is_in_it(any_house):
    await named(any_house, "worker", "4", "Will")
    owner = await named(any_house, "owner", "5", "Olu")
    await owner.types("/home")
    await owner.types(DANGER)
    lead = await named(any_house, "safeguarding", "2", "Ola")
    await named(any_house, "deputy", "3", "Sam")
    await lead.types("/cases 1")
    await lead.taps("I'm on it")
    await lead.taps("Hand it over")
    assert "[Sam]" in lead.sees
    for other in ("Will", "Olu", "Ola"):
        assert f"[{other}]" not in lead.sees
    worker = await any_house.run(lambda db: people.door_at(db, TELEGRAM, "4").person.id)
    with pytest.raises(Refused):
        await does(any_house, lead, HandOver(1, worker))


async def test_a_lead_hands_over_what_somebody_else_has_and_nobody_else_does(any_house):
    lead, deputy = await two_helpers(any_house)
    third = await named(any_house, "deputy", "4", "Tam")
    await third.types("/cases 1")
    assert "[Hand it over]" not in third.sees
    me = await any_house.run(lambda db: people.door_at(db, TELEGRAM, "4").person.id)
    with pytest.raises(Refused):
        await does(any_house, third, HandOver(1, me))
    await lead.taps("Hand it over")
    await lead.taps("Sam")
    await deputy.types("/cases 1")
    await deputy.taps("I'm on it")
    await lead.types("/cases 1")
    await lead.taps("Hand it over")
    await lead.taps("Tam")
    assert "It is handed to Tam" in lead.sees


async def test_who_leaves_the_team_before_they_take_it_on_is_not_waited_for(any_house):
    lead, _deputy = await handed_to_sam(any_house)
    owner = await any_house.staff("owner", "1")
    await owner.types("/team")
    await owner.taps("Remove somebody")
    await owner.taps("Sam")
    await owner.taps("Yes, remove")
    await lead.types("/cases 1")
    assert "handed to" not in lead.sees
    assert "You are on it" in lead.sees


async def test_who_deletes_everything_before_they_take_it_on_is_not_waited_for(any_house):
    await handed_to_sam(any_house)
    sam = any_house.person("3")
    await sam.types("/delete")
    await sam.taps("Yes, delete it")
    assert (await the_case(any_house)).handed_to is None


async def test_a_closed_case_is_not_handed_over(any_house):
    lead, deputy = await handed_to_sam(any_house)
    await deputy.types("/cases 1")
    await lead.taps("Close the case")
    await lead.taps("Nobody could be reached")
    await lead.taps("Close it")
    await deputy.taps("I'm on it")
    assert "That case is closed." in deputy.sees
    await deputy.types("/cases 1")
    assert "That case is closed." in deputy.sees, "and so an old alert's button says"
    assert await notices(any_house, "case_handed") == []


async def test_of_two_who_take_one_case_on_at_once_one_has_it(any_house):
    helpers = [await any_house.staff("safeguarding", address) for address in ("2", "3", "4")]
    await in_danger(any_house)
    took = await asyncio.gather(
        *(does(any_house, helper, AcknowledgeCase(1)) for helper in helpers), return_exceptions=True
    )
    assert sorted(isinstance(one, Refused) for one in took) == [False, True, True]


async def test_a_lead_who_is_handed_a_case_cannot_refuse_it_for_whoever_handed_it_over(any_house):
    first, second = [
        await named(any_house, "safeguarding", at, name) for at, name in (("2", "Ola"), ("3", "Sam"))
    ]
    third = await named(any_house, "safeguarding", "4", "Tam")
    await in_danger(any_house)
    await first.types("/cases 1")
    await first.taps("I'm on it")
    await first.taps("Hand it over")
    await first.taps("Sam")
    assert "[Don't hand it over]" in first.sees
    await second.types("/cases 1")
    assert "[I'm on it]" in second.sees
    assert "hand it over" not in second.sees
    with pytest.raises(Refused):
        await does(any_house, second, KeepCase(1))
    await third.types("/cases 1")
    assert "[Don't hand it over]" in third.sees, "any other lead may"


async def test_who_has_no_name_in_the_team_is_named_the_same_everywhere(any_house):
    lead = await any_house.staff("safeguarding", "2")
    for role in ("owner", "deputy", "safeguarding"):
        await any_house.staff(role, "3")
    await in_danger(any_house)
    other = any_house.person("3")
    await lead.types("/cases 1")
    await lead.taps("I'm on it")
    await lead.taps("Hand it over")
    assert "[Owner 1]" in lead.sees, "by their first role, as at /team"
    await lead.taps("Owner 1")
    assert "It is handed to Owner 1, who" in lead.sees
    await other.types("/cases 1")
    await other.taps("I'm on it")
    await does(any_house, other, WriteNote(1, "rang the school"))
    await other.types("/cases")
    await other.taps("Register")
    assert "on it: Owner 1." in other.sees
    words = any_house.runtime.library.words("en", "normal")
    (note,) = await any_house.run(lambda db: case_entries.entries(db, 1))
    assert member_name(note.by, words) == "Owner 1"


async def test_who_has_left_the_team_stays_in_the_register_by_number(any_house):
    lead = await any_house.staff("safeguarding", "2")
    owner = await any_house.staff("owner", "1")
    await any_house.staff("safeguarding", "3")
    await in_danger(any_house)
    await lead.types("/cases 1")
    await lead.taps("I'm on it")
    await lead.taps("Close the case")
    await lead.taps("Nobody could be reached")
    await lead.taps("Close it")
    await owner.types("/team")
    await owner.taps("Remove somebody")
    await owner.taps("Safeguarding lead 1")
    await owner.taps("Yes, remove")
    await owner.types("/cases")
    await owner.taps("Register")
    number = (await the_case(any_house)).closed_by
    assert f"by #{number}, who has left the team." in owner.sees
