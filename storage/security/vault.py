"""The data key: it seals what people wrote, and keys the hashes by which addresses are found."""

import base64
import copy
import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
ID_BYTES = 4
_NONCE_BYTES = 12


class KeyMismatch(Exception):
    """The data key does not open what this database holds."""


class Vault:
    """Seals with the newest key and opens with any of them: AES-256-GCM, `key id + nonce + sealed text`.

    `context` names the table, column and row of a text. It is authenticated, so a sealed text that was moved elsewhere
    does not open.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise KeyMismatch(f"a data key is {KEY_BYTES} bytes, written in base64")
        self._boxes = {_key_id(key): AESGCM(_subkey(key, b"seal")) for key in keys}
        self.newest = next(iter(self._boxes))
        self._hashers = {_key_id(key): _subkey(key, b"hash") for key in keys}
        self._every_hasher = self._hashers

    def with_retired(self, retired: Mapping[bytes, bytes]) -> "Vault":
        """A copy of this vault that also recognises hashes of retired keys. `retired` are their hashers by key id; they
        open nothing.
        """
        vault = copy.copy(self)
        vault._every_hasher = {**self._hashers, **retired}  # noqa: SLF001 - our own class
        return vault

    @property
    def retiring(self) -> Mapping[bytes, bytes]:
        """The hashers of all keys but the newest, by key id. They are kept when those keys are retired."""
        return {key: hasher for key, hasher in self._hashers.items() if key != self.newest}

    # --- sealing ------------------------------------------------------------------------------------

    def seal(self, text: str, context: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        # A lone surrogate becomes "?", so that the rest of the text is not lost.
        sealed = self._boxes[self.newest].encrypt(nonce, text.encode(errors="replace"), context.encode())
        return self.newest + nonce + sealed

    def open(self, sealed: bytes, context: str) -> str:
        """Raises KeyMismatch if no key fits, or the text was sealed for another context."""
        key, nonce, text = (
            sealed[:ID_BYTES],
            sealed[ID_BYTES:][:_NONCE_BYTES],
            sealed[ID_BYTES + _NONCE_BYTES :],
        )
        try:
            return self._boxes[key].decrypt(nonce, text, context.encode()).decode()
        except (KeyError, InvalidTag) as error:
            raise KeyMismatch("the data key does not fit this database") from error

    # --- hashing ------------------------------------------------------------------------------------

    def keyed_hash(self, value: str) -> bytes:
        """The keyed hash under the newest key, to be stored."""
        return self.hashes(value)[0]

    def hashes(self, value: str) -> tuple[bytes, ...]:
        """The keyed hashes under every key, newest first, to look a value up by while keys rotate."""
        return tuple(_keyed_hash(hasher, value) for hasher in self._hashers.values())

    def hashes_ever(self, value: str) -> tuple[bytes, ...]:
        """As `hashes`, and under retired keys: for hashes that cannot be remade, because nobody has the value."""
        return tuple(_keyed_hash(hasher, value) for hasher in self._every_hasher.values())

    def stamp(self, text: str) -> bytes:
        """`key id + keyed hash`, which `fits` recognises even after the key is retired."""
        return self.newest + self.keyed_hash(text)

    def fits(self, stamp: bytes, text: str) -> bool:
        """Whether this is the stamp of this text. Raises KeyMismatch if its key was never known here."""
        hasher = self._every_hasher.get(stamp[:ID_BYTES])
        if hasher is None:
            raise KeyMismatch("this was stamped with a key that is not known here")
        return hmac.compare_digest(stamp[ID_BYTES:], _keyed_hash(hasher, text))

    def knows(self, stamp: bytes) -> bool:
        """Whether a stamp's key is or was known here."""
        return stamp[:ID_BYTES] in self._every_hasher

    def stamps_ever(self, text: str) -> tuple[bytes, ...]:
        """The stamps of this text under every key, retired ones too."""
        return tuple(key + _keyed_hash(hasher, text) for key, hasher in self._every_hasher.items())


def read_keys(text: str) -> tuple[bytes, ...]:
    """Decodes base64 keys, newest first, separated by commas or spaces. Raises KeyMismatch."""
    try:
        return tuple(base64.b64decode(part, validate=True) for part in text.replace(",", " ").split())
    except ValueError as error:
        raise KeyMismatch("a data key is written in base64") from error


def make_key_file(path: Path) -> None:
    """Writes a new key file, whole or not at all, that only its owner may read. Raises FileExistsError if there is one."""
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
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Syncs a folder, so that its file names survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _key_id(key: bytes) -> bytes:
    return _subkey(key, b"id")[:ID_BYTES]


def _keyed_hash(hasher: bytes, value: str) -> bytes:
    return hmac.digest(hasher, value.encode(), hashlib.sha256)


def _subkey(key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(key, b"heard:" + purpose, hashlib.sha256)
