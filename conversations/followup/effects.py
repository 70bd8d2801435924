"""Effects that follow an outcome: judge it, revisit its promises, close them with a reason."""

from dataclasses import field
from typing import Literal

from conversations.core.effects import Effect
from conversations.core.record import record
from conversations.outcomes.standing import OwnerSays, Says

PulseName = Literal["space", "voice", "audience", "influence"]  # Lundy's four
PulseSays = Literal["yes", "bit", "no"]


@record
class JudgeOutcome(Effect):
    """A participant says whether we got it right; they can change their mind."""

    outcome: int
    right: bool


@record
class RatePulse(Effect):
    """A participant rates one of Lundy's four."""

    outcome: int
    name: PulseName
    says: PulseSays


@record
class AddToOutcome(Effect):
    """A participant comments on an outcome in their own words; this replaces an earlier comment."""

    outcome: int
    words: str


@record
class AnswerRevisit(Effect):
    """A participant says whether it has really happened; they can change it while the revisit is open."""

    revisit: int
    says: Says


@record
class AddToRevisit(Effect):
    """Like `AddToOutcome`, on a promise."""

    revisit: int
    words: str


@record
class SayHappened(Effect):
    """The team says whether it has happened."""

    revisit: int
    says: OwnerSays


@record
class NoteHappened(Effect):
    """The team adds a public line to that."""

    revisit: int
    words: str = field(repr=False)


@record
class CloseRevisit(Effect):
    """Closes a promise with a public reason."""

    revisit: int
    reason: str = field(repr=False)


@record
class ReadAfter(Effect):
    """Logs that somebody begins to read the comments."""

    outcome: int
