"""What is remembered: every table. Words that people wrote are sealed; chat ids are hashed, and sealed.

An id is never given twice (`sqlite_autoincrement`; PostgreSQL does so anyway): buttons, sessions and doors
name rows by it, and what was erased must not come back as somebody else's.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A point in time, in UTC, with its zone attached on both sides."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None else None


NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}
metadata = MetaData(naming_convention=NAMES)
Id = BigInteger().with_variant(Integer, "sqlite")


def _person(**options: object) -> Column[int]:
    """A column that names a person, and whose row goes when the person is forgotten."""
    return Column("person_id", Id, ForeignKey("people.id", ondelete="CASCADE"), **options)  # type: ignore[arg-type]


def _consultation(**options: object) -> Column[int]:
    return Column("consultation_id", Id, ForeignKey("consultations.id", ondelete="CASCADE"), **options)  # type: ignore[arg-type]


def _outcome(**options: object) -> Column[int]:
    return Column("outcome_id", Id, ForeignKey("outcomes.id", ondelete="CASCADE"), **options)  # type: ignore[arg-type]


def _part(**options: object) -> Column[int]:
    return Column("part_id", Id, ForeignKey("parts.id", ondelete="CASCADE"), **options)  # type: ignore[arg-type]


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

# One row: which database this is, how far it came, and what is due to it: see storage/keeping.py.
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
    Index(None, "agreed_at"),
    sqlite_autoincrement=True,
)

doors = Table(
    "doors",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    _person(nullable=False, index=True),
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
    Column("since", Moment),  # the minute that `turns` are counted in: see conversations/pace.py
    Column("turns", Integer, nullable=False, server_default="0"),
)

# Every update that was ever taken in, by exact id: the same one again has no effect.
updates = Table(
    "updates",
    metadata,
    Column("door_kind", String(8), primary_key=True),
    Column("update_id", String(64), primary_key=True),
    Column("at", Moment, nullable=False, index=True),
)

roles = Table(
    "roles",
    metadata,
    _person(primary_key=True),
    Column("role", String(16), primary_key=True),
    Column("given_by", Id),
    Column("at", Moment, nullable=False),
)

# What the team calls a member who told it.
team_names = Table(
    "team_names", metadata, _person(primary_key=True), Column("sealed", LargeBinary, nullable=False)
)

invites = Table(
    "invites",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("role", String(16)),  # none where it opens a person's own second door
    Column("own_door_of", Id, ForeignKey("people.id", ondelete="CASCADE")),
    Column("made_by", Id),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

# How the team works, where it has settled something: see conversations/working.py.
team_rules = Table(
    "team_rules",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", JSON, nullable=False),
)

consultations = Table(
    "consultations",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("code", String(64), nullable=False, unique=True),
    Column("state", String(16), nullable=False, index=True),
    Column("form", JSON, nullable=False),
    Column("sample", Boolean, nullable=False, server_default=false()),
    Column("bands", JSON, nullable=False),
    Column("themes", JSON, nullable=False),
    Column("area", String(40), nullable=False, server_default=""),
    Column("reply_by", Date),
    Column("remind_at", Moment),  # when those who decide are reminded next of `reply_by`
    Column("opens_at", Moment),
    Column("closes_at", Moment),
    Column("made_by", Id),
    Column("made_at", Moment, nullable=False),
    Index(None, "state", "remind_at"),
    sqlite_autoincrement=True,
)

# Who took part in what. Contributors are the rows here.
taking_part = Table(
    "taking_part",
    metadata,
    _person(primary_key=True),
    _consultation(primary_key=True),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Index(None, "consultation_id"),
)

# One row for each option picked, number given or text written; `skipped` where a question was passed over.
answers = Table(
    "answers",
    metadata,
    _person(primary_key=True),
    _consultation(primary_key=True),
    Column("question", String(64), primary_key=True),
    Column("option", String(64), primary_key=True, server_default=""),
    Column("sealed", LargeBinary),
    Column("skipped", Boolean, nullable=False, server_default=false()),
    Column(
        "message", String(32)
    ),  # the door's reference to the words that it came with, so that they can be edited
    Column("at", Moment, nullable=False),
    Index(None, "consultation_id", "question", "option", "skipped", "person_id"),  # all that counts ask for
)

ways = Table("ways", metadata, _person(primary_key=True), Column("way", String(32), primary_key=True))

# What came of something: of a consultation, or of what a young person raised. Exactly one of the two is set, and
# each has one outcome. `sealed` holds its own texts, in their variants; `zone` is that in which `publish_at` was said.
outcomes = Table(
    "outcomes",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    _consultation(unique=True),
    Column("issue_id", BigInteger, unique=True),
    Column("state", String(16), nullable=False),  # draft, scheduled, published
    Column("language", String(8), nullable=False),
    Column("sealed", LargeBinary),
    Column("publish_at", Moment),
    Column("zone", String(64)),
    Column("published_at", Moment),
    Column(
        "people", Integer
    ),  # who took part, counted when it was published: a later count would tell who left
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
    _outcome(primary_key=True),
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
    _outcome(nullable=False),
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
    _consultation(index=True),
    _part(index=True),
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
    _consultation(),
    _part(index=True),
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
writers = Table("writers", metadata, _outcome(primary_key=True), _person(primary_key=True))

# A second person's yes, or "not yet" with its sealed words. A new asking has a new id; an edit ends it.
approvals = Table(
    "approvals",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    _outcome(nullable=False, unique=True),
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
    _outcome(primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

# Whether one sentence of an answer may be quoted. The sentence itself stays with the answer: `hashed` tells
# whether it is still the same.
quotes = Table(
    "quotes",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    _person(nullable=False),
    _consultation(nullable=False, index=True),
    Column("question", String(64), nullable=False),
    Column("hashed", LargeBinary, nullable=False),
    Column("state", String(8), nullable=False),  # asked, yes, no
    Column("at", Moment, nullable=False),
    UniqueConstraint("person_id", "consultation_id", "question", "hashed"),
    sqlite_autoincrement=True,
)

# One time that a part is looked at again: first its owner is asked, some weeks later those who took part. `day` is the
# promised one that it is set for, `due` when something comes next. `sealed` holds what the team added, and its reason.
revisits = Table(
    "revisits",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("part_id", Id, ForeignKey("parts.id", ondelete="CASCADE"), nullable=False),
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

# What somebody who took part says to that; `sealed` is what they added.
revisit_answers = Table(
    "revisit_answers",
    metadata,
    _person(primary_key=True),
    Column("revisit_id", Id, ForeignKey("revisits.id", ondelete="CASCADE"), primary_key=True),
    Column("says", String(8), nullable=False),  # yes, partly, no, unsure
    Column("at", Moment, nullable=False),  # when they first said something
    Column("sealed", LargeBinary),
    Column("added_at", Moment),
    Index(None, "revisit_id", "says"),
    Index(None, "at"),
)

# What somebody who took part says about an outcome: whether we got it right, and Lundy's four (yes, bit, no).
judgements = Table(
    "judgements",
    metadata,
    _person(primary_key=True),
    _outcome(primary_key=True),
    Column("got_it_right", Boolean),
    Column("space", String(8)),
    Column("voice", String(8)),
    Column("audience", String(8)),
    Column("influence", String(8)),
    Column("at", Moment, nullable=False),  # when they first said something
    Column("sealed", LargeBinary),
    Column("added_at", Moment),
    Index(None, "outcome_id"),
    Index(None, "at"),
)

# What young people raise of their own. A draft's theme, area and words come one by one.
issues = Table(
    "issues",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    _person(nullable=False, index=True),
    Column("state", String(8), nullable=False),  # see conversations/issues.py
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
    Column("kind", String(8), nullable=False),  # see conversations/issues.py
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

# Something told to many. `reached` is the last person queued, so that a large one goes on where it stopped.
broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),  # see storage/broadcasts.py
    Column("about", Id, nullable=False),
    Column("due", Moment, nullable=False),
    Column("reached", Id, nullable=False, server_default="0"),
    Column("queued_at", Moment),
    Column("held_at", Moment),  # a person must release it: see storage/held.py
    Column("made_by", Id),
    UniqueConstraint("kind", "about"),
    sqlite_autoincrement=True,
)

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
    Column(
        "kind", String(16), nullable=False
    ),  # say, fresh, passing, own, or what conversations/announce.py builds
    Column("about", Id),
    Column("broadcast_id", Id, ForeignKey("broadcasts.id", ondelete="CASCADE")),
    Column("sealed", LargeBinary),  # what is said; none where it is built when sent
    Column(
        "quotes", String(96)
    ),  # on a page: the answer that it repeats, "3:better"; all of them, "3:*" or "*"
    Column("replaces", String(32)),  # the door's own reference to the message whose place it takes
    Column("message", String(32)),  # the door's own reference to what was sent
    Column("asked_again", Integer, nullable=False, server_default="0"),
    Column("due", Moment, nullable=False),
    Column("taken_at", Moment),  # when a courier last took it in hand
    Column("taken_by", String(32)),  # which worker has it in hand
    Column("settled_at", Moment),
    Column("sent_with", Id),  # the letter that took this one along, and whose fate it shares
    Index(None, "door_id", "id"),
    Index(None, "state", "lane", "door_kind", "due"),
    Index(None, "broadcast_id", "state", "door_kind"),
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

# What staff did, in order. Never a text, never a young person. Numbered without a gap: see storage/audit.py.
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
