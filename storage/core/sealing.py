"""What values are sealed, opened and hashed with (the data key is in storage/security/vault.py), and which are sealed."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from sqlalchemy import Column

from conversations.core.record import record


class Sealer(Protocol):
    """`context` says which table, column and row a text belongs to. What a value was sealed with is said by the id of
    the key that stands before it.
    """

    newest: bytes

    @property
    def retiring(self) -> Mapping[bytes, bytes]:
        """The hashers of all keys but the newest, by key id."""

    def seal(self, text: str, context: str) -> bytes: ...

    def open(self, sealed: bytes, context: str) -> str:
        """Raises KeyMismatch where no key fits, or the text was sealed for another context."""

    def hashed(self, value: str) -> bytes:
        """What is stored: the keyed hash under the newest key."""

    def hashes(self, value: str) -> tuple[bytes, ...]:
        """What is looked for: the hashes under every key, newest first."""

    def hashes_ever(self, value: str) -> tuple[bytes, ...]:
        """The same, and under keys that are gone."""

    def stamp(self, text: str) -> bytes:
        """`key id + keyed hash`: known again under any key that there ever was."""

    def fits(self, stamp: bytes, text: str) -> bool:
        """Whether this is the stamp of this text. Raises KeyMismatch where its key was never known here."""

    def knows(self, stamp: bytes) -> bool:
        """Whether a stamp's key is known here, or was."""

    def stamps_ever(self, text: str) -> tuple[bytes, ...]:
        """Every stamp that this text may have got."""


@record
class SealedColumn:
    """A sealed column, and the context that each of its values is sealed for, from the row's other values by name.
    `hashed` is the column of the same row that holds the keyed hash of the same value, if there is one.
    """

    column: Column[bytes]
    context: Callable[[Mapping[str, Any]], str]
    hashed: Column[bytes] | None = None
    piece: int = 500  # values in one transaction when they are sealed anew: turns go on between two


SealedColumns = tuple[SealedColumn, ...]
