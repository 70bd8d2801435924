"""All that hangs on one person, gathered for their own eyes."""

from sqlalchemy import select

from conversations.core.messages import Session
from conversations.people.my_data import MyData, Told
from storage.consultations import answers
from storage.consultations.consultations import consultations_where
from storage.core.dispatch import Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.issues import issues
from storage.outbox import web_threads as threads
from storage.people import choices
from storage.people import followup_data as own_after
from storage.results import quotes
from storage.safeguarding.cases import own_cases
from storage.tables import consultations, doors, people, taking_part
from storage.team import members as team


def my_data(db: Db, door: Door, session: Session) -> MyData:
    """Everything that is kept of whoever is at this door."""
    person = door.person.id
    kinds = db.run(select(doors.c.kind).where(doors.c.person_id == person).distinct().order_by(doors.c.kind))
    return MyData(
        since=db.run(select(people.c.created_at).where(people.c.id == person)).scalar_one(),
        doors=tuple(kinds.scalars()),
        ways=choices.my_ways(db, door, session).chosen,
        told=_told(db, person),
        cases=own_cases(db, door, session).numbers,
        typed=threads.typed(db, person),
        after=own_after.said_after(db, person),
        quoted=tuple(one.words for one in quotes.my_quotes(db, door, session).sentences),
        called=team.called(db, (person,)).get(person, ""),
        raised=issues.everything_of(db, person),
    )


def _told(db: Db, person: int) -> tuple[Told, ...]:
    mine = select(taking_part.c.consultation_id).where(taking_part.c.person_id == person)
    found = consultations_where(db, consultations.c.id.in_(mine))
    said = answers.given(db, person, {one.id: one.form for one in found})
    return tuple(Told(one.form, said[one.id].answers) for one in found if one.id in said)


FACTS: Loaders = {MyData: my_data}
