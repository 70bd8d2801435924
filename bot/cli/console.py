"""Shared by all commands: reads the settings, opens the store, and reports an error in one line."""

from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

import typer
import uvloop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from bot import logs
from bot.config.settings import Settings, WrongSettings, read_settings
from bot.operations.opening import DatabaseUnusable, open_store, reason
from bot.operations.store import Store
from bot.startup_errors import CannotStart
from conversations.core.effects import Refused
from storage.core.errors import Unavailable
from storage.core.instance_lock import InUse
from storage.core.schema import SchemaMismatch
from storage.operations.backup import BackupFailed
from storage.operations.close_down import CannotCloseDown
from storage.operations.transfer import TransferFailed
from storage.security.vault import KeyMismatch

Result = TypeVar("Result")
OnProgress = Callable[[int, int], None]  # (done, total)

out = Console()
err = Console(stderr=True)


def settings_or_stop() -> Settings:
    try:
        settings = read_settings()
    except WrongSettings as wrong:
        stop(f"These settings cannot be used (see .env.example):\n{wrong}")
    logs.set_up(style=settings.log_format, level=settings.log_level)
    return settings


def in_store(
    settings: Settings,
    work: Callable[[Store], Coroutine[Any, Any, Result]],
    opening: Callable[[Settings], Coroutine[Any, Any, Store]] = open_store,
) -> Result:
    """Runs work in an open store, and closes the store. Ends the command as `run_or_stop` does."""

    async def work_in_store() -> Result:
        store = await opening(settings)
        try:
            return await work(store)
        finally:
            await store.database.close()

    return run_or_stop(work_in_store())


def run_or_stop(work: Coroutine[Any, Any, Result]) -> Result:
    """The work's result. A known error ends the command with one line and exit code 1."""
    with errors_as_messages():
        return uvloop.run(work)


@contextmanager
def errors_as_messages() -> Iterator[None]:
    """Turns a known error into one line on standard error and exit code 1."""
    try:
        yield
    except (
        BackupFailed,
        TransferFailed,
        CannotCloseDown,
        CannotStart,
        DatabaseUnusable,
        InUse,
        Refused,
        KeyMismatch,
        SchemaMismatch,
    ) as why:
        stop(str(why))
    except Unavailable as fault:
        stop(reason(fault))


def say(words: str) -> None:
    """Prints a line on standard output, without markup."""
    out.print(words, soft_wrap=True, markup=False, highlight=False)


def print_counts(counts: Mapping[str, int]) -> None:
    """Prints the number of rows of each table that has any."""
    table = Table.grid(padding=(0, 2))
    for name, rows in counts.items():
        if rows:
            table.add_row(f"  {name}", Text(f"{rows:,}", justify="right"))
    out.print(table)


def stop(words: str) -> NoReturn:
    """Prints an error and ends the command with exit code 1."""
    err.print(words, style="red", soft_wrap=True, markup=False, highlight=False)
    raise typer.Exit(1)


@contextmanager
def bar(what: str) -> Iterator[OnProgress]:
    """A progress bar on a terminal, removed when done; elsewhere nothing."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
