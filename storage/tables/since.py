"""Revisits of promises, and verdicts on outcomes."""

from sqlalchemy import (
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
)

from storage.tables.columns import (
    Id,
    Moment,
    kept_back_index,
    metadata,
    of_case,
    of_outcome,
    of_part,
    of_person,
)

# One revisit of a part: its owner is asked first, those who took part some weeks later. `day` is the promised day that it
# follows, `due` when the next step comes. `sealed` holds the team's note and reason.
revisits = Table(
    "revisits",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    of_part(nullable=False),
    Column("round", Integer, nullable=False),
    Column("state", String(8), nullable=False),  # waiting, owner, people, reason, closed
    Column("day", Date),
    Column("due", Moment),
    Column("owner_says", String(8)),
    Column("owner_at", Moment),
    Column("owner_by", Id),
    Column("asked_at", Moment),
    Column("ended", String(8)),  # kept, again, said
    Column("ended_at", Moment),
    Column("ended_by", Id),
    Column("sealed", LargeBinary),
    UniqueConstraint("part_id", "round"),
    Index(None, "state", "due"),
    sqlite_autoincrement=True,
)

# A participant's answer to a revisit; `sealed` is what they added.
revisit_answers = Table(
    "revisit_answers",
    metadata,
    of_person(primary_key=True),
    Column("revisit_id", Id, ForeignKey("revisits.id", ondelete="CASCADE"), primary_key=True),
    Column("says", String(8), nullable=False),  # yes, partly, no, unsure
    Column("at", Moment, nullable=False),  # when they first said something
    Column("sealed", LargeBinary),
    Column("added_at", Moment),
    of_case(),
    kept_back_index("revisit_answers"),
    Index(None, "revisit_id", "says"),
    Index(None, "at"),
)

# A participant's verdict on an outcome, and the pulse: Lundy's four (yes, bit, no).
judgements = Table(
    "judgements",
    metadata,
    of_person(primary_key=True),
    of_outcome(primary_key=True),
    Column("got_it_right", Boolean),
    Column("space", String(8)),
    Column("voice", String(8)),
    Column("audience", String(8)),
    Column("influence", String(8)),
    Column("at", Moment, nullable=False),  # when they first said something
    Column("sealed", LargeBinary),
    Column("added_at", Moment),
    of_case(),
    kept_back_index("judgements"),
    Index(None, "outcome_id"),
    Index(None, "at"),
)
