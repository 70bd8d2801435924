"""What young people raise of their own, good news, and cases for the safeguarding lead."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    false,
    true,
)

from storage.tables.columns import Id, Moment, metadata, of_person

# What young people raise of their own. A draft's theme, area and words come one by one.
issues = Table(
    "issues",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    of_person(nullable=False, index=True),
    Column("state", String(8), nullable=False),  # see conversations/issues/issue.py
    Column("theme", String(16)),
    Column("area", String(40)),  # a name from the team's list; empty where it was not said
    Column("sealed", LargeBinary),  # the words; none where they are not written yet, or erased
    Column("at", Moment, nullable=False),
    Column("reply_by", Date),
    Column("remind_on", Date),  # when the team is to be reminded next
    Column("missed", Date),  # the promised day whose passing the young person was told of
    Column("unread", Boolean, nullable=False, server_default=true()),
    Column("consultation_id", Id, ForeignKey("consultations.id", ondelete="SET NULL"), index=True),
    Index(None, "state", "reply_by"),
    Index(None, "state", "remind_on"),
    Index(None, "theme", "area", "at"),
    sqlite_autoincrement=True,
)

# What was said about an issue since, on both sides, and what became of it.
issue_entries = Table(
    "issue_entries",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("issue_id", Id, ForeignKey("issues.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(8), nullable=False),  # see conversations/issues/issue.py
    Column("made_by", Id),  # who of the team; none where the young person did it, or the clock
    Column("sealed", LargeBinary),
    Column("day", Date),
    Column("at", Moment, nullable=False, index=True),
    sqlite_autoincrement=True,
)

# When the team was last told that enough people raised the same kind of thing in one area.
waves = Table(
    "waves",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("theme", String(16), nullable=False),
    Column("area", String(40), nullable=False),
    Column("told_at", Moment),
    UniqueConstraint("theme", "area"),
    sqlite_autoincrement=True,
)

# Good news, written by staff for many to read: public, so not sealed.
news = Table(
    "news",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("state", String(16), nullable=False, index=True),  # draft, scheduled, sent
    Column("language", String(8), nullable=False),  # the one that it was written in first
    Column("title", JSON, nullable=False),
    Column("text", JSON, nullable=False),
    Column("theme", String(16)),
    Column("area", String(40)),
    Column("bands", JSON, nullable=False),
    Column("goes_at", Moment),
    Column("sent_at", Moment),
    Column("made_by", Id),
    Column("made_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

# A safeguarding case: its number, and a way to reach the person. Never the words.
cases = Table(
    "cases",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("person_id", Id, index=True),  # no cascade: an open case outlives /delete until it is closed
    Column("door_kind", String(8), nullable=False),
    Column("address", LargeBinary, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("step", String(64), nullable=False),
    Column("signs", Integer, nullable=False, server_default="1"),
    Column("wants_call", Boolean, nullable=False, server_default=false()),
    Column("opened_at", Moment, nullable=False),
    Column("acknowledged_by", Id),
    Column("acknowledged_at", Moment),
    Column("closed_by", Id),
    Column("closed_at", Moment),
    sqlite_autoincrement=True,
)
