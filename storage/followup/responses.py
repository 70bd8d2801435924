"""Answers to revisits, by those who took part and by the team."""

from typing import Any

from sqlalchemy import Row, delete, select, update

from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.followup.effects import (
    AddToRevisit,
    AnswerRevisit,
    CloseRevisit,
    NoteHappened,
    SayHappened,
    TakeBackRevisit,
)
from conversations.followup.rounds import OPEN
from conversations.outcomes.write.reasons import SAYS_NOTHING, says_nothing
from conversations.outcomes.write.rules import FIELD_MOST, TOO_LONG
from conversations.team.rights import Rights
from storage.consultations.taking_back import TAKEN_BACK
from storage.core.dispatch import EffectHandler, Handlers
from storage.core.door import Door
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db, Hooks, Insert, prepared
from storage.followup import revisits
from storage.outbox import shown_words
from storage.outcomes import status as outcome_status
from storage.people.people import addresses_of_person
from storage.safeguarding import kept_back, marks
from storage.security import audit_log, lineage
from storage.tables import revisit_answers
from storage.tables import revisits as table

NOT_YOURS = N_("Only people who took part can answer that.")
OVER = N_("That question is over. What you said before is kept.")
ANSWER_FIRST = N_("First tap your answer. Then you can add to it.")


def _answer_statement(insert: Insert) -> Any:
    new = insert(revisit_answers)
    said = {"says": new.excluded.says}
    return new.on_conflict_do_update(index_elements=["person_id", "revisit_id"], set_=said)


_ANSWER = prepared(_answer_statement)


# --- those who took part --------------------------------------------------------------------------


def answer(db: Db, door: Door, effect: AnswerRevisit) -> None:
    _check_may_answer(db, door, effect.revisit)
    whose = {"person_id": door.person.id, "revisit_id": effect.revisit}
    db.run(_ANSWER, {**whose, "says": effect.says, "at": db.now})


def add(db: Db, door: Door, effect: AddToRevisit) -> None:
    _check_may_answer(db, door, effect.revisit)
    theirs = (
        revisit_answers.c.person_id == door.person.id,
        revisit_answers.c.revisit_id == effect.revisit,
    )
    sealed = db.vault.seal(effect.words, sealing_context(door.person.id, effect.revisit))
    was = db.run(select(revisit_answers.c.case_id).where(*theirs)).scalar()
    case = kept_back.case_of(
        db, door.person.id, kept_back.Written(effect.words, "after.more", effect.alarming, was)
    )
    added = update(revisit_answers).where(*theirs).values(sealed=sealed, added_at=db.now, case_id=case)
    if db.run(added).rowcount == 0:
        raise Refused(ANSWER_FIRST)


def take_back(db: Db, door: Door, effect: TakeBackRevisit) -> None:
    theirs = (
        revisit_answers.c.person_id == door.person.id,
        revisit_answers.c.revisit_id == effect.revisit,
    )
    if db.run(delete(revisit_answers).where(*theirs)).rowcount == 0:
        raise Refused(TAKEN_BACK)
    shown_words.take_down_of(db, door.person.id)
    lineage.note(db, "took-back", addresses_of_person(db, door.person.id))


def release(db: Db, released: kept_back.TextsReleased) -> None:
    """Lets the team read what people added, where a case kept it from the team."""
    db.run(update(revisit_answers).where(revisit_answers.c.case_id == released.case).values(case_id=None))


def locate_marked(db: Db, marked: marks.TextMarked) -> None:
    """Says which comment holds a marked text."""
    if isinstance(marked.stored, AddToRevisit):
        marks.locate(db, marked, revisit_answers, marked.stored.revisit)


def sealing_context(person: int, revisit: int) -> str:
    return f"revisit_answers:sealed:{person}:{revisit}"


def _check_may_answer(db: Db, door: Door, number: int) -> None:
    """Raises Refused if the person did not take part, or the revisit is over."""
    if not revisits.is_asked_of(db, door.person.id, number):
        raise Refused(NOT_YOURS)
    row = revisits.lock(db, number)
    if row is None or row.state != "people":
        raise Refused(OVER)


# --- the team -------------------------------------------------------------------------------------


def say(db: Db, door: Door, effect: SayHappened) -> None:
    _open(db, effect.revisit, "owner", "people")
    values = {"owner_says": effect.says, "owner_at": db.now, "owner_by": door.person.id}
    db.run(update(table).where(table.c.id == effect.revisit).values(**values))
    audit_log.note(db, door.person.id, f"happened.{effect.says}", f"revisit {effect.revisit}")


def note(db: Db, door: Door, effect: NoteHappened) -> None:
    row = _open(db, effect.revisit, "owner", "people")
    if not effect.words.strip() or len(effect.words) > FIELD_MOST:
        raise Refused(TOO_LONG)
    outcome_status.write(db, row, "note", effect.words)
    audit_log.note(db, door.person.id, "happened.noted", f"revisit {effect.revisit}")


def close(db: Db, door: Door, effect: CloseRevisit) -> None:
    """Closes a revisit with a reason, which is required."""
    row = _open(db, effect.revisit, *OPEN)
    if says_nothing(effect.reason):
        raise Refused(SAYS_NOTHING)
    if len(effect.reason) > FIELD_MOST:
        raise Refused(TOO_LONG)
    outcome_status.write(db, row, "reason", effect.reason)
    values = {"state": "closed", "due": None, "ended": "said", "ended_at": db.now, "ended_by": door.person.id}
    db.run(update(table).where(table.c.id == effect.revisit).values(**values))
    revisits.close_subject_if_settled(db, row.part_id)
    audit_log.note(db, door.person.id, "promise.closed", f"revisit {effect.revisit}")


def _open(db: Db, number: int, *states: str) -> Row[Any]:
    row = revisits.lock(db, number)
    if row is None or row.state not in states:
        raise Refused(N_("That is settled, or not asked any more. Here is how it stands."))
    return row


SEALED: SealedColumns = (
    SealedColumn(revisit_answers.c.sealed, lambda row: sealing_context(row["person_id"], row["revisit_id"])),
)
HOOKS: Hooks = {kept_back.TextsReleased: release, marks.TextMarked: locate_marked}
HANDLERS: Handlers = {
    TakeBackRevisit: EffectHandler(take_back),
    AnswerRevisit: EffectHandler(answer),
    AddToRevisit: EffectHandler(add),
    SayHappened: EffectHandler(say, right=Rights.FOLLOW_UP),
    NoteHappened: EffectHandler(note, right=Rights.FOLLOW_UP),
    CloseRevisit: EffectHandler(close, right=Rights.FOLLOW_UP),
}
