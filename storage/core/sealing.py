"""What a transaction seals, opens and hashes with. The data key itself is in storage/security/vault.py."""

from collections.abc import Mapping
from typing import Protocol


class Sealer(Protocol):
    """`place` says which table, column and row a text belongs to. What a value was sealed with is said by the id of
    the key that stands before it.
    """

    newest: bytes

    @property
    def retiring(self) -> Mapping[bytes, bytes]:
        """The hashers of all keys but the newest, by key id."""

    def seal(self, text: str, place: str) -> bytes: ...

    def open(self, sealed: bytes, place: str) -> str:
        """Raises WrongKey where no key fits, or the text was sealed for another place."""

    def hashed(self, value: str) -> bytes:
        """What is stored: the keyed hash under the newest key."""

    def hashes(self, value: str) -> tuple[bytes, ...]:
        """What is looked for: the hashes under every key, newest first."""

    def hashes_ever(self, value: str) -> tuple[bytes, ...]:
        """The same, and under keys that are gone."""

    def stamp(self, text: str) -> bytes:
        """`key id + keyed hash`: known again under any key that there ever was."""

    def fits(self, stamp: bytes, text: str) -> bool:
        """Whether this is the stamp of this text. Raises WrongKey where its key was never known here."""

    def knows(self, stamp: bytes) -> bool:
        """Whether a stamp's key is known here, or was."""

    def stamps_ever(self, text: str) -> tuple[bytes, ...]:
        """Every stamp that this text may have got."""
