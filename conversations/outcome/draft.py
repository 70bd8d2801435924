"""An outcome while staff write it: its parts, what is still missing, and how long it may be."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from conversations.consultations import Consultation
from conversations.counting import Tally
from conversations.effects import Decision, Part, PartField
from conversations.outcome_words import Outcome
from conversations.people import Role

FIELD_MOST = 500  # letters in one field
WHOLE_MOST = 3500  # letters in the whole message, so that it is one message everywhere

WRITERS: tuple[Role, ...] = ("worker", "decider")  # who may write and publish

Stage = Literal["none", "draft", "scheduled", "published"]


@dataclass(frozen=True, slots=True)
class DraftPart:
    """A part being written: what is empty is still missing."""

    place: int
    you_said: str = ""
    we_heard: str = ""
    decision: Decision | None = None
    what: str = ""
    because: str = ""
    owner: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What is being written about one consultation; `people` took part in it."""

    about: Consultation
    stage: Stage
    people: int
    id: int = 0
    parts: tuple[DraftPart, ...] = ()
    who: str = ""
    publish_at: datetime | None = None

    @property
    def writable(self) -> bool:
        return self.stage in {"none", "draft"} and self.about.state in {"open", "closed"}

    def part(self, place: int) -> DraftPart:
        """The part at this place; an empty one where there is none yet."""
        return next((part for part in self.parts if part.place == place), DraftPart(place))

    @property
    def new_place(self) -> int:
        return max((part.place for part in self.parts), default=-1) + 1


@dataclass(frozen=True, slots=True)
class CurrentDraft:
    """The outcome of the consultation that the session's note `consultation` names; None where that is gone."""

    draft: Draft | None


@dataclass(frozen=True, slots=True)
class GoesTo:
    """How many of those who took part can be reached now."""

    people: int


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """The consultations that wait for their answer, the one promised soonest first."""

    drafts: tuple[Draft, ...]


@dataclass(frozen=True, slots=True)
class SoFar:
    """What people answered so far, counted: true numbers, for staff."""

    people: int
    tallies: tuple[Tally, ...]


def missing(part: DraftPart) -> PartField | None:
    """The first field that a part still needs; None where it is whole. A *can't* needs its because."""
    for field in fields_of(part.decision):
        if not getattr(part, field):
            return field
    return None


def fields_of(decision: Decision | None) -> tuple[PartField, ...]:
    """The fields that a part with this decision has, in the order of asking."""
    always: tuple[PartField, ...] = ("you_said", "we_heard", "decision", "what")
    match decision:
        case "cant":
            return (*always, "because")
        case "will" | "doing":
            return (*always, "owner", "due")
    return always


def whole(part: DraftPart) -> Part:
    """A part in which nothing is missing, as it is told."""
    assert part.decision is not None
    return Part(part.you_said, part.we_heard, part.decision, part.what, part.because, part.owner, part.due)


def unfinished(draft: Draft) -> DraftPart | None:
    """The first part in which something is missing."""
    return next((part for part in draft.parts if missing(part)), None)


def outcome_of(draft: Draft) -> Outcome:
    """The draft as an outcome: the parts that are whole, and who decided."""
    form = draft.about.form
    parts = tuple(whole(part) for part in draft.parts if not missing(part))
    return Outcome(draft.id, draft.about.id, form.title, parts, draft.who, None, form.default_language)


def letters(draft: Draft) -> int:
    """How long it is, without the words that stand around it."""
    texts = (part_text for part in draft.parts for part_text in _texts(part))
    return len(draft.who) + sum(map(len, texts))


def _texts(part: DraftPart) -> tuple[str, ...]:
    return (part.you_said, part.we_heard, part.what, part.because, part.owner)
