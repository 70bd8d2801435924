"""What those who work on a case are told of it: an answer of its person, and a hand-over. Where a notice does not arrive, the
next are told.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, func, select

from conversations.core.message_kind import MessageKind
from conversations.safeguarding.messages import CASE_ANSWERED, CASE_HANDED, CASE_NOT_HANDED
from storage.core.unit_of_work import Db, Hooks
from storage.outbox import outbox
from storage.outbox.dispatching import MessagesLost
from storage.safeguarding import alerts
from storage.tables import cases, doors
from storage.tables import outbox as outbox_table

TOLD_EVERY = timedelta(minutes=2)


def tell_of_answer(db: Db, case: int, about: int) -> None:
    """Tells whoever is on the case, and the leads, that there is an answer: its number and none of the words. Where it would
    reach none of them now, it goes on to the next, until it reaches somebody.
    """
    taken = db.run(select(cases.c.acknowledged_by).where(cases.c.id == case)).scalar()
    lately, reached = int(db.now.timestamp() // TOLD_EVERY.total_seconds()), False
    for rung in alerts.ladder(db, about, taken):
        if reached and rung.name not in {"holder", "leads"}:
            break
        alerts.queue(db, case, f"{lately}", rung.doors, CASE_ANSWERED)
        reached = reached or any(alerts.is_reached_now(db, row) for row in rung.doors)


def pass_on(db: Db, lost: MessagesLost) -> None:
    """Where the news of an answer was lost, the next are told; where a hand-over was, whoever has the case."""
    for row in _lost(db, lost, CASE_ANSWERED):
        about, holder = row.person_id, row.acknowledged_by
        alerts.pass_on(db, row.id, row.since, alerts.NOBODYS_TIME, about, holder, CASE_ANSWERED)
    for row in _lost(db, lost, CASE_HANDED):
        if row.handed_to in _people_of(db, lost) and row.acknowledged_by is not None:
            once = f"{CASE_NOT_HANDED.name}:{row.id}:{row.handed_to}:{row.since.isoformat()}"
            outbox.announce(db, row.acknowledged_by, once, CASE_NOT_HANDED, row.id)


def _lost(db: Db, lost: MessagesLost, kind: MessageKind) -> list[Row[Any]]:
    """The open cases that lost messages of a kind are about, and since when those were due."""
    these = (outbox_table.c.id.in_(lost.ids), outbox_table.c.kind == kind.name)
    since = select(outbox_table.c.about, func.min(outbox_table.c.due).label("since")).where(*these)
    each = since.group_by(outbox_table.c.about).subquery()
    columns = (cases.c.id, cases.c.person_id, cases.c.acknowledged_by, cases.c.handed_to, each.c.since)
    query = select(*columns).join(each, each.c.about == cases.c.id).where(cases.c.closed_at.is_(None))
    return list(db.run(query.order_by(cases.c.id)).all())


def _people_of(db: Db, lost: MessagesLost) -> set[int]:
    whose = select(doors.c.person_id).join(outbox_table, outbox_table.c.door_id == doors.c.id)
    return set(db.run(whose.where(outbox_table.c.id.in_(lost.ids))).scalars())


HOOKS: Hooks = {MessagesLost: pass_on}
