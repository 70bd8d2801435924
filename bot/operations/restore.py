"""Restores a backup over the SQLite database, and handles what follows from that."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.config.data_key import vault_for
from bot.config.settings import Settings
from bot.operations import backups
from bot.operations.opening import DatabaseUnusable, open_store
from bot.operations.store import RecoveryReport, Store
from storage.core import schema
from storage.core.instance_lock import lock_for
from storage.operations import backup, restore
from storage.operations.backup import OnProgress
from storage.operations.restore import BackupContents
from storage.security import audit_log

Report = Callable[[str], None]

WITH_POSTGRESQL = (
    "Restore PostgreSQL with its own tool. Stop every worker of Heard. Then:\n\n"
    "  pg_restore --clean --if-exists --no-owner --dbname=postgresql://NAME@HOST/DATABASE heard.dump\n\n"
    "Start Heard again: it notices that the database is older, deletes again whoever was deleted since, and holds\n"
    "broadcasts that could be sent twice. See docs/howto/backup-and-restore.md."
)


def inspect_backup(settings: Settings, file: Path) -> BackupContents:
    """What a backup contains. Raises BackupFailed, SchemaMismatch or KeyMismatch if it cannot be restored."""
    vault, _ = vault_for(settings, empty=False)
    return restore.read_contents(file, vault)


async def restore_backup(settings: Settings, file: Path, step: OnProgress, tell: Report) -> None:
    """Restores a backup, and reports each step to `tell`. Raises InUse while Heard runs, and whatever `inspect_backup`
    raises; both before anything is changed.
    """
    path = settings.sqlite_file
    assert path is not None
    async with lock_for(settings.database_url.get_secret_value()).exclusive():
        found = await asyncio.to_thread(inspect_backup, settings, file)
        if path.exists() and path.samefile(file):
            raise DatabaseUnusable(f"{file} is the database itself. Name a backup.")
        kept = await asyncio.to_thread(_keep_current, settings, path)
        tell(f"The previous database is kept in {kept}." if kept else "There was no database before.")
        over = kept is not None and "damaged" not in kept.name
        put = restore.copy_over if over else restore.replace_file
        await asyncio.to_thread(put, file, path, step)
        tell(f"{path} was restored from {file}, made {time_made(found, settings)}.")
        store = await open_store(settings, restored=True)
        try:
            await _record_restore(store, settings, found)
        finally:
            await store.database.close()
    assert store.recovery is not None
    for line in _report_lines(found, store.recovery):
        tell(line)


def time_made(found: BackupContents, settings: Settings) -> str:
    """When a backup was made, in words."""
    if found.made is None:
        return "at an unknown time (it was copied by hand)"
    return f"on {found.made.astimezone(settings.zone):%d %B %Y at %H:%M}"


def describe_version(found: BackupContents) -> str:
    """Which version made it, in words."""
    if found.migration == schema.newest():
        return f"It is of this version (migration {found.migration})."
    return f"It was made by an older version of Heard (migration {found.migration}): it is migrated when it is restored."


def _keep_current(settings: Settings, path: Path) -> Path | None:
    """Keeps the current database as a backup. Returns its path; None if there is no database."""
    if not path.exists() or not path.stat().st_size:
        return None
    if restore.is_healthy(path):
        kept = backups.automatic_path(settings, "before-restore")
        backup.copy(path, kept, lambda _done, _of: None, backups.now())
    else:
        kept = backups.automatic_path(settings, "before-restore-damaged")
        restore.keep_damaged(path, kept)
    return kept


async def _record_restore(store: Store, settings: Settings, found: BackupContents) -> None:
    rules = settings.rules(None)
    of = f"of {found.made:%Y-%m-%d %H:%M} UTC" if found.made else ""
    await store.write(rules, lambda db: audit_log.note(db, None, "put back a backup", of))
    await store.write_checkpoint(rules)


def _report_lines(found: BackupContents, recovery: RecoveryReport) -> Iterator[str]:
    again, held = recovery.again, recovery.held
    if found.migration != schema.newest():
        yield "It was made by an older version of Heard, and was migrated."
    if recovery.fresh:
        yield (
            "There is no erasure log here: people deleted since this backup are back."
            " If you have that log, put it in place and run this again."
        )
    else:
        yield f"Deleted again, as they had asked since this backup: {_many(again.forgot, 'person', 'people')}."
    if again.stopped:
        yield f"Opted out of messages since this backup: {_many(again.stopped, 'person', 'people')}."
    if again.unquoted:
        yield f"No longer quoted, as they had asked since this backup: {_many(again.unquoted, 'person', 'people')}."
    if again.unused:
        yield f"Not used until they say so, as they took it back since this backup: {_many(again.unused, 'person', 'people')}."
    if again.left:
        yield f"Removed from the team since this backup: {_many(again.left, 'person', 'people')}."
    if again.withdrawn:
        yield f"Withdrawn since this backup, and withdrawn again: {_many(again.withdrawn, 'publication', 'publications')}."
    if again.closed:
        yield f"Closed since this backup, and closed again: {_many(again.closed, 'case', 'cases')}."
    if held:
        yield (
            "Broadcasts are paused, because some may already have been sent:"
            f" {_many(held.messages, 'message waits', 'messages wait')} for the team's decision (/sent), and"
            f" {_many(held.drafts, 'scheduled item is a draft', 'scheduled items are drafts')} again."
        )
        yield "Unused invites are void."
    yield "Start Heard again. Its owners get a message that says what to check."


def _many(n: int, one: str, more: str) -> str:
    return f"{n:,} {one if n == 1 else more}"
