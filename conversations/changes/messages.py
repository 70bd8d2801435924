"""The kind of message that announces an outcome."""

from conversations.changes.facts import OneOutcome
from conversations.changes.message import say_outcome
from conversations.core.i18n import N_
from conversations.core.message_kind import Broadcast, MessageKind, MessageKinds
from conversations.outcomes.wording import read_title

OUTCOME = MessageKind(
    "outcome",
    "outcome",
    (OneOutcome,),
    say_outcome,
    lane="broadcast",
    broadcast=Broadcast(
        read_title,
        sent=N_("What came of it, {moment}."),
        going_out=N_("{title}: the outcome is going out"),
        gone_out=N_("{title}: the outcome has gone out"),
        opens="/changed {about}",
    ),
)

MESSAGES: MessageKinds = (OUTCOME,)
