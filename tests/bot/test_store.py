"""Opening the store: an unusable database is refused with a line that says what to do."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.config.settings import read_settings
from bot.operations.opening import DatabaseUnusable, open_store
from storage.core import sqlite
from storage.core.database import open_database

DATABASE = Path("data/heard.db")


@pytest.fixture(autouse=True)
def _here(folder):
    """Every test runs in a folder of its own."""


async def started():
    store = await open_store(read_settings())
    await store.database.close()


async def refused():
    with pytest.raises(DatabaseUnusable) as told:
        await started()
    assert "\n" not in str(told.value)
    return str(told.value)


async def test_an_empty_folder_becomes_a_home():
    await started()
    await started()
    assert sorted(path.name for path in Path("data").iterdir()) == ["forgotten", "heard.db", "key"]


async def test_a_file_that_is_no_database_is_refused_and_left_alone():
    DATABASE.parent.mkdir()
    DATABASE.write_text("Dear diary")
    assert await refused() == "data/heard.db is damaged, or is not a database. Put a backup in its place."
    assert DATABASE.read_text() == "Dear diary"
    assert not Path("data/key").exists()


@pytest.mark.parametrize("at", ["its first page", "its middle", "its end"])
async def test_a_corrupt_database_is_refused_and_left_alone(at):
    await started()
    content = bytearray(DATABASE.read_bytes())
    spoilt = {"its first page": slice(100, 600), "its middle": slice(8192, 40_000)}
    if at in spoilt:
        content[spoilt[at]] = b"\xaa" * len(content[spoilt[at]])
    else:
        del content[len(content) // 2 :]
    DATABASE.write_bytes(content)
    assert await refused() == "The database is damaged. Put a backup in its place."
    assert DATABASE.read_bytes() == content


async def test_a_database_of_a_newer_heard_is_refused_and_left_alone():
    await started()
    with sqlite3.connect(DATABASE) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    other.close()
    assert "made by a newer Heard" in await refused()


async def test_a_database_of_something_else_is_refused_and_left_alone():
    DATABASE.parent.mkdir()
    with sqlite3.connect(DATABASE) as other:
        other.execute("CREATE TABLE invoices (id INTEGER)")
    other.close()
    assert "not Heard's. Point DATABASE_URL somewhere else." in await refused()
    assert not Path("data/key").exists()
    with sqlite3.connect(DATABASE) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("invoices",)]
    other.close()


async def test_a_database_that_another_program_holds_is_refused(monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    await started()
    other = sqlite3.connect(DATABASE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert await refused() == "The database is locked by another program. Stop that one first."
    other.close()


async def test_an_unwritable_path_is_named():
    Path("data").write_text("a file where a folder should be")
    assert await refused() == "data/heard.db cannot be written (File exists). Give this account the right to."


async def test_a_server_that_does_not_answer_is_named_without_its_password(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://heard:hunter2@127.0.0.1:1/heard")
    monkeypatch.setenv("DATA_KEY", "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=")
    told = await refused()
    assert told.startswith("The database cannot be used (ConnectionRefusedError). Check DATABASE_URL")
    assert "hunter2" not in told


async def test_a_database_that_is_not_there_on_the_server_is_named(monkeypatch, empty_postgres):
    gone = make_url(empty_postgres).set(database="nowhere")
    monkeypatch.setenv("DATABASE_URL", gone.render_as_string(hide_password=False))
    monkeypatch.setenv("DATA_KEY", "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=")
    assert "(InvalidCatalogNameError)" in await refused()


async def test_several_workers_may_start_on_one_empty_server(monkeypatch, empty_postgres):
    monkeypatch.setenv("DATABASE_URL", empty_postgres)
    monkeypatch.setenv("DATA_KEY", "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=")
    await asyncio.gather(*(started() for _ in range(3)))
    database = open_database(empty_postgres)
    assert await database.read(lambda c: c.execute(text("SELECT count(*) FROM seals")).scalar()) == 1
    await database.close()
