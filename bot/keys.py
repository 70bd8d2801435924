"""The data key: from the settings, or made once beside a new SQLite database. A wrong one refuses to start."""

import contextlib
from pathlib import Path

from sqlalchemy import Connection, make_url, select
from sqlalchemy.exc import IntegrityError

from bot.settings import MAKES_A_KEY, Settings
from storage.tables import seals
from storage.vault import Vault, WrongKey, make_key_file, read_keys

_SAMPLE, _PLACE = "Heard", "seals:sample:1"


def vault_for(settings: Settings, *, empty: bool) -> tuple[Vault, Path | None]:
    """The vault, and the path of a key file that was just made. `empty`: nothing was ever stored here.

    Raises WrongKey where there is no key and none may be made.
    """
    if settings.data_key:
        return Vault(read_keys(settings.data_key.get_secret_value())), None
    file = key_file(settings)
    if file is None:
        raise WrongKey(f"PostgreSQL needs DATA_KEY. {MAKES_A_KEY}")
    made = False
    if empty:
        with contextlib.suppress(FileExistsError):
            make_key_file(file)
            made = True
    try:
        return Vault(read_keys(file.read_text())), file if made else None
    except FileNotFoundError:
        raise WrongKey(
            f"The database is there but its key is not: put {file} back, or set DATA_KEY."
        ) from None
    except (WrongKey, UnicodeDecodeError):
        raise WrongKey(f"{file} holds no data key: put back the one that was there.") from None


def key_file(settings: Settings) -> Path | None:
    """Where the embedded default keeps its key: beside the SQLite database."""
    path = make_url(settings.database_url.get_secret_value()).database
    return Path(path).parent / "key" if settings.on_sqlite and path else None


def check_seal(connection: Connection, vault: Vault) -> None:
    """Raises WrongKey where this key does not open what this database holds. Nothing is written."""
    sample = connection.execute(select(seals.c.sample)).scalar()
    try:
        assert sample is None or vault.open(sample, _PLACE) == _SAMPLE
    except WrongKey:
        raise WrongKey(
            "The data key does not open this database. Put back the one that it was made with."
        ) from None


def first_seal(connection: Connection, vault: Vault) -> None:
    """Seals the sample that every later key is checked against, where there is none yet. Raises WrongKey."""
    if connection.execute(select(seals.c.id)).first() is None:
        # Another worker that starts now may be first.
        with contextlib.suppress(IntegrityError), connection.begin_nested():
            connection.execute(seals.insert().values(id=1, sample=vault.seal(_SAMPLE, _PLACE)))
    check_seal(connection, vault)
