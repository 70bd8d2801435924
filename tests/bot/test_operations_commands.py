"""The operations commands, as an operator uses them."""

import asyncio
import base64
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update
from typer.testing import CliRunner

from bot.cli.main import app
from bot.config.settings import read_settings
from bot.operations.opening import open_store
from storage.consultations import answers
from storage.operations import key_rotation
from storage.security import audit_log
from storage.tables import answers as answers_table
from storage.tables import audit as audit_table
from storage.tables import audit_head, doors
from tests.bot.test_cli import heard, look
from tests.conftest import ON_POSTGRES
from tests.crowd import add_crowd, open_hub
from tests.house import sample_rules
from tests.walks.running import Heard

ROOT = Path(__file__).parents[2]


OLD, NEW, OTHER = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2, 3))


@pytest.fixture(autouse=True)
def _here(folder, own_logs):
    """Every test runs in a folder of its own."""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.left_to_all(ON_POSTGRES))])
def anywhere(request, monkeypatch):
    """Each kind of database in turn, with a key from the settings; returns those settings."""
    settings = {"DATA_KEY": OLD}
    if request.param == "postgres":
        settings["DATABASE_URL"] = request.getfixturevalue("empty_postgres")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return settings


def begun(*arguments, **settings):
    """Starts the real command."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings}
    command = (sys.executable, "-m", "bot", *arguments)
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment, stdout=pipe, stderr=subprocess.STDOUT, text=True)


def command(*arguments, exit_code=0, **settings):
    """Runs the command in this process, which is quicker; returns its output."""
    done = CliRunner().invoke(app, arguments, env=settings)
    assert done.exit_code == exit_code, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output


def process(*arguments, exit_code=0, **settings):
    """Runs the real command; returns its output, which has no traceback."""
    done = begun(*arguments, **settings)
    said, _ = done.communicate(timeout=120)
    assert done.returncode == exit_code, said
    assert "Traceback" not in said
    return said


# --- verify -----------------------------------------------------------------------------------------


def lines(many):
    look(
        lambda db: [
            audit_log.note(db, None, "opened a consultation", f"consultation {n}") for n in range(many)
        ]
    )


def test_a_log_that_nobody_touched_is_whole():
    assert "There is no database yet." in command("verify", exit_code=1)
    assert list(Path().iterdir()) == []
    command("migrate")
    assert "The audit log is empty" in command("verify")
    lines(3)
    assert "The audit log is intact: 3 lines, " in command("verify")


def test_alterations_are_reported_by_line_and_date_never_by_content():
    lines(9)
    look(lambda db: db.run(update(audit_table).where(audit_table.c.id == 2).values(about="consultation 77")))
    look(lambda db: db.run(delete(audit_table).where(audit_table.c.id.in_((4, 5)))))
    look(lambda db: db.run(delete(audit_table).where(audit_table.c.id == 9)))
    said = command("verify", exit_code=1)
    today = look(lambda db: f"{db.now:%d %B %Y}")
    assert said.splitlines() == [
        f"Line 2 ({today}) was altered.",
        f"Lines 4 to 5 are missing, after {today}.",
        f"The log was cut off after {today}: line 9 is missing.",
    ]
    assert "consultation" not in said


def write_checkpoint():
    """Writes a checkpoint, as a start, a backup and the scheduler do."""

    async def mark():
        store = await open_store(read_settings())
        await store.write_checkpoint(sample_rules())
        await store.database.close()

    asyncio.run(mark())


def test_an_audit_log_cut_off_with_its_end_record_is_noticed_through_the_erasure_log():
    lines(3)
    with closing(sqlite3.connect("data/heard.db")) as before:
        head = before.execute("SELECT sealed FROM audit_head").fetchone()
    lines(2)
    write_checkpoint()
    assert "intact: 5 lines" in command("verify")
    with closing(sqlite3.connect("data/heard.db")) as tampered:
        tampered.execute("DELETE FROM audit WHERE id > 3")
        tampered.execute("UPDATE audit_head SET sealed = ?", head)
        tampered.commit()
    said = command("verify", exit_code=1)
    assert re.match(r"On \d\d \w+ \d{4} the log had 5 lines, and now it has 3: it was restored", said)


def test_a_restored_database_is_noticed_before_a_start_and_reported_after_it():
    lines(3)
    write_checkpoint()
    shutil.copytree("data", "old")
    lines(4)
    write_checkpoint()
    shutil.copy("old/heard.db", "data/heard.db")
    assert "the log had 7 lines, and now it has 3" in command("verify", exit_code=1)
    command("migrate")
    said = command("verify")
    assert "the database was restored from an older backup: 3 of 7 lines of the audit log were left." in said
    assert "The audit log is intact: 4 lines" in said


def test_a_rewritten_log_is_noticed():
    lines(3)
    write_checkpoint()
    look(lambda db: db.run(delete(audit_table)) and db.run(delete(audit_head)))
    lines(3)
    assert "Line 3 is not what stood there on" in command("verify", exit_code=1)


def test_a_long_log_is_read_in_pieces():
    lines(5000)
    said = heard("verify")
    assert "5,000 lines" in said


# --- rotate-key -------------------------------------------------------------------------------------


async def in_house(work):
    """Runs work in the configured store."""
    store = await open_store(read_settings())
    try:
        return await store.write(sample_rules(), work)
    finally:
        await store.database.close()


def done(work):
    return asyncio.run(in_house(work))


def crowd_that_wrote(db, many):
    number = open_hub(db)
    whose = {"consultation_id": number, "question": "why", "at": db.now, "skipped": False}
    rows = []
    for person in add_crowd(db, many, consultation=number):
        sealed = db.vault.seal(f"words of {person}", answers.sealing_context(person, number, "why"))
        rows.append({"person_id": person, "sealed": sealed, **whose})
    db.run(answers_table.insert(), rows)


def all_opens(many):
    """Everything opens with the configured key alone."""

    def opened(db):
        number = db.run(select(answers_table.c.consultation_id).limit(1)).scalar()
        words, _ = answers.texts(db, number, "why", 0, many)
        assert len(words) == many
        assert key_rotation.count_left(db) == 0

    done(opened)


def test_a_new_key_replaces_the_old_one(anywhere, monkeypatch):
    done(lambda db: crowd_that_wrote(db, 30))
    both = {**anywhere, "DATA_KEY": f"{NEW},{OLD}"}
    said = command("rotate-key", **both)
    assert "values were re-encrypted, and nothing needs the old key any more." in said
    assert "The old key can be removed now" in said
    assert "backups of before today" in said
    monkeypatch.setenv("DATA_KEY", NEW)
    all_opens(30)
    assert "does not open this database" in command("verify", exit_code=1, **anywhere)
    assert "The audit log is intact" in command("verify", **{**anywhere, "DATA_KEY": NEW})


def test_with_one_key_it_says_how_to_begin_a_rotation(anywhere):
    done(lambda db: crowd_that_wrote(db, 3))
    assert "put a new one before it: DATA_KEY=NEW,OLD" in command("rotate-key", **anywhere)
    both = {**anywhere, "DATA_KEY": f"{NEW},{OLD}"}
    assert "Done: 6 values" in command("rotate-key", **both)
    assert "is already encrypted with the newest key" in command("rotate-key", **both)


def test_a_wrong_key_changes_nothing(anywhere):
    done(lambda db: crowd_that_wrote(db, 3))
    for wrong in (OTHER, f"{NEW},{OTHER}"):
        said = command("rotate-key", exit_code=1, **{**anywhere, "DATA_KEY": wrong})
        assert said == "The data key does not open this database. Put back the one that it was made with.\n"
    all_opens(3)


def test_a_value_that_no_key_opens_is_named_and_the_old_key_stays(anywhere):
    done(lambda db: crowd_that_wrote(db, 3))
    done(lambda db: db.run(update(answers_table).values(sealed=b"k" * 40)))
    both = {**anywhere, "DATA_KEY": f"{NEW},{OLD}"}
    said = command("rotate-key", exit_code=1, **both)
    assert said.startswith("A value in answers.sealed opens with none of the keys in DATA_KEY")
    assert "second key" in command("verify", exit_code=1, **{**anywhere, "DATA_KEY": NEW})


@pytest.mark.left_to_all("kill runs")
async def test_killed_at_any_moment_it_is_completed_when_run_again(anywhere, monkeypatch):
    many = 4000
    await in_house(lambda db: crowd_that_wrote(db, many))
    monkeypatch.setenv("DATA_KEY", f"{NEW},{OLD}")
    both = {**anywhere, "DATA_KEY": f"{NEW},{OLD}"}
    everything = before = await in_house(key_rotation.count_left)
    chance = random.Random(11)
    for _ in range(3):
        killed = begun("rotate-key", **both)
        store = await open_store(read_settings())
        while await store.read(sample_rules(), key_rotation.count_left) == before and killed.poll() is None:
            await asyncio.sleep(0.01)
        await asyncio.sleep(chance.random() / 50)
        killed.kill()
        killed.communicate()
        before = await store.read(sample_rules(), key_rotation.count_left)
        await store.database.close()
    assert before < everything
    assert "The old key can be removed now" in process("rotate-key", **both)
    monkeypatch.setenv("DATA_KEY", NEW)
    await asyncio.to_thread(all_opens, many)
    newest = await in_house(lambda db: db.vault.newest)
    count = select(func.count()).select_from(doors).where(func.substr(doors.c.address, 1, 4) == newest)
    assert await in_house(lambda db: db.run(count).scalar()) == many


async def test_while_heard_runs_it_must_know_the_new_key_first(anywhere, folder):
    both = {**anywhere, "DATA_KEY": f"{NEW},{OLD}"}
    async with Heard(folder, **anywhere) as running:
        said = await asyncio.to_thread(command, "rotate-key", exit_code=1, **both)
        assert said.startswith("A running worker uses another newest key")
        await running.stop()
        running.settings["DATA_KEY"] = f"{OLD},{NEW}"
        await running.start()
        assert "Restart every worker" in await asyncio.to_thread(command, "rotate-key", exit_code=1, **both)
        await running.stop()
        running.settings["DATA_KEY"] = both["DATA_KEY"]
        await running.start()
        assert "The old key can be removed now" in await asyncio.to_thread(command, "rotate-key", **both)
        await running.stop()
        running.settings["DATA_KEY"] = NEW
        await running.start()


# --- backup -----------------------------------------------------------------------------------------


async def test_a_backup_reports_its_contents_and_that_the_key_is_not_in_it():
    await in_house(lambda db: crowd_that_wrote(db, 12))
    said = await asyncio.to_thread(command, "backup", "copy.db")
    assert re.search(r"Written: copy\.db \(0\.\d MB\), and verified: it is intact\.", said)
    assert re.search(r"answers +12\n", said)
    assert "The key is not in it: without the key in data/key nobody can read it." in said
    assert "Keep data/forgotten too, and not with the backup" in said
    assert Path("copy.db").stat().st_mode & 0o777 == 0o600
    key = base64.b64decode(Path("data/key").read_text())
    content = Path("copy.db").read_bytes()
    assert key not in content
    assert base64.b64encode(key) not in content
    assert "made a backup" in await in_house(lambda db: db.run(select(audit_table.c.did)).scalars().all())


async def test_a_backup_is_made_while_heard_runs(folder):
    async with Heard(folder) as running:
        assert "it is intact" in await asyncio.to_thread(command, "backup", "copy.db")
        assert running.alive


def test_a_failed_backup_is_reported_in_one_line(monkeypatch):
    command("migrate")
    for place, why in (
        ("data/key", "no backup of Heard"),
        ("no/where.db", "No such file"),
        ("data", "a folder"),
    ):
        said = command("backup", place, exit_code=1)
        assert why in said
        assert len(said.splitlines()) == 1


def test_postgresql_is_backed_up_with_its_own_tool():
    said = command(
        "backup", "x", exit_code=1, DATABASE_URL="postgresql+asyncpg://a:b@127.0.0.1:1/x", DATA_KEY=OLD
    )
    assert "pg_dump --format=custom" in said
    assert "docs/howto/backup-and-restore.md" in said
