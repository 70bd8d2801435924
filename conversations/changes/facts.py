"""What the steps about what changed know."""

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from conversations.consultations.form import Answers
from conversations.core.messages import Session
from conversations.core.record import record
from conversations.outcomes.outcome import Outcome

FiledBy = Literal["theme", "area"]


@record
class NewsThere:
    """Whether there is any good news beside what changed."""

    any: bool


@record
class Changed:
    """How many outcomes are published under what the notes name, how many of them this person took part in, and one
    page of them in full: their own first, each newest first.
    """

    count: int
    mine: int = 0
    page: tuple[Outcome, ...] = ()


@record
class Filings:
    """How many published outcomes stand under each heading, by its key, and in each area, by its name."""

    themes: Mapping[str, int] = field(default_factory=dict)
    areas: Mapping[str, int] = field(default_factory=dict)


@record
class OneOutcome:
    """The published outcome that the session's note `outcome` names, with what this person said then."""

    outcome: Outcome | None
    answers: Answers = field(default_factory=dict)


def chosen(session: Session) -> tuple[FiledBy, str] | None:
    """What the list is narrowed to by the notes: a heading's key, or an area's name."""
    for kind in ("theme", "area"):
        name = session.notes.get(kind)
        if isinstance(name, str):
            return kind, name
    return None
