"""A person's own verdicts and revisit answers, for /mydata."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, select

from conversations.followup.facts import SaidAfter
from storage.core.dispatch import MyDataFields
from storage.core.unit_of_work import Db
from storage.followup import responses as revisit_responses
from storage.followup import verdicts
from storage.outcomes import subjects
from storage.tables import judgements, outcomes, parts, revisit_answers, revisits


def responses_of(db: Db, person: int) -> tuple[SaidAfter, ...]:
    """A person's verdicts on outcomes, then their answers to revisits."""
    return (*_verdicts(db, person), *_revisit_answers(db, person))


def _verdicts(db: Db, person: int) -> Iterator[SaidAfter]:
    query = select(judgements, outcomes.c.consultation_id, outcomes.c.issue_id)
    mine = query.join(outcomes, outcomes.c.id == judgements.c.outcome_id)
    for row in db.run(mine.where(judgements.c.person_id == person).order_by(judgements.c.outcome_id)).all():
        words = (
            db.vault.open(row.sealed, verdicts.sealing_context(person, row.outcome_id)) if row.sealed else ""
        )
        said = {"right": row.got_it_right, "pulse": verdicts.pulse_in(row), "words": words}
        yield SaidAfter(**_title(db, row), outcome=row.outcome_id, **said)


def _revisit_answers(db: Db, person: int) -> Iterator[SaidAfter]:
    query = (
        select(revisit_answers, outcomes.c.consultation_id, outcomes.c.issue_id)
        .join(revisits, revisits.c.id == revisit_answers.c.revisit_id)
        .join(parts, parts.c.id == revisits.c.part_id)
        .join(outcomes, outcomes.c.id == parts.c.outcome_id)
    )
    mine = query.where(revisit_answers.c.person_id == person).order_by(revisit_answers.c.revisit_id)
    for row in db.run(mine).all():
        words = (
            db.vault.open(row.sealed, revisit_responses.sealing_context(person, row.revisit_id))
            if row.sealed
            else ""
        )
        yield SaidAfter(**_title(db, row), revisit=row.revisit_id, says=row.says, words=words)


def _title(db: Db, row: Row[Any]) -> dict[str, Any]:
    about = subjects.about(db, subjects.subject_in(row))
    return {"title": about.title, "language": about.language} if about else {"title": {}, "language": "en"}


MY_DATA: MyDataFields = {"after": responses_of}
