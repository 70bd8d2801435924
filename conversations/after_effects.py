"""What is done after an outcome, as data: judged, revisited, and closed with a reason."""

from dataclasses import dataclass, field
from typing import Literal

from conversations.since import OwnerSays, Says

PulseName = Literal["space", "voice", "audience", "influence"]  # Lundy's four
PulseSays = Literal["yes", "bit", "no"]


@dataclass(frozen=True, slots=True)
class JudgeOutcome:
    """Whether we got it right, by somebody who took part; it may be changed."""

    outcome: int
    right: bool


@dataclass(frozen=True, slots=True)
class RatePulse:
    """One of Lundy's four, by somebody who took part."""

    outcome: int
    name: PulseName
    says: PulseSays


@dataclass(frozen=True, slots=True)
class AddToOutcome:
    """What somebody adds in their own words to what they said about an outcome; it takes the place of what they
    added before.
    """

    outcome: int
    words: str


@dataclass(frozen=True, slots=True)
class AnswerRevisit:
    """Whether it has really happened, by somebody who took part; it may be changed while it is asked."""

    revisit: int
    says: Says


@dataclass(frozen=True, slots=True)
class AddToRevisit:
    """The same as `AddToOutcome`, to what somebody said about a promise."""

    revisit: int
    words: str


@dataclass(frozen=True, slots=True)
class SayHappened:
    """Whether it has happened, by the team."""

    revisit: int
    says: OwnerSays


@dataclass(frozen=True, slots=True)
class NoteHappened:
    """A line of the team beside that, which everybody may read."""

    revisit: int
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CloseRevisit:
    """Closes a promise with a reason, which everybody may read."""

    revisit: int
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadAfter:
    """Somebody begins to read what people added: it is noted."""

    outcome: int


AfterEffect = (
    JudgeOutcome | RatePulse | AddToOutcome | AnswerRevisit | AddToRevisit | SayHappened | NoteHappened
    | CloseRevisit | ReadAfter
)  # fmt: skip
