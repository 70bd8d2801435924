"""The courier's side of the outbox: messages are claimed in blocks, marked before each request, and settled in blocks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, exists, func, or_, select, update

from conversations.core.channels import Channel
from conversations.core.config import next_waking
from conversations.core.record import record
from storage.core.unit_of_work import Db, prepared
from storage.outbox import digest
from storage.outbox.outbox import Lane, MessageState, OutboxMessage, message_of
from storage.people import people as somebody
from storage.tables import Moment, doors, outbox, people

PROGRESS_EVERY = 3  # seconds: the shortest time between two edits of a progress message
MOST_AGAIN = 1  # how often a reply of unknown fate is sent again


@record
class Settled:
    """How sending a message ended. `external_id` is the channel's own id of what was sent."""

    message: int
    state: MessageState
    external_id: str | None = None


@record
class Due:
    """Whether something waits in these lanes, alerts among the answers."""

    answers: bool
    broadcasts: bool
    progress: bool


def claim(
    db: Db, channel: Channel, lanes: Sequence[Lane], limit: int, *, whole_chats: bool = False
) -> tuple[OutboxMessage, ...]:
    """Claims due messages of a channel, oldest first, and of each chat only the first one. With `whole_chats`, all of a
    chat's messages: for when no other courier could overtake.

    No other courier gets them. In quiet hours no broadcast is claimed.
    """
    due = _due(db, channel, _awake(db, lanes))
    chosen = (
        (due if whole_chats else due.where(~_before(db))).order_by(outbox.c.due, outbox.c.id).limit(limit)
    )
    taken = (
        update(outbox)
        .where(outbox.c.id.in_(chosen.with_for_update(skip_locked=True)))
        .values(state="taken", taken_at=db.now, taken_by=db.worker)
        .returning(*outbox.c)
    )
    rows = sorted(db.run(taken).all(), key=lambda row: (row.due, row.id))
    return tuple(message_of(db, row) for row in rows)


def intend(db: Db, messages: Sequence[OutboxMessage]) -> dict[int, str]:
    """Marks these messages as being sent and gives their addresses, by id. Messages that must not be sent any more are
    left out.

    A person who has stopped messages since gets no broadcast. In quiet hours broadcasts go back to waiting.
    """
    patient = [message.id for message in messages if message.lane == "broadcast"]
    hasty = [message.id for message in messages if message.lane != "broadcast"]
    if patient and _quiet(db):
        release(db, patient)
        patient = []
    going: set[int] = set()
    for wanted, statement in ((hasty, _GO), (patient, _GO_IF_WELCOME)):
        if wanted:
            mine = {"letters": wanted, "worker": db.worker}
            going |= set(db.run(statement, {**mine, "moment": db.now}).scalars())
    unwanted = [number for number in (*hasty, *patient) if number not in going]
    if unwanted:
        db.run(_DROP_TAKEN, {"letters": unwanted, "worker": db.worker})
    addresses = somebody.addresses_of(db, {message.door for message in messages if message.id in going})
    return {message.id: addresses[message.door] for message in messages if message.id in going}


def settle(db: Db, settled: Sequence[Settled]) -> None:
    """Stores how sending many messages ended, and blanks their text. A chat that cannot be reached is marked so."""
    rows = [
        {"letter": one.message, "to": one.state, "ref": one.external_id, "at": db.now}
        for one in sorted(settled, key=lambda one: one.message)
    ]
    db.run_each(_SETTLE, rows)
    blocked = [one.message for one in settled if one.state == "unreachable"]
    if blocked:
        chats = select(outbox.c.door_id).where(outbox.c.id.in_(blocked))
        db.run(update(doors).where(doors.c.id.in_(chats)).values(reachable=False))


def release(db: Db, messages: Sequence[int]) -> None:
    """Returns messages that this worker claimed and surely did not send, with those batched into them. In this order, so
    that an uncommitted send of another connection is waited for.
    """
    underway = and_(outbox.c.id.in_(messages), outbox.c.state.in_(("taken", "sending")))
    db.run(
        update(outbox)
        .where(underway, outbox.c.taken_by == db.worker)
        .values(state="waiting", taken_at=None, taken_by=None)
    )
    digest.put_back(db, messages)


def drop(db: Db, messages: Sequence[int]) -> None:
    """Deletes messages that have nothing to say any more."""
    if messages:
        db.run(delete(outbox).where(outbox.c.id.in_(messages)))


def requeue(db: Db, message: OutboxMessage) -> None:
    """A broadcast's message was not sent after all and stays claimed. Messages batched into it wait again."""
    left = and_(outbox.c.id == message.id, outbox.c.state == "sending", outbox.c.taken_by == db.worker)
    db.run(update(outbox).where(left).values(state="taken", taken_at=db.now))
    digest.put_back(db, (message.id,))


def ask_again(db: Db, message: OutboxMessage) -> None:
    """Counts that a reply goes out once more, because nobody knows whether it arrived."""
    db.run(update(outbox).where(outbox.c.id == message.id).values(asked_again=outbox.c.asked_again + 1))


def recover(db: Db, channel: Channel, alive: frozenset[str] = frozenset()) -> None:
    """Recovers a channel's messages that dead workers had claimed: those of all workers but the ones in `alive`.

    Messages that were only claimed wait again. Where a request may have been made, a broadcast's fate is unknown and
    it is never blindly sent again; a reply or an alert is sent again once.
    """
    theirs = and_(outbox.c.door_kind == channel.name, func.coalesce(outbox.c.taken_by, "").not_in(alive))
    taken = and_(outbox.c.state == "taken", theirs)
    db.run(update(outbox).where(taken).values(state="waiting", taken_at=None, taken_by=None))
    sending = and_(outbox.c.state == "sending", theirs)
    again = and_(sending, outbox.c.lane != "broadcast", outbox.c.asked_again < MOST_AGAIN)
    values = {"state": "waiting", "taken_at": None, "taken_by": None, "asked_again": outbox.c.asked_again + 1}
    db.run(update(outbox).where(again).values(**values))
    db.run(update(outbox).where(sending).values(state="unknown", settled_at=db.now, sealed=None))


def claim_progress(
    db: Db, channel: Channel, seconds: float = PROGRESS_EVERY
) -> tuple[tuple[OutboxMessage, str], ...]:
    """The progress messages to send or edit now, each with its address; none of them again for some seconds.

    A message's `replaces` is the sent message to edit, if there is one.
    """
    since = datetime.fromtimestamp(db.now.timestamp() - seconds, tz=db.now.tzinfo)
    # One that was written in the future was written before somebody put the clock back.
    ripe = or_(outbox.c.taken_at.is_(None), outbox.c.taken_at <= since, outbox.c.taken_at > db.now)
    found = and_(_waits(channel, ("progress",)), ripe)
    rows = db.run(update(outbox).where(found).values(taken_at=db.now).returning(*outbox.c)).all()
    messages = (replace(message_of(db, row), replaces=row.message) for row in rows)
    return tuple((message, somebody.address_of(db, message.door) or "") for message in messages)


def note_progress(db: Db, message: OutboxMessage, external_id: str, *, last: bool) -> None:
    """The message where progress is written; it is settled with its last writing."""
    values: dict[str, object] = {"message": external_id} | (
        {"state": "sent", "settled_at": db.now} if last else {}
    )
    db.run(update(outbox).where(outbox.c.id == message.id).values(**values))


def what_is_due(db: Db, channel: Channel) -> Due:
    """Whether there is anything that a channel's courier could claim; cheap enough to ask every second."""
    lanes: tuple[Sequence[Lane], ...] = (("conversation", "alert"), _awake(db, ("broadcast",)), ("progress",))
    found = (exists().where(_waits(channel, of), *_in_time(db, of)) for of in lanes)
    return Due(*map(bool, db.run(select(*found)).one()))


_SETTLE = prepared(
    update(outbox)
    .where(outbox.c.id == bindparam("letter"))
    .values(state=bindparam("to"), message=bindparam("ref"), settled_at=bindparam("at"), sealed=None)
)

# A worker that slept so long that another took over has nothing in hand any more.
_IN_HAND = and_(
    outbox.c.id.in_(bindparam("letters", expanding=True)),
    outbox.c.state == "taken",
    outbox.c.taken_by == bindparam("worker"),
)
_GO_ON = {"state": "sending", "taken_at": bindparam("moment", type_=Moment())}
_DROP_TAKEN = delete(outbox).where(_IN_HAND)
_GO = update(outbox).where(_IN_HAND).values(_GO_ON).returning(outbox.c.id)


def _waits(channel: Channel, lanes: Sequence[Lane]) -> ColumnElement[bool]:
    return and_(outbox.c.state == "waiting", outbox.c.lane.in_(lanes), outbox.c.door_kind == channel.name)


def _due(db: Db, channel: Channel, lanes: Sequence[Lane]) -> Select[tuple[int]]:
    return select(outbox.c.id).where(_waits(channel, lanes), *_in_time(db, lanes))


def _in_time(db: Db, lanes: Sequence[Lane]) -> Sequence[ColumnElement[bool]]:
    """Only a broadcast waits for its time. All else is due when it is born, and stays so when the clock is put back."""
    patient = outbox.c.due <= db.now
    if "broadcast" not in lanes:
        return ()
    return (patient,) if len(lanes) == 1 else (or_(outbox.c.lane != "broadcast", patient),)


def _before(db: Db) -> ColumnElement[bool]:
    """Whether something older of the same lane is to be sent to this chat first.

    The state is wrapped so that no index of it is of use here. Right after many were queued, PostgreSQL believes that
    hardly anything waits, and would look through all that does for each letter, instead of through its chat.
    """
    earlier = outbox.alias()
    state, lane = func.coalesce(earlier.c.state, ""), func.coalesce(earlier.c.lane, "")
    older = and_(earlier.c.door_id == outbox.c.door_id, earlier.c.id < outbox.c.id, lane == outbox.c.lane)
    in_time = or_(lane != "broadcast", earlier.c.due <= db.now)
    unsent = or_(state.in_(("taken", "sending")), and_(state == "waiting", in_time))
    return exists().where(older, unsent)


def _welcome() -> ColumnElement[bool]:
    theirs = and_(doors.c.id == outbox.c.door_id, people.c.id == doors.c.person_id)
    return exists().where(theirs, people.c.stopped_at.is_(None), doors.c.reachable)


_GO_IF_WELCOME = update(outbox).where(_IN_HAND, _welcome()).values(_GO_ON).returning(outbox.c.id)


def _awake(db: Db, lanes: Sequence[Lane]) -> Sequence[Lane]:
    return [lane for lane in lanes if lane != "broadcast"] if _quiet(db) else lanes


def _quiet(db: Db) -> bool:
    return next_waking(db.now, db.rules) > db.now
