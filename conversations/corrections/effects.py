"""Effects on what is published: correct a text, withdraw all of it."""

from conversations.core.effects import Effect, ForMany
from conversations.core.record import Private
from conversations.team.corrections import PublishedKind, Why


class CorrectText(ForMany):
    """Replaces one text of something published, in one variant, and says so with the day and the reason. `key` names the
    text: see `PublishedText`.
    """

    kind: PublishedKind
    about: int
    key: str
    variant: str
    why: Why
    words: Private[str]

    @property
    def read_by_many(self) -> tuple[str, ...]:
        return (self.words,)


class Withdraw(Effect):
    """Withdraws something published: it is erased, and a dated notice stands in its place."""

    kind: PublishedKind
    about: int
    why: Why
