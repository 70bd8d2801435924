"""The data key: what people wrote is sealed with it, and addresses are looked up by its keyed hash."""

import base64
import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_ID_BYTES, _NONCE_BYTES = 4, 12


class WrongKey(Exception):
    """The data key does not open what this database holds."""


class Vault:
    """Seals with the newest key and opens with any of them: AES-256-GCM, `key id + nonce + sealed text`.

    `place` says which table, column and row a text belongs to; it is bound in, so that a sealed text that was
    moved elsewhere does not open.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise WrongKey(f"a data key is {KEY_BYTES} bytes, written in base64")
        self._boxes = {_subkey(key, b"id")[:_ID_BYTES]: AESGCM(_subkey(key, b"seal")) for key in keys}
        self._newest = next(iter(self._boxes))
        self._hashers = tuple(_subkey(key, b"hash") for key in keys)

    def seal(self, text: str, place: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        # Half of a character (a lone surrogate) becomes "?": what stands around it must not be lost.
        sealed = self._boxes[self._newest].encrypt(nonce, text.encode(errors="replace"), place.encode())
        return self._newest + nonce + sealed

    def open(self, sealed: bytes, place: str) -> str:
        """Raises WrongKey where no key fits, or the text was sealed for another place."""
        key, nonce, text = (
            sealed[:_ID_BYTES],
            sealed[_ID_BYTES:][:_NONCE_BYTES],
            sealed[_ID_BYTES + _NONCE_BYTES :],
        )
        try:
            return self._boxes[key].decrypt(nonce, text, place.encode()).decode()
        except (KeyError, InvalidTag) as error:
            raise WrongKey("the data key does not fit this database") from error

    def hashed(self, value: str) -> bytes:
        """The keyed hash under the newest key: what is stored."""
        return self.hashes(value)[0]

    def hashes(self, value: str) -> tuple[bytes, ...]:
        """The keyed hash under every key, newest first: what is looked for while keys rotate."""
        return tuple(hmac.digest(hasher, value.encode(), hashlib.sha256) for hasher in self._hashers)


def read_keys(text: str) -> tuple[bytes, ...]:
    """Keys from base64, newest first, parted by commas or spaces. Raises WrongKey."""
    try:
        return tuple(base64.b64decode(part, validate=True) for part in text.replace(",", " ").split())
    except ValueError as error:
        raise WrongKey("a data key is written in base64") from error


def make_key_file(path: Path) -> None:
    """Writes a new key that only its owner may read: whole, or not at all. Raises FileExistsError over one that
    is there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, written = tempfile.mkstemp(dir=path.parent)  # with mode 0600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(written, path)
    finally:
        Path(written).unlink()
    _lasting(path.parent)


def _lasting(folder: Path) -> None:
    """The names in a folder outlive a power cut, as the files' content does."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _subkey(key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(key, b"heard:" + purpose, hashlib.sha256)
