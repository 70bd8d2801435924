"""SQLite backups: a consistent snapshot, whole or absent, readable by this account only."""

import resource
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.core import sqlite
from storage.operations import backup
from storage.operations.backup import BackupFailed
from storage.tables import keeping
from tests.crowd import add_crowd, open_hub
from tests.house import connected, make_house, new_sqlite

ROOT = Path(__file__).parents[2]
WHEN = datetime(2026, 12, 1, 2, 30, tzinfo=UTC)


@pytest.fixture
async def filled(tmp_path, empty_database):
    """The path of a database in use, with a few hundred people."""
    database = new_sqlite(tmp_path / "heard.db", empty_database)
    house = make_house(database)
    await house.run(open_hub)
    await house.run(lambda db: add_crowd(db, 400))
    yield tmp_path / "heard.db"
    await database.close()


def copy(source, target, step=lambda done, of: None):
    return backup.copy(source, target, step, WHEN)


def in_file(path, query):
    with closing(sqlite3.connect(path)) as found:
        return found.execute(query).fetchone()[0]


def beside(path):
    """The files in its folder that belong to it."""
    return sorted(file.name for file in path.parent.iterdir() if file.name.startswith(path.name))


async def test_a_copy_is_one_complete_file_with_all_rows_and_its_time(filled, tmp_path):
    told = []
    target = tmp_path / "copy.db"
    counts = copy(filled, target, lambda done, of: told.append((done, of)))
    assert (counts["people"], counts["doors"], counts["outbox"]) == (400, 400, 0)
    assert told[-1][0] == told[-1][1] > 0
    assert beside(target) == ["copy.db"]
    assert target.stat().st_mode & 0o777 == 0o600
    assert in_file(target, "PRAGMA integrity_check") == "ok"
    assert in_file(target, "PRAGMA journal_mode") == "delete"
    url = f"sqlite+aiosqlite:///{target}"
    assert (
        connected(url, lambda c: c.execute(select(keeping.c.copied_at)).scalar()) is None
    )  # no row there yet


async def test_the_time_of_a_backup_is_in_it_and_only_there(filled, tmp_path):
    with closing(sqlite3.connect(filled)) as other:
        other.execute("INSERT INTO keeping (id, lineage) VALUES (1, 'x')")
        other.commit()
    target = tmp_path / "copy.db"
    copy(filled, target)
    made = select(keeping.c.copied_at)
    assert connected(f"sqlite+aiosqlite:///{target}", lambda c: c.execute(made).scalar()) == WHEN
    assert connected(f"sqlite+aiosqlite:///{filled}", lambda c: c.execute(made).scalar()) is None


async def test_while_others_write_it_is_one_moment_and_comes_to_an_end(filled, tmp_path, monkeypatch):
    """Each writer inserts a person and their door together, so an inconsistent copy would have one without the other."""
    monkeypatch.setattr(backup, "PAGES", 2)
    over, another = threading.Event(), threading.Semaphore(0)

    def write():
        engine = sqlite.engine(f"sqlite+aiosqlite:///{filled}")
        while not over.is_set():
            with engine.begin() as connection:
                added = "INSERT INTO people (created_at) VALUES ('2026-12-01 16:00:00') RETURNING id"
                person = connection.exec_driver_sql(added).scalar()
                door = "INSERT INTO doors (person_id, kind, address_hash, address, used_at) VALUES (?, 'web', randomblob(32), randomblob(60), '')"
                connection.exec_driver_sql(door, (person,))
            another.release()
        engine.dispose()

    def step(done, of):
        """Continues the copy after one more write."""
        while another.acquire(blocking=False):
            pass
        assert another.acquire(timeout=10), "others write meanwhile"

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(3):
            counts = copy(filled, tmp_path / f"{n}.db", step)
            assert counts["people"] == counts["doors"]
    finally:
        over.set()
        writer.join()


async def test_a_path_that_is_something_else_is_refused_and_left_alone(filled, tmp_path):
    key = tmp_path / "key"
    key.write_text("precious")
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as made:
        made.execute("CREATE TABLE invoices (id)")
    for place, why in (
        (key, "is no backup of Heard"),
        (other, "is no backup of Heard"),
        (filled, "is the database itself"),
        (tmp_path, "is a folder"),
    ):
        with pytest.raises(BackupFailed, match=why):
            copy(filled, place)
    assert key.read_text() == "precious"


async def test_an_older_backup_is_replaced_as_a_whole(filled, tmp_path):
    target = tmp_path / "copy.db"
    copy(filled, target)
    with closing(sqlite3.connect(filled)) as other:
        other.execute("DELETE FROM doors")
        other.commit()
    assert copy(filled, target)["doors"] == 0
    assert in_file(target, "SELECT count(*) FROM doors") == 0


async def test_a_folder_that_is_not_there_is_named(filled, tmp_path):
    with pytest.raises(
        BackupFailed, match=r"nowhere/x\.db could not be written \(No such file or directory\)"
    ):
        copy(filled, tmp_path / "nowhere" / "x.db")


async def test_when_the_disk_is_full_no_partial_backup_is_left_and_the_old_one_stays(
    filled, tmp_path, monkeypatch
):
    target = tmp_path / "copy.db"
    copy(filled, target)
    before = target.read_bytes()
    real = sqlite3.connect

    def small(place, *more, **options):
        connection = real(place, *more, **options)
        if str(place).endswith(".part"):
            connection.execute("PRAGMA max_page_count=20")  # SQLite says SQLITE_FULL, as on a full disk
        return connection

    monkeypatch.setattr(sqlite3, "connect", small)
    with pytest.raises(
        BackupFailed, match=r"copy\.db could not be written \(the disk is full\). No partial file is left"
    ):
        copy(filled, target)
    assert beside(target) == ["copy.db"]
    assert target.read_bytes() == before


COPIES = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from storage.operations import backup

backup.PAGES = 1

def step(done, of):
    if done > 5:
        print("half-way", flush=True)
        sys.stdin.read()

try:
    backup.copy(Path(sys.argv[1]), Path(sys.argv[2]), step if len(sys.argv) > 3 else lambda d, o: None, datetime.now(UTC))
except backup.BackupFailed as told:
    print(told)
"""


async def test_a_file_that_cannot_grow_is_reported_and_nothing_is_left(filled, tmp_path):
    target = tmp_path / "copy.db"

    def little():
        resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))

    command = (sys.executable, "-c", COPIES, str(filled), str(target))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, preexec_fn=little, check=True)
    assert "copy.db could not be written" in done.stdout
    assert beside(target) == []


async def test_killed_half_way_there_is_no_backup_and_the_next_one_is_complete(filled, tmp_path):
    target = tmp_path / "copy.db"
    command = (sys.executable, "-c", COPIES, str(filled), str(target), "wait")
    killed = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert killed.stdout.readline() == "half-way\n"
    killed.kill()
    killed.communicate()
    assert not target.exists()
    copy(filled, target)
    assert beside(target) == ["copy.db"]
    assert in_file(target, "PRAGMA integrity_check") == "ok"


async def test_a_damaged_database_makes_no_backup(tmp_path, empty_database):
    path = tmp_path / "heard.db"
    content = bytearray(empty_database)
    content[8192:40_000] = b"\xaa" * (40_000 - 8192)
    path.write_bytes(content)
    with pytest.raises(BackupFailed, match="the database is damaged"):
        copy(path, tmp_path / "copy.db")
    assert [file.name for file in tmp_path.iterdir()] == ["heard.db"]
