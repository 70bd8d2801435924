"""How having a say goes from step to step. A preview goes the same way, and stores nothing."""

from conversations.consultations.effects import SaveAnswer, SkipQuestion
from conversations.consultations.form import Question, Value
from conversations.consultations.form_text import form_words
from conversations.consultations.respond.preview_state import (
    is_preview,
    preview_note,
    preview_notes,
    preview_response,
)
from conversations.consultations.respond.response import (
    OneResponse,
    Response,
    next_place,
    with_answer,
    without_answer,
)
from conversations.core.effects import Effect
from conversations.core.engine import Turn
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Note, Say, Session


def response_of(session: Session, facts: Facts) -> Response | None:
    """The response that the session is at: the person's own, or a preview's."""
    response = facts[OneResponse].response
    return preview_response(response, session) if response and is_preview(session) else response


def goto_step(session: Session, step: str, **notes: Note) -> Session:
    """Goes to another step of the same consultation or preview."""
    if is_preview(session):
        return session.goto(f"preview.{step}", **preview_notes(session), **notes)
    return session.goto(f"say.{step}", consultation=session.number("consultation"), **notes)


def goto_next(session: Session, response: Response, facts: Facts, seen: int = -1, **notes: Note) -> Session:
    """Goes to the first open question, or to the review if there is none."""
    place = next_place(response, facts.today, seen)
    return (
        goto_step(session, "review") if place is None else goto_step(session, "question", at=place, **notes)
    )


def with_value(
    session: Session, response: Response, question: Question, value: Value | None, message: str = ""
) -> tuple[Session, Response, tuple[Effect, ...]]:
    """The session, the response with the value (None: skipped), and the effects that store it."""
    after = (
        with_answer(response, question.name, value)
        if value is not None
        else without_answer(response, question.name)
    )
    if is_preview(session):
        place = response.form.questions.index(question)
        return session.with_notes(**preview_note(place, question, value)), after, ()
    if value is None:
        return session, after, (SkipQuestion(response.about.id, question.name),)
    return session, after, (SaveAnswer(response.about.id, question.name, value, message),)


def leave(session: Session, facts: Facts, text: str) -> Turn:
    """Leaves the consultation for home, or a preview for the step that opened it."""
    _ = facts.words
    if not is_preview(session):
        return Turn(session.goto("home"), (Say(text),))
    back = session.goto(str(session.notes["back"]), consultation=session.number("consultation"))
    return Turn(back, (Say(_("That was the preview. Nothing was kept.")),))


def say_gone(response: Response | None, facts: Facts) -> Say:
    """The consultation is closed or no longer available."""
    _ = facts.words
    home = ((Choice("/changed", _("What changed")),), (Choice("/home", _("Home")),))
    if response is None:
        return Say(_("That one isn't open for you any more."), rows=home, replaces=True)
    return Say(closed_text(response, facts), rows=home, replaces=True)


def closed_text(response: Response, facts: Facts) -> str:
    """It closed in the meantime; answers given so far count."""
    _ = facts.words
    title = form_words(response.form, _).title
    if response.about.state in {"answered", "revisited"}:
        return _("“{title}” has closed. What came of it is here: /changed.", title=title)
    if not response.answers:
        return _("“{title}” has closed. There will be other things to have your say on.", title=title)
    return _(
        "“{title}” has closed. I've kept what you said, and I'll tell you what comes of it.", title=title
    )
