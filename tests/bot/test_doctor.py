"""The doctor names each problem and its fix, and never a secret."""

import base64
import json
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli.main import app
from bot.cli.report import Finding, print_findings
from bot.config.settings import read_settings
from bot.doctor import checks, telegram_checks
from bot.doctor.checks import examine
from bot.operations.opening import open_store
from conversations.core.channels import WEB
from conversations.core.record import replace
from storage.core.unit_of_work import Db
from storage.people import people
from storage.security import audit_log
from storage.tables import passkeys
from tests.botapi import Double, How
from tests.telegram.updates import message
from tests.waiting import until

KEY = base64.b64encode(b"k" * 32).decode()


@pytest.fixture
def here(folder: Path) -> Path:
    """An empty working directory for the doctor, without outside settings."""
    return folder


@pytest.fixture
async def at_home(here: Path) -> Path:
    """A folder in which Heard has run; returns the database."""
    store = await open_store(read_settings())
    await store.database.close()
    return here / "data" / "heard.db"


def named(findings: list[Finding], what: str) -> Finding:
    return next(finding for finding in findings if finding.what == what)


def run_doctor(*arguments: str, **settings: str) -> Result:
    return CliRunner().invoke(app, ["doctor", *arguments], env=settings)


async def test_in_an_empty_folder_all_is_well(here: Path):
    findings = await examine()
    assert [finding for finding in findings if not finding.well] == []
    assert named(findings, "Telegram").found.startswith("off")


async def test_every_wrong_setting_is_a_finding_of_its_own(here: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SMALL_NUMBER", "3")
    monkeypatch.setenv("TIMEZONE", "Europe/Sampleshire")
    findings = await examine()
    assert len(findings) == 2
    assert not any(finding.well for finding in findings)
    assert all(finding.mend for finding in findings)


async def test_a_key_that_does_not_open_the_database_is_named(here: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATA_KEY", KEY)
    store = await open_store(read_settings())
    await store.database.close()
    monkeypatch.setenv("DATA_KEY", base64.b64encode(b"z" * 32).decode())
    finding = named(await examine(), "data key")
    assert not finding.well
    assert finding.mend


async def test_the_token_a_foreign_webhook_and_the_clock_are_checked(
    here: Path, monkeypatch: pytest.MonkeyPatch
):
    async with Double() as double:
        monkeypatch.setenv("TELEGRAM_BOT_TOKEN", double.token)
        monkeypatch.setenv("TELEGRAM_API_URL", double.url)
        assert all(finding.well for finding in await examine())
        monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1234567:wrong_wrong_wrong_wrong_x")
        finding = named(await examine(), "Telegram")
        assert not finding.well
        assert "BotFather" in finding.mend


async def test_an_unreachable_telegram_and_a_wrong_token_are_reported_differently(
    here: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1234567:secret_token_secret_token_x")
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:9")
    findings = await examine()
    assert not named(findings, "Telegram").well
    assert "secret_token" not in str(findings)


def test_the_exit_code_says_whether_all_is_well_and_json_is_for_machines(here: Path):
    well = run_doctor("--json")
    assert well.exit_code == 0
    assert json.loads(well.stdout)["well"] is True
    ill = run_doctor("--json", DATABASE_URL="postgresql+asyncpg://sam:pass777@127.0.0.1:9/x", DATA_KEY=KEY)
    assert ill.exit_code == 1
    assert "pass777" not in ill.stdout + ill.stderr
    assert any(not finding["well"] and finding["mend"] for finding in json.loads(ill.stdout)["findings"])


async def ill(what: str) -> Finding:
    """The finding of this name: a problem with a fix."""
    finding = next(found for found in await examine() if found.what == what and not found.well)
    assert finding.mend.endswith((".", "key"))
    return finding


# --- the database and its key -------------------------------------------------------------------------


async def test_after_a_run_there_is_no_problem_and_the_doctor_changes_nothing(at_home: Path):
    before = {path: path.read_bytes() for path in at_home.parent.iterdir()}
    assert [finding for finding in await examine() if not finding.well] == []
    assert {path: path.read_bytes() for path in at_home.parent.iterdir()} == before


async def test_before_the_first_run_the_doctor_creates_nothing(here: Path):
    await examine()
    assert list(here.iterdir()) == []


async def test_a_damaged_database_is_named(at_home: Path):
    content = bytearray(at_home.read_bytes())
    content[8192:40_000] = b"\xaa" * len(content[8192:40_000])
    at_home.write_bytes(content)
    assert "Put a backup in its place" in (await ill("database")).mend


@pytest.mark.parametrize(
    ("change", "mend"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "Install that version"),
        ("DELETE FROM alembic_version", "Point DATABASE_URL somewhere else"),
        (
            "UPDATE alembic_version SET version_num = 'moving-0123456789abcdef'",
            "run `move-database` once more",
        ),
    ],
)
async def test_a_database_of_another_shape_is_named(at_home: Path, change: str, mend: str):
    with sqlite3.connect(at_home) as other:
        other.execute(change)
    other.close()
    assert mend in (await ill("database")).mend


async def test_a_missing_key_is_reported(at_home: Path):
    (at_home.parent / "key").unlink()
    assert "put data/key back" in (await ill("data key")).mend


@pytest.mark.parametrize(
    ("what", "name", "mode"),
    [
        ("key file", "data/key", 0o600),
        ("database file", "data/heard.db", 0o600),
        ("erasure log", "data/forgotten", 0o600),
        ("backups", "data/backups", 0o700),
        ("settings file", ".env", 0o600),
        ("key file", "own-key", 0o600),
    ],
)
async def test_files_that_others_may_read_are_named(at_home: Path, what: str, name: str, mode: int):
    (at_home.parent / "backups").mkdir(mode=0o700)
    shutil.copy(at_home.parent / "key", "own-key")
    Path(".env").write_text(f"DATA_KEY_FILE=own-key\nTELEGRAM_WEBHOOK_SECRET={'x' * 20}\n")
    for path in (".env", "own-key"):
        Path(path).chmod(0o600)
    assert [finding for finding in await examine() if not finding.well] == []
    Path(name).chmod(mode | 0o040)
    (finding,) = [finding for finding in await examine() if not finding.well]
    assert (finding.what, finding.mend) == (what, f"Run: chmod {mode:o} {name}")


async def test_settings_that_hold_no_secret_may_be_read(at_home: Path):
    Path(".env").write_text("LANGUAGES=en,pl\n")
    Path(".env").chmod(0o644)
    assert [finding for finding in await examine() if not finding.well] == []


# --- backups, logs and permissions --------------------------------------------------------------------


def alter(database: Path, change: str) -> None:
    with sqlite3.connect(database) as other:
        other.execute(change)
    other.close()


async def test_a_backup_is_missed_only_when_it_should_be_there(at_home: Path):
    assert "the first at 3 a.m." in named(await examine(), "backup").found
    alter(at_home, "UPDATE keeping SET backed_up_at = '2026-01-02 03:00:00'")
    finding = await ill("backup")
    assert finding.found == "the last one was made on 02 January 2026 at 03:00"
    assert finding.mend.startswith("Run: python -m bot backup FILE.")
    alter(at_home, f"UPDATE keeping SET backed_up_at = '{datetime.now(UTC) - timedelta(hours=20):%F %T}'")
    assert named(await examine(), "backup").well


async def test_a_backup_that_was_never_made_is_missed_after_two_days(at_home: Path):
    store = await open_store(read_settings())

    def long_ago(db: Db) -> None:
        audit_log.note(replace(db, now=db.now - timedelta(days=3)), None, "opened a consultation")

    await store.write(read_settings().rules(None), long_ago)
    await store.database.close()
    assert (await ill("backup")).found == "none was ever made"


async def test_an_altered_audit_log_is_reported(at_home: Path):
    store = await open_store(read_settings())
    await store.write(
        read_settings().rules(None), lambda db: audit_log.note(db, None, "opened a consultation")
    )
    await store.database.close()
    assert "is intact: 1 line" in named(await examine(), "audit log").found
    alter(at_home, "UPDATE audit SET did = 'something else'")
    finding = await ill("audit log")
    assert finding.found.startswith("Line 1 (")
    assert finding.mend.startswith("Run: python -m bot verify.")


async def test_a_missing_damaged_or_newer_erasure_log_is_reported(at_home: Path):
    forgotten = at_home.parent / "forgotten"
    kept = forgotten.read_text()
    forgotten.unlink()
    assert (await ill("erasure log")).found == "data/forgotten is not there"
    assert not forgotten.exists()
    forgotten.write_text(f"{kept}forgot yesterday\n")
    forgotten.chmod(0o600)
    assert (await ill("erasure log")).found == "unreadable lines: 1"
    store = await open_store(read_settings())
    forgotten.write_text(kept)
    await store.write_checkpoint(read_settings().rules(None))
    await store.database.close()
    alter(at_home, "UPDATE keeping SET mark = 0")
    finding = await ill("erasure log")
    assert finding.found == "the database was restored from an older backup"
    assert finding.mend.startswith("Start Heard")


async def test_an_unfinished_key_rotation_is_reported(at_home: Path, monkeypatch: pytest.MonkeyPatch):
    old = (at_home.parent / "key").read_text().strip()
    monkeypatch.setenv("DATA_KEY", f"{KEY},{old}")
    store = await open_store(read_settings())
    await store.database.close()
    assert (await ill("key rotation")).mend.startswith("Run: python -m bot rotate-key.")


async def test_postgresql_without_a_key_is_named(
    here: Path, monkeypatch: pytest.MonkeyPatch, empty_postgres: str
):
    monkeypatch.setenv("DATABASE_URL", empty_postgres)
    assert "PostgreSQL needs one" in (await ill("data key")).mend
    monkeypatch.setenv("DATA_KEY", KEY)
    assert [finding for finding in await examine() if not finding.well] == []


# --- the machine --------------------------------------------------------------------------------------


async def test_a_disk_that_is_nearly_full_is_named(here: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checks, "_ENOUGH_DISK", 10**18)
    assert "Free some space" in (await ill("disk")).mend


async def test_a_clock_that_is_years_behind_is_named(here: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checks, "_MADE_IN", 9999)
    assert "NTP" in (await ill("clock")).mend


async def test_a_missing_font_is_named(here: Path, monkeypatch: pytest.MonkeyPatch):
    from matplotlib import font_manager

    def missing(*_: object, **__: object) -> None:
        raise ValueError("no such font")

    monkeypatch.setattr(font_manager, "findfont", missing)
    assert "matplotlib" in (await ill("fonts")).mend


async def test_a_check_that_raises_does_not_stop_the_others(here: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(_path: Path) -> int:
        raise RuntimeError("secret words")

    monkeypatch.setattr(checks, "_free_beside", broken)
    findings = await examine()
    assert not named(findings, "disk").well
    assert named(findings, "fonts").well
    assert "secret words" not in str(findings)


# --- Telegram -----------------------------------------------------------------------------------------


@pytest.fixture
def telegram(here: Path, double: Double, monkeypatch: pytest.MonkeyPatch) -> Double:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", double.token)
    monkeypatch.setenv("TELEGRAM_API_URL", double.url)
    return double


async def set_to(double: Double, url: str) -> None:
    await double.updates.setWebhook(url=url)


async def test_a_webhook_that_another_program_set_is_named(telegram: Double):
    await set_to(telegram, "https://elsewhere.example/hook")
    finding = await ill("webhook")
    assert "TELEGRAM_MODE is polling" in finding.found
    assert "only one may" in finding.mend
    assert telegram.updates.hook["url"] == "https://elsewhere.example/hook"


async def test_a_webhook_at_another_address_is_named(telegram: Double, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TELEGRAM_MODE", "webhook")
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET", "s" * 32)
    monkeypatch.setenv("PUBLIC_URL", "https://heard.example")
    assert named(await examine(), "webhook").well  # none is set yet: `run` does it
    await set_to(telegram, "https://heard.example/telegram")
    assert named(await examine(), "webhook").well
    await set_to(telegram, "https://elsewhere.example/hook")
    assert "`run` sets it again" in (await ill("webhook")).mend


async def test_a_webhook_that_telegram_cannot_reach_is_named(
    telegram: Double, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TELEGRAM_MODE", "webhook")
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET", "s" * 32)
    monkeypatch.setenv("PUBLIC_URL", "http://127.0.0.1:1")
    await set_to(telegram, "http://127.0.0.1:1/telegram")
    telegram.deliver(message("hello", number=1))
    await until(lambda: "last_error_date" in telegram.updates.hook)
    finding = await ill("webhook")
    assert finding.found == "Telegram says: Connection refused"
    assert "PUBLIC_URL" in finding.mend


async def test_a_clock_that_is_not_telegrams_is_named(telegram: Double, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(telegram_checks, "_MAY_DIFFER", -1)
    assert "from Telegram's" in (await ill("clock")).found


@pytest.mark.parametrize(
    ("how", "found"),
    [
        (How.refused(500, "Internal Server Error"), "answers with an error"),
        (How.answer(502, "<html>Bad Gateway</html>", accepted=False), "it does not answer"),
        (How.cut_before(), "it does not answer"),
    ],
    ids=["500", "502", "cut"],
)
async def test_a_fault_of_telegrams_is_not_taken_for_a_wrong_token(telegram: Double, how: How, found: str):
    telegram.fail("getMe", 9, how)
    finding = await ill("Telegram")
    assert found in finding.found
    assert telegram.token not in str(finding)


# --- the output ---------------------------------------------------------------------------------------


def test_findings_are_read_in_a_terminal_and_by_a_machine(capsys: pytest.CaptureFixture[str]):
    findings = [
        Finding("disk", True, "2 GB free"),
        Finding("key", False, "[red]odd[/red]", "Run: chmod 600 key"),
    ]
    print_findings(findings, as_json=False)
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines == ["well disk 2 GB free", "not well key [red]odd[/red]", "Run: chmod 600 key"]
    print_findings(findings, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["well"] is False
    assert told["findings"][1] == {
        "what": "key",
        "well": False,
        "found": "[red]odd[/red]",
        "mend": "Run: chmod 600 key",
    }


async def test_helplines_past_their_day_are_named_and_those_checked_since_are_not(at_home: Path):
    assert "22 May 2027" in named(await examine(), "helplines").found
    with sqlite3.connect(at_home) as database:
        line = "INSERT INTO helplines VALUES (?, ?, ?, ?, '', '', '', '[]', '{}', ?, '2026-01-01 09:00:00.000000')"
        database.execute(line, ("own-1", 1, "Meic", "080880 23456", "2026-01-01"))
        database.execute(line, ("own-2", 2, "The Mix", "0808 808 4994", "2999-01-01"))
    found = named(await examine(), "helplines")
    assert not found.well
    assert "Meic (01 January 2026)" in found.found
    assert "The Mix" not in found.found
    assert "/helplines" in found.mend


async def test_an_https_address_without_a_trusted_proxy_is_a_problem(
    here: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PUBLIC_URL", "https://heard.example")
    assert not named(await examine(), "proxies").well
    monkeypatch.setenv("TRUSTED_PROXIES", "127.0.0.1")
    assert named(await examine(), "proxies").found == "127.0.0.1"


async def test_passkeys_that_a_changed_host_has_ended_are_counted(
    at_home: Path, monkeypatch: pytest.MonkeyPatch
):
    def at(db: Db, host: str, credential: bytes) -> None:
        person = people.find_or_create_door(db, WEB, host).person.id
        values = {"public_key": b"k", "sign_count": 0, "sealed": b"", "made_at": db.now}
        db.run(passkeys.insert().values(person_id=person, credential=credential, host=host, **values))

    store = await open_store(read_settings())
    rules = read_settings().rules(None)
    for n, host in enumerate(("localhost", "old.example", "old.example")):
        await store.write(rules, lambda db, n=n, host=host: at(db, host, bytes([n])))
    await store.database.close()
    finding = named(await examine(), "passkeys")
    assert not finding.well
    assert finding.found == "2 were made for another host and work no more"
    assert "python -m bot invite" in finding.mend
    monkeypatch.setenv("PUBLIC_URL", "https://old.example")
    assert named(await examine(), "passkeys").found.startswith("1 ")


# --- what the notice says -----------------------------------------------------------------------------


async def test_a_site_of_others_needs_what_the_law_asks_of_its_notice(
    here: Path, monkeypatch: pytest.MonkeyPatch
):
    assert named(await examine(), "notice").well
    monkeypatch.setenv("PUBLIC_URL", "https://heard.example.org")
    for name in ("CONTROLLER", "DPO_CONTACT", "LAWFUL_BASIS", "RECIPIENTS", "HOSTED_IN"):
        assert name in (await ill("notice")).found
        monkeypatch.setenv(name, "filled in")
    assert named(await examine(), "notice").well
