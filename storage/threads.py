"""What a web page shows of a conversation: what was said on both sides, for thirty days."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, desc, exists, select

from conversations.events import Chose, Event, Said
from conversations.speech import Choice, Say
from storage import outbox as letters
from storage import people
from storage.db import Db
from storage.people import Door
from storage.tables import doors, outbox

_SHOWN = 60  # messages; older ones are not needed to answer
_AT_ONCE = 1000  # doors in one query: a database takes only so many parameters


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a thread. `mine` is what the person did; `alone` came by itself, not in answer; `fresh`
    holds values that are shown until the person goes on, and never again.
    """

    id: int
    say: Say
    mine: bool = False
    alone: bool = False
    fresh: bool = False


def thread(db: Db, door: int) -> tuple[Line, ...]:
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
        Line(
            row.id,
            letters.opened(db, row.once, row.sealed),
            mine=row.kind == "own",
            alone=row.lane != "conversation",
            fresh=row.kind == "fresh",
        )
        for row in reversed(rows)
    )


def typed(db: Db, person: int) -> tuple[str, ...]:
    """What somebody did and wrote on their pages, as far as it is kept; oldest first."""
    theirs = (outbox.c.kind == "own", outbox.c.sealed.is_not(None), doors.c.person_id == person)
    query = select(outbox.c.once, outbox.c.sealed).join(doors, doors.c.id == outbox.c.door_id).where(*theirs)
    return tuple(letters.opened(db, row.once, row.sealed).text for row in db.run(query.order_by(outbox.c.id)))


def paper(db: Db, door: int, line: int) -> Say | None:
    """A message of this door that may have a paper with it. Nobody else's."""
    mine = (
        outbox.c.id == line,
        outbox.c.door_id == door,
        outbox.c.sealed.is_not(None),
        _not_signed_out(db),
    )
    row = db.run(select(outbox.c.once, outbox.c.sealed).where(*mine)).first()
    return letters.opened(db, row.once, row.sealed) if row else None


def _not_signed_out(db: Db) -> ColumnElement[bool]:
    """Nothing of before a sign-in ended: whoever sits at that browser next sees no results, and no answers."""
    ended = doors.c.signed_in_until <= db.now
    before = outbox.c.due < doors.c.signed_in_until
    return ~exists().where(doors.c.id == outbox.c.door_id, ended, before)


def own_words(db: Db, door: int, once: str, event: Event) -> None:
    """Puts what somebody did into their thread: their words, or what stood on the button."""
    text = event.text if isinstance(event, Said) else _label(db, door, event)
    if not text:
        return
    values = {"door_id": door, "door_kind": "web", "lane": "conversation", "kind": "own", "state": "shown"}
    sealed = letters.seal(db, once, Say(text))
    db.run(outbox.insert().values(once=once, sealed=sealed, due=db.now, settled_at=db.now, **values))


def _label(db: Db, door: int, event: Event) -> str:
    if not isinstance(event, Chose):
        return ""
    theirs = outbox.c.door_id == door, outbox.c.sealed.is_not(None)
    columns = (outbox.c.once, outbox.c.kind, outbox.c.sealed)
    newest = select(*columns).where(*theirs).order_by(desc(outbox.c.id)).limit(3)
    for row in db.run(newest):
        say = letters.opened(db, row.once, row.sealed)
        buttons = [button for line in say.rows for button in line if isinstance(button, Choice)]
        tapped = next((button for button in buttons if button.key == event.key), None)
        if tapped:
            ticked = [_in_full(button.label, say) for button in buttons if button.ticked]
            goes_on = tapped.ticked is None and not tapped.aside
            if ticked and goes_on:
                return ", ".join(ticked)
            return tapped.label if row.kind == "passing" else _in_full(tapped.label, say)
    return ""


def _in_full(label: str, say: Say) -> str:
    """What a button stands for: where it only has a number, the line with that number."""
    lines = (line.partition(". ") for line in say.text.splitlines())
    return next((text for number, _, text in lines if number == label and text), label)


def drop_question(db: Db, door: int) -> None:
    """Takes the newest question out of the thread: the same one, asked again, takes its place."""
    asked = outbox.c.door_id == door, outbox.c.lane == "conversation", outbox.c.kind != "own"
    newest = select(outbox.c.id).where(*asked).order_by(desc(outbox.c.id)).limit(1).scalar_subquery()
    db.run(delete(outbox).where(outbox.c.id == newest))


def with_news(db: Db, watched: Sequence[int], *, progress: bool = True) -> set[int]:
    """Of these doors, those where something waits to be shown; with or without how far a broadcast is."""
    waits = [outbox.c.door_kind == "web", outbox.c.state == "waiting", outbox.c.due <= db.now]
    if not progress:
        waits.append(outbox.c.lane != "progress")
    found: set[int] = set()
    for start in range(0, len(watched), _AT_ONCE):
        these = outbox.c.door_id.in_(watched[start : start + _AT_ONCE])
        found |= set(db.run(select(outbox.c.door_id).where(*waits, these).distinct()).scalars())
    return found


def close(db: Db, door: Door) -> None:
    """Signs a page out for good: nothing of it stays but what the person said."""
    db.run(delete(outbox).where(outbox.c.door_id == door.id))
    db.run(delete(doors).where(doors.c.id == door.id))
    people.find_other_doors(db, door.person.id)
