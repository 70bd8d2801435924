"""A form's effect, applied once, outside the conversation."""

import pytest
from sqlalchemy import func, select

from conversations.core.channels import WEB
from conversations.core.effects import Refused
from conversations.team.effects import Invite
from handlers.incoming import Incoming
from storage.people import sessions
from storage.people.people import door_at
from storage.tables import invites


async def made(house) -> int:
    open_ones = select(func.count()).where(invites.c.used_at.is_(None))
    return await house.run(lambda db: db.run(open_ones).scalar_one())


async def test_a_form_that_is_sent_twice_does_its_thing_once(any_house):
    owner = await any_house.staff(address="a page", door="web")
    for _ in range(2):
        await any_house.runtime.take_post(Incoming(WEB, owner.address, "/invite:1"), Invite("worker"))
    assert await made(any_house) == 1
    await any_house.runtime.take_post(Incoming(WEB, owner.address, "/invite:2"), Invite("worker"))
    assert await made(any_house) == 2


async def test_a_form_does_nothing_for_somebody_without_the_right(any_house):
    sam = any_house.person("a page", door="web")
    await sam.joins()
    with pytest.raises(Refused):
        await any_house.runtime.take_post(Incoming(WEB, sam.address, "/invite:1"), Invite("worker"))
    assert await made(any_house) == 0


async def test_a_form_leaves_the_conversation_where_it_is(any_house):
    owner = await any_house.staff(address="a page", door="web")
    await owner.types("/settings")

    def where(db):
        return sessions.session_at(db, door_at(db, WEB, owner.address).id)

    before = await any_house.run(where)
    await any_house.runtime.take_post(Incoming(WEB, owner.address, "/invite:1"), Invite("worker"))
    assert await any_house.run(where) == before


async def test_a_form_of_a_deleted_page_does_nothing(any_house):
    await any_house.runtime.take_post(Incoming(WEB, "nobody's page", "/invite:1"), Invite("worker"))
    assert await made(any_house) == 0
