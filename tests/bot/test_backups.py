"""Automatic backups: every night, before a migration, and deleted after thirty days."""

import os
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from bot.app import make_runtime
from bot.config.settings import read_settings
from bot.operations import backups
from bot.operations.opening import DatabaseUnusable, open_store
from bot.scheduler import maintenance_jobs
from storage.core import schema
from storage.operations import backup, nightly_backup
from storage.security import lineage
from storage.tables import keeping as table
from tests.bot.test_data_key import KEY
from tests.house import sample_rules


@pytest.fixture(autouse=True)
def _here(folder, own_logs):
    """Every test runs in a folder of its own."""


@pytest.fixture
async def store():
    opened = await open_store(read_settings())
    yield opened
    await opened.database.close()


def made():
    return sorted(Path("data/backups").iterdir()) if Path("data/backups").exists() else []


async def run_job(store, name):
    """Runs the scheduler's backup job once."""
    settings = read_settings()
    runtime, _ = make_runtime(store, settings.rules(None))
    looks = {look.__name__: look for look, _ in maintenance_jobs.maintenance_jobs(settings, store)}
    await looks[name](runtime)


async def due(store, moment):
    await store.write(sample_rules(), lambda db: db.run(update(table).values(backup_due=moment)))


async def row(store):
    return await store.write(sample_rules(), lineage.find_or_create)


# --- every night --------------------------------------------------------------------------------------


async def test_the_first_is_made_in_the_first_night_and_not_at_once(store):
    await run_job(store, "back_up")
    assert made() == []
    assert datetime.now(UTC) < (await row(store)).backup_due <= datetime.now(UTC) + timedelta(days=1, hours=1)


async def test_at_its_time_one_is_made_once_and_the_next_is_due_in_the_next_night(store):
    await due(store, datetime.now(UTC) - timedelta(days=3))
    before = await row(store)
    for _ in range(3):
        await run_job(store, "back_up")
    (file,) = made()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert backup.is_backup(file)
    after = await row(store)
    assert after.backup_due > datetime.now(UTC)
    assert datetime.now(UTC) - after.backed_up_at < timedelta(minutes=1)
    assert after.mark > before.mark


@pytest.mark.parametrize(
    ("now", "night"),
    [
        ("2026-12-01T02:59", "2026-12-01T03:00"),
        ("2026-12-01T03:00", "2026-12-02T03:00"),
        ("2026-07-01T16:00", "2026-07-02T02:00"),  # three o'clock in London, in summer
        ("2026-03-28T12:00", "2026-03-29T02:00"),  # the night that leaves out an hour
        ("2026-10-24T12:00", "2026-10-25T03:00"),  # the night that repeats one
    ],
)
async def test_night_is_by_the_teams_clocks(house, now, night):
    house.clock.now = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert (await house.run(nightly_backup.next_night)).isoformat()[:16] == night


async def test_one_that_cannot_be_made_is_tried_again_in_an_hour(store, capsys):
    await due(store, datetime.now(UTC) - timedelta(days=3))
    Path("data/backups").write_text("a file where a folder should be")
    await run_job(store, "back_up")
    assert "nightly backup failed" in capsys.readouterr().out
    again = (await row(store)).backup_due - datetime.now(UTC)
    assert timedelta(minutes=50) < again <= timedelta(hours=1)
    Path("data/backups").unlink()
    await due(store, datetime.now(UTC))
    await run_job(store, "back_up")
    assert len(made()) == 1


async def test_automatic_backups_are_deleted_after_thirty_days_and_other_files_stay(store):
    place = Path("data/backups")
    place.mkdir()
    today = datetime.now(read_settings().zone).date()
    names = [
        f"heard-{today - timedelta(days=31):%Y%m%d}-0300.db",
        f"heard-{today - timedelta(days=31):%Y%m%d}-1200-before-9999.db",
        f"heard-{today - timedelta(days=90):%Y%m%d}-1200-before-0001.dump",
        f"heard-{today - timedelta(days=30):%Y%m%d}-0300.db",
        "heard.db",
        "heard-20200101-0300.db.gpg",
    ]
    for name in names:
        (place / name).write_text("a backup")
    await due(store, datetime.now(UTC))
    await run_job(store, "back_up")
    left = [file.name for file in made()]
    assert set(names[3:]) <= set(left)
    assert not set(names[:3]) & set(left)
    assert len(left) == 4


async def test_how_far_it_came_is_noted_and_old_notes_go(store):
    before = (await row(store)).mark
    await run_job(store, "mark")
    assert (await row(store)).mark == before + 1
    assert Path("data/forgotten").read_text().splitlines()[-1].startswith("mark ")
    long_ago = (datetime.now(UTC) - timedelta(days=431)).date()
    known = {"id": "0" * 16, "day": long_ago}
    await store.write(sample_rules(), lambda db: db.run(lineage.noted.insert().values(**known)))
    await run_job(store, "tidy")
    count = "SELECT count(*) FROM noted"
    assert await store.write(sample_rules(), lambda db: db.run(text(count)).scalar()) == 0


async def test_on_postgresql_the_scheduler_makes_no_backup(monkeypatch, empty_postgres):
    monkeypatch.setenv("DATABASE_URL", empty_postgres)
    monkeypatch.setenv("DATA_KEY", KEY)
    opened = await open_store(read_settings())
    names = {look.__name__ for look, _ in maintenance_jobs.maintenance_jobs(read_settings(), opened)}
    await opened.database.close()
    assert names == {"mark", "tidy"}


# --- before a migration -------------------------------------------------------------------------------


SHIPPED = schema.newest()


@pytest.fixture
def newer(monkeypatch):
    """A newer Heard, whose migration 9999 adds a table."""

    def migrated(connection):
        if schema.revision(connection) == SHIPPED:
            connection.execute(text("CREATE TABLE later (id INTEGER)"))
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    def begin():
        monkeypatch.setattr(schema, "newest", lambda: "9999")
        monkeypatch.setattr(schema, "migrate", migrated)

    return begin


async def started():
    opened = await open_store(read_settings())
    await opened.database.close()


async def test_before_a_migration_that_changes_something_a_backup_is_made(newer):
    await started()
    assert made() == []
    newer()
    await started()
    (file,) = made()
    assert file.name.endswith("-before-9999.db")
    with closing(sqlite3.connect(file)) as found:
        assert found.execute("SELECT version_num FROM alembic_version").fetchone() == (SHIPPED,)
    await started()
    assert made() == [file]


async def test_starts_that_fail_again_and_again_keep_one_backup(newer, monkeypatch):
    await started()
    newer()

    def fails(_connection):
        raise schema.SchemaMismatch("Nothing was changed.")

    monkeypatch.setattr(schema, "migrate", fails)
    Path("data/backups").mkdir()
    earlier = Path("data/backups/heard-20261101-0900-before-9999.db")
    earlier.write_text("of before")
    with pytest.raises(DatabaseUnusable):
        await started()
    (file,) = made()
    assert file != earlier


async def test_a_failed_backup_before_a_migration_changes_nothing(newer):
    await started()
    newer()
    Path("data/backups").write_text("a file where a folder should be")
    with pytest.raises(DatabaseUnusable, match="data/backups"):
        await started()
    with closing(sqlite3.connect("data/heard.db")) as found:
        assert found.execute("SELECT version_num FROM alembic_version").fetchone() == (SHIPPED,)


@pytest.fixture
def on_postgres(monkeypatch, empty_postgres):
    monkeypatch.setenv("DATABASE_URL", empty_postgres)
    monkeypatch.setenv("DATA_KEY", KEY)


async def test_on_postgresql_pg_dump_makes_it(newer, on_postgres, postgres_tools):
    await started()
    newer()
    await started()
    (file,) = made()
    assert file.name.endswith("-before-9999.dump")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes().startswith(b"PGDMP")


async def test_a_missing_or_failing_pg_dump_is_logged_and_the_migration_continues(
    newer, on_postgres, monkeypatch, capsys
):
    await started()
    newer()
    monkeypatch.setenv("PATH", "/nowhere")
    await started()
    told = capsys.readouterr().out
    assert "no backup made before the migration" in told
    assert "pg_dump is not on the PATH" in told
    assert made() == []


async def test_a_pg_dump_that_fails_leaves_no_half_file(on_postgres, monkeypatch, tmp_path):
    program = tmp_path / "bin" / "pg_dump"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\necho half > ${2#--file=}\necho 'pg_dump: error: no' >&2\nenv > env\nexit 1\n"
    )
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://heard:hunter2@127.0.0.1:1/heard")
    settings = read_settings()
    assert (
        backups._dump_postgresql(settings, backups.automatic_path(settings, "before-9999", "dump"))
        == "pg_dump: error: no"
    )
    assert made() == []
    told = Path("env").read_text()
    assert "PGPASSWORD=hunter2" in told
    assert "DATA_KEY" not in told
