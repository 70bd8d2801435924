"""Issues that young people raise, good news, and safeguarding cases."""

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

from storage.tables.columns import Id, Moment, kept_back_index, metadata, of_case, of_person

# Issues. A draft's theme, area and text are filled in one by one.
issues = Table(
    "issues",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    of_person(nullable=False, index=True),
    Column("state", String(8), nullable=False),  # see conversations/issues/issue.py
    Column("theme", String(16)),
    Column("area", String(40)),  # a name from the team's list; empty if not told
    Column("sealed", LargeBinary),  # the text; null if not written yet, or erased
    Column("at", Moment, nullable=False),
    Column("reply_by", Date),
    Column("remind_on", Date),  # when the team is next reminded
    Column("missed", Date),  # the missed `reply_by` that the young person was told of
    Column("unread", Boolean, nullable=False, server_default=true()),
    Column("consultation_id", Id, ForeignKey("consultations.id", ondelete="SET NULL"), index=True),
    of_case(),
    kept_back_index("issues"),
    Index(None, "state", "reply_by"),
    Index(None, "state", "remind_on"),
    Index(None, "theme", "area", "at"),
    sqlite_autoincrement=True,
)

# The threads of issues: what both sides wrote, and what happened.
issue_entries = Table(
    "issue_entries",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("issue_id", Id, ForeignKey("issues.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(8), nullable=False),  # see conversations/issues/issue.py
    Column("made_by", Id),  # a team member; null for the young person or the scheduler
    Column("sealed", LargeBinary),
    Column("day", Date),
    Column("at", Moment, nullable=False, index=True),
    of_case(),
    kept_back_index("issue_entries"),
    sqlite_autoincrement=True,
)

# When the team was last told of a surge of one theme in one area.
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

# Good news. It is public, so it is not sealed.
news = Table(
    "news",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("state", String(16), nullable=False, index=True),  # draft, scheduled, sent
    Column("language", String(8), nullable=False),  # of the original
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

# Safeguarding cases: a number and a way to reach the person.
cases = Table(
    "cases",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("person_id", Id, index=True),  # no cascade: an open case outlives /delete until it is closed
    Column("door_kind", String(8), nullable=False),
    Column("address", LargeBinary, nullable=False),
    Column(
        "language", String(8)
    ),  # how its person read Heard, once they are erased; see `cases.detach_erased`
    Column("version", String(8)),
    Column("kind", String(32), nullable=False),
    Column("step", String(64), nullable=False),
    Column("signs", Integer, nullable=False, server_default="1"),
    Column("wants_call", Boolean, nullable=False, server_default=false()),
    Column("opened_at", Moment, nullable=False),
    Column(
        "informed", String(8), nullable=False, server_default="nobody"
    ),  # who was told, as the person last read it
    Column("check_at", Moment, index=True),  # when to see whether somebody has the case; None once they have
    Column("waits_since", Moment),  # since when nobody has it: opened, or given back
    Column("told_at", Moment),  # since when somebody in the team knows of it, as far as Heard knows
    Column("first_taken_at", Moment),
    # the alert that tells of it, named by one of its cases; and when that went out. None while the team is still to be told
    Column("alert", Id, index=True),
    Column("alerted_at", Moment),
    Column("acknowledged_by", Id),
    Column("acknowledged_at", Moment),
    Column("handed_to", Id),  # who is asked to take it over; until they do, it stays with `acknowledged_by`
    Column("closed_by", Id),
    Column("closed_at", Moment, index=True),
    Column("thread", String(8)),  # open, stopped; None until somebody wrote to them, or they asked for it
    Column("reason", String(60)),  # why it was closed; see conversations/safeguarding/casework/reasons.py
    sqlite_autoincrement=True,
)

# The words that belong to an open case, and where they were written. Closing the case deletes them.
case_words = Table(
    "case_words",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("case_id", Id, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("step", String(64), nullable=False),
    Column("consultation_id", Id),  # the question that they were typed at, if they were; it may be gone since
    Column("question", String(64)),
    Column("at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

# What hangs on an open case: its thread, and the helpers' notes. Closing the case deletes them.
case_entries = Table(
    "case_entries",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("case_id", Id, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(8), nullable=False),  # see conversations/safeguarding/casework/entries.py
    Column("made_by", Id),  # a team member; None for the person of the case
    Column("sealed", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

# Texts that a safeguarding lead reads first. The text stays where it is: in the row of the table `stored_in` that `row_id`,
# with `question` and the person, names. `sealed` is a text that is stored nowhere else.
marks = Table(
    "marks",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    of_person(nullable=False, index=True),
    Column("why", String(8), nullable=False),  # soft, unread: see conversations/safeguarding/effects.py
    Column("kind", String(32), nullable=False),
    Column("step", String(64), nullable=False),
    Column("stored_in", String(24)),
    Column("row_id", Id),
    Column("question", String(64)),
    Column("sealed", LargeBinary),
    Column("at", Moment, nullable=False),
    Column("cleared_by", Id),
    Column("cleared_at", Moment, index=True),
    sqlite_autoincrement=True,
)
