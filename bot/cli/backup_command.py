"""What the backup command does and prints."""

from pathlib import Path

from bot.cli.console import OnProgress
from bot.config.data_key import key_file
from bot.config.settings import Settings
from bot.operations import backups
from bot.operations.store import Store
from storage.core.unit_of_work import Db
from storage.operations import nightly_backup
from storage.operations.backup import RowCounts
from storage.security import audit_log

WITH_POSTGRESQL = (
    "PostgreSQL is backed up with its own tool, while Heard runs or not:\n\n"
    "  pg_dump --format=custom --file=heard.dump postgresql://NAME@HOST/DATABASE\n\n"
    "Keep DATA_KEY somewhere else: it is not in the dump, and without it nothing in it can be read.\n"
    "See docs/howto/backup-and-restore.md, also for the restore."
)


async def back_up(store: Store, settings: Settings, file: Path, step: OnProgress) -> RowCounts:
    """Makes a backup on request. Raises BackupFailed."""
    rules = settings.rules(None)
    counts = await backups.make(settings, file, step)
    await store.write(rules, _record_backup)
    # Later changes are not in the backup. The checkpoint in the erasure log shows where it ends.
    await store.write_checkpoint(rules)
    return counts


def _record_backup(db: Db) -> None:
    nightly_backup.mark_done(db)
    audit_log.note(db, None, "made a backup")


def key_reminder(settings: Settings) -> str:
    """Says which key and log the backup does not contain, and that both must be kept."""
    file = None if settings.data_key else key_file(settings)
    key = f"the key in {file}" if file else "DATA_KEY"
    return (
        f"The key is not in it: without {key} nobody can read it. Keep the key somewhere else.\n"
        f"Keep {settings.erasure_log_file} too, and not with the backup: it keeps deleted people deleted when you restore it."
    )
