"""The doctor's checks of backups, the erasure log, the audit log, key rotation and file permissions."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from sqlalchemy import Row, func, select

from bot.cli.report import Finding
from bot.config import data_key
from bot.config.env_files import ENV_FILE, layers
from bot.config.settings import Settings
from bot.operations import audit_report, backups
from bot.operations.opening import DatabaseUnusable, look_into_store
from bot.operations.startup_recovery import read_erasure_log
from bot.operations.store import Store
from storage.core.errors import Unavailable
from storage.core.unit_of_work import Db
from storage.security import key_checks, lineage
from storage.tables import audit

_NIGHTLY = timedelta(hours=48)  # allows for one missed night, when the machine was off
_SECRETS = ("TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "DATA_KEY", "DATABASE_URL")


async def check_operations(settings: Settings) -> list[Finding]:
    """Checks a readable database. Empty if it cannot be opened, which the database check reports."""
    try:
        store = await look_into_store(settings)
    except (DatabaseUnusable, Unavailable):
        return []
    try:
        return [
            await _backups(settings, store),
            await _erasure_log(settings, store),
            await _audit_log(settings, store),
            *await _key_rotation(store),
        ]
    finally:
        await store.database.close()


async def check_files(settings: Settings) -> list[Finding]:
    """Private files that other accounts may read."""
    return [
        Finding(what, False, "other accounts on this machine may read it", f"Run: chmod {mode} {path}")
        for what, path, mode in _private_files(settings)
        if path.exists() and path.stat().st_uid == os.getuid() and path.stat().st_mode & 0o077
    ]


def _private_files(settings: Settings) -> Iterator[tuple[str, Path, str]]:
    named = [layer.get("DATA_KEY_FILE") for layer in layers()]
    yield from (("key file", Path(path), "600") for path in (*named, data_key.key_file(settings)) if path)
    if any(dotenv_values(ENV_FILE).get(name) for name in _SECRETS):
        yield "settings file", Path(ENV_FILE), "600"
    if settings.sqlite_file:
        yield "database file", settings.sqlite_file, "600"
    yield "erasure log", settings.erasure_log_file, "600"
    yield "backups", backups.folder(settings), "700"


async def _backups(settings: Settings, store: Store) -> Finding:
    if not settings.on_sqlite:
        found = "made with pg_dump, outside Heard: check that there is one from last night"
        return Finding("backup", True, found)
    here, began = await store.read(settings.rules(None), _backup_state)
    last = here.backed_up_at if here else None
    late = datetime.now(UTC) - _NIGHTLY
    if last is None and (began is None or began > late):
        return Finding("backup", True, "none yet; Heard makes the first at 3 a.m.")
    if last is not None and last > late:
        return Finding("backup", True, f"the last one was made on {_date_text(last, settings)}")
    found = f"the last one was made on {_date_text(last, settings)}" if last else "none was ever made"
    mend = "Run: python -m bot backup FILE. Leave Heard running at night; if it does run then, its log says why there is none."
    return Finding("backup", False, found, mend)


def _backup_state(db: Db) -> tuple[Row[Any] | None, datetime | None]:
    return lineage.find(db), db.run(select(func.min(audit.c.at))).scalar()


async def _erasure_log(settings: Settings, store: Store) -> Finding:
    what, path = "erasure log", settings.erasure_log_file
    if not path.exists():
        mend = (
            f"Put {path} back in its place, or name it in FORGOTTEN_LOG. Without it, people who were deleted would be"
            " back after a restore. If it is lost, the next start makes a new one."
        )
        return Finding(what, False, f"{path} is not there", mend)
    log = await read_erasure_log(store, settings.rules(None))
    if log.damaged:
        mend = f"Put a copy of {path} back, if you have one with more readable lines, and keep this one too."
        return Finding(what, False, f"unreadable lines: {log.damaged}", mend)
    here = await store.read(settings.rules(None), lineage.find)
    if here and log.number > here.mark:
        mend = "Start Heard: it deletes again whoever was deleted since, and holds broadcasts that may already have been sent."
        return Finding(what, False, "the database was restored from an older backup", mend)
    return Finding(what, True, f"it is there, in {path}")


async def _audit_log(settings: Settings, store: Store) -> Finding:
    found = await audit_report.verify(store, settings.rules(None), lambda _done, _of: None)
    if not found.walk.faults:
        return Finding("audit log", True, audit_report.intact_message(found.walk, settings.zone))
    first = audit_report.describe_fault(found.walk.faults[0], settings.zone)
    mend = (
        "Run: python -m bot verify. It lists every line. Find out who can write to the database. Keep it as it is,"
        " and an earlier backup. Lost lines cannot be recovered: docs/howto/backup-and-restore.md."
    )
    return Finding("audit log", False, first, mend)


async def _key_rotation(store: Store) -> list[Finding]:
    if len(await store.database.read(key_checks.needed_keys)) < 2:
        return []
    mend = "Run: python -m bot rotate-key. It continues where it stopped. Until then keep both keys."
    return [Finding("key rotation", False, "it is not finished", mend)]


def _date_text(moment: datetime, settings: Settings) -> str:
    return f"{moment.astimezone(settings.zone):%d %B %Y at %H:%M}"
