"""The data key: created once with an empty SQLite database; Heard does not start with a wrong or missing one."""

import base64
import stat
from pathlib import Path

import pytest

from bot.config.settings import read_settings
from bot.operations.opening import DatabaseUnusable, open_store
from conversations.core.channels import TELEGRAM
from storage.people import people
from storage.security.vault import Vault
from tests.house import sample_rules

KEY = base64.b64encode(b"k" * 32).decode()
OTHER = base64.b64encode(b"o" * 32).decode()
KEY_FILE, DATABASE = Path("data/key"), Path("data/heard.db")


@pytest.fixture(autouse=True)
def _here(folder):
    """Every test runs in a folder of its own."""


async def started(**values):
    """Starts and stops once; returns what was created."""
    store = await open_store(read_settings())
    await store.database.close()
    return store


async def refused():
    with pytest.raises(DatabaseUnusable) as told:
        await started()
    return str(told.value)


def everything():
    return {path: path.read_bytes() for path in Path("data").iterdir()}


async def test_the_first_start_makes_a_key_that_only_this_account_may_read():
    store = await started()
    assert store.new_key == KEY_FILE
    assert stat.S_IMODE(KEY_FILE.stat().st_mode) == 0o600


async def test_the_database_too_is_only_this_accounts():
    await started()
    assert stat.S_IMODE(DATABASE.stat().st_mode) == 0o600


async def test_the_next_start_uses_the_same_key_and_says_nothing_of_it():
    await started()
    before = KEY_FILE.read_bytes()
    assert (await started()).new_key is None
    assert KEY_FILE.read_bytes() == before


async def test_values_sealed_before_a_restart_open_after_it():
    store = await open_store(read_settings())
    rules = sample_rules()
    door = await store.write(rules, lambda db: people.find_or_create_door(db, TELEGRAM, "5550001"))
    await store.database.close()
    store = await open_store(read_settings())
    assert await store.read(rules, lambda db: people.address_of(db, door.id)) == "5550001"
    await store.database.close()


async def test_a_missing_key_is_never_recreated():
    await started()
    KEY_FILE.unlink()
    before = everything()
    assert "put data/key back, or set DATA_KEY" in await refused()
    assert everything() == before


async def test_a_wrong_key_refuses_to_start_and_changes_nothing(monkeypatch):
    await started()
    before = everything()
    monkeypatch.setenv("DATA_KEY", OTHER)
    assert "The data key does not open this database" in await refused()
    assert everything() == before


@pytest.mark.parametrize("content", [b"", b"not a key", b"\xff\xfe", OTHER.encode()])
async def test_a_key_file_that_was_damaged_refuses_to_start(content):
    await started()
    KEY_FILE.write_bytes(content)
    told = await refused()
    assert "put back the one" in told.lower()
    assert KEY_FILE.read_bytes() == content


async def test_a_key_from_the_settings_makes_no_file(monkeypatch):
    monkeypatch.setenv("DATA_KEY", KEY)
    assert (await started()).new_key is None
    assert not KEY_FILE.exists()


async def test_a_key_left_from_an_earlier_database_is_used_and_kept():
    Path("data").mkdir()
    KEY_FILE.write_text(KEY)
    assert (await started()).new_key is None
    assert KEY_FILE.read_text() == KEY


async def test_while_keys_rotate_a_start_needs_both(monkeypatch):
    monkeypatch.setenv("DATA_KEY", KEY)
    await started()
    monkeypatch.setenv("DATA_KEY", f"{OTHER},{KEY}")
    await started()
    monkeypatch.setenv("DATA_KEY", OTHER)
    assert "sealed with a second key, which is not set" in await refused()


async def test_postgresql_needs_a_key_and_says_how_to_make_one(monkeypatch, empty_postgres):
    monkeypatch.setenv("DATABASE_URL", empty_postgres)
    told = await refused()
    assert "PostgreSQL needs DATA_KEY" in told
    assert "python -c" in told
    assert not Path("data").exists()


async def test_postgresql_with_a_key_starts_and_another_key_does_not(monkeypatch, empty_postgres):
    monkeypatch.setenv("DATABASE_URL", empty_postgres)
    monkeypatch.setenv("DATA_KEY", KEY)
    await started()
    monkeypatch.setenv("DATA_KEY", OTHER)
    assert "does not open this database" in await refused()


async def test_the_sample_that_tells_a_wrong_key_is_sealed_itself(monkeypatch):
    monkeypatch.setenv("DATA_KEY", KEY)
    await started()
    assert b"seals:sample" not in DATABASE.read_bytes()
    assert Vault([b"k" * 32]).newest in DATABASE.read_bytes()
