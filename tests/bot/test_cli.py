"""The command line: each command says what it does, what it did, and what to do if it failed."""

import asyncio
import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from openpyxl import Workbook
from sqlalchemy import select
from typer.testing import CliRunner

from bot.cli.main import app
from bot.config.settings import read_settings
from bot.operations.opening import open_store
from conversations.core.person import ROLES
from conversations.core.record import replace
from storage.tables import consultations
from storage.team import members as team
from tests.crowd import open_hub
from tests.house import make_house, sample_rules

ROOT = Path(__file__).parents[2]
SAMPLE = str(ROOT / "docs" / "samples" / "buses-after-school.xlsx")
COMMANDS = [
    "run",
    "invite",
    "import",
    "export",
    "play",
    "notice",
    "migrate",
    "doctor",
    "backup",
    "restore",
    "move-database",
    "rotate-key",
    "verify",
    "close-down",
]
TOKEN = "4200000042:heard-test-not-a-real-token-0000"


@pytest.fixture(autouse=True)
def _here(folder, own_logs):
    """Every test runs in a folder of its own."""


def heard(*arguments, exit_code=0, **options):
    """Runs a command in this process; returns its output."""
    done = CliRunner().invoke(app, arguments, **options)
    assert done.exit_code == exit_code, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return " ".join(done.output.split())


def look(work):
    """Reads the database after a command."""

    async def looked():
        store = await open_store(read_settings())
        try:
            return await store.write(sample_rules(), work)
        finally:
            await store.database.close()

    return asyncio.run(looked())


# --- help -------------------------------------------------------------------------------------------


def test_the_commands_are_exactly_those_of_the_contract():
    said = heard("--help")
    listed = re.findall(r"│ ([a-z-]+) +[A-Z]", said.partition("─ Commands")[2])
    assert listed == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_commands_help_describes_it_and_its_result(command):
    said = heard(command, "--help")
    words = said.partition("Options")[0]
    assert len(re.findall(r"[a-z][.)]", words)) >= 2  # more than one sentence
    if command not in {"run", "migrate", "doctor"}:
        assert re.search(rf"Example: (DATA_KEY=\S+ )?python -m bot {command}", words)
    options = typer.main.get_command(app).commands[command].params
    assert [option.name for option in options if not option.help] == []


def test_an_unknown_command_points_to_the_others():
    said = heard("serve", exit_code=2)
    assert "No such command 'serve'" in said
    assert "--help" in said


def test_an_unknown_role_lists_the_existing_ones():
    said = heard("invite", "--role", "boss", exit_code=1)
    assert said == f"There is no role boss. The roles are: {', '.join(ROLES)}."
    assert all(role in heard("invite", "--help") for role in ROLES)


# --- invite -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_an_invite_is_a_link_that_works(role):
    said = heard("invite", "--role", role)
    token = re.search(r"http://localhost:8080/i/(\S+)", said)[1]
    assert look(lambda db: team.invitation(db, token)).role == role


def test_an_invite_uses_the_public_address(monkeypatch):
    monkeypatch.setenv("PUBLIC_URL", "https://heard.example")
    assert "https://heard.example/i/" in heard("invite", "--role", "worker")


# --- import -----------------------------------------------------------------------------------------


def test_a_workbook_becomes_a_draft():
    said = heard("import", SAMPLE)
    assert re.search(r"A draft with \d+ questions: \S+ /consult", said)
    rows = look(lambda db: db.run(select(consultations.c.state, consultations.c.sample)).all())
    assert [tuple(row) for row in rows] == [("draft", False)]


def test_the_same_workbook_again_replaces_the_draft():
    heard("import", SAMPLE)
    heard("import", SAMPLE)
    assert look(lambda db: len(db.run(select(consultations.c.id)).all())) == 1


def test_every_problem_of_a_workbook_is_reported_with_its_sheet_and_row():
    book = Workbook()
    sheet = book.active
    sheet.title = "survey"
    for row in (
        ["type", "name", "label"],
        ["geopoint", "where", "Where?"],
        ["text", "why", "Why?"],
        ["wrong", "x", "X"],
    ):
        sheet.append(row)
    book.save("wrong.xlsx")
    said = heard("import", "wrong.xlsx", exit_code=1)
    assert "Nothing was imported" in said
    assert re.search(r"survey │ 2 ", said)
    assert re.search(r"survey │ 4 ", said)
    assert not Path("data").exists()


def test_a_missing_file_and_one_that_is_no_workbook_are_reported_differently():
    Path("notes.txt").write_text("just notes")
    assert "does not exist" in heard("import", "nowhere.xlsx", exit_code=2)
    assert "Nothing was imported" in heard("import", "notes.txt", exit_code=1)


# --- export -----------------------------------------------------------------------------------------


async def _answered():
    store = await open_store(read_settings())
    house = make_house(store.database)
    house.runtime = replace(house.runtime, vault=store.vault)
    await house.run(open_hub)
    someone = house.person()
    await someone.joins()
    await someone.types("/say")
    for label in ("Start", "Yes"):
        await someone.taps(label)
    await someone.types("=1+1 more lights")
    await someone.taps("Done")
    await store.database.close()


def test_answers_are_written_for_this_account_alone():
    asyncio.run(_answered())
    for name in ("answers.csv", "answers.xlsx"):
        assert name in heard("export", "hub", name)
        assert Path(name).stat().st_mode & 0o777 == 0o600
    rows = list(csv.reader(io.StringIO(Path("answers.csv").read_text("utf-8-sig"))))
    assert len(rows) == 2
    assert any("more lights" in cell for cell in rows[1])
    assert not any(cell.startswith("=") for cell in rows[1])


def test_a_file_readable_by_others_is_made_private():
    asyncio.run(_answered())
    Path("answers.csv").write_text("old")
    Path("answers.csv").chmod(0o644)
    heard("export", "hub", "answers.csv", "--force")
    assert Path("answers.csv").stat().st_mode & 0o777 == 0o600


def test_an_existing_file_is_overwritten_only_on_request():
    asyncio.run(_answered())
    Path("answers.csv").write_text("old")
    assert "answers.csv already exists." in heard("export", "hub", "answers.csv", exit_code=1)
    assert Path("answers.csv").read_text() == "old"
    heard("export", "hub", "answers.csv", "--force")
    assert Path("answers.csv").read_text() != "old"


def test_an_unknown_code_lists_the_existing_ones():
    asyncio.run(_answered())
    said = heard("export", "WRONG", "answers.csv", exit_code=1)
    assert said == "There is no consultation WRONG. The consultations are: hub."


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing", "answers.csv"), "There is no consultation nothing. There is none yet."),
        (("hub", "answers.pdf"), "Name a file that ends in .xlsx or .csv."),
    ],
)
def test_a_failed_export_says_what_to_do(arguments, said):
    assert said in heard("export", *arguments, exit_code=1)


def test_an_unwritable_path_is_named():
    asyncio.run(_answered())
    assert "nowhere/answers.csv cannot be written" in heard(
        "export", "hub", "nowhere/answers.csv", exit_code=1
    )


# --- migrate, play ----------------------------------------------------------------------------------


def test_migrating_makes_a_home_and_a_second_time_changes_nothing():
    assert "The database is up to date." in heard("migrate")
    before = Path("data/heard.db").read_bytes()
    assert "The database is up to date." in heard("migrate")
    assert Path("data/heard.db").read_bytes() == before


def test_an_unusable_database_is_reported_in_one_line():
    Path("data").mkdir()
    Path("data/heard.db").write_text("Dear diary")
    for command in (
        ("migrate",),
        ("invite", "--role", "worker"),
        ("import", SAMPLE),
        ("export", "hub", "a.csv"),
    ):
        assert heard(*command, exit_code=1).startswith("data/heard.db is damaged, or is not a database.")


def test_a_flow_is_played_and_nothing_of_it_is_kept():
    said = heard("play", "say", input="[Start]\n")
    assert "Start" in said
    assert list(Path().iterdir()) == []


# --- settings, and secrets ----------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("run",), ("migrate",), ("invite", "--role", "owner")])
def test_wrong_settings_stop_every_command_with_all_of_them_named(command, monkeypatch):
    monkeypatch.setenv("PORT", "hunter2")
    monkeypatch.setenv("LANGUAGES", "hunter2")
    said = heard(*command, exit_code=1)
    assert "These settings cannot be used (see .env.example)" in said
    assert "PORT: use a whole number" in said
    assert "LANGUAGES: use some of" in said
    assert "hunter2" not in said


def test_no_command_prints_a_secret(monkeypatch):
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:1")
    heard("migrate")
    key = Path("data/key").read_text().strip()
    said = heard("migrate") + heard("invite", "--role", "worker") + heard("doctor", exit_code=1)
    assert TOKEN not in said
    assert key not in said


# --- the real process ---------------------------------------------------------------------------------


def process(*arguments, **settings):
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings}
    command = (sys.executable, "-m", "bot", *arguments)
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_python_m_bot_is_the_same():
    done = process("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Heard asks young people what they think" in done.stdout


def test_a_mistake_of_ours_ends_without_its_text(monkeypatch):
    """A broken installation: the traceback is printed without its message."""
    Path("sitecustomize.py").write_text(
        "import bot.config.settings\n"
        "def broken():\n    raise RuntimeError('my very own words')\n"
        "bot.config.settings.read_settings = broken\n"
        "import bot.cli.console\nbot.cli.console.read_settings = broken\n"
    )
    done = process("migrate", PYTHONPATH=f"{Path.cwd()}:{ROOT}")
    assert done.returncode == 1
    assert "stopped by an unexpected error" in done.stderr
    assert "RuntimeError" in done.stderr
    assert "console.py:" in done.stderr
    assert "my very own words" not in done.stderr + done.stdout


def test_a_locked_database_is_reported_in_one_line(monkeypatch):
    import sqlite3

    from storage.core import sqlite

    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    heard("migrate")
    other = sqlite3.connect("data/heard.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert heard("invite", "--role", "worker", exit_code=1).startswith("The database is locked")
    other.close()


# --- notice -----------------------------------------------------------------------------------------


def test_notice_says_what_becomes_of_each_text(tmp_path):
    file = tmp_path / "texts.jsonl"
    file.write_text('{"text": "i want to die", "kind": "suicide"}\n"more buses please"\n', "utf-8")
    done = CliRunner().invoke(app, ["notice", str(file)])
    firm, none = map(json.loads, done.output.splitlines())
    assert (firm["tier"], firm["kind"], firm["by"]) == ("firm", "suicide", "list")
    assert (none["tier"], none["kind"]) == ("none", None)


def test_notice_names_the_line_that_is_no_text(tmp_path):
    file = tmp_path / "texts.jsonl"
    for broken, why in (("{", "is not JSON"), ("[1]", 'has no "text"'), ('{"text": 3}', 'has no "text"')):
        file.write_text(f'"a text"\n{broken}\n', "utf-8")
        assert f"Line 2 {why}." in heard("notice", str(file), exit_code=1)


def test_notice_says_which_words_weighed(tmp_path):
    file = tmp_path / "texts.jsonl"
    file.write_text('"my stepdad pinned me to the floor and the bus was late"', "utf-8")
    told = json.loads(CliRunner().invoke(app, ["notice", str(file), "--why"]).output)
    assert told["nearest"] == "physical"
    assert "bus" not in [word for word, _ in told["why"][:4]]


def test_notice_counts_what_is_found_by_kind_and_manner(tmp_path):
    file = tmp_path / "texts.jsonl"
    texts = [("i want to kill myself", "suicide", "plain"), ("more buses please", "none", "buses")]
    lines = [json.dumps(dict(zip(("text", "kind", "manner"), text, strict=True))) for text in texts]
    file.write_text("\n".join(lines), "utf-8")
    said = heard("notice", "--table", str(file))
    assert "| plainly stated, severe | 1 | 100 % (21–100) | 100 % (21–100) |" in said
    assert "| ordinary (false alarms) | 1 | 0.0 % (0.0–79.3) |" in said
    assert "| suicide | 1 | 100 % (21–100) | 100 % (21–100) | 0 | – | – |" in said
