"""Published outcomes for /changed, and what the reader answered then."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, select

from conversations.changes.facts import OneOutcome, PublishedOutcomes, chosen_filter
from conversations.core.messages import Session
from conversations.core.pagination import on_page
from conversations.outcomes.outcome import Outcome
from storage.consultations import answers
from storage.core.dispatch import BatchLoaders, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.outcomes import contributors, subjects
from storage.outcomes import tags as outcome_tags
from storage.outcomes.outcomes import outcomes_by_id, outcomes_where
from storage.tables import corrections as table
from storage.tables import outcomes
from storage.team import corrections

_PUBLISHED = outcomes.c.state == "published"
_NEWEST_FIRST = (outcomes.c.published_at.desc(), outcomes.c.id.desc())


def changes_page(db: Db, door: Door, session: Session) -> PublishedOutcomes:
    """One page of published outcomes with the session's tag, the reader's own first. The cost does not grow with the
    number of outcomes: a person takes part in few, and of the others only one page is read.
    """
    narrowed = chosen_filter(session)
    wanted = (_PUBLISHED, *((outcome_tags.is_filed_under(*narrowed),) if narrowed else ()))
    own = select(outcomes.c.id).where(outcomes.c.id.in_(contributors.outcomes_of(door.person.id)), *wanted)
    mine = list(db.run(own.order_by(*_NEWEST_FIRST)).scalars())
    count = int(db.run(select(func.count()).select_from(outcomes).where(*wanted)).scalar_one())
    shown = on_page(session.notes.get("page"), count)
    first = mine[shown.start : shown.stop]
    rest = select(outcomes.c.id).where(*wanted, outcomes.c.id.not_in(mine)).order_by(*_NEWEST_FIRST)
    rest = rest.offset(max(0, shown.start - len(mine))).limit(len(shown) - len(first))
    return PublishedOutcomes(count, len(mine), outcomes_by_id(db, [*first, *db.run(rest).scalars()]))


def one_outcome(db: Db, door: Door, session: Session) -> OneOutcome:
    found = outcomes_where(db, outcomes.c.id == session.number("outcome"), _PUBLISHED)
    if not found:
        return _withdrawn(db, session.number("outcome"))
    about = found[0].about
    if about.form is None:
        return OneOutcome(found[0])
    said = answers.load_batch(db, [door.person.id], about.subject.id, about.form)
    return OneOutcome(found[0], said.get(door.person.id, answers.AnswerSet()).answers)


def outcome_batch(db: Db, doors: Sequence[Door], session: Session) -> dict[int, OneOutcome]:
    """The session's outcome for many doors, by door id."""
    return outcome_for_many(db, doors, session.number("outcome"))


def outcome_for_many(db: Db, doors: Sequence[Door], number: int) -> dict[int, OneOutcome]:
    """One outcome for many doors, by door id; what is alike for all is read once."""
    found = outcomes_where(db, outcomes.c.id == number, _PUBLISHED)
    if not found:
        gone = _withdrawn(db, number)
        return {door.id: gone for door in doors}
    about = found[0].about
    if about.form is None:
        return {door.id: OneOutcome(found[0]) for door in doors}
    said = answers.load_batch(db, [door.person.id for door in doors], about.subject.id, about.form)
    nothing = answers.AnswerSet()
    return {door.id: OneOutcome(found[0], said.get(door.person.id, nothing).answers) for door in doors}


def _withdrawn(db: Db, number: int) -> OneOutcome:
    """The notice in the place of a withdrawn outcome, if it is one."""
    row = next(iter(corrections.rows_where(db, *_notice_of(number))), None)
    if row is None:
        return OneOutcome(None)
    return OneOutcome(
        None, withdrawn=corrections.correction_in(row), about=subjects.about(db, subjects.subject_in(row))
    )


def _notice_of(number: int) -> tuple[ColumnElement[bool], ...]:
    return (table.c.kind == "outcome", table.c.about == number, table.c.withdrawn)


def published_by_id(db: Db, ids: Collection[int]) -> dict[int, Outcome]:
    """The published ones of these outcomes, by id."""
    found = outcomes_where(db, outcomes.c.id.in_(ids), _PUBLISHED) if ids else ()
    return {outcome.id: outcome for outcome in found}


FACTS: Loaders = {PublishedOutcomes: changes_page, OneOutcome: one_outcome}
BATCH_LOADERS: BatchLoaders = {OneOutcome: outcome_batch}
