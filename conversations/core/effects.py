"""Effects: changes described as data. Storage applies them in the turn's transaction, and checks rights there."""

from collections.abc import Mapping

from conversations.core.record import Private, Record


class Effect(Record):
    """A change to apply. Each subject defines its own in its `effects.py`, and storage has a handler for each."""


class WritesText(Effect, kw_only=True):
    """Stores something that a young person wrote. `alarming`: it has a sign of danger, so only those who help read it
    until they say otherwise. Transcripts leave that out.
    """

    alarming: Private[bool] = False


class ForMany(Effect):
    """Stores or sends words of staff that many people will read, such as a part of an outcome. If they hold something
    personal, the engine asks once before it is applied: see `conversations/core/personal/`.
    """

    @property
    def read_by_many(self) -> tuple[str, ...]:
        """The words that will be read."""
        raise NotImplementedError


# One-time values that effects give, by name: an invite's token, a return code.
Fresh = Mapping[str, str]


class Refused(Exception):
    """An effect was refused. The message is a catalogue key that the person sees, filled in with `values`."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.values = values
