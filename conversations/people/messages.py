"""The message kind for people who have not been here for long: Heard is about to forget them."""

from conversations.core.facts import Facts
from conversations.core.message_kind import MessageKind, MessageKinds
from conversations.core.messages import Choice, Say, Session
from conversations.people.facts import PlannedForgetting


def say_forgetting(_session: Session, facts: Facts) -> Say | None:
    """None once they have been back."""
    _, day = facts.words, facts[PlannedForgetting].day
    if day is None:
        return None
    text = _(
        "You haven't been here for a long time, so I'll delete what I know about you on {day}. That's all right, and you needn't do anything. If you want to stay, tap the button.",
        day=_.long_date(day),
    )
    return Say(text, heading=_("Shall I forget you?"), rows=((Choice("/start", _("I want to stay")),),))


FORGETTING = MessageKind("dormant", "person", (PlannedForgetting,), say_forgetting, lane="broadcast")

MESSAGES: MessageKinds = (FORGETTING,)
