"""The data key: from the settings, or created once next to a new SQLite database."""

import contextlib
from pathlib import Path

from sqlalchemy import make_url

from bot.config.settings import MAKES_A_KEY, Settings
from storage.security.vault import KeyMismatch, Vault, make_key_file, read_keys


def vault_for(settings: Settings, *, empty: bool) -> tuple[Vault, Path | None]:
    """The vault, and the path of the key file if it was just created. `empty`: the database holds nothing yet.

    Raises KeyMismatch if there is no valid key and none may be created.
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
            f"The database exists but its key is missing: put {file} back, or set DATA_KEY."
        ) from None
    except (KeyMismatch, UnicodeDecodeError):
        raise KeyMismatch(f"{file} does not contain a data key: put back the one that was there.") from None


def key_file(settings: Settings) -> Path | None:
    """The default key file, next to the SQLite database; None on PostgreSQL."""
    path = make_url(settings.database_url.get_secret_value()).database
    return Path(path).parent / "key" if settings.on_sqlite and path else None
