"""The lifecycle of consultations: schedule, open, close; and removing the sample."""

from typing import Any

from sqlalchemy import Row, and_, delete, select, update

from conversations.consultations.consultation import ConsultationAudience
from conversations.consultations.effects import (
    CancelOpening,
    CloseConsultation,
    OpenConsultation,
    RemoveSample,
)
from conversations.consultations.manage.missed import is_too_late
from conversations.consultations.messages import OPENING_MISSED
from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.core.messages import Session
from conversations.core.record import Record
from conversations.team.rights import Rights
from storage.consultations.consultations import DeletingConsultations, consultation, consultation_in
from storage.consultations.manage import CHANGEABLE, change
from storage.consultations.recipients import INVITATION_RECIPIENTS, recipients_of
from storage.core.dispatch import EffectHandler, Handlers, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db, Hooks
from storage.outbox import broadcasts, outbox
from storage.security import audit_log
from storage.tables import consultations
from storage.team.members import RemovingMember
from storage.team.rights import may, who_may

WENT_OUT = N_("That one went out already. Nobody was told twice.")


class ConsultationOpened(Record):
    """Event: a consultation opened, and its audience is about to be told."""

    number: int


class ConsultationClosed(Record):
    """Event: a consultation closed, before it has an outcome."""

    number: int


def open_or_schedule(db: Db, door: Door, effect: OpenConsultation) -> None:
    """Opens a draft or scheduled consultation now, or schedules it."""
    about = consultation(db, effect.consultation)
    if about is None or about.state not in CHANGEABLE:
        raise Refused(WENT_OUT)
    if effect.at and effect.at <= db.now:
        raise Refused(N_("That has already passed. Choose a time to come."))
    if about.closes_at and about.closes_at <= (effect.at or db.now):
        raise Refused(N_("It would close before it opens. Set another closing day first."))
    state = "scheduled" if effect.at else "open"
    values = {"state": state, "opens_at": effect.at or db.now, "made_by": door.person.id}
    change(db, about.id, *CHANGEABLE, why_not=WENT_OUT, **values)
    did = "scheduled a consultation" if effect.at else "opened a consultation"
    audit_log.note(db, door.person.id, did, f"consultation {about.id}")
    if not effect.at:
        db.run_hooks(ConsultationOpened(about.id))
        broadcasts.begin(db, INVITATION_RECIPIENTS, about.id, db.now, door.person.id)


def cancel(db: Db, door: Door, effect: CancelOpening) -> None:
    change(db, effect.consultation, "scheduled", state="draft", opens_at=None)
    audit_log.note(db, door.person.id, "took back an opening", f"consultation {effect.consultation}")


def unschedule(db: Db, leaving: RemovingMember) -> None:
    theirs = (consultations.c.made_by == leaving.person) & (consultations.c.state == "scheduled")
    db.run(update(consultations).where(theirs).values(state="draft", opens_at=None))
    if leaving.to is not None and may(db, leaving.to, Rights.WRITE_CONSULTATIONS):
        begun = consultations.c.made_by == leaving.person
        db.run(update(consultations).where(begun).values(made_by=leaving.to))


def close(db: Db, door: Door, effect: CloseConsultation) -> None:
    change(db, effect.consultation, "open", state="closed", closes_at=db.now)
    db.run_hooks(ConsultationClosed(effect.consultation))
    audit_log.note(db, door.person.id, "closed a consultation", f"consultation {effect.consultation}")


def open_due(db: Db) -> int:
    """Opens consultations that are due and begins their invitations. Returns how many. One that Heard missed, because it
    was off, becomes a draft, and the team is told.

    Each is claimed as it was seen, so that any number of workers may tick.
    """
    due = (consultations.c.state == "scheduled") & (consultations.c.opens_at <= db.now)
    return sum(_open_or_hold(db, row) for row in db.run(select(consultations).where(due)).all())


def _open_or_hold(db: Db, row: Row[Any]) -> bool:
    """False if another worker was quicker, or it was taken back or given another time."""
    missed = is_too_late(row.opens_at, row.closes_at, row.reply_by, db.now, db.today)
    as_seen = and_(
        consultations.c.id == row.id,
        consultations.c.state == "scheduled",
        consultations.c.opens_at == row.opens_at,
    )
    state = "draft" if missed else "open"
    if db.run(update(consultations).where(as_seen).values(state=state)).rowcount == 0:
        return False
    if missed:
        audit_log.note(db, None, "missed an opening", f"consultation {row.id}")
        once = f"unopened:{row.id}:{int(row.opens_at.timestamp())}"
        for person in db.run(who_may(Rights.WRITE_CONSULTATIONS)).scalars():
            outbox.announce(db, person, f"{once}:{person}", OPENING_MISSED, row.id)
        return True
    db.run_hooks(ConsultationOpened(row.id))
    broadcasts.begin(db, INVITATION_RECIPIENTS, row.id, db.now, row.made_by)
    return True


def close_due(db: Db) -> int:
    """Closes consultations that are due. Returns how many."""
    due = (consultations.c.state == "open") & (consultations.c.closes_at <= db.now)
    closed = update(consultations).where(due).values(state="closed").returning(consultations.c.id)
    numbers = list(db.run(closed).scalars())
    for number in numbers:
        db.run_hooks(ConsultationClosed(number))
    return len(numbers)


# --- the sample -----------------------------------------------------------------------------------


def remove_sample(db: Db, door: Door, _effect: RemoveSample) -> None:
    """Deletes the sample with its answers, its outcome, and the broadcasts about it."""
    samples = select(consultations.c.id).where(consultations.c.sample)
    db.run_hooks(DeletingConsultations(samples))
    db.run(delete(consultations).where(consultations.c.sample))
    audit_log.note(db, door.person.id, "removed the sample")


def audience(db: Db, _door: Door, session: Session) -> ConsultationAudience:
    """How many people would be invited if it opened now; 0 if it cannot open."""
    about = consultation_in(db, session)
    if about is None or about.state not in CHANGEABLE:
        return ConsultationAudience(0)
    return ConsultationAudience(broadcasts.count_recipients(db, recipients_of(db, about.id)))


HANDLERS: Handlers = {
    OpenConsultation: EffectHandler(open_or_schedule, right=Rights.WRITE_CONSULTATIONS),
    CancelOpening: EffectHandler(cancel, right=Rights.WRITE_CONSULTATIONS),
    CloseConsultation: EffectHandler(close, right=Rights.WRITE_CONSULTATIONS),
    RemoveSample: EffectHandler(remove_sample, right=Rights.REMOVE_SAMPLE),
}
FACTS: Loaders = {ConsultationAudience: audience}
HOOKS: Hooks = {RemovingMember: unschedule}
