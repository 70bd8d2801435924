"""The message kinds about promises: to participants, and to the team."""

from conversations.core.i18n import N_
from conversations.core.message_kind import Broadcast, MessageKind, MessageKinds
from conversations.outcomes.wording import read_title
from conversations.promises.manage.facts import OneChange, OneMove, OnePromise
from conversations.promises.manage.notices import say_moved, say_status
from conversations.promises.manage.reminder import say_promise

_GOING_OUT, _GONE_OUT = N_("{title}: they are being told"), N_("{title}: they have been told")

PROMISE_MOVED = MessageKind(
    "moved",
    "move",
    (OneMove,),
    say_moved,
    lane="broadcast",
    broadcast=Broadcast(read_title, N_("That its day was moved, {moment}."), _GOING_OUT, _GONE_OUT),
)
STATUS_CHANGED = MessageKind(
    "status",
    "change",
    (OneChange,),
    say_status,
    lane="broadcast",
    broadcast=Broadcast(read_title, N_("How it goes, {moment}."), _GOING_OUT, _GONE_OUT),
)
PROMISE_REMINDER = MessageKind("promise", "consultation", (OnePromise,), say_promise, lane="broadcast")

MESSAGES: MessageKinds = (PROMISE_MOVED, STATUS_CHANGED, PROMISE_REMINDER)
