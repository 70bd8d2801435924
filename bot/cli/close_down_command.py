"""What the close-down command asks and prints."""

from pathlib import Path

import typer

from bot.cli.console import bar, say
from bot.config.settings import Settings
from bot.operations import close_down as closing
from bot.operations.opening import DatabaseUnusable, look_into_store
from bot.operations.store import Store
from storage.core.instance_lock import lock_for
from storage.operations.close_down import CannotCloseDown, Standing

_KEPT = """Kept in {folder}:
  what was public, as pages and as data; the results of each consultation, with small numbers hidden
  the register of cases, without words; whether the audit log was intact"""


async def close_down(settings: Settings, folder: Path) -> None:
    """Ends the installation. Raises InUse while Heard runs, DatabaseUnusable, CannotCloseDown or Unavailable."""
    store = await _open(settings, folder)
    try:
        async with lock_for(settings.database_url.get_secret_value()).exclusive():
            if store is None:
                say(f"The archive in {folder} is complete. Erasing the rest was interrupted.")
                _confirm(settings, None)
            else:
                await _keep_archive(store, settings, folder)
                await store.database.close()
            telegram = await closing.leave_telegram(settings)
            await closing.erase(settings)
    finally:
        if store is not None:
            await store.database.close()
    say("Everything else is erased. What is left for you to do:")
    for line in closing.left_to_do(settings, telegram=telegram):
        say(f"* {line}")


async def _open(settings: Settings, folder: Path) -> Store | None:
    """The store; None if an earlier run kept its archive in `folder`, and was interrupted while it erased."""
    try:
        return await look_into_store(settings)
    except DatabaseUnusable:
        if (folder / closing.READ_ME).exists():
            return None
        raise


async def _keep_archive(store: Store, settings: Settings, folder: Path) -> None:
    closing.check_folder(folder)
    found = await closing.look(store, settings)
    say(_KEPT.format(folder=folder))
    _confirm(settings, found)
    with bar("Reading the audit log") as step:
        await closing.keep_archive(store, settings, folder, step)
    say(f"The archive is complete: {folder}.")


def _confirm(settings: Settings, found: Standing | None) -> None:
    """Says what is erased, and asks. Raises CannotCloseDown if the answer is not the organisation's name."""
    say("Erased, for good:")
    if not settings.on_sqlite:
        say("  Heard's tables in the database")
    for path in closing.files_to_erase(settings):
        say(f"  {path}")
    for line in closing.warnings(found) if found else ():
        say(line)
    if typer.prompt(f"To go on, type the name of your organisation, {settings.organisation}").strip() != (
        settings.organisation
    ):
        raise CannotCloseDown("That is not its name. Nothing was changed.")
