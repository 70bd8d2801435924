"""Consultations, who took part, and their answers."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    false,
)

from storage.tables.columns import Id, Moment, kept_back_index, metadata, of_case, of_consultation, of_person

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
    Column("remind_at", Moment),  # when deciders are next reminded of `reply_by`
    Column("opens_at", Moment),
    Column("closes_at", Moment),
    Column("made_by", Id),
    Column("made_at", Moment, nullable=False),
    Index(None, "state", "remind_at"),
    sqlite_autoincrement=True,
)

# Who took part in which consultation.
taking_part = Table(
    "taking_part",
    metadata,
    of_person(primary_key=True),
    of_consultation(primary_key=True),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Index(None, "consultation_id"),
    sqlite_with_rowid=False,
)

# One row for each option, number or text of an answer. `skipped`: the person skipped the question, or the answer is
# `set_aside`: it does not count for now, because of another one, and only its writer sees it.
answers = Table(
    "answers",
    metadata,
    of_person(primary_key=True),
    of_consultation(primary_key=True),
    Column("question", String(64), primary_key=True),
    Column("option", String(64), primary_key=True, server_default=""),
    Column("sealed", LargeBinary),
    Column("skipped", Boolean, nullable=False, server_default=false()),
    Column("set_aside", Boolean, nullable=False, server_default=false()),
    # the channel's id of the message that it came with, so that an edit finds it
    Column("message", String(32)),
    Column("at", Moment, nullable=False),
    of_case(),
    kept_back_index("answers", "consultation_id"),
    Index(None, "consultation_id", "question", "option", "skipped", "person_id"),  # covers the counts
    sqlite_with_rowid=False,
)

# Precomputed counts of large consultations: see storage/results/counts.py.
kept_counts = Table(
    "kept_counts",
    metadata,
    of_consultation(primary_key=True),
    Column("counted_at", Moment, nullable=False),
    Column("over", Boolean, nullable=False),  # counted after it closed
    Column("people", Integer, nullable=False),
    Column("tallies", JSON, nullable=False),
)

# Numbers as those see them who don't see true counts: see storage/results/shown_counts.py. They outlive /delete.
shown_counts = Table(
    "shown_counts",
    metadata,
    Column("name", String(48), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("people", Integer, nullable=False),
    Column("counts", JSON, nullable=False),
)

# Whether a written answer may be quoted. The text stays in `answers`; `hashed` shows whether it is still the same.
quotes = Table(
    "quotes",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    of_person(nullable=False),
    of_consultation(nullable=False, index=True),
    Column("question", String(64), nullable=False),
    Column("hashed", LargeBinary, nullable=False),
    Column("state", String(8), nullable=False),  # asked, yes, no
    Column("at", Moment, nullable=False),
    UniqueConstraint("person_id", "consultation_id", "question", "hashed"),
    sqlite_autoincrement=True,
)
