"""At every start: compares the database with the erasure log, and redoes what a restore undid."""

from datetime import UTC, datetime
from functools import partial

import structlog

from bot.operations.store import RecoveryReport, Store
from conversations.core.config import Rules
from storage.core.unit_of_work import Db
from storage.operations import after_restore, replay_erasures
from storage.operations.after_restore import HoldCounts
from storage.operations.replay_erasures import ReplayCounts, Requests
from storage.security import lineage
from storage.security.erasure_log import LogContents, Tombstone

log = structlog.get_logger()


async def catch_up(store: Store, rules: Rules, *, restored: bool) -> RecoveryReport:
    """Call this before any turn is taken and any message is sent. Raises KeyMismatch if people were deleted under a key
    that is not set.
    """
    fresh = store.erasure_log.make()
    await store.write(rules, lineage.find_or_create)
    found = await read_erasure_log(store, rules)
    if found.damaged:
        log.warning("erasure log has unreadable lines", lines=found.damaged)
    again = await _replay_erasures(store, rules, found.tombstones)
    stopped = await store.write(rules, partial(_quarantine_if_restored, found=found, restored=restored))
    if again != ReplayCounts() or stopped:
        log.warning("database was restored from an older backup", again=str(again), held=str(stopped))
    return RecoveryReport(again, stopped, fresh)


async def read_erasure_log(store: Store, rules: Rules) -> LogContents:
    """What the erasure log holds about this database."""
    here = await store.read(rules, lineage.find)
    return store.erasure_log.read(here.lineage if here else "", datetime.now(UTC).date())


async def _replay_erasures(store: Store, rules: Rules, notes: tuple[Tombstone, ...]) -> ReplayCounts:
    unknown = await store.read(rules, partial(lineage.unknown_tombstones, notes=notes))
    if not unknown:
        return ReplayCounts()
    asked = await store.read(rules, partial(replay_erasures.find_requests, notes=unknown))
    return await store.write(rules, partial(_replay, asked=asked, notes=unknown))


def _replay(db: Db, asked: Requests, notes: tuple[Tombstone, ...]) -> ReplayCounts:
    again = replay_erasures.replay(db, asked)
    lineage.mark_known(db, notes)
    return again


def _quarantine_if_restored(db: Db, found: LogContents, *, restored: bool) -> HoldCounts | None:
    """Holds broadcasts if the database was restored from an older backup. None if it was not."""
    from bot.scheduler.scheduler import run_due

    if not after_restore.record_restore(db, found, surely=restored):
        return None
    drafts = after_restore.revert_to_drafts(db)
    # What fell due since the backup happens now, so that it is held too.
    run_due(db)
    stopped = HoldCounts(after_restore.quarantine(db), drafts)
    after_restore.notify_owners(db)
    return stopped
