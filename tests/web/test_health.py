"""For machines: readiness, metrics, logs and open streams."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy import text
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from handlers.web.templates_api import HEADERS
from storage.consultations.recipients import INVITATION_RECIPIENTS
from storage.core.database import Postgres
from storage.outbox import broadcasts
from tests.crowd import add_crowd, open_hub
from tests.web.serving import Served, open_door


async def test_ready_only_while_the_database_is_there(postgres, postgres_server: str) -> None:
    async with open_door(postgres) as door, door.browser() as machine:
        assert (await machine.asks("GET", "/readyz"))[::2] == (200, "ready\n")
        async with _gone(postgres, postgres_server):
            assert (await machine.asks("GET", "/healthz"))[::2] == (200, "up\n")
            status, _, why = await machine.asks("GET", "/readyz")
            assert (status, why) == (503, "not ready: Unavailable\n")
            status, headers, page = await machine.asks("GET", "/changed")
            assert status == 503
            assert "Something went wrong on our side" in page
            assert f"tell the team this number: {headers['X-Request-Id']}." in page
        assert (await machine.asks("GET", "/readyz"))[0] == 200


@asynccontextmanager
async def _gone(postgres: Postgres, server: str) -> AsyncIterator[None]:
    """The database rejects new connections, and closes the present ones."""
    name = postgres._engine.url.database
    admin = await asyncpg.connect(server)
    await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    await admin.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    try:
        yield
    finally:
        await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await admin.close()


async def test_asking_whether_it_is_ready_writes_nothing(door: Served) -> None:
    watching = sqlite3.connect(door.house.runtime.database._url.partition(":///")[2])
    before = watching.execute("PRAGMA data_version").fetchone()
    async with door.browser() as machine:
        for _ in range(3):
            assert (await machine.asks("GET", "/readyz"))[0] == 200
        assert watching.execute("PRAGMA data_version").fetchone() == before
        await machine.joins()
    assert watching.execute("PRAGMA data_version").fetchone() != before
    watching.close()


async def test_not_ready_where_nothing_can_be_written(postgres) -> None:
    async with open_door(postgres) as door, door.browser() as machine:
        await door.house.run(
            lambda db: db.run(
                text(
                    f'ALTER DATABASE "{postgres._engine.url.database}" SET default_transaction_read_only = on'
                )
            )
        )
        await postgres._engine.dispose()
        assert (await machine.asks("GET", "/readyz"))[::2] == (503, "not ready: Unavailable\n")


async def test_a_database_of_another_version_is_not_ready(door: Served) -> None:
    await door.house.run(lambda db: db.run(text("UPDATE alembic_version SET version_num = '9999'")))
    async with door.browser() as machine:
        status, _, why = await machine.asks("GET", "/readyz")
        assert (status, why) == (503, "not ready: SchemaMismatch\n")


@pytest.mark.parametrize(
    ("proxies", "headers", "status"),
    [
        ((), {}, 200),
        ((), {"X-Forwarded-For": "127.0.0.1"}, 403),
        ((), {"Forwarded": "for=127.0.0.1"}, 403),
        ((), {"X-Real-IP": "203.0.113.9"}, 403),
        (("127.0.0.1",), {}, 200),
        (("127.0.0.1",), {"X-Forwarded-For": "203.0.113.9"}, 403),
        (("127.0.0.1",), {"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}, 403),
        (("127.0.0.1", "10.0.0.0/8"), {"X-Forwarded-For": "203.0.113.9, 10.1.2.3"}, 403),
        (("10.0.0.0/8",), {"X-Forwarded-For": "203.0.113.9"}, 403),
        (("127.0.0.1",), {"X-Forwarded-For": "nonsense"}, 403),
    ],
)
async def test_metrics_are_for_this_machine_however_they_are_asked_for(
    sqlite, proxies: tuple[str, ...], headers: dict[str, str], status: int
) -> None:
    async with open_door(sqlite, proxies) as door, door.browser() as machine:
        found, _, page = await machine.asks("GET", "/metrics", headers=headers)
        assert found == status
        assert ("python_info" in page) is (status == 200)


async def test_the_metrics_cover_turns_and_the_queue(door: Served) -> None:
    number = await door.house.run(open_hub)
    await door.house.run(lambda db: add_crowd(db, 3))
    await door.house.run(lambda db: broadcasts.begin(db, INVITATION_RECIPIENTS, number, db.now, None))
    door.house.clock.on(minutes=5)
    async with door.browser() as ana, door.browser() as machine:
        await ana.joins()
        _, _, figures = await machine.asks("GET", "/metrics")
    lines = figures.splitlines()
    assert 'heard_queue_messages{lane="broadcast"} 3.0' in lines
    assert 'heard_queue_oldest_seconds{lane="broadcast"} 300.0' in lines
    assert 'heard_queue_messages{lane="conversation"} 0.0' in lines
    turns = [line for line in lines if line.startswith('heard_updates_total{door="web",result="taken"}')]
    assert float(turns[0].split()[1]) >= 5


async def test_without_the_database_the_figures_of_the_process_are_there(
    postgres, postgres_server: str
) -> None:
    async with open_door(postgres) as door, door.browser() as machine, _gone(postgres, postgres_server):
        status, _, figures = await machine.asks("GET", "/metrics")
        assert (status, "python_info" in figures) == (200, True)


async def test_if_a_part_of_the_process_is_stuck_it_is_not_ready(sqlite) -> None:
    async with open_door(sqlite, stuck="courier") as door, door.browser() as machine:
        assert (await machine.asks("GET", "/readyz"))[::2] == (503, "not ready: courier\n")


async def test_a_log_line_and_the_answer_carry_the_same_number(door: Served, monkeypatch) -> None:
    async def fails(*_: object) -> None:
        raise RuntimeError("a mistake of ours")

    async with door.browser() as ana:
        await ana.joins()
        monkeypatch.setattr(type(door.house.runtime.database), "read", fails)
        with capture_logs(processors=[merge_contextvars]) as logged:
            status, headers, _ = await ana.asks("GET", "/changed")
    assert status == 500
    assert headers["X-Request-Id"] in {line.get("request") for line in logged}


async def test_open_pages_are_notified_and_closed_at_the_end(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        async with ana._session.get("/stream") as stream:
            assert dict(HEADERS).items() <= dict(stream.headers).items()
            assert await stream.content.readline() == b"retry: 3000\n"
            await stream.content.readline()
            async with door.browser() as other_tab:
                other_tab.cookie = ana.cookie
                await other_tab.asks("POST", "/turn", data={**ana.tokens, "command": "ways"})
            assert await asyncio.wait_for(stream.content.readline(), 60) == b"data: look\n"


async def test_one_page_opens_only_so_many_streams(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        streams = [await ana._session.get("/stream") for _ in range(11)]
        assert [stream.status for stream in streams] == [200] * 10 + [429]
        for stream in streams:
            stream.close()
