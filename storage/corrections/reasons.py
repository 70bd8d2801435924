"""The team's reasons and lines since an outcome was published: moved days, status changes, what the owner says of it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, false, select, update

from conversations.core.message_kind import MessageKind
from conversations.corrections.facts import PublishedText
from conversations.followup.messages import REVISIT
from conversations.promises.messages import PROMISE_MOVED, STATUS_CHANGED
from storage.core.unit_of_work import Db
from storage.outcomes import history, status
from storage.tables import outbox, parts, promise_moves, revisits, status_changes

# By the name of a text: its table, and the messages that it is in.
_OF: dict[str, tuple[Table, MessageKind]] = {
    "moved": (promise_moves, PROMISE_MOVED),
    "changed": (status_changes, STATUS_CHANGED),
    "note": (revisits, REVISIT),
    "reason": (revisits, REVISIT),
}


def texts(db: Db, outcome: int, language: str) -> Iterator[PublishedText]:
    """Each of them, under a key such as "12 moved". Revisits have no language of their own."""
    its_parts = select(parts.c.id).where(parts.c.outcome_id == outcome)
    for name, table in (("moved", promise_moves), ("changed", status_changes)):
        for row in _rows(db, table, its_parts):
            said = db.vault.open(row.sealed, history.sealing_context(table, row.id))
            yield PublishedText(f"{row.id} {name}", {row.language or language: said})
    for row in _rows(db, revisits, its_parts):
        for name, said in status.texts(db, row).items():
            yield PublishedText(f"{row.id} {name}", {language: said})


def is_reason(key: str) -> bool:
    return key.rpartition(" ")[2] in _OF


def write(db: Db, key: str, words: str) -> None:
    """Replaces one of them."""
    number, _space, name = key.rpartition(" ")
    table, _kind = _OF[name]
    row = db.run(select(table).where(table.c.id == int(number))).one()
    if table is revisits:
        status.write(db, row, name, words)
        return
    sealed = db.vault.seal(words, history.sealing_context(table, row.id))
    db.run(update(table).where(table.c.id == row.id).values(sealed=sealed))


def messages_with(key: str) -> ColumnElement[bool]:
    """The messages that say the text with this key, besides the outcome's own."""
    number, _space, name = key.rpartition(" ")
    if name not in _OF:
        return false()
    return and_(outbox.c.kind == _OF[name][1].name, outbox.c.about == int(number))


def _rows(db: Db, table: Table, its_parts: Any) -> list[Row[Any]]:
    of_parts = (table.c.part_id.in_(its_parts), table.c.sealed.is_not(None))
    return list(db.run(select(table).where(*of_parts).order_by(table.c.id)))
