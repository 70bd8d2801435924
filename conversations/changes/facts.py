"""Facts for the steps about published outcomes."""

from collections.abc import Mapping
from typing import Literal

from conversations.consultations.form import Answers
from conversations.core.messages import Session
from conversations.core.record import Record, field
from conversations.outcomes.outcome import About, Outcome
from conversations.team.corrections import Correction

FiledBy = Literal["theme", "area"]


class HasNews(Record):
    """Whether there is any good news to list along with outcomes."""

    any: bool


class PublishedOutcomes(Record):
    """The published outcomes that match the notes: how many there are, how many this person took part in, and one page
    in full. The person's own come first; both groups are newest first.
    """

    count: int
    mine: int = 0
    page: tuple[Outcome, ...] = ()


class FilingCounts(Record):
    """The number of published outcomes by heading key and by area name."""

    themes: Mapping[str, int] = field(default_factory=dict)
    areas: Mapping[str, int] = field(default_factory=dict)


class OneOutcome(Record):
    """The published outcome that the session's note `outcome` names, with this person's own answers. Once it was withdrawn,
    `withdrawn` says when and why, and `about` what it was about.
    """

    outcome: Outcome | None
    answers: Answers = field(default_factory=dict)
    withdrawn: Correction | None = None
    about: About | None = None


def chosen_filter(session: Session) -> tuple[FiledBy, str] | None:
    """The filter in the notes: a heading's key, or an area's name."""
    for kind in ("theme", "area"):
        name = session.notes.get(kind)
        if isinstance(name, str):
            return kind, name
    return None
