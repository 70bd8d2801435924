"""An outcome as plain data: what it is about, its parts, and its words in every language and reading version."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date, datetime
from typing import Literal, cast

from conversations.consultations.form import Form, Question, Shape, Texts
from conversations.consultations.kinds.registry import shape_of
from conversations.core.record import record
from conversations.outcomes.history import Change, Move
from conversations.outcomes.standing import PromiseStatus

Decision = Literal["did", "doing", "will", "cant"]
SubjectKind = Literal["consultation", "issue"]

# What is said in words, and so in variants: five of a part, and two of the outcome as a whole.
PartText = Literal["you_said", "we_heard", "what", "because", "owner"]
TextName = Literal["you_said", "we_heard", "what", "because", "owner", "who", "picture"]
PartField = Literal["you_said", "question", "we_heard", "decision", "what", "because", "owner", "due"]

PART_TEXTS: tuple[PartText, ...] = ("you_said", "we_heard", "what", "because", "owner")

_SAYS_NOTHING = frozenset({Shape.NOTHING, Shape.TICK})
_WAS = "was:"  # before a variant that was written for words which have been changed since


@record
class Subject:
    """What an outcome answers: a consultation, or something that a young person raised."""

    kind: SubjectKind
    id: int

    @property
    def note(self) -> dict[str, int]:
        """As a session's notes name it."""
        return {self.kind: self.id}

    @property
    def key(self) -> str:
        """As a button names it: short, for a consultation only its id."""
        return str(self.id) if self.kind == "consultation" else f"{self.kind} {self.id}"


@record
class About:
    """The subject as an outcome needs it. `form` is what people were asked, None where there was no form;
    `answerable` says that it waits for its outcome, `open` that it takes answers now. `themes` (keys of the FLOURISH
    headings) and `area` are what its outcome is filed under.
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


@record
class Quote:
    """Somebody's sentence, with their yes to it. `words` are empty where the yes does not hold any more."""

    id: int
    words: str = ""


@record
class Picture:
    """`digest` is of the picture itself, in hex; `described` says in words what it shows."""

    digest: str
    described: Texts = field(default_factory=dict)


@record
class Part:
    """One finding and what came of it. What is empty is still missing, while it is a draft.

    `question` names the one of the form that it answers: empty for several or none, None where nobody was asked.
    `moves` and `changes` are what happened since it was published, oldest first; `due` is the day that holds now.
    `standing` is what is said when it is looked at again, None where it never is.
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
        """What it is by now: what was published, or what became of that."""
        return cast(Decision, self.changes[-1].now) if self.changes else self.decision

    def text(self, name: PartText) -> Texts:
        found: Texts = getattr(self, name)
        return found


@record
class Outcome:
    """What came of it, written in `language`. `published` is UTC, None until it is; `id` is 0 until it is begun.
    `people` are those who had taken part by then.
    """

    id: int
    about: About
    language: str = "en"
    parts: tuple[Part, ...] = ()
    who: Texts = field(default_factory=dict)
    published: datetime | None = None
    picture: Picture | None = None
    people: int = 0

    def part(self, place: int) -> Part:
        """The part at this place; an empty one where there is none yet."""
        return next((part for part in self.parts if part.place == place), Part(place=place))

    def original(self, texts: Texts) -> str:
        """A text in the language that it was written in."""
        return texts.get(self.language, "")


@record
class Spot:
    """Where a text stands: in the part at `place`, or (None) in the outcome as a whole."""

    place: int | None
    name: TextName


def spots(outcome: Outcome) -> Iterator[tuple[Spot, Texts]]:
    """Every text that there is, in the order of reading."""
    for part in outcome.parts:
        yield from ((Spot(part.place, name), part.text(name)) for name in PART_TEXTS if part.text(name))
    if outcome.who:
        yield Spot(None, "who"), outcome.who
    if outcome.picture and outcome.picture.described:
        yield Spot(None, "picture"), outcome.picture.described


def text_at(outcome: Outcome, spot: Spot) -> Texts:
    """The text at a spot; empty where there is none any more."""
    return next((texts for found, texts in spots(outcome) if found == spot), {})


def can_be_about(form: Form | None) -> tuple[Question, ...]:
    """The questions of a form that a part may answer, in order."""
    questions = form.questions if form else ()
    return tuple(question for question in questions if shape_of(question) not in _SAYS_NOTHING)


# --- texts in variants ----------------------------------------------------------------------------


def rewritten(texts: Texts, language: str, text: str) -> Texts:
    """A text anew in its own language. What stands there in others was written for the words before: it is put
    aside, until somebody says that it still fits.
    """
    if texts.get(language) == text:
        return texts
    aside = {key if key.startswith(_WAS) else f"{_WAS}{key}": said for key, said in texts.items()}
    aside.pop(f"{_WAS}{language}", None)
    return {**aside, language: text} if text else {}


def with_variant(texts: Texts, variant: str, text: str) -> Texts:
    """The same text with one variant more."""
    return {**{key: said for key, said in texts.items() if key != f"{_WAS}{variant}"}, variant: text}


def put_aside(texts: Texts, variant: str) -> str:
    """What a variant said before the original was changed; empty where it was never there, or is up to date."""
    return texts.get(f"{_WAS}{variant}", "")


def in_force(texts: Texts) -> Mapping[str, str]:
    """The variants that people may read."""
    return {key: said for key, said in texts.items() if not key.startswith(_WAS)}
