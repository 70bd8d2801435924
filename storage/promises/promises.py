"""Open promises: replies that are due and parts of published outcomes, and which are overdue."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from conversations.core.messages import Session
from conversations.outcomes.outcome import Outcome, Part, Subject
from conversations.promises import promise as rules
from conversations.promises.manage.facts import AllPromises, OneChange, OneMove, OnePromise
from conversations.promises.promise import Promise, PromiseRef
from storage.core.dispatch import BatchLoaders, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.outcomes import history as outcome_history
from storage.outcomes import subjects
from storage.outcomes.outcomes import outcomes_where
from storage.outcomes.status import SETTLED
from storage.tables import consultations, outcomes, parts, promise_moves, status_changes

# A reply is owed until it is published; a part until it is done, can't be done, or is settled.
OWED = and_(consultations.c.state.in_(subjects.ANSWERABLE), consultations.c.reply_by.is_not(None))
TO_DO = and_(
    outcomes.c.state == "published",
    func.coalesce(parts.c.stands, parts.c.decision).in_(("will", "doing")),
    parts.c.due.is_not(None),
    ~SETTLED,
)


def open_promises(db: Db) -> tuple[Promise, ...]:
    """All open promises, by day."""
    return rules.soonest_first((*_answers(db, OWED), *_parts(db, TO_DO)))


def overdue(db: Db) -> tuple[Promise, ...]:
    """The open promises whose day has passed, by day, with their moves; for everybody to see."""
    today = db.today
    late = (*_answers(db, OWED, consultations.c.reply_by < today), *_parts(db, TO_DO, parts.c.due < today))
    return rules.soonest_first(late)


def open_promise(db: Db, of: PromiseRef) -> Promise | None:
    """An open promise; None if it is kept, settled or deleted."""
    if of.kind == "consultation":
        return next(iter(_answers(db, OWED, consultations.c.id == of.id)), None)
    return next(iter(_parts(db, TO_DO, parts.c.id == of.id)), None)


def published_part(db: Db, number: int) -> tuple[Outcome, Part] | None:
    """A published part with its outcome, whatever its status."""
    return next(iter(_published_parts(db, parts.c.id == number)), None)


def _answers(db: Db, *conditions: ColumnElement[bool]) -> Sequence[Promise]:
    query = select(consultations.c.id, consultations.c.reply_by).where(*conditions)
    due: dict[int, date] = {row.id: row.reply_by for row in db.run(query)}
    moves, changes = (
        outcome_history.moves_of(db, "consultation", due),
        outcome_history.changes_of(db, "consultation", due),
    )
    abouts = subjects.abouts(db, [Subject("consultation", number) for number in due])
    return [
        Promise(
            PromiseRef("consultation", number),
            abouts[Subject("consultation", number)],
            day,
            moves.get(number, ()),
            changes.get(number, ()),
        )
        for number, day in due.items()
    ]


def _parts(db: Db, *conditions: ColumnElement[bool]) -> Iterable[Promise]:
    for outcome, part in _published_parts(db, *conditions):
        assert part.due is not None
        of = PromiseRef("part", part.id)
        yield Promise(of, outcome.about, part.due, part.moves, part.changes, outcome, part)


def _published_parts(db: Db, *conditions: ColumnElement[bool]) -> list[tuple[Outcome, Part]]:
    query = select(parts.c.id, parts.c.outcome_id).join(outcomes, outcomes.c.id == parts.c.outcome_id)
    found = db.run(query.where(outcomes.c.state == "published", *conditions)).all()
    wanted = {row.id for row in found}
    theirs = outcomes_where(db, outcomes.c.id.in_({row.outcome_id for row in found})) if found else ()
    return [(outcome, part) for outcome in theirs for part in outcome.parts if part.id in wanted]


# --- for a step -----------------------------------------------------------------------------------


def promise_in(session: Session) -> PromiseRef | None:
    """The promise that a session's notes name."""
    for kind in ("part", "consultation"):
        number = session.notes.get(kind)
        if isinstance(number, int):
            return PromiseRef("part" if kind == "part" else "consultation", number)
    return None


def all_promises(db: Db, _door: Door, _session: Session) -> AllPromises:
    return AllPromises(open_promises(db))


def one_promise(db: Db, _door: Door, session: Session) -> OnePromise:
    of = promise_in(session)
    return OnePromise(open_promise(db, of) if of else None)


def one_move(db: Db, _door: Door, session: Session) -> OneMove:
    """The session's move, with the promise as it is now."""
    row = db.run(select(promise_moves).where(promise_moves.c.id == session.number("move"))).first()
    if row is None:
        return OneMove(None, None)
    return OneMove(outcome_history.move_in(db, row), open_promise(db, _promise_of(row)))


def one_change(db: Db, _door: Door, session: Session) -> OneChange:
    """The session's status change and its subject; empty if the status has changed again since."""
    row = db.run(select(status_changes).where(status_changes.c.id == session.number("change"))).first()
    if row is None:
        return OneChange(None)
    change = outcome_history.change_in(db, row)
    if row.consultation_id is not None:
        owed = open_promise(db, _promise_of(row))
        latest = owed is not None and owed.changes[-1] == change
        return OneChange(change, owed.about, owed.due) if owed and latest else OneChange(None)
    found = published_part(db, row.part_id)
    if found is None or found[1].changes[-1] != change:
        return OneChange(None)
    return OneChange(change, found[0].about, None, *found)


def _promise_of(row: Any) -> PromiseRef:
    if row.part_id is None:
        return PromiseRef("consultation", row.consultation_id)
    return PromiseRef("part", row.part_id)


def move_batch(db: Db, doors: Sequence[Door], session: Session) -> dict[int, OneMove]:
    """The session's move for many doors; it is read once."""
    found = one_move(db, doors[0], session)
    return {door.id: found for door in doors}


def change_batch(db: Db, doors: Sequence[Door], session: Session) -> dict[int, OneChange]:
    found = one_change(db, doors[0], session)
    return {door.id: found for door in doors}


FACTS: Loaders = {
    AllPromises: all_promises,
    OnePromise: one_promise,
    OneMove: one_move,
    OneChange: one_change,
}
BATCH_LOADERS: BatchLoaders = {OneMove: move_batch, OneChange: change_batch}
