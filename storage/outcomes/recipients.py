"""The recipients of outcomes: those who took part in the consultation, or raised the issue."""

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
    """For a consultation, people who took part or raised an issue merged into it; for an issue, its raiser."""
    if subject.kind == "issue":
        return (exists().where(issues.c.person_id == people.c.id, issues.c.id == subject.id),)
    return (or_(took_part(subject.id), raised_part_of(subject.id)),)


def to_those_who_took_part(kind: MessageKind, rows: Select[Any]) -> Recipients:
    """Recipients for a message kind about outcomes. `rows` selects the `id` of what a message is about, and its
    `consultation_id` or `issue_id`.
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
