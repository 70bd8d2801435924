"""Contributors to outcomes: those who took part in the consultation, or raised an issue that the outcome answers."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, CompoundSelect, Subquery, and_, exists, func, or_, select

from storage.core.unit_of_work import Db
from storage.people.using import is_used
from storage.tables import issues, outcomes, taking_part


def has_contributed(person: int) -> ColumnElement[bool]:
    """Whether a person contributed to the outcome; for a query on `outcomes`."""
    took_part = exists().where(
        taking_part.c.person_id == person, taking_part.c.consultation_id == outcomes.c.consultation_id
    )
    raised = exists().where(issues.c.person_id == person, _is_answered_there())
    return or_(took_part, raised)


def outcomes_of(person: int) -> CompoundSelect[tuple[int]]:
    """Selects the ids of the outcomes that a person contributed to."""
    same = outcomes.c.consultation_id == taking_part.c.consultation_id
    took_part = select(outcomes.c.id).join(taking_part, same).where(taking_part.c.person_id == person)
    raised = select(outcomes.c.id).join(issues, _is_answered_there()).where(issues.c.person_id == person)
    return took_part.union(raised)


def among(db: Db, outcome: int, people: Collection[int]) -> frozenset[int]:
    """Those of these people who contributed to an outcome."""
    those = _everybody(outcome)
    return frozenset(db.run(select(those.c.person_id).where(those.c.person_id.in_(people))).scalars())


def count(db: Db, outcome: int) -> int:
    """How many people contributed to an outcome, without those whose words are not used."""
    those = _everybody(outcome)
    counted = select(func.count()).select_from(those).where(is_used(those.c.person_id))
    return int(db.run(counted).scalar_one())


def _everybody(outcome: int) -> Subquery:
    same = outcomes.c.consultation_id == taking_part.c.consultation_id
    took_part = select(taking_part.c.person_id).join(outcomes, same).where(outcomes.c.id == outcome)
    raised = select(issues.c.person_id).join(outcomes, _is_answered_there()).where(outcomes.c.id == outcome)
    return took_part.union(raised).subquery()


def _is_answered_there() -> ColumnElement[bool]:
    """Whether the outcome answers the issue, directly or through the consultation that it was merged into."""
    part_of_it = and_(
        issues.c.consultation_id.is_not(None), issues.c.consultation_id == outcomes.c.consultation_id
    )
    return or_(part_of_it, issues.c.id == outcomes.c.issue_id)
