"""The end of an installation: what is still open in it, and the removal of everything that it stored."""

from sqlalchemy import Connection, func, select, text

from conversations.core.record import Record
from storage.core.unit_of_work import Db
from storage.issues.visible import WAITS
from storage.outbox.outbox import UNDERWAY
from storage.tables import cases, consultations, issues, metadata, outbox, people

_ASKED = ("scheduled", "open", "closed")
_UNSENT = (*UNDERWAY, "held")
_VERSION = "alembic_version"  # Alembic's own table, which is not in the metadata


class Standing(Record):
    """What an installation holds. `open_cases` are their numbers; `unanswered` are the codes of consultations that were
    opened and have no outcome yet, `waiting_issues` counts what was raised and has no answer; `unsent` counts messages that nobody got yet.
    """

    people: int
    open_cases: tuple[int, ...]
    unanswered: tuple[str, ...]
    waiting_issues: int
    unsent: int


class CannotCloseDown(Exception):
    """The installation cannot be closed down as it is. Nothing was erased; the message says what to do."""


def standing(db: Db) -> Standing:
    still_open = select(cases.c.id).where(cases.c.closed_at.is_(None)).order_by(cases.c.id)
    asked = select(consultations.c.code).where(consultations.c.state.in_(_ASKED), ~consultations.c.sample)
    unsent = select(func.count()).select_from(outbox).where(outbox.c.state.in_(_UNSENT))
    return Standing(
        people=db.run(select(func.count()).select_from(people)).scalar_one(),
        open_cases=tuple(db.run(still_open).scalars()),
        unanswered=tuple(db.run(asked.order_by(consultations.c.code)).scalars()),
        waiting_issues=db.run(select(func.count()).select_from(issues).where(WAITS)).scalar_one(),
        unsent=db.run(unsent).scalar_one(),
    )


def drop_tables(connection: Connection) -> None:
    """Drops Heard's tables on PostgreSQL, and leaves anybody else's. Does nothing where there are none."""
    quote = connection.dialect.identifier_preparer.quote
    for name in (*metadata.tables, _VERSION):
        connection.execute(text(f"DROP TABLE IF EXISTS {quote(name)} CASCADE"))
