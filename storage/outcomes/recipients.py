"""Who is told what came of something: whoever took part in it, or raised it."""

from typing import Any

from sqlalchemy import Select, exists, false, or_, select

from conversations.changes.messages import OUTCOME
from conversations.core.message_kind import MessageKind
from conversations.outcomes.outcome import About, Subject
from storage.consultations.recipients import raised_part_of, took_part
from storage.core.unit_of_work import Db
from storage.outbox.broadcasts import Conditions, Recipients
from storage.outcomes import subjects
from storage.tables import issues, outcomes, people


def of_subject(subject: Subject) -> Conditions:
    """Whoever took part in a consultation, or raised what became part of it; of what was raised itself, that person."""
    if subject.kind == "issue":
        return (exists().where(issues.c.person_id == people.c.id, issues.c.id == subject.id),)
    return (or_(took_part(subject.id), raised_part_of(subject.id)),)


def to_those_who_took_part(kind: MessageKind, rows: Select[Any]) -> Recipients:
    """For a kind that is about what came of something. `rows` have the `id` of what one is about, with the
    `consultation_id` or the `issue_id` that it is of.
    """
    each = rows.subquery()

    def subject(db: Db, number: int) -> Subject | None:
        row = db.run(select(each).where(each.c.id == number)).first()
        return subjects.subject_in(row) if row else None

    def who(db: Db, number: int) -> Conditions:
        of = subject(db, number)
        return of_subject(of) if of else (false(),)

    def about(db: Db, number: int) -> About | None:
        of = subject(db, number)
        return subjects.about(db, of) if of else None

    def of_consultations(those: Select[tuple[int]]) -> Select[Any]:
        return select(each.c.id).where(each.c.consultation_id.in_(those))

    return Recipients(kind, who, about, of_consultations)


OUTCOME_RECIPIENTS = to_those_who_took_part(
    OUTCOME, select(outcomes.c.id, outcomes.c.consultation_id, outcomes.c.issue_id)
)
