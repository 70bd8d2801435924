"""Settings: every problem is reported at once, each with its fix and never with its value."""

import base64
import re
from datetime import time
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.config.provider import provider_in
from bot.config.settings import Settings, WrongSettings, read_settings
from conversations.core.channels import TELEGRAM
from conversations.core.config import QuietHours

ROOT = Path(__file__).parents[2]
TOKEN = "4200000042:heard-test-not-a-real-token-0000"
SECRET = "s" * 32


@pytest.fixture(autouse=True)
def _here(folder):
    """Every test runs in a folder of its own."""


def given(monkeypatch, **values):
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def refused():
    with pytest.raises(WrongSettings) as told:
        read_settings()
    return str(told.value).splitlines()


def wrong_names():
    return [line.partition(":")[0] for line in refused()]


# --- what is written about them -------------------------------------------------------------------


def test_every_setting_is_in_the_example_and_every_one_there_is_read():
    example = dotenv_values(ROOT / ".env.example")
    assert {name.lower() for name in example} == set(Settings.model_fields)


def test_the_example_says_what_the_defaults_are():
    copied = Path(".env")
    copied.write_text((ROOT / ".env.example").read_text())
    with_example = read_settings()
    copied.unlink()
    assert with_example == read_settings()


def test_every_setting_of_the_contract_is_explained_above_its_line():
    lines = (ROOT / ".env.example").read_text().splitlines()
    for name in Settings.model_fields:
        at = next(n for n, line in enumerate(lines) if line.startswith(f"{name.upper()}="))
        group = "\n".join(lines[:at]).rpartition("\n\n")[2]
        assert "#" in group, name


def test_nothing_needs_to_be_set():
    settings = read_settings()
    assert settings.telegram_bot_token is None
    assert settings.web_address == "http://localhost:8080"
    assert settings.on_sqlite


# --- where they come from -------------------------------------------------------------------------


def test_the_environment_comes_before_the_file(monkeypatch):
    Path(".env").write_text("PORT=9001\nHOST=127.0.0.9\n")
    given(monkeypatch, PORT="9002")
    assert (read_settings().port, read_settings().host) == (9002, "127.0.0.9")


@pytest.mark.parametrize("name", ["TELEGRAM_BOT_TOKEN", "ORGANISATION", "DATABASE_URL", "LANGUAGES"])
def test_any_name_may_name_a_file_that_holds_the_value(name, monkeypatch):
    values = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "ORGANISATION": "Ours",
        "DATABASE_URL": "sqlite+aiosqlite:///there.db",
        "LANGUAGES": "en,pl",
    }
    monkeypatch.setenv(name, values[name])
    plainly = read_settings()
    monkeypatch.delenv(name)
    Path("secret").write_text(f"{values[name]}\n")
    monkeypatch.setenv(f"{name}_FILE", "secret")
    assert read_settings() == plainly


def test_a_file_may_be_named_in_the_env_file_too():
    Path("secret").write_text(TOKEN)
    Path(".env").write_text("TELEGRAM_BOT_TOKEN_FILE=secret\nTELEGRAM_BOT_TOKEN=\n")
    assert read_settings().telegram_bot_token.get_secret_value() == TOKEN


def test_a_value_takes_precedence_over_its_file(monkeypatch):
    Path("secret").write_text("From the file")
    given(monkeypatch, ORGANISATION="Plainly", ORGANISATION_FILE="secret")
    assert read_settings().organisation == "Plainly"


def test_an_empty_secret_does_not_count(monkeypatch):
    Path("secret").write_text("\n")
    given(monkeypatch, TELEGRAM_BOT_TOKEN_FILE="secret", DATA_KEY="")
    assert read_settings().telegram_bot_token is None
    assert read_settings().data_key is None


def test_all_files_that_cannot_be_read_are_named(monkeypatch):
    Path("binary").write_bytes(b"\xff\xfe\x00")
    given(monkeypatch, DATA_KEY_FILE="/nowhere/key", TELEGRAM_BOT_TOKEN_FILE="binary", PORT="many")
    assert sorted(wrong_names()) == ["DATA_KEY_FILE", "PORT", "TELEGRAM_BOT_TOKEN_FILE"]


def test_an_env_file_that_is_not_text_is_named():
    Path(".env").write_bytes(b"PORT=\xff\xfe")
    assert refused() == [".env cannot be read: make it a text file that this account may read"]


# --- what is wrong with them ----------------------------------------------------------------------

WRONG = {
    "TELEGRAM_BOT_TOKEN": "hunter2 hunter2",
    "TELEGRAM_API_URL": "telegram.hunter2",
    "TELEGRAM_MODE": "hunter2",
    "PUBLIC_URL": "hunter2.example",
    "PORT": "hunter2",
    "DATABASE_URL": "mysql://hunter2:hunter2@hunter2/heard",
    "DATA_KEY": "hunter2hunter2==",
    "TRUSTED_PROXIES": "10.0.0.0/8, hunter2",
    "TIMEZONE": "Hunter2/Hunter2",
    "LANGUAGES": "en,hunter2",
    "QUIET_HOURS": "hunter2",
    "MINIMUM_AGE": "hunter2",
    "TELEGRAM_MINIMUM_AGE": "12",
    "SENDS_PER_SECOND": "0",
    "SMALL_NUMBER": "4",
    "RETENTION_DAYS": "0",
    "ESCALATE_MINUTES": "10, hunter2, 30",
    "LOG_FORMAT": "hunter2",
    "LOG_LEVEL": "hunter2",
}


def test_every_problem_is_reported_at_once_without_its_value(monkeypatch):
    given(monkeypatch, **WRONG)
    lines = refused()
    assert sorted(line.partition(":")[0] for line in lines) == sorted(WRONG)
    assert "hunter2" not in "\n".join(lines).lower()


def test_each_says_what_to_do(monkeypatch):
    given(monkeypatch, **WRONG)
    for line in refused():
        assert re.match(r"[A-Z_]+: (use|set|give|name) ", line), line
        assert not re.search(r"(?i)\binput\b|invalid|validation|parsing", line), line


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+asyncpg://heard:hunter2:hunter2@there:hunter2/heard",
        "postgresql://heard@there/heard",
        "sqlite:///data/heard.db",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        "hunter2",
    ],
)
def test_a_database_that_heard_cannot_keep_things_in_is_refused(url, monkeypatch):
    given(monkeypatch, DATABASE_URL=url)
    assert refused() == [
        "DATABASE_URL: use sqlite+aiosqlite:///PATH or postgresql+asyncpg://NAME:PASSWORD@HOST/DATABASE"
    ]


def test_webhook_mode_names_all_missing_settings_with_the_other_problems(monkeypatch):
    given(monkeypatch, TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_MODE="webhook", PORT="many")
    assert sorted(wrong_names()) == ["PORT", "PUBLIC_URL", "TELEGRAM_WEBHOOK_SECRET"]


@pytest.mark.parametrize("secret", ["short", "spaces are not taken", "x" * 257, "zażółć" * 5])
def test_a_webhook_secret_is_one_that_telegram_takes(secret, monkeypatch):
    given(
        monkeypatch,
        TELEGRAM_MODE="webhook",
        TELEGRAM_WEBHOOK_SECRET=secret,
        PUBLIC_URL="https://heard.example",
    )
    assert wrong_names() == ["TELEGRAM_WEBHOOK_SECRET"]


def test_a_private_bot_api_server_may_post_over_http(monkeypatch):
    given(
        monkeypatch,
        TELEGRAM_MODE="webhook",
        TELEGRAM_WEBHOOK_SECRET=SECRET,
        TELEGRAM_API_URL="http://127.0.0.1:8081/",
    )
    assert read_settings().telegram_api_url == "http://127.0.0.1:8081"


def test_a_good_key_is_taken_and_so_are_several(monkeypatch):
    one, other = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
    given(monkeypatch, DATA_KEY=f"{one},{other}")
    assert read_settings().data_key is not None


def test_secrets_are_not_shown_by_a_print_of_all_settings(monkeypatch):
    key = base64.b64encode(b"k" * 32).decode()
    url = "postgresql+asyncpg://heard:hunter2@there/heard"
    secrets = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "DATA_KEY": key,
        "DATABASE_URL": url,
    }
    given(monkeypatch, **secrets)
    shown = f"{read_settings()!r} {read_settings()}"
    assert [name for name, value in secrets.items() if value in shown] == []


# --- what they mean -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "quiet"),
    [
        ("21:00-08:00", QuietHours(time(21), time(8))),
        (" 9:30 - 17:05 ", QuietHours(time(9, 30), time(17, 5))),
        ("none", None),
        ("", None),
        ("07:00-07:00", None),
    ],
)
def test_quiet_hours_are_two_times_or_none(text, quiet, monkeypatch):
    Path(".env").write_text("QUIET_HOURS=01:00-02:00")  # the environment comes first, even where it is empty
    given(monkeypatch, QUIET_HOURS=text)
    assert read_settings().rules(None).quiet == quiet


@pytest.mark.parametrize("text", ["25:00-08:00", "21-8", "21:00", "21:00-08:00-09:00", "21:60-08:00"])
def test_other_quiet_hours_are_refused(text, monkeypatch):
    given(monkeypatch, QUIET_HOURS=text)
    assert refused() == ["QUIET_HOURS: use two times such as 21:00-08:00, or none"]


def test_empty_quiet_hours_in_the_env_file_are_none():
    Path(".env").write_text("QUIET_HOURS=\n")
    assert read_settings().rules(None).quiet is None


def test_languages_are_those_that_heard_speaks_in_the_teams_order(monkeypatch):
    given(monkeypatch, LANGUAGES="pl, en,,pl")
    assert read_settings().languages == ("pl", "en")
    given(monkeypatch, LANGUAGES="en,tlh")
    assert refused() == ["LANGUAGES: use some of en, pl, ar, with commas between"]


@pytest.mark.parametrize(
    "minutes",
    [
        "10",
        "10,20",
        "10,20,30,40",
        "20,10,30",
        "10,10,30",
        "0,10,20",
        "-1,10,20",
        "1.5,2,3",
        "10;20;30",
        "1,2,1441",
    ],
)
def test_minutes_that_do_not_rise_are_refused(minutes, monkeypatch):
    given(monkeypatch, ESCALATE_MINUTES=minutes)
    (line,) = refused()
    assert line == (
        "ESCALATE_MINUTES: use three whole numbers of minutes from 1 to 1440, each above the one before,"
        " such as 10,20,30"
    )


def test_the_rules_are_the_configured_ones(monkeypatch):
    given(
        monkeypatch,
        ORGANISATION="Ours",
        TEAM_CONTACT="us@example.org",
        TIMEZONE="Europe/Warsaw",
        LANGUAGES="pl",
        MINIMUM_AGE="14",
        TELEGRAM_MINIMUM_AGE="18",
        SMALL_NUMBER="10",
        RETENTION_DAYS="30",
        ESCALATE_MINUTES="5, 15, 25",
        PUBLIC_URL="https://heard.example/",
    )
    rules = read_settings().rules({TELEGRAM.name: "our_bot"})
    assert (rules.organisation, rules.contact, rules.zone.key) == ("Ours", "us@example.org", "Europe/Warsaw")
    assert (rules.minimum_age, rules.minimum_age_on(TELEGRAM)) == (14, 18)
    assert (rules.small_number, rules.retention_days) == (10, 30)
    assert rules.escalate_minutes == (5, 15, 25)
    assert (rules.public_url, rules.account(TELEGRAM), rules.languages) == (
        "https://heard.example",
        "our_bot",
        ("pl",),
    )


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("::1", "http://localhost:81"),
        ("0.0.0.0", "http://localhost:81"),
        ("fd00::5", "http://[fd00::5]:81"),
        ("192.168.1.20", "http://192.168.1.20:81"),
        ("127.0.0.9", "http://127.0.0.9:81"),
    ],
)
def test_this_machine_goes_by_its_name_and_any_other_by_its_number(monkeypatch, host, address):
    given(monkeypatch, HOST=host, PORT="81")
    assert read_settings().web_address == address


def test_the_councils_own_sign_in_is_set_whole_or_not_at_all(monkeypatch):
    assert provider_in(read_settings()) is None
    given(monkeypatch, OIDC_ISSUER="https://login.example/v2.0/", OIDC_CLIENT_ID="heard")
    assert wrong_names() == ["OIDC_CLIENT_SECRET"]
    given(monkeypatch, OIDC_CLIENT_SECRET="hunter2")
    found = provider_in(read_settings())
    assert (found.issuer, found.client_id) == ("https://login.example/v2.0/", "heard")
    assert "hunter2" not in repr(found)
    given(monkeypatch, OIDC_ISSUER="http://login.example")
    assert "OIDC_ISSUER" in wrong_names()
