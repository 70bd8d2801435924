"""Which keys a database is sealed with: a sample for each, so that a wrong or missing key is noticed at once."""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, select

from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db, prepared
from storage.security.vault import KeyMismatch, Vault
from storage.tables import retired_keys, seals

_SAMPLE, _PLACE = "Heard", "seals:sample"
_ADD = prepared(lambda insert: insert(seals).on_conflict_do_nothing())
_RETIRE = prepared(lambda insert: insert(retired_keys).on_conflict_do_nothing())


def check(connection: Connection, vault: Vault) -> None:
    """Raises KeyMismatch where this database holds what this vault cannot open. Nothing is written."""
    samples = connection.execute(select(seals.c.sample)).scalars().all()
    opened = [_opens(vault, sample) for sample in samples]
    if all(opened):
        return
    if any(opened):
        raise KeyMismatch(
            "This database is sealed with a second key, which is not set. Keep both in DATA_KEY, newest first,"
            " until `python -m bot rotate-key` says that the old one can go."
        )
    raise KeyMismatch("The data key does not open this database. Put back the one that it was made with.")


def begin(connection: Connection, vault: Vault) -> None:
    """From now on the newest key is needed too. Raises KeyMismatch as `check` does."""
    values = {"key": vault.newest, "sample": vault.seal(_SAMPLE, _PLACE)}
    _ADD.run(connection, values)
    check(connection, vault)


def needed(connection: Connection) -> frozenset[bytes]:
    """The ids of all keys that are needed."""
    return frozenset(map(bytes, connection.execute(select(seals.c.key)).scalars()))


def retired(connection: Connection, vault: Vault) -> Mapping[bytes, bytes]:
    """The hashers of keys that are gone, by key id."""
    rows = connection.execute(select(retired_keys)).all()
    return {bytes(row.key): bytes.fromhex(vault.open(row.sealed, sealing_context(row.key))) for row in rows}


def retire(db: Db) -> None:
    """Keeps the hashers of all keys but the newest: their hashes are of values that nobody has."""
    for key, hasher in db.vault.retiring.items():
        db.run(_RETIRE, {"key": key, "sealed": db.vault.seal(hasher.hex(), sealing_context(key))})


def let_go(db: Db) -> None:
    """No key but the newest is needed any more."""
    db.run(delete(seals).where(seals.c.key != db.vault.newest))


def sealing_context(key: bytes) -> str:
    return f"retired_keys:sealed:{key.hex()}"


def _opens(vault: Vault, sample: bytes) -> bool:
    try:
        return vault.open(sample, _PLACE) == _SAMPLE
    except KeyMismatch:
        return False


SEALED: SealedColumns = (SealedColumn(retired_keys.c.sealed, lambda row: sealing_context(row["key"])),)
