"""Test data for a benchmark: people who have joined, a consultation to answer, an outcome to send."""

from datetime import timedelta

from sqlalchemy import select, update

from conversations.consultations.form import Form, Option, Question
from conversations.core.channels import TELEGRAM
from conversations.outcomes.outcome import Part
from storage.consultations import manage
from storage.core.unit_of_work import Db
from storage.outbox import broadcasts
from storage.outcomes.recipients import OUTCOME_RECIPIENTS
from storage.people import people
from storage.tables import answers, taking_part
from storage.tables import consultations as consultations_table
from storage.tables import people as people_table
from tests.sample_forms import publish

QUESTIONS = 14
LABELS = ("Never", "Rarely", "Often", "Always")


def join(db: Db, chats: range) -> list[int]:
    """Adds a person for each chat: joined, 16 or 17, in English. Returns their ids."""
    made = [people.find_or_create_door(db, TELEGRAM, str(chat), "en").person.id for chat in chats]
    values = {"band": "16-17", "band_asked_at": db.now, "agreed_at": db.now, "version": "normal"}
    db.run(update(people_table).where(people_table.c.id.in_(made)).values(**values))
    return made


def form(code: str) -> Form:
    """A consultation of questions with four answers each; the number in a question tells them apart."""
    options = tuple(Option(f"o{n}", {"en": label}) for n, label in enumerate(LABELS))
    questions = tuple(
        Question(f"q{n}", "select_one", {"en": f"How often does thing {n} happen?"}, options=options)
        for n in range(1, QUESTIONS + 1)
    )
    return Form(code, {"en": f"Bench {code}"}, questions, decision_maker={"en": "the councillor"})


def open_one(db: Db, code: str) -> int:
    """The only open consultation; returns its id."""
    db.run(update(consultations_table).values(state="closed"))
    number = manage.import_form(db, form(code), None)
    values = {"state": "open", "opens_at": db.now, "closes_at": db.now + timedelta(days=7)}
    db.run(update(consultations_table).where(consultations_table.c.id == number).values(**values))
    return number


def tell_outcome(db: Db, contributors: list[int]) -> None:
    """Publishes an outcome of a consultation that all these people took part in, and starts its broadcast."""
    about = manage.import_form(db, form("before"), None)
    db.run(
        taking_part.insert(),
        [{"person_id": one, "consultation_id": about, "started_at": db.now} for one in contributors],
    )
    answer(db, about)
    broadcasts.begin(db, OUTCOME_RECIPIENTS, about, db.now, None)


def answer(db: Db, about: int) -> None:
    """Publishes an outcome of a consultation, with the same id."""
    db.run(update(consultations_table).where(consultations_table.c.id == about).values(state="answered"))
    part = Part(
        you_said={"en": "Lights matter most"},
        we_heard={"en": "It's the dark"},
        decision="did",
        what={"en": "Put up two lamps"},
    )
    publish(db, about, about, said=(part,), who={"en": "the councillor"})


def given(db: Db, consultation: int) -> dict[tuple[int, str], str]:
    """Every stored option, by person and question."""
    rows = db.run(select(answers).where(answers.c.consultation_id == consultation))
    return {(row.person_id, row.question): row.option for row in rows}
