"""What changed: the outcomes that stand for everybody to read, and what somebody said then."""

from collections.abc import Collection, Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, exists, select

from conversations.changed import Changed, OneOutcome
from conversations.effects import Decision, Part
from conversations.outcome_words import Outcome
from conversations.pages import on_page
from conversations.speech import Session
from storage import answers
from storage.carry import Loaders, LoadersForMany
from storage.consultations import consultations_where
from storage.db import Db
from storage.people import Door
from storage.tables import consultations, outcomes, parts, taking_part


def changed(db: Db, door: Door, session: Session) -> Changed:
    """All that was published, by id, and one page of it in full."""
    mine = exists().where(
        taking_part.c.person_id == door.person.id,
        taking_part.c.consultation_id == outcomes.c.consultation_id,
    )
    query = select(outcomes.c.id, mine.label("mine")).where(outcomes.c.state == "published")
    newest = query.order_by(mine.desc(), outcomes.c.published_at.desc(), outcomes.c.id.desc())
    rows = db.run(newest).all()
    ids = tuple(int(row.id) for row in rows)
    shown = [ids[place] for place in on_page(session.notes.get("page"), len(ids))]
    return Changed(ids, frozenset(int(row.id) for row in rows if row.mine), outcomes_by_id(db, shown))


def one_outcome(db: Db, door: Door, session: Session) -> OneOutcome:
    number = session.number("outcome")
    found = outcomes_where(db, outcomes.c.id == number, outcomes.c.state == "published")
    if not found:
        return OneOutcome(None)
    about = consultations_where(db, consultations.c.id == found[0].consultation)[0]
    said = answers.given_to(db, door.person.id, about.id, about.form)
    return OneOutcome(found[0], about.form, said.answers)


def one_outcome_for_many(db: Db, doors: Sequence[Door], session: Session) -> dict[int, OneOutcome]:
    """The same for many people at once, by their door: what all of them get alike is read once."""
    found = outcomes_where(db, outcomes.c.id == session.number("outcome"), outcomes.c.state == "published")
    if not found:
        return {door.id: OneOutcome(None) for door in doors}
    about = consultations_where(db, consultations.c.id == found[0].consultation)[0]
    said = answers.given_by(db, [door.person.id for door in doors], about.id, about.form)
    nothing = answers.Given()
    return {
        door.id: OneOutcome(found[0], about.form, said.get(door.person.id, nothing).answers) for door in doors
    }


def published(db: Db, first: int = 0, most: int = 50) -> tuple[Outcome, ...]:
    """What stands on the public page, newest first; from place `first` on."""
    query = select(outcomes.c.id).where(outcomes.c.state == "published")
    newest = query.order_by(outcomes.c.published_at.desc(), outcomes.c.id.desc())
    return outcomes_by_id(db, list(db.run(newest.offset(first).limit(most)).scalars()))


def outcomes_by_id(db: Db, ids: Collection[int]) -> tuple[Outcome, ...]:
    """These outcomes, in this order."""
    found = {outcome.id: outcome for outcome in outcomes_where(db, outcomes.c.id.in_(ids))}
    return tuple(found[number] for number in ids)


def outcomes_where(db: Db, *conditions: ColumnElement[bool]) -> tuple[Outcome, ...]:
    """The outcomes of which all this is true, drafts too, with their parts in order."""
    rows = db.run(select(outcomes).where(*conditions)).all()
    if not rows:
        return ()
    theirs = parts.c.outcome_id.in_([row.id for row in rows])
    found: dict[int, list[Part]] = {}
    for part in db.run(select(parts).where(theirs).order_by(parts.c.outcome_id, parts.c.place)):
        found.setdefault(part.outcome_id, []).append(_part(part))
    these = consultations.c.id.in_({row.consultation_id for row in rows})
    about = {one.id: one for one in consultations_where(db, these)}
    return tuple(
        Outcome(
            id=row.id,
            consultation=row.consultation_id,
            title=about[row.consultation_id].form.title,
            parts=tuple(found.get(row.id, ())),
            who=row.who,
            published=row.published_at,
            default_language=about[row.consultation_id].form.default_language,
            sample=about[row.consultation_id].sample,
        )
        for row in rows
    )


def _part(row: Row[Any]) -> Part:
    return Part(
        you_said=row.you_said,
        we_heard=row.we_heard,
        decision=cast(Decision, row.decision),
        what=row.what,
        because=row.because,
        owner=row.owner,
        due=row.due,
    )


FACTS: Loaders = {Changed: changed, OneOutcome: one_outcome}
FOR_MANY: LoadersForMany = {OneOutcome: one_outcome_for_many}
