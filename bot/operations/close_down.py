"""Ends an installation: keeps an archive of what was public and of the case register, then erases everything else."""

import asyncio
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from telegram.error import TelegramError

from bot.cli.console import OnProgress
from bot.config.catalogues import load_library
from bot.config.data_key import key_file
from bot.config.settings import Settings
from bot.operations import backups
from bot.operations.audit_report import describe_fault, intact_message, verify
from bot.operations.store import Store
from handlers.telegram.client import LeanBot, remove_menu
from handlers.web.archive import archive_files
from storage.core.database import open_database
from storage.operations.close_down import CannotCloseDown, Standing, drop_tables, standing
from storage.security.vault import sync_folder

READ_ME = "README.txt"  # written last: an archive with it is complete
_TELEGRAM_SECONDS = 20
_ABOUT = """{organisation}: what stays of Heard, closed down on {day}.

public/        What young people were told, as anybody could read it: a page for each language, the same as data
               (changed.json), and the results of each consultation with small numbers hidden.
safeguarding/  The register of cases: numbers, kinds, times and who was on them, without words. Confidential. Keep it
               as long as your safeguarding policy says, where only those may read it who may read case records.

The audit log, when it was checked last:
{audit}

Everything else was erased: addresses, ages, answers, what was raised, conversations, the audit log and the data key.
"""


# --- before -----------------------------------------------------------------------------------------


async def look(store: Store, settings: Settings) -> Standing:
    """What the installation holds. Raises CannotCloseDown while a case is open."""
    found = await store.read(settings.rules(None), standing)
    if found.open_cases:
        numbers = ", ".join(map(str, found.open_cases))
        raise CannotCloseDown(
            f"These cases are open: {numbers}. Somebody must go on with each. Start Heard, hand them over, and close them"
            " under /cases. Nothing was changed."
        )
    return found


def warnings(found: Standing) -> Iterator[str]:
    """What people are still waiting for, a line each."""
    if found.people:
        yield f"People who lose their place here: {found.people:,}."
    if found.unanswered:
        yield f"Asked, and without an outcome: {', '.join(found.unanswered)}. Young people were promised one."
    if found.waiting_issues:
        yield f"Raised by young people, and without an answer: {found.waiting_issues:,}."
    if found.unsent:
        yield f"Messages that nobody got yet: {found.unsent:,}. Start Heard once more to send them."


def check_folder(folder: Path) -> None:
    """Raises CannotCloseDown if the archive cannot be written there without mixing it with something else."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CannotCloseDown(f"{folder} is there already. Name a new folder, or an empty one.")


def files_to_erase(settings: Settings) -> tuple[Path, ...]:
    """Heard's own files that are there, in the order in which they are erased: the database first, so that an interrupted
    run can be told from one that has not begun.
    """
    file, key, log = settings.sqlite_file, key_file(settings), settings.erasure_log_file
    wanted = (
        *_database_files(settings),
        *backups.every_backup(settings),
        *(log, log.with_name(f"{log.name}.new")),
        *((key,) if key else ()),
        *((file.with_name(f"{file.name}.lock"),) if file else ()),
    )
    return tuple(path for path in wanted if path.exists())


def _database_files(settings: Settings) -> Iterator[Path]:
    file = settings.sqlite_file
    if file is not None:
        yield from (
            file,
            *(file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm", "-journal", ".part")),
        )


# --- the archive ------------------------------------------------------------------------------------


async def keep_archive(store: Store, settings: Settings, folder: Path, step: OnProgress) -> None:
    """Writes the archive, all of it on the disk when this returns. Raises CannotCloseDown if it cannot be written."""
    rules, library = settings.rules(None), load_library(settings.zone)
    audit = await _audit_lines(store, settings, step)
    files = await store.read(rules, lambda db: list(archive_files(db, library)))
    day = f"{datetime.now(settings.zone):%d %B %Y}"
    about = _ABOUT.format(organisation=settings.organisation, day=day, audit="\n".join(audit))
    try:
        for name, content in (*files, (READ_ME, about.encode())):
            await asyncio.to_thread(_write, folder / name, content)
    except OSError as error:
        raise CannotCloseDown(f"{folder} cannot be written ({error.strerror}). Nothing was erased.") from None


async def _audit_lines(store: Store, settings: Settings, step: OnProgress) -> list[str]:
    proof = await verify(store, settings.rules(None), step)
    faults = [describe_fault(fault, settings.zone) for fault in proof.walk.faults]
    return faults or [intact_message(proof.walk, settings.zone)]


def _write(path: Path, content: bytes) -> None:
    """Writes a file that only this account may read."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(handle)
    sync_folder(path.parent)


# --- the end ----------------------------------------------------------------------------------------


async def erase(settings: Settings) -> None:
    """Erases the database, the backups, the erasure log and the key. Raises Unavailable or CannotCloseDown; then run it
    again.
    """
    if not settings.on_sqlite:
        database = open_database(settings.database_url.get_secret_value())
        try:
            await database.reshape(drop_tables)
        finally:
            await database.close()
    for path in files_to_erase(settings):
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise CannotCloseDown(
                f"{path} cannot be deleted ({error.strerror}). Give this account the right to, and run this again."
            ) from None
    backups.remove_folder(settings)


async def leave_telegram(settings: Settings) -> bool:
    """Removes the webhook, with what waits there, and the menu of commands. False if Telegram did not accept it."""
    if settings.telegram_bot_token is None:
        return True
    bot = LeanBot(settings.telegram_bot_token.get_secret_value(), settings.telegram_api_url)
    try:
        async with asyncio.timeout(_TELEGRAM_SECONDS):
            await bot.initialize()
            await bot.delete_webhook(drop_pending_updates=True)
            await remove_menu(bot)
    except (TelegramError, TimeoutError):
        return False
    finally:
        await bot.shutdown()
    return True


def left_to_do(settings: Settings, *, telegram: bool) -> Iterator[str]:
    """What this command cannot do, a line each."""
    if settings.telegram_bot_token:
        left = "" if telegram else " Telegram did not answer, so its webhook and menu are still there."
        yield f"Delete the bot at @BotFather (/deletebot). Chats on people's phones stay until they delete them.{left}"
    if settings.data_key:
        yield "Delete DATA_KEY, or the file in DATA_KEY_FILE, and every copy of it: then no copy of a backup can be read."
    else:
        yield "Delete every copy of the data key: then what is encrypted in a copy of a backup cannot be read."
    yield "Delete backups on other machines, dumps of the database, and erasure logs of other workers."
    yield "Delete .env, and the web server's logs. Let PUBLIC_URL lead to the archive's public part, or to a page that says it is over."
