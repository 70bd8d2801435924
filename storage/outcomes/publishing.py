"""Publishes outcomes: once, at their time, if nothing stands in the way, and with an approval if the team asks for one."""

from datetime import datetime

from sqlalchemy import and_, delete, select, update

from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.core.missed import is_long_missed
from conversations.core.record import Record
from conversations.outcomes.effects import CancelOutcome, PublishOutcome
from conversations.outcomes.messages import OUTCOME_HELD, OUTCOME_MISSED
from conversations.outcomes.write.draft import Draft, fingerprint
from conversations.outcomes.write.rules import obstacle
from conversations.team.rights import Rights
from storage.core.dispatch import EffectHandler, Handlers
from storage.core.door import Door
from storage.core.unit_of_work import Db, Hooks
from storage.outbox import broadcasts, outbox
from storage.outcomes import subjects
from storage.outcomes import tags as outcome_tags
from storage.outcomes.drafts import ANSWERED, lock_draft
from storage.outcomes.recipients import OUTCOME_RECIPIENTS
from storage.results import shown_counts
from storage.security import audit_log
from storage.tables import approvals, outcomes
from storage.team import team_rules
from storage.team.members import RemovingMember
from storage.team.rights import may

HAS_LEFT = N_("It has gone out already. It can't be taken back.")
PASSED = N_("That time has passed. Choose a time to come.")
NEEDS_A_YES = N_("Your team asks for a second person's yes. Ask a colleague first.")


class OutcomePublished(Record):
    """Event: an outcome was published."""

    number: int


def publish(db: Db, door: Door, effect: PublishOutcome) -> None:
    """Publishes an outcome now, or schedules it. Does nothing if it is published already."""
    draft = lock_draft(db, effect.about)
    if draft.stage == "published":
        return
    check(db, draft, effect.at)
    if team_rules.rules(db).approval:
        raise Refused(NEEDS_A_YES)
    db.run(delete(approvals).where(approvals.c.outcome_id == draft.outcome.id))
    if effect.at is None:
        publish_now(db, draft, door.person.id)
    else:
        schedule(db, draft, effect.at, door.person.id)


def cancel(db: Db, door: Door, effect: CancelOutcome) -> None:
    draft = lock_draft(db, effect.about)
    if draft.stage == "published":
        raise Refused(HAS_LEFT)
    if draft.stage == "scheduled":
        back_to_draft(db, draft)
        audit_log.note(db, door.person.id, "outcome.cancelled", f"outcome {draft.outcome.id}")


def publish_due(db: Db) -> int:
    """Publishes outcomes that are due. Returns how many; no other worker publishes them too.

    One that may not go out after all, or whose time passed long ago, becomes a draft, and whoever scheduled it is told.
    """
    due = and_(outcomes.c.state == "scheduled", outcomes.c.publish_at <= db.now)
    query = select(outcomes.c.consultation_id, outcomes.c.issue_id).where(due).order_by(outcomes.c.publish_at)
    waiting = [subjects.subject_in(row) for row in db.run(query)]
    return sum(_publish_or_hold(db, lock_draft(db, subject)) for subject in waiting)


def _publish_or_hold(db: Db, draft: Draft) -> bool:
    """Publishes a due outcome or makes it a draft. False if another worker was quicker, or it was taken back."""
    if draft.stage != "scheduled" or draft.publish_at is None or draft.publish_at > db.now:
        return False
    number = draft.outcome.id
    by = db.run(select(outcomes.c.made_by).where(outcomes.c.id == number)).scalar()
    missed = is_long_missed(draft.publish_at, db.now)
    if not missed and obstacle(draft.outcome, db.today) is None and _has_its_yes(db, draft):
        return publish_now(db, draft, by)
    if not back_to_draft(db, draft):
        return False
    audit_log.note(db, by, "outcome.held", f"outcome {number}")
    if by is not None:
        kind = OUTCOME_MISSED if missed else OUTCOME_HELD
        outbox.announce(db, by, f"held:{number}:{int(draft.publish_at.timestamp())}", kind, number)
    return True


def _has_its_yes(db: Db, draft: Draft) -> bool:
    """Whether exactly this, at this time, was approved, or the team asks for no approval."""
    given = draft.approval
    if given is None:
        return not team_rules.rules(db).approval
    return given.state == "given" and given.fingerprint == fingerprint(draft.outcome, draft.publish_at)


def withdraw(db: Db, leaving: RemovingMember) -> None:
    """Makes a leaving member's scheduled outcomes drafts, and deletes their requests for approval."""
    theirs = (outcomes.c.made_by == leaving.person) & (outcomes.c.state == "scheduled")
    db.run(update(outcomes).where(theirs).values(state="draft", publish_at=None))
    db.run(delete(approvals).where(approvals.c.asked_by == leaving.person))
    if leaving.to is not None and may(db, leaving.to, Rights.PUBLISH_OUTCOMES):
        begun = outcomes.c.made_by == leaving.person
        db.run(update(outcomes).where(begun).values(made_by=leaving.to))


# --- shared with approvals ------------------------------------------------------------------------


def check(db: Db, draft: Draft, at: datetime | None) -> None:
    """Raises Refused if the outcome may not be published as it is at that time (None: now), naming the part at fault."""
    if not draft.about.answerable:
        raise Refused(ANSWERED)
    if at is not None and at <= db.now:
        raise Refused(PASSED)
    why_not = obstacle(draft.outcome, db.day_of(at or db.now))
    if why_not:
        raise Refused(why_not.words, **why_not.values)


def publish_now(db: Db, draft: Draft, by: int | None) -> bool:
    """Publishes an outcome and begins its broadcast. False if its state has changed since `draft` was read."""
    number = draft.outcome.id
    as_it_was = and_(outcomes.c.id == number, outcomes.c.state == draft.stage)
    kept = shown_counts.shown(db, f"{draft.subject.kind}:{draft.subject.id}")
    people = kept.people if kept else subjects.participant_counts(db, (draft.subject,)).get(draft.subject, 0)
    values = {"state": "published", "published_at": db.now, "made_by": by, "people": people}
    if db.run(update(outcomes).where(as_it_was).values(**values)).rowcount == 0:
        return False
    subjects.mark_answered(db, draft.subject)
    db.run_hooks(OutcomePublished(number))
    outcome_tags.file(db, number, draft.about)
    broadcasts.begin(db, OUTCOME_RECIPIENTS, number, db.now, by)
    audit_log.note(db, by, "outcome.published", f"outcome {number}")
    return True


def schedule(db: Db, draft: Draft, at: datetime, by: int | None) -> None:
    values = {"state": "scheduled", "publish_at": at, "zone": db.rules.zone.key, "made_by": by}
    db.run(update(outcomes).where(outcomes.c.id == draft.outcome.id).values(**values))
    audit_log.note(db, by, "outcome.scheduled", f"outcome {draft.outcome.id}")


def back_to_draft(db: Db, draft: Draft) -> bool:
    """Makes a scheduled outcome a draft, and deletes its approval. False if it was not scheduled."""
    db.run(delete(approvals).where(approvals.c.outcome_id == draft.outcome.id))
    scheduled = and_(outcomes.c.id == draft.outcome.id, outcomes.c.state == "scheduled")
    values = {"state": "draft", "publish_at": None, "zone": None}
    return db.run(update(outcomes).where(scheduled).values(**values)).rowcount == 1


HANDLERS: Handlers = {
    PublishOutcome: EffectHandler(publish, right=Rights.PUBLISH_OUTCOMES),
    CancelOutcome: EffectHandler(cancel, right=Rights.PUBLISH_OUTCOMES),
}
HOOKS: Hooks = {RemovingMember: withdraw}
