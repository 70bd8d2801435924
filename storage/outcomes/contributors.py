"""Who contributed to what an outcome answers: took part in the consultation, or raised what is answered by it."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, CompoundSelect, Subquery, and_, exists, func, or_, select

from storage.core.unit_of_work import Db
from storage.tables import issues, outcomes, taking_part


def has_contributed(person: int) -> ColumnElement[bool]:
    """Whether somebody contributed to the outcome of the row: for a query that reads `outcomes`."""
    took_part = exists().where(
        taking_part.c.person_id == person, taking_part.c.consultation_id == outcomes.c.consultation_id
    )
    raised = exists().where(issues.c.person_id == person, _is_answered_there())
    return or_(took_part, raised)


def outcomes_of(person: int) -> CompoundSelect[tuple[int]]:
    """The outcomes of all that somebody contributed to."""
    same = outcomes.c.consultation_id == taking_part.c.consultation_id
    took_part = select(outcomes.c.id).join(taking_part, same).where(taking_part.c.person_id == person)
    raised = select(outcomes.c.id).join(issues, _is_answered_there()).where(issues.c.person_id == person)
    return took_part.union(raised)


def among(db: Db, outcome: int, people: Collection[int]) -> frozenset[int]:
    """Those of these people who contributed to this outcome."""
    those = _everybody(outcome)
    return frozenset(db.run(select(those.c.person_id).where(those.c.person_id.in_(people))).scalars())


def how_many(db: Db, outcome: int) -> int:
    """How many contributed to this outcome."""
    return int(db.run(select(func.count()).select_from(_everybody(outcome))).scalar_one())


def _everybody(outcome: int) -> Subquery:
    same = outcomes.c.consultation_id == taking_part.c.consultation_id
    took_part = select(taking_part.c.person_id).join(outcomes, same).where(outcomes.c.id == outcome)
    raised = select(issues.c.person_id).join(outcomes, _is_answered_there()).where(outcomes.c.id == outcome)
    return took_part.union(raised).subquery()


def _is_answered_there() -> ColumnElement[bool]:
    """What was raised, and is answered by the outcome of the row: alone, or as a part of a consultation."""
    part_of_it = and_(
        issues.c.consultation_id.is_not(None), issues.c.consultation_id == outcomes.c.consultation_id
    )
    return or_(part_of_it, issues.c.id == outcomes.c.issue_id)
