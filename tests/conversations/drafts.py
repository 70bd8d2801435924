"""A worker with a draft consultation, and young people to ask."""

from datetime import date

from sqlalchemy import select

from conversations.consultations.consultation import Consultation
from conversations.consultations.sample import BUSES
from conversations.consultations.workbook import Workbook
from conversations.core.events import Sent
from conversations.core.record import replace
from storage.consultations import consultations as stored

HUB = replace(
    BUSES,
    code="hub",
    title={"en": "The new youth hub"},
    decision_maker={"en": "the youth committee"},
    reply_by=date(2026, 12, 20),
    closes=date(2026, 12, 11),
)


async def rows(house, table):
    return await house.run(lambda db: db.run(select(table)).mappings().all())


async def one(house) -> Consultation:
    return await house.run(lambda db: stored.by_code(db, "hub"))


async def worker_with_draft(house, form=HUB):
    worker = await house.staff("worker")
    await worker.types("/consult")
    await worker.does(Sent("file", file=Workbook(form)))
    return worker


async def three_young_people(house):
    people = []
    for number, band in enumerate(("13–15", "16–17", "16–17")):
        person = house.person(f"young {number}", "web")
        await person.joins(band)
        people.append(person)
    return people
