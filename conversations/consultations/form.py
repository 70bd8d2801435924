"""A consultation's form: questions in the order of asking. It is stored as JSON, under these names."""

import re
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Literal

from conversations.core.record import Record, field
from conversations.team.corrections import Correction

Participation = Literal["public", "social", "individual"]

# A form_id. It appears in addresses, file names and on posters.
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}")

# A text in its variants: "en", "pl", and reading versions as "en-young", "en-easy".
Texts = Mapping[str, str]

# One stored answer: text as typed, a whole number, an option's name, options' names in form order, or a tick.
Value = str | int | tuple[str, ...] | bool
Answers = Mapping[str, Value]


class Shape(Enum):
    """The type of an answer, independent of the question kind: how it is stored, counted and exported."""

    NOTHING = "nothing"  # there is no answer
    TEXT = "text"  # free text: stored sealed, read one by one
    NUMBER = "number"  # a whole number: counted by value, with an average
    OPTION = "option"  # the name of one option: counted by option
    OPTIONS = "options"  # the names of several options: a row for each, and a column for each in exports
    TICK = "tick"  # agreed, or no answer


class Option(Record):
    name: str
    label: Texts


class Question(Record, omit_defaults=True):
    """One question, or a note, which is only shown. `kind` is a name in `kinds/registry.py`.

    `relevant` holds the XLSForm conditions that must all be true (the groups' first, then its own).
    `start`, `end` and `step` are those of a scale.
    """

    name: str
    kind: str
    label: Texts
    hint: Texts = field(default_factory=dict)
    required: bool = False
    relevant: tuple[str, ...] = ()
    constraint: str = ""
    constraint_message: Texts = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    start: int = 0
    end: int = 0
    step: int = 1


class Form(Record, omit_defaults=True):
    """A form. `code` is its form_id; `audience` is the keys of age bands, empty for everybody; `themes` are keys of
    the FLOURISH headings. `corrections` are those since it opened.
    """

    code: str
    title: Texts
    questions: tuple[Question, ...]
    default_language: str = "en"
    about: Texts = field(default_factory=dict)
    decision_maker: Texts = field(default_factory=dict)
    reply_by: date | None = None
    opens: date | None = None
    closes: date | None = None
    themes: tuple[str, ...] = ()
    area: str = ""
    audience: tuple[str, ...] = ()
    kind: Participation = "public"
    corrections: tuple[Correction, ...] = ()


def wording(texts: Texts, language: str, version: str, default: str = "en") -> str:
    """The best variant available: this reading version, then this language, then the form's default language."""
    for key in (f"{language}-{version}", language, f"{default}-{version}", default):
        if texts.get(key):
            return texts[key]
    return next(iter(texts.values()), "")
