"""Loads revisits, with what the team and participants say."""

from collections.abc import Collection, Sequence
from typing import Any, cast

from sqlalchemy import Row, Select, and_, select

from conversations.core.messages import Session
from conversations.core.record import replace
from conversations.followup.facts import MyRevisits, OneRevisit, OpenRevisits, Revisit
from conversations.followup.rounds import RevisitState
from conversations.outcomes.outcome import Outcome
from conversations.outcomes.standing import PromiseStatus, Says
from storage.core.dispatch import BatchLoaders, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.outcomes import contributors, subjects
from storage.outcomes import status as outcome_status
from storage.outcomes.outcomes import outcomes_by_id
from storage.tables import outcomes, parts, revisit_answers, revisits

_OPEN = ("waiting", "owner", "people", "reason")

# Each revisit with its outcome.
_EACH = (
    select(revisits, parts.c.outcome_id)
    .join(parts, parts.c.id == revisits.c.part_id)
    .join(outcomes, outcomes.c.id == parts.c.outcome_id)
)


# --- loading --------------------------------------------------------------------------------------


def one_revisit(db: Db, door: Door, session: Session) -> OneRevisit:
    return revisit_batch(db, (door,), session)[door.id]


def revisit_batch(db: Db, doors: Sequence[Door], session: Session) -> dict[int, OneRevisit]:
    """The session's revisit for many doors, by door id; what is alike for all is read once."""
    found = _revisits(db, _EACH.where(revisits.c.id == session.number("revisit")))
    if not found:
        return {door.id: OneRevisit(None) for door in doors}
    (row, revisit), *_others = found
    those = [door.person.id for door in doors]
    allowed = contributors.among(db, row.outcome_id, those)
    said = _own_answers(db, row.id, those)
    return {
        door.id: OneRevisit(_for_person(revisit, said.get(door.person.id), allowed=door.person.id in allowed))
        for door in doors
    }


def my_revisits(db: Db, door: Door, _session: Session) -> MyRevisits:
    mine = contributors.has_contributed(door.person.id)
    query = _EACH.where(revisits.c.state == "people", mine).order_by(revisits.c.id.desc())
    found = _revisits(db, query)
    return MyRevisits(
        tuple(
            _for_person(revisit, _own_answers(db, row.id, [door.person.id]).get(door.person.id), allowed=True)
            for row, revisit in found
        )
    )


def open_revisits(db: Db, _door: Door, _session: Session) -> OpenRevisits:
    """Open revisits: those that need a reason, wait for the team, are asked now, and are to come."""
    found = _revisits(db, _EACH.where(revisits.c.state.in_(_OPEN)).order_by(revisits.c.due, revisits.c.id))
    order = {"reason": 0, "owner": 1, "people": 2, "waiting": 3}
    return OpenRevisits(tuple(sorted((revisit for _row, revisit in found), key=lambda one: order[one.state])))


def lock(db: Db, number: int) -> Row[Any] | None:
    """Locks a revisit until this transaction ends, and returns its row; None if there is none."""
    return db.run(select(revisits).where(revisits.c.id == number).with_for_update()).first()


def is_asked_of(db: Db, person: int, revisit: int) -> bool:
    """Whether a person contributed to the revisit's outcome."""
    theirs = _EACH.where(revisits.c.id == revisit, contributors.has_contributed(person))
    return db.run(theirs).first() is not None


def _revisits(db: Db, query: Select[Any]) -> list[tuple[Row[Any], Revisit]]:
    """The query's rows and their revisits, with true numbers, in its order."""
    rows = db.run(query).all()
    of = {outcome.id: outcome for outcome in outcomes_by_id(db, {row.outcome_id for row in rows})}
    stand = outcome_status.statuses(db, {row.part_id for row in rows})
    now = outcome_status.counts_of(db, [row.id for row in rows if row.state == "people"])
    return [(row, _revisit(row, of[row.outcome_id], stand[row.part_id], now)) for row in rows]


def _revisit(
    row: Row[Any], outcome: Outcome, standing: PromiseStatus, now: dict[int, dict[Says, int]]
) -> Revisit:
    part = next(part for part in outcome.parts if part.id == row.part_id)
    return Revisit(
        row.id, outcome, part, cast(RevisitState, row.state), row.round, _as_it_is(row, standing, now)
    )


def _as_it_is(row: Row[Any], standing: PromiseStatus, now: dict[int, dict[Says, int]]) -> PromiseStatus:
    """The status of this round: people's answers so far, and no team answer from the round before."""
    if row.state == "people":
        standing = replace(standing, counts=now.get(row.id, {}), asked=True, over=False)
    return replace(standing, owner=row.owner_says) if row.state == "owner" else standing


def _for_person(revisit: Revisit, mine: Says | None, *, allowed: bool) -> Revisit:
    return replace(revisit, mine=mine, allowed=allowed)


def _own_answers(db: Db, revisit: int, those: Collection[int]) -> dict[int, Says]:
    theirs = and_(revisit_answers.c.revisit_id == revisit, revisit_answers.c.person_id.in_(those))
    rows = db.run(select(revisit_answers.c.person_id, revisit_answers.c.says).where(theirs))
    return {row.person_id: cast(Says, row.says) for row in rows}


def close_subject_if_settled(db: Db, part: int) -> None:
    """Marks the outcome's subject as revisited if this part was the last one to be settled."""
    of = select(parts.c.outcome_id).where(parts.c.id == part).scalar_subquery()
    still = select(revisits.c.id).join(parts, parts.c.id == revisits.c.part_id)
    if db.run(still.where(parts.c.outcome_id == of, revisits.c.state != "closed").limit(1)).first():
        return
    row = db.run(select(outcomes.c.consultation_id, outcomes.c.issue_id).where(outcomes.c.id == of)).one()
    subjects.mark_revisited(db, subjects.subject_in(row))


FACTS: Loaders = {OneRevisit: one_revisit, MyRevisits: my_revisits, OpenRevisits: open_revisits}
BATCH_LOADERS: BatchLoaders = {OneRevisit: revisit_batch}
