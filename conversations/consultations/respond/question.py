"""Asks one question of any kind, with the buttons around it: back, keep, skip, stop."""

from datetime import date

from conversations.consultations import skip_logic
from conversations.consultations.answer_parser import parse_places
from conversations.consultations.form import Question, Shape
from conversations.consultations.form_text import FormWords, form_words
from conversations.consultations.kinds.kind import Unfit
from conversations.consultations.kinds.registry import kind_of, shape_of
from conversations.consultations.respond.navigation import response_of, say_gone
from conversations.consultations.respond.response import Response, place_before, question_at
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Note, Row, Say, Session, quote_of
from conversations.safeguarding.detector import CHECKED_LANGUAGES

_SO_FAR = 1000  # letters of the current answer


def ask_question(session: Session, facts: Facts) -> Say:
    response = response_of(session, facts)
    question = question_at(response, session.number("at")) if response else None
    if response is None or question is None or not response.open:
        return say_gone(response, facts)
    said, kind = form_words(response.form, facts.words), kind_of(question)
    draft = _draft(response, question, facts)
    lines = (
        said(question.label),
        *kind.option_lines(question, said),
        _hint(question, said),
        _unread_language_notice(question, said),
        "" if draft else _current_answer(response, question, said),
    )
    return Say(
        "\n".join(filter(None, lines)),
        draft=draft,
        repeats_answer=quote_of(response.about.id, question.name)
        if question.name in response.answers
        else "",
        progress=skip_logic.progress(response.form, response.answers, question.name, facts.today),
        rows=(
            *_answer_buttons(session, response, question, said, facts.today),
            *_ways_around(session, response, question, facts),
        ),
        expects=kind.expects(question),
        replaces=True,
    )


def ticked_places(session: Session, response: Response, question: Question) -> tuple[int, ...]:
    """The places of the ticked options; at first, those of the stored answer."""
    found = unsent_ticks(session)
    if found is not None:
        return found
    stored = response.answers.get(question.name)
    names = stored if isinstance(stored, tuple) else ()
    return tuple(place for place, option in enumerate(question.options) if option.name in names)


def ticks_note(session: Session, places: tuple[int, ...]) -> Note:
    """The ticks at this question as a note, which the engine keeps while somebody looks at something else."""
    return (session.step, session.number("consultation"), session.number("at"), *places)


def unsent_ticks(session: Session) -> tuple[int, ...] | None:
    """The places ticked at this question but not submitted; None if nothing was ticked."""
    found = session.notes.get("ticks")
    here = (session.step, session.notes.get("consultation"), session.notes.get("at"))
    if not isinstance(found, tuple) or found[:3] != here:
        return None
    return tuple(place for place in found[3:] if isinstance(place, int))


def may_skip(question: Question) -> bool:
    return not question.required and kind_of(question).is_answered


# --- its text -------------------------------------------------------------------------------------


def _hint(question: Question, said: FormWords) -> str:
    """The form's own hint, or its kind's default."""
    return said(question.hint) or kind_of(question).hint(question, said.words)


def _unread_language_notice(question: Question, said: FormWords) -> str:
    """Warns before free text that Heard has no list of danger words in this language."""
    if shape_of(question) is not Shape.TEXT or said.words.language in CHECKED_LANGUAGES:
        return ""
    return said.words("I can't tell from your words here if you need help. If you need help now, send /help.")


def _current_answer(response: Response, question: Question, said: FormWords) -> str:
    """The current answer; empty for several choices, where the ticks show it."""
    value = response.answers.get(question.name)
    if value is None or shape_of(question) is Shape.OPTIONS:
        return ""
    answer = kind_of(question).answer_text(question, value, said, _SO_FAR)
    return said.words("Your answer so far: {answer}", answer=answer)


def _draft(response: Response, question: Question, facts: Facts) -> str:
    """The initial text of the page's field: the current answer."""
    value = response.answers.get(question.name)
    in_a_field = facts.channel.fills_fields and kind_of(question).expects(question) in {"text", "number"}
    return str(value) if in_a_field and value is not None else ""


# --- its buttons ----------------------------------------------------------------------------------


def _answer_buttons(
    session: Session, response: Response, question: Question, said: FormWords, today: date
) -> tuple[Row, ...]:
    if shape_of(question) is not Shape.OPTIONS:
        return kind_of(question).buttons(question, said, ())
    places = ticked_places(session, response, question)
    options = kind_of(question).buttons(question, said, places)
    done: Row = (Choice("done", said.words("Done")),)
    return (*options, done) if _is_answer(places, response, question, today) else options


def _is_answer(places: tuple[int, ...], response: Response, question: Question, today: date) -> bool:
    """Whether the ticked options are a valid answer. Done is offered only then."""
    counting = skip_logic.counting_answers(response.form, response.answers, today)
    return bool(places) and not isinstance(parse_places(question, places, counting, today), Unfit)


def _ways_around(session: Session, response: Response, question: Question, facts: Facts) -> tuple[Row, ...]:
    """Back, Skip and Stop; with a stored answer, also Keep it and Delete."""
    _ = facts.words
    changing = session.notes.get("change")
    first = place_before(response, session.number("at"), facts.today) is None
    answered = question.name in response.answers
    ways = [] if first and not changing else [_aside_choice("back", _("Back"))]
    if answered:
        ways.append(_aside_choice("keep", _("Keep it")))
    elif may_skip(question):
        ways.append(_aside_choice("skip", _("Skip")))
    ways.append(_aside_choice("stop", _("Stop")))
    take_back = ((_aside_choice("skip", _("Delete my answer")),),) if answered and may_skip(question) else ()
    return (tuple(ways), *take_back)


def _aside_choice(key: str, label: str) -> Choice:
    return Choice(key, label, aside=True)
