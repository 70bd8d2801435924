"""What an outcome is about, by kind: looked up, and held while somebody writes at its outcome."""

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Executable, and_, func, select, update

from conversations.consultations import Consultation
from conversations.outcomes import About, Subject
from storage import broadcasts
from storage.consultations import consultations_where
from storage.db import Db
from storage.tables import consultations, outcomes, taking_part

ANSWERABLE = ("open", "closed")


def abouts(db: Db, subjects: Collection[Subject]) -> dict[Subject, About]:
    """These subjects as an outcome needs them; those that are gone are left out."""
    ids = [subject.id for subject in subjects if subject.kind == "consultation"]
    found = consultations_where(db, consultations.c.id.in_(ids)) if ids else ()
    return {about.subject: about for about in map(_of_consultation, found)}


def about(db: Db, subject: Subject) -> About | None:
    return abouts(db, (subject,)).get(subject)


def waiting(db: Db) -> list[About]:
    """What waits for its outcome, the one promised soonest first."""
    order = (consultations.c.reply_by.is_(None), consultations.c.reply_by, consultations.c.id)
    found = consultations_where(db, consultations.c.state.in_(ANSWERABLE), order_by=order)
    return [_of_consultation(one) for one in found]


def hold(db: Db, subject: Subject) -> None:
    """From here to the commit nobody else writes at its outcome: two who send at once send once."""
    db.run(_row(subject))


def answered(db: Db, subject: Subject) -> None:
    """It has its outcome: no more answers are taken."""
    if subject.kind == "consultation":
        db.run(update(consultations).where(consultations.c.id == subject.id).values(state="answered"))


def revisited(db: Db, subject: Subject) -> None:
    """All that came of it is settled: nobody is asked about it any more."""
    if subject.kind == "consultation":
        those = and_(consultations.c.id == subject.id, consultations.c.state == "answered")
        db.run(update(consultations).where(those).values(state="revisited"))


def people(db: Db, subjects: Iterable[Subject]) -> dict[Subject, int]:
    """How many took part in each; those in which nobody did are left out."""
    ids = [subject.id for subject in subjects if subject.kind == "consultation"]
    of = taking_part.c.consultation_id
    counted = select(of.label("id"), func.count().label("people")).where(of.in_(ids)).group_by(of)
    return {Subject("consultation", row.id): row.people for row in db.run(counted)}


def reached(db: Db, subject: Subject) -> int:
    """How many would get its outcome now."""
    return broadcasts.how_many(db, "outcome", subject.id) if subject.kind == "consultation" else 0


def is_of(subjects: Iterable[Subject]) -> ColumnElement[bool]:
    """Whether an outcome is about one of these."""
    found = list(subjects)
    ids = {kind: [one.id for one in found if one.kind == kind] for kind in ("consultation", "issue")}
    return outcomes.c.consultation_id.in_(ids["consultation"]) | outcomes.c.issue_id.in_(ids["issue"])


def subject_in(row: object) -> Subject:
    """What the outcome of this row is about."""
    consultation, issue = row.consultation_id, row.issue_id  # type: ignore[attr-defined]
    return Subject("issue", issue) if consultation is None else Subject("consultation", consultation)


def columns(subject: Subject) -> dict[str, int]:
    """The same, as an outcome's row has it."""
    return {f"{subject.kind}_id": subject.id}


def _row(subject: Subject) -> Executable:
    held = outcomes if subject.kind == "issue" else consultations
    key = outcomes.c.issue_id if subject.kind == "issue" else consultations.c.id
    return select(held.c.id).where(key == subject.id).with_for_update()


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
