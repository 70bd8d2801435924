"""Stored safeguarding cases: the address is sealed to its case, and only those with the right see one."""

import asyncio

import pytest
from sqlalchemy import func, select, update

from conversations.core.channels import TELEGRAM
from conversations.core.effects import Refused
from conversations.core.messages import Session
from conversations.safeguarding.effects import CloseCase, RaiseAlert
from storage.people import people
from storage.safeguarding import cases as stored
from storage.safeguarding import casework, closing
from storage.security.vault import KeyMismatch
from storage.tables import case_words, cases
from tests.house import make_house


async def raised(house, address="5550001", kind="self_harm"):
    door = await house.run(lambda db: people.find_or_create_door(db, TELEGRAM, address))
    await house.run(lambda db: stored.raise_alert(db, door, RaiseAlert(kind, "say.question")))
    return door


async def rows(house):
    return await house.run(lambda db: db.run(select(cases).order_by(cases.c.id)).mappings().all())


async def test_an_address_that_was_moved_to_another_case_does_not_open(any_house):
    await raised(any_house, "1")
    await raised(any_house, "2")
    first, second = await rows(any_house)
    vault = any_house.runtime.vault
    assert vault.open(first["address"], f"cases:address:{first['id']}") == "1"
    with pytest.raises(KeyMismatch):
        vault.open(first["address"], f"cases:address:{second['id']}")


async def test_an_hour_later_it_is_another_case(any_house):
    door = await raised(any_house)
    any_house.clock.on(minutes=59)
    await any_house.run(lambda db: stored.raise_alert(db, door, RaiseAlert("abuse", "home")))
    any_house.clock.on(minutes=1)
    await any_house.run(lambda db: stored.raise_alert(db, door, RaiseAlert("abuse", "home")))
    assert [row["signs"] for row in await rows(any_house)] == [2, 1]


async def test_a_closed_case_takes_no_more_signs(any_house):
    lead = await any_house.staff("safeguarding")
    door = await raised(any_house)
    keeper = await any_house.run(lambda db: people.door_at(db, TELEGRAM, lead.address))
    await any_house.run(lambda db: closing.close(db, keeper, CloseCase(1, "safe")))
    with pytest.raises(Refused):
        await any_house.run(lambda db: closing.close(db, keeper, CloseCase(1, "safe")))
    await any_house.run(lambda db: stored.raise_alert(db, door, RaiseAlert("abuse", "home")))
    assert [row["signs"] for row in await rows(any_house)] == [1, 1]


async def test_a_case_is_hidden_from_everybody_without_the_right(any_house):
    await raised(any_house)
    worker = await any_house.staff("worker")
    lead = await any_house.staff("safeguarding", "lead")
    session = Session("alert", 0, {"case": 1})
    for someone, sees in ((worker, False), (lead, True)):
        door = await any_house.run(lambda db, at=someone.address: people.door_at(db, TELEGRAM, at))
        found = await any_house.run(lambda db, door=door: casework.one_case(db, door, session))
        assert (found.case is not None) is sees


async def test_those_that_nobody_is_on_come_first(any_house):
    lead = await any_house.staff("safeguarding", "lead")
    for address in ("1", "2", "3"):
        await raised(any_house, address)
    taken = update(cases).where(cases.c.id == 3).values(acknowledged_at=any_house.clock.now)
    await any_house.run(lambda db: db.run(taken))
    door = await any_house.run(lambda db: people.door_at(db, TELEGRAM, lead.address))
    found = await any_house.run(lambda db: casework.open_cases(db, door, Session("cases.list")))
    assert [case.id for case in found.cases] == [2, 1, 3]


@pytest.mark.left_to_all("storage on PostgreSQL")
@pytest.mark.also_on_postgres
async def test_a_sign_that_comes_while_its_case_is_closed_is_not_lost(postgres, monkeypatch):
    """On SQLite one waits for the other anyway."""
    house = make_house(postgres)
    lead = await house.staff("safeguarding")
    door = await raised(house)
    keeper = await house.run(lambda db: people.door_at(db, TELEGRAM, lead.address))
    add_sign = stored._add_sign

    def add_slowly(db, *what):
        db.run(select(func.pg_sleep(0.5)))
        return add_sign(db, *what)

    monkeypatch.setattr(stored, "_add_sign", add_slowly)
    sign = RaiseAlert("abuse", "home", "he did it again")
    await asyncio.gather(
        house.run(lambda db: stored.raise_alert(db, door, sign)),
        house.run(lambda db: closing.close(db, keeper, CloseCase(1, "safe"))),
    )
    left = await house.run(
        lambda db: db.run(select(cases.c.closed_at, case_words.c.id).join(case_words)).all()
    )
    assert all(row.closed_at is None for row in left), "a closed case keeps no words"
