"""Adding a picture to an outcome. It needs a description for people who cannot see it."""

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event, SafePicture, Said, Sent
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import back_row
from conversations.outcomes.effects import DescribePicture, DropPicture, SetPicture
from conversations.outcomes.message import picture_of
from conversations.outcomes.outcome import Spot
from conversations.outcomes.write.checks import check_text
from conversations.outcomes.write.draft import Draft
from conversations.outcomes.write.navigation import goto_step
from conversations.outcomes.write.part import language_line, too_long_text
from conversations.outcomes.write.rules import FIELD_MOST

STEP = "outcome.picture"  # the only step that accepts a picture


def ask_picture(_session: Session, draft: Draft, facts: Facts) -> Say:
    _, picture = facts.words, draft.outcome.picture
    rows: list[Row] = [back_row(_)]
    if picture:
        rows.insert(0, (Choice("drop", _("Take it out")), Choice("describe", _("Its words"))))
        text = _("This picture goes with the answer. Send another one to take its place.")
    else:
        text = _(
            "Send a picture, or go back. Only what can be seen on it is kept: not where or when it was taken."
        )
    shown = picture_of(draft.outcome, facts.library.words(draft.outcome.language, None), facts)
    return Say(text, rows=tuple(rows), expects="picture", attachment=shown, replaces=True)


def take_picture(session: Session, event: Event, draft: Draft, facts: Facts) -> Turn | None:
    match event:
        case Sent(file=SafePicture() as sent) if sent.content:
            return Turn(
                goto_step(session, "picture_words"), effects=(SetPicture(draft.subject, sent.content),)
            )
        case Sent(file=SafePicture() as sent):
            return Turn(session, (Say(facts.words(sent.problem)),))
        case Chose(_, "drop") if draft.outcome.picture:
            return Turn(goto_step(session, "preview"), effects=(DropPicture(draft.subject),))
        case Chose(_, "describe") if draft.outcome.picture:
            return Turn(goto_step(session, "picture_words"))
        case Chose(_, "back"):
            return Turn(goto_step(session, "preview"))
    return None


def ask_picture_words(_session: Session, draft: Draft, facts: Facts) -> Say:
    _, picture = facts.words, draft.outcome.picture
    if picture is None:
        return Say(_("There is no picture any more."), rows=(back_row(_),), replaces=True)
    text = _("What does it show, for those who cannot see it? One sentence.")
    now = draft.outcome.original(picture.described)
    rows: list[Row] = [(Choice("drop", _("Take it out")),), back_row(_)]
    said = _("It says now: {text}", text=now) if now else ""
    if now:
        rows.insert(0, (Choice("keep", _("Keep it")),))
    text = "\n\n".join(filter(None, (text, language_line(draft, facts), said)))
    return Say(text, rows=tuple(rows), expects="text", replaces=True)


def take_picture_words(session: Session, event: Event, draft: Draft, facts: Facts) -> Turn | None:
    picture = draft.outcome.picture
    match event:
        case Chose(_, "back"):
            return Turn(goto_step(session, "picture"))
        case Chose(_, "drop") if picture:
            return Turn(goto_step(session, "preview"), effects=(DropPicture(draft.subject),))
        case Chose(_, "keep") if picture and picture.described:
            return Turn(goto_step(session, "preview"))
        case Said(typed) if picture:
            text = " ".join(typed.split())
            if len(text) > FIELD_MOST:
                return Turn(session, (Say(too_long_text(text, FIELD_MOST, facts.words)),))
            after = check_text(goto_step(session, "preview"), draft, text, Spot(None, "picture"))
            return Turn(after, effects=(DescribePicture(draft.subject, text),)) if text else None
    return None
