"""One question at a time: how it is put, whatever its kind, and the ways around it."""

from datetime import date

from conversations.consultations import skip_logic
from conversations.consultations.answer_parser import chosen
from conversations.consultations.form import Question, Shape
from conversations.consultations.form_text import FormWords, form_words
from conversations.consultations.kinds.kind import Unfit
from conversations.consultations.kinds.registry import kind_of, shape_of
from conversations.consultations.respond.navigation import gone, sheet_of
from conversations.consultations.respond.response import Response, place_before, question_at
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Note, Row, Say, Session, quote_of
from conversations.safeguarding.detector import LOOKED_THROUGH

_SO_FAR = 1000  # letters of somebody's own words, to change them from


def ask_question(session: Session, facts: Facts) -> Say:
    response = sheet_of(session, facts)
    question = question_at(response, session.number("at")) if response else None
    if response is None or question is None or not response.open:
        return gone(response, facts)
    said, kind = form_words(response.form, facts.words), kind_of(question)
    draft = _draft(response, question, facts)
    lines = (
        said(question.label),
        *kind.listed(question, said),
        _hint(question, said),
        _unread(question, said),
        "" if draft else _so_far(response, question, said),
    )
    return Say(
        "\n".join(filter(None, lines)),
        draft=draft,
        repeats_answer=quote_of(response.about.id, question.name)
        if question.name in response.answers
        else "",
        progress=skip_logic.place(response.form, response.answers, question.name, facts.today),
        rows=(
            *_answers(session, response, question, said, facts.today),
            *_ways_around(session, response, question, facts),
        ),
        expects=kind.expects(question),
        replaces=True,
    )


def picked(session: Session, response: Response, question: Question) -> tuple[int, ...]:
    """The places of the options ticked just now; at first, those of the stored answer."""
    found = noted(session)
    if found is not None:
        return found
    stored = response.answers.get(question.name)
    names = stored if isinstance(stored, tuple) else ()
    return tuple(place for place, option in enumerate(question.options) if option.name in names)


def ticks(session: Session, places: tuple[int, ...]) -> Note:
    """What is ticked at this question, as the engine carries it along while somebody looks at something else."""
    return (session.step, session.number("consultation"), session.number("at"), *places)


def noted(session: Session) -> tuple[int, ...] | None:
    """The places ticked at this question and not sent yet; None where nothing was ticked."""
    found = session.notes.get("ticks")
    here = (session.step, session.notes.get("consultation"), session.notes.get("at"))
    if not isinstance(found, tuple) or found[:3] != here:
        return None
    return tuple(place for place in found[3:] if isinstance(place, int))


def may_skip(question: Question) -> bool:
    return not question.required and kind_of(question).is_answered


# --- its text -------------------------------------------------------------------------------------


def _hint(question: Question, said: FormWords) -> str:
    """The form's own hint, or what somebody needs to know to answer."""
    return said(question.hint) or kind_of(question).hint(question, said.words)


def _unread(question: Question, said: FormWords) -> str:
    """Where words are wanted in a language that no word list covers, nobody is left to think otherwise."""
    if shape_of(question) is not Shape.TEXT or said.words.language in LOOKED_THROUGH:
        return ""
    return said.words("I can't tell from your words here if you need help. If you need help now, send /help.")


def _so_far(response: Response, question: Question, said: FormWords) -> str:
    """The answer that is there already; among several it shows in the ticks."""
    value = response.answers.get(question.name)
    if value is None or shape_of(question) is Shape.OPTIONS:
        return ""
    answer = kind_of(question).told(question, value, said, _SO_FAR)
    return said.words("Your answer so far: {answer}", answer=answer)


def _draft(response: Response, question: Question, facts: Facts) -> str:
    """What a page's field holds to begin with: the answer that is there already, to be changed."""
    value = response.answers.get(question.name)
    in_a_field = facts.channel.fills_fields and kind_of(question).expects(question) in {"text", "number"}
    return str(value) if in_a_field and value is not None else ""


# --- its buttons ----------------------------------------------------------------------------------


def _answers(
    session: Session, response: Response, question: Question, said: FormWords, today: date
) -> tuple[Row, ...]:
    if shape_of(question) is not Shape.OPTIONS:
        return kind_of(question).buttons(question, said, ())
    places = picked(session, response, question)
    options = kind_of(question).buttons(question, said, places)
    done: Row = (Choice("done", said.words("Done")),)
    return (*options, done) if _are_enough(places, response, question, today) else options


def _are_enough(places: tuple[int, ...], response: Response, question: Question, today: date) -> bool:
    """Whether these would do as the answer: only then is there a Done."""
    counting = skip_logic.counting(response.form, response.answers, today)
    return bool(places) and not isinstance(chosen(question, places, counting, today), Unfit)


def _ways_around(session: Session, response: Response, question: Question, facts: Facts) -> tuple[Row, ...]:
    """Back, Skip and Stop; where an answer is there already, keeping it or taking it back."""
    _ = facts.words
    changing = session.notes.get("change")
    first = place_before(response, session.number("at"), facts.today) is None
    answered = question.name in response.answers
    ways = [] if first and not changing else [_aside("back", _("Back"))]
    if answered:
        ways.append(_aside("keep", _("Keep it")))
    elif may_skip(question):
        ways.append(_aside("skip", _("Skip")))
    ways.append(_aside("stop", _("Stop")))
    take_back = ((_aside("skip", _("Delete my answer")),),) if answered and may_skip(question) else ()
    return (tuple(ways), *take_back)


def _aside(key: str, label: str) -> Choice:
    return Choice(key, label, aside=True)
