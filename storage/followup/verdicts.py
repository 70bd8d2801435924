"""Verdicts on outcomes by those who took part: got it right or not, the pulse, and an added text."""

from typing import Any, cast

from sqlalchemy import Row, delete, select, update

from conversations.core.effects import Refused
from conversations.core.messages import Session
from conversations.followup.effects import (
    AddToOutcome,
    JudgeOutcome,
    PulseName,
    PulseSays,
    RatePulse,
    TakeBackVerdict,
)
from conversations.followup.facts import PULSE, MyPulse
from storage.consultations.taking_back import TAKEN_BACK
from storage.core.dispatch import EffectHandler, Handlers, Loaders
from storage.core.door import Door
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db, Hooks
from storage.followup.responses import ANSWER_FIRST, NOT_YOURS
from storage.outbox import shown_words
from storage.outcomes import subjects
from storage.outcomes.contributors import has_contributed
from storage.people.people import addresses_of_person
from storage.safeguarding import kept_back, marks
from storage.security import lineage
from storage.tables import judgements, outcomes

_PUBLISHED = outcomes.c.state == "published"


def judge(db: Db, door: Door, effect: JudgeOutcome) -> None:
    _store(db, door, effect.outcome, got_it_right=effect.right)


def rate(db: Db, door: Door, effect: RatePulse) -> None:
    _store(db, door, effect.outcome, **{effect.name: effect.says})


def add(db: Db, door: Door, effect: AddToOutcome) -> None:
    _check_took_part(db, door, effect.outcome)
    sealed = db.vault.seal(effect.words, sealing_context(door.person.id, effect.outcome))
    whose = (judgements.c.person_id == door.person.id, judgements.c.outcome_id == effect.outcome)
    was = db.run(select(judgements.c.case_id).where(*whose)).scalar()
    case = kept_back.case_of(
        db, door.person.id, kept_back.Written(effect.words, "after.more", effect.alarming, was)
    )
    values = {"sealed": sealed, "added_at": db.now, "case_id": case}
    if db.run(update(judgements).where(*whose).values(**values)).rowcount == 0:
        raise Refused(ANSWER_FIRST)


def take_back(db: Db, door: Door, effect: TakeBackVerdict) -> None:
    whose = (judgements.c.person_id == door.person.id, judgements.c.outcome_id == effect.outcome)
    if db.run(delete(judgements).where(*whose)).rowcount == 0:
        raise Refused(TAKEN_BACK)
    shown_words.take_down_of(db, door.person.id)
    lineage.note(db, "took-back", addresses_of_person(db, door.person.id))


def release(db: Db, released: kept_back.TextsReleased) -> None:
    """Lets the team read what people added, where a case kept it from the team."""
    db.run(update(judgements).where(judgements.c.case_id == released.case).values(case_id=None))


def locate_marked(db: Db, marked: marks.TextMarked) -> None:
    """Says which comment holds a marked text."""
    if isinstance(marked.stored, AddToOutcome):
        marks.locate(db, marked, judgements, marked.stored.outcome)


def sealing_context(person: int, outcome: int) -> str:
    return f"judgements:sealed:{person}:{outcome}"


def _store(db: Db, door: Door, outcome: int, **said: object) -> None:
    _check_took_part(db, door, outcome)
    new = db.insert(judgements).values(person_id=door.person.id, outcome_id=outcome, at=db.now, **said)
    key = ["person_id", "outcome_id"]
    db.run(new.on_conflict_do_update(index_elements=key, set_=said))


def _check_took_part(db: Db, door: Door, outcome: int) -> None:
    if not _took_part(db, door.person.id, outcome):
        raise Refused(NOT_YOURS)


def _took_part(db: Db, person: int, outcome: int) -> bool:
    mine = select(outcomes.c.id).where(outcomes.c.id == outcome, _PUBLISHED, has_contributed(person))
    return db.run(mine).first() is not None


# --- one's own ------------------------------------------------------------------------------------


def my_pulse(db: Db, door: Door, session: Session) -> MyPulse:
    number = session.number("outcome")
    if not _took_part(db, door.person.id, number):
        return MyPulse(None)
    row = db.run(select(outcomes.c.consultation_id, outcomes.c.issue_id).where(outcomes.c.id == number)).one()
    said = (judgements.c.person_id == door.person.id, judgements.c.outcome_id == number)
    mine = db.run(select(judgements).where(*said)).first()
    about = subjects.about(db, subjects.subject_in(row))
    return MyPulse(about, mine.got_it_right if mine else None, pulse_in(mine) if mine else {})


def pulse_in(row: Row[Any]) -> dict[PulseName, PulseSays]:
    """A row's answers to the pulse; skipped questions are left out."""
    return {name: cast(PulseSays, said) for name in PULSE if (said := getattr(row, name))}


SEALED: SealedColumns = (
    SealedColumn(judgements.c.sealed, lambda row: sealing_context(row["person_id"], row["outcome_id"])),
)
HANDLERS: Handlers = {
    JudgeOutcome: EffectHandler(judge),
    TakeBackVerdict: EffectHandler(take_back),
    RatePulse: EffectHandler(rate),
    AddToOutcome: EffectHandler(add),
}
FACTS: Loaders = {MyPulse: my_pulse}
HOOKS: Hooks = {kept_back.TextsReleased: release, marks.TextMarked: locate_marked}
