"""`close-down`: what was public stays in an archive, everything else is erased; it refuses where somebody is waited for."""

import asyncio
import io
import json
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import inspect, text, update
from typer.testing import CliRunner

from bot.cli.main import app
from bot.config.settings import read_settings
from bot.operations.opening import open_store
from conversations.core.record import replace
from conversations.safeguarding.effects import RaiseAlert
from storage.core.database import open_database
from storage.core.instance_lock import lock_for
from storage.people import people
from storage.safeguarding.cases import raise_alert
from storage.tables import cases
from tests.bot.test_cli import TOKEN
from tests.bot.test_operations_commands import OLD
from tests.conftest import ON_POSTGRES
from tests.crowd import add_crowd, open_hub
from tests.house import make_house
from tests.storage.test_at_rest import TYPED, WRITTEN, everything_happens, readable

NAME = "Sampleshire Youth Voice (sample)"
KEPT = Path("kept")

# What the outcomes of `everything_happens` say to anybody.
PUBLIC = {TYPED["an answer, changed"]} | {
    WRITTEN[which] for which in ("a part", "who decided", "a picture's words", "why it can't be after all")
}


@pytest.fixture(autouse=True)
def _here(folder, own_logs):
    """Every test runs in a folder of its own."""


async def in_store(work):
    store = await open_store(read_settings())
    try:
        return await store.write(read_settings().rules(None), work)
    finally:
        await store.database.close()


async def a_year_of_it():
    """A whole installation, with rows in every table and all cases closed."""
    store = await open_store(read_settings())
    house = make_house(store.database)
    house.runtime = replace(house.runtime, vault=store.vault, erasure_log=store.erasure_log)
    secrets = await everything_happens(house)
    await house.run(lambda db: db.run(update(cases).values(closed_at=db.now, reason="passed_on")))
    await store.database.close()
    return secrets


async def closes_down(answer=NAME, exit_code=0, folder=KEPT):
    """Runs the command and answers its question; returns what it printed."""
    run = lambda: CliRunner().invoke(app, ("close-down", str(folder)), input=f"{answer}\n")  # noqa: E731
    done = await asyncio.to_thread(run)
    assert done.exit_code == exit_code, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return " ".join(done.output.split())


def archived():
    """Everything in the archive as one text, workbooks unpacked."""
    found = b""
    for path in KEPT.rglob("*"):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                found += b"".join(map(book.read, book.namelist()))
        elif path.is_file():
            found += path.read_bytes()
    return found


def left():
    """The files of the installation that are still there."""
    return sorted(str(path) for path in Path().rglob("*") if path.is_file() and KEPT not in path.parents)


# --- what stays, and what does not ------------------------------------------------------------------


async def test_nothing_but_the_archive_is_left():
    secrets = await a_year_of_it()
    Path("data/backups").mkdir()
    for name in (
        "heard-20261130-0300.db",
        "heard-20261130-0300.db.part",
        "heard-20261130-0300-before-0013.db-wal",
    ):
        Path("data/backups", name).write_bytes(b"a backup")
    assert {"data/heard.db", "data/key", "data/forgotten"} <= set(left())
    said = await closes_down()
    assert left() == []
    assert not Path("data/backups").exists()
    assert "data/heard.db" in said
    assert "data/backups/heard-20261130-0300.db" in said
    assert "data/key" in said
    assert "Delete every copy of the data key" in said
    assert set(readable(archived(), secrets)) == PUBLIC
    is_the_archive()


def is_the_archive():
    """What was public, the counts and the register."""
    data = json.loads(Path("kept/public/changed.json").read_text())
    assert len(data["outcomes"]) == 2
    page = Path("kept/public/changed-en.html").read_text()
    assert WRITTEN["a part"] in page
    assert "http" not in page  # it opens without a server
    assert 'src="picture-1.jpg"' in page
    assert Path("kept/public/picture-1.jpg").read_bytes() == b"a picture"
    register = load_workbook(io.BytesIO(Path("kept/safeguarding/cases.xlsx").read_bytes()))["cases"]
    assert register.max_row >= 2
    assert {path.name for path in Path("kept/public").glob("results-*.xlsx")} >= {"results-second.xlsx"}
    about = Path("kept/README.txt").read_text()
    assert "The audit log is intact" in about
    assert NAME in about
    assert {path.stat().st_mode & 0o077 for path in KEPT.rglob("*")} == {0}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.left_to_all(ON_POSTGRES))])
def anywhere(request, monkeypatch):
    """Each kind of database in turn; returns its URL, or None for the SQLite file."""
    if request.param == "sqlite":
        return None
    url = request.getfixturevalue("empty_postgres")
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DATA_KEY", OLD)
    return url


async def tables_in(url, also=None):
    """The tables in a database; runs the statement `also` first."""
    database = open_database(url)

    def work(connection):
        if also:
            connection.execute(text(also))
        return inspect(connection).get_table_names()

    try:
        return await database.write(work)
    finally:
        await database.close()


async def test_heards_rows_go_and_what_is_somebody_elses_stays(anywhere):
    await in_store(lambda db: add_crowd(db, 3, consultation=open_hub(db)))
    if anywhere:
        await tables_in(anywhere, "CREATE TABLE of_somebody_else (id integer)")
    Path("data/backups").mkdir(parents=True, exist_ok=True)
    Path("data/backups/notes.txt").write_text("of somebody else")
    said = await closes_down()
    if anywhere:
        assert "Heard's tables in the database" in said
        assert "Delete DATA_KEY" in said
        assert await tables_in(anywhere) == ["of_somebody_else"]
    assert left() == ["data/backups/notes.txt"]
    assert (KEPT / "public/results-hub.xlsx").exists()


# --- when it refuses --------------------------------------------------------------------------------


async def test_while_a_case_is_open_it_refuses_and_nothing_happens():
    await in_store(open_hub)
    await in_store(a_case)
    before = left()
    assert "These cases are open: 1. " in await closes_down(exit_code=1)
    assert set(left()) == {*before, "data/heard.db.lock"}
    assert not KEPT.exists()


def a_case(db):
    """An open case of somebody who takes part."""
    (one,) = add_crowd(db, 1)
    raise_alert(db, people.door_by_id(db, one), RaiseAlert("suicide", "home"))


@pytest.mark.parametrize("answer", ["", "yes", "sampleshire"])
async def test_without_the_organisations_name_nothing_happens(answer):
    await in_store(lambda db: None)
    before = left()
    await closes_down(answer, exit_code=1)
    assert {"data/heard.db", "data/key"} <= set(left()) <= {*before, "data/heard.db.lock"}
    assert not KEPT.exists()


async def test_it_says_who_is_still_waiting():
    await in_store(lambda db: add_crowd(db, 3, consultation=open_hub(db)))
    said = await closes_down("no", exit_code=1)
    assert "People who lose their place here: 3." in said
    assert "Asked, and without an outcome: hub." in said
    assert "That is not its name. Nothing was changed." in said


async def test_while_heard_runs_it_refuses(anywhere):
    await in_store(lambda db: None)
    async with lock_for(read_settings().database_url.get_secret_value()).shared():
        assert "is running on" in await closes_down(exit_code=1)
    assert not KEPT.exists()


async def test_a_folder_that_holds_something_is_not_mixed_with():
    await in_store(lambda db: None)
    KEPT.mkdir()
    (KEPT / "mine.txt").write_text("mine")
    assert "kept is there already. Name a new folder" in await closes_down(exit_code=1)
    assert "data/heard.db" in left()


async def test_an_archive_that_cannot_be_written_stops_it():
    await in_store(lambda db: None)
    Path("file").write_text("in the way")
    assert "Nothing was erased." in await closes_down(exit_code=1, folder=Path("file/kept"))
    assert "data/heard.db" in left()


async def test_without_a_database_there_is_nothing_to_close():
    assert "There is no database yet." in await closes_down(exit_code=1)
    assert left() == []


# --- when it is interrupted -------------------------------------------------------------------------


async def test_interrupted_while_it_erases_it_goes_on(anywhere, monkeypatch):
    await in_store(open_hub)
    with monkeypatch.context() as broken:
        unlink = Path.unlink

        def refuse(path, **how):
            if path.name == "forgotten":
                raise PermissionError(13, "Permission denied")
            unlink(path, **how)

        broken.setattr(Path, "unlink", refuse)
        assert "data/forgotten cannot be deleted (Permission denied)." in await closes_down(exit_code=1)
    assert "data/forgotten" in left()
    page = (KEPT / "public/changed-en.html").read_bytes()
    assert "Erasing the rest was interrupted." in await closes_down()
    assert left() == []
    assert (KEPT / "public/changed-en.html").read_bytes() == page


# --- Telegram ---------------------------------------------------------------------------------------


async def test_on_telegram_the_webhook_and_the_menus_go(double, bot, monkeypatch):
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", double.token)
    monkeypatch.setenv("TELEGRAM_API_URL", double.url)
    await in_store(lambda db: None)
    commands, everybody = [{"command": "say", "description": "Have your say"}], {"type": "all_private_chats"}
    for language in ("", "pl"):
        await bot.asks("setMyCommands", commands=commands, scope=everybody, language_code=language)
    await bot.asks("setWebhook", url="http://127.0.0.1:1/hook")
    assert "/deletebot" in await closes_down()
    assert [what for what in double.api.about if what.startswith("commands")] == []
    assert (await bot.asks("getWebhookInfo"))[1]["url"] == ""


async def test_telegram_being_away_does_not_stop_it(monkeypatch):
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:1")
    await in_store(lambda db: None)
    assert "Telegram did not answer, so its webhook and menu are still there." in await closes_down()
    assert left() == []
