"""Helpers for tests of outcomes: deciders, a consultation with participants, and an outcome about it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from conversations.core.effects import Refused
from conversations.core.messages import Session
from conversations.outcomes.effects import PublishOutcome, SetDecider, WritePart
from conversations.outcomes.outcome import Subject
from storage.core.dispatch import dispatch
from storage.outcomes import outcomes
from storage.people import people
from storage.registry import HANDLERS
from storage.tables import outbox, roles
from storage.tables import outcomes as table
from tests.crowd import add_crowd, open_hub

ANN, BEN, CAT = 1, 2, 3  # three who may write and send; Cat only where a test lets her in
SAID = "14 of you would come."
A_DID = {
    "you_said": SAID,
    "question": "visit",
    "we_heard": "it has to be near",
    "decision": "did",
    "what": "chose the old library",
}
A_CANT = {**A_DID, "question": "", "we_heard": "late is best", "decision": "cant", "what": "open at night"}
A_WILL = {**A_DID, "decision": "will", "owner": "Libraries", "due": date(2027, 3, 31)}


async def does(house, *effects, person=ANN):
    """Applies effects as a turn would: rights checked, in one transaction."""

    def work(db):
        return dispatch(db, people.door_by_id(db, person), effects, HANDLERS)

    return await house.run(work)


async def refused(house, *effects, person=ANN):
    """The text of the refusal."""
    with pytest.raises(Refused) as why:
        await does(house, *effects, person=person)
    return str(why.value).format(**why.value.values)


def about(number):
    return Subject("consultation", number)


def written(number, place=0, **fields):
    return [WritePart(about(number), place, field, value) for field, value in fields.items()]


def decided(number, who="us"):
    return SetDecider(about(number), who)


def publish(number, at=None):
    return PublishOutcome(about(number), at)


async def draft(house, number):
    session = Session("", 0, about(number).note)
    return (await house.run(lambda db: outcomes.current_draft(db, None, session))).draft


async def queued(house, kind="outcome"):
    query = select(func.count()).where(outbox.c.kind == kind)
    return await house.run(lambda db: db.run(query).scalar())


def begin(db, deciders=2):
    """A consultation that some deciders may answer (the people 1, 2…), and three others took part in."""
    for person in add_crowd(db, deciders, first=1):
        long_ago = db.now - timedelta(days=30)  # long enough for a second person's yes
        db.run(roles.insert().values(person_id=person, role="decider", at=long_ago))
    number = open_hub(db)
    add_crowd(db, 3, consultation=number)
    return number


def outcomes_published(db):
    """The published outcomes."""
    return outcomes.outcomes_where(db, table.c.state == "published")
