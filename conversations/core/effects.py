"""What is to be done, as data: storage carries it out in the turn's own transaction, and checks rights there."""

from collections.abc import Mapping


class Effect:
    """Something to be done. Each subject has its own, in its file of effects, and storage a handler for each of them."""

    __slots__ = ()


# One-time values that effects give, by name: an invite's token, a return code.
Fresh = Mapping[str, str]


class Refused(Exception):
    """An effect that may not be carried out. Its message is one of the catalogue's, said to the person; `values`
    fill it in.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.values = values
