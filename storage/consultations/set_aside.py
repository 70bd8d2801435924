"""Answers that hang on others are set aside while they do not count, and come back."""

from conversations.consultations.conditions import names_in
from conversations.consultations.consultation import Consultation
from conversations.consultations.skip_logic import ignored_answers
from storage.consultations import answers
from storage.core.unit_of_work import Db
from storage.outbox import threads


def is_looked_at(about: Consultation, name: str) -> bool:
    """Whether a question's condition looks at this answer."""
    return any(name in names_in(condition) for one in about.form.questions for condition in one.relevant)


def weigh(db: Db, person: int, about: Consultation) -> bool:
    """Sets aside what does not count now, and brings back what does again. True if there was any."""
    said = answers.load(db, person, about.id, about.form)
    ignored = ignored_answers(about.form, said.answers, db.today)
    aside, back = ignored - said.aside, said.aside - ignored
    if aside:
        answers.mark_aside(db, person, about.id, aside, aside=True)
        threads.unquote(db, person, about.id, aside)
    if back:
        answers.mark_aside(db, person, about.id, back, aside=False)
    return bool(aside or back)
