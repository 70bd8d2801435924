"""What a turn leaves."""

from typing import Literal

from conversations.core.effects import Effect
from conversations.core.messages import Say
from conversations.core.record import Record
from storage.core.door import Door
from storage.outbox.outbox import OutboxMessage

TurnStatus = Literal["taken", "repeat", "passed over", "shut"]


class TurnResult(Record):
    """What a turn leaves: the messages to send, in order, and its effects. Effects hold what was said: a play or a
    test may show them, a log never. `asked_again`: the reply asks the same question as before.

    `status` is the metric's label. "passed over": rate-limited. "repeat": the update was taken before. "shut": `admit`
    returned False. After "repeat" and "shut" nothing was stored.

    `door` is the one after the turn, and `question` what it asks; None if the turn did not come to that.
    """

    messages: tuple[OutboxMessage, ...] = ()
    status: TurnStatus = "taken"
    asked_again: bool = False
    effects: tuple[Effect, ...] = ()
    door: Door | None = None
    question: Say | None = None
