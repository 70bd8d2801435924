"""Broadcasts held since a restore, until someone on the team sends or discards them."""

from sqlalchemy import and_, func, select, update

from conversations.broadcasts.after_restore import HeldCount
from conversations.broadcasts.effects import DropHeld
from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.core.messages import Session
from conversations.team.rights import Rights
from storage.core.dispatch import EffectHandler, Handlers, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.security import audit_log
from storage.tables import broadcasts, outbox

DECIDED = N_("Somebody decided on that one already.")


def release(db: Db, number: int) -> bool:
    """Lets a held broadcast queue its remaining recipients. False if it was not held."""
    held = and_(broadcasts.c.id == number, broadcasts.c.held_at.is_not(None))
    return bool(db.run(update(broadcasts).where(held).values(held_at=None)).rowcount)


def drop(db: Db, door: Door, effect: DropHeld) -> None:
    """Discards held messages, because people may have them already. Recipients not queued yet get nothing."""
    freed = release(db, effect.broadcast)
    these = and_(outbox.c.state == "held", outbox.c.broadcast_id == effect.broadcast)
    unknown = update(outbox).where(these).values(state="unknown", settled_at=db.now)
    if not db.run(unknown).rowcount and not freed:
        raise Refused(DECIDED)
    ended = and_(broadcasts.c.id == effect.broadcast, broadcasts.c.queued_at.is_(None))
    db.run(update(broadcasts).where(ended).values(queued_at=db.now))
    audit_log.note(db, door.person.id, "let go what was held", f"broadcast {effect.broadcast}")


def held_now(db: Db, door: Door, _session: Session) -> HeldCount:
    if not door.person.may(Rights.SEND_BROADCASTS):
        return HeldCount(0)
    messages = select(func.count()).where(outbox.c.state == "held")
    begun = select(func.count()).where(broadcasts.c.held_at.is_not(None))
    return HeldCount(int(db.run(messages).scalar_one()) or int(db.run(begun).scalar_one()))


HANDLERS: Handlers = {DropHeld: EffectHandler(drop, right=Rights.SEND_BROADCASTS)}
FACTS: Loaders = {HeldCount: held_now}
