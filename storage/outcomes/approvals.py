"""A second person's approval of an outcome, bound to exactly what they saw and when it is published."""

from sqlalchemy import select, update

from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.outcomes.effects import ApproveOutcome, AskColleague, DeclineOutcome
from conversations.outcomes.messages import APPROVAL_DECLINED, APPROVAL_GIVEN, APPROVAL_REQUEST
from conversations.outcomes.write.draft import Approval, Draft, fingerprint
from conversations.outcomes.write.rules import FIELD_MOST, TOO_LONG
from conversations.team.rights import Rights
from storage.core.dispatch import EffectHandler, Handlers
from storage.core.door import Door
from storage.core.unit_of_work import Db, new_id
from storage.outbox import outbox
from storage.outcomes.drafts import lock_draft
from storage.outcomes.outcomes import seal_why
from storage.outcomes.publishing import HAS_LEFT, back_to_draft, check, publish_now, schedule
from storage.security import audit_log
from storage.tables import approvals, outcomes
from storage.team.second_yes import Asking, require_somebody

NOT_WAITING = N_("It isn't waiting for a yes any more.")
NOT_YOURS_TO_SAY = N_(
    "Your yes doesn't count here. Somebody else must say it: a decider or an owner who wrote none of it, and was in the team before it was begun and for seven days."
)
IS_DIFFERENT = N_("It was changed since you saw it. Read it again before you say yes.")


def ask(db: Db, door: Door, effect: AskColleague) -> None:
    """Asks all colleagues who may approve. Raises Refused with the day on which somebody will, where nobody may. A scheduled outcome becomes a draft: another time needs another approval."""
    draft = lock_draft(db, effect.about)
    if draft.stage == "published":
        raise Refused(HAS_LEFT)
    check(db, draft, effect.at)
    number = draft.outcome.id
    begun_at = db.run(select(outcomes.c.made_at).where(outcomes.c.id == number)).scalar_one()
    asking = Asking(door.person.id, draft.writers, begun_at)
    colleagues = require_somebody(db, Rights.APPROVE_OUTCOMES, asking)
    back_to_draft(db, draft)
    asked = {"state": "asked", "asked_by": door.person.id, "asked_at": db.now}
    bound = {"fingerprint": fingerprint(draft.outcome, effect.at), "publish_at": effect.at}
    approval = new_id(db.run(approvals.insert().values(outcome_id=number, **asked, **bound)))
    for person in colleagues:
        outbox.announce(db, person, f"approval:{approval}:{person}", APPROVAL_REQUEST, number)
    audit_log.note(db, door.person.id, "outcome.yes.asked", f"outcome {number}")


def approve(db: Db, door: Door, effect: ApproveOutcome) -> None:
    """Approves an outcome and publishes it, now or at the time that was asked for; now if that has passed."""
    draft = lock_draft(db, effect.about)
    if draft.stage == "published":
        return
    asked = _pending(draft, door)
    now = fingerprint(draft.outcome, asked.at)
    if asked.fingerprint != now or not effect.seen or not now.startswith(effect.seen):
        raise Refused(IS_DIFFERENT)
    at = asked.at if asked.at and asked.at > db.now else None
    check(db, draft, at)
    _record_answer(db, draft, door, "given")
    if at:
        schedule(db, draft, at, asked.asked_by)
    else:
        publish_now(db, draft, door.person.id)
    audit_log.note(db, door.person.id, "outcome.yes.given", f"outcome {draft.outcome.id}")


def decline(db: Db, door: Door, effect: DeclineOutcome) -> None:
    """Declines an outcome with a reason, and tells whoever asked. They may change it and ask again."""
    draft = lock_draft(db, effect.about)
    _pending(draft, door)
    if not effect.why.strip() or len(effect.why) > FIELD_MOST:
        raise Refused(TOO_LONG)
    number = _record_answer(db, draft, door, "declined")
    db.run(update(approvals).where(approvals.c.id == number).values(sealed=seal_why(db, number, effect.why)))
    audit_log.note(db, door.person.id, "outcome.yes.declined", f"outcome {draft.outcome.id}")


def _pending(draft: Draft, door: Door) -> Approval:
    asked = draft.approval
    if asked is None or asked.state != "asked" or draft.stage != "draft":
        raise Refused(NOT_WAITING)
    if not draft.is_asked_of(door.person.id):
        raise Refused(NOT_YOURS_TO_SAY)
    return asked


def _record_answer(db: Db, draft: Draft, door: Door, state: str) -> int:
    """Stores the answer and tells whoever asked. Returns the approval's id."""
    this = approvals.c.outcome_id == draft.outcome.id
    values = {"state": state, "answered_by": door.person.id}
    answered = update(approvals).where(this).values(**values)
    row = db.run(answered.returning(approvals.c.id, approvals.c.asked_by)).one()
    kind = APPROVAL_GIVEN if state == "given" else APPROVAL_DECLINED
    outbox.announce(db, row.asked_by, f"{kind.name}:{row.id}", kind, draft.outcome.id)
    return int(row.id)


HANDLERS: Handlers = {
    AskColleague: EffectHandler(ask, right=Rights.PUBLISH_OUTCOMES),
    ApproveOutcome: EffectHandler(approve, right=Rights.APPROVE_OUTCOMES),
    DeclineOutcome: EffectHandler(decline, right=Rights.APPROVE_OUTCOMES),
}
