"""The messages that ask whether what was promised has happened."""

from conversations.core.i18n import N_
from conversations.core.message_kind import Broadcast, MessageKind, MessageKinds
from conversations.followup.facts import OneRevisit
from conversations.followup.happened import say_has_it_happened
from conversations.followup.revisit import say_revisit
from conversations.outcomes.wording import read_title

_ASKED_AGAIN = N_("{title}: people are asked whether it has happened")

REVISIT = MessageKind(
    "revisit",
    "revisit",
    (OneRevisit,),
    say_revisit,
    lane="broadcast",
    broadcast=Broadcast(
        read_title, N_("Whether it has happened, {moment}."), _ASKED_AGAIN, _ASKED_AGAIN, bundled=False
    ),
)
HAS_IT_HAPPENED = MessageKind("happened", "revisit", (OneRevisit,), say_has_it_happened)

MESSAGES: MessageKinds = (REVISIT, HAS_IT_HAPPENED)
