"""What a person must release: after an older database was put in place, nothing goes to many by itself.

What waits in it may have gone out since, and nobody can know. So what had a time is a draft again, and what was on
its way is held, until somebody of the team sends it on or lets it go.
"""

from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import (
    ColumnElement,
    Row,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    update,
)

from conversations.effects import DropHeld, Refused, ReleaseHeld
from conversations.held import RELEASERS, AllHeld, HeldNow, HeldOne
from conversations.rules import next_waking
from conversations.speech import Session
from conversations.words import N_
from storage import audit
from storage import keeping as kept
from storage import outbox as letters
from storage.broadcasts import subject
from storage.carry import Deed, Deeds, Loaders
from storage.consultations import consultation
from storage.db import Db
from storage.outside import Log, PutBack
from storage.people import Door
from storage.tables import broadcasts, consultations, invites, keeping, outbox, outcomes, roles

_UNSENT = ("waiting", "taken")
_NAMED = ("consultation", "outcome")

DECIDED = N_("Somebody decided on that one already.")


@dataclass(frozen=True, slots=True)
class Held:
    """What was stopped: messages on their way to many, and what had a time and is a draft again."""

    messages: int = 0
    drafts: int = 0


def put_in_place(db: Db, log: Log, *, surely: bool = False) -> bool:
    """Writes down, here and in the log outside, that this database is older than it was. False where it is not
    (`surely`: it is), or where another worker did so just now.
    """
    here = kept.state(db)
    behind = keeping.c.mark < log.number
    mark = case((behind, log.number), else_=keeping.c.mark)
    found = update(keeping).where(or_(behind, true() if surely else behind))
    if db.run(found.values(put_back_at=db.now, mark=mark)).rowcount == 0:
        return False
    if db.outside is not None:
        before = max((line.lines for line in log.since), default=0)
        ends = audit.head(db) or audit.Head()
        db.outside.add(PutBack(db.now, here.lineage, before, ends.lines))
    audit.note(db, None, "older database put in place")
    return True


def take_back(db: Db) -> int:
    """What had a time is a draft again, for it may have gone out; links that nobody used are void, for somebody may
    have. How many drafts.
    """
    drafts = _drafts_again(db, consultations, "opens_at") + _drafts_again(db, outcomes, "publish_at")
    db.run(delete(invites).where(invites.c.used_at.is_(None)))
    return drafts


def hold(db: Db) -> int:
    """Holds all that is on its way to many, and asks no question again that was on its way to somebody. How many
    messages are held.
    """
    reply = and_(outbox.c.lane == "conversation", outbox.c.door_kind == "telegram")
    in_hand = outbox.c.state.in_((*_UNSENT, "sending"))
    db.run(update(outbox).where(reply, in_hand).values(state="unknown", settled_at=db.now, sealed=None))
    # A broadcast's that is `sending` may have arrived even then: the courier calls it unknown.
    unsent = and_(outbox.c.lane == "broadcast", outbox.c.state.in_(_UNSENT))
    messages = db.run(update(outbox).where(unsent).values(state="held", taken_at=None)).rowcount
    some = exists().where(outbox.c.broadcast_id == broadcasts.c.id, outbox.c.state == "held")
    stopped = or_(broadcasts.c.queued_at.is_(None), some)
    db.run(update(broadcasts).where(stopped).values(held_at=db.now))
    return messages


def tell(db: Db) -> None:
    """Tells every owner what was put in place."""
    mark = int(kept.state(db).mark)
    owners = select(roles.c.person_id).where(roles.c.role == "owner").order_by(roles.c.person_id)
    for person in db.run(owners).scalars().all():
        letters.announce(db, person, f"put-back:{mark}:{person}", "held", mark)


def _drafts_again(db: Db, table: Table, moment: str) -> int:
    timed = select(table.c.id).where(table.c.state == "scheduled").order_by(table.c.id)
    ids = db.run(timed).scalars().all()
    what = "consultation" if table is consultations else "outcome"
    for number in ids:
        audit.note(db, None, "a draft again", f"{what} {number}")
    db.run(update(table).where(table.c.id.in_(ids)).values({"state": "draft", moment: None}))
    return len(ids)


# --- a person decides ---------------------------------------------------------------------------------


def release(db: Db, door: Door, effect: ReleaseHeld) -> None:
    """Sends it on, and queues who was not in the queue yet. Pages wait for nobody's waking; chats do."""
    waking = literal(next_waking(db.now, db.rules), outbox.c.due.type)
    due = case((outbox.c.door_kind == "web", literal(db.now, outbox.c.due.type)), else_=waking)
    _decided(db, door, effect.broadcast, "sent on what was held", state="waiting", due=due)
    letters.announce(
        db,
        door.person.id,
        f"progress:{effect.broadcast}:{db.now.isoformat()}",
        "progress",
        effect.broadcast,
        lane="progress",
    )


def drop(db: Db, door: Door, effect: DropHeld) -> None:
    """They may have it already, so it is not sent again; who was not in the queue yet is not told by it."""
    _decided(db, door, effect.broadcast, "let go what was held", state="unknown", settled_at=db.now)
    ended = and_(broadcasts.c.id == effect.broadcast, broadcasts.c.queued_at.is_(None))
    db.run(update(broadcasts).where(ended).values(queued_at=db.now))


def _decided(db: Db, door: Door, number: int, did: str, **values: object) -> None:
    """Raises Refused where somebody decided before."""
    held = broadcasts.c.held_at.is_not(None)
    freed = db.run(update(broadcasts).where(broadcasts.c.id == number, held).values(held_at=None)).rowcount
    these = and_(outbox.c.state == "held", _of(number))
    if not db.run(update(outbox).where(these).values(**values)).rowcount + freed:
        raise Refused(DECIDED)
    audit.note(db, door.person.id, did, f"broadcast {number}")


def _of(number: int) -> ColumnElement[bool]:
    """The letters of something told to many; 0: those that belong to nothing."""
    return outbox.c.broadcast_id == number if number else outbox.c.broadcast_id.is_(None)


def all_held(db: Db, _door: Door, _session: Session) -> AllHeld:
    counted = (
        select(outbox.c.broadcast_id, func.count().label("n"))
        .where(outbox.c.state == "held")
        .group_by(outbox.c.broadcast_id)
    )
    people = {row.broadcast_id: row.n for row in db.run(counted)}
    stopped = select(broadcasts).where(broadcasts.c.held_at.is_not(None)).order_by(broadcasts.c.id)
    found = [_one(db, row, people.get(row.id, 0)) for row in db.run(stopped).all()]
    others = [HeldOne(0, "other", None, people[None])] if None in people else []
    return AllHeld((*found, *others))


def _one(db: Db, row: Row[Any], people: int) -> HeldOne:
    about = subject(db, row.kind, row.about)
    kind = cast("Literal['consultation', 'outcome', 'other']", row.kind if row.kind in _NAMED else "other")
    consulted = consultation(db, about) if about else None
    return HeldOne(row.id, kind, consulted, people, more=row.queued_at is None)


def held_now(db: Db, door: Door, _session: Session) -> HeldNow:
    if not door.person.may(*RELEASERS):
        return HeldNow(0)
    letters_held = select(func.count()).where(outbox.c.state == "held")
    begun = select(func.count()).where(broadcasts.c.held_at.is_not(None))
    return HeldNow(int(db.run(letters_held).scalar_one()) or int(db.run(begun).scalar_one()))


DEEDS: Deeds = {
    ReleaseHeld: Deed(release, roles=RELEASERS),
    DropHeld: Deed(drop, roles=RELEASERS),
}
FACTS: Loaders = {AllHeld: all_held, HeldNow: held_now}
