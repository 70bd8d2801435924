"""The ways from step to step of having a say; a preview takes the same ways, and keeps nothing."""

from conversations.consultations.effects import SaveAnswer, SkipQuestion
from conversations.consultations.form import Question, Value
from conversations.consultations.form_text import form_words
from conversations.consultations.respond.preview_state import (
    in_preview,
    preview_note,
    preview_notes,
    previewed,
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


def sheet_of(session: Session, facts: Facts) -> Response | None:
    """The sheet that somebody is at: their own, or a preview's."""
    response = facts[OneResponse].response
    return previewed(response, session) if response and in_preview(session) else response


def to(session: Session, step: str, **notes: Note) -> Session:
    """On to another step with the same consultation, in a preview as in earnest."""
    if in_preview(session):
        return session.goto(f"preview.{step}", **preview_notes(session), **notes)
    return session.goto(f"say.{step}", consultation=session.number("consultation"), **notes)


def onward(session: Session, response: Response, facts: Facts, seen: int = -1, **notes: Note) -> Session:
    """To the first question still open; to the review where there is none."""
    place = next_place(response, facts.today, seen)
    return to(session, "review") if place is None else to(session, "question", at=place, **notes)


def kept(
    session: Session, response: Response, question: Question, value: Value | None, message: str = ""
) -> tuple[Session, Response, tuple[Effect, ...]]:
    """An answer given, or None where it was passed over: the sheet with it, and what is to be stored."""
    after = (
        with_answer(response, question.name, value)
        if value is not None
        else without_answer(response, question.name)
    )
    if in_preview(session):
        place = response.form.questions.index(question)
        return session.with_notes(**preview_note(place, question, value)), after, ()
    if value is None:
        return session, after, (SkipQuestion(response.about.id, question.name),)
    return session, after, (SaveAnswer(response.about.id, question.name, value, message),)


def out(session: Session, facts: Facts, text: str) -> Turn:
    """Leaves the consultation: home; from a preview, back to where it was opened."""
    _ = facts.words
    if not in_preview(session):
        return Turn(session.goto("home"), (Say(text),))
    back = session.goto(str(session.notes["back"]), consultation=session.number("consultation"))
    return Turn(back, (Say(_("That was the preview. Nothing was kept.")),))


def gone(response: Response | None, facts: Facts) -> Say:
    """What is said where there is nothing to answer any more."""
    _ = facts.words
    home = ((Choice("/changed", _("What changed")),), (Choice("/home", _("Home")),))
    if response is None:
        return Say(_("That one isn't open for you any more."), rows=home, replaces=True)
    return Say(closed(response, facts), rows=home, replaces=True)


def closed(response: Response, facts: Facts) -> str:
    """It closed in the meantime: what was said counts."""
    _ = facts.words
    title = form_words(response.form, _).title
    if response.about.state in {"answered", "revisited"}:
        return _("“{title}” has closed. What came of it is here: /changed.", title=title)
    if not response.answers:
        return _("“{title}” has closed. There will be other things to have your say on.", title=title)
    return _(
        "“{title}” has closed. I've kept what you said, and I'll tell you what comes of it.", title=title
    )
