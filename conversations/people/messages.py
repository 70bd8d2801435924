"""The message kinds about forgetting: to people who have not been here for long, and to whoever had words open that are gone."""

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


def say_words_gone(_session: Session, facts: Facts) -> Say:
    """In the place of what somebody wrote, for a member of the team who had it open."""
    _ = facts.words
    # For staff.
    text = _("What you had open here is gone. Whoever wrote it has taken it away.")
    return Say(text, rows=((Choice("/home", _("Home"), aside=True),),))


FORGETTING = MessageKind("dormant", "person", (PlannedForgetting,), say_forgetting, lane="broadcast")

WORDS_GONE = MessageKind("gone", "message", (), say_words_gone)

MESSAGES: MessageKinds = (FORGETTING, WORDS_GONE)
