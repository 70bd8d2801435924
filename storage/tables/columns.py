"""What tables are made of: the columns that many of them have, and the names of their constraints.

An id is never given twice (`sqlite_autoincrement`; PostgreSQL does so anyway): buttons, sessions and doors
name rows by it, and what was erased must not come back as somebody else's.
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
    Integer,
    MetaData,
)
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A point in time, in UTC, with its zone attached on both sides."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None else None

    def bind_processor(self, dialect: Dialect) -> Any:
        """On SQLite what the two steps of the library come to, in one: a turn writes and reads a dozen of these."""
        return _written if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return _read if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


@lru_cache(maxsize=256)  # a turn writes its own moment into each of its rows
def _written(value: datetime | None) -> str | None:
    """2026-11-26 06:35:00.000000, as SQLAlchemy keeps a time on SQLite."""
    if value is None:
        return None
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _read(value: str | None) -> datetime | None:
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
    """A column that names a person, and whose row goes when the person is forgotten."""
    return Column("person_id", Id, ForeignKey("people.id", ondelete="CASCADE"), **options)  # type: ignore[arg-type]


def of_consultation(**options: object) -> Column[int]:
    return Column("consultation_id", Id, ForeignKey("consultations.id", ondelete="CASCADE"), **options)  # type: ignore[arg-type]


def of_outcome(**options: object) -> Column[int]:
    return Column("outcome_id", Id, ForeignKey("outcomes.id", ondelete="CASCADE"), **options)  # type: ignore[arg-type]


def of_part(**options: object) -> Column[int]:
    return Column("part_id", Id, ForeignKey("parts.id", ondelete="CASCADE"), **options)  # type: ignore[arg-type]
