"""Facts for the steps after an outcome: revisits of promises, and what people said about outcomes."""

from collections.abc import Mapping
from datetime import datetime

from conversations.consultations.form import Texts
from conversations.core.record import Record, field
from conversations.followup.effects import PulseName, PulseSays
from conversations.followup.rounds import RevisitState
from conversations.outcomes.outcome import About, Outcome, Part
from conversations.outcomes.standing import PromiseStatus, Says

COMMENTS_A_PAGE = 5
PULSE: tuple[PulseName, ...] = ("space", "voice", "audience", "influence")
PULSE_SAYS: tuple[PulseSays, ...] = ("yes", "bit", "no")


class Revisit(Record):
    """One revisit of a part. `mine` is this person's answer, None if they have not answered; `allowed` says that they
    took part.
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


class OneRevisit(Record):
    """The revisit that the session's note `revisit` names; None if it is gone."""

    revisit: Revisit | None


class MyRevisits(Record):
    """The revisits that this person may answer now, newest first."""

    revisits: tuple[Revisit, ...]


class OpenRevisits(Record):
    """Every open part with a past or coming revisit; those that need a reason come first."""

    revisits: tuple[Revisit, ...]


class MyPulse(Record):
    """This person's views on the outcome that the note `outcome` names. `about` is None if they did not take part."""

    about: About | None
    right: bool | None = None
    pulse: Mapping[PulseName, PulseSays] = field(default_factory=dict)


class SaidAfter(Record):
    """This person's own views on an outcome, or on one of its promises, as /mydata shows them. `words` is their
    comment. Exactly one of `outcome` and `revisit` is its number.
    """

    title: Texts
    language: str
    outcome: int | None = None
    revisit: int | None = None
    right: bool | None = None
    says: Says | None = None
    pulse: Mapping[PulseName, PulseSays] = field(default_factory=dict)
    words: str = ""


class Comments(Record):
    """One page of people's comments, and how many there are."""

    texts: tuple[str, ...]
    total: int
    first: int = 0
