"""Keys, backups and the audit log."""

from sqlalchemy import BigInteger, Column, Date, Integer, LargeBinary, String, Table

from storage.tables.columns import Id, Moment, metadata

# A sealed sample for each key in use, so that a wrong or missing key is noticed at once.
seals = Table(
    "seals",
    metadata,
    Column("key", LargeBinary, primary_key=True),  # the key's id, which reveals nothing of the key
    Column("sample", LargeBinary, nullable=False),
)

# The hashers of retired keys. They recognise old hashes and open nothing.
retired_keys = Table(
    "retired_keys",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

# One row: lineage, checkpoint number and backup times. See storage/security/lineage.py.
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

# The ids of the erasure log's tombstones. One that is missing here was undone by a restore.
noted = Table(
    "noted",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("day", Date, nullable=False, index=True),
)

# The audit log, numbered without a gap. It holds no text and no young person. See storage/security/audit_log.py.
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
