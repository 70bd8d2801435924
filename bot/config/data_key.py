"""The data key: from the settings, or made once beside a new SQLite database. A wrong one refuses to start."""

import contextlib
from pathlib import Path

from sqlalchemy import make_url

from bot.config.settings import MAKES_A_KEY, Settings
from storage.security.vault import KeyMismatch, Vault, make_key_file, read_keys


def vault_for(settings: Settings, *, empty: bool) -> tuple[Vault, Path | None]:
    """The vault, and the path of a key file that was just made. `empty`: nothing was ever stored here.

    Raises KeyMismatch where there is no key and none may be made.
    """
    if settings.data_key:
        return Vault(read_keys(settings.data_key.get_secret_value())), None
    file = key_file(settings)
    if file is None:
        raise KeyMismatch(f"PostgreSQL needs DATA_KEY. {MAKES_A_KEY}")
    made = False
    if empty:
        with contextlib.suppress(FileExistsError):
            make_key_file(file)
            made = True
    try:
        return Vault(read_keys(file.read_text())), file if made else None
    except FileNotFoundError:
        raise KeyMismatch(
            f"The database is there but its key is not: put {file} back, or set DATA_KEY."
        ) from None
    except (KeyMismatch, UnicodeDecodeError):
        raise KeyMismatch(f"{file} holds no data key: put back the one that was there.") from None


def key_file(settings: Settings) -> Path | None:
    """Where the embedded default keeps its key: beside the SQLite database."""
    path = make_url(settings.database_url.get_secret_value()).database
    return Path(path).parent / "key" if settings.on_sqlite and path else None
