"""The team writes to a young person: an answer, a question, or why it is closed. It is sent as written."""

from collections.abc import Callable, Iterator

from conversations.core.config import next_waking
from conversations.core.effects import Effect
from conversations.core.engine import Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.i18n import Words, language_name
from conversations.core.messages import Row, Say, Session
from conversations.core.pagination import back_row
from conversations.issues.effects import AnswerIssue, AskBack, CloseIssue
from conversations.issues.facts import InboxIssue
from conversations.issues.inbox.detail import goto_step, say_gone
from conversations.issues.issue import WORDS_MOST, Issue, filed_heading, summary


def ask_answer(_session: Session, facts: Facts) -> Say:
    return _say_question(facts, lambda _: _("Write the answer. If it is no, say why."))


def take_answer(session: Session, event: Event, facts: Facts) -> Turn | None:
    return take_text(session, event, facts, lambda issue, words: AnswerIssue(issue.id, words))


def ask_question(_session: Session, facts: Facts) -> Say:
    return _say_question(facts, lambda _: _("What would you like to ask them?"))


def take_question(session: Session, event: Event, facts: Facts) -> Turn | None:
    return take_text(session, event, facts, lambda issue, words: AskBack(issue.id, words))


def ask_close(_session: Session, facts: Facts) -> Say:
    return _say_question(facts, lambda _: _("Why do you close it? They get your reason."))


def take_close(session: Session, event: Event, facts: Facts) -> Turn | None:
    return take_text(session, event, facts, lambda issue, words: CloseIssue(issue.id, words))


# --- shared, also with postponing -----------------------------------------------------------------


def take_text(
    session: Session, event: Event, facts: Facts, effect: Callable[[Issue, str], Effect]
) -> Turn | None:
    """Sends the typed text with an effect, or goes back to the issue."""
    _, issue = facts.words, facts[InboxIssue].issue
    match event:
        case Chose(_visit, "back"):
            return Turn(goto_step(session, "one"))
        case Said(text) if issue and len(text) > WORDS_MOST:
            said = _("That is {n} letters long. Say it in {most}.", n=len(text), most=WORDS_MOST)
            return Turn(session, (Say(said),))
        case Said(text) if issue and text.strip():
            return Turn(goto_step(session, "one"), (Say(_sent_text(facts)),), (effect(issue, text.strip()),))
    return None


def delivery_lines(issue: Issue, facts: Facts) -> Iterator[str]:
    """Tells the writer that it is sent as written and without a name, and which language the person reads."""
    _ = facts.words
    yield _(
        "It goes to them as you write it, from “Somebody in the team”. Put your name under it if you like."
    )
    if issue.language and issue.language != _.language:
        yield _("They read this language: {language}", language=language_name(issue.language, _.language))


def _say_question(facts: Facts, question: Callable[[Words], str]) -> Say:
    _, issue = facts.words, facts[InboxIssue].issue
    if issue is None:
        return say_gone(_)
    text = "\n".join((question(_), *delivery_lines(issue, facts), "", summary(issue, _)))
    rows: tuple[Row, ...] = (back_row(_),)
    return Say(
        text, heading=filed_heading(issue, _), rows=rows, expects="text", replaces=True, ephemeral=True
    )


def _sent_text(facts: Facts) -> str:
    _, waking = facts.words, next_waking(facts.now, facts.rules)
    if waking > facts.now:
        return _("It's kept. It is quiet time: it goes to them on {when}.", when=_.date_time(waking))
    return _("It is on its way to them.")
