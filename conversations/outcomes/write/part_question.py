"""The step that asks which question a part answers, so that people see their own answer to it."""

from conversations.consultations.form_text import form_words
from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import numbered_rows, on_page, page_turned_to, typed_number
from conversations.core.text import shorten
from conversations.outcomes.outcome import questions_to_answer
from conversations.outcomes.write.draft import Draft
from conversations.outcomes.write.part import navigation_row, part_of, take_button, write_field, you_said_line

_LABEL = 120  # letters of a question


def ask_question(session: Session, draft: Draft, facts: Facts) -> Say:
    _, labels, page = facts.words, _labels(draft, facts), session.notes.get("page")
    part = part_of(session, draft)
    names = [question.name for question in questions_to_answer(draft.about.form)]
    lines = [f"{n + 1}. {labels[n]}" for n in on_page(page, len(labels))]
    text = "\n".join((you_said_line(part, draft, _), "", _("Which question is this about?"), *lines))
    if part.question in names:
        text += f"\n\n{_('It says now: {text}', text=labels[names.index(part.question)])}"
    rows: tuple[Row, ...] = numbered_rows([f"q:{n}" for n in range(len(labels))], page, _)
    none: Row = (Choice("none", _("Several, or none")),)
    return Say(text, rows=(*rows, none, navigation_row(draft, facts)), replaces=True)


def take_question(session: Session, event: Event, draft: Draft, _facts: Facts) -> Turn | None:
    page = page_turned_to(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    names = [question.name for question in questions_to_answer(draft.about.form)]
    number = typed_number(event)
    if number and number <= len(names):
        return write_field(session, draft, "question", names[number - 1])
    match event:
        case Chose(_, "none"):
            return write_field(session, draft, "question", "")
        case Chose(_, key) if key in {f"q:{n}" for n in range(len(names))}:
            return write_field(session, draft, "question", names[int(key.removeprefix("q:"))])
    return take_button(session, event, draft, "question")


def _labels(draft: Draft, facts: Facts) -> list[str]:
    form = draft.about.form
    if form is None:
        return []
    said = form_words(form, facts.words)
    return [shorten(said(question.label), _LABEL) for question in questions_to_answer(form)]
