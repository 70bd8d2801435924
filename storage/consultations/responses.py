"""Responses: what is open for a person, what they answered so far, and storing each answer at once."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Executable, Row, bindparam, delete, select, update

from conversations.consultations import answer_parser
from conversations.consultations.consultation import Consultation
from conversations.consultations.effects import (
    NO_ANSWER_TO_EDIT,
    EditAnswer,
    FinishAnswers,
    SaveAnswer,
    SkipQuestion,
)
from conversations.consultations.form import Question, Shape, Value
from conversations.consultations.kinds.kind import Unfit
from conversations.consultations.kinds.registry import shape_of
from conversations.consultations.messages import ANSWERS_CHANGED
from conversations.consultations.respond.preview_state import is_preview
from conversations.consultations.respond.response import (
    OneResponse,
    OpenResponses,
    OwnResponse,
    Response,
    next_place,
)
from conversations.consultations.skip_logic import counting_answers
from conversations.core.effects import Fresh, Refused
from conversations.core.i18n import N_
from conversations.core.messages import Session
from conversations.core.person import Person
from conversations.general.facts import MyAnswers
from storage.consultations import answers, set_aside
from storage.consultations.consultations import (
    consultation,
    consultation_in,
    consultations_where,
    fits,
    open_ones,
)
from storage.core.dispatch import BatchLoaders, EffectHandler, Handlers, Loaders, MyDataFields
from storage.core.door import Door
from storage.core.unit_of_work import Db, Hooks, Insert, prepared
from storage.outbox import outbox, threads
from storage.people import return_codes, using
from storage.safeguarding import kept_back, marks
from storage.tables import answers as answers_table
from storage.tables import consultations, kept_counts, taking_part

CLOSED = N_("That one has closed. I've kept what you said before.")
UNFIT = N_("Your new words don't fit that question, so I've kept what you said before.")
NOT_YOURS = N_("That one isn't open for you.")


# Every answer runs these: see `prepared`.
_PARTICIPATIONS = prepared(select(taking_part).where(taking_part.c.person_id == bindparam("person")))
_PARTICIPATION = prepared(
    select(taking_part).where(
        taking_part.c.person_id == bindparam("person"), taking_part.c.consultation_id == bindparam("about")
    )
)


def _begin_statement(insert: Insert) -> Executable:
    kept = {"started_at": taking_part.c.started_at}
    key = ["person_id", "consultation_id"]
    return insert(taking_part).on_conflict_do_update(index_elements=key, set_=kept)


_BEGIN = prepared(_begin_statement)
_FINISH = prepared(
    update(taking_part)
    .where(
        taking_part.c.person_id == bindparam("person"), taking_part.c.consultation_id == bindparam("about")
    )
    .values(finished_at=bindparam("now"))
)


# --- what is open ---------------------------------------------------------------------------------


def open_responses(db: Db, door: Door, _session: Session) -> OpenResponses:
    """The person's responses to everything open for them, the one that closes first at the top."""
    if not door.person.agreed:
        return OpenResponses(())
    found = open_ones(db)
    parts = _participations(db, door.person.id)
    responses = _responses(
        db, door.person, [about for about in found if fits(about.bands, door.person)], parts
    )
    begun = [response for response in responses if response.is_begun]
    last = max(begun, key=lambda response: parts[response.about.id].started_at, default=None)
    return OpenResponses(tuple(responses), last)


def one_response(db: Db, door: Door, session: Session) -> OneResponse:
    """The person's response to the session's consultation; in a preview, an empty one."""
    about = consultation_in(db, session)
    if about is None or is_preview(session):
        return OneResponse(Response(about, open=True) if about else None)
    if about.state in {"draft", "scheduled"} or not _is_for(about, door.person):
        return OneResponse(None)
    said = answers.load(db, door.person.id, about.id, about.form)
    part = db.run(_PARTICIPATION, {"person": door.person.id, "about": about.id}).first()
    return OneResponse(_response(db, about, said, part))


def own_response(db: Db, door: Door, session: Session) -> OwnResponse:
    return OwnResponse(one_response(db, door, session).response)


def response_batch(db: Db, doors: Sequence[Door], session: Session) -> dict[int, OneResponse]:
    """Empty responses for many doors, by door id, for people who have not begun."""
    about = consultation_in(db, session)
    if about is None or about.state in {"draft", "scheduled"}:
        return {door.id: OneResponse(None) for door in doors}
    response = _response(db, about, answers.AnswerSet(), None)
    return {door.id: OneResponse(response if _is_for(about, door.person) else None) for door in doors}


def _responses(
    db: Db, person: Person, found: Iterable[Consultation], parts: dict[int, Row[Any]]
) -> list[Response]:
    forms = {about.id: about.form for about in found}
    said = answers.load_all(db, person.id, forms)
    return [
        _response(db, about, said.get(about.id, answers.AnswerSet()), parts.get(about.id)) for about in found
    ]


def _response(db: Db, about: Consultation, said: answers.AnswerSet, part: Row[Any] | None) -> Response:
    finished = part is not None and part.finished_at is not None
    return Response(about, _is_open(about, db), said.answers, said.skipped, finished)


def _participations(db: Db, person: int) -> dict[int, Row[Any]]:
    return {row.consultation_id: row for row in db.run(_PARTICIPATIONS, {"person": person})}


def my_answers(db: Db, person: int) -> tuple[MyAnswers, ...]:
    """All answers of a person, by consultation."""
    mine = select(taking_part.c.consultation_id).where(taking_part.c.person_id == person)
    found = consultations_where(db, consultations.c.id.in_(mine))
    said = answers.load_all(db, person, {one.id: one.form for one in found})
    return tuple(MyAnswers(one.id, one.form, said[one.id].answers) for one in found if one.id in said)


# --- each answer, in its own turn -----------------------------------------------------------------


def save(db: Db, door: Door, effect: SaveAnswer) -> None:
    brought = _reference(door, effect.message) if effect.message else None
    _store(db, door, effect.consultation, effect.question, effect.value, brought, alarming=effect.alarming)


def edit(db: Db, door: Door, effect: EditAnswer) -> None:
    """Replaces the answer that an edited message gave, leaving nothing of the old one. If that changes what else counts, or
    brings up another question, their writer is told: nothing here asks it now.
    """
    brought = _reference(door, effect.message)
    found = answers.find_by_message(db, door.person.id, brought)
    if found is None:
        raise Refused(NO_ANSWER_TO_EDIT)
    about = _open_for(db, door.person, found[0])
    question, said = _question(about, found[1]), answers.load(db, door.person.id, about.id, about.form)
    value = answer_parser.parse_text(
        question, effect.text, counting_answers(about.form, said.answers, db.today), db.today
    )
    if isinstance(value, Unfit):
        raise Refused(UNFIT)
    weighed = _store(db, door, about.id, question.name, value, brought, alarming=effect.alarming)
    if _asks_more(db, door.person.id, about) or weighed:
        once = f"weighed:{about.id}:{door.person.id}:{db.now.timestamp()}"
        outbox.announce(db, door.person.id, once, ANSWERS_CHANGED, about.id)


def locate_marked(db: Db, marked: marks.TextMarked) -> None:
    """Says which answer holds a marked text."""
    match marked.stored:
        case SaveAnswer(number, question):
            marks.locate(db, marked, answers_table, number, question)
        case EditAnswer(message):
            brought = _reference(marked.door, message)
            if found := answers.find_by_message(db, marked.door.person.id, brought):
                marks.locate(db, marked, answers_table, *found)


def skip(db: Db, door: Door, effect: SkipQuestion) -> None:
    _store(db, door, effect.consultation, effect.question, None)


def finish(db: Db, door: Door, effect: FinishAnswers) -> Fresh | None:
    """Finishes a response and sets aside what no longer counts, so that counts hold only what the person reviewed."""
    about = _open_for(db, door.person, effect.consultation)
    _begin(db, door.person.id, about.id)
    db.run(_FINISH, {"person": door.person.id, "about": about.id, "now": db.now})
    set_aside.weigh(db, door.person.id, about)
    if door.channel.return_codes and not return_codes.has_return_code(db, door.person.id):
        return return_codes.make_return_code(db, door)
    return None


def _reference(door: Door, message: str) -> str:
    """A message id with its door, because two chats of one person may use the same ids."""
    return f"{door.id}:{message}"


def _store(
    db: Db,
    door: Door,
    number: int,
    name: str,
    value: Value | None,
    brought: str | None = None,
    *,
    alarming: bool = False,
) -> bool:
    """Stores an answer. True if other answers count now, or do not any more."""
    about = _open_for(db, door.person, number)
    _begin(db, door.person.id, number)
    question = _question(about, name)
    case = _case(db, door.person.id, number, question, value, alarming=alarming)
    if answers.replace(db, door.person.id, number, question, value, brought, case):
        threads.unquote(db, door.person.id, number, [name])
    return set_aside.is_looked_at(about, name) and set_aside.weigh(db, door.person.id, about)


def _case(
    db: Db, person: int, number: int, question: Question, value: Value | None, *, alarming: bool
) -> int | None:
    """The case that keeps a written answer from the team. It stays with a skipped one, for what is written there next."""
    if shape_of(question) is not Shape.TEXT:
        return None
    was = answers.case_of(db, person, number, question.name)
    if value is None:
        return was
    text = kept_back.Written(str(value), "say.question", alarming, was, number, question.name)
    return kept_back.case_of(db, person, text)


def release(db: Db, released: kept_back.TextsReleased) -> None:
    """Lets the team read answers that a case kept from it. Their consultations are counted again."""
    theirs = update(answers_table).where(answers_table.c.case_id == released.case).values(case_id=None)
    found = set(db.run(theirs.returning(answers_table.c.consultation_id)).scalars())
    db.run(delete(kept_counts).where(kept_counts.c.consultation_id.in_(found)))


def count_again(db: Db, changed: using.UseChanged) -> None:
    """Drops the kept counts of what a person took part in."""
    theirs = select(taking_part.c.consultation_id).where(taking_part.c.person_id == changed.person)
    db.run(delete(kept_counts).where(kept_counts.c.consultation_id.in_(theirs)))


def _open_for(db: Db, person: Person, number: int) -> Consultation:
    about = consultation(db, number)
    if about is None or not _is_for(about, person):
        raise Refused(NOT_YOURS)
    if not _is_open(about, db):
        raise Refused(CLOSED)
    return about


def _begin(db: Db, person: int, number: int) -> None:
    """Records that a person takes part.

    The update changes nothing, but makes another turn of the same person, at another door, wait for this one.
    """
    values = {"person_id": person, "consultation_id": number, "started_at": db.now}
    db.run(_BEGIN, values)


def _asks_more(db: Db, person: int, about: Consultation) -> bool:
    """Whether a finished response has an open question now. Then it is finished no more, so that home leads to it."""
    part = db.run(_PARTICIPATION, {"person": person, "about": about.id}).one()
    response = _response(db, about, answers.load(db, person, about.id, about.form), part)
    if not response.finished or next_place(response, db.today, len(about.form.questions)) is None:
        return False
    db.run(_FINISH, {"person": person, "about": about.id, "now": None})
    return True


def _question(about: Consultation, name: str) -> Question:
    return next(question for question in about.form.questions if question.name == name)


def _is_open(about: Consultation, db: Db) -> bool:
    return about.state == "open" and (about.closes_at is None or about.closes_at > db.now)


def _is_for(about: Consultation, person: Person) -> bool:
    return person.agreed and fits(about.bands, person)


HANDLERS: Handlers = {
    SaveAnswer: EffectHandler(save, keeps_person=True),
    EditAnswer: EffectHandler(edit, keeps_person=True),
    SkipQuestion: EffectHandler(skip, keeps_person=True),
    FinishAnswers: EffectHandler(finish, keeps_person=True),
}
FACTS: Loaders = {OpenResponses: open_responses, OneResponse: one_response, OwnResponse: own_response}
BATCH_LOADERS: BatchLoaders = {OneResponse: response_batch}
HOOKS: Hooks = {
    kept_back.TextsReleased: release,
    marks.TextMarked: locate_marked,
    using.UseChanged: count_again,
}
MY_DATA: MyDataFields = {"answers": my_answers}
