"""Delivery progress of broadcasts, and resending what may not have arrived."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, literal, select, update

from conversations.broadcasts.effects import SendAgain, SendHeld
from conversations.broadcasts.facts import AllBroadcasts, DeliveryReport, OneBroadcast
from conversations.broadcasts.messages import PROGRESS
from conversations.broadcasts.progress import OneProgress, Progress
from conversations.core.channels import PUSHING
from conversations.core.config import next_waking
from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.core.messages import Session
from conversations.core.pagination import on_page
from conversations.team.rights import Rights
from storage.broadcasts.held import release
from storage.broadcasts.recipients import RECIPIENTS
from storage.core.dispatch import EffectHandler, Handlers, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.outbox import outbox as messages
from storage.security import audit_log
from storage.tables import Moment, outbox
from storage.tables import broadcasts as table

_PAGE_MOST = 500  # the newest; older broadcasts are in the audit log


def all_broadcasts(db: Db, _door: Door, session: Session) -> AllBroadcasts:
    """All ids, newest first, and the reports of the shown page."""
    newest = select(table.c.id).order_by(table.c.id.desc()).limit(_PAGE_MOST)
    ids = tuple(db.run(newest).scalars())
    shown = [ids[place] for place in on_page(session.notes.get("page"), len(ids))]
    return AllBroadcasts(ids, tuple(told for number in shown if (told := _report(db, number))))


def one_broadcast(db: Db, _door: Door, session: Session) -> OneBroadcast:
    return OneBroadcast(_report(db, session.number("broadcast")))


def _report(db: Db, number: int) -> DeliveryReport | None:
    due = db.run(select(table.c.due).where(table.c.id == number)).scalar()
    progress = _progress(db, number)
    return DeliveryReport(number, due, progress) if due and progress else None


def send_again(db: Db, door: Door, effect: SendAgain) -> None:
    """Queues messages again that failed or may not have arrived. Those who stopped messages get none."""
    _send(db, door, effect.broadcast, ("unknown", "failed"), "sent again")


def send_held(db: Db, door: Door, effect: SendHeld) -> None:
    """Queues held messages again, and lets the broadcast queue its remaining recipients."""
    freed = release(db, effect.broadcast)
    _send(db, door, effect.broadcast, ("held",), "sent what was held", begun=freed)


def _send(db: Db, door: Door, number: int, states: Sequence[str], did: str, *, begun: bool = False) -> None:
    these = and_(outbox.c.broadcast_id == number, outbox.c.state.in_(states))
    waking = next_waking(db.now, db.rules)
    pushed = outbox.c.door_kind.in_(PUSHING)
    due = case((pushed, literal(waking, Moment())), else_=literal(db.now, Moment()))
    values = {
        "state": "waiting",
        "due": due,
        "settled_at": None,
        "taken_at": None,
        "taken_by": None,
        "sent_with": None,
    }
    many = db.run(update(outbox).where(these).values(**values, asked_again=outbox.c.asked_again + 1)).rowcount
    if not many and not begun:
        raise Refused(N_("There is nothing left to send."))
    audit_log.note(db, door.person.id, did, f"broadcast {number}")
    once = f"progress:{number}:{db.now.isoformat()}"
    messages.announce(db, door.person.id, once, PROGRESS, number)


def how_far(db: Db, _door: Door, session: Session) -> OneProgress:
    return OneProgress(_progress(db, session.number("broadcast")))


def _progress(db: Db, number: int) -> Progress | None:
    row = db.run(select(table).where(table.c.id == number)).first()
    if row is None:
        return None
    to = RECIPIENTS[row.kind]
    assert to.kind.broadcast is not None
    waking = next_waking(max(db.now, row.due), db.rules)
    return Progress(
        broadcast=to.kind.broadcast,
        about=to.about(db, row.about),
        **_counts(db, number),
        a_second=_sent_per_second(db, number, next_waking(row.due, db.rules)),
        queued=row.queued_at is not None,
        stopped=row.held_at is not None,
        goes_on=waking if waking > db.now else None,
    )


def _counts(db: Db, number: int) -> dict[str, int]:
    """How many messages are in each state, with unopened pages and weekly ones counted apart."""
    weekly = (outbox.c.due > next_waking(db.now, db.rules)).label("weekly")
    by_state = (
        select(outbox.c.state, outbox.c.door_kind, weekly, func.count().label("n"))
        .where(outbox.c.broadcast_id == number)
        .group_by(outbox.c.state, outbox.c.door_kind, "weekly")
    )
    states = ("sent", "waiting", "failed", "unreachable", "unknown", "held", "read", "on_pages", "weekly")
    counted = dict.fromkeys(states, 0)
    for row in db.run(by_state):
        state = {"taken": "waiting", "sending": "waiting", "shown": "read"}.get(row.state, row.state)
        if state == "waiting":
            state = "on_pages" if row.door_kind not in PUSHING else "weekly" if row.weekly else state
        counted[state] += row.n
    return counted


def _sent_per_second(db: Db, number: int, began: datetime) -> float:
    """Messages sent per second in the last minute, or since the broadcast began."""
    seconds = min(60.0, (db.now - began).total_seconds())
    if seconds < 1:
        return 0
    since = outbox.c.settled_at > db.now - timedelta(seconds=seconds)
    lately = select(func.count()).where(outbox.c.broadcast_id == number, outbox.c.state == "sent", since)
    return int(db.run(lately).scalar_one()) / seconds


HANDLERS: Handlers = {
    SendAgain: EffectHandler(send_again, right=Rights.SEND_BROADCASTS),
    SendHeld: EffectHandler(send_held, right=Rights.SEND_BROADCASTS),
}
FACTS: Loaders = {OneProgress: how_far, AllBroadcasts: all_broadcasts, OneBroadcast: one_broadcast}
