"""A sealed sample for each key that a database needs, so that a wrong or missing key is noticed at once."""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, select

from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db, prepared
from storage.security.vault import KeyMismatch, Vault
from storage.tables import retired_keys, seals

_SAMPLE, _CONTEXT = "Heard", "seals:sample"
_ADD = prepared(lambda insert: insert(seals).on_conflict_do_nothing())
_RETIRE = prepared(lambda insert: insert(retired_keys).on_conflict_do_nothing())


def check(connection: Connection, vault: Vault) -> None:
    """Raises KeyMismatch if the database needs a key that this vault lacks. Writes nothing."""
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
    """Records that the database needs the newest key too. Raises KeyMismatch as `check` does."""
    values = {"key": vault.newest, "sample": vault.seal(_SAMPLE, _CONTEXT)}
    _ADD.run(connection, values)
    check(connection, vault)


def needed_keys(connection: Connection) -> frozenset[bytes]:
    """The ids of all keys that the database needs."""
    return frozenset(map(bytes, connection.execute(select(seals.c.key)).scalars()))


def retired_hashers(connection: Connection, vault: Vault) -> Mapping[bytes, bytes]:
    """The hashers of retired keys, by key id."""
    rows = connection.execute(select(retired_keys)).all()
    return {bytes(row.key): bytes.fromhex(vault.open(row.sealed, sealing_context(row.key))) for row in rows}


def retire(db: Db) -> None:
    """Keeps the hashers of all keys but the newest, for hashes whose values nobody has."""
    for key, hasher in db.vault.retiring.items():
        db.run(_RETIRE, {"key": key, "sealed": db.vault.seal(hasher.hex(), sealing_context(key))})


def forget_old_keys(db: Db) -> None:
    """Records that the database needs no key but the newest any more."""
    db.run(delete(seals).where(seals.c.key != db.vault.newest))


def sealing_context(key: bytes) -> str:
    return f"retired_keys:sealed:{key.hex()}"


def _opens(vault: Vault, sample: bytes) -> bool:
    try:
        return vault.open(sample, _CONTEXT) == _SAMPLE
    except KeyMismatch:
        return False


SEALED: SealedColumns = (SealedColumn(retired_keys.c.sealed, lambda row: sealing_context(row["key"])),)
