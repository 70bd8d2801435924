"""The schema: migrations arrive at the tables, and none is ever applied by half."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from conversations.core.channels import TELEGRAM
from storage.core import schema
from storage.core.database import Sqlite, open_database
from storage.people.people import find_or_create_door
from storage.tables import metadata
from tests.house import make_house

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", "postgres"])
def upgraded(request):
    """A migrated database."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def beside(request, upgraded, tmp_path):
    """The URL of an empty database of the same kind."""
    if isinstance(upgraded, Sqlite):
        return f"sqlite+aiosqlite:///{tmp_path / 'beside.db'}"
    return request.getfixturevalue("empty_postgres")


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request, tmp_path):
    """The URL of a database in which nothing was ever stored."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'new.db'}"
    return request.getfixturevalue("empty_postgres")


def shape(connection):
    """The database's own description of its tables."""
    looking = inspect(connection)
    on_sqlite = connection.dialect.name == "sqlite"
    listed = connection.exec_driver_sql("PRAGMA table_list").all() if on_sqlite else ()
    kinds = {row.name: (row.type, row.wr, row.strict) for row in listed}
    tables = [name for name in looking.get_table_names() if name != "alembic_version"]
    return {
        table: {
            "kind": kinds.get(table),
            "columns": {column["name"]: _told(column) for column in looking.get_columns(table)},
            "key": looking.get_pk_constraint(table),
            "indexes": _sorted(_in_words(index) for index in looking.get_indexes(table)),
            "unique": _sorted(looking.get_unique_constraints(table)),
            "foreign": _sorted(looking.get_foreign_keys(table)),
            "checks": _sorted(looking.get_check_constraints(table)),
        }
        for table in tables
    }


def _told(column):
    return {key: str(column.get(key)) for key in ("type", "nullable", "default", "autoincrement", "computed")}


def _in_words(index):
    options = {key: str(option) for key, option in index.get("dialect_options", {}).items()}
    return {**index, "dialect_options": options}


def _sorted(found):
    return sorted(found, key=str)


async def test_upgraded_and_fresh_are_the_same(upgraded, beside):
    fresh = open_database(beside)
    await fresh.write(metadata.create_all)
    one, other = await upgraded.read(shape), await fresh.read(shape)
    await fresh.close()
    assert one.keys() == other.keys() == set(metadata.tables)
    for table in one:
        assert one[table] == other[table]


async def test_the_tables_of_the_code_are_those_of_the_last_migration(upgraded):
    def differences(connection):
        # On SQLite alembic takes a default of '' for none; the test above compares defaults there.
        options = {"compare_server_default": connection.dialect.name == "postgresql"}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    assert await upgraded.read(differences) == []


def test_migrations_are_one_chain():
    script = ScriptDirectory.from_config(schema._config())
    assert len(script.get_heads()) == 1


async def test_migrating_twice_changes_nothing(upgraded):
    before = await upgraded.read(shape)
    await upgraded.reshape(schema.migrate)
    assert await upgraded.read(shape) == before
    await upgraded.read(schema.check)


async def test_workers_that_start_together_migrate_once(empty_url):
    workers = [open_database(empty_url) for _ in range(3)]
    try:
        await asyncio.gather(*(worker.reshape(schema.migrate) for worker in workers))
        await workers[0].read(schema.check)
    finally:
        for worker in workers:
            await worker.close()


async def test_a_newer_database_is_refused_and_left_alone(upgraded):
    await upgraded.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    for asked in (upgraded.reshape(schema.migrate), upgraded.read(schema.check)):
        with pytest.raises(schema.SchemaMismatch, match="made by a newer Heard"):
            await asked
    version = await upgraded.read(lambda c: c.execute(text("SELECT * FROM alembic_version")).scalar())
    assert version == "9999"


async def test_foreign_tables_are_refused_and_left_alone(empty_url):
    database = open_database(empty_url)
    try:
        await database.write(lambda c: c.execute(text("CREATE TABLE invoices (id INTEGER)")))
        for asked in (database.reshape(schema.migrate), database.read(schema.check)):
            with pytest.raises(schema.SchemaMismatch, match="Point DATABASE_URL somewhere else"):
                await asked
        assert await database.read(lambda c: inspect(c).get_table_names()) == ["invoices"]
    finally:
        await database.close()


async def test_an_older_database_says_what_to_do(empty_url):
    database = open_database(empty_url)
    try:
        with pytest.raises(schema.SchemaMismatch, match="Run `python -m bot migrate`"):
            await database.read(schema.check)
    finally:
        await database.close()


# --- killed half-way ------------------------------------------------------------------------------

HALF_WAY = """
import asyncio, sys, time
from sqlalchemy import event
from sqlalchemy.engine import Engine
from storage.core import schema
from storage.core.database import open_database

made = 0

@event.listens_for(Engine, "after_cursor_execute")
def count(connection, cursor, statement, *more):
    global made
    made += statement.lstrip().startswith("CREATE TABLE")
    if made == 8:
        print("half-way", flush=True)
        time.sleep(60)

asyncio.run(open_database(sys.argv[1]).reshape(schema.migrate))
"""


async def test_a_migration_killed_half_way_is_completed_when_it_runs_again(empty_url):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HALF_WAY, empty_url, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    said = await process.stdout.readline()
    process.kill()
    await process.communicate()
    assert said == b"half-way\n"
    database = open_database(empty_url)
    try:
        assert await database.read(schema.is_empty)
        await database.reshape(schema.migrate)
        await database.read(schema.check)
        assert set(await database.read(shape)) == set(metadata.tables)
    finally:
        await database.close()


# --- recreated tables -----------------------------------------------------------------------------


@pytest.fixture
def later(monkeypatch) -> Iterator[list]:
    """A later migration instead of Heard's own: `later.append(upgrade)`."""
    steps = []

    def upgrade(config, _target):
        context = MigrationContext.configure(config.attributes["connection"], opts={"render_as_batch": True})
        from alembic.operations import Operations

        with Operations.context(context):
            steps[0]()

    monkeypatch.setattr(schema, "newest", lambda: "9999")
    monkeypatch.setattr(schema.command, "upgrade", upgrade)
    return steps


async def test_a_recreated_table_loses_no_row_and_no_row_that_references_it(sqlite, later):
    """SQLite changes a column by rebuilding the table; enforced foreign keys would empty all tables that refer to it."""

    def upgrade():
        with op.batch_alter_table("people", recreate="always") as table:
            table.alter_column("agreed_at", new_column_name="joined_at")

    later.append(upgrade)
    house = make_house(sqlite)
    await house.run(lambda db: find_or_create_door(db, TELEGRAM, "5550001"))
    await sqlite.reshape(schema.migrate)
    counts = [
        await sqlite.read(lambda c, name=name: c.execute(text(f"SELECT count(*) FROM {name}")).scalar())
        for name in ("people", "doors")
    ]
    assert counts == [1, 1]


async def test_a_migration_that_would_orphan_rows_is_undone(sqlite, later):
    later.append(lambda: op.execute("DELETE FROM people"))
    house = make_house(sqlite)
    await house.run(lambda db: find_or_create_door(db, TELEGRAM, "5550001"))
    with pytest.raises(schema.SchemaMismatch, match="nothing was changed"):
        await sqlite.reshape(schema.migrate)
    assert await sqlite.read(lambda c: c.execute(text("SELECT count(*) FROM people")).scalar()) == 1


async def test_migrating_with_enforced_foreign_keys_is_refused(sqlite, later):
    with pytest.raises(AssertionError, match="by Database"):
        await sqlite.write(schema.migrate)
