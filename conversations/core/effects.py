"""Effects: changes described as data. Storage applies them in the turn's transaction, and checks rights there."""

from collections.abc import Mapping

from conversations.core.record import Record


class Effect(Record):
    """A change to apply. Each subject defines its own in its `effects.py`, and storage has a handler for each."""


# One-time values that effects give, by name: an invite's token, a return code.
Fresh = Mapping[str, str]


class Refused(Exception):
    """An effect was refused. The message is a catalogue key that the person sees, filled in with `values`."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.values = values
