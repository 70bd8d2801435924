"""What is done after an outcome, as data: judged, revisited, and closed with a reason."""

from dataclasses import field
from typing import Literal

from conversations.core.effects import Effect
from conversations.core.record import record
from conversations.outcomes.standing import OwnerSays, Says

PulseName = Literal["space", "voice", "audience", "influence"]  # Lundy's four
PulseSays = Literal["yes", "bit", "no"]


@record
class JudgeOutcome(Effect):
    """Whether we got it right, by somebody who took part; it may be changed."""

    outcome: int
    right: bool


@record
class RatePulse(Effect):
    """One of Lundy's four, by somebody who took part."""

    outcome: int
    name: PulseName
    says: PulseSays


@record
class AddToOutcome(Effect):
    """What somebody adds in their own words to what they said about an outcome; it takes the place of what they
    added before.
    """

    outcome: int
    words: str


@record
class AnswerRevisit(Effect):
    """Whether it has really happened, by somebody who took part; it may be changed while it is asked."""

    revisit: int
    says: Says


@record
class AddToRevisit(Effect):
    """The same as `AddToOutcome`, to what somebody said about a promise."""

    revisit: int
    words: str


@record
class SayHappened(Effect):
    """Whether it has happened, by the team."""

    revisit: int
    says: OwnerSays


@record
class NoteHappened(Effect):
    """A line of the team beside that, which everybody may read."""

    revisit: int
    words: str = field(repr=False)


@record
class CloseRevisit(Effect):
    """Closes a promise with a reason, which everybody may read."""

    revisit: int
    reason: str = field(repr=False)


@record
class ReadAfter(Effect):
    """Somebody begins to read what people added: it is noted."""

    outcome: int
