"""Whose words a message shows to somebody else, so that it goes when they do.

A turn collects the people whose words it opens (`Db.opened`), and `outbox.reply` notes them for what it shows of others.
"""

from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, select

from conversations.people.messages import WORDS_GONE
from storage.core.unit_of_work import Db, Hooks
from storage.people.people import ErasingPeople
from storage.people.using import UseChanged
from storage.tables import outbox, shown_words

_THERE = ("shown", "sending", "sent", "unknown")


def take_down_of(db: Db, person: int) -> None:
    """Takes down what this person wrote, wherever somebody else has it open."""
    take_down(db, shown_words.c.person_id == person)


def take_down(db: Db, whose: ColumnElement[bool]) -> None:
    """Off a page it is deleted; in a chat the message is edited, unless it shows something else by now."""
    shown = select(shown_words.c.outbox_id).where(whose)
    query = select(outbox).where(outbox.c.id.in_(shown), outbox.c.state.in_(_THERE))
    rows = db.run(query.order_by(outbox.c.id)).all()
    for row in rows:
        if row.state == "shown":
            _tell(db, row, f"gone:{row.door_id}:{db.now.timestamp()}")
            db.run(delete(outbox).where(outbox.c.id == row.id))
        elif row.message is not None and not _shows_other_things(db, row):
            _tell(db, row, f"gone:{row.id}", replaces=row.message)
    db.run(delete(shown_words).where(whose))


def _shows_other_things(db: Db, row: Row[Any]) -> bool:
    """Whether a later message has replaced this one in its chat."""
    later = and_(outbox.c.door_id == row.door_id, outbox.c.message == row.message, outbox.c.id > row.id)
    return db.run(select(outbox.c.id).where(later).limit(1)).first() is not None


def _tell(db: Db, row: Row[Any], once: str, replaces: str | None = None) -> None:
    """Says that it is gone, once to a page, and in the place of each message in a chat."""
    whose = {
        "once": once,
        "door_id": row.door_id,
        "door_kind": row.door_kind,
        "replaces": replaces,
    }
    what = {
        "lane": WORDS_GONE.lane,
        "kind": WORDS_GONE.name,
        "about": row.id,
        "state": "waiting",
        "due": db.now,
    }
    db.run(db.insert(outbox).values(**whose, **what).on_conflict_do_nothing())


HOOKS: Hooks = {
    ErasingPeople: lambda db, going: take_down(db, shown_words.c.person_id.in_(going.ids)),
    UseChanged: lambda db, changed: take_down_of(db, changed.person),
}
