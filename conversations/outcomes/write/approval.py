"""A second person's approval: asking for it, declining with a reason, and the messages about it."""

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import back_row
from conversations.outcomes.effects import AskColleague, DeclineOutcome
from conversations.outcomes.wording import title_of
from conversations.outcomes.write.draft import CurrentDraft, Draft
from conversations.outcomes.write.navigation import goto_step
from conversations.outcomes.write.part import too_long_text
from conversations.outcomes.write.rules import FIELD_MOST, obstacle


def ask_ask(_session: Session, _draft: Draft, facts: Facts) -> Say:
    _ = facts.words
    text = _(
        "Everybody else who may send answers is asked. When should it go out, once one of them has said yes?"
    )
    rows: tuple[Row, ...] = ((Choice("now", _("At once")), Choice("time", _("Choose a time"))), back_row(_))
    return Say(text, heading=_("Ask a colleague"), rows=rows, replaces=True)


def take_ask(session: Session, event: Event, draft: Draft, _facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "now"):
            return Turn(goto_step(session, "preview"), effects=(AskColleague(draft.subject),))
        case Chose(_, "time"):
            return Turn(goto_step(session, "time", ask=True))
        case Chose(_, "back"):
            return Turn(goto_step(session, "preview"))
    return None


def ask_not_yet(_session: Session, _draft: Draft, facts: Facts) -> Say:
    _ = facts.words
    text = _("What should be different? Your words go to the colleague who asked.")
    return Say(text, rows=(back_row(_),), expects="text", replaces=True)


def take_not_yet(session: Session, event: Event, draft: Draft, facts: Facts) -> Turn | None:
    _ = facts.words
    match event:
        case Chose(_visit, "back"):
            return Turn(goto_step(session, "preview"))
        case Said(typed) if why := " ".join(typed.split()):
            if len(why) > FIELD_MOST:
                return Turn(session, (Say(too_long_text(why, FIELD_MOST, _)),))
            told = Say(_("I've told the colleague who asked."))
            return Turn(session.goto("outcome.choose"), (told,), (DeclineOutcome(draft.subject, why),))
    return None


# --- messages -------------------------------------------------------------------------------------


def say_asked(_session: Session, facts: Facts) -> Say | None:
    """For each colleague who may approve. None if it has been answered or changed meanwhile."""
    _, draft = facts.words, facts[CurrentDraft].draft
    if draft is None or not draft.is_writable or not draft.is_asked_of(facts.person.id):
        return None
    text = _("Read it, and say whether it may go out.")
    heading = _("A colleague asks for your yes: {title}", title=title_of(draft.about, _))
    return Say(text, heading=heading, rows=((_read_button(draft, facts),),))


def say_declined(_session: Session, facts: Facts) -> Say | None:
    _, draft = facts.words, facts[CurrentDraft].draft
    if draft is None or draft.approval is None or draft.approval.state != "declined":
        return None
    heading = _("Not yet, says a colleague: {title}", title=title_of(draft.about, _))
    return Say(f"“{draft.approval.why}”", heading=heading, rows=((_read_button(draft, facts),),))


def say_approved(_session: Session, facts: Facts) -> Say | None:
    _, draft = facts.words, facts[CurrentDraft].draft
    if draft is None or draft.stage not in {"scheduled", "published"}:
        return None
    if draft.publish_at and draft.stage == "scheduled":
        text = _("The answer goes out on {when}.", when=_.date_time(draft.publish_at))
    else:
        text = _("The answer has gone out.")
    return Say(text, heading=_("A colleague said yes: {title}", title=title_of(draft.about, _)))


def say_held(_session: Session, facts: Facts) -> Say | None:
    """For whoever scheduled it: why it did not go out, checked again now."""
    _, draft = facts.words, facts[CurrentDraft].draft
    if draft is None or not draft.is_writable:
        return None
    why_not = obstacle(draft.outcome, facts.today)
    text = _(why_not.words, **why_not.values) if why_not else _("It needs a second person's yes.")
    heading = _("It didn't go out: {title}", title=title_of(draft.about, _))
    return Say(text, heading=heading, rows=((_read_button(draft, facts),),))


def say_missed(_session: Session, facts: Facts) -> Say | None:
    """For whoever scheduled it: it did not go out, because Heard was off for long."""
    _, draft = facts.words, facts[CurrentDraft].draft
    if draft is None or not draft.is_writable:
        return None
    text = _(
        "I was off when it was to go out, and for days after. Read it again: if it is still right, send it."
    )
    heading = _("It didn't go out: {title}", title=title_of(draft.about, _))
    return Say(text, heading=heading, rows=((_read_button(draft, facts),),))


def _read_button(draft: Draft, facts: Facts) -> Choice:
    return Choice(f"/outcome read {draft.subject.key}", facts.words("Read it"))
