"""After a restore, broadcasts are held until someone on the team releases them.

Messages that wait in the backup may already have been sent; nobody can know. So scheduled items become drafts again, and
queued broadcasts are held until someone on the team sends or discards them.
"""

from sqlalchemy import (
    Table,
    and_,
    case,
    delete,
    exists,
    or_,
    select,
    true,
    update,
)

from conversations.broadcasts.messages import ASKED_ONCE, RESTORED
from conversations.core.channels import PUSHING
from conversations.core.record import Record
from conversations.team.rights import Rights
from storage.core import ids
from storage.core.unit_of_work import Db
from storage.outbox import outbox as messages
from storage.security import audit_log, lineage
from storage.security.erasure_log import LogContents, Restored
from storage.tables import (
    approvals,
    broadcasts,
    consultations,
    invites,
    keeping,
    news,
    outbox,
    outcomes,
)
from storage.team.rights import who_may

_UNSENT = ("waiting", "taken")


class HoldCounts(Record):
    """How many broadcast messages are held, and how many scheduled items became drafts again."""

    messages: int = 0
    drafts: int = 0


def record_restore(db: Db, log: LogContents, *, surely: bool = False) -> bool:
    """Records, here and in the erasure log, that an older database was put in place. False if this one is not older
    (`surely` skips that check), or if another worker has just recorded it.
    """
    here = lineage.find_or_create(db)
    behind = keeping.c.mark < log.number
    mark = case((behind, log.number), else_=keeping.c.mark)
    found = update(keeping).where(or_(behind, true() if surely else behind))
    if db.run(found.values(put_back_at=db.now, mark=mark, copied_at=None)).rowcount == 0:
        return False
    if db.erasure_log is not None:
        before = max((line.lines for line in log.marks), default=0)
        ends = audit_log.head(db) or audit_log.Head()
        db.erasure_log.add(Restored(db.now, here.lineage, before, ends.lines))
    ids.skip_lost(db.connection)
    audit_log.note(db, None, "older database put in place")
    return True


def revert_to_drafts(db: Db) -> int:
    """Turns scheduled items into drafts, because they may have gone out, and deletes unused invites, because they may
    have been used. Returns how many drafts.
    """
    drafts = _revert(db, consultations, "opens_at") + _revert(db, outcomes, "publish_at")
    drafts += _revert(db, news, "goes_at")
    # Approvals go too: what they approved may have changed since, or gone out.
    db.run(update(outcomes).where(outcomes.c.state == "draft").values(zone=None))
    db.run(
        delete(approvals).where(
            approvals.c.outcome_id.in_(select(outcomes.c.id).where(outcomes.c.state == "draft"))
        )
    )
    db.run(delete(invites).where(invites.c.used_at.is_(None)))
    return drafts


def quarantine(db: Db) -> int:
    """Holds queued broadcasts, and sends no queued reply or one-time question again. Returns how many messages are held."""
    reply = and_(outbox.c.lane == "conversation", outbox.c.door_kind.in_(PUSHING))
    # Other messages to one person may go out: they are built when sent, so they are up to date.
    asked = and_(outbox.c.kind.in_(ASKED_ONCE), outbox.c.broadcast_id.is_(None))
    in_hand = outbox.c.state.in_((*_UNSENT, "sending"))
    db.run(
        update(outbox)
        .where(or_(reply, asked), in_hand)
        .values(state="unknown", settled_at=db.now, sealed=None)
    )
    # A broadcast message that was `sending` may have arrived back then: the courier makes it unknown.
    unsent = and_(outbox.c.broadcast_id.is_not(None), outbox.c.state.in_(_UNSENT))
    messages = db.run(
        update(outbox).where(unsent).values(state="held", taken_at=None, taken_by=None)
    ).rowcount
    some = exists().where(outbox.c.broadcast_id == broadcasts.c.id, outbox.c.state == "held")
    stopped = or_(broadcasts.c.queued_at.is_(None), some)
    db.run(update(broadcasts).where(stopped).values(held_at=db.now))
    return messages


def notify_owners(db: Db) -> None:
    """Tells every owner that an older database was put in place."""
    mark = int(lineage.find_or_create(db).mark)
    for person in db.run(who_may(Rights.KEEP_RUNNING)).scalars().all():
        messages.announce(db, person, f"put-back:{mark}:{person}", RESTORED, mark)


def _revert(db: Db, table: Table, moment: str) -> int:
    timed = select(table.c.id).where(table.c.state == "scheduled").order_by(table.c.id)
    ids = db.run(timed).scalars().all()
    what = {consultations: "consultation", outcomes: "outcome", news: "news"}[table]
    for number in ids:
        audit_log.note(db, None, "a draft again", f"{what} {number}")
    db.run(update(table).where(table.c.id.in_(ids)).values({"state": "draft", moment: None}))
    return len(ids)
