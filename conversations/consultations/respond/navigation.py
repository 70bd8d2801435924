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
    OneSheet,
    Sheet,
    next_place,
    with_answer,
    without_answer,
)
from conversations.core.effects import Effect
from conversations.core.engine import Turn
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Note, Say, Session


def sheet_of(session: Session, facts: Facts) -> Sheet | None:
    """The sheet that somebody is at: their own, or a preview's."""
    sheet = facts[OneSheet].sheet
    return previewed(sheet, session) if sheet and in_preview(session) else sheet


def to(session: Session, step: str, **notes: Note) -> Session:
    """On to another step with the same consultation, in a preview as in earnest."""
    if in_preview(session):
        return session.to(f"preview.{step}", **preview_notes(session), **notes)
    return session.to(f"say.{step}", consultation=session.number("consultation"), **notes)


def onward(session: Session, sheet: Sheet, facts: Facts, seen: int = -1, **notes: Note) -> Session:
    """To the first question still open; to the review where there is none."""
    place = next_place(sheet, facts.today, seen)
    return to(session, "review") if place is None else to(session, "question", at=place, **notes)


def kept(
    session: Session, sheet: Sheet, question: Question, value: Value | None, message: str = ""
) -> tuple[Session, Sheet, tuple[Effect, ...]]:
    """An answer given, or None where it was passed over: the sheet with it, and what is to be stored."""
    after = (
        with_answer(sheet, question.name, value)
        if value is not None
        else without_answer(sheet, question.name)
    )
    if in_preview(session):
        place = sheet.form.questions.index(question)
        return session.noting(**preview_note(place, question, value)), after, ()
    if value is None:
        return session, after, (SkipQuestion(sheet.about.id, question.name),)
    return session, after, (SaveAnswer(sheet.about.id, question.name, value, message),)


def out(session: Session, facts: Facts, text: str) -> Turn:
    """Leaves the consultation: home; from a preview, back to where it was opened."""
    _ = facts.words
    if not in_preview(session):
        return Turn(session.to("home"), (Say(text),))
    back = session.to(str(session.notes["back"]), consultation=session.number("consultation"))
    return Turn(back, (Say(_("That was the preview. Nothing was kept.")),))


def gone(sheet: Sheet | None, facts: Facts) -> Say:
    """What is said where there is nothing to answer any more."""
    _ = facts.words
    home = ((Choice("/changed", _("What changed")),), (Choice("/home", _("Home")),))
    if sheet is None:
        return Say(_("That one isn't open for you any more."), rows=home, replaces=True)
    return Say(closed(sheet, facts), rows=home, replaces=True)


def closed(sheet: Sheet, facts: Facts) -> str:
    """It closed in the meantime: what was said counts."""
    _ = facts.words
    title = form_words(sheet.form, _).title
    if sheet.about.state in {"answered", "revisited"}:
        return _("“{title}” has closed. What came of it is here: /changed.", title=title)
    if not sheet.answers:
        return _("“{title}” has closed. There will be other things to have your say on.", title=title)
    return _(
        "“{title}” has closed. I've kept what you said, and I'll tell you what comes of it.", title=title
    )
