"""The interface for sealing and hashing values (storage/security/vault.py implements it), and sealed columns."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from sqlalchemy import Column

from conversations.core.record import Record


class Sealer(Protocol):
    """Seals and hashes values. `context` names the table, column and row that a text belongs to. A sealed value begins
    with the id of its key.
    """

    newest: bytes

    @property
    def retiring(self) -> Mapping[bytes, bytes]:
        """The hashers of all keys but the newest, by key id."""

    def seal(self, text: str, context: str) -> bytes: ...

    def open(self, sealed: bytes, context: str) -> str:
        """Raises KeyMismatch if no key fits, or the text was sealed for another context."""

    def keyed_hash(self, value: str) -> bytes:
        """The keyed hash under the newest key, to be stored."""

    def hashes(self, value: str) -> tuple[bytes, ...]:
        """The keyed hashes under every key, newest first, to look a value up by."""

    def hashes_ever(self, value: str) -> tuple[bytes, ...]:
        """As `hashes`, and under retired keys."""

    def stamp(self, text: str) -> bytes:
        """`key id + keyed hash`, which `fits` recognises even after its key is retired."""

    def fits(self, stamp: bytes, text: str) -> bool:
        """Whether this is the stamp of this text. Raises KeyMismatch if its key was never known here."""

    def knows(self, stamp: bytes) -> bool:
        """Whether a stamp's key is or was known here."""

    def stamps_ever(self, text: str) -> tuple[bytes, ...]:
        """The stamps of this text under every key, retired ones too."""


class SealedColumn(Record):
    """A sealed column. `context` makes each value's sealing context from the row's other values by name. `hash_column`
    holds the keyed hash of the same value, if there is one.
    """

    column: Column[bytes]
    context: Callable[[Mapping[str, Any]], str]
    hash_column: Column[bytes] | None = None
    piece: int = 500  # values per transaction when keys rotate; turns run between two


SealedColumns = tuple[SealedColumn, ...]
