"""People, their doors and sessions, and the team."""

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
    Time,
    UniqueConstraint,
    false,
    text,
    true,
)

from storage.tables.columns import Id, Moment, metadata, of_person

_UNUSED = text("unused_since IS NOT NULL")

people = Table(
    "people",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("language", String(8)),
    Column("version", String(8)),
    Column("band", String(8)),
    Column("band_asked_at", Moment),
    Column("agreed_at", Moment),
    Column("stopped_at", Moment),
    Column("frequency", String(8), nullable=False, server_default="now"),
    Column("main_door", Id),
    Column("return_hash", LargeBinary, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("left_at", Moment),  # when a door of theirs was closed last
    Column(
        "dormant_since", Moment
    ),  # since when they know that they will be erased: storage/operations/dormancy.py
    Column("unused_since", Moment),  # since when what they said is not used: storage/people/using.py
    Index(None, "agreed_at"),
    Index(None, "unused_since", sqlite_where=_UNUSED, postgresql_where=_UNUSED),
    sqlite_autoincrement=True,
)

doors = Table(
    "doors",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    of_person(nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("address_hash", LargeBinary, nullable=False),
    Column("address", LargeBinary, nullable=False),
    Column("reachable", Boolean, nullable=False, server_default=true()),
    Column("shared", Boolean, nullable=False, server_default=false()),
    Column("signed_in_until", Moment),
    Column("used_at", Moment, nullable=False),
    UniqueConstraint("kind", "address_hash"),
    sqlite_autoincrement=True,
)

sessions = Table(
    "sessions",
    metadata,
    Column("door_id", Id, ForeignKey("doors.id", ondelete="CASCADE"), primary_key=True),
    Column("step", String(64), nullable=False),
    Column("visit", Integer, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("at", Moment, nullable=False),
    Column("since", Moment),  # when the minute of `turns` began: see conversations/core/throttle.py
    Column("turns", Integer, nullable=False, server_default="0"),
    # the end of what was typed in a row, and the rest of the sitting: see conversations/core/sitting.py
    Column("words", LargeBinary),
    Column("words_at", Moment, index=True),
    Column("words_soft", Boolean, nullable=False, server_default=false()),
    Column("offered_at", Moment),
    Column("held", LargeBinary),  # what staff wrote for many, while Heard asks about it
)

# Ids of updates that were taken in, so that a repeated one has no effect.
updates = Table(
    "updates",
    metadata,
    Column("door_kind", String(8), primary_key=True),
    Column("update_id", String(64), primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    sqlite_with_rowid=False,
)

roles = Table(
    "roles",
    metadata,
    of_person(primary_key=True),
    Column("role", String(16), primary_key=True),
    Column("given_by", Id),
    Column("at", Moment, nullable=False),
)

# The rota: who is told of a case in which hours, on some weekdays ("01234"; Monday is 0) or on one day.
rota = Table(
    "rota",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    of_person(nullable=False, index=True),
    Column("weekdays", String(7), nullable=False),
    Column("day", Date),
    Column("starts", Time, nullable=False),
    Column("ends", Time, nullable=False),
    sqlite_autoincrement=True,
)

# On which days a member was here, for a second person's yes: see storage/team/second_yes.py.
team_days = Table(
    "team_days",
    metadata,
    of_person(primary_key=True),
    Column("day", Date, primary_key=True),
    sqlite_with_rowid=False,
)

# The names that members gave themselves.
team_names = Table(
    "team_names", metadata, of_person(primary_key=True), Column("sealed", LargeBinary, nullable=False)
)

invites = Table(
    "invites",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("role", String(16)),  # null for a member's own second door
    Column("own_door_of", Id, ForeignKey("people.id", ondelete="CASCADE")),
    Column("made_by", Id),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

# The team's settings that differ from the defaults: see conversations/team/team_rules.py.
team_rules = Table(
    "team_rules",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", JSON, nullable=False),
)

# What the team tells young people about who can help: see conversations/safeguarding/help/.
helplines = Table(
    "helplines",
    metadata,
    Column("key", String(16), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("name", String(24), nullable=False),
    Column("number", String(24), nullable=False),
    Column("text_number", String(24), nullable=False),
    Column("text_word", String(16), nullable=False),
    Column("chat", String(200), nullable=False),
    Column("bands", JSON, nullable=False),
    Column("words", JSON, nullable=False),
    Column("review_on", Date, nullable=False),
    Column("remind_at", Moment, nullable=False),
)

ways = Table("ways", metadata, of_person(primary_key=True), Column("way", String(32), primary_key=True))
