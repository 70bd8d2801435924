"""Who members are to the council's own sign-in: issuer and subject, and nothing else that it knows of them."""

from datetime import datetime

from sqlalchemy import delete, select

from conversations.core.effects import Refused
from conversations.team.effects import LinkSignIn, UnlinkSignIn
from conversations.team.rights import Rights
from storage.core.dispatch import NOT_YOURS, EffectHandler, Handlers
from storage.core.door import Door
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db, Hooks
from storage.security import audit_log
from storage.tables import sign_in_links
from storage.team.members import RemovingMember


def member_of(db: Db, issuer: str, subject: str) -> int | None:
    """The member who is this subject to this issuer; None if nobody has linked it."""
    fits = sign_in_links.c.hash.in_(db.vault.hashes(_text(issuer, subject)))
    return db.run(select(sign_in_links.c.person_id).where(fits)).scalar()


def linked_at(db: Db, person: int) -> datetime | None:
    """When a member linked it; None if they have not."""
    return db.run(select(sign_in_links.c.made_at).where(sign_in_links.c.person_id == person)).scalar()


def link(db: Db, door: Door, effect: LinkSignIn) -> None:
    """Links it in place of an earlier one. It is nobody else's."""
    person, text = door.person.id, _text(effect.issuer, effect.subject)
    if member_of(db, effect.issuer, effect.subject) not in {None, person}:
        raise Refused(NOT_YOURS)
    db.run(delete(sign_in_links).where(sign_in_links.c.person_id == person))
    hashed = db.vault.keyed_hash(text)
    values = {"hash": hashed, "sealed": db.vault.seal(text, sealing_context(hashed)), "made_at": db.now}
    db.run(sign_in_links.insert().values(person_id=person, **values))
    audit_log.note(db, person, "council sign-in linked")


def unlink(db: Db, door: Door, _effect: UnlinkSignIn) -> None:
    if db.run(delete(sign_in_links).where(sign_in_links.c.person_id == door.person.id)).rowcount:
        audit_log.note(db, door.person.id, "council sign-in unlinked")


def forget(db: Db, removing: RemovingMember) -> None:
    """Whoever leaves the team signs in no more."""
    db.run(delete(sign_in_links).where(sign_in_links.c.person_id == removing.person))


def _text(issuer: str, subject: str) -> str:
    return f"{issuer} {subject}"


def sealing_context(hashed: bytes) -> str:
    return f"sign_in_links:sealed:{hashed.hex()}"


SEALED: SealedColumns = (
    SealedColumn(sign_in_links.c.sealed, lambda row: sealing_context(row["hash"]), sign_in_links.c.hash),
)
HOOKS: Hooks = {RemovingMember: forget}
HANDLERS: Handlers = {
    LinkSignIn: EffectHandler(link, right=Rights.SIGN_IN),
    UnlinkSignIn: EffectHandler(unlink, right=Rights.SIGN_IN),
}
