"""Challenges: what a sign-in that has begun must bring back, once, within ten minutes. Stored hashed."""

import secrets
from datetime import timedelta
from typing import Literal

from sqlalchemy import delete

from conversations.core.record import Private, Record
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db
from storage.tables import challenges

GOOD_FOR = timedelta(minutes=10)
Kind = Literal["add passkey", "passkey", "council"]


class Begun(Record):
    """A sign-in that has begun: the member who adds a way to sign in, if any, and what was kept for its end."""

    person: int | None
    kept: Private[str] = ""


def begin(db: Db, kind: Kind, person: int | None = None, kept: str = "") -> str:
    """Makes a challenge of 256 bits, and deletes those that are over."""
    db.run(delete(challenges).where(challenges.c.expires_at <= db.now))
    challenge = secrets.token_urlsafe(32)
    hashed = db.vault.keyed_hash(_hash_input(kind, challenge))
    sealed = db.vault.seal(kept, sealing_context(hashed)) if kept else None
    values = {"hash": hashed, "kind": kind, "person_id": person, "sealed": sealed}
    db.run(challenges.insert().values(expires_at=db.now + GOOD_FOR, **values))
    return challenge


def take(db: Db, kind: Kind, challenge: str) -> Begun | None:
    """What this challenge began; None if it was never made, was used, or is over. It cannot be used again."""
    fits = challenges.c.hash.in_(db.vault.hashes_ever(_hash_input(kind, challenge)))
    taken = delete(challenges).where(fits, challenges.c.expires_at > db.now)
    row = db.run(taken.returning(challenges.c.hash, challenges.c.person_id, challenges.c.sealed)).first()
    if row is None:
        return None
    return Begun(row.person_id, db.vault.open(row.sealed, sealing_context(row.hash)) if row.sealed else "")


def _hash_input(kind: Kind, challenge: str) -> str:
    return f"challenge:{kind}:{challenge}"


def sealing_context(hashed: bytes) -> str:
    return f"challenges:sealed:{hashed.hex()}"


SEALED: SealedColumns = (SealedColumn(challenges.c.sealed, lambda row: sealing_context(row["hash"])),)
