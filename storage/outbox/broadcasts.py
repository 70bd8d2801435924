"""Broadcasts: begun once, then queued in pieces that resume where they stopped."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, or_, select, update
from sqlalchemy import cast as sql_cast

from conversations.broadcasts.messages import PROGRESS
from conversations.core.channels import PUSHING
from conversations.core.config import next_waking, next_weekly
from conversations.core.message_kind import MessageKind
from conversations.core.record import Record
from storage.core.unit_of_work import Db, new_id
from storage.outbox import outbox as messages
from storage.tables import Id, Moment, broadcasts, doors, outbox, people

PIECE = 500  # people queued in one transaction; turns run between two pieces

Conditions = Sequence[ColumnElement[bool]]


class Recipients(Record):
    """Who receives a kind of broadcast. Each function takes the id of the broadcast's subject.

    `who` adds conditions on people; all of them have also agreed, not stopped messages, and can be reached.
    `about` loads what the broadcast's `title` reads, None if it was deleted. `of_consultations` selects the ids of
    subjects that belong to these consultations. `until`: the message is useless afterwards, so it does not wait for a
    weekly digest.
    """

    kind: MessageKind
    who: Callable[[Db, int], Conditions]
    about: Callable[[Db, int], object | None]
    of_consultations: Callable[[Select[tuple[int]]], Select[Any]] | None = None
    until: Callable[[Db, int], datetime | None] | None = None


def begin(db: Db, to: Recipients, about: int, due: datetime, made_by: int | None) -> bool:
    """Begins a broadcast that leaves at `due` (UTC) at the earliest. False if it had begun before.

    `about` is the id of its subject; `made_by` is the person who sees its progress. The first piece is queued at once.
    """
    values = {"kind": to.kind.name, "about": about, "due": due, "made_by": made_by}
    done = db.run(db.insert(broadcasts).values(**values).on_conflict_do_nothing())
    if done.rowcount == 0:
        return False
    number = new_id(done)
    fan_out(db, to, number)
    if made_by is not None:
        messages.announce(db, made_by, f"progress:{number}", PROGRESS, number)
    return True


def edit(
    db: Db,
    to: Recipients,
    about: int,
    those: ColumnElement[bool],
    replaced: ColumnElement[bool],
    made_by: int | None,
) -> None:
    """Begins a broadcast that takes the place of messages which were sent: `those` selects them. Where `replaced`, the
    message is edited, at any hour; elsewhere a new one follows it. One that is being sent just now gets its edit next.
    """
    values = {"kind": to.kind.name, "about": about, "due": db.now, "queued_at": db.now, "made_by": made_by}
    number = new_id(db.run(broadcasts.insert().values(**values)))
    going = and_(outbox.c.state == "sending", outbox.c.door_kind.in_(PUSHING))
    own = literal(messages.OWN) + sql_cast(outbox.c.id, messages.ONCE)
    once = literal(f"{to.kind.name}:{about}:") + sql_cast(outbox.c.door_id, messages.ONCE) + literal(":")
    new = {
        "once": once + func.coalesce(outbox.c.message, own),
        "door_id": outbox.c.door_id,
        "door_kind": outbox.c.door_kind,
        "lane": literal("broadcast"),
        "state": literal("waiting"),
        "kind": literal(to.kind.name),
        "about": literal(about, Id),
        "broadcast_id": literal(number, Id),
        "replaces": case((going, own), (replaced, outbox.c.message)),
        "due": literal(db.now, Moment()),
    }
    query = select(*new.values()).where(those, or_(outbox.c.message.is_not(None), going))
    db.run(db.insert(outbox).from_select(list(new), query).on_conflict_do_nothing())
    if made_by is not None:
        messages.announce(db, made_by, f"progress:{number}", PROGRESS, number)


def fan_out(db: Db, to: Recipients, number: int, piece: int = PIECE) -> bool:
    """Queues the next `piece` people. False when everybody is queued; further calls do nothing."""
    unfinished = select(broadcasts).where(broadcasts.c.id == number, broadcasts.c.queued_at.is_(None))
    row = db.run(unfinished.with_for_update()).first()
    if row is None:
        return False
    wanted = and_(people.c.id > row.reached, _reachable(), *to.who(db, row.about))
    those = select(people.c.id).join(doors, doors.c.id == people.c.main_door).where(wanted)
    next_ones = those.order_by(people.c.id).limit(piece).subquery()
    found = db.run(select(func.count().label("many"), func.max(next_ones.c.id).label("last"))).one()
    if found.many:
        _queue(db, to, row, and_(wanted, people.c.id <= found.last))
    more = bool(found.many == piece)
    values = {"reached": found.last or row.reached, "queued_at": None if more else db.now}
    db.run(update(broadcasts).where(broadcasts.c.id == number).values(**values))
    return more


def unfinished(db: Db) -> dict[int, str]:
    """The broadcasts that are not fully queued and not held: kind names by id."""
    going = (broadcasts.c.queued_at.is_(None), broadcasts.c.held_at.is_(None))
    rows = db.run(select(broadcasts.c.id, broadcasts.c.kind).where(*going).order_by(broadcasts.c.id))
    return {row.id: row.kind for row in rows}


def count_recipients(db: Db, who: Conditions) -> int:
    """How many people who meet these conditions a broadcast would reach now."""
    reached = select(func.count()).select_from(people).join(doors, doors.c.id == people.c.main_door)
    return int(db.run(reached.where(_reachable(), *who)).scalar_one())


def in_age_bands(db: Db, bands: Select[Any]) -> Conditions:
    """Conditions for the age bands that `bands` selects; no band means everybody."""
    found = db.run(bands).scalar()
    return (people.c.band.in_(found),) if found else ()


def _reachable() -> ColumnElement[bool]:
    return and_(people.c.agreed_at.is_not(None), people.c.stopped_at.is_(None), doors.c.reachable)


def _queue(db: Db, to: Recipients, about: Row[Any], those: ColumnElement[bool]) -> None:
    """Queues one row for each of them, in one statement. Pages are due at once, chats after quiet hours, and weekly
    readers at the weekly moment.
    """
    once = literal(f"{about.kind}:{about.about}:") + sql_cast(people.c.id, messages.ONCE)
    waking, weekly = next_waking(about.due, db.rules), _weekly(db, to, about)
    due = case(
        (doors.c.kind.not_in(PUSHING), literal(about.due, Moment())),
        (people.c.frequency == "weekly", literal(weekly, Moment())),
        else_=literal(waking, Moment()),
    )
    values = {
        "once": once,
        "door_id": doors.c.id,
        "door_kind": doors.c.kind,
        "lane": literal("broadcast"),
        "state": literal("waiting"),
        "kind": literal(about.kind),
        "about": literal(about.about, Id),
        "broadcast_id": literal(about.id, Id),
        "due": due,
    }
    query = select(*values.values()).join(doors, doors.c.id == people.c.main_door).where(those)
    db.run(db.insert(outbox).from_select(list(values), query).on_conflict_do_nothing())


def _weekly(db: Db, to: Recipients, about: Row[Any]) -> datetime:
    """The weekly moment, or the end of quiet hours if the broadcast would be useless by then."""
    waking, weekly = next_waking(about.due, db.rules), next_weekly(about.due, db.rules)
    until = to.until(db, about.about) if to.until else None
    return waking if until and until <= weekly else weekly
