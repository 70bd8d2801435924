"""The subjects of outcomes, consultations and issues: load them, lock them, mark them answered."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Executable, Row, and_, func, select, update

from conversations.consultations.consultation import Consultation
from conversations.issues.issue import WAITING
from conversations.outcomes.outcome import About, Subject
from storage.consultations.consultations import consultations_where
from storage.core.unit_of_work import Db
from storage.issues import threads as issue_threads
from storage.people.using import is_used
from storage.tables import consultations, issues, outcomes, taking_part

ANSWERABLE = ("open", "closed")


def abouts(db: Db, subjects: Collection[Subject]) -> dict[Subject, About]:
    """What an outcome needs of these subjects; deleted ones are left out."""
    ids = {kind: [one.id for one in subjects if one.kind == kind] for kind in ("consultation", "issue")}
    asked = (
        consultations_where(db, consultations.c.id.in_(ids["consultation"])) if ids["consultation"] else ()
    )
    raised = db.run(select(issues).where(issues.c.id.in_(ids["issue"]))).all() if ids["issue"] else ()
    found = (*map(_of_consultation, asked), *map(_of_issue, raised))
    return {about.subject: about for about in found}


def about(db: Db, subject: Subject) -> About | None:
    return abouts(db, (subject,)).get(subject)


def deleted_subject(subject: Subject) -> About:
    """Stands in for a subject that was deleted after its outcome was published."""
    return About(subject, title={}, answerable=False)


def waiting_subjects(db: Db) -> list[About]:
    """The subjects that wait for an outcome, by deadline. Issues only if an outcome was begun; the rest wait in the inbox."""
    order = (consultations.c.reply_by.is_(None), consultations.c.reply_by, consultations.c.id)
    found = consultations_where(db, consultations.c.state.in_(ANSWERABLE), order_by=order)
    begun = select(issues).join(outcomes, outcomes.c.issue_id == issues.c.id)
    raised = db.run(begun.where(issues.c.state.in_(WAITING)).order_by(issues.c.reply_by, issues.c.id)).all()
    return [*map(_of_consultation, found), *map(_of_issue, raised)]


def lock(db: Db, subject: Subject) -> None:
    """Locks a subject until this transaction ends, so that of two who publish at once only one does."""
    db.run(_lock_query(subject))


def mark_answered(db: Db, subject: Subject) -> None:
    """Marks a subject as answered; it takes no more answers."""
    if subject.kind == "consultation":
        db.run(update(consultations).where(consultations.c.id == subject.id).values(state="answered"))
    else:
        db.run(update(issues).where(issues.c.id == subject.id).values(state="answered", unread=False))
        issue_threads.add(db, subject.id, "outcome")


def mark_revisited(db: Db, subject: Subject) -> None:
    """Marks an answered consultation as revisited, because all its promises are settled."""
    if subject.kind == "consultation":
        those = and_(consultations.c.id == subject.id, consultations.c.state == "answered")
        db.run(update(consultations).where(those).values(state="revisited"))


def participant_counts(db: Db, subjects: Iterable[Subject]) -> dict[Subject, int]:
    """How many people took part in each consultation; those without participants are left out."""
    ids = [subject.id for subject in subjects if subject.kind == "consultation"]
    of = taking_part.c.consultation_id
    counted = (
        select(of.label("id"), func.count().label("people"))
        .where(of.in_(ids), is_used(taking_part.c.person_id))
        .group_by(of)
    )
    return {Subject("consultation", row.id): row.people for row in db.run(counted)}


def is_of(subjects: Iterable[Subject]) -> ColumnElement[bool]:
    """Whether an outcome is about one of these subjects."""
    found = list(subjects)
    ids = {kind: [one.id for one in found if one.kind == kind] for kind in ("consultation", "issue")}
    return outcomes.c.consultation_id.in_(ids["consultation"]) | outcomes.c.issue_id.in_(ids["issue"])


def subject_in(row: object) -> Subject:
    """The subject in a row with `consultation_id` and `issue_id`."""
    consultation, issue = row.consultation_id, row.issue_id  # type: ignore[attr-defined]
    return Subject("issue", issue) if consultation is None else Subject("consultation", consultation)


def subject_columns(subject: Subject) -> dict[str, int]:
    """A subject as the column of an outcome's row."""
    return {f"{subject.kind}_id": subject.id}


def _lock_query(subject: Subject) -> Executable:
    held = issues if subject.kind == "issue" else consultations
    return select(held.c.id).where(held.c.id == subject.id).with_for_update()


def _of_consultation(one: Consultation) -> About:
    return About(
        subject=Subject("consultation", one.id),
        title=one.form.title,
        language=one.form.default_language,
        form=one.form,
        reply_by=one.reply_by,
        answerable=one.state in ANSWERABLE,
        open=one.state == "open",
        sample=one.sample,
        themes=one.themes,
        area=one.area,
    )


def _of_issue(row: Row[Any]) -> About:
    return About(
        subject=Subject("issue", row.id),
        title={},
        reply_by=row.reply_by,
        answerable=row.state in WAITING,
        themes=(row.theme,) if row.theme else (),
        area=row.area or "",
    )
