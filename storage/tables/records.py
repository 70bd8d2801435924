"""Of the house itself: its keys, its backups, and what staff did."""

from sqlalchemy import BigInteger, Column, Date, Integer, LargeBinary, String, Table

from storage.tables.columns import Id, Moment, metadata

# One row for each key that something here is sealed with, so that a wrong or missing one is noticed at once.
seals = Table(
    "seals",
    metadata,
    Column("key", LargeBinary, primary_key=True),  # the key's id, which tells nothing of the key
    Column("sample", LargeBinary, nullable=False),
)

# What is left of keys that are gone: by it their hashes are known again, and nothing can be opened.
retired_keys = Table(
    "retired_keys",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

# One row: which database this is, how far it came, and what is due to it: see storage/security/lineage.py.
keeping = Table(
    "keeping",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("lineage", String(16), nullable=False),
    Column("mark", BigInteger, nullable=False, server_default="0"),
    Column("put_back_at", Moment),
    Column("copied_at", Moment),  # only in a backup: when it was made
    Column("backup_due", Moment),
    Column("backed_up_at", Moment),
)

# The ids of what the log outside the database tells: what is missing here was undone by putting back a backup.
noted = Table(
    "noted",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("day", Date, nullable=False, index=True),
)

# What staff did, in order. Never a text, never a young person. Numbered without a gap: see storage/security/audit_log.py.
audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("person_id", Id),
    Column("did", String(32), nullable=False),
    Column("about", String(64), nullable=False, server_default=""),
    Column("stamp", LargeBinary, nullable=False),
)

# One row: where the audit log ends.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
