"""Everything that leaves, and what all workers share to send it."""

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from storage.tables.columns import Id, Moment, metadata

# Something told to many. `reached` is the last person queued, so that a large one goes on where it stopped.
broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),  # see storage/broadcasts/recipients.py
    Column("about", Id, nullable=False),
    Column("due", Moment, nullable=False),
    Column("reached", Id, nullable=False, server_default="0"),
    Column("queued_at", Moment),
    Column("held_at", Moment),  # a person must release it: see storage/broadcasts/held.py
    Column("made_by", Id),
    UniqueConstraint("kind", "about"),
    sqlite_autoincrement=True,
)

_OF_MANY = text("broadcast_id IS NOT NULL")

# Every message that leaves, or waits to. `once` is unique: nothing is queued twice.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("once", String(96), nullable=False, unique=True),
    Column("door_id", Id, ForeignKey("doors.id", ondelete="CASCADE"), nullable=False),
    Column("door_kind", String(8), nullable=False),
    Column("lane", String(12), nullable=False),  # conversation, alert, broadcast
    Column("state", String(12), nullable=False),
    # say, fresh, passing, own, or one of conversations/broadcasts/messages.py, which is built when it is sent
    Column("kind", String(16), nullable=False),
    Column("about", Id),
    Column("broadcast_id", Id, ForeignKey("broadcasts.id", ondelete="CASCADE")),
    Column("sealed", LargeBinary),  # what is said; none where it is built when sent
    # on a page: the answer that it repeats, "3:better"; all of them, "3:*" or "*"
    Column("quotes", String(96)),
    Column("replaces", String(32)),  # the door's own reference to the message whose place it takes
    Column("message", String(32)),  # the door's own reference to what was sent
    Column("asked_again", Integer, nullable=False, server_default="0"),
    Column("due", Moment, nullable=False),
    Column("taken_at", Moment),  # when a courier last took it in hand
    Column("taken_by", String(32)),  # which worker has it in hand
    Column("settled_at", Moment),
    Column("sent_with", Id),  # the message that this one was batched into and whose fate it shares
    Index(None, "door_id", "id"),
    Index(None, "state", "lane", "door_kind", "due"),
    Index(None, "broadcast_id", "state", "door_kind", sqlite_where=_OF_MANY, postgresql_where=_OF_MANY),
    sqlite_autoincrement=True,
)

# What may leave to Telegram in any one second: a row for each message, with when it was last given (seconds by the
# database's own clock). All workers take from these.
tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("given_at", Float(53), nullable=False, index=True),
)

# Who and what is alive, seen by all workers: by name, with when it last was (seconds by the database's own clock).
heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("at", Float(53), nullable=False),
)
