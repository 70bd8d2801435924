"""What we keep of a conversation to show it ourselves: what was said on both sides, for thirty days."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, bindparam, delete, desc, exists, select, update

from conversations.core.channels import KEEPING_HISTORY, PUSHING
from conversations.core.events import Chose, Event, Said
from conversations.core.messages import EVERYTHING, Choice, Say, quote_of
from conversations.core.record import record
from conversations.people.effects import LeaveSharedDevice
from storage.core.dispatch import EffectHandler, Handlers, MyDataFields
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.outbox import outbox as messages
from storage.people import people
from storage.tables import doors, outbox

_SHOWN = 60  # messages; older ones are not needed to answer
_AT_ONCE = 1000  # doors in one query: a database takes only so many parameters


@record
class ThreadLine:
    """One message of a thread. `mine` is what the person did; `alone` came by itself, not in answer; `fresh`
    holds values that are shown until the person goes on, and never again. `turn` is what it belongs to, `new`
    whether nobody saw it before.
    """

    id: int
    say: Say
    mine: bool = False
    alone: bool = False
    fresh: bool = False
    turn: str = ""
    new: bool = False


# What came by itself, and is to be put into words again: an answer that it repeated was changed.
_UNSAID = and_(
    outbox.c.state == "shown",
    outbox.c.sealed.is_(None),
    outbox.c.lane == "broadcast",
    outbox.c.about.is_not(None),
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


def thread(db: Db, door: int) -> tuple[ThreadLine, ...]:
    """The newest messages at a door, oldest first. What staff saw while signed in goes when that ends."""
    theirs = (
        outbox.c.door_id == door,
        outbox.c.state == "shown",
        outbox.c.sealed.is_not(None),
        _not_signed_out(db),
    )
    columns = (outbox.c.id, outbox.c.once, outbox.c.kind, outbox.c.lane, outbox.c.sealed)
    rows = db.run(select(*columns).where(*theirs).order_by(desc(outbox.c.id)).limit(_SHOWN)).all()
    return tuple(
        ThreadLine(
            row.id,
            messages.opened(db, row.once, row.sealed),
            mine=row.kind == "own",
            alone=row.lane != "conversation",
            fresh=row.kind == "fresh",
            turn=row.once.rpartition(":")[0],
        )
        for row in reversed(rows)
    )


def unsaid(db: Db, door: int) -> tuple[messages.OutboxMessage, ...]:
    """What a page showed, and what has to be put into words again."""
    rows = db.run(select(outbox).where(outbox.c.door_id == door, _UNSAID, _not_signed_out(db)))
    return tuple(messages.message_of(db, row) for row in rows)


def say_again(db: Db, message: messages.OutboxMessage, say: Say | None) -> None:
    """Puts it into the thread in its new words; it goes where there is nothing to say any more."""
    mine = outbox.c.id == message.id
    if say is None:
        db.run(delete(outbox).where(mine))
    else:
        db.run(update(outbox).where(mine).values(sealed=messages.seal(db, message.once, say)))


def unquote(db: Db, person: int, consultation: int, questions: Collection[str]) -> None:
    """Takes every message off somebody's pages that repeats an answer which is no more: their own words, and
    ours. What came by itself is put into words again when it is shown next.
    """
    names = (EVERYTHING, *questions)
    quotes = [EVERYTHING, *(quote_of(consultation, name) for name in names)]
    db.run(_UNQUOTE, {"person": person, "quotes": quotes})
    db.run(_UNSAY, {"person": person})


def quoting(db: Db, message: int, quotes: str) -> None:
    """Notes which answers a message repeats."""
    db.run(update(outbox).where(outbox.c.id == message).values(quotes=quotes))


def typed(db: Db, person: int) -> tuple[str, ...]:
    """What somebody did and wrote on their pages, as far as it is kept; oldest first."""
    theirs = (outbox.c.kind == "own", outbox.c.sealed.is_not(None), doors.c.person_id == person)
    query = select(outbox.c.once, outbox.c.sealed).join(doors, doors.c.id == outbox.c.door_id).where(*theirs)
    return tuple(
        messages.opened(db, row.once, row.sealed).text for row in db.run(query.order_by(outbox.c.id))
    )


def attachment(db: Db, door: int, line: int) -> Say | None:
    """A message of this door that may have a paper with it. Nobody else's."""
    mine = (
        outbox.c.id == line,
        outbox.c.door_id == door,
        outbox.c.sealed.is_not(None),
        _not_signed_out(db),
    )
    row = db.run(select(outbox.c.once, outbox.c.sealed).where(*mine)).first()
    return messages.opened(db, row.once, row.sealed) if row else None


def _not_signed_out(db: Db) -> ColumnElement[bool]:
    """Nothing of before a sign-in ended: whoever sits at that browser next sees no results, and no answers."""
    ended = doors.c.signed_in_until <= db.now
    before = outbox.c.due < doors.c.signed_in_until
    return ~exists().where(doors.c.id == outbox.c.door_id, ended, before)


def own_words(db: Db, door: Door, once: str, text: str, quotes: str = "") -> None:
    """Puts what somebody did into their thread. `quotes` is the answer that it was."""
    whose = {"door_id": door.id, "door_kind": door.channel.name}
    values = {**whose, "lane": "conversation", "kind": "own", "state": "shown"}
    sealed = messages.seal(db, once, Say(text))
    values |= {"sealed": sealed, "quotes": quotes or None, "due": db.now, "settled_at": db.now}
    db.run(outbox.insert().values(once=once, **values))


def done_there(db: Db, door: int, event: Event, line: str | None) -> tuple[str, str]:
    """What somebody did, in words: what they wrote, or what stood on the button; and the answers that the message
    with that button repeats. `line` is that message, where the page says so.
    """
    if isinstance(event, Said):
        return event.text, ""
    if not isinstance(event, Chose):
        return "", ""
    theirs = outbox.c.door_id == door, outbox.c.sealed.is_not(None), outbox.c.kind != "own"
    mine = select(outbox.c.once, outbox.c.kind, outbox.c.sealed, outbox.c.quotes).where(*theirs)
    tapped = mine.where(outbox.c.id == int(line)) if line else mine.order_by(desc(outbox.c.id)).limit(3)
    for row in db.run(tapped):
        if label := _label(messages.opened(db, row.once, row.sealed), event.key, row.kind):
            return label, row.quotes or ""
    return "", ""


def _label(say: Say, key: str, kind: str) -> str:
    """What stood on a button; on the Done of several options, those that were ticked. What somebody else wrote is
    not said in full.
    """
    buttons = [button for row in say.rows for button in row if isinstance(button, Choice)]
    ticked = [_in_full(button.label, say) for button in buttons if button.ticked]
    if key == "done" and ticked:
        return ", ".join(ticked)
    tapped = (button.label for button in buttons if button.key == key)
    return next((label if kind == "passing" else _in_full(label, say) for label in tapped), "")


def _in_full(label: str, say: Say) -> str:
    """What a button stands for: where it only has a number, the line with that number."""
    lines = (line.partition(". ") for line in say.text.splitlines())
    return next((text for number, _, text in lines if number == label and text), label)


def drop_question(db: Db, door: int) -> None:
    """Takes the newest question out of the thread: the same one, asked again, takes its place."""
    asked = outbox.c.door_id == door, outbox.c.lane == "conversation", outbox.c.kind != "own"
    newest = select(outbox.c.id).where(*asked).order_by(desc(outbox.c.id)).limit(1).scalar_subquery()
    db.run(delete(outbox).where(outbox.c.id == newest))


def clear(db: Db, door: int) -> None:
    """Takes everything out of the thread that was said so far in answer."""
    db.run(delete(outbox).where(outbox.c.door_id == door, outbox.c.lane == "conversation"))


def with_news(db: Db, watched: Sequence[int], *, progress: bool = True) -> set[int]:
    """Of these doors, those where something waits to be shown; with or without how far a broadcast is."""
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


def close(db: Db, door: Door) -> None:
    """Signs a page out for good: nothing of it stays but what the person said."""
    db.run(delete(outbox).where(outbox.c.door_id == door.id))
    db.run(delete(doors).where(doors.c.id == door.id))
    people.find_other_doors(db, door.person.id)


MY_DATA: MyDataFields = {"typed": typed}


HANDLERS: Handlers = {LeaveSharedDevice: EffectHandler(leave)}
