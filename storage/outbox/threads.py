"""Threads: both sides of a conversation on a page, kept so that we can show it again."""

from collections.abc import Collection, Sequence
from itertools import accumulate
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, desc, exists, or_, select, update

from conversations.core.channels import KEEPING_HISTORY, PUSHING
from conversations.core.messages import EVERYTHING, Say, quote_of
from conversations.core.record import Record
from conversations.people.effects import LeaveSharedDevice, SignOut, SignOutOtherPages
from storage.core.dispatch import EffectHandler, Handlers, MyDataFields
from storage.core.door import Door
from storage.core.unit_of_work import Db, prepared
from storage.outbox import outbox as messages
from storage.people import people
from storage.security import audit_log
from storage.tables import doors, outbox

_SHOWN = 60  # messages; older ones are not needed to answer
_BYTES_SHOWN = 40_000  # of all of them together
_KEPT = 200  # messages of a conversation: a page that stays open for long shows more than it would anew
_AT_ONCE = 1000  # doors in one query: databases limit the number of parameters


class ThreadLine(Record):
    """One message of a thread. `say` is None where a page already shows it.

    `mine`: the person's own. `alone`: it came by itself, not as a reply. `fresh`: it holds one-time values, shown only
    until the person goes on. `turn`: the turn that it belongs to. `new`: not seen before.
    """

    id: int
    say: Say | None
    mine: bool = False
    alone: bool = False
    fresh: bool = False
    turn: str = ""
    new: bool = False


# Broadcast messages whose text was blanked, because an answer that they quoted has changed.
_TO_REBUILD = and_(
    outbox.c.state == "shown",
    outbox.c.sealed.is_(None),
    outbox.c.lane == "broadcast",
    outbox.c.about.is_not(None),
)
# Every turn on a page runs these: see `prepared`.
_AT_DOOR = outbox.c.door_id == bindparam("door")
_WAITING = and_(outbox.c.state == "waiting", outbox.c.due <= bindparam("now"))
_HAS_WAITING = prepared(select(exists().where(_AT_DOOR, or_(_WAITING, _TO_REBUILD))))
_IN_THREAD = (_AT_DOOR, outbox.c.state == "shown", outbox.c.sealed.is_not(None))
_OWN_WORDS = prepared(outbox.insert())
_QUESTION = (
    select(outbox.c.id)
    .where(_AT_DOOR, outbox.c.lane == "conversation", outbox.c.kind != "own")
    .order_by(desc(outbox.c.id))
    .limit(1)
)
_DROP_QUESTION = prepared(delete(outbox).where(outbox.c.id == _QUESTION.scalar_subquery()))
_OLDEST = select(outbox.c.id).where(_AT_DOOR, outbox.c.lane == "conversation").order_by(desc(outbox.c.id))
_FORGET_OLD = prepared(
    delete(outbox).where(
        _AT_DOOR,
        outbox.c.lane == "conversation",
        outbox.c.id <= _OLDEST.offset(_KEPT).limit(1).scalar_subquery(),
    )
)
_CLEAR = prepared(delete(outbox).where(_AT_DOOR, outbox.c.lane == "conversation"))
_NOTE_QUOTES = prepared(
    update(outbox).where(outbox.c.id == bindparam("line")).values(quotes=bindparam("names"))
)
# Leaves out messages from before a sign-in ended, so that the browser's next user sees no results and no answers.
_NOT_SIGNED_OUT = ~exists().where(
    doors.c.id == outbox.c.door_id,
    doors.c.signed_in_until <= bindparam("now"),
    outbox.c.due < doors.c.signed_in_until,
)
_THREAD = prepared(
    select(outbox.c.id, outbox.c.once, outbox.c.kind, outbox.c.lane, outbox.c.sealed)
    .where(*_IN_THREAD, _NOT_SIGNED_OUT)
    .order_by(desc(outbox.c.id))
    .limit(_SHOWN)
)
_PAGES = select(doors.c.id).where(doors.c.person_id == bindparam("person"), doors.c.kind.in_(KEEPING_HISTORY))
_UNQUOTE = delete(outbox).where(
    outbox.c.door_id.in_(_PAGES), outbox.c.quotes.in_(bindparam("quotes", expanding=True))
)
_UNSAY = (
    update(outbox)
    .where(outbox.c.door_id.in_(_PAGES), outbox.c.state == "shown", outbox.c.lane == "broadcast")
    .values(sealed=None)
)


def thread(db: Db, door: int, has: int = 0, *, changed: Collection[int] = ()) -> tuple[ThreadLine, ...]:
    """The newest messages at a door, oldest first. Messages from before a sign-in ended are left out.

    `has` is the newest one that a page already shows; older ones come without their text unless they `changed`. Those
    of its turn count as newer: their buttons go.
    """
    rows = db.run(_THREAD, {"door": door, "now": db.now}).all()
    last_turn = next((messages.turn_of(row.once) for row in rows if row.id <= has), "")
    return tuple(
        ThreadLine(
            row.id,
            messages.unseal(db, row.once, row.sealed)
            if row.id > has or row.id in changed or messages.turn_of(row.once) == last_turn
            else None,
            mine=row.kind == "own",
            alone=row.lane != "conversation",
            fresh=row.kind == "fresh",
            turn=messages.turn_of(row.once),
        )
        for row in reversed(_newest(rows))
    )


def _newest(rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """The rows that are shown, newest first: the newest, and as many others as are not too long together."""
    sizes = accumulate(len(row.sealed) for row in rows)
    return [row for row, size in zip(rows, sizes, strict=True) if size <= _BYTES_SHOWN or row is rows[0]]


def has_waiting(db: Db, door: int) -> bool:
    """Whether something waits to be shown at a door, or a text that it has shown must be built again."""
    return bool(db.run(_HAS_WAITING, {"door": door, "now": db.now}).scalar())


def messages_to_rebuild(db: Db, door: int) -> tuple[messages.OutboxMessage, ...]:
    """Messages that a page has shown and whose text must be built again."""
    there = outbox.c.door_id == door
    rows = db.run(select(outbox).where(there, _TO_REBUILD, _NOT_SIGNED_OUT), {"now": db.now})
    return tuple(messages.message_of(db, row) for row in rows)


def replace_words(db: Db, message: messages.OutboxMessage, say: Say | None) -> None:
    """Stores a message's new text. With None, the message has nothing left to say and is deleted."""
    mine = outbox.c.id == message.id
    if say is None:
        db.run(delete(outbox).where(mine))
    else:
        db.run(update(outbox).where(mine).values(sealed=messages.seal(db, message.once, say)))


def unquote(db: Db, person: int, consultation: int, questions: Collection[str]) -> None:
    """Deletes messages from a person's pages, theirs and ours, that quote an answer which is gone. Broadcast messages
    are blanked, and built again when next shown.
    """
    names = (EVERYTHING, *questions)
    quotes = [EVERYTHING, *(quote_of(consultation, name) for name in names)]
    db.run(_UNQUOTE, {"person": person, "quotes": quotes})
    db.run(_UNSAY, {"person": person})


def note_quotes(db: Db, message: int, quotes: str) -> None:
    """Stores which answers a message quotes."""
    db.run(_NOTE_QUOTES, {"line": message, "names": quotes})


def own_texts(db: Db, person: int) -> tuple[str, ...]:
    """What a person tapped and wrote on their pages, as far as it is kept; oldest first."""
    theirs = (outbox.c.kind == "own", outbox.c.sealed.is_not(None), doors.c.person_id == person)
    query = select(outbox.c.once, outbox.c.sealed).join(doors, doors.c.id == outbox.c.door_id).where(*theirs)
    return tuple(
        messages.unseal(db, row.once, row.sealed).text for row in db.run(query.order_by(outbox.c.id))
    )


def attachment(db: Db, door: int, line: int) -> Say | None:
    """One message of this door, which may have an attachment. None if it is another door's."""
    mine = (
        outbox.c.id == line,
        outbox.c.door_id == door,
        outbox.c.sealed.is_not(None),
        _NOT_SIGNED_OUT,
    )
    row = db.run(select(outbox.c.once, outbox.c.sealed).where(*mine), {"now": db.now}).first()
    return messages.unseal(db, row.once, row.sealed) if row else None


def own_words(db: Db, door: Door, once: str, text: str, quotes: str = "") -> None:
    """Adds what a person did to their thread. `quotes` names the answer that it gave."""
    whose = {"door_id": door.id, "door_kind": door.channel.name}
    values = {**whose, "lane": "conversation", "kind": "own", "state": "shown"}
    sealed = messages.seal(db, once, Say(text))
    values |= {"sealed": sealed, "quotes": quotes or None, "due": db.now, "settled_at": db.now}
    db.run(_OWN_WORDS, {"once": once, **values})


def drop_question(db: Db, door: int) -> None:
    """Deletes the newest question from the thread, because the same one is asked again."""
    db.run(_DROP_QUESTION, {"door": door})


def forget_old(db: Db, door: int) -> None:
    """Deletes all but the newest messages of a conversation."""
    db.run(_FORGET_OLD, {"door": door})


def clear(db: Db, door: int) -> None:
    """Deletes all conversation messages from the thread."""
    db.run(_CLEAR, {"door": door})


def doors_with_news(db: Db, watched: Sequence[int], *, progress: bool = True) -> set[int]:
    """Those of these doors where something waits to be shown. `progress`: progress messages count too."""
    waits = [outbox.c.door_kind.not_in(PUSHING), outbox.c.state == "waiting", outbox.c.due <= db.now]
    if not progress:
        waits.append(outbox.c.lane != "progress")
    found: set[int] = set()
    for start in range(0, len(watched), _AT_ONCE):
        these = outbox.c.door_id.in_(watched[start : start + _AT_ONCE])
        found |= set(db.run(select(outbox.c.door_id).where(*waits, these).distinct()).scalars())
    return found


def leave(db: Db, door: Door, _effect: LeaveSharedDevice) -> None:
    if door.shared:
        close(db, door)


def sign_out(db: Db, door: Door, _effect: SignOut) -> None:
    if door.person.is_staff:
        db.run(update(doors).where(doors.c.id == door.id).values(signed_in_until=db.now))
        audit_log.note(db, door.person.id, "signed out of a page")
    else:
        close(db, door)


def sign_out_others(db: Db, door: Door, _effect: SignOutOtherPages) -> None:
    _close(db, other_pages(db, door), door.person.id)
    if door.person.is_staff:
        audit_log.note(db, door.person.id, "signed out of other pages")


def other_pages(db: Db, door: Door) -> tuple[int, ...]:
    """The pages of the same person, without this one."""
    theirs = select(doors.c.id).where(doors.c.person_id == door.person.id, doors.c.kind.in_(KEEPING_HISTORY))
    return tuple(db.run(theirs.where(doors.c.id != door.id)).scalars())


def close(db: Db, door: Door) -> None:
    """Signs a page out for good: deletes its door and thread, and keeps the person's answers."""
    _close(db, (door.id,), door.person.id)


def _close(db: Db, pages: Collection[int], person: int) -> None:
    db.run(delete(outbox).where(outbox.c.door_id.in_(pages)))
    db.run(delete(doors).where(doors.c.id.in_(pages)))
    people.find_other_doors(db, person)


MY_DATA: MyDataFields = {"typed": own_texts}


HANDLERS: Handlers = {
    LeaveSharedDevice: EffectHandler(leave),
    SignOut: EffectHandler(sign_out),
    SignOutOtherPages: EffectHandler(sign_out_others),
}
