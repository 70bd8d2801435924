"""The SQLite writer: one thread, which commits together what comes together, and tells each caller the truth."""

import asyncio
import itertools
import sqlite3
import threading
from datetime import timedelta

import pytest
from sqlalchemy import event, select, text

from storage.core.errors import Unavailable
from storage.tables import updates
from tests.house import A_TUESDAY, new_sqlite
from tests.waiting import LONG, until

COUNTING = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000000) SELECT max(i) FROM n"
)

seconds = itertools.count()


def keep(name):
    def work(connection):
        at = A_TUESDAY + timedelta(seconds=next(seconds))
        row = {"door_kind": "telegram", "update_id": name, "at": at}
        return connection.execute(updates.insert().values(**row)).rowcount

    return work


def kept(connection):
    """What was stored, in order."""
    return list(connection.execute(select(updates.c.update_id).order_by(updates.c.at)).scalars())


def where(_connection):
    return threading.current_thread()


def mistaken(connection):
    keep("half")(connection)
    raise ValueError("a flow's mistake")


@pytest.fixture
def commits(sqlite):
    """The commits so far."""
    found = []
    event.listen(sqlite._writer.engine, "commit", lambda connection: found.append(1))
    return found


async def ticks_until(done):
    """How often the loop ran, every hundredth of a second, until this was done."""
    ticks = 0
    while not done.done():
        await asyncio.sleep(0.01)
        ticks += 1
    return ticks


async def together(database, *works):
    return await asyncio.gather(*map(database.write, works), return_exceptions=True)


async def test_writes_that_come_together_are_committed_together(sqlite, commits):
    assert await together(sqlite, *(keep(str(n)) for n in range(20))) == [1] * 20
    assert len(commits) == 1


async def test_everything_is_done_in_the_order_in_which_it_came(sqlite):
    works = [asyncio.ensure_future(sqlite.write(keep(str(n)))) for n in range(30)]
    await asyncio.gather(*works)
    assert await sqlite.read(kept) == [str(n) for n in range(30)]


async def test_a_failed_write_undoes_no_other_and_each_caller_gets_its_error(sqlite):
    told = await together(sqlite, keep("a"), mistaken, keep("b"))
    assert [type(each) for each in told] == [int, ValueError, int]
    assert await sqlite.read(kept) == ["a", "b"]


async def test_a_long_write_does_not_keep_the_loop(sqlite):
    asked = asyncio.ensure_future(sqlite.write(lambda c: c.execute(text(COUNTING)).scalar()))
    assert await ticks_until(asked) > 5
    assert await asked == 4_000_000


async def test_a_lock_of_another_program_is_not_waited_for_in_the_loop(tmp_path, empty_database):
    database = new_sqlite(tmp_path / "locked.db", empty_database)
    other = sqlite3.connect(tmp_path / "locked.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waits = asyncio.ensure_future(database.write(keep("one")))
    for _ in range(10):
        await asyncio.sleep(0.01)
    assert not waits.done()
    other.execute("ROLLBACK")
    assert await waits == 1
    other.close()
    await database.close()


async def test_an_uncommitted_turn_is_not_confirmed_as_stored(sqlite):
    def fail(_connection):
        raise ValueError("the disk went away")

    event.listen(sqlite._writer.engine, "commit", fail)
    assert [str(each) for each in await together(sqlite, keep("a"), keep("b"))] == ["the disk went away"] * 2
    event.remove(sqlite._writer.engine, "commit", fail)
    assert await sqlite.read(kept) == []
    assert await together(sqlite, keep("a")) == [1]


async def test_a_database_that_cannot_be_opened_leaves_nobody_waiting(sqlite, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(sqlite._writer.engine, "connect", lambda: 1 / 0)
        async with asyncio.timeout(LONG):
            told = await together(sqlite, keep("a"), keep("b"))
    assert [type(each) for each in told] == [ZeroDivisionError] * 2
    assert await together(sqlite, keep("a")) == [1]


async def test_the_wal_is_truncated_once_nobody_writes_and_writing_continues(
    tmp_path, empty_database, monkeypatch
):
    monkeypatch.setattr("storage.core.sqlite_writer._QUIET_SECONDS", 0.05)
    database = new_sqlite(tmp_path / "quiet.db", empty_database)
    log = tmp_path / "quiet.db-wal"
    for n in range(3):
        assert await together(database, keep(str(n))) == [1]
        await until(lambda: not log.stat().st_size)
    await database.close()
    with pytest.raises(Unavailable):
        await database.write(where)


async def test_the_wal_is_never_truncated_during_a_write(tmp_path, empty_database, monkeypatch):
    """However soon it is due."""
    monkeypatch.setattr("storage.core.sqlite_writer._QUIET_SECONDS", 0)
    database = new_sqlite(tmp_path / "quiet.db", empty_database)

    async def many(who):
        for n in range(200):
            for _ in range((7 * who + n) % 5):
                await asyncio.sleep(0)
            await database.write(keep(f"{who}-{n}"))
            if n % 3 == 0:
                await asyncio.sleep(0.0003 * (who + 1))

    await asyncio.gather(*map(many, range(3)))
    assert len(await database.read(kept)) == 600
    await database.close()
