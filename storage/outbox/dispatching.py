"""The courier's side of the outbox: claims messages in blocks, marks each before its request, settles in blocks."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, exists, func, or_, select, update

from conversations.core.channels import Channel
from conversations.core.config import next_waking
from conversations.core.record import Record, replace
from storage.core.unit_of_work import Db, prepared
from storage.outbox import digest
from storage.outbox.outbox import OWN, Lane, MessageState, OutboxMessage, message_of
from storage.people import people as somebody
from storage.tables import Moment, doors, outbox, people

PROGRESS_EVERY = 3  # seconds: the shortest time between two edits of a progress message
MOST_RESENDS = 1  # of a reply whose fate is unknown
# A broadcast message that takes the place of one which somebody has: a correction. It makes no sound.
_IS_EDIT = outbox.c.replaces.is_not(None)
LOST: tuple[MessageState, ...] = ("failed", "unreachable", "unknown")


class Settlement(Record):
    """How sending a message ended. `external_id` is the channel's own id of what was sent."""

    message: int
    state: MessageState
    external_id: str | None = None


class MessagesLost(Record):
    """Event: these messages did not arrive, or may not have. `ids` selects them."""

    ids: Sequence[int]


class DueLanes(Record):
    """Whether each of these lanes has messages due. `answers` includes alerts."""

    answers: bool
    broadcasts: bool
    progress: bool


def claim(
    db: Db, channel: Channel, lanes: Sequence[Lane], limit: int, *, whole_chats: bool = False
) -> tuple[OutboxMessage, ...]:
    """Claims due messages of a channel, oldest first, and only the first of each chat. With `whole_chats` it claims all
    of a chat's messages; use that only where no other courier could overtake.

    No other courier gets them. In quiet hours no broadcast is claimed.
    """
    due = _due_ids(db, channel, lanes)
    chosen = (
        (due if whole_chats else due.where(~_has_older_unsent(db)))
        .order_by(outbox.c.due, outbox.c.id)
        .limit(limit)
    )
    taken = (
        update(outbox)
        .where(outbox.c.id.in_(chosen.with_for_update(skip_locked=True)))
        .values(state="taken", taken_at=db.now, taken_by=db.worker)
        .returning(*outbox.c)
    )
    rows = sorted(db.run(taken).all(), key=lambda row: (row.due, row.id))
    return tuple(message for row in rows if (message := _with_reference(db, message_of(db, row))))


def _with_reference(db: Db, message: OutboxMessage) -> OutboxMessage | None:
    """An edit of a message that was on its way when the edit was queued, with that one's id. None if that one never arrived;
    a new message if nobody knows.
    """
    if not (message.replaces or "").startswith(OWN):
        return message
    edited = outbox.c.id == int((message.replaces or "").removeprefix(OWN))
    row = db.run(select(outbox.c.state, outbox.c.message).where(edited)).first()
    if row is None or row.state in {"failed", "unreachable"}:
        drop(db, [message.id])
        return None
    return replace(message, replaces=row.message)


def intend(db: Db, messages: Sequence[OutboxMessage]) -> dict[int, str]:
    """Marks these messages as being sent and returns their addresses by id, without those that must not leave any more.

    A person who has stopped messages since gets no broadcast. In quiet hours broadcasts return to waiting. An edit of what
    somebody has already goes on in both.
    """
    patient = [message.id for message in messages if message.lane == "broadcast"]
    hasty = [message.id for message in messages if message.lane != "broadcast"]
    if patient and _is_quiet(db):
        edits = {message.id for message in messages if message.replaces}
        release(db, [number for number in patient if number not in edits])
        patient = [number for number in patient if number in edits]
    going: set[int] = set()
    for wanted, statement in ((hasty, _SEND), (patient, _SEND_IF_WANTED)):
        if wanted:
            mine = {"letters": wanted, "worker": db.worker}
            going |= set(db.run(statement, {**mine, "moment": db.now}).scalars())
    unwanted = [number for number in (*hasty, *patient) if number not in going]
    if unwanted:
        db.run(_DROP_CLAIMED, {"letters": unwanted, "worker": db.worker})
    addresses = somebody.addresses_of(db, {message.door for message in messages if message.id in going})
    return {message.id: addresses[message.door] for message in messages if message.id in going}


def settle(db: Db, settled: Sequence[Settlement]) -> None:
    """Stores how sending many messages ended, and blanks their text. A chat that cannot be reached is marked so."""
    rows = [
        {"letter": one.message, "to": one.state, "ref": one.external_id, "at": db.now}
        for one in sorted(settled, key=lambda one: one.message)
    ]
    db.run_each(_SETTLE, rows)
    lost = [one.message for one in settled if one.state in LOST]
    if lost:
        db.run_hooks(MessagesLost(lost))
    blocked = [one.message for one in settled if one.state == "unreachable"]
    if blocked:
        chats = select(outbox.c.door_id).where(outbox.c.id.in_(blocked))
        db.run(update(doors).where(doors.c.id.in_(chats)).values(reachable=False))


def release(db: Db, messages: Sequence[int]) -> None:
    """Returns messages that this worker claimed and surely did not send, then those batched into them. The order makes
    this wait for a send that another connection has not committed yet.
    """
    underway = and_(outbox.c.id.in_(messages), outbox.c.state.in_(("taken", "sending")))
    db.run(
        update(outbox)
        .where(underway, outbox.c.taken_by == db.worker)
        .values(state="waiting", taken_at=None, taken_by=None)
    )
    digest.release(db, messages)


def drop(db: Db, messages: Sequence[int]) -> None:
    """Deletes messages that have nothing to say any more."""
    if messages:
        db.run(delete(outbox).where(outbox.c.id.in_(messages)))


def requeue(db: Db, message: OutboxMessage) -> None:
    """Returns a broadcast message from sending to claimed, and messages batched into it to the queue."""
    left = and_(outbox.c.id == message.id, outbox.c.state == "sending", outbox.c.taken_by == db.worker)
    db.run(update(outbox).where(left).values(state="taken", taken_at=db.now))
    digest.release(db, (message.id,))


def count_resend(db: Db, message: OutboxMessage) -> None:
    """Counts one more resend of a reply that may not have arrived."""
    db.run(update(outbox).where(outbox.c.id == message.id).values(asked_again=outbox.c.asked_again + 1))


def recover(db: Db, channel: Channel, alive: frozenset[str] = frozenset()) -> None:
    """Recovers a channel's messages that dead workers had claimed: all workers except those in `alive`.

    Messages that were only claimed wait again. If a request may have been made, a broadcast becomes `unknown` and is
    never resent blindly; a reply or an alert is resent once.
    """
    theirs = and_(outbox.c.door_kind == channel.name, func.coalesce(outbox.c.taken_by, "").not_in(alive))
    taken = and_(outbox.c.state == "taken", theirs)
    db.run(update(outbox).where(taken).values(state="waiting", taken_at=None, taken_by=None))
    sending = and_(outbox.c.state == "sending", theirs)
    again = and_(sending, or_(outbox.c.lane != "broadcast", _IS_EDIT), outbox.c.asked_again < MOST_RESENDS)
    values = {"state": "waiting", "taken_at": None, "taken_by": None, "asked_again": outbox.c.asked_again + 1}
    db.run(update(outbox).where(again).values(**values))
    unknown = update(outbox).where(sending).values(state="unknown", settled_at=db.now, sealed=None)
    lost = db.run(unknown.returning(outbox.c.id)).scalars().all()
    if lost:
        db.run_hooks(MessagesLost(lost))


def claim_progress(
    db: Db, channel: Channel, seconds: float = PROGRESS_EVERY
) -> tuple[tuple[OutboxMessage, str], ...]:
    """Claims the progress messages to send or edit now, with their addresses; each at most once in `seconds`.

    A message's `replaces` is the sent message to edit, if there is one.
    """
    since = datetime.fromtimestamp(db.now.timestamp() - seconds, tz=db.now.tzinfo)
    # A time in the future was stored before somebody set the clock back.
    ripe = or_(outbox.c.taken_at.is_(None), outbox.c.taken_at <= since, outbox.c.taken_at > db.now)
    found = and_(_is_waiting(channel, ("progress",)), ripe)
    rows = db.run(update(outbox).where(found).values(taken_at=db.now).returning(*outbox.c)).all()
    messages = (replace(message_of(db, row), replaces=row.message) for row in rows)
    return tuple((message, somebody.address_of(db, message.door) or "") for message in messages)


def note_progress(db: Db, message: OutboxMessage, external_id: str, *, last: bool) -> None:
    """Stores the channel's id of a progress message, and settles it with its last edit."""
    values: dict[str, object] = {"message": external_id} | (
        {"state": "sent", "settled_at": db.now} if last else {}
    )
    db.run(update(outbox).where(outbox.c.id == message.id).values(**values))


def due_lanes(db: Db, channel: Channel) -> DueLanes:
    """Which lanes have something for a channel's courier to claim. Cheap enough for every second."""
    lanes: tuple[Sequence[Lane], ...] = (("conversation", "alert"), ("broadcast",), ("progress",))
    found = (exists().where(_is_waiting(channel, of), *_in_time(db, of)) for of in lanes)
    return DueLanes(*map(bool, db.run(select(*found)).one()))


_SETTLE = prepared(
    update(outbox)
    .where(outbox.c.id == bindparam("letter"))
    .values(state=bindparam("to"), message=bindparam("ref"), settled_at=bindparam("at"), sealed=None)
)

# A worker that slept until another took over has no claim any more.
_CLAIMED_HERE = and_(
    outbox.c.id.in_(bindparam("letters", expanding=True)),
    outbox.c.state == "taken",
    outbox.c.taken_by == bindparam("worker"),
)
_SENDING = {"state": "sending", "taken_at": bindparam("moment", type_=Moment())}
_DROP_CLAIMED = delete(outbox).where(_CLAIMED_HERE)
_SEND = update(outbox).where(_CLAIMED_HERE).values(_SENDING).returning(outbox.c.id)


def _is_waiting(channel: Channel, lanes: Sequence[Lane]) -> ColumnElement[bool]:
    return and_(outbox.c.state == "waiting", outbox.c.lane.in_(lanes), outbox.c.door_kind == channel.name)


def _due_ids(db: Db, channel: Channel, lanes: Sequence[Lane]) -> Select[tuple[int]]:
    return select(outbox.c.id).where(_is_waiting(channel, lanes), *_in_time(db, lanes))


def _in_time(db: Db, lanes: Sequence[Lane]) -> Sequence[ColumnElement[bool]]:
    """Only broadcasts wait for their time, and for the end of quiet hours unless they edit what somebody has already.
    Everything else is due when queued, even if the clock is set back later.
    """
    patient = and_(outbox.c.due <= db.now, *((_IS_EDIT,) if _is_quiet(db) else ()))
    if "broadcast" not in lanes:
        return ()
    return (patient,) if len(lanes) == 1 else (or_(outbox.c.lane != "broadcast", patient),)


def _has_older_unsent(db: Db) -> ColumnElement[bool]:
    """Whether an older message of the same lane must reach this chat first.

    `coalesce` keeps PostgreSQL off the state index. Right after a broadcast is queued, its statistics still say that
    hardly anything waits, so it would scan all waiting rows for each message instead of the rows of its chat.
    """
    earlier = outbox.alias()
    state, lane = func.coalesce(earlier.c.state, ""), func.coalesce(earlier.c.lane, "")
    older = and_(earlier.c.door_id == outbox.c.door_id, earlier.c.id < outbox.c.id, lane == outbox.c.lane)
    awake = and_(earlier.c.due <= db.now, *((earlier.c.replaces.is_not(None),) if _is_quiet(db) else ()))
    in_time = or_(lane != "broadcast", awake)
    unsent = or_(state.in_(("taken", "sending")), and_(state == "waiting", in_time))
    return exists().where(older, unsent)


def _wants_messages() -> ColumnElement[bool]:
    theirs = and_(doors.c.id == outbox.c.door_id, people.c.id == doors.c.person_id)
    return exists().where(theirs, or_(people.c.stopped_at.is_(None), _IS_EDIT), doors.c.reachable)


_SEND_IF_WANTED = (
    update(outbox).where(_CLAIMED_HERE, _wants_messages()).values(_SENDING).returning(outbox.c.id)
)


def _is_quiet(db: Db) -> bool:
    return next_waking(db.now, db.rules) > db.now
