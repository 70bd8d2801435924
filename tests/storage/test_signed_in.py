"""How long staff stay signed in on each channel, and when a page is over."""

import pytest
from sqlalchemy import func, select

from storage.operations import retention
from storage.tables import doors, outbox, people, roles
from storage.team import members as team
from tests.house import House
from tests.web.serving import Served, open_door


async def test_rights_in_a_chat_end_after_thirty_days_without_a_turn_and_an_invite_brings_them_back(
    any_house: House,
) -> None:
    owner = await any_house.staff()
    any_house.clock.on(days=29)
    await owner.types("/team")
    assert "The team" in owner.sees
    any_house.clock.on(days=29)
    await owner.types("/team")
    assert "The team" in owner.sees
    assert "Telegram (here), until" in owner.sees
    any_house.clock.on(days=31)
    for _ in range(2):  # the first message does not bring them back
        await owner.types("/team")
        assert "You're signed out of the team here. In a chat, a sign-in ends after 30 days" in owner.sees
        assert "python -m bot invite --role owner" in owner.sees
    token = await any_house.run(lambda db: team.invite(db, "owner"))
    await owner.accepts(token)
    assert "Welcome to the team" in owner.sees
    await owner.types("/team")
    assert "The team" in owner.sees
    assert await any_house.run(lambda db: db.run(select(func.count()).select_from(roles)).scalar()) == 1


async def test_ones_own_page_brings_a_chat_back(sqlite) -> None:
    async with open_door(sqlite) as door, door.browser() as olu:
        chat = await door.house.staff()
        await chat.types("/team")
        await chat.taps("My other door")
        link = next(word for word in chat.heard[-1].whole.split() if "/i/" in word)
        await olu.accepts(link.removeprefix(door.url))
        door.house.clock.on(days=31)
        await olu.accepts(await door.invite("owner"))
        await chat.types("/team")
        assert "signed out" in chat.sees
        await olu.presses("Team")
        await olu.presses("My other door")
        token = next(word for word in olu.sees.split() if "/i/" in word).rpartition("/")[2]
        await chat.accepts(token)
        await chat.types("/team")
        assert "The team" in chat.sees


async def test_signing_out_everywhere_ends_chats_too(any_house: House) -> None:
    owner = await any_house.staff()
    lead = await any_house.staff("safeguarding", "5559002")
    await lead.types("/team")
    await lead.taps("Sign out everywhere")
    await lead.types("/cases")
    assert "signed out of the team" in lead.sees
    await owner.types("/team")
    assert "The team" in owner.sees


async def test_an_alert_still_reaches_a_lead_who_was_not_there_for_thirty_days(any_house: House) -> None:
    await any_house.staff("safeguarding", "5559002")
    any_house.clock.on(days=31)
    sam = any_house.person()
    await sam.joins()
    await sam.types("i want to kill myself")
    told = await any_house.run(
        lambda db: db.run(
            select(func.count())
            .select_from(
                outbox.join(doors, doors.c.id == outbox.c.door_id).join(
                    roles, roles.c.person_id == doors.c.person_id
                )
            )
            .where(outbox.c.lane == "alert", roles.c.role == "safeguarding")
        ).scalar()
    )
    assert told


@pytest.mark.parametrize("days", [89, 91])
async def test_a_page_is_over_after_ninety_days_without_use_and_the_answers_stay(sqlite, days: int) -> None:
    async with open_door(sqlite) as door, door.browser() as ana:
        await ana.joins()
        door.house.clock.on(days=60)
        await ana.opens("/")  # looking is using
        door.house.clock.on(days=days)
        await door.house.run(retention.sign_out)
        assert ("Your conversation" in (await ana.opens("/")).text) is (days < 90)
        assert await count(door, doors) == (days < 90)
        assert await count(door, people) == 1


async def test_a_page_is_over_also_before_the_clock_has_looked(sqlite) -> None:
    async with open_door(sqlite) as door, door.browser() as ana:
        await ana.joins()
        door.house.clock.on(days=91)
        assert "Say what you think." in (await ana.opens("/")).text


async def count(door: Served, table) -> int:
    return await door.house.run(lambda db: db.run(select(func.count()).select_from(table)).scalar())
