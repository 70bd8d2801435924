"""The vault: a sealed text opens only with its key and in its own context."""

import stat

import pytest

from storage.security.vault import KEY_BYTES, KeyMismatch, Vault, make_key_file, read_keys

OLD, NEW, OTHER = (bytes([n]) * KEY_BYTES for n in (1, 2, 3))
HERE, THERE = "answers:sealed:1", "answers:sealed:2"
WORDS = "more lights at the stop 💡 – więcej świateł"


def test_a_sealed_value_can_be_opened():
    vault = Vault([NEW])
    assert vault.open(vault.seal(WORDS, HERE), HERE) == WORDS
    assert vault.open(vault.seal("", HERE), HERE) == ""


def test_sealed_text_reveals_nothing_and_differs_each_time():
    vault = Vault([NEW])
    one, other = vault.seal(WORDS, HERE), vault.seal(WORDS, HERE)
    assert WORDS.encode() not in one
    assert one[4:] != other[4:]


def test_another_key_opens_nothing():
    with pytest.raises(KeyMismatch):
        Vault([OTHER]).open(Vault([NEW]).seal(WORDS, HERE), HERE)


def test_a_sealed_value_moved_elsewhere_does_not_open():
    vault = Vault([NEW])
    with pytest.raises(KeyMismatch):
        vault.open(vault.seal(WORDS, HERE), THERE)


@pytest.mark.parametrize("at", [0, 5, 20, -1])
def test_one_changed_byte_anywhere_is_noticed(at):
    vault = Vault([NEW])
    sealed = bytearray(vault.seal(WORDS, HERE))
    sealed[at] ^= 1
    with pytest.raises(KeyMismatch):
        vault.open(bytes(sealed), HERE)


@pytest.mark.parametrize("sealed", [b"", b"abc", b"\x00" * 40])
def test_a_value_that_was_never_sealed_does_not_open(sealed):
    with pytest.raises(KeyMismatch):
        Vault([NEW]).open(sealed, HERE)


def test_while_keys_rotate_the_old_one_opens_and_the_new_one_seals():
    before, both, after = Vault([OLD]), Vault([NEW, OLD]), Vault([NEW])
    assert both.open(before.seal(WORDS, HERE), HERE) == WORDS
    assert after.open(both.seal(WORDS, HERE), HERE) == WORDS
    with pytest.raises(KeyMismatch):
        before.open(both.seal(WORDS, HERE), HERE)


def test_a_hash_is_the_same_each_time_and_another_with_another_key():
    assert Vault([NEW]).keyed_hash("5550001") == Vault([NEW]).keyed_hash("5550001")
    assert Vault([NEW]).keyed_hash("5550001") != Vault([OLD]).keyed_hash("5550001")
    assert Vault([NEW]).keyed_hash("5550001") != Vault([NEW]).keyed_hash("5550002")


def test_during_a_key_rotation_hashes_of_either_key_are_found():
    both = Vault([NEW, OLD])
    assert both.keyed_hash("5550001") == Vault([NEW]).keyed_hash("5550001")
    assert both.hashes("5550001") == (Vault([NEW]).keyed_hash("5550001"), Vault([OLD]).keyed_hash("5550001"))


def test_a_hash_needs_the_key_so_chat_ids_cannot_be_enumerated():
    import hashlib

    assert Vault([NEW]).keyed_hash("5550001") != hashlib.sha256(b"5550001").digest()


@pytest.mark.parametrize("keys", [[], [b"short"], [NEW, b"short"], [b"x" * 33]])
def test_a_key_of_another_length_is_refused(keys):
    with pytest.raises(KeyMismatch, match="32 bytes"):
        Vault(keys)


def test_a_vault_shows_no_key():
    assert NEW.hex() not in repr(vars(Vault([NEW])))
    assert repr(NEW) not in repr(vars(Vault([NEW])))


# --- keys as they are written ---------------------------------------------------------------------


def test_keys_are_read_newest_first():
    import base64

    one, other = base64.b64encode(NEW).decode(), base64.b64encode(OLD).decode()
    assert read_keys(f"{one},{other}\n") == read_keys(f" {one}  {other}") == (NEW, OLD)


@pytest.mark.parametrize("text", ["not base64!", "AAA", "ключ"])
def test_a_key_that_is_not_base64_is_refused_without_being_repeated(text):
    with pytest.raises(KeyMismatch) as told:
        read_keys(text)
    assert text not in str(told.value)


def test_a_key_file_is_private_and_holds_one_valid_key(tmp_path):
    path = tmp_path / "data" / "key"
    make_key_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(read_keys(path.read_text())) == 1
    Vault(read_keys(path.read_text()))
    assert [file.name for file in path.parent.iterdir()] == ["key"]


def test_every_key_file_holds_another_key(tmp_path):
    for name in ("one", "other"):
        make_key_file(tmp_path / name)
    assert (tmp_path / "one").read_text() != (tmp_path / "other").read_text()


def test_a_key_file_that_is_there_is_never_written_over(tmp_path):
    path = tmp_path / "key"
    path.write_text("precious")
    with pytest.raises(FileExistsError):
        make_key_file(path)
    assert path.read_text() == "precious"
    assert [file.name for file in tmp_path.iterdir()] == ["key"]
