"""Moves promises and changes the status of parts, tells those who took part, and notes it in the audit log."""

from sqlalchemy import update

from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.promises.effects import ChangeStatus, MovePromise, SayLooking
from conversations.promises.promise import (
    NEXT_STATUSES,
    NO_REASON,
    NOT_LATER,
    REASON_MOST,
    TO_COME,
    TOO_LONG,
    Promise,
    PromiseRef,
    reason_in,
)
from conversations.team.rights import Rights
from storage.core.dispatch import EffectHandler, Handlers
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.outbox import broadcasts
from storage.outcomes import history as outcome_history
from storage.outcomes import subjects
from storage.promises import promises
from storage.promises import reminders as promise_reminders
from storage.promises.recipients import MOVE_RECIPIENTS, STATUS_RECIPIENTS
from storage.security import audit_log
from storage.tables import consultations, parts

KEPT = N_("That promise is kept already, or gone. Nothing has changed.")
MOVED = N_("A colleague moved it a moment ago. Here is how it stands now.")
CHANGED = N_("A colleague changed it a moment ago. Here is how it stands now.")
NOT_FROM_HERE = N_("It can't go there from where it stands.")
SAID_SO = N_("They were told already.")


def move(db: Db, door: Door, effect: MovePromise) -> None:
    """Moves a promise to a later day, with a reason. Of two at once, the second is refused."""
    promise = _lock(db, effect.of)
    if promise.due != effect.was:
        raise Refused(MOVED)
    if effect.day <= db.today:
        raise Refused(TO_COME)
    if effect.day <= promise.due:
        raise Refused(NOT_LATER)
    reason = _reason(effect.reason)
    if effect.of.kind == "consultation":
        whose = consultations.c.id == effect.of.id
        db.run(update(consultations).where(whose).values(reply_by=effect.day))
        promise_reminders.start(db, effect.of.id)
    else:
        db.run(update(parts).where(parts.c.id == effect.of.id).values(due=effect.day))
    number = outcome_history.add_move(
        db,
        reason,
        **{f"{effect.of.kind}_id": effect.of.id},
        was=promise.due,
        now=effect.day,
        language=promise.language,
        moved_by=door.person.id,
    )
    audit_log.note(db, door.person.id, "promise.moved", f"{effect.of.kind} {effect.of.id}")
    broadcasts.begin(db, MOVE_RECIPIENTS, number, db.now, door.person.id)


def change(db: Db, door: Door, effect: ChangeStatus) -> None:
    """Changes the status of a published part. The published decision stays, with the new status beside it."""
    promise = _lock(db, PromiseRef("part", effect.part))
    assert promise.part is not None
    if promise.part.stands != effect.was:
        raise Refused(CHANGED)
    if effect.now not in NEXT_STATUSES.get(effect.was, ()):
        raise Refused(NOT_FROM_HERE)
    because = _reason(effect.because) if effect.now == "cant" else ""
    db.run(update(parts).where(parts.c.id == effect.part).values(stands=effect.now))
    number = outcome_history.add_change(
        db,
        because,
        part_id=effect.part,
        was=effect.was,
        now=effect.now,
        language=promise.language,
        changed_by=door.person.id,
    )
    audit_log.note(db, door.person.id, f"part.{effect.now}", f"part {effect.part}")
    broadcasts.begin(db, STATUS_RECIPIENTS, number, db.now, door.person.id)


def say_looking(db: Db, door: Door, effect: SayLooking) -> None:
    promise = _lock(db, PromiseRef("consultation", effect.consultation))
    if any(one.now == "looking" for one in promise.changes):
        raise Refused(SAID_SO)
    was = "open" if promise.about.open else "closed"
    values = {"consultation_id": effect.consultation, "was": was, "now": "looking"}
    number = outcome_history.add_change(db, "", **values, changed_by=door.person.id)
    audit_log.note(db, door.person.id, "consultation.looking", f"consultation {effect.consultation}")
    broadcasts.begin(db, STATUS_RECIPIENTS, number, db.now, door.person.id)


def _lock(db: Db, of: PromiseRef) -> Promise:
    """Locks an open promise and returns it. Raises Refused if it is kept or deleted."""
    found = promises.open_promise(db, of)
    if found is None:
        raise Refused(KEPT)
    subjects.lock(db, found.subject)
    again = promises.open_promise(db, of)  # read again, now that it is locked
    if again is None:
        raise Refused(KEPT)
    return again


def _reason(text: str) -> str:
    if len(text) > REASON_MOST:
        raise Refused(TOO_LONG, most=REASON_MOST)
    reason = reason_in(text)
    if reason is None:
        raise Refused(NO_REASON)
    return reason


HANDLERS: Handlers = {
    MovePromise: EffectHandler(move, right=Rights.KEEP_PROMISES),
    ChangeStatus: EffectHandler(change, right=Rights.KEEP_PROMISES),
    SayLooking: EffectHandler(say_looking, right=Rights.KEEP_PROMISES),
}
