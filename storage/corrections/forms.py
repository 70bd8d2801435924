"""The texts of a consultation that is open: questions, hints, options, what it is about and who decides."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, select, update

from conversations.consultations.form import Form, Question, Texts
from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.core.record import replace
from conversations.corrections.facts import PublishedText
from conversations.team.corrections import Correction
from storage.consultations.consultations import consultation
from storage.core.unit_of_work import Db
from storage.tables import consultations

TOO_LONG = N_("That is too long to send. Make it shorter.")
# Letters in one text; a question with its options must fit into one message.
_MOST = {
    "title": 80,
    "about": 600,
    "decision_maker": 100,
    "label": 300,
    "hint": 300,
    "constraint_message": 300,
    "option": 100,
}
_MESSAGE_MOST = 3500
_OF_FORM, _OF_QUESTION = ("title", "about", "decision_maker"), ("label", "hint", "constraint_message")


def open_rows(db: Db) -> list[Row[Any]]:
    """The open consultations."""
    return list(db.run(select(consultations).where(consultations.c.state == "open")))


def texts(form: Form) -> Iterator[PublishedText]:
    """Each text, under a key such as "title", "why label" or "why/yes option"."""
    for name in _OF_FORM:
        yield from _text(name, getattr(form, name))
    for question in form.questions:
        for name in _OF_QUESTION:
            yield from _text(f"{question.name} {name}", getattr(question, name))
        for option in question.options:
            yield from _text(f"{question.name}/{option.name} option", option.label)


def write(db: Db, about: int, key: str, after: Texts, correction: Correction) -> None:
    """Replaces one text, and notes the correction in the form, where its readers find it."""
    whole, _space, name = key.rpartition(" ")
    found = consultation(db, about)
    if found is None or any(len(said) > _MOST[name] for said in after.values()):
        raise Refused(TOO_LONG)
    form, changed = found.form, _changed(name, after)
    if name in _OF_FORM:
        form = replace(form, **changed)
    else:
        asked = tuple(_with(question, whole, name, after) for question in form.questions)
        form = replace(form, questions=asked)
    if any(_length(question) > _MESSAGE_MOST for question in form.questions):
        raise Refused(TOO_LONG)
    form = replace(form, corrections=(*form.corrections, correction))
    db.run(update(consultations).where(consultations.c.id == about).values(form=form))
    db.cache.pop(("consultation", about), None)


def _changed(name: str, after: Texts) -> dict[str, Any]:
    return {name: after}


def _text(key: str, said: Texts) -> Iterator[PublishedText]:
    if any(said.values()):
        yield PublishedText(key, said)


def _with(question: Question, whole: str, name: str, after: Texts) -> Question:
    of, _slash, option = whole.partition("/")
    if question.name != of:
        return question
    if name != "option":
        return replace(question, **_changed(name, after))
    options = tuple(replace(one, label=after) if one.name == option else one for one in question.options)
    return replace(question, options=options)


def _length(question: Question) -> int:
    """The length of its longest variant, about."""
    each = (question.label, *(option.label for option in question.options))
    return sum(max(map(len, said.values()), default=0) for said in each)
