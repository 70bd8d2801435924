"""An outcome as plain data: what it is about, its parts, and its words in every language and reading version."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Literal, cast

from conversations.consultations.form import Form, Question, Shape, Texts
from conversations.consultations.kinds.registry import shape_of
from conversations.core.record import Record, field
from conversations.outcomes.history import Change, Move
from conversations.outcomes.standing import PromiseStatus
from conversations.team.corrections import Correction

Decision = Literal["did", "doing", "will", "cant"]
SubjectKind = Literal["consultation", "issue"]

# The texts that are written in variants: five in each part, and two for the outcome as a whole.
PartText = Literal["you_said", "we_heard", "what", "because", "owner"]
TextName = Literal["you_said", "we_heard", "what", "because", "owner", "who", "picture"]
PartField = Literal["you_said", "question", "we_heard", "decision", "what", "because", "owner", "due"]

PART_TEXTS: tuple[PartText, ...] = ("you_said", "we_heard", "what", "because", "owner")

_SAYS_NOTHING = frozenset({Shape.NOTHING, Shape.TICK})
_WAS = "was:"  # marks an outdated variant: its original has changed since


class Subject(Record):
    """The subject that an outcome answers: a consultation, or an issue that a young person raised."""

    kind: SubjectKind
    id: int

    @property
    def note(self) -> dict[str, int]:
        """The reference for a session's notes."""
        return {self.kind: self.id}

    @property
    def key(self) -> str:
        """The reference for a button's key; for a consultation just its id."""
        return str(self.id) if self.kind == "consultation" else f"{self.kind} {self.id}"


class About(Record):
    """The details of a subject that an outcome needs. `form` is what people answered; None if there was no form.
    `answerable` says that it waits for its outcome, `open` that it takes answers now. The outcome is filed under
    `themes` (keys of the FLOURISH headings) and `area`.
    """

    subject: Subject
    title: Texts
    language: str = "en"
    form: Form | None = None
    reply_by: date | None = None
    answerable: bool = True
    open: bool = False
    sample: bool = False
    themes: tuple[str, ...] = ()
    area: str = ""


class Quote(Record):
    """A sentence quoted with its writer's consent. `words` are empty if the consent no longer holds."""

    id: int
    words: str = ""


class Picture(Record):
    """`digest` is a hash of the picture itself, in hex; `described` is its alt text."""

    digest: str
    described: Texts = field(default_factory=dict)


class Part(Record):
    """One finding and the decision on it. In a draft, empty fields are still to be written.

    `question` names the form's question that it answers: empty for several or none, None if nobody was asked. `moves`
    and `changes` happened since publication, oldest first; `due` is the current day. `standing` is the result of
    revisits; None if there are none.
    """

    id: int = 0
    place: int = 0
    you_said: Texts = field(default_factory=dict)
    we_heard: Texts = field(default_factory=dict)
    decision: Decision | None = None
    what: Texts = field(default_factory=dict)
    because: Texts = field(default_factory=dict)
    owner: Texts = field(default_factory=dict)
    due: date | None = None
    question: str | None = None
    quote: Quote | None = None
    moves: tuple[Move, ...] = ()
    changes: tuple[Change, ...] = ()
    standing: PromiseStatus | None = None

    @property
    def stands(self) -> Decision | None:
        """The current decision: as published, or as last changed."""
        return cast(Decision, self.changes[-1].now) if self.changes else self.decision

    def text(self, name: PartText) -> Texts:
        found: Texts = getattr(self, name)
        return found


class Outcome(Record):
    """An outcome, written in `language`. `published` is UTC; None before publication. `id` is 0 until a draft exists.
    `people` is how many had taken part by then. `corrections` are those since, oldest first.
    """

    id: int
    about: About
    language: str = "en"
    parts: tuple[Part, ...] = ()
    who: Texts = field(default_factory=dict)
    published: datetime | None = None
    picture: Picture | None = None
    people: int = 0
    corrections: tuple[Correction, ...] = ()

    def part(self, place: int) -> Part:
        """The part at this place; an empty part if there is none yet."""
        return next((part for part in self.parts if part.place == place), Part(place=place))

    def original(self, texts: Texts) -> str:
        """A text in the language that it was written in."""
        return texts.get(self.language, "")


class Spot(Record):
    """The position of a text: in the part at `place`, or (None) in the outcome as a whole."""

    place: int | None
    name: TextName


def spots(outcome: Outcome) -> Iterator[tuple[Spot, Texts]]:
    """All texts of an outcome with their positions, in reading order."""
    for part in outcome.parts:
        yield from ((Spot(part.place, name), part.text(name)) for name in PART_TEXTS if part.text(name))
    if outcome.who:
        yield Spot(None, "who"), outcome.who
    if outcome.picture and outcome.picture.described:
        yield Spot(None, "picture"), outcome.picture.described


def text_at(outcome: Outcome, spot: Spot) -> Texts:
    """The text at a position; empty if it is gone."""
    return next((texts for found, texts in spots(outcome) if found == spot), {})


def questions_to_answer(form: Form | None) -> tuple[Question, ...]:
    """The questions of a form that a part may answer, in order."""
    questions = form.questions if form else ()
    return tuple(question for question in questions if shape_of(question) not in _SAYS_NOTHING)


# --- texts in variants ----------------------------------------------------------------------------


def rewrite(texts: Texts, language: str, text: str) -> Texts:
    """Replaces a text in its original language. Its other variants translate the old text, so they are put aside until
    somebody confirms or rewrites them.
    """
    if texts.get(language) == text:
        return texts
    aside = {key if key.startswith(_WAS) else f"{_WAS}{key}": said for key, said in texts.items()}
    aside.pop(f"{_WAS}{language}", None)
    return {**aside, language: text} if text else {}


def with_variant(texts: Texts, variant: str, text: str) -> Texts:
    """The text with one variant added or replaced."""
    return {**{key: said for key, said in texts.items() if key != f"{_WAS}{variant}"}, variant: text}


def outdated_variant(texts: Texts, variant: str) -> str:
    """A variant that was put aside when the original changed; empty if there is none."""
    return texts.get(f"{_WAS}{variant}", "")


def current_variants(texts: Texts) -> Mapping[str, str]:
    """The variants that are up to date, for people to read."""
    return {key: said for key, said in texts.items() if not key.startswith(_WAS)}
