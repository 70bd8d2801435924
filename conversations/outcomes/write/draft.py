"""An outcome while staff write it: its stage, its writers, and a second person's approval."""

import json
from datetime import datetime
from hashlib import sha256
from typing import Literal

from conversations.core.messages import Session
from conversations.core.record import Private, Record
from conversations.outcomes.outcome import About, Outcome, Quote, Subject, current_variants, spots
from conversations.results.counting import Tally

Stage = Literal["none", "draft", "scheduled", "published"]
ApprovalState = Literal["asked", "declined", "given"]


class Approval(Record):
    """A second person's approval: asked for, given, or declined with its reason `why`. It holds for the content with
    this `fingerprint`, and for publication at `at` (UTC; None: as soon as it is given). `asked_of` are the ids of those
    who may give it now.
    """

    state: ApprovalState
    asked_by: int
    asked_at: datetime
    fingerprint: str
    at: datetime | None = None
    why: Private[str] = ""
    asked_of: frozenset[int] = frozenset()


class Draft(Record):
    """The draft about one subject, in which `people` took part. `publish_at` is UTC; `zone` is the time zone in which
    it was chosen. `writers` are the ids of those who wrote any of it; `quotable` is the number of sentences that may
    be quoted.
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
    def is_writable(self) -> bool:
        return self.stage in {"none", "draft"} and self.about.answerable

    @property
    def new_place(self) -> int:
        return max((part.place for part in self.outcome.parts), default=-1) + 1

    def is_asked_of(self, person: int) -> bool:
        """Whether this person may give the approval that was asked for: see storage/team/second_yes.py."""
        asked = self.approval
        return bool(asked and asked.state == "asked" and person in asked.asked_of)


class CurrentDraft(Record):
    """The draft about the subject that the session's notes name, or that its note `outcome` names; None if it is
    gone.
    """

    draft: Draft | None


class OutcomeAudience(Record):
    """The number of participants who can be reached now."""

    people: int


class AwaitingOutcome(Record):
    """The drafts of everything that awaits its outcome, promised soonest first."""

    drafts: tuple[Draft, ...]


class AnswersSoFar(Record):
    """The answers so far, in true counts for staff. `at` is the time of counting (UTC), if that was a while ago."""

    people: int
    tallies: tuple[Tally, ...]
    at: datetime | None = None


class Quotable(Record):
    """The sentences about this subject whose writers agreed to be quoted."""

    quotes: tuple[Quote, ...]


def subject_of(session: Session) -> Subject:
    """The subject that the session's notes name. Raises KeyError if they name none."""
    if "issue" in session.notes:
        return Subject("issue", session.number("issue"))
    return Subject("consultation", session.number("consultation"))


def fingerprint(outcome: Outcome, at: datetime | None) -> str:
    """A SHA-256 in hex of what an approval is bound to: every text and decision, the picture, the subject, the time."""
    parts = [
        [part.place, part.decision, str(part.due), part.question, part.quote and part.quote.id]
        for part in outcome.parts
    ]
    texts = [[spot.place, spot.name, sorted(current_variants(said).items())] for spot, said in spots(outcome)]
    picture = outcome.picture.digest if outcome.picture else None
    told = [outcome.about.subject.key, outcome.language, parts, texts, picture, at and at.timestamp()]
    return sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
