"""The review of somebody's answers, changing one, and the receipt with what happens next."""

import re

from conversations.consultations.effects import FinishAnswers
from conversations.consultations.form_text import form_words
from conversations.consultations.kinds.registry import kind_of
from conversations.consultations.respond.commitments import change_deadline, what_next
from conversations.consultations.respond.navigation import (
    closed_text,
    goto_next,
    goto_step,
    leave,
    response_of,
    say_gone,
)
from conversations.consultations.respond.preview_state import is_preview
from conversations.consultations.respond.response import Response, next_place, places_to_review
from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session, quote_of
from conversations.core.pagination import back_row, numbered_rows, on_page, page_turned_to, typed_number
from conversations.core.text import shorten

_LISTED = 25  # answers in one message; the others are under "Change an answer"
_QUESTION = 60  # letters of each
_ANSWERS, _ANSWER_LEAST, _ANSWER_MOST = 2000, 60, 500  # letters of all answers together, and of each
_ASKED = re.compile(r"[^?؟]+[?؟]")


# --- you said -------------------------------------------------------------------------------------


def ask_review(session: Session, facts: Facts) -> Say:
    _, response = facts.words, response_of(session, facts)
    if response is None or not response.open:
        return say_gone(response, facts)
    places = places_to_review(response, facts.today)
    most = _letters_each(min(len(places), _LISTED))
    listed = [f"{n}. {_line(response, place, facts, most)}" for n, place in enumerate(places[:_LISTED], 1)]
    left = len(places) - len(listed)
    more = _.many("… and {n} more answer.", "… and {n} more answers.", left) if left else ""
    rows: tuple[Row, ...] = ((Choice("done", _("Done")),), (Choice("change", _("Change an answer")),))
    text = "\n".join(
        filter(None, (_("That's everything. You said:"), *listed, more, change_deadline(response, facts)))
    )
    return Say(text, rows=rows, replaces=True, repeats_answer=quote_of(response.about.id))


def take_review(session: Session, event: Event, facts: Facts) -> Turn | None:
    response = response_of(session, facts)
    if response is None:
        return None
    if not response.open:
        return leave(session, facts, closed_text(response, facts))
    match event:
        case Chose(_visit, "done"):
            return _finish(session, response, facts)
        case Chose(_visit, "change"):
            return Turn(goto_step(session, "change"))
    return None


def _finish(session: Session, response: Response, facts: Facts) -> Turn:
    if next_place(response, facts.today) is not None:  # a question became relevant, because a day passed
        return Turn(goto_next(session, response, facts))
    effects = () if is_preview(session) else (FinishAnswers(response.about.id),)
    return Turn(goto_step(session, "receipt"), effects=effects)


def _letters_each(answers: int) -> int:
    """The maximum length of each answer, so that this many fit in one message."""
    return max(_ANSWER_LEAST, min(_ANSWER_MOST, _ANSWERS // max(1, answers)))


def _line(response: Response, place: int, facts: Facts, most: int) -> str:
    """The question and its answer in one line, the answer at most `most` letters long."""
    _ = facts.words
    question = response.form.questions[place]
    said = form_words(response.form, _)
    value = response.answers.get(question.name)
    told = kind_of(question).answer_text
    answer = told(question, value, said, most) if value is not None else _("(skipped)")
    asked = shorten(_first_question(said(question.label)), _QUESTION)
    return _("{question} – {answer}", question=asked, answer=answer)


def _first_question(label: str) -> str:
    """A label up to its question mark. The rest explains how to answer."""
    found = _ASKED.match(label)
    return found[0] if found else label


# --- change an answer -----------------------------------------------------------------------------


def ask_change(session: Session, facts: Facts) -> Say:
    _, response = facts.words, response_of(session, facts)
    if response is None or not response.open:
        return say_gone(response, facts)
    places, page = places_to_review(response, facts.today), session.notes.get("page")
    shown = on_page(page, len(places))
    lines = [f"{n + 1}. {_line(response, places[n], facts, _letters_each(len(shown)))}" for n in shown]
    rows = numbered_rows([str(place) for place in places], page, _)
    back = back_row(_)
    text = "\n".join((_("Which answer?"), *lines))
    return Say(text, rows=(*rows, back), replaces=True, repeats_answer=quote_of(response.about.id))


def take_change(session: Session, event: Event, facts: Facts) -> Turn | None:
    response = response_of(session, facts)
    if response is None:
        return None
    if not response.open:
        return leave(session, facts, closed_text(response, facts))
    page = page_turned_to(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    if isinstance(event, Chose) and event.key == "back":
        return Turn(goto_step(session, "review"))
    place = _chosen_place(event, places_to_review(response, facts.today))
    return None if place is None else Turn(goto_step(session, "question", at=place, change=True))


def _chosen_place(event: Event, places: tuple[int, ...]) -> int | None:
    """The place in the form that a tapped button or a typed number names."""
    if isinstance(event, Chose):
        return next((place for place in places if str(place) == event.key), None)
    number = typed_number(event)
    return places[number - 1] if number and number <= len(places) else None


# --- the receipt ----------------------------------------------------------------------------------


def ask_receipt(session: Session, facts: Facts) -> Say:
    _, response = facts.words, response_of(session, facts)
    if response is None:
        return say_gone(response, facts)
    lines = [_("Your answers are in."), what_next(response, facts)]
    if response.open:
        lines.append(change_deadline(response, facts))
    code = "\n".join(return_code_lines(facts)) if "return_code" in facts.fresh else ""
    rows: list[Row] = [(Choice("change", _("Change an answer")),)] if response.open else []
    home: tuple[Row, ...] = () if is_preview(session) else ((Choice("/home", _("Home")),),)
    title = form_words(response.form, _).title
    return Say("\n".join(lines), heading=title, shown_once=code, rows=(*rows, *home), replaces=True)


def take_receipt(session: Session, event: Event, _facts: Facts) -> Turn | None:
    match event:
        case Chose(_visit, "change"):
            return Turn(goto_step(session, "review"))
    return None


def return_code_lines(facts: Facts) -> tuple[str, ...]:
    """The new return code, what it is for, and that it is shown only once. Only its hash is stored."""
    _ = facts.words
    return (
        _("Your return code: {code}", code=facts.fresh["return_code"]),
        _("Write it down, or take a photo of it. It brings you back here on any phone or computer."),
        _("I show it only once."),
    )
