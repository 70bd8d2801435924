"""An answer that its writer takes back, at any time: it is deleted, and so is what repeats it."""

from sqlalchemy import and_, delete, exists

from conversations.consultations.effects import TakeBackAnswer
from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.core.record import Record
from storage.consultations import set_aside
from storage.consultations.consultations import consultation
from storage.core.dispatch import EffectHandler, Handlers
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.outbox import shown_words, threads
from storage.people.people import TakingAway, addresses_of_person
from storage.security import lineage
from storage.tables import answers, kept_counts, taking_part

TAKEN_BACK = N_("That one isn't here any more.")


class AnswerTakenBack(Record):
    """Event: a person's answer to one question was taken back."""

    person: int
    consultation: int
    question: str


def take_back(db: Db, door: Door, effect: TakeBackAnswer) -> None:
    """Who has taken everything back did not take part. What a case keeps of it stays there until the case is closed."""
    db.run_hooks(TakingAway())
    person, number = door.person.id, effect.consultation
    there = and_(answers.c.person_id == person, answers.c.consultation_id == number)
    if db.run(delete(answers).where(there, answers.c.question == effect.question)).rowcount == 0:
        raise Refused(TAKEN_BACK)
    db.run_hooks(AnswerTakenBack(person, number, effect.question))
    threads.unquote(db, person, number, [effect.question])
    mine = and_(taking_part.c.person_id == person, taking_part.c.consultation_id == number)
    db.run(delete(taking_part).where(mine, ~exists().where(there)))
    db.run(delete(kept_counts).where(kept_counts.c.consultation_id == number))
    about = consultation(db, number)
    if about is not None and set_aside.is_looked_at(about, effect.question):
        set_aside.weigh(db, person, about)
    shown_words.take_down_of(db, person)
    lineage.note(db, "took-back", addresses_of_person(db, person))


HANDLERS: Handlers = {TakeBackAnswer: EffectHandler(take_back)}
