"""Scheduled maintenance: nightly backup, checkpoints, clean-up."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from bot.config.settings import Settings
from bot.operations import backups
from bot.operations.store import Store
from bot.scheduler.scheduler import Job
from handlers.turns import Runtime
from storage.operations import nightly_backup
from storage.operations.backup import BackupFailed
from storage.security import lineage

log = structlog.get_logger()

MARK, TIDY, BACK_UP = timedelta(minutes=10), timedelta(hours=1), timedelta(minutes=1)


def maintenance_jobs(settings: Settings, store: Store) -> Sequence[tuple[Job, timedelta]]:
    """The maintenance jobs, and how often each runs."""
    rules = settings.rules(None)

    async def mark(_runtime: Runtime) -> None:
        await store.write_checkpoint(rules)

    async def tidy(runtime: Runtime) -> None:
        store.erasure_log.tidy(runtime.clock().date())
        await store.write(rules, lineage.forget_old_tombstones)

    async def back_up(_runtime: Runtime) -> None:
        if await store.write(rules, nightly_backup.is_due) and await store.write(rules, nightly_backup.claim):
            await _make_nightly_backup(settings, store)

    looks: tuple[tuple[Job, timedelta], ...] = ((mark, MARK), (tidy, TIDY))
    return (*looks, (back_up, BACK_UP)) if settings.on_sqlite else looks


async def _make_nightly_backup(settings: Settings, store: Store) -> None:
    rules = settings.rules(None)
    try:
        target = backups.automatic_path(settings)
        await backups.make(settings, target)
    except (BackupFailed, OSError) as told:
        log.error("nightly backup failed", why=str(told))
        await store.write(rules, nightly_backup.retry_later)
        return
    await store.write(rules, nightly_backup.mark_done)
    # Later changes are not in the backup: see `ErasureLog`.
    await store.write_checkpoint(rules)
    backups.drop_old(settings)
    log.info("nightly backup written", file=str(target))
