"""The outbox: every message is queued in its turn's commit, then claimed, sent, settled and blanked."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    bindparam,
    case,
    delete,
    desc,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from conversations.core.channels import BY_NAME, PUSHING, Channel
from conversations.core.config import next_waking
from conversations.core.message_kind import MessageKind
from conversations.core.messages import Say
from conversations.core.record import Private, Record, replace
from storage.core import json_codec
from storage.core.door import Door
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db, prepared
from storage.tables import broadcasts, doors, outbox, people, shown_words

Lane = Literal["conversation", "alert", "broadcast", "progress"]
MessageState = Literal[
    "waiting", "taken", "sending", "sent", "shown", "failed", "unreachable", "unknown", "held"
]

LANES: tuple[Lane, ...] = ("conversation", "alert", "broadcast", "progress")
ONCE = outbox.c.once.type
PAGES_WATCHED = timedelta(hours=1)  # how long a broadcast's progress counts who opens their page
UNDERWAY = ("waiting", "taken", "sending")
FRESH_FOR = timedelta(hours=1)
OWN = "#"  # before the number of an outbox message, where the channel's id of it is not known yet
NOT_KEPT = ("fresh", "passing")  # one-time values, and other people's words


# Every turn runs these: see `prepared`.
_REPLY = prepared(outbox.insert().returning(outbox.c.id))
_BLANK_FRESH = prepared(
    update(outbox)
    .where(
        outbox.c.door_id == bindparam("door"),
        outbox.c.kind.in_(NOT_KEPT),
        outbox.c.state == "shown",
        outbox.c.sealed.is_not(None),
    )
    .values(sealed=None)
)
_LATEST = prepared(
    select(outbox.c.message)
    .where(outbox.c.door_id == bindparam("door"), outbox.c.state.in_(("sending", "sent", "unknown")))
    .order_by(desc(outbox.c.id))
    .limit(1)
)
_BLOCKED = prepared(
    select(
        exists().where(
            outbox.c.door_id == bindparam("door"),
            outbox.c.lane == "conversation",
            or_(
                and_(outbox.c.state.in_(("taken", "sending")), outbox.c.taken_by != bindparam("worker")),
                outbox.c.state == "waiting",
            ),
        )
    )
)


class OutboxMessage(Record):
    """One message on its way.

    `say` is None if the message is built from `kind` and `about` when it is sent. `address` is None if it must be looked
    up. `has_rate_slot`: it may leave within the rate limit. `resends`: how often it was sent again because its fate was
    unknown. `blocked_by_other_worker`: another worker must send an earlier message to this chat first.
    """

    id: int
    once: str
    door: int
    channel: Channel
    kind: str
    lane: Lane
    about: int | None = None
    say: Say | None = None
    replaces: str | None = None
    resends: int = 0
    address: Private[str | None] = None
    has_rate_slot: bool = False
    blocked_by_other_worker: bool = False


def reply(
    db: Db,
    door: Door,
    once: str,
    say: Say,
    *,
    address: str,
    replaces: str | None = None,
    secret: bool = False,
    urgent: bool = False,
    blocked_by_other_worker: bool = False,
    has_rate_slot: bool = False,
) -> OutboxMessage:
    """Queues a turn's reply. On a channel that pushes it starts as `sending`, so its intent is in the turn's own commit;
    a blocked one waits. A page needs no sending: the reply is in its thread at once.

    `secret` marks one-time values. A page blanks such a reply once shown, and an ephemeral one likewise. An `urgent`
    one is an alert: no older reply holds it up.
    """
    lane: Lane = "alert" if urgent else "conversation"
    state: MessageState = "waiting" if blocked_by_other_worker else "sending"
    if not door.channel.pushes:
        state = "shown"
    kind = "fresh" if secret else "passing" if say.ephemeral else "say"
    whose = {"once": once, "door_id": door.id, "door_kind": door.channel.name, "due": db.now}
    what = {"sealed": seal(db, once, say), "replaces": replaces, "kind": kind, "state": state}
    what["taken_by"] = db.worker if state == "sending" else None
    settled = {"settled_at": db.now if state == "shown" else None}
    number = db.run(_REPLY, {**whose, **what, **settled, "lane": lane}).scalar_one()
    if say.ephemeral and db.opened:
        db.run(shown_words.insert(), [{"outbox_id": number, "person_id": one} for one in sorted(db.opened)])
    return OutboxMessage(
        number, once, door.id, door.channel, kind, lane, say=say, replaces=replaces, address=address,
        has_rate_slot=has_rate_slot, blocked_by_other_worker=blocked_by_other_worker,
    )  # fmt: skip


def blocked_by_other_worker(db: Db, door: int) -> bool:
    """Whether another worker still has something to send to this chat. A SQLite file has only one worker."""
    if db.connection.dialect.name == "sqlite":
        return False
    return bool(db.run(_BLOCKED, {"door": door, "worker": db.worker}).scalar())


def announce(db: Db, person: int, once: str, kind: MessageKind, about: int) -> bool:
    """Queues a message to a person's main door; it is built when it is sent. False if they cannot be reached or it was
    queued before.

    In the broadcast lane, chats wait for the end of quiet hours, and people who stopped messages get nothing.
    """
    columns = ("once", "door_id", "door_kind", "lane", "state", "kind", "about", "due")
    values = (
        literal(once),
        doors.c.id,
        doors.c.kind,
        *map(literal, (kind.lane, "waiting", kind.name, about)),
    )
    now, waking = (literal(at, outbox.c.due.type) for at in (db.now, next_waking(db.now, db.rules)))
    quiet = kind.lane == "broadcast"
    due = case((doors.c.kind.in_(PUSHING), waking), else_=now) if quiet else now
    wanted = (people.c.stopped_at.is_(None),) if quiet else ()
    query = (
        select(*values, due)
        .join(people, people.c.main_door == doors.c.id)
        .where(people.c.id == person, doors.c.reachable, *wanted)
    )
    return db.run(db.insert(outbox).from_select(columns, query).on_conflict_do_nothing()).rowcount == 1


def latest_message(db: Db, door: int) -> str | None:
    """The channel's id of the newest message at a door, the only one that the next may replace. None while another is on
    its way, because it will appear below.
    """
    latest: str | None = db.run(_LATEST, {"door": door}).scalar()
    return latest


def unseal(db: Db, once: str, sealed: bytes) -> Say:
    """Opens a message that `seal` has sealed. Raises KeyMismatch if no key fits."""
    return json_codec.loads(db.vault.open(sealed, sealing_context(once)), Say)


def settle(db: Db, message: int, state: MessageState, external_id: str | None = None) -> None:
    """Stores how sending a message ended, and blanks its text."""
    values = {"state": state, "settled_at": db.now, "message": external_id, "sealed": None}
    db.run(update(outbox).where(outbox.c.id == message).values(**values))


def show(db: Db, door: int, build: Callable[[OutboxMessage], Say | None]) -> tuple[OutboxMessage, ...]:
    """Takes everything that waits for a page, in order, into its thread. `build` makes the text of messages that are
    built when sent; a message with nothing left to say is deleted.

    A progress message keeps waiting, and is returned anew each time, until its broadcast is done.
    """
    query = select(outbox).where(
        outbox.c.door_id == door, outbox.c.state == "waiting", outbox.c.due <= db.now
    )
    shown: list[OutboxMessage] = []
    for row in db.run(query.order_by(outbox.c.id).with_for_update()).all():
        message = message_of(db, row)
        message = replace(message, say=message.say or build(message))
        if message.say is None:
            db.run(delete(outbox).where(outbox.c.id == message.id))
            continue
        shown.append(message)
        if message.lane != "progress" or not is_running(db, message.about):
            _mark_shown(db, message)
    return tuple(shown)


def is_running(db: Db, broadcast: int | None) -> bool:
    """Whether a broadcast is still under way. Unopened pages count for the first hour only, weekly messages never."""
    queued = select(broadcasts.c.queued_at).where(broadcasts.c.id == broadcast)
    underway = exists().where(
        outbox.c.broadcast_id == broadcast,
        outbox.c.state.in_(UNDERWAY),
        or_(outbox.c.door_kind.in_(PUSHING), outbox.c.due > db.now - PAGES_WATCHED),
        outbox.c.due <= next_waking(db.now, db.rules),
    )
    return db.run(queued).scalar() is None or bool(db.run(select(underway)).scalar())


def message_of(db: Db, row: Row[Any]) -> OutboxMessage:
    """An outbox row as a message, with its text if that is stored."""
    say = unseal(db, row.once, row.sealed) if row.sealed is not None else None
    return OutboxMessage(
        row.id, row.once, row.door_id, BY_NAME[row.door_kind], row.kind, row.lane, row.about, say, row.replaces, row.asked_again
    )  # fmt: skip


def queue_depths(db: Db) -> dict[Lane, tuple[int, datetime]]:
    """For each lane, how many pushed messages are due and unsent, and when the oldest fell due (UTC)."""
    late = and_(outbox.c.state.in_(UNDERWAY), outbox.c.door_kind.in_(PUSHING), outbox.c.due <= db.now)
    many, since = func.count().label("many"), func.min(outbox.c.due).label("since")
    rows = db.run(select(outbox.c.lane, many, since).where(late).group_by(outbox.c.lane))
    return {row.lane: (row.many, row.since) for row in rows.all()}


def purge(db: Db, kept: ColumnElement[bool] | None = None) -> int:
    """Deletes messages settled, or left unseen on a page, for longer than the team's `shown_days`, but none that is `kept`.
    Returns how many.
    """
    before = db.now - timedelta(days=db.rules.shown_days)
    unseen = and_(outbox.c.state == "waiting", outbox.c.sealed.is_not(None), outbox.c.due < before)
    settled = and_(outbox.c.settled_at < before, *((~kept,) if kept is not None else ()))
    return db.run(delete(outbox).where(or_(settled, unseen))).rowcount


def _mark_shown(db: Db, message: OutboxMessage) -> None:
    assert message.say is not None
    values = {"state": "shown", "settled_at": db.now, "sealed": seal(db, message.once, message.say)}
    db.run(update(outbox).where(outbox.c.id == message.id).values(**values))


def blank_fresh(db: Db, door: int) -> None:
    """Blanks messages that a page has shown and must not keep. Called when the person goes on, so they have seen them."""
    db.run(_BLANK_FRESH, {"door": door})


def blank_old_fresh(db: Db) -> None:
    """Blanks such messages on pages where nobody went on for an hour."""
    left = outbox.c.settled_at < db.now - FRESH_FOR
    old = and_(outbox.c.kind.in_(NOT_KEPT), outbox.c.state == "shown", left)
    db.run(update(outbox).where(old, outbox.c.sealed.is_not(None)).values(sealed=None))


def bring_forward(db: Db, person: int) -> None:
    """Makes a person's weekly messages due after quiet hours, because they no longer want them weekly."""
    theirs = select(doors.c.id).where(doors.c.person_id == person)
    waking = next_waking(db.now, db.rules)
    waits = and_(outbox.c.state == "waiting", outbox.c.lane == "broadcast", outbox.c.due > waking)
    db.run(update(outbox).where(outbox.c.door_id.in_(theirs), waits).values(due=waking))


def drop_waiting(db: Db, person: int) -> None:
    """Deletes all broadcast messages that wait for a person."""
    theirs = select(doors.c.id).where(doors.c.person_id == person)
    waiting = outbox.c.state.in_(("waiting", "taken", "held"))
    db.run(delete(outbox).where(outbox.c.door_id.in_(theirs), waiting, outbox.c.lane == "broadcast"))


def turn_of(once: str) -> str:
    """The turn that a message belongs to, from its `once`."""
    return once.rpartition(":")[0]


def seal(db: Db, once: str, say: Say) -> bytes:
    """Seals a message for the outbox row with this `once`, without what the row and the table of quotes hold openly."""
    words = replace(say, replaces=False, ephemeral=False, repeats_answer="")
    return db.vault.seal(json_codec.dumps(words), sealing_context(once))


def sealing_context(once: str) -> str:
    return f"outbox:sealed:{once}"


SEALED: SealedColumns = (SealedColumn(outbox.c.sealed, lambda row: sealing_context(row["once"])),)
