"""Effects that follow an outcome: judge it, revisit its promises, close them with a reason."""

from typing import Literal

from conversations.core.effects import Effect, ForMany, WritesText
from conversations.core.record import Private
from conversations.outcomes.standing import OwnerSays, Says

PulseName = Literal["space", "voice", "audience", "influence"]  # Lundy's four
PulseSays = Literal["yes", "bit", "no"]


class JudgeOutcome(Effect):
    """A participant says whether we got it right; they can change their mind."""

    outcome: int
    right: bool


class RatePulse(Effect):
    """A participant rates one of Lundy's four."""

    outcome: int
    name: PulseName
    says: PulseSays


class TakeBackVerdict(Effect):
    """Deletes all that a participant said about an outcome. Refused if that is nothing."""

    outcome: int


class TakeBackRevisit(Effect):
    """Deletes what a participant said about a promise. Refused if that is nothing."""

    revisit: int


class AddToOutcome(WritesText):
    """A participant comments on an outcome in their own words; this replaces an earlier comment."""

    outcome: int
    words: str


class AnswerRevisit(Effect):
    """A participant says whether it has really happened; they can change it while the revisit is open."""

    revisit: int
    says: Says


class AddToRevisit(WritesText):
    """Like `AddToOutcome`, on a promise."""

    revisit: int
    words: str


class SayHappened(Effect):
    """The team says whether it has happened."""

    revisit: int
    says: OwnerSays


class NoteHappened(ForMany):
    """The team adds a public line to that."""

    revisit: int
    words: Private[str]

    @property
    def read_by_many(self) -> tuple[str, ...]:
        return (self.words,)


class CloseRevisit(ForMany):
    """Closes a promise with a public reason."""

    revisit: int
    reason: Private[str]

    @property
    def read_by_many(self) -> tuple[str, ...]:
        return (self.reason,)


class ReadAfter(Effect):
    """Logs that somebody begins to read the comments."""

    outcome: int
