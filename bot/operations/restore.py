"""A backup takes the database's place, and everything that follows from it is made good."""

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
    "PostgreSQL is put back with its own tool. Stop Heard, every worker of it. Then:\n\n"
    "  pg_restore --clean --if-exists --no-owner --dbname=postgresql://NAME@HOST/DATABASE heard.dump\n\n"
    "Start Heard again: it finds that the database is older, deletes again whoever was deleted since, and holds what\n"
    "would go out twice. docs/howto/backup-and-restore.md has the whole way."
)


def inspect_backup(settings: Settings, file: Path) -> BackupContents:
    """What a backup holds. Raises BackupFailed, SchemaMismatch or KeyMismatch where it cannot be put back."""
    vault, _ = vault_for(settings, empty=False)
    return restore.read_contents(file, vault)


async def restore_backup(settings: Settings, file: Path, step: OnProgress, tell: Report) -> None:
    """Says each thing that it has done. Raises InUse while Heard runs; and as `look` does, before anything is
    changed.
    """
    path = settings.sqlite_file
    assert path is not None
    async with lock_for(settings.database_url.get_secret_value()).exclusive():
        found = await asyncio.to_thread(inspect_backup, settings, file)
        if path.exists() and path.samefile(file):
            raise DatabaseUnusable(f"{file} is the database itself. Name a backup.")
        kept = await asyncio.to_thread(_keep_current, settings, path)
        tell(f"What was there is kept in {kept}." if kept else "Nothing was there before.")
        over = kept is not None and "damaged" not in kept.name
        put = restore.copy_over if over else restore.replace_file
        await asyncio.to_thread(put, file, path, step)
        tell(f"{path} is what {file} held, made {time_made(found, settings)}.")
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
    """Which version it is of, in words."""
    if found.migration == schema.newest():
        return f"It is of this version (migration {found.migration})."
    return f"It was made by an older version of Heard (migration {found.migration}): it is migrated when it is restored."


def _keep_current(settings: Settings, path: Path) -> Path | None:
    """Keeps what is there now; gives where. None where there is nothing."""
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
        yield "It was of an older Heard, and was brought up to date."
    if recovery.fresh:
        yield (
            "There is no erasure log here: people deleted since this backup are in it again."
            " If you have that log, put it in its place and run this again."
        )
    else:
        yield f"Deleted again, as they asked since: {_many(again.forgot, 'person', 'people')}."
    if again.stopped:
        yield f"Opted out of messages since this backup: {_many(again.stopped, 'person', 'people')}."
    if again.unquoted:
        yield f"Not quoted any more, as they asked since: {_many(again.unquoted, 'person', 'people')}."
    if again.left:
        yield f"Removed from the team since this backup: {_many(again.left, 'person', 'people')}."
    if held:
        yield (
            "Broadcasts are paused, because some may already have been sent:"
            f" {_many(held.messages, 'message waits', 'messages wait')} for the team's decision (/sent), and"
            f" {_many(held.drafts, 'thing that had a time is a draft', 'things that had a time are drafts')} again."
        )
        yield "Invites that nobody used are void."
    yield "Start Heard again. Its owners are told what to look at."


def _many(n: int, one: str, more: str) -> str:
    return f"{n:,} {one if n == 1 else more}"
