"""LISTEN/NOTIFY between workers on a real server: notices arrive at once, and again after a lost connection."""

import asyncio
import contextlib
import time

import asyncpg
from sqlalchemy import make_url

from storage.core import notifications
from storage.core.notifications import Notifications
from tests.waiting import LONG


@contextlib.asynccontextmanager
async def listening(url: str):
    """A listener that is connected, and an event that is set at its next notice."""
    heard, worker = asyncio.Event(), Notifications(url)
    task = asyncio.create_task(worker.listen(heard.set))
    await soon(heard)
    try:
        yield worker, heard
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def soon(heard: asyncio.Event) -> None:
    async with asyncio.timeout(LONG):
        await heard.wait()
    heard.clear()


async def test_a_notice_from_one_worker_reaches_all(empty_postgres):
    async with (
        listening(empty_postgres) as (one, heard_by_one),
        listening(empty_postgres) as (_, heard_by_two),
    ):
        one.notify()
        await soon(heard_by_one)
        await soon(heard_by_two)


async def test_many_turns_make_few_notices(empty_postgres):
    times, began = [], time.monotonic()
    async with listening(empty_postgres) as (one, heard):
        for _ in range(200):
            one.notify()
            await asyncio.sleep(0.001)
            if heard.is_set():
                times.append(heard.clear())
    assert 1 <= len(times) < 2 + (time.monotonic() - began) / notifications.MIN_GAP


async def test_after_a_lost_connection_it_looks_once_and_hears_again(empty_postgres, monkeypatch):
    monkeypatch.setattr(notifications, "RETRY_SECONDS", 0.05)
    monkeypatch.setattr(notifications, "CHECK_SECONDS", 0.1)
    async with listening(empty_postgres) as (one, heard):
        url = make_url(empty_postgres).set(drivername="postgresql").render_as_string(hide_password=False)
        admin = await asyncpg.connect(url)
        await admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        await admin.close()
        await soon(heard)
        one.notify()
        await soon(heard)
