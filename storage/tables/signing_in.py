"""Passkeys, and challenges of sign-ins that have begun."""

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from storage.tables.columns import Id, Moment, metadata, of_person

# A member's passkeys. `host` is the place that it was made for, `sealed` the name that the member gave it.
passkeys = Table(
    "passkeys",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    of_person(nullable=False, index=True),
    Column("credential", LargeBinary, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", Integer, nullable=False),
    Column("host", String(253), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("used_at", Moment),
    sqlite_autoincrement=True,
)

# What a sign-in that has begun must bring back, hashed: once, within ten minutes. `person_id` is the member who adds a
# way to sign in; `sealed` what else must be known then.
challenges = Table(
    "challenges",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("kind", String(16), nullable=False),
    of_person(index=True),
    Column("sealed", LargeBinary),
    Column("expires_at", Moment, nullable=False, index=True),
)

# Who a member is to the council's own sign-in: `sealed` holds issuer and subject, `hash` finds them. No name, no e-mail.
sign_in_links = Table(
    "sign_in_links",
    metadata,
    of_person(primary_key=True),
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("made_at", Moment, nullable=False),
)
