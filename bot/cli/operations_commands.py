"""Commands for operating Heard. Each shows its progress and prints the result."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import (
    bar,
    errors_as_messages,
    in_store,
    print_counts,
    run_or_stop,
    say,
    settings_or_stop,
    stop,
)

_REMOVE = (
    "The old key can be removed now: leave only the new one in DATA_KEY (or in data/key), and restart Heard.\n"
    "Keep the old key somewhere safe as long as you keep backups of before today: they open with no other."
)
PANEL = "Operations"


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the others."""
    for command in (backup, restore, move_database, rotate_key, verify, close_down):
        app.command(rich_help_panel=PANEL)(command)


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it. An existing backup is replaced.")],
) -> None:
    """Copy the SQLite database to a file and verify the copy. Heard may keep running.

    It contains everything that people said, encrypted. The key is not in it, and without the key nobody can read it.
    Only this account may read the file. Heard makes one every night in data/backups, and keeps it for 30 days.
    PostgreSQL has its own tool, pg_dump: this command says how to use it.

    Example: python -m bot backup /media/stick/heard.db
    """
    from bot.cli import backup_command

    settings = settings_or_stop()
    if not settings.on_sqlite:
        stop(backup_command.WITH_POSTGRESQL)
    with bar("Copying") as step:
        counts = in_store(settings, lambda store: backup_command.back_up(store, settings, file, step))
    say(f"Written: {file} ({file.stat().st_size / 1e6:,.1f} MB), and verified: it is intact.")
    print_counts(counts)
    say(backup_command.key_reminder(settings))


def restore(
    file: Annotated[Path, typer.Argument(help="A backup made by `backup` or by Heard itself.")],
    check: Annotated[bool, typer.Option("--check", help="Only check it; change nothing.")] = False,
) -> None:
    """Restore a backup over the SQLite database, or just check that it could be restored.

    Stop Heard first: the command refuses while it runs. The current database is kept as a backup. People who were
    deleted after the backup was made are deleted again. Broadcasts that were under way wait for the team's decision.
    PostgreSQL has its own tool, pg_restore: this command says how to use it.

    Example: python -m bot restore data/backups/heard-20261201-0300.db --check
    """
    from bot.operations import restore as restoring

    settings = settings_or_stop()
    if not settings.on_sqlite:
        stop(restoring.WITH_POSTGRESQL)
    if not check:
        with bar("Restoring") as step:
            run_or_stop(restoring.restore_backup(settings, file, step, say))
        return
    with errors_as_messages():
        found = restoring.inspect_backup(settings, file)
    say(f"{file} is intact, and the data key opens it. It was made {restoring.time_made(found, settings)}.")
    say(restoring.describe_version(found))
    print_counts(found.counts)


def move_database(
    source: Annotated[str, typer.Argument(metavar="FROM", help="The URL of the database as it is.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The URL of an empty one.")],
) -> None:
    """Move everything to another database: from SQLite to PostgreSQL, back, or to another of the same kind.

    Stop Heard first. All rows are copied in key order, then compared one by one. If it is interrupted, run it again:
    it continues. FROM is not changed. At the end it says what to put into .env. See docs/howto/to-postgresql.md.

    Example: python -m bot move-database sqlite+aiosqlite:///data/heard.db postgresql+asyncpg://heard:PASSWORD@db/heard
    """
    from bot.operations import transfer

    settings = settings_or_stop()
    with bar("Moving") as step:
        rows = run_or_stop(transfer.move(settings, source, target, step))
    say(
        f"Moved, and compared row by row: {rows:,} rows, all the same. Put this into .env, and start Heard:\n"
    )
    for line in transfer.what_to_set(settings, source, target):
        say(f"  {line}")
    say(
        "\nThe old database is as it was. Do not start Heard on it again; when you have seen that all is well, delete it,"
        " and its backups when their time has come."
    )


def rotate_key() -> None:
    """Re-encrypt everything with a new data key so the old key can be retired.

    First put the new key before the old one (DATA_KEY=NEW,OLD; or as the first line of data/key), and restart every
    worker of Heard. Then run this; Heard may keep running. If it is interrupted, run it again: it continues. It says
    when the old key can be removed. Keep the old key as long as you keep backups that were made with it.

    Example: DATA_KEY=NEW,OLD python -m bot rotate-key
    """
    from bot.operations.key_rotation import rotate

    settings = settings_or_stop()
    with bar("Re-encrypting") as step:
        rotated = in_store(settings, lambda store: rotate(store, settings, step))
    if rotated.key_retired:
        say(
            f"Done: {rotated.values:,} values were re-encrypted, and nothing needs the old key any more.\n{_REMOVE}"
        )
    elif rotated.has_old_keys:
        say(f"Everything is already encrypted with the newest key.\n{_REMOVE}")
    else:
        say(
            "Everything is encrypted with the only key that is set. To change it, put a new one before it:"
            " DATA_KEY=NEW,OLD. See docs/howto/change-the-key.md."
        )


def verify() -> None:
    """Check the audit log for lines that were altered, removed or cut off.

    Each line is chained to the one before with the data key. Findings are listed by line number and date. The exit code
    is 1 if there are any. Heard may keep running.

    Example: python -m bot verify
    """
    from bot.operations.audit_report import describe_fault, intact_message, restore_notice
    from bot.operations.audit_report import verify as walk
    from bot.operations.opening import look_into_store

    settings = settings_or_stop()
    zone = settings.zone
    with bar("Reading the audit log") as step:
        proof = in_store(settings, lambda store: walk(store, settings.rules(None), step), look_into_store)
    for line in proof.restores:
        say(restore_notice(line, zone))
    if proof.walk.faults:
        stop("\n".join(describe_fault(fault, zone) for fault in proof.walk.faults))
    say(intact_message(proof.walk, zone))


def close_down(
    folder: Annotated[Path, typer.Argument(help="A new folder for what stays.")],
) -> None:
    """End this installation: keep an archive, then erase everything else. There is no way back.

    Stop Heard first, after the last news has gone out; see docs/howto/close-down.md. It refuses while a case is open. The
    archive keeps what was public, the counts with small numbers hidden, and the case register. Before anything is done it
    says what will happen, and asks for the name of your organisation. If it is interrupted, run it again.

    Example: python -m bot close-down /media/stick/heard-archive
    """
    from bot.cli import close_down_command

    settings = settings_or_stop()
    run_or_stop(close_down_command.close_down(settings, folder))
