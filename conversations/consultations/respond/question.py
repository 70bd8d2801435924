"""One question at a time: how it is put, whatever its kind, and the ways around it."""

from datetime import date

from conversations.consultations import skip_logic as asking
from conversations.consultations.answer_parser import Unfit, chosen
from conversations.consultations.form import Question
from conversations.consultations.form_text import FormWords, form_words
from conversations.consultations.respond.navigation import gone, sheet_of
from conversations.consultations.respond.response import Sheet, place_before, question_at
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Expects, Note, Row, Say, Session, quote_of
from conversations.core.pagination import in_rows
from conversations.safeguarding.detector import LOOKED_THROUGH

POINTS_MOST = 11  # a range of more is typed
_SO_FAR = 1000  # letters of somebody's own words, to change them from
_SIDE_BY_SIDE = 13  # letters of a label that still fits beside another one on a small phone


def ask_question(session: Session, facts: Facts) -> Say:
    sheet = sheet_of(session, facts)
    question = question_at(sheet, session.number("at")) if sheet else None
    if sheet is None or question is None or not sheet.open:
        return gone(sheet, facts)
    said = form_words(sheet.form, facts.words)
    draft = _draft(sheet, question, facts)
    lines = (
        said(question.label),
        *_options(question, said),
        _hint(question, said),
        _unread(question, said),
        "" if draft else _so_far(sheet, question, said),
    )
    return Say(
        "\n".join(filter(None, lines)),
        draft=draft,
        quotes=quote_of(sheet.about.id, question.name) if question.name in sheet.answers else "",
        progress=asking.place(sheet.form, sheet.answers, question.name, facts.today),
        rows=(
            *_answers(session, sheet, question, said, facts.today),
            *_ways_around(session, sheet, question, facts),
        ),
        expects=_expects(question),
        replaces=True,
    )


def picked(session: Session, sheet: Sheet, question: Question) -> tuple[int, ...]:
    """The places of the options ticked just now; at first, those of the stored answer."""
    found = noted(session)
    if found is not None:
        return found
    stored = sheet.answers.get(question.name)
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
    return not question.required and question.kind != "note"


# --- its text -------------------------------------------------------------------------------------


def _options(question: Question, said: FormWords) -> tuple[str, ...]:
    """Long options, or many, stand as numbered text; their buttons are the numbers."""
    if not _by_number(question, said):
        return ()
    return tuple(f"{place}. {label}" for place, label in enumerate(said.labels(question), 1))


def _hint(question: Question, said: FormWords) -> str:
    """The form's own hint, or what somebody needs to know to answer."""
    _ = said.words
    own = said(question.hint)
    if own:
        return own
    match question.kind:
        case "integer":
            return _("Write a number.")
        case "select_multiple":
            return _("Choose as many as you like.")
        case "range" if not _on_buttons(question):
            least, most = asking.points(question)[0], asking.points(question)[-1]
            return _("Write a number from {least} to {most}.", least=least, most=most)
    return ""


def _unread(question: Question, said: FormWords) -> str:
    """Where words are wanted in a language that no word list covers, nobody is left to think otherwise."""
    if question.kind != "text" or said.words.language in LOOKED_THROUGH:
        return ""
    return said.words("I can't tell from your words here if you need help. If you need help now, send /help.")


def _so_far(sheet: Sheet, question: Question, said: FormWords) -> str:
    """The answer that is there already; among several it shows in the ticks."""
    value = sheet.answers.get(question.name)
    if value is None or question.kind == "select_multiple":
        return ""
    return said.words("Your answer so far: {answer}", answer=said.answer(question, value, _SO_FAR))


def _draft(sheet: Sheet, question: Question, facts: Facts) -> str:
    """What a page's field holds to begin with: the answer that is there already, to be changed."""
    value = sheet.answers.get(question.name)
    in_a_field = facts.channel.fills_fields and _expects(question) in {"text", "number"}
    return str(value) if in_a_field and value is not None else ""


def _by_number(question: Question, said: FormWords) -> bool:
    version, default = said.words.version, said.form.default_language
    return not asking.labels_fit(question, said.language, version, default)


# --- its buttons ----------------------------------------------------------------------------------


def _answers(
    session: Session, sheet: Sheet, question: Question, said: FormWords, today: date
) -> tuple[Row, ...]:
    _ = said.words
    match question.kind:
        case "select_one":
            return _of_options(question, said, ())
        case "select_multiple":
            places = picked(session, sheet, question)
            done: tuple[Row, ...] = (
                ((Choice("done", _("Done")),),) if _are_enough(places, sheet, question, today) else ()
            )
            return (*_of_options(question, said, places), *done)
        case "range" if _on_buttons(question):
            numbers = [Choice(str(n), str(point)) for n, point in enumerate(asking.points(question))]
            return tuple(in_rows(numbers, 6))
        case "acknowledge":
            return ((Choice("0", _("OK")),),)
        case "note":
            return ((Choice("go", _("Go on")),),)
    return ()


def _are_enough(places: tuple[int, ...], sheet: Sheet, question: Question, today: date) -> bool:
    """Whether these would do as the answer: only then is there a Done."""
    counting = asking.counting(sheet.form, sheet.answers, today)
    return bool(places) and not isinstance(chosen(question, places, counting, today), Unfit)


def _of_options(question: Question, said: FormWords, places: tuple[int, ...]) -> tuple[Row, ...]:
    several = question.kind == "select_multiple"
    labels = said.labels(question)
    by_number = _by_number(question, said)
    choices = [
        Choice(str(n), str(n + 1) if by_number else label, ticked=n in places if several else None)
        for n, label in enumerate(labels)
    ]
    short = all(len(label) <= _SIDE_BY_SIDE for label in labels)
    return tuple(in_rows(choices, 5 if by_number else 2 if short else 1))


def _ways_around(session: Session, sheet: Sheet, question: Question, facts: Facts) -> tuple[Row, ...]:
    """Back, Skip and Stop; where an answer is there already, keeping it or taking it back."""
    _ = facts.words
    changing = session.notes.get("change")
    first = place_before(sheet, session.number("at"), facts.today) is None
    answered = question.name in sheet.answers
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


def _on_buttons(question: Question) -> bool:
    return len(asking.points(question)) <= POINTS_MOST


def _expects(question: Question) -> Expects:
    match question.kind:
        case "text":
            return "text"
        case "integer":
            return "number"
        case "range" if not _on_buttons(question):
            return "number"
        case "select_one" | "select_multiple" | "range":
            return "words"
    return "nothing"
