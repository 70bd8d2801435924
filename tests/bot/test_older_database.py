"""A database of an earlier version still opens: conversations continue, and waiting messages are sent.

`written_by_8c6039e` holds a database and a backup as that commit left them on 1 December 2026, in the evening:
Sam is at the last of four questions, Tess looks at what she wants to raise, Ivy has just started, an owner has half an
outcome written, and another outcome waits for the morning. `chats.json` is what each of them sees.
"""

import asyncio
import base64
import gzip
import itertools
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from conversations.core.events import Chose
from storage.core import schema
from storage.core.database import Sqlite
from storage.tables import answers, issues, outbox
from tests.bot.couriers import courier
from tests.bot.post import TestPost
from tests.bot.test_operations_commands import command
from tests.house import Clock, House, make_house
from tests.waiting import until

WRITTEN = Path(__file__).parents[1] / "storage" / "written_by_8c6039e"
CHATS = json.loads((WRITTEN / "chats.json").read_text())
KEY = base64.b64encode(b"k" * 32).decode()
NIGHT, MORNING = datetime(2026, 12, 1, 22, 5, tzinfo=UTC), datetime(2026, 12, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _here(folder, own_logs):
    """Every test runs in a folder of its own."""


def unpack(name: str, path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.decompress((WRITTEN / f"{name}.db.gz").read_bytes()))
    return path


async def opened(path: Path, now: datetime) -> House:
    database = Sqlite(f"sqlite+aiosqlite:///{path}")
    await database.reshape(schema.migrate)
    house = make_house(database, Clock(now))
    house._updates = itertools.count(1_000)  # earlier numbers are known already
    return house


@pytest.fixture
async def older():
    """The database, opened by this version on the same evening."""
    house = await opened(unpack("heard", Path("heard.db")), NIGHT)
    yield house
    await house.runtime.database.close()


async def taps_next(house: House, name: str, label: str):
    """Taps a button of the last message before the version changed."""
    chat = CHATS[name]
    person = house.person(chat["address"], chat["channel"])
    key = next(key for shown, key in chat["buttons"] if shown == label)
    await person.does(Chose(chat["visit"], key))
    return person


async def count(house: House, table, **where) -> int:
    query = select(func.count()).select_from(table).filter_by(**where)
    return await house.run(lambda db: db.run(query).scalar())


async def test_a_survey_continues_at_its_question(older):
    before = await count(older, answers)
    sam = await taps_next(older, "sam", "Fridays")
    assert "That's everything. You said:" in sam.sees
    assert "Lamps at the stop by the school" in sam.sees
    assert await count(older, answers) == before + 1


async def test_a_draft_issue_of_the_older_version_is_sent(older):
    tess = await taps_next(older, "tess", "Send it")
    assert "The team has it." in tess.sees
    assert await count(older, issues, state="open") == 1


async def test_a_person_who_had_just_started_joins(older):
    ivy = await taps_next(older, "ivy", "English")
    assert "How should I write?" in ivy.sees


async def test_an_outcome_is_written_to_its_end(older):
    owner = await taps_next(older, "owner", "2")
    assert "What did you hear in that?" in owner.sees


async def test_a_message_that_waits_for_the_morning_is_sent(older, in_a_hurry):
    older.clock.now = MORNING
    post = TestPost()
    async with courier(older, post):
        await until(lambda: any(given.address == "5550001" for given in post.arrived))
    [told] = [given.say for given in post.arrived if given.address == "5550001"]
    assert told.heading == "The new youth hub: here is what happened."
    assert "You said: You would come on Saturdays." in told.text


async def test_a_backup_is_restored_and_people_continue(monkeypatch):
    monkeypatch.setenv("DATA_KEY", KEY)
    backup = unpack("backup", Path("old/backup.db"))
    await asyncio.to_thread(command, "restore", str(backup))
    house = await opened(Path("data/heard.db"), NIGHT)
    sam = await taps_next(house, "sam", "Fridays")
    assert "That's everything. You said:" in sam.sees
    assert await count(house, outbox, kind="outcome", state="held") == 1
    await house.runtime.database.close()
