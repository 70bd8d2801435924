"""Column types and columns that many tables share, and the naming of constraints.

Ids are never reused (`sqlite_autoincrement`; PostgreSQL's sequences do not either). Buttons and sessions name rows by id,
and must not lead to another person's row after an erasure.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    text,
)
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A point in time: an aware datetime in Python, UTC in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None else None

    def bind_processor(self, dialect: Dialect) -> Any:
        """On SQLite, does the library's two steps in one: a turn writes and reads a dozen of these."""
        return _to_sqlite if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return _from_sqlite if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


@lru_cache(maxsize=256)  # a turn writes its own moment into each of its rows
def _to_sqlite(value: datetime | None) -> str | None:
    """2026-11-26 06:35:00.000000, SQLAlchemy's format on SQLite."""
    if value is None:
        return None
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _from_sqlite(value: str | None) -> datetime | None:
    return datetime.fromisoformat(f"{value}Z") if value is not None else None


NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}
metadata = MetaData(naming_convention=NAMES)
Id = BigInteger().with_variant(Integer, "sqlite")


def of_person(**options: object) -> Column[int]:
    """A person's id. The row is deleted with the person."""
    return Column("person_id", Id, ForeignKey("people.id", ondelete="CASCADE"), **options)  # type: ignore[arg-type]


def of_case() -> Column[int]:
    """The case that keeps a row's text from the team. See storage/safeguarding/kept_back.py."""
    return Column("case_id", Id)


def kept_back_index(table: str, column: str = "case_id") -> Index:
    """An index of the few rows of a table whose text a case keeps from the team."""
    kept = text("case_id IS NOT NULL")
    return Index(f"ix_{table}_kept_back", column, sqlite_where=kept, postgresql_where=kept)


def of_consultation(**options: object) -> Column[int]:
    return Column("consultation_id", Id, ForeignKey("consultations.id", ondelete="CASCADE"), **options)  # type: ignore[arg-type]


def of_outcome(**options: object) -> Column[int]:
    return Column("outcome_id", Id, ForeignKey("outcomes.id", ondelete="CASCADE"), **options)  # type: ignore[arg-type]


def of_part(**options: object) -> Column[int]:
    return Column("part_id", Id, ForeignKey("parts.id", ondelete="CASCADE"), **options)  # type: ignore[arg-type]
