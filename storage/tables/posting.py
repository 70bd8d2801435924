"""The outbox, and what all workers share in order to send."""

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

from storage.tables.columns import Id, Moment, metadata, of_person

# Broadcasts. `reached` is the last person queued, so that a large one resumes where it stopped.
broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),  # see storage/broadcasts/recipients.py
    Column("about", Id, nullable=False),
    Column("due", Moment, nullable=False),
    Column("reached", Id, nullable=False, server_default="0"),
    Column("queued_at", Moment),
    Column("held_at", Moment),  # since when it is held: see storage/broadcasts/held.py
    Column("made_by", Id),
    UniqueConstraint("kind", "about"),
    sqlite_autoincrement=True,
)

_OF_MANY = text("broadcast_id IS NOT NULL")

# Every message, sent or waiting. `once` is unique, so that nothing is queued twice.
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
    Column("sealed", LargeBinary),  # the text and buttons; null if it is built when sent
    # on a page, the answers that it quotes: "3:better", or all of them, "3:*" or "*"
    Column("quotes", String(96)),
    Column("replaces", String(32)),  # the channel's id of the message that it replaces
    Column("message", String(32)),  # the channel's id of what was sent
    Column("asked_again", Integer, nullable=False, server_default="0"),
    Column("due", Moment, nullable=False),
    Column("taken_at", Moment),  # when a courier last claimed it
    Column("taken_by", String(32)),  # the worker that claimed it
    Column("settled_at", Moment),
    Column("sent_with", Id),  # the message that this one was batched into
    Index(None, "door_id", "id"),
    Index(None, "state", "lane", "door_kind", "due"),
    Index(None, "broadcast_id", "state", "door_kind", sqlite_where=_OF_MANY, postgresql_where=_OF_MANY),
    sqlite_autoincrement=True,
)

# Whose words a message shows to somebody else: see storage/outbox/shown_words.py.
shown_words = Table(
    "shown_words",
    metadata,
    Column("outbox_id", Id, ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True),
    of_person(primary_key=True),
    Index(None, "person_id"),
    sqlite_with_rowid=False,
)

# The rate limit's tokens: one row for each message that may leave in a window, with when it was last given out (seconds
# on the workers' common clock).
tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("given_at", Float(53), nullable=False, index=True),
)

# Heartbeats of workers and channels (seconds on the workers' common clock).
heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("at", Float(53), nullable=False),
)
