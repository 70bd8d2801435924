"""What a message says that is built when it is sent: news to many, an alert, how far a broadcast is."""

from collections.abc import Callable
from dataclasses import replace

from conversations.broadcasts.after_restore import HeldNow, say_put_back
from conversations.broadcasts.list import say_alarm
from conversations.broadcasts.progress import HowFar, say_progress
from conversations.changes.facts import OneOutcome
from conversations.consultations.form_text import form_words
from conversations.consultations.respond.commitments import answered_by, parted
from conversations.consultations.respond.response import OneSheet
from conversations.core.engine import Needs
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Say, Session
from conversations.core.record import record
from conversations.followup.facts import OneRevisit
from conversations.followup.happened import say_has_it_happened
from conversations.followup.revisit import say_revisit
from conversations.followup.verdict import judging
from conversations.issues.inbox.detail import InboxIssue
from conversations.issues.inbox.notices import InboxDue, OneWave, say_due, say_wave, say_wrote_back
from conversations.issues.issue import OneEntry
from conversations.issues.raising.notices import say_happened
from conversations.news.read import OneNews, say_news
from conversations.outcomes.message import told
from conversations.outcomes.write.approval import say_approved, say_asked, say_declined, say_held
from conversations.outcomes.write.draft import CurrentDraft
from conversations.promises.manage.facts import OneChange, OneMove, OnePromise
from conversations.promises.manage.notices import say_moved, say_status
from conversations.promises.manage.reminder import say_promise
from conversations.results.facts import OneSentence
from conversations.results.quotes import say_quote
from conversations.safeguarding.cases import alert
from conversations.safeguarding.facts import OneCase


@record
class Announcement:
    """`note` is the name under which what it is about stands in the session that `needs` are loaded by.

    `build` gives None where there is nothing to say any more: then nothing is sent.
    """

    kind: str
    note: str
    needs: Needs
    build: Callable[[Session, Facts], Say | None]


# --- to young people ------------------------------------------------------------------------------


def say_outcome(_session: Session, facts: Facts) -> Say | None:
    """What came of what they said, their own words beside it."""
    _, found = facts.words, facts[OneOutcome]
    if found.outcome is None:
        return None
    rows = (judging(found.outcome.id, _), (Choice("/changed", _("See all changes")),))
    say = told(found.outcome, found.answers, facts)
    text = "\n\n".join((say.text, _("Did we get it right?")))
    return replace(say, text=text, rows=rows)


def say_consultation(_session: Session, facts: Facts) -> Say | None:
    """Something new is open for them. What has closed meanwhile is not offered."""
    _, sheet = facts.words, facts[OneSheet].sheet
    if sheet is None or not sheet.open:
        return None
    said = form_words(sheet.form, _)
    about = (said(sheet.form.about), *answered_by(sheet, facts))
    rows = (
        (Choice(f"/say {sheet.about.id}", _("Have your say")),),
        (Choice("/settings", _("Fewer messages"), aside=True),),
    )
    if said.only_in:
        return Say(parted(said.only_in, (said.title, *about)), heading=_("Something new is open."), rows=rows)
    heading = _("Something new is open: {title}", title=said.title)
    return Say(parted("", about), heading=heading, rows=rows)


# --- to staff -------------------------------------------------------------------------------------


def say_alert(_session: Session, facts: Facts) -> Say | None:
    """That somebody may need help: the case's number and kind, never what was said."""
    case = facts[OneCase].case
    return alert(case, facts.words) if case else None


ANNOUNCEMENTS = {
    found.kind: found
    for found in (
        Announcement("outcome", "outcome", (OneOutcome,), say_outcome),
        Announcement("revisit", "revisit", (OneRevisit,), say_revisit),
        Announcement("consultation", "consultation", (OneSheet,), say_consultation),
        Announcement("moved", "move", (OneMove,), say_moved),
        Announcement("status", "change", (OneChange,), say_status),
        Announcement("news", "news", (OneNews,), say_news),
        Announcement("issue", "entry", (OneEntry,), say_happened),
        Announcement("alert", "case", (OneCase,), say_alert),
        Announcement("put-back", "mark", (HeldNow,), say_put_back),
        Announcement("issue_back", "issue", (InboxIssue,), say_wrote_back),
        Announcement("due", "day", (InboxDue,), say_due),
        Announcement("wave", "wave", (OneWave,), say_wave),
        Announcement("alarm", "alarm", (), say_alarm),
        Announcement("progress", "broadcast", (HowFar,), say_progress),
        Announcement("quote", "quote", (OneSentence,), say_quote),
        Announcement("promise", "consultation", (OnePromise,), say_promise),
        Announcement("approval", "outcome", (CurrentDraft,), say_asked),
        Announcement("declined", "outcome", (CurrentDraft,), say_declined),
        Announcement("approved", "outcome", (CurrentDraft,), say_approved),
        Announcement("happened", "revisit", (OneRevisit,), say_has_it_happened),
        Announcement("held", "outcome", (CurrentDraft,), say_held),
    )
}
