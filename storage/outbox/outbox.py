"""Every message that leaves goes through here: queued in its turn's commit, claimed, sent, settled, blanked."""

from collections.abc import Callable
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Row, and_, bindparam, case, delete, desc, exists, func, literal, or_, select, update

from conversations.core.channels import BY_NAME, PUSHING, Channel
from conversations.core.config import next_waking
from conversations.core.message_kind import MessageKind
from conversations.core.messages import Say
from conversations.core.messages_json import say_from_json, say_to_json
from conversations.core.record import record
from storage.core import json_codec
from storage.core.door import Door
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db, prepared
from storage.tables import broadcasts, doors, outbox, people

Lane = Literal["conversation", "alert", "broadcast", "progress"]
MessageState = Literal[
    "waiting", "taken", "sending", "sent", "shown", "failed", "unreachable", "unknown", "held"
]

LANES: tuple[Lane, ...] = ("conversation", "alert", "broadcast", "progress")
ONCE = outbox.c.once.type
PAGES_WATCHED = timedelta(hours=1)  # so long it is followed live who opens their page
UNDERWAY = ("waiting", "taken", "sending")
FRESH_FOR = timedelta(hours=1)
NOT_KEPT = ("fresh", "passing")  # one-time values, and what somebody else wrote


# Every turn carries these out: see `prepared`.
_REPLY = prepared(outbox.insert().returning(outbox.c.id))
_LATEST = prepared(
    select(outbox.c.message)
    .where(outbox.c.door_id == bindparam("door"), outbox.c.state.in_(("sending", "sent", "unknown")))
    .order_by(desc(outbox.c.id))
    .limit(1)
)
_IN_OTHER_HANDS = prepared(
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


@record
class OutboxMessage:
    """One message on its way. `say` is None where it is built when sent, from `kind` and `about`; `address` is
    where it goes, where that is known without asking the database; `has_rate_slot`: it has its place in the rate;
    `resends`: how often it was sent again after an unknown result. `blocked_by_other_worker`: it waits until another
    worker has sent the chat's earlier messages.
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
    address: str | None = field(default=None, repr=False)
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
    blocked_by_other_worker: bool = False,
    has_rate_slot: bool = False,
) -> OutboxMessage:
    """Queues a turn's reply. Where messages are pushed it is born `sending`: its intent rides in the turn's own commit; unless it
    waits for another worker.

    `secret` is for one-time values: on a page such a reply is blanked once it was shown, and so is one that holds
    what somebody else wrote.
    """
    state: MessageState = "sending" if door.channel.pushes and not blocked_by_other_worker else "waiting"
    kind = "fresh" if secret else "passing" if say.ephemeral else "say"
    whose = {"once": once, "door_id": door.id, "door_kind": door.channel.name, "due": db.now}
    what = {"sealed": seal(db, once, say), "replaces": replaces, "kind": kind, "state": state}
    what["taken_by"] = db.worker if state == "sending" else None
    number = db.run(_REPLY, {**whose, **what, "lane": "conversation"}).scalar_one()
    return OutboxMessage(
        number, once, door.id, door.channel, kind, "conversation", say=say, replaces=replaces, address=address,
        has_rate_slot=has_rate_slot, blocked_by_other_worker=blocked_by_other_worker,
    )  # fmt: skip


def in_other_hands(db: Db, door: int) -> bool:
    """Whether another worker has something for this chat that it has not sent yet. A SQLite file has one worker."""
    if db.connection.dialect.name == "sqlite":
        return False
    return bool(db.run(_IN_OTHER_HANDS, {"door": door, "worker": db.worker}).scalar())


def announce(db: Db, person: int, once: str, kind: MessageKind, about: int) -> bool:
    """Queues something that is built when it is sent, to the door where a person is reached. False where they
    cannot be reached, or it was queued before. In the lane of broadcasts it keeps quiet hours (pages wait for
    nobody's waking), and who stopped messages does not get it.
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
    """The door's reference to the newest message there: only that one may be replaced by the next. None while
    another is on its way, for that one will stand below it.
    """
    latest: str | None = db.run(_LATEST, {"door": door}).scalar()
    return latest


def opened(db: Db, once: str, sealed: bytes) -> Say:
    """The words of a sealed message."""
    return say_from_json(json_codec.read(db.vault.open(sealed, sealing_context(once))))


def settle(db: Db, message: int, state: MessageState, external_id: str | None = None) -> None:
    """What became of a message. Its words are blanked: they were given over, or nobody will."""
    values = {"state": state, "settled_at": db.now, "message": external_id, "sealed": None}
    db.run(update(outbox).where(outbox.c.id == message).values(**values))


def show(db: Db, door: int, build: Callable[[OutboxMessage], Say | None]) -> tuple[OutboxMessage, ...]:
    """All that waits for a page, in order; from now on it belongs to the conversation there. `build` puts what
    is built when it is sent into words; what has nothing to say any more goes. What holds one-time values is blanked.

    How far a broadcast is goes on waiting until it is done: it is given again, newer, each time.
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
        if message.lane != "progress" or not running(db, message.about):
            _shown(db, message)
    return tuple(shown)


def running(db: Db, broadcast: int | None) -> bool:
    """Whether something told to many is still on its way. Pages that nobody has opened are waited for in the first
    hour, and weekly messages not at all.
    """
    queued = select(broadcasts.c.queued_at).where(broadcasts.c.id == broadcast)
    underway = exists().where(
        outbox.c.broadcast_id == broadcast,
        outbox.c.state.in_(UNDERWAY),
        or_(outbox.c.door_kind.in_(PUSHING), outbox.c.due > db.now - PAGES_WATCHED),
        outbox.c.due <= next_waking(db.now, db.rules),
    )
    return db.run(queued).scalar() is None or bool(db.run(select(underway)).scalar())


def message_of(db: Db, row: Row[Any]) -> OutboxMessage:
    """A stored message; its words, where they are stored with it."""
    say = opened(db, row.once, row.sealed) if row.sealed is not None else None
    return OutboxMessage(
        row.id, row.once, row.door_id, BY_NAME[row.door_kind], row.kind, row.lane, row.about, say, row.replaces, row.asked_again
    )  # fmt: skip


def depths(db: Db) -> dict[Lane, tuple[int, datetime]]:
    """What is due to be pushed and not sent yet, by lane: how many, and since when the oldest is due."""
    late = and_(outbox.c.state.in_(UNDERWAY), outbox.c.door_kind.in_(PUSHING), outbox.c.due <= db.now)
    many, since = func.count().label("many"), func.min(outbox.c.due).label("since")
    rows = db.run(select(outbox.c.lane, many, since).where(late).group_by(outbox.c.lane))
    return {row.lane: (row.many, row.since) for row in rows.all()}


def purge(db: Db) -> int:
    """Drops what was settled, or what nobody came to see, 30 days ago, or as long ago as the team keeps words. How
    many they were.
    """
    before = db.now - timedelta(days=db.rules.shown_days)
    unseen = and_(outbox.c.state == "waiting", outbox.c.sealed.is_not(None), outbox.c.due < before)
    return db.run(delete(outbox).where(or_(outbox.c.settled_at < before, unseen))).rowcount


def _shown(db: Db, message: OutboxMessage) -> None:
    assert message.say is not None
    values = {"state": "shown", "settled_at": db.now, "sealed": seal(db, message.once, message.say)}
    db.run(update(outbox).where(outbox.c.id == message.id).values(**values))


def blank_fresh(db: Db, door: int) -> None:
    """Blanks what a page has shown and does not keep: whoever goes on has seen it."""
    mine = and_(outbox.c.door_id == door, outbox.c.kind.in_(NOT_KEPT), outbox.c.state == "shown")
    db.run(update(outbox).where(mine).values(sealed=None))


def blank_old_fresh(db: Db) -> None:
    """The same at pages that nobody went on with for an hour."""
    left = outbox.c.settled_at < db.now - FRESH_FOR
    old = and_(outbox.c.kind.in_(NOT_KEPT), outbox.c.state == "shown", left)
    db.run(update(outbox).where(old, outbox.c.sealed.is_not(None)).values(sealed=None))


def bring_forward(db: Db, person: int) -> None:
    """What waits for somebody's weekly message goes out as soon as they are awake: they want it at once now."""
    theirs = select(doors.c.id).where(doors.c.person_id == person)
    waking = next_waking(db.now, db.rules)
    waits = and_(outbox.c.state == "waiting", outbox.c.lane == "broadcast", outbox.c.due > waking)
    db.run(update(outbox).where(outbox.c.door_id.in_(theirs), waits).values(due=waking))


def drop_waiting(db: Db, person: int) -> None:
    """Takes back all that waits to be sent to somebody."""
    theirs = select(doors.c.id).where(doors.c.person_id == person)
    waiting = outbox.c.state.in_(("waiting", "taken", "held"))
    db.run(delete(outbox).where(outbox.c.door_id.in_(theirs), waiting, outbox.c.lane == "broadcast"))


def seal(db: Db, once: str, say: Say) -> bytes:
    """A message's words as they are stored."""
    return db.vault.seal(json_codec.written(say_to_json(say)), sealing_context(once))


def sealing_context(once: str) -> str:
    return f"outbox:sealed:{once}"


SEALED: SealedColumns = (SealedColumn(outbox.c.sealed, lambda row: sealing_context(row["once"])),)
