"""The facts that a step reads. Only those it declares are loaded, so a turn costs the same with a million people."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TypeVar, cast

from conversations.core.channels import Channel
from conversations.core.config import Rules
from conversations.core.i18n import Library, Words
from conversations.core.person import Person
from conversations.core.record import Record, field
from conversations.core.sitting import Sitting

Fact = TypeVar("Fact")


class Facts(Record):
    """Loaded facts, read by type: `facts[OpenResponses]`.

    `now` is UTC. `is_alarming` detects signs of danger in a text. `fresh` holds one-time values from this turn's
    effects (an invite's token); they are shown once and never stored in plain text. `sitting` is what was typed just
    before.
    """

    now: datetime
    rules: Rules
    library: Library
    is_alarming: Callable[[str], bool]
    person: Person
    channel: Channel
    loaded: Mapping[type, object] = field(default_factory=dict)
    fresh: Mapping[str, str] = field(default_factory=dict)
    sitting: Sitting = Sitting()

    def __getitem__(self, kind: type[Fact]) -> Fact:
        return cast(Fact, self.loaded[kind])

    @property
    def today(self) -> date:
        """The day on the team's calendar."""
        return self.now.astimezone(self.rules.zone).date()

    @property
    def words(self) -> Words:
        """The words of this person's language and reading version."""
        return self.library.words_for(self.person)
