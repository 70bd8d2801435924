"""What an answer leads to: it is stored in its own turn, and the next question follows."""

from conversations.consultations import answer_parser, skip_logic
from conversations.consultations.form import Question, Shape, Value
from conversations.consultations.form_text import form_words
from conversations.consultations.kinds.kind import Unfit
from conversations.consultations.kinds.registry import kind_of, shape_of
from conversations.consultations.respond.navigation import closed, kept, onward, out, sheet_of, to
from conversations.consultations.respond.question import may_skip, noted, picked, ticks
from conversations.consultations.respond.response import Response, place_before, question_at
from conversations.core.engine import Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.messages import Note, Say, Session
from conversations.core.pagination import number_behind


def take_question(session: Session, event: Event, facts: Facts) -> Turn | None:
    response = sheet_of(session, facts)
    question = question_at(response, session.number("at")) if response else None
    if response is None or question is None:
        return None
    if not response.open:
        return out(session, facts, closed(response, facts))
    match event:
        case Said(text, _visit, message):
            counting = skip_logic.counting(response.form, response.answers, facts.today)
            value = answer_parser.typed(question, text, counting, facts.today)
            return _given(session, response, question, value, facts, message)
        case Chose(_visit, key) if number_behind(key) is not None:
            return _tapped(session, response, question, int(key), facts)
        case Chose(_visit, key):
            return _around(session, response, question, key, facts)
    return None


def _tapped(
    session: Session, response: Response, question: Question, place: int, facts: Facts
) -> Turn | None:
    if shape_of(question) is Shape.OPTIONS:
        places = picked(session, response, question)
        toggled = [p for p in places if p != place] if place in places else [*places, place]
        if place >= len(question.options):
            return None
        return Turn(session.with_notes(ticks=ticks(session, tuple(sorted(toggled)))))
    return _chosen(session, response, question, (place,), facts)


def _chosen(
    session: Session, response: Response, question: Question, places: tuple[int, ...], facts: Facts
) -> Turn | None:
    counting = skip_logic.counting(response.form, response.answers, facts.today)
    try:
        given = answer_parser.chosen(question, places, counting, facts.today)
    except IndexError:  # a button that this question does not have
        return None
    return _given(session, response, question, given, facts)


def _around(session: Session, response: Response, question: Question, key: str, facts: Facts) -> Turn | None:
    _ = facts.words
    match key:
        case "done" if shape_of(question) is Shape.OPTIONS:
            return _chosen(session, response, question, picked(session, response, question), facts)
        case "go" if not kind_of(question).is_answered:
            return Turn(_after(session, response, facts))
        case "keep" if question.name in response.answers:
            return Turn(_after(session, response, facts))
        case "skip" if may_skip(question):
            return _stored(session, response, question, None, facts)
        case "back":
            return _back(session, response, facts)
        case "stop":
            return _stop(session, response, question, facts)
    return None


def _stop(session: Session, response: Response, question: Question, facts: Facts) -> Turn:
    """Only pauses. What is ticked already is kept too, if it will do."""
    _ = facts.words
    places = noted(session)
    ticked = _chosen(session, response, question, places, facts) if places else None
    effects = ticked.effects if ticked else ()
    if not (response.answers or effects):
        return out(session, facts, _("That's fine. You can go on any time: /say."))
    left = out(session, facts, _("I've kept your answers. You can go on any time: /say."))
    return Turn(_unticked(left.session), left.says, effects)


def _unticked(session: Session) -> Session:
    """Nothing is left that was ticked and not sent."""
    return session.with_notes(ticks=None)


def _given(
    session: Session,
    response: Response,
    question: Question,
    value: Value | Unfit,
    facts: Facts,
    message: str = "",
) -> Turn:
    if not isinstance(value, Unfit):
        return _stored(session, response, question, value, facts, message)
    own = form_words(response.form, facts.words)(value.own)
    return Turn(session, (Say(own or facts.words(value.words, **value.values)),))


def _stored(
    session: Session,
    response: Response,
    question: Question,
    value: Value | None,
    facts: Facts,
    message: str = "",
) -> Turn:
    noting, after, effects = kept(session, response, question, value, message)
    return Turn(_unticked(_after(noting, after, facts)), effects=effects)


def _after(session: Session, response: Response, facts: Facts) -> Session:
    """The first question still open. Somebody who went back and keeps an answer returns to where they were."""
    changing: dict[str, Note] = {"change": True} if session.notes.get("change") else {}
    return onward(session, response, facts, seen=session.number("at"), **changing)


def _back(session: Session, response: Response, facts: Facts) -> Turn | None:
    if session.notes.get("change"):
        return Turn(to(session, "review"))
    place = place_before(response, session.number("at"), facts.today)
    return Turn(to(session, "question", at=place)) if place is not None else None
