"""The messages that asked a question: whether anybody can have seen them, and which later messages belong to them."""

from sqlalchemy import bindparam, desc, select

from conversations.core.record import Record
from storage.core.unit_of_work import Db, prepared
from storage.outbox.outbox import UNDERWAY, turn_of
from storage.tables import outbox

_REPLIES = ("say", "fresh", "passing")

# Every text in a chat runs these: see `prepared`.
_ASKED = prepared(
    select(outbox.c.id, outbox.c.once, outbox.c.state, outbox.c.message).where(
        outbox.c.once == bindparam("once")
    )
)
_NEWEST = prepared(
    select(outbox.c.state)
    .where(outbox.c.door_id == bindparam("door"), outbox.c.kind.in_(_REPLIES))
    .order_by(desc(outbox.c.id))
    .limit(1)
)


class AskedQuestion(Record):
    """The message that asked a question. `message` is the channel's id of it, None if it is unknown."""

    id: int
    turn: str
    is_unseen: bool
    message: str | None


def asked(db: Db, once: str) -> AskedQuestion | None:
    """The message with this `once`; None if it is no longer kept."""
    row = db.run(_ASKED, {"once": once}).first()
    if row is None:
        return None
    return AskedQuestion(row.id, turn_of(row.once), row.state in UNDERWAY, row.message)


def is_of_another_turn(db: Db, door: int, message: str, question: AskedQuestion) -> bool:
    """Whether a message of ours is older than the question, or no reply, such as an invitation. One that is no longer
    known is not.
    """
    here = (outbox.c.door_id == door, outbox.c.message == message)
    newest = select(outbox.c.id, outbox.c.once, outbox.c.kind).where(*here).order_by(desc(outbox.c.id))
    row = db.run(newest.limit(1)).first()
    if row is None:
        return False
    return row.kind not in _REPLIES or (row.id < question.id and turn_of(row.once) != question.turn)


def is_on_its_way(db: Db, door: int) -> bool:
    """Whether the newest reply at a door is being sent now, so that nobody knows yet what its reader has seen."""
    return bool(db.run(_NEWEST, {"door": door}).scalar() == "sending")
