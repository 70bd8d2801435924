"""/mydata is everything: each column about a person is shown, or named as withheld with its reason."""

import json

import pytest
from sqlalchemy import select

from bot.cli.play import open_now
from conversations.consultations.sample import BUSES
from conversations.core.channels import TELEGRAM
from conversations.core.messages import Attachment
from conversations.general.row_words import COLUMNS, TABLES
from conversations.general.withheld import REASONS
from handlers.files.render import draw
from storage.general.about_people import ABOUT_PEOPLE, DONE_BY
from storage.people import people
from storage.tables import doors, metadata
from tests.house import House
from tests.raised import raised

ABOUT = {one.table.name: one for one in ABOUT_PEOPLE}


def going_with_a_person() -> set[str]:
    """The tables whose rows go with a person, or name one by number."""
    found, before = {"people", "cases"}, set[str]()
    while found != before:
        before = set(found)
        found |= {
            table.name
            for table in metadata.sorted_tables
            for key in table.foreign_keys
            if key.ondelete == "CASCADE" and key.column.table.name in before
        }
    return found


def test_each_table_that_goes_with_a_person_is_declared():
    assert set(ABOUT) == going_with_a_person()


@pytest.mark.parametrize("name", ABOUT)
def test_each_column_about_a_person_is_shown_or_withheld_for_a_reason(name: str):
    one = ABOUT[name]
    assert sorted((*one.shown, *one.withheld)) == sorted(column.name for column in one.table.c)
    assert set(one.withheld.values()) <= set(REASONS)


def test_each_column_that_names_a_member_is_declared():
    named = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.c
        if column.name.endswith("_by") and column.name not in {"reply_by", "taken_by"}
    }
    assert set(DONE_BY) == named | {"audit.person_id", "cases.handed_to"}


def test_everything_shown_has_a_name_that_people_know():
    assert set(TABLES) == {one.table.name for one in ABOUT_PEOPLE if one.shown}
    assert set(COLUMNS) == {name for one in ABOUT_PEOPLE for name in one.shown}


async def json_of(house: House, someone) -> dict:
    said = await someone.types("/mydata")
    said = await someone.taps("Get it as a file")
    assert [say.attachment.name for say in said[:2]] == ["mydata", "mydata_json"]
    return json.loads((await draw(house.runtime, said[1].attachment)).content)


async def test_the_file_holds_every_row_about_somebody_and_no_column_that_is_withheld(any_house: House):
    await any_house.run(lambda db: open_now(db, BUSES))
    sam = any_house.person()
    await sam.joins()
    await sam.types("/say 1")
    await sam.taps("Start")
    await sam.taps("Skip")
    await any_house.run(lambda db: raised(db, people.door_at(db, TELEGRAM, sam.address)))
    whole = await json_of(any_house, sam)
    kept = whole["kept"]
    number = await any_house.run(lambda db: db.run(select(doors.c.person_id)).scalars().first())
    for one in ABOUT_PEOPLE:
        stored = await any_house.run(
            lambda db, one=one: (
                db.run(select(one.table).where(one.whose), {"person": number}).mappings().all()
            )
        )
        assert len(kept.get(one.table.name, ())) == len(stored), one.table.name
        for row in kept.get(one.table.name, ()):
            assert not set(row) & set(one.withheld)
    assert {"people", "doors", "sessions", "taking_part", "answers", "issues", "outbox"} <= set(kept)
    assert kept["people"][0]["agreed_at"]
    assert kept["doors"][0]["address"] == sam.address
    assert kept["answers"][0]["skipped"] is True
    assert set(whole["withheld"]["answers"]) == {"person_id", "case_id"}


async def test_the_key_to_a_page_and_a_code_are_in_no_file(any_house: House):
    ana = any_house.person("browser-of-ana", "web")
    await ana.joins()
    await ana.types("/settings")
    code = (await ana.taps("Return code"))[-1].shown_once
    whole = json.dumps(await json_of(any_house, ana))
    assert code not in whole
    assert "browser-of-ana" not in whole


async def test_a_member_reads_what_names_them(any_house: House):
    owner = await any_house.staff()
    await owner.types("/invite worker")
    kept = (await json_of(any_house, owner))["kept"]
    assert kept["roles"][0]["role"] == "owner"
    said = await draw(any_house.runtime, Attachment("mydata", {"person": 1}))
    assert "The log of what the team did" in said.content.decode()


async def test_the_chat_shows_it_bit_by_bit_and_what_it_leaves_out(any_house: House):
    sam = any_house.person()
    await sam.joins()
    await sam.types("/mydata")
    await sam.taps("Bit by bit")
    assert "you agreed: 1 December 2026, 16:00" in sam.sees
    assert "last used: 1 December 2026" in sam.sees
    await sam.taps("What I leave out")
    assert "400 days" in sam.sees
    await sam.taps("Back")
    assert "What I keep about you" in sam.sees
