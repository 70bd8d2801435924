"""`restore`: it checks the backup first, refuses with a reason, and restores everything or nothing."""

import asyncio
import random
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.config.settings import read_settings
from bot.operations.opening import open_store
from conversations.core.channels import TELEGRAM
from storage.consultations.recipients import INVITATION_RECIPIENTS
from storage.core import schema
from storage.outbox import broadcasts
from storage.people import people
from storage.tables import audit, doors
from storage.team import members as team
from tests.bot.test_operations_commands import (
    OTHER,
    begun,
    command,
    crowd_that_wrote,
    done,
    in_house,
    process,
)
from tests.crowd import add_crowd, open_hub
from tests.house import sample_rules
from tests.walks.running import Heard

DATABASE, COPY = Path("data/heard.db"), Path("copy.db")


@pytest.fixture(autouse=True)
def _here(folder, own_logs):
    """Every test runs in a folder of its own."""


@pytest.fixture
def filled():
    """Thirty people with answers in a backup; then ten more."""
    done(lambda db: crowd_that_wrote(db, 30))
    command("backup", str(COPY))
    done(lambda db: add_crowd(db, 10, first=5000))


def how_many():
    return done(lambda db: db.run(select(func.count()).select_from(doors)).scalar())


def forgets(address):
    done(lambda db: people.forget(db, people.door_at(db, TELEGRAM, address).person.id))


def in_file(path, query):
    with closing(sqlite3.connect(path)) as found:
        return found.execute(query).fetchone()[0]


def kept():
    return sorted(Path("data/backups").glob("*-before-restore*"))


def everything():
    return {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}


# --- only checked -----------------------------------------------------------------------------------


def test_the_check_of_a_good_backup_reports_its_contents_and_changes_nothing(filled):
    before = everything()
    said = command("restore", str(COPY), "--check")
    assert said.startswith("copy.db is intact, and the data key opens it. It was made on ")
    assert f"It is of this version (migration {schema.newest()})." in said
    for table in ("people", "doors", "answers"):
        assert f"  {table} " in said
        assert " 30\n" in said.partition(f"  {table} ")[2]
    assert everything() == before


async def test_one_while_heard_runs_can_be_looked_at(folder):
    async with Heard(folder):
        await asyncio.to_thread(command, "backup", str(COPY))
        assert "is intact" in await asyncio.to_thread(command, "restore", str(COPY), "--check")


def damaged():
    content = bytearray(COPY.read_bytes())
    content[8192:60_000] = b"\xaa" * (60_000 - 8192)
    COPY.write_bytes(content)


def cut_off():
    COPY.write_bytes(COPY.read_bytes()[:30_000])


def of_a_newer_heard():
    with closing(sqlite3.connect(COPY)) as found:
        found.execute("UPDATE alembic_version SET version_num = '9999'")
        found.commit()


def of_something_else():
    COPY.unlink()
    with closing(sqlite3.connect(COPY)) as found:
        found.execute("CREATE TABLE invoices (id)")


def copied_while_it_ran():
    shutil.copy(COPY, "raw.db")
    Path("copy.db-wal").write_bytes(b"pages that are not in the file yet")


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (damaged, "copy.db is damaged, or is no backup."),
        (cut_off, "copy.db is damaged, or is no backup."),
        (COPY.unlink, "copy.db is not there."),
        (lambda: COPY.write_text("Dear diary"), "copy.db is damaged, or is no backup."),
        (of_a_newer_heard, "made by a newer Heard"),
        (of_something_else, "This database holds tables that are not Heard's."),
        (copied_while_it_ran, "so it is a live database and no backup."),
    ],
)
def test_a_bad_backup_is_reported_in_one_line_and_nothing_is_changed(filled, trouble, why):
    trouble()
    before = everything()
    for arguments in (("--check",), ()):
        said = command("restore", str(COPY), *arguments, exit_code=1)
        assert why in said
        assert len(said.splitlines()) == 1
    after = everything()
    after.pop(Path("data/heard.db.lock"), None)
    assert after == before


def test_a_wrong_key_is_reported_before_anything_is_changed(filled):
    for arguments in (("--check",), ()):
        said = command("restore", str(COPY), *arguments, exit_code=1, DATA_KEY=OTHER)
        assert said == "The data key does not open this database. Put back the one that it was made with.\n"
    assert how_many() == 40


def test_the_database_itself_is_no_backup_of_itself(filled):
    assert "is the database itself" in command("restore", str(DATABASE), exit_code=1)


def test_for_postgresql_it_refers_to_pg_restore():
    said = command(
        "restore", "x", exit_code=1, DATABASE_URL="postgresql+asyncpg://a:b@127.0.0.1:1/x", DATA_KEY=OTHER
    )
    assert "pg_restore --clean --if-exists" in said


# --- restored -----------------------------------------------------------------------------------------


def test_it_reports_each_step_and_keeps_the_previous_database(filled):
    forgets("1003")
    said = command("restore", str(COPY))
    (there,) = kept()
    lines = said.splitlines()
    assert lines[0] == f"The previous database is kept in {there}."
    assert lines[1].startswith("data/heard.db was restored from copy.db, made on ")
    assert "Deleted again, as they had asked since this backup: 1 person." in lines
    assert "Unused invites are void." in lines
    assert lines[-1] == "Start Heard again. Its owners get a message that says what to check."
    assert how_many() == 29
    assert in_file(there, "SELECT count(*) FROM doors") == 39
    assert stat.S_IMODE(there.stat().st_mode) == 0o600
    assert stat.S_IMODE(DATABASE.stat().st_mode) == 0o600
    assert in_file(DATABASE, "SELECT copied_at FROM keeping") is None
    did = done(lambda db: db.run(select(audit.c.did).order_by(audit.c.id)).scalars().all())
    assert did[-2:] == ["older database put in place", "put back a backup"]
    assert "The audit log is intact" in command("verify")


def test_the_kept_database_can_be_restored_in_turn_and_deleted_people_stay_deleted(filled):
    forgets("1003")
    command("restore", str(COPY))
    (there,) = kept()
    command("restore", str(there))
    assert how_many() == 39
    assert len(kept()) == 2, "the second did not take the first one's place"


def test_broadcasts_are_held_and_open_invites_are_void(filled):
    number = done(lambda db: open_hub(db, code="other"))
    done(lambda db: broadcasts.begin(db, INVITATION_RECIPIENTS, number, db.now, None))
    token = done(lambda db: team.invite(db, "worker"))
    command("backup", str(COPY))
    said = command("restore", str(COPY))
    assert "40 messages wait for the team's decision (/sent)" in said
    assert done(lambda db: team.invitation(db, token)) is None


async def test_while_heard_runs_it_is_refused(filled, folder):
    async with Heard(folder) as running:
        said = await asyncio.to_thread(command, "restore", str(COPY), exit_code=1)
        assert said == "Heard is running on data/heard.db. Stop it first.\n"
        assert running.alive
        running.kill()
    await asyncio.to_thread(command, "restore", str(COPY))
    assert await asyncio.to_thread(how_many) == 30


def test_a_damaged_database_is_kept_unchanged(filled):
    content = bytearray(DATABASE.read_bytes())
    content[8192:60_000] = b"\xaa" * (60_000 - 8192)
    DATABASE.write_bytes(content)
    command("restore", str(COPY))
    (there,) = kept()
    assert there.name.endswith("-before-restore-damaged.db")
    assert there.read_bytes() == content
    assert how_many() == 30


def test_without_a_database_it_is_restored_and_a_missing_erasure_log_is_reported(filled):
    DATABASE.unlink()
    Path("data/forgotten").unlink()
    said = command("restore", str(COPY))
    assert said.startswith("There was no database before.")
    assert "There is no erasure log here" in said
    assert how_many() == 30


async def test_open_connections_continue_and_see_the_restored_data(filled):
    """Another command has the database open: it does not break, and its writes are not lost."""
    store = await open_store(read_settings())
    try:
        count = select(func.count()).select_from(doors)
        assert await store.read(sample_rules(), lambda db: db.run(count).scalar()) == 40
        await asyncio.to_thread(command, "restore", str(COPY))
        assert await store.read(sample_rules(), lambda db: db.run(count).scalar()) == 30
        await store.write(sample_rules(), lambda db: add_crowd(db, 1, first=9000))
    finally:
        await store.database.close()
    assert await asyncio.to_thread(how_many) == 31
    assert in_file(DATABASE, "PRAGMA integrity_check") == "ok"


@pytest.mark.left_to_all("kill runs")
async def test_killed_at_any_moment_it_restored_all_or_nothing_and_completes_when_run_again(filled):
    await asyncio.to_thread(forgets, "1003")
    chance = random.Random(5)
    seen = set()
    for n in range(4):
        running, before = begun("restore", str(COPY)), len(kept())
        while len(kept()) == before and running.poll() is None:
            await asyncio.sleep(0.002)
        await asyncio.sleep(chance.random() / 5)
        running.kill()
        running.communicate()
        assert in_file(DATABASE, "PRAGMA integrity_check") == "ok"
        seen.add(in_file(DATABASE, "SELECT count(*) FROM doors"))
        assert seen <= {39, 30, 29}, n
        assert await asyncio.to_thread(how_many) in {39, 29}, "what was begun is made good by the next start"
        assert await in_house(lambda db: people.door_at(db, TELEGRAM, "1003")) is None
    process("restore", str(COPY))
    assert await asyncio.to_thread(how_many) == 29
