"""Re-encrypts everything with the newest data key. Heard may keep running."""

from collections.abc import AsyncIterator
from functools import partial

from bot.cli.console import OnProgress
from bot.config.settings import Settings
from bot.operations.opening import DatabaseUnusable
from bot.operations.store import Store
from conversations.core.config import Rules
from conversations.core.record import Record
from storage.core.instance_lock import lock_for
from storage.core.sealing import SealedColumn
from storage.operations import key_rotation
from storage.registry import SEALED
from storage.security import key_checks

_RESTART_FIRST = (
    "A running worker uses another newest key: what it writes now would be lost with the old key."
    " Restart every worker with this DATA_KEY, the new key first. Then run this again."
)


class RotationResult(Record):
    """How many values were re-encrypted, whether the old key was retired now, and whether old keys are still set."""

    values: int
    key_retired: bool
    has_old_keys: bool


async def rotate(store: Store, settings: Settings, step: OnProgress) -> RotationResult:
    """Re-encrypts everything that is not yet encrypted with the newest key. Raises DatabaseUnusable if a running worker
    still encrypts with another key.
    """
    rules, has_old_keys = settings.rules(None), bool(store.vault.retiring)
    await _check_who_runs(store, settings)
    total = await store.read(rules, key_rotation.count_left)
    needed = await store.database.read(key_checks.needed_keys)
    if needed == {store.vault.newest} and not total:
        return RotationResult(0, key_retired=False, has_old_keys=has_old_keys)
    await store.write(rules, key_rotation.begin)
    done = 0
    while True:
        for one in SEALED:
            async for values in _reseal(store, rules, one):
                done += values
                step(done, max(total, done))
        await _check_who_runs(store, settings)
        if await store.write(rules, key_rotation.finish):
            return RotationResult(done, key_retired=True, has_old_keys=has_old_keys)


async def _reseal(store: Store, rules: Rules, one: SealedColumn) -> AsyncIterator[int]:
    after: key_rotation.Key | None = None
    while True:
        values, after = await store.write(rules, partial(key_rotation.reseal_piece, one=one, after=after))
        yield values
        if after is None:
            return


async def _check_who_runs(store: Store, settings: Settings) -> None:
    if await lock_for(settings.database_url.get_secret_value()).keys() - {store.vault.newest}:
        raise DatabaseUnusable(_RESTART_FIRST)
