"""Answers: one row for each option, number or text; texts are sealed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, func, select, update

from conversations.consultations.form import Answers, Form, Question, Shape, Value
from conversations.consultations.kinds.registry import shape_of
from conversations.core.person import Band
from conversations.core.record import Record, field
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db, prepared
from storage.people.using import is_used
from storage.safeguarding import kept_back
from storage.tables import answers, cases, people, taking_part

_TICK = "OK"  # what XLSForm stores for an acknowledgement
_BLOCK = 500  # people whose answers are in memory at a time


class AnswerSet(Record):
    """One person's answers to one consultation. `skipped` are the names of the questions that they skipped, `aside` of
    those whose answers do not count for now. Only their writer's own set holds these.
    """

    answers: Answers = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    aside: frozenset[str] = frozenset()


class Respondent(Record):
    """One row of an export. `number` only counts the rows, so that nobody can be looked up by it."""

    number: int
    band: Band | None
    language: str | None
    started_at: datetime
    finished_at: datetime | None
    answers: Answers


# Every answer runs these: see `prepared`.
_OF_PERSON_AND_FORM = and_(
    answers.c.person_id == bindparam("person"), answers.c.consultation_id == bindparam("about")
)
_CELLS = (
    answers.c.person_id, answers.c.consultation_id, answers.c.question, answers.c.option, answers.c.sealed,
    answers.c.skipped, answers.c.set_aside,
)  # fmt: skip
_OF_ONE = prepared(
    select(*_CELLS).where(answers.c.person_id == bindparam("person")).order_by(answers.c.consultation_id)
)
_TO_ONE = prepared(select(*_CELLS).where(_OF_PERSON_AND_FORM))
_BY_MESSAGE = select(answers.c.consultation_id, answers.c.question).where(
    answers.c.person_id == bindparam("person"), answers.c.message == bindparam("message")
)
_READABLE = and_(kept_back.readable(answers), is_used(answers.c.person_id))
# What the team may read: it is there, counts, is used, and no case keeps it.
IS_TEXT = and_(answers.c.sealed.is_not(None), ~answers.c.skipped, _READABLE)
_CASE = prepared(
    select(answers.c.case_id).where(
        _OF_PERSON_AND_FORM, answers.c.question == bindparam("name"), answers.c.case_id.is_not(None)
    )
)
_OF_MANY = (
    select(*_CELLS)
    .where(
        answers.c.person_id.in_(bindparam("people", expanding=True)),
        answers.c.consultation_id == bindparam("about"),
        _READABLE,
    )
    .order_by(answers.c.person_id)
)
_DELETE = prepared(delete(answers).where(_OF_PERSON_AND_FORM, answers.c.question == bindparam("name")))
_PUT = prepared(answers.insert())


def load_all(db: Db, person: int, forms: Mapping[int, Form]) -> dict[int, AnswerSet]:
    """A person's answers to these consultations, by id, for themselves; those without answers are left out."""
    rows = [row for row in db.run(_OF_ONE, {"person": person}) if row.consultation_id in forms]
    grouped = groupby(rows, lambda row: int(row.consultation_id))
    return {number: _answer_set(db, forms[number], list(of_one), own=True) for number, of_one in grouped}


def load(db: Db, person: int, about: int, form: Form) -> AnswerSet:
    """A person's answers to one consultation, for themselves."""
    return _answer_set(db, form, db.run(_TO_ONE, {"person": person, "about": about}).all(), own=True)


def load_batch(db: Db, people_wanted: Collection[int], about: int, form: Form) -> dict[int, AnswerSet]:
    """The answers of these people to one consultation that others may read, by person; those without are left out."""
    rows = db.run(_OF_MANY, {"people": list(people_wanted), "about": about}).all()
    grouped = groupby(rows, lambda row: int(row.person_id))
    return {person: _answer_set(db, form, list(of_one)) for person, of_one in grouped}


def replace(
    db: Db,
    person: int,
    consultation: int,
    question: Question,
    value: Value | None,
    message: str | None = None,
    case: int | None = None,
) -> bool:
    """Replaces the whole answer to a question; None means skipped. True if there was an answer before. `case` keeps its
    text from the team.
    """
    before = db.run(_DELETE, {"person": person, "about": consultation, "name": question.name}).rowcount
    whose = {"person_id": person, "consultation_id": consultation, "question": question.name}
    whose |= {"message": message, "at": db.now, "case_id": case}
    if value is None:
        cells: list[dict[str, object]] = [{"option": "", "sealed": None, "skipped": True}]
    elif shape_of(question) is Shape.TEXT:
        sealed = db.vault.seal(str(value), sealing_context(person, consultation, question.name))
        cells = [{"option": "", "sealed": sealed, "skipped": False}]
    else:
        cells = [{"option": option, "sealed": None, "skipped": False} for option in _options(value)]
    if len(cells) == 1:
        db.run(_PUT, {**whose, **cells[0]})
    else:
        db.run_each(_PUT, [{**whose, **cell} for cell in cells])
    return before > 0


def case_of(db: Db, person: int, consultation: int, question: str) -> int | None:
    """The case that keeps an answer's text from the team, or kept the one that was there before it was skipped."""
    row = db.run(_CASE, {"person": person, "about": consultation, "name": question}).first()
    return row.case_id if row else None


def find_by_message(db: Db, person: int, message: str) -> tuple[int, str] | None:
    """The consultation's id and the question's name of the answer that this message gave; None if there is none."""
    row = db.run(_BY_MESSAGE, {"person": person, "message": message}).first()
    return (row.consultation_id, row.question) if row else None


def mark_aside(db: Db, person: int, consultation: int, questions: Collection[str], *, aside: bool) -> None:
    """Sets a person's answers to these questions aside, or brings them back. Set aside, they look skipped to all others."""
    theirs = and_(answers.c.person_id == person, answers.c.consultation_id == consultation)
    these = and_(theirs, answers.c.question.in_(questions))
    db.run(update(answers).where(these).values(skipped=aside, set_aside=aside))


def text(db: Db, person: int, consultation: int, question: str) -> str | None:
    """What the team may read of what a person wrote to one question; None if that is nothing, or it was erased."""
    theirs = and_(answers.c.person_id == person, answers.c.consultation_id == consultation)
    its = and_(theirs, answers.c.question == question, IS_TEXT)
    row = db.run(select(*_CELLS).where(its)).first()
    db.opened.update([person] if row else ())
    return unseal(db, row) if row else None


def unseal(db: Db, row: Row[Any]) -> str:
    """Opens the text of a row with `sealed`, `person_id`, `consultation_id` and `question`."""
    return db.vault.open(row.sealed, sealing_context(row.person_id, row.consultation_id, row.question))


def texts(
    db: Db, consultation: int, question: str, first: int, most: int
) -> tuple[tuple[tuple[int, str], ...], int]:
    """A page of the texts that the team may read, with their writers' ids, oldest first, and how many there are in all."""
    these = and_(
        answers.c.consultation_id == consultation,
        answers.c.question == question,
        IS_TEXT,
    )
    page = select(answers).where(these).order_by(answers.c.at, answers.c.person_id)
    rows = db.run(page.offset(first).limit(most)).all()
    db.opened.update(row.person_id for row in rows)
    found = tuple((row.person_id, unseal(db, row)) for row in rows)
    return found, int(db.run(select(func.count()).select_from(answers).where(these)).scalar_one())


def is_any_kept_back(db: Db, consultation: int) -> bool:
    """Whether an open case keeps any text of this consultation from the team. What a closed one keeps is with nobody."""
    open_ones = select(cases.c.id).where(cases.c.closed_at.is_(None))
    here = answers.c.consultation_id == consultation
    kept_there = and_(here, answers.c.case_id.in_(open_ones), ~answers.c.skipped)
    return db.run(select(answers.c.question).where(kept_there).limit(1)).first() is not None


def rows_for_export(db: Db, consultation: int, form: Form) -> Iterator[Respondent]:
    """Yields everybody who took part and whose answers are used, with their answers by question name. Holds one block in memory."""
    number, last = 0, 0
    while block := _block(db, consultation, last):
        last = block[-1].person_id
        said = _answers_between(db, consultation, form, block[0].person_id, last)
        for row in block:
            number += 1
            theirs = said.get(row.person_id, {})
            yield Respondent(number, row.band, row.language, row.started_at, row.finished_at, theirs)


def _block(db: Db, consultation: int, after: int) -> list[Row[Any]]:
    query = (
        select(taking_part, people.c.band, people.c.language)
        .join(people, people.c.id == taking_part.c.person_id)
        .where(
            taking_part.c.consultation_id == consultation,
            taking_part.c.person_id > after,
            is_used(taking_part.c.person_id),
        )
    )
    return list(db.run(query.order_by(taking_part.c.person_id).limit(_BLOCK)))


def _answers_between(db: Db, consultation: int, form: Form, first: int, last: int) -> dict[int, Answers]:
    these = and_(
        answers.c.consultation_id == consultation, answers.c.person_id.between(first, last), _READABLE
    )
    rows = db.run(select(*_CELLS).where(these).order_by(answers.c.person_id)).all()
    grouped = groupby(rows, lambda row: int(row.person_id))
    return {person: _answer_set(db, form, list(of_one)).answers for person, of_one in grouped}


def _answer_set(db: Db, form: Form, rows: Sequence[Row[Any]], *, own: bool = False) -> AnswerSet:
    found: dict[str, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.question, []).append(row)
    aside = frozenset(name for name, cells in found.items() if own and cells[0].set_aside)
    skipped = frozenset(name for name, cells in found.items() if cells[0].skipped) - aside
    values = {
        question.name: _value(db, question, found[question.name])
        for question in form.questions
        if question.name in found
        and question.name not in skipped
        and not _is_erased(question, found[question.name])
    }
    return AnswerSet(values, skipped, aside)


def _is_erased(question: Question, rows: list[Row[Any]]) -> bool:
    """Whether an answer's text was erased by retention; the answer still counts."""
    return shape_of(question) is Shape.TEXT and rows[0].sealed is None


def _value(db: Db, question: Question, rows: list[Row[Any]]) -> Value:
    first = rows[0]
    match shape_of(question):
        case Shape.TEXT:
            return unseal(db, first)
        case Shape.NUMBER:
            return int(first.option)
        case Shape.OPTIONS:
            picked = {row.option for row in rows}
            return tuple(option.name for option in question.options if option.name in picked)
        case Shape.TICK:
            return True
        case Shape.OPTION | Shape.NOTHING:
            return str(first.option)


def _options(value: Value) -> tuple[str, ...]:
    match value:
        case tuple():
            return value
        case bool():
            return (_TICK,)
    return (str(value),)


def sealing_context(person: int, consultation: int, question: str) -> str:
    return f"answers:sealed:{person}:{consultation}:{question}"


SEALED: SealedColumns = (
    SealedColumn(
        answers.c.sealed,
        lambda row: sealing_context(row["person_id"], row["consultation_id"], row["question"]),
    ),
)
