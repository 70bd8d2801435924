"""The database: a write that returned is stored, whatever is cancelled, fails beside it or holds the lock."""

import asyncio
import sqlite3
import threading
import time

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.core import sqlite as sqlite_file
from storage.core.database import open_database
from storage.core.errors import Unavailable
from storage.core.sqlite import sync_url
from storage.tables import updates
from tests.house import A_TUESDAY, make_house, new_sqlite
from tests.waiting import LONG


def keep(name):
    row = {"door_kind": "telegram", "update_id": name, "at": A_TUESDAY}
    return lambda connection: connection.execute(updates.insert().values(**row)).rowcount


def kept(connection):
    return set(connection.execute(select(updates.c.update_id)).scalars())


def mistaken(connection):
    keep("half")(connection)
    raise ValueError("a flow's mistake")


@pytest.fixture(params=["sqlite", "postgres"])
def any_database(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
async def impatient(tmp_path, empty_database, monkeypatch):
    """A SQLite database that hardly waits for a lock."""
    monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0.05)
    database = new_sqlite(tmp_path / "impatient.db", empty_database)
    yield database
    await database.close()


@pytest.fixture
def lock(tmp_path):
    """Holds the database's lock, as another program would."""
    other = sqlite3.connect(tmp_path / "impatient.db", isolation_level=None)
    yield lambda: other.execute("BEGIN EXCLUSIVE"), lambda: other.execute("ROLLBACK")
    other.close()


class Held:
    """Work that blocks the writer until it is released, so that what comes meanwhile is one batch."""

    def __init__(self):
        self.begun, self.let_go = threading.Event(), threading.Event()

    def __call__(self, _connection):
        self.begun.set()
        assert self.let_go.wait(LONG)

    async def written(self, database, *works):
        """The results of these, written together."""
        first = asyncio.create_task(database.write(self))
        await asyncio.to_thread(self.begun.wait)
        rest = [asyncio.create_task(database.write(work)) for work in works]
        await asyncio.sleep(0.01)
        self.let_go.set()
        await first
        return await asyncio.gather(*rest, return_exceptions=True)


class Slow:
    """Work that has written something, and then takes two more seconds."""

    def __init__(self, name):
        self.name = name

    def __call__(self, connection):
        keep(self.name)(connection)
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_sleep(2)"))
        else:
            time.sleep(2)


# --- on both databases ----------------------------------------------------------------------------


async def test_a_write_can_be_read(any_database):
    assert await any_database.write(keep("one")) == 1
    assert await any_database.read(kept) == {"one"}


async def test_an_exception_is_raised_and_its_work_rolled_back(any_database):
    with pytest.raises(ValueError, match="a flow's mistake"):
        await any_database.write(mistaken)
    assert await any_database.read(kept) == set()


async def test_one_piece_that_fails_undoes_no_other(any_database):
    await any_database.write(keep("a"))
    works = [keep("b"), mistaken, keep("a"), keep("c")]
    told = await asyncio.gather(*(any_database.write(work) for work in works), return_exceptions=True)
    assert [type(each) for each in told] == [int, ValueError, IntegrityError, int]
    assert await any_database.read(kept) == {"a", "b", "c"}


@pytest.mark.parametrize("fault", [StopIteration, StopAsyncIteration])
async def test_whatever_the_work_raises_other_callers_do_not_wait_for_ever(any_database, fault):
    def breaks(_connection):
        raise fault

    work = [breaks, lambda _connection: "done", breaks, lambda _connection: "done"]
    async with asyncio.timeout(LONG):
        told = await asyncio.gather(*map(any_database.write, work), return_exceptions=True)
    assert [isinstance(each, Exception) for each in told] == [True, False, True, False]


async def test_a_mistake_in_a_statement_is_not_taken_for_a_fault_of_the_moment(any_database):
    with pytest.raises(DBAPIError):
        await any_database.write(lambda connection: connection.execute(text("SELECT nothing FROM nowhere")))
    await any_database.write(keep("after"))
    assert await any_database.read(kept) == {"after"}


async def test_an_error_carries_no_parameters(any_database):
    await any_database.write(keep("secret words"))
    with pytest.raises(IntegrityError) as told:
        await any_database.write(keep("secret words"))
    assert "secret words" not in str(told.value).replace(str(told.value.orig), "")


async def test_readers_do_not_wait_for_a_writer(any_database):
    await any_database.write(keep("old"))
    writing = asyncio.create_task(any_database.write(Slow("new")))
    await asyncio.sleep(0.1)
    assert await any_database.read(kept) == {"old"}
    assert not writing.done()
    await writing
    assert await any_database.read(kept) == {"old", "new"}


async def test_a_reader_cannot_write_on_sqlite(sqlite):
    with pytest.raises(Unavailable, match="SQLITE_READONLY"):
        await sqlite.read(keep("sneaked in"))
    assert await sqlite.read(kept) == set()


# --- group commit ---------------------------------------------------------------------------------


async def test_waiting_writes_are_committed_together(sqlite):
    begun = []
    event.listen(sqlite._writer.engine, "begin", lambda connection: begun.append(1))
    told = await Held().written(sqlite, *(keep(str(n)) for n in range(40)))
    assert told == [1] * 40
    assert len(begun) == 2  # the one that was held, and all forty


async def test_a_failed_commit_is_raised_in_every_caller(sqlite):
    failing = []

    def fail(_connection):
        if failing:
            failing.clear()
            raise ValueError("the disk went away")

    event.listen(sqlite._writer.engine, "commit", fail)
    told = await Held().written(sqlite, keep("a"), lambda connection: failing.append(1), keep("b"))
    assert [str(each) for each in told] == ["the disk went away"] * 3
    assert await sqlite.read(kept) == set()
    assert await sqlite.write(keep("a")) == 1


async def test_on_a_full_disk_nothing_is_confirmed_as_stored_and_it_recovers(sqlite):
    def fill(connection):
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    await sqlite.write(fill)
    big = [keep(f"{n}".ljust(60_000, "x")) for n in range(5)]
    told = await Held().written(sqlite, *big)
    assert {type(each) for each in told} == {Unavailable}
    assert await sqlite.read(kept) == set()
    await sqlite.write(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count=1000000"))
    assert await sqlite.write(big[0]) == 1


async def test_everything_confirmed_as_stored_is_on_the_disk(sqlite):
    """SQLite may roll back a whole transaction because of one piece of work; then all of the batch must fail."""

    def gives_up(connection):
        keep("in it")(connection)
        connection.connection.driver_connection.rollback()  # as SQLite itself does when a disk is full
        raise ValueError("no room")

    works = [keep("before"), gives_up, keep("after")]
    told = await Held().written(sqlite, *works)
    stored = await sqlite.read(kept)
    assert {
        name for name, each in zip(("before", "in it", "after"), told, strict=True) if each == 1
    } == stored


# --- people who go away ---------------------------------------------------------------------------


async def test_a_cancelled_caller_undoes_nothing(sqlite):
    held = Held()
    first = asyncio.create_task(sqlite.write(held))
    await asyncio.to_thread(held.begun.wait)
    going = asyncio.create_task(sqlite.write(keep("stays")))
    await asyncio.sleep(0)
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    held.let_go.set()
    await first
    await sqlite.write(keep("next"))
    assert await sqlite.read(kept) == {"stays", "next"}


async def test_closing_finishes_current_work_and_rejects_later_calls(tmp_path, empty_database):
    database = new_sqlite(tmp_path / "closing.db", empty_database)
    held = Held()
    works = [asyncio.create_task(database.write(work)) for work in (held, keep("in hand"))]
    await asyncio.to_thread(held.begun.wait)
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0.01)
    with pytest.raises(Unavailable):
        await database.write(keep("too late"))
    held.let_go.set()
    await asyncio.gather(*works, closing)
    with sqlite3.connect(tmp_path / "closing.db") as after:
        assert after.execute("SELECT update_id FROM updates").fetchall() == [("in hand",)]
    after.close()


async def test_many_readers_at_once_are_all_served(any_database):
    await any_database.write(keep("one"))
    assert await asyncio.gather(*(any_database.read(kept) for _ in range(40))) == [{"one"}] * 40


# --- a database that is locked, or gone -----------------------------------------------------------


async def test_with_a_locked_database_nothing_is_confirmed_as_stored(impatient, lock):
    hold, let_go = lock
    hold()
    with pytest.raises(Unavailable, match="SQLITE_BUSY"):
        await impatient.write(keep("lost?"))
    let_go()
    assert await impatient.read(kept) == set()
    assert await impatient.write(keep("again")) == 1


async def test_a_turn_is_not_acknowledged_while_the_database_is_locked(impatient, lock):
    house = make_house(impatient)
    someone = house.person()
    hold, let_go = lock
    hold()
    with pytest.raises(Unavailable):
        await someone.types("/start")
    assert house.woken == []
    let_go()
    await someone.types("/start")
    assert len(house.woken) == 1


def test_connections_that_open_a_new_file_at_once_wait_for_one_another(tmp_path):
    """SQLite refuses the second without waiting, because both want to switch the file to WAL."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'new.db'}"
    first = sqlite3.connect(tmp_path / "new.db", isolation_level=None)
    first.execute("BEGIN IMMEDIATE")
    refused = []

    def opens_it_too():
        writers = sqlite_file.engine(url)
        try:
            with writers.begin() as connection:
                connection.exec_driver_sql("CREATE TABLE second (id)")
        except DBAPIError as error:
            refused.append(error)
        writers.dispose()

    thread = threading.Thread(target=opens_it_too)
    thread.start()
    thread.join(0.3)
    first.execute("CREATE TABLE first (id)")
    first.execute("COMMIT")
    thread.join(LONG)
    assert refused == []
    assert {name for (name,) in first.execute("SELECT name FROM sqlite_master")} == {"first", "second"}
    first.close()


async def test_losing_postgresql_during_a_turn_is_a_temporary_fault(postgres):
    def killed(connection):
        keep("half")(connection)
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(Unavailable):
        await postgres.write(killed)
    assert await postgres.read(kept) == set()
    assert await postgres.write(keep("back")) == 1


async def test_a_server_that_is_not_there_is_a_fault_of_the_moment(tmp_path):
    database = open_database("postgresql+asyncpg://heard@127.0.0.1:1/heard")
    for ask in (database.read, database.write):
        with pytest.raises(Unavailable, match="ConnectionRefusedError"):
            await ask(kept)
    await database.close()


async def test_two_that_wait_for_one_another_are_both_done_in_the_end(postgres):
    """A deadlock is nobody's mistake: PostgreSQL undoes one of the two, which is done again."""
    for name in ("x", "y"):
        await postgres.write(keep(name))

    in_hand = set()

    def touch(first, second):
        """Locks one row, then waits until the other work has locked the other."""

        def work(connection):
            for name in (first, second):
                row = select(updates).where(updates.c.update_id == name).with_for_update()
                connection.execute(row)
                in_hand.add(first)
                while len(in_hand) < 2:
                    connection.execute(text("SELECT pg_sleep(0.01)"))

        return work

    await postgres.write(lambda connection: connection.execute(text("SET deadlock_timeout = '50ms'")))
    told = await asyncio.gather(
        postgres.write(touch("x", "y")), postgres.write(touch("y", "x")), return_exceptions=True
    )
    assert told == [None, None]


# --- small things ---------------------------------------------------------------------------------


def test_the_address_decides_which_database_it_is():
    assert sync_url("sqlite+aiosqlite:///data/heard.db") == "sqlite:///data/heard.db"


async def test_confirmed_writes_survive_a_power_cut(sqlite):
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    asked = await sqlite.write(
        lambda connection: [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]
    )
    assert asked == ["wal", 2, 1, 1]
