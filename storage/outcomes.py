"""Outcomes: written part by part as a draft, published once to everybody who took part."""

from typing import Any, cast

from sqlalchemy import Row, Select, and_, delete, func, select, update

from conversations.consultations import Consultation
from conversations.effects import (
    CancelOutcome,
    Decision,
    DropPart,
    PublishOutcome,
    Refused,
    SetDecider,
    WritePart,
)
from conversations.outcome.draft import (
    FIELD_MOST,
    WHOLE_MOST,
    WRITERS,
    CurrentDraft,
    Draft,
    DraftPart,
    GoesTo,
    SoFar,
    Stage,
    ToAnswer,
    fields_of,
    letters,
    missing,
)
from conversations.speech import Session
from conversations.words import N_
from storage import answers, audit, broadcasts
from storage.carry import Deed, Deeds, Loaders
from storage.consultations import consultation, consultations_where
from storage.db import Db, new_id
from storage.people import Door
from storage.tables import consultations, outcomes, parts, taking_part

ANSWERABLE = ("open", "closed")

GONE = N_("That consultation isn't there any more.")
ANSWERED = N_("That one has been answered already.")
HAS_A_TIME = N_("This answer is set to go out already. Take it back first, then you can change it.")
HAS_LEFT = N_("It has gone out already. It can't be taken back.")
TOO_LONG = N_("That is too long to send. Make it shorter.")
NOTHING_YET = N_("There is nothing to send yet. Begin with what they said.")
NOT_WHOLE = N_("One part isn't finished. Nothing was sent.")
NO_BECAUSE = N_("A “can't” needs its because. Nothing was sent.")
NO_DECIDER = N_("First say who decided. Nothing was sent.")
PASSED = N_("That time has passed. Choose a time to come.")


# --- writing --------------------------------------------------------------------------------------


def write_part(db: Db, door: Door, effect: WritePart) -> None:
    """Puts one field into a part; the draft and the part begin with it."""
    draft = _writable(db, effect.consultation)
    if effect.place < 0 or effect.place > draft.new_place or len(str(effect.value)) > FIELD_MOST:
        raise Refused(TOO_LONG)
    empty = {"you_said": "", "we_heard": "", "decision": "", "what": "", "because": "", "owner": ""}
    number = draft.id or _begin(db, door, effect.consultation)
    row = {"outcome_id": number, "place": effect.place}
    db.run(db.insert(parts).values(**row, **empty).on_conflict_do_nothing())
    values: dict[str, object] = {effect.field: effect.value}
    if effect.field == "decision":
        values |= _without(cast(Decision, effect.value))
    here = and_(parts.c.outcome_id == number, parts.c.place == effect.place)
    db.run(update(parts).where(here).values(**values))


def drop_part(db: Db, _door: Door, effect: DropPart) -> None:
    draft = _writable(db, effect.consultation)
    db.run(delete(parts).where(parts.c.outcome_id == draft.id, parts.c.place == effect.place))


def set_decider(db: Db, door: Door, effect: SetDecider) -> None:
    draft = _writable(db, effect.consultation)
    if not effect.who.strip() or len(effect.who) > FIELD_MOST:
        raise Refused(TOO_LONG)
    number = draft.id or _begin(db, door, effect.consultation)
    db.run(update(outcomes).where(outcomes.c.id == number).values(who=effect.who))


def _begin(db: Db, door: Door, number: int) -> int:
    values = {"consultation_id": number, "state": "draft", "made_by": door.person.id, "made_at": db.now}
    return new_id(db.run(outcomes.insert().values(**values)))


def _without(decision: Decision) -> dict[str, object]:
    """The fields that a part with this decision does not have, emptied."""
    empty: dict[str, object] = {"because": "", "owner": "", "due": None}
    return {field: value for field, value in empty.items() if field not in fields_of(decision)}


# --- publishing -----------------------------------------------------------------------------------


def publish(db: Db, door: Door, effect: PublishOutcome) -> None:
    """Publishes now, or gives it its time. What is published already is left as it is."""
    draft = _locked(db, effect.consultation)
    if draft.stage == "published":
        return
    if draft.about.state not in ANSWERABLE:
        raise Refused(ANSWERED)
    _check(draft)
    if effect.at is None:
        _go(db, draft.id, draft.about.id, door.person.id)
    elif effect.at <= db.now:
        raise Refused(PASSED)
    else:
        values = {"state": "scheduled", "publish_at": effect.at, "made_by": door.person.id}
        db.run(update(outcomes).where(outcomes.c.id == draft.id).values(**values))
        audit.note(db, door.person.id, "outcome.scheduled", f"outcome {draft.id}")


def cancel(db: Db, door: Door, effect: CancelOutcome) -> None:
    draft = _locked(db, effect.consultation)
    if draft.stage == "published":
        raise Refused(HAS_LEFT)
    if draft.stage == "scheduled":
        values = {"state": "draft", "publish_at": None}
        db.run(update(outcomes).where(outcomes.c.id == draft.id).values(**values))
        audit.note(db, door.person.id, "outcome.cancelled", f"outcome {draft.id}")


def publish_due(db: Db) -> int:
    """Publishes what has come to its time. How many they were; no other worker publishes them too."""
    due = and_(outcomes.c.state == "scheduled", outcomes.c.publish_at <= db.now)
    ids = (outcomes.c.id, outcomes.c.consultation_id, outcomes.c.made_by)
    taken = db.run(update(outcomes).where(due).values(state="draft").returning(*ids)).all()
    for row in taken:
        _go(db, row.id, row.consultation_id, row.made_by)
    return len(taken)


def _go(db: Db, outcome: int, about: int, by: int | None) -> None:
    """From here it stands for everybody to read, and everybody who took part is told."""
    values = {"state": "published", "published_at": db.now, "made_by": by}
    db.run(update(outcomes).where(outcomes.c.id == outcome).values(**values))
    db.run(update(consultations).where(consultations.c.id == about).values(state="answered"))
    broadcasts.begin(db, "outcome", outcome, db.now, by)
    audit.note(db, by, "outcome.published", f"outcome {outcome}")


def _check(draft: Draft) -> None:
    """Raises Refused where it may not go out as it is. A *can't* without its because never does."""
    if not draft.parts:
        raise Refused(NOTHING_YET)
    lacking = {missing(part) for part in draft.parts}
    if "because" in lacking:
        raise Refused(NO_BECAUSE)
    if lacking != {None}:
        raise Refused(NOT_WHOLE)
    if not draft.who:
        raise Refused(NO_DECIDER)
    if letters(draft) > WHOLE_MOST:
        raise Refused(TOO_LONG)


def _writable(db: Db, number: int) -> Draft:
    draft = _locked(db, number)
    if draft.stage == "scheduled":
        raise Refused(HAS_A_TIME)
    if not draft.writable:
        raise Refused(ANSWERED)
    return draft


def _locked(db: Db, number: int) -> Draft:
    """The draft as it is, while nobody else writes at it: two who send at once send once."""
    lock = select(consultations.c.id).where(consultations.c.id == number).with_for_update()
    about = consultation(db, number) if db.run(lock).first() else None
    if about is None:
        raise Refused(GONE)
    return _drafts(db, [about])[0]


# --- looking it up --------------------------------------------------------------------------------


def current_draft(db: Db, _door: Door, session: Session) -> CurrentDraft:
    about = consultation(db, session.number("consultation"))
    return CurrentDraft(_drafts(db, [about])[0] if about else None)


def to_answer(db: Db, _door: Door, _session: Session) -> ToAnswer:
    order = (consultations.c.reply_by.is_(None), consultations.c.reply_by, consultations.c.id)
    waiting = consultations_where(db, consultations.c.state.in_(ANSWERABLE), order_by=order)
    return ToAnswer(tuple(_drafts(db, waiting)))


def so_far(db: Db, _door: Door, session: Session) -> SoFar:
    return SoFar(*answers.tallies(db, session.number("consultation")))


def goes_to(db: Db, _door: Door, session: Session) -> GoesTo:
    return GoesTo(broadcasts.how_many(db, "outcome", session.number("consultation")))


def _drafts(db: Db, about: list[Consultation]) -> list[Draft]:
    """What is written about each of these so far, in their order."""
    ids = [one.id for one in about]
    newest = select(outcomes).where(outcomes.c.consultation_id.in_(ids)).order_by(outcomes.c.id)
    found = {row.consultation_id: row for row in db.run(newest)}
    written = _parts(db, [row.id for row in found.values()])
    people = _people(db, ids)
    return [_draft(one, found.get(one.id), written, people.get(one.id, 0)) for one in about]


def _draft(
    about: Consultation, row: Row[Any] | None, written: dict[int, list[DraftPart]], people: int
) -> Draft:
    if row is None:
        return Draft(about, "none", people)
    stage = cast(Stage, row.state)
    return Draft(about, stage, people, row.id, tuple(written.get(row.id, ())), row.who, row.publish_at)


def _parts(db: Db, ids: list[int]) -> dict[int, list[DraftPart]]:
    found: dict[int, list[DraftPart]] = {}
    query: Select[Any] = select(parts).where(parts.c.outcome_id.in_(ids))
    for row in db.run(query.order_by(parts.c.outcome_id, parts.c.place)):
        decision = cast("Decision | None", row.decision or None)
        texts = (row.you_said, row.we_heard, decision, row.what, row.because, row.owner, row.due)
        found.setdefault(row.outcome_id, []).append(DraftPart(row.place, *texts))
    return found


def _people(db: Db, ids: list[int]) -> dict[int, int]:
    about = taking_part.c.consultation_id
    counted = select(about.label("about"), func.count().label("people")).where(about.in_(ids))
    return {row.about: row.people for row in db.run(counted.group_by(about))}


DEEDS: Deeds = {
    WritePart: Deed(write_part, roles=WRITERS),
    DropPart: Deed(drop_part, roles=WRITERS),
    SetDecider: Deed(set_decider, roles=WRITERS),
    PublishOutcome: Deed(publish, roles=WRITERS),
    CancelOutcome: Deed(cancel, roles=WRITERS),
}
FACTS: Loaders = {CurrentDraft: current_draft, ToAnswer: to_answer, SoFar: so_far, GoesTo: goes_to}
