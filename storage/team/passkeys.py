"""Members' passkeys: each opens the page for twelve hours. Only what checks a signature is stored."""

from sqlalchemy import delete, func, select, update

from conversations.core.effects import Refused
from conversations.core.record import Record
from conversations.team.effects import AddPasskey, NamePasskey, RemovePasskey
from conversations.team.facts import PASSKEYS_MOST, Passkey
from conversations.team.rights import Rights
from storage.core.dispatch import NOT_YOURS, EffectHandler, Handlers
from storage.core.door import Door
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db, Hooks
from storage.security import audit_log
from storage.tables import passkeys
from storage.team.members import RemovingMember


class KeyToCheck(Record):
    """What checks a passkey's signature, and whose it is."""

    id: int
    person: int
    public_key: bytes
    sign_count: int


def passkeys_of(db: Db, person: int) -> tuple[Passkey, ...]:
    """A member's passkeys, the oldest first."""
    rows = db.run(select(passkeys).where(passkeys.c.person_id == person).order_by(passkeys.c.id))
    return tuple(
        Passkey(
            row.id,
            db.vault.open(row.sealed, sealing_context(row.credential)),
            row.made_at,
            row.used_at,
            row.host,
        )
        for row in rows
    )


def credentials_of(db: Db, person: int) -> tuple[bytes, ...]:
    """The ids of a member's passkeys, by which an authenticator knows that it holds one already."""
    return tuple(db.run(select(passkeys.c.credential).where(passkeys.c.person_id == person)).scalars())


def by_credential(db: Db, credential: bytes) -> KeyToCheck | None:
    row = db.run(select(passkeys).where(passkeys.c.credential == credential)).first()
    return KeyToCheck(row.id, row.person_id, row.public_key, row.sign_count) if row else None


def mark_used(db: Db, passkey: int, sign_count: int) -> None:
    """Notes a use. A copy of the passkey would count from here on by itself, and be found out by it."""
    db.run(update(passkeys).where(passkeys.c.id == passkey).values(used_at=db.now, sign_count=sign_count))


def count_elsewhere(db: Db, host: str) -> int:
    """How many passkeys were made for another host than this, and work no more."""
    return int(db.run(select(func.count()).select_from(passkeys).where(passkeys.c.host != host)).scalar_one())


def add(db: Db, door: Door, effect: AddPasskey) -> None:
    person = door.person.id
    if len(credentials_of(db, person)) >= PASSKEYS_MOST or by_credential(db, effect.credential):
        raise Refused(NOT_YOURS)
    sealed = db.vault.seal(effect.name, sealing_context(effect.credential))
    values = {"public_key": effect.public_key, "sign_count": effect.sign_count, "host": effect.host}
    new = passkeys.insert().values(person_id=person, credential=effect.credential, sealed=sealed, **values)
    db.run(new.values(made_at=db.now))
    audit_log.note(db, person, "passkey added")


def rename(db: Db, door: Door, effect: NamePasskey) -> None:
    own = (passkeys.c.id == effect.passkey) & (passkeys.c.person_id == door.person.id)
    row = db.run(select(passkeys.c.credential).where(own)).first()
    if row and effect.name:
        sealed = db.vault.seal(effect.name, sealing_context(row.credential))
        db.run(update(passkeys).where(own).values(sealed=sealed))


def remove(db: Db, door: Door, effect: RemovePasskey) -> None:
    own = (passkeys.c.id == effect.passkey) & (passkeys.c.person_id == door.person.id)
    if db.run(delete(passkeys).where(own)).rowcount:
        audit_log.note(db, door.person.id, "passkey removed")


def forget(db: Db, removing: RemovingMember) -> None:
    """Whoever leaves the team leaves their passkeys."""
    db.run(delete(passkeys).where(passkeys.c.person_id == removing.person))


def sealing_context(credential: bytes) -> str:
    return f"passkeys:sealed:{credential.hex()}"


SEALED: SealedColumns = (SealedColumn(passkeys.c.sealed, lambda row: sealing_context(row["credential"])),)
HOOKS: Hooks = {RemovingMember: forget}
HANDLERS: Handlers = {
    AddPasskey: EffectHandler(add, right=Rights.SIGN_IN),
    NamePasskey: EffectHandler(rename, right=Rights.SIGN_IN),
    RemovePasskey: EffectHandler(remove, right=Rights.SIGN_IN),
}
