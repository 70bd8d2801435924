"""`move-database`: between any two kinds of database, all rows, in the same order; a kill loses nothing."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, insert, make_url, select, text, update

from bot.config.settings import read_settings
from bot.operations import transfer
from bot.operations.opening import open_store
from conversations.core.channels import TELEGRAM
from conversations.core.record import replace
from storage.consultations import answers
from storage.core import schema
from storage.core.database import open_database
from storage.core.instance_lock import InUse, lock_for
from storage.core.unit_of_work import new_id
from storage.operations import transfer as moving
from storage.people import people
from storage.security import audit_log
from storage.tables import answers as answers_table
from storage.tables import consultations, metadata, outcomes, pictures
from storage.tables import people as people_table
from storage.team import members as team
from tests.bot.test_operations_commands import NEW, OLD, begun, command, crowd_that_wrote, done
from tests.house import make_house
from tests.postgres import new_database
from tests.storage.test_at_rest import CHAT, TYPED, everything_happens
from tests.walks.running import Heard

SQLITE = "sqlite+aiosqlite:///data/heard.db"
OTHER_WAYS = "moving a database the other ways"
OTHER_FILE = "sqlite+aiosqlite:///elsewhere/heard.db"


@pytest.fixture(autouse=True)
def _here(folder, own_logs, monkeypatch):
    """Every test runs in a folder of its own, with a key from the settings."""
    monkeypatch.setenv("DATA_KEY", OLD)


@pytest.fixture
async def both(postgres_server):
    """Two empty PostgreSQL databases."""
    async with new_database(postgres_server) as one, new_database(postgres_server) as other:
        yield one, other


ACROSS = [
    "SQLite to PostgreSQL",
    pytest.param("PostgreSQL to SQLite", marks=pytest.mark.left_to_all(OTHER_WAYS)),
]


def named(way, both, monkeypatch):
    """The URLs of source and target; the settings name the source."""
    kinds = {"SQLite": iter((SQLITE, OTHER_FILE)), "PostgreSQL": iter(both)}
    source, target = (next(kinds[kind]) for kind in way.split(" to "))
    monkeypatch.setenv("DATABASE_URL", source)
    return source, target


@pytest.fixture(
    params=[
        *ACROSS,
        *(
            pytest.param(way, marks=pytest.mark.left_to_all(OTHER_WAYS))
            for way in ("SQLite to SQLite", "PostgreSQL to PostgreSQL")
        ),
    ]
)
def way(request, both, monkeypatch):
    return named(request.param, both, monkeypatch)


@pytest.fixture(params=ACROSS)
def across(request, both, monkeypatch):
    return named(request.param, both, monkeypatch)


@pytest.fixture
def to_postgres(both, monkeypatch):
    return named("SQLite to PostgreSQL", both, monkeypatch)


def read(url, work):
    """Runs work on a connection, in its own transaction."""

    async def opened():
        database = open_database(url)
        try:
            return await database.write(work)
        finally:
            await database.close()

    return asyncio.run(opened())


def counts(url):
    def counted(connection):
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar()
            for table in metadata.sorted_tables
        }

    return read(url, counted)


def everything(url):
    """All transferred rows, except those that the transfer itself wrote."""

    def rows(connection):
        found = {}
        for table in moving.TABLES:
            key = list(table.primary_key.columns)
            found[table.name] = sorted(map(str, connection.execute(select(table).order_by(*key)).all()))
        return found

    return read(url, rows)


async def _lived_in(settings):
    store = await open_store(settings)
    house = make_house(store.database)
    house.runtime = replace(house.runtime, vault=store.vault, erasure_log=store.erasure_log)
    await everything_happens(house)
    await store.database.close()


def lived_in():
    """A database with a row in every table."""
    asyncio.run(_lived_in(read_settings()))


def outcome(db, number):
    values = {"consultation_id": number, "state": "draft", "language": "en", "made_at": db.now}
    return new_id(db.run(insert(outcomes).values(**values)))


# --- all of it ----------------------------------------------------------------------------------------


def test_everything_is_there_and_the_same(way, monkeypatch):
    source, target = way
    lived_in()
    before = everything(source)
    said = command("move-database", source, target)
    rows = sum(map(len, before.values()))
    assert f"Moved, and compared row by row: {rows:,} rows, all the same." in said
    assert everything(source) == before
    after = everything(target)
    for table in ("audit", "audit_head"):  # the transfer's audit line
        before.pop(table), after.pop(table)
    assert after == before
    monkeypatch.setenv("DATABASE_URL", target)
    assert "The audit log is intact" in command("verify")
    assert done(lambda db: people.door_at(db, TELEGRAM, CHAT)).person.agreed
    texts = done(
        lambda db: answers.texts(db, db.run(select(func.min(consultations.c.id))).scalar(), "why", 0, 9)
    )
    assert TYPED["an answer, changed"] in dict(texts[0]).values()
    last = select(audit_log.audit.c.did).order_by(audit_log.audit.c.id.desc()).limit(1)
    assert done(lambda db: db.run(last).scalar()) == "moved the database"


def test_an_id_is_not_reused_after_its_row_was_deleted(across, monkeypatch):
    source, target = across
    done(lambda db: crowd_that_wrote(db, 9))
    highest = done(lambda db: db.run(select(func.max(people_table.c.id))).scalar())
    done(lambda db: people.erase(db, people_table.c.id == highest))
    command("move-database", source, target)
    monkeypatch.setenv("DATABASE_URL", target)
    newcomer = done(lambda db: people.find_or_create_door(db, TELEGRAM, "77"))
    assert newcomer.person.id == highest + 1
    assert done(lambda db: team.invite(db, "worker"))


def test_large_texts_odd_characters_and_other_sort_orders_arrive(across, monkeypatch):
    """A locale sorts differently from bytes; the pieces must still be equal."""
    source, target = across
    odd = ["b", "B", "a", "A", "ä", "Z", "z", "Ł", "ż", "_", "-", "0", "أ", "💡", "é", "e\u0301"]
    monkeypatch.setattr(moving, "PIECE", 3)

    def fill(db):
        crowd_that_wrote(db, 2)
        number = db.run(select(func.min(consultations.c.id))).scalar()
        row = {"consultation_id": number, "person_id": 1, "at": db.now, "skipped": False}
        db.run(insert(answers_table), [{**row, "question": q, "option": o} for q in odd for o in odd])
        large = {"outcome_id": outcome(db, number), "digest": "d", "sealed": b"\0\xff" * 1_000_000}
        db.run(insert(pictures).values(**large))

    done(fill)
    assert "all the same" in command("move-database", source, target)
    assert counts(target)["answers"] == 2 + len(odd) ** 2


# --- interrupted and continued ------------------------------------------------------------------------


class Stopped(Exception):
    """Somebody pressed Ctrl-C."""


def stopping_after(steps):
    """A progress callback that stops it after this many."""
    left = iter(range(steps))

    def step(_done, _of):
        if next(left, None) is None:
            raise Stopped

    return step


@pytest.mark.left_to_all("kill runs")
def test_an_interrupted_transfer_continues(across, monkeypatch):
    source, target = across
    lived_in()
    before = everything(source)
    monkeypatch.setattr(moving, "PIECE", 8)
    stopped, copied = 0, [0]
    while True:
        try:
            asyncio.run(transfer.move(read_settings(), source, target, stopping_after(9)))
        except Stopped:
            stopped += 1
            assert everything(source) == before
            copied.append(sum(counts(target).values()))
            if copied[-1] == copied[-2]:  # it is comparing, which starts again each time
                break
    assert copied == sorted(copied)
    assert stopped > 5
    assert "all the same" in command("move-database", source, target)
    after = everything(target)
    for table in ("audit", "audit_head"):
        before.pop(table), after.pop(table)
    assert after == before


@pytest.mark.left_to_all("kill runs")
def test_killed_in_the_middle_it_is_completed_when_run_again(to_postgres, monkeypatch):
    source, target = to_postgres
    done(lambda db: crowd_that_wrote(db, 6_000))
    moves = begun("move-database", source, target, DATA_KEY=OLD)
    while not how_many_people(target) and moves.poll() is None:
        time.sleep(0.01)
    moves.kill()
    moves.communicate()
    assert 0 < sum(counts(target).values()) < sum(counts(source).values())
    assert "all the same" in command("move-database", source, target)
    found = counts(target)
    assert (found["people"], found["doors"], found["answers"]) == (6_000, 6_000, 6_000)
    monkeypatch.setenv("DATABASE_URL", target)
    assert "The audit log is" in command("verify")


def how_many_people(url):
    def counted(connection):
        if schema.is_empty(connection):
            return 0
        return connection.execute(select(func.count()).select_from(people_table)).scalar()

    return read(url, counted)


# --- refused ------------------------------------------------------------------------------------------


def half_moved(source, target):
    """As after a kill."""

    async def part():
        here, there = open_database(source), open_database(target)
        name = await here.read(moving.fingerprint)
        await there.reshape(lambda c: moving.begin(c, name))
        rows = await here.read(lambda c: moving.next_rows(c, people_table, None))
        await there.write(lambda c: moving.insert_rows(c, people_table, rows[:3]))
        await here.close()
        await there.close()

    asyncio.run(part())


def test_no_heard_starts_on_an_incomplete_transfer_and_the_transfer_continues(across):
    source, target = across
    done(lambda db: crowd_that_wrote(db, 9))
    Path("elsewhere").mkdir(exist_ok=True)
    half_moved(source, target)
    for name in ("migrate", "verify"):
        said = command(name, exit_code=1, DATABASE_URL=target)
        assert said.startswith("The transfer into this database is incomplete: run `move-database` once more")
    assert "all the same" in command("move-database", source, target)
    assert counts(target)["people"] == 9


def test_a_target_with_other_tables_is_refused_and_left_alone(across):
    source, target = across
    done(lambda db: crowd_that_wrote(db, 3))
    command("migrate", DATABASE_URL=target)
    for _ in range(2):
        said = command("move-database", source, target, exit_code=1)
        assert said == "The target is not empty. Name an empty database.\n"
    assert counts(target)["people"] == 0


def test_an_incomplete_transfer_of_another_database_is_refused(to_postgres):
    source, target = to_postgres
    command("migrate")
    Path("elsewhere").mkdir(exist_ok=True)
    read(source, lambda c: None)

    async def of_another():
        there = open_database(target)
        await there.reshape(lambda c: moving.begin(c, "0123456789abcdef"))
        await there.close()

    asyncio.run(of_another())
    assert "The target holds an incomplete transfer from a different database." in command(
        "move-database", source, target, exit_code=1
    )


def test_another_key_is_refused_before_anything_is_written(to_postgres):
    source, target = to_postgres
    done(lambda db: crowd_that_wrote(db, 3))
    said = command("move-database", source, target, exit_code=1, DATA_KEY=NEW)
    assert said.startswith("The data key does not open this database.")
    assert command("move-database", source, target)


def test_a_row_that_changed_on_one_side_is_found(across):
    """Somebody wrote to the new database during the transfer."""
    source, target = across
    done(lambda db: crowd_that_wrote(db, 9))
    Path("elsewhere").mkdir(exist_ok=True)
    half_moved(source, target)
    read(
        target, lambda c: c.execute(update(people_table).where(people_table.c.id == 2).values(language="pl"))
    )
    said = command("move-database", source, target, exit_code=1)
    assert said.startswith("In people, row 2 differs between the two databases")
    assert "The transfer into this database is incomplete" in command(
        "migrate", exit_code=1, DATABASE_URL=target
    )


@pytest.mark.parametrize("which", [0, 1], ids=["the old one", "the new one"])
def test_while_heard_runs_on_either_it_is_refused(across, which):
    source, target = across
    command("migrate")

    async def refused():
        async with lock_for(across[which]).shared():
            return await asyncio.to_thread(command, "move-database", source, target, exit_code=1)

    assert asyncio.run(refused()).startswith("Heard is running on ")
    assert "all the same" in command("move-database", source, target)


def test_during_a_transfer_no_heard_starts_on_either(across):
    source, target = across
    command("migrate")
    started = []

    def step(_done, _of):
        started.extend(url for url in across if not asyncio.run(refuses(url)))

    async def refuses(url):
        with pytest.raises(InUse):
            async with lock_for(url).shared():
                return False
        return True

    async def moved():
        return await transfer.move(read_settings(), source, target, lambda *of: threaded(step, *of))

    def threaded(work, *of):
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(work, *of).result()

    assert asyncio.run(moved()) > 0
    assert started == []


@pytest.mark.parametrize(
    ("source", "target", "why"),
    [
        ("data/heard.db", SQLITE, "Name both databases as DATABASE_URL does"),
        ("mysql://a@b/c", SQLITE, "A database's URL begins with"),
        (SQLITE, SQLITE, "Both are the same database."),
        (SQLITE, OTHER_FILE, "data/heard.db does not exist."),
        ("postgresql+asyncpg://a:hunter2@127.0.0.1:1/x", OTHER_FILE, "The database cannot be used"),
    ],
)
def test_invalid_arguments_are_reported_in_one_line(source, target, why):
    said = command("move-database", source, target, exit_code=1)
    assert said.startswith(why)
    assert len(said.splitlines()) == 1
    assert "hunter2" not in said


def test_a_row_that_the_target_rejects_is_named_without_its_content(both, monkeypatch):
    """SQLite accepts a character that PostgreSQL rejects."""
    monkeypatch.setenv("DATABASE_URL", SQLITE)
    done(lambda db: crowd_that_wrote(db, 2))
    read(SQLITE, lambda c: c.execute(text("UPDATE answers SET option = 'secret' || char(0)")))
    said = command("move-database", SQLITE, both[0], exit_code=1)
    assert said.startswith("A row of answers cannot be stored there")
    assert "secret" not in said


# --- what to do then ----------------------------------------------------------------------------------


def test_at_the_end_it_says_what_to_put_into_env_and_never_a_password(both, monkeypatch):
    monkeypatch.delenv("DATA_KEY")
    done(lambda db: crowd_that_wrote(db, 2))
    target = make_url(both[0]).set(username="postgres", password="hunter2")
    said = command("move-database", SQLITE, target.render_as_string(hide_password=False))
    assert "DATABASE_URL=postgresql+asyncpg://postgres:***@" in said
    assert "DATA_KEY_FILE=data/key" in said
    assert "FORGOTTEN_LOG" not in said, "it is where the new one looks for it"
    assert "hunter2" not in said


def test_an_erasure_log_in_another_place_is_named(monkeypatch):
    settings = read_settings()
    lines = transfer.what_to_set(settings, "sqlite+aiosqlite:////srv/heard/heard.db", SQLITE)
    assert lines == ["DATABASE_URL=sqlite+aiosqlite:///data/heard.db", "FORGOTTEN_LOG=/srv/heard/forgotten"]


def test_heard_runs_on_the_new_database_and_nothing_is_held(to_postgres, folder):
    source, target = to_postgres
    done(lambda db: crowd_that_wrote(db, 3))
    command("move-database", source, target)

    async def ran():
        async with Heard(folder, DATABASE_URL=target, DATA_KEY=OLD) as heard:
            assert await heard.stop() == 0
            assert "older database" not in heard.output

    asyncio.run(ran())
    assert counts(target)["people"] == 3
