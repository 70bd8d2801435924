"""What the steps after an outcome know: a promise that is looked at again, and what somebody said about an outcome."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from conversations.consultations.form import Texts
from conversations.core.record import record
from conversations.followup.effects import PulseName, PulseSays
from conversations.followup.rounds import RevisitState
from conversations.outcomes.outcome import About, Outcome, Part
from conversations.outcomes.standing import PromiseStatus, Says

A_PAGE_OF_ADDED = 5
PULSE: tuple[PulseName, ...] = ("space", "voice", "audience", "influence")
PULSE_SAYS: tuple[PulseSays, ...] = ("yes", "bit", "no")


@record
class Revisit:
    """One time that a part is looked at again. `mine` is what somebody said to it, None where they did not yet;
    `allowed` says that they took part.
    """

    id: int
    outcome: Outcome
    part: Part
    state: RevisitState
    round: int
    standing: PromiseStatus
    asked_at: datetime | None = None
    mine: Says | None = None
    allowed: bool = False


@record
class OneRevisit:
    """What the session's note `revisit` names; None where it is gone."""

    revisit: Revisit | None


@record
class MyRevisits:
    """What somebody may answer now, the newest first."""

    revisits: tuple[Revisit, ...]


@record
class OpenRevisits:
    """Every part that stands open and was looked at, or will be; what waits for a reason first."""

    revisits: tuple[Revisit, ...]


@record
class MyPulse:
    """What somebody said about the outcome that the note `outcome` names. `about` is None where it is not theirs."""

    about: About | None
    right: bool | None = None
    pulse: Mapping[PulseName, PulseSays] = field(default_factory=dict)


@record
class SaidAfter:
    """What somebody said after an outcome, for their own eyes: about the outcome itself, or about one promise of
    it. `words` are what they added.
    """

    title: Texts
    language: str
    right: bool | None = None
    says: Says | None = None
    pulse: Mapping[PulseName, PulseSays] = field(default_factory=dict)
    words: str = ""


@record
class Added:
    """A page of what people added in their own words to what they said, and how many did."""

    texts: tuple[str, ...]
    total: int
    first: int = 0
