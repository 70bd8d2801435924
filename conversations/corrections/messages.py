"""The messages that take the place of what was corrected or withdrawn."""

from conversations.changes.message import outcome_say
from conversations.consultations.respond.invitation import invitation
from conversations.core.facts import Facts
from conversations.core.i18n import N_, Words
from conversations.core.message_kind import Broadcast, MessageKind, MessageKinds
from conversations.core.messages import Say, Session
from conversations.corrections.facts import CorrectedAsked, CorrectedNews, CorrectedOutcome, Listed
from conversations.news.read import news_say


def say_outcome(_session: Session, facts: Facts) -> Say | None:
    """The outcome as it is now, or the notice in its place."""
    return outcome_say(facts[CorrectedOutcome].found, facts)


def say_news(_session: Session, facts: Facts) -> Say | None:
    """The news as it is now, or the notice in its place."""
    return news_say(facts[CorrectedNews].found, facts)


def say_asked(_session: Session, facts: Facts) -> Say | None:
    """The invitation as it is now."""
    return invitation(facts[CorrectedAsked].found, facts)


def _title(about: Listed, _: Words) -> str:
    return about.title(_)


_HOW = Broadcast(
    _title,
    sent=N_("A correction, {moment}."),
    going_out=N_("{title}: messages are being corrected"),
    gone_out=N_("{title}: messages have been corrected"),
    bundled=False,
)
OUTCOME_CORRECTED = MessageKind(
    "outcome_fix", "correction", (CorrectedOutcome,), say_outcome, lane="broadcast", broadcast=_HOW
)
NEWS_CORRECTED = MessageKind(
    "news_fix", "correction", (CorrectedNews,), say_news, lane="broadcast", broadcast=_HOW
)
ASKED_CORRECTED = MessageKind(
    "asked_fix", "correction", (CorrectedAsked,), say_asked, lane="broadcast", broadcast=_HOW
)

MESSAGES: MessageKinds = (OUTCOME_CORRECTED, NEWS_CORRECTED, ASKED_CORRECTED)
