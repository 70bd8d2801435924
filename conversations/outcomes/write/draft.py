"""An outcome while staff write it: where it stands, who wrote at it, and a second person's look at it."""

import json
from datetime import datetime
from hashlib import sha256
from typing import Literal

from conversations.core.messages import Session
from conversations.core.record import Private, Record
from conversations.outcomes.outcome import About, Outcome, Quote, Subject, in_force, spots
from conversations.results.counting import Tally

Stage = Literal["none", "draft", "scheduled", "published"]
ApprovalState = Literal["asked", "declined", "given"]


class Approval(Record):
    """A second person's yes: asked for, given, or "not yet" with its `why`. It holds for what has this
    `fingerprint`, and for the moment `at` (UTC; None: as soon as it is given).
    """

    state: ApprovalState
    asked_by: int
    asked_at: datetime
    fingerprint: str
    at: datetime | None = None
    why: Private[str] = ""


class Draft(Record):
    """What is being written about one subject; `people` took part in it. `zone` is the one in which `publish_at`
    was said. `writers` are those who wrote any of it; `quotable` how many sentences may be quoted.
    """

    outcome: Outcome
    stage: Stage
    people: int
    publish_at: datetime | None = None
    zone: str = ""
    writers: frozenset[int] = frozenset()
    approval: Approval | None = None
    quotable: int = 0

    @property
    def about(self) -> About:
        return self.outcome.about

    @property
    def subject(self) -> Subject:
        return self.outcome.about.subject

    @property
    def writable(self) -> bool:
        return self.stage in {"none", "draft"} and self.about.answerable

    @property
    def new_place(self) -> int:
        return max((part.place for part in self.outcome.parts), default=-1) + 1

    def waits_for(self, person: int) -> bool:
        """Whether this person's yes is asked for: not that of somebody who wrote at it, or who asked."""
        asked = self.approval
        return bool(asked and asked.state == "asked" and person not in {asked.asked_by, *self.writers})


class CurrentDraft(Record):
    """The outcome of the subject that the session's notes name, or that of its note `outcome`; None where that is
    gone.
    """

    draft: Draft | None


class OutcomeAudience(Record):
    """How many of those who took part can be reached now."""

    people: int


class ToAnswer(Record):
    """What waits for its answer, the one promised soonest first."""

    drafts: tuple[Draft, ...]


class SoFar(Record):
    """What people answered so far, counted: true numbers, for staff. `at` is when, where that was a while ago."""

    people: int
    tallies: tuple[Tally, ...]
    at: datetime | None = None


class Quotable(Record):
    """The sentences of this subject that their people said yes to."""

    quotes: tuple[Quote, ...]


def subject_of(session: Session) -> Subject:
    """What the session's notes name. Raises KeyError where they name nothing."""
    if "issue" in session.notes:
        return Subject("issue", session.number("issue"))
    return Subject("consultation", session.number("consultation"))


def fingerprint(outcome: Outcome, at: datetime | None) -> str:
    """What a yes is bound to, in hex: every word, every decision, the picture, for whom it is, and when it goes."""
    parts = [
        [part.place, part.decision, str(part.due), part.question, part.quote and part.quote.id]
        for part in outcome.parts
    ]
    texts = [[spot.place, spot.name, sorted(in_force(said).items())] for spot, said in spots(outcome)]
    picture = outcome.picture.digest if outcome.picture else None
    told = [outcome.about.subject.key, outcome.language, parts, texts, picture, at and at.timestamp()]
    return sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
