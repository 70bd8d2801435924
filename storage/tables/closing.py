"""What came of it: outcomes with their parts, who wrote and approved them, and what was promised."""

from sqlalchemy import (
    BigInteger,
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

# What came of something: of a consultation, or of what a young person raised. Exactly one of the two is set, and
# each has one outcome. `sealed` holds its own texts, in their variants; `zone` is that in which `publish_at` was said.
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
    # who took part, counted when it was published: a later count would tell who left
    Column("people", Integer),
    Column("made_by", Id),
    Column("made_at", Moment, nullable=False),
    CheckConstraint("(consultation_id IS NULL) <> (issue_id IS NULL)", name="one_subject"),
    Index(None, "state", "publish_at"),
    Index(None, "state", "published_at"),
    sqlite_autoincrement=True,
)

# What a published outcome is found under: a heading's key, or an area's name.
filings = Table(
    "filings",
    metadata,
    of_outcome(primary_key=True),
    Column("kind", String(8), primary_key=True),  # theme, area
    Column("name", String(40), primary_key=True),
    Index(None, "kind", "name", "outcome_id"),
)

# One finding and what came of it; `sealed` holds its texts. `question` is none where nobody was asked which.
# `decision` is what was published, `stands` what it has become since: none while it is still that.
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

# A promised day that was moved: by when a consultation is answered, or a part is done. `sealed` holds the reason.
promise_moves = Table(
    "promise_moves",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    of_consultation(index=True),
    of_part(index=True),
    Column("was", Date, nullable=False),
    Column("now", Date, nullable=False),
    Column("language", String(8), nullable=False),  # that of the reason
    Column("sealed", LargeBinary, nullable=False),
    Column("moved_at", Moment, nullable=False),
    Column("moved_by", Id),
    CheckConstraint("(consultation_id IS NULL) <> (part_id IS NULL)", name="one_promise"),
    sqlite_autoincrement=True,
)

# What happened between being asked and being answered, and after: a consultation closed, or is being looked at; a
# part stands elsewhere than before. `sealed` holds the because of a *can't*.
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

# Who wrote any of an outcome: the second person who says yes to it is none of these.
writers = Table("writers", metadata, of_outcome(primary_key=True), of_person(primary_key=True))

# A second person's yes, or "not yet" with its sealed words. A new asking has a new id; an edit ends it.
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

# A picture beside an outcome: a JPEG, sealed. What it shows stands in words among the outcome's texts.
pictures = Table(
    "pictures",
    metadata,
    of_outcome(primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
