"""Instance locks: who runs on a database is known exactly, even after a kill."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.core import instance_lock as module
from storage.core.database import open_database
from storage.core.instance_lock import InUse, lock_for
from tests.waiting import until

ROOT = Path(__file__).parents[2]
OLD, NEW = b"\x00old", b"\xffnew"

STAYS = """
import asyncio, sys
from storage.core.instance_lock import lock_for

async def stay():
    async with lock_for(sys.argv[1]).shared() as tell:
        await tell(bytes.fromhex(sys.argv[2]))
        print("here", flush=True)
        await asyncio.sleep(60)

asyncio.run(stay())
"""


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'data' / 'heard.db'}"
    return request.getfixturevalue("empty_postgres")


def somebody(url, key=OLD):
    """Another process that runs on the database."""
    process = subprocess.Popen(
        (sys.executable, "-c", STAYS, url, key.hex()), cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "here\n"
    return process


def on_sqlite(url):
    return url.startswith("sqlite")


async def test_without_a_running_heard_the_exclusive_lock_is_free(url):
    assert await lock_for(url).keys() == frozenset()
    async with lock_for(url).exclusive():
        pass
    async with lock_for(url).shared() as tell:
        await tell(NEW)
        assert await lock_for(url).keys() == {NEW}
    assert await lock_for(url).keys() == frozenset()


async def test_the_exclusive_lock_waits_for_a_running_heard_and_is_free_after_a_kill(url):
    other = somebody(url)
    try:
        assert await lock_for(url).keys() == {OLD}
        with pytest.raises(InUse, match="Heard is running on"):
            async with lock_for(url).exclusive():
                raise AssertionError
    finally:
        other.kill()
        other.wait()
        other.stdout.close()
    await until(lambda: nobody_runs(url))
    async with lock_for(url).exclusive():
        pass


async def nobody_runs(url):
    return not await lock_for(url).keys()


async def test_with_the_exclusive_lock_no_heard_starts(url):
    async with lock_for(url).exclusive():
        with pytest.raises(InUse):
            async with lock_for(url).shared():
                raise AssertionError
        with pytest.raises(InUse):
            async with lock_for(url).exclusive():
                raise AssertionError


async def test_on_sqlite_there_is_one_and_on_postgresql_any_number(url):
    async with lock_for(url).shared() as tell:
        await tell(OLD)
        if on_sqlite(url):
            with pytest.raises(InUse, match="Another Heard is running on"):
                async with lock_for(url).shared():
                    raise AssertionError
            return
        async with lock_for(url).shared() as tell_too:
            await tell_too(NEW)
            assert await lock_for(url).keys() == {OLD, NEW}
        assert await lock_for(url).keys() == {OLD}


async def only_the_new_one_runs(url):
    return await lock_for(url).keys() == {NEW}


async def test_after_a_lost_connection_the_locks_are_taken_again(empty_postgres, monkeypatch):
    monkeypatch.setattr(module, "_CHECK_SECONDS", 0.05)
    async with lock_for(empty_postgres).shared() as tell:
        await tell(NEW)
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"
        database = open_database(empty_postgres)
        await database.read(lambda c: c.execute(text(others)).all())
        await database.close()
        await until(lambda: only_the_new_one_runs(empty_postgres))
        with pytest.raises(InUse):
            async with lock_for(empty_postgres).exclusive():
                raise AssertionError


async def test_other_databases_on_the_server_do_not_matter(empty_postgres, postgres_server):
    from tests.postgres import new_database

    async with new_database(postgres_server) as other, lock_for(other).shared() as tell:
        await tell(OLD)
        assert await lock_for(empty_postgres).keys() == frozenset()
        async with lock_for(empty_postgres).exclusive():
            pass
