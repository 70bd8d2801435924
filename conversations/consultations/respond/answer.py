"""Takes an answer: stores it in its own turn, and goes on to the next question."""

from conversations.consultations import answer_parser, skip_logic
from conversations.consultations.form import Question, Shape, Value
from conversations.consultations.form_text import form_words
from conversations.consultations.kinds.kind import Unfit
from conversations.consultations.kinds.registry import kind_of, shape_of
from conversations.consultations.respond.navigation import (
    closed_text,
    goto_next,
    goto_step,
    leave,
    response_of,
    with_value,
)
from conversations.consultations.respond.question import may_skip, ticked_places, ticks_note, unsent_ticks
from conversations.consultations.respond.response import Response, place_before, question_at
from conversations.consultations.respond.set_aside import say_what_counts
from conversations.core.engine import Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.messages import Note, Say, Session
from conversations.core.pagination import number_behind


def take_question(session: Session, event: Event, facts: Facts) -> Turn | None:
    response = response_of(session, facts)
    question = question_at(response, session.number("at")) if response else None
    if response is None or question is None:
        return None
    if not response.open:
        return leave(session, facts, closed_text(response, facts))
    match event:
        case Said(text, _visit, message):
            counting = skip_logic.counting_answers(response.form, response.answers, facts.today)
            value = answer_parser.parse_text(question, text, counting, facts.today)
            return _take_value(session, response, question, value, facts, message)
        case Chose(_visit, key) if number_behind(key) is not None:
            return _take_tap(session, response, question, int(key), facts)
        case Chose(_visit, key):
            return _take_button(session, response, question, key, facts)
    return None


def _take_tap(
    session: Session, response: Response, question: Question, place: int, facts: Facts
) -> Turn | None:
    if shape_of(question) is Shape.OPTIONS:
        places = ticked_places(session, response, question)
        toggled = [p for p in places if p != place] if place in places else [*places, place]
        if place >= len(question.options):
            return None
        return Turn(session.with_notes(ticks=ticks_note(session, tuple(sorted(toggled)))))
    return _take_places(session, response, question, (place,), facts)


def _take_places(
    session: Session, response: Response, question: Question, places: tuple[int, ...], facts: Facts
) -> Turn | None:
    counting = skip_logic.counting_answers(response.form, response.answers, facts.today)
    try:
        given = answer_parser.parse_places(question, places, counting, facts.today)
    except IndexError:  # a button that this question does not have
        return None
    return _take_value(session, response, question, given, facts)


def _take_button(
    session: Session, response: Response, question: Question, key: str, facts: Facts
) -> Turn | None:
    _ = facts.words
    match key:
        case "done" if shape_of(question) is Shape.OPTIONS:
            return _take_places(
                session, response, question, ticked_places(session, response, question), facts
            )
        case "go" if not kind_of(question).is_answered:
            return Turn(_next_question(session, response, facts))
        case "keep" if question.name in response.answers:
            return Turn(_next_question(session, response, facts))
        case "skip" if may_skip(question):
            return _store(session, response, question, None, facts)
        case "back":
            return _go_back(session, response, facts)
        case "stop":
            return _stop(session, response, question, facts)
    return None


def _stop(session: Session, response: Response, question: Question, facts: Facts) -> Turn:
    """Pauses. Stores the options ticked so far too, if they are a valid answer."""
    _ = facts.words
    places = unsent_ticks(session)
    ticked = _take_places(session, response, question, places, facts) if places else None
    effects = ticked.effects if ticked else ()
    if not (response.answers or effects):
        return leave(session, facts, _("That's fine. You can go on any time: /say."))
    left = leave(session, facts, _("I've kept your answers. You can go on any time: /say."))
    return Turn(_without_ticks(left.session), left.says, effects)


def _without_ticks(session: Session) -> Session:
    """Clears ticks that were not submitted."""
    return session.with_notes(ticks=None)


def _take_value(
    session: Session,
    response: Response,
    question: Question,
    value: Value | Unfit,
    facts: Facts,
    message: str = "",
) -> Turn:
    if not isinstance(value, Unfit):
        return _store(session, response, question, value, facts, message)
    own = form_words(response.form, facts.words)(value.own)
    return Turn(session, (Say(own or facts.words(value.words, **value.values)),))


def _store(
    session: Session,
    response: Response,
    question: Question,
    value: Value | None,
    facts: Facts,
    message: str = "",
) -> Turn:
    noting, after, effects = with_value(session, response, question, value, message)
    says = say_what_counts(response, after, facts)
    return Turn(_without_ticks(_next_question(noting, after, facts)), says, effects)


def _next_question(session: Session, response: Response, facts: Facts) -> Session:
    """Goes to the first open question. Somebody who went back and kept an answer returns to where they were."""
    changing: dict[str, Note] = {"change": True} if session.notes.get("change") else {}
    return goto_next(session, response, facts, seen=session.number("at"), **changing)


def _go_back(session: Session, response: Response, facts: Facts) -> Turn | None:
    if session.notes.get("change"):
        return Turn(goto_step(session, "review"))
    place = place_before(response, session.number("at"), facts.today)
    return Turn(goto_step(session, "question", at=place)) if place is not None else None
