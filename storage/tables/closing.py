"""Outcomes and their parts, who wrote and approved them, and what became of promises."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from storage.tables.columns import Id, Moment, metadata, of_consultation, of_outcome, of_part, of_person

# The outcome of a consultation or an issue: exactly one of the two is set, and each has one outcome. `sealed` holds its
# texts in all variants; `zone` is the time zone in which `publish_at` was entered.
outcomes = Table(
    "outcomes",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    of_consultation(unique=True),
    Column("issue_id", BigInteger, unique=True),
    Column("state", String(16), nullable=False),  # draft, scheduled, published
    Column("language", String(8), nullable=False),
    Column("sealed", LargeBinary),
    Column("publish_at", Moment),
    Column("zone", String(64)),
    Column("published_at", Moment),
    # participants, counted at publication: a later count would reveal who left
    Column("people", Integer),
    Column("made_by", Id),
    Column("made_at", Moment, nullable=False),
    CheckConstraint("(consultation_id IS NULL) <> (issue_id IS NULL)", name="one_subject"),
    Index(None, "state", "publish_at"),
    Index(None, "state", "published_at"),
    sqlite_autoincrement=True,
)

# The tags of published outcomes: a theme's key or an area's name.
filings = Table(
    "filings",
    metadata,
    of_outcome(primary_key=True),
    Column("kind", String(8), primary_key=True),  # theme, area
    Column("name", String(40), primary_key=True),
    Index(None, "kind", "name", "outcome_id"),
)

# One finding and its decision; `sealed` holds its texts. `question` is null if it is about no single question.
# `decision` is as published; `stands` is its status since, null if unchanged.
parts = Table(
    "parts",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    of_outcome(nullable=False),
    Column("place", Integer, nullable=False),
    Column("decision", String(8)),
    Column("stands", String(8)),
    Column("due", Date),
    Column("question", String(64)),
    Column("quote_id", Id, ForeignKey("quotes.id", ondelete="SET NULL")),
    Column("sealed", LargeBinary),
    UniqueConstraint("outcome_id", "place"),
    sqlite_autoincrement=True,
)

# A promised day that was moved: a consultation's reply or a part's due day. `sealed` holds the reason.
promise_moves = Table(
    "promise_moves",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    of_consultation(index=True),
    of_part(index=True),
    Column("was", Date, nullable=False),
    Column("now", Date, nullable=False),
    Column("language", String(8), nullable=False),  # of the reason
    Column("sealed", LargeBinary, nullable=False),
    Column("moved_at", Moment, nullable=False),
    Column("moved_by", Id),
    CheckConstraint("(consultation_id IS NULL) <> (part_id IS NULL)", name="one_promise"),
    sqlite_autoincrement=True,
)

# Status changes: a consultation closed or is being looked at, or a published part changed its status. `sealed` holds the
# because of a *can't*.
status_changes = Table(
    "status_changes",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    of_consultation(),
    of_part(index=True),
    Column("was", String(8), nullable=False),
    Column("now", String(8), nullable=False),
    Column("language", String(8)),
    Column("sealed", LargeBinary),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", Id),
    CheckConstraint("(consultation_id IS NULL) <> (part_id IS NULL)", name="one_promise"),
    UniqueConstraint("consultation_id", "now"),
    sqlite_autoincrement=True,
)

# Who wrote any part of an outcome, and so cannot approve it.
writers = Table("writers", metadata, of_outcome(primary_key=True), of_person(primary_key=True))

# A request for a second person's approval, and the answer; `sealed` holds the reason for "not yet". A new request has a
# new id; an edit deletes it.
approvals = Table(
    "approvals",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    of_outcome(nullable=False, unique=True),
    Column("state", String(8), nullable=False),  # asked, declined, given
    Column("fingerprint", String(64), nullable=False),
    Column("publish_at", Moment),
    Column("asked_by", Id, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("answered_by", Id),
    Column("sealed", LargeBinary),
    sqlite_autoincrement=True,
)

# What was corrected or withdrawn after it was published, and why; no text. A withdrawn outcome is deleted: its notice keeps
# what it was about and when it was published.
corrections = Table(
    "corrections",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("kind", String(8), nullable=False),  # outcome, news
    Column("about", Id, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("why", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    Column("made_by", Id),
    Column("consultation_id", BigInteger),
    Column("issue_id", BigInteger),
    Column("published_at", Moment),
    Index(None, "kind", "about"),
    sqlite_autoincrement=True,
)

# An outcome's picture: a sealed JPEG. Its description is among the outcome's texts.
pictures = Table(
    "pictures",
    metadata,
    of_outcome(primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
