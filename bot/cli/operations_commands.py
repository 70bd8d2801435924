"""The commands that keep what is there: each shows how far it is, and says what it did."""

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
PANEL = "Keeping what is there"


def add_to(app: typer.Typer) -> None:
    """Puts these commands beside the others."""
    for command in (backup, restore, move_database, rotate_key, verify):
        app.command(rich_help_panel=PANEL)(command)


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it. A backup that is there is replaced.")],
) -> None:
    """Copy the SQLite database to a file, while Heard runs or not, and look through the copy before it counts.

    It holds all that people said, sealed: the key is not in it, and without the key nobody can read it. Only this
    account may read the file. Heard makes one every night by itself, in data/backups, and keeps it for 30 days.
    PostgreSQL brings its own tool, pg_dump: this says how to use it.

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
    file: Annotated[Path, typer.Argument(help="A backup that `backup` made, or Heard by itself.")],
    check: Annotated[bool, typer.Option("--check", help="Only look through it; nothing is changed.")] = False,
) -> None:
    """Restore a backup over the SQLite database, or just check that it could be restored.

    Stop Heard first: it refuses while one runs. What is there now is kept as a backup. Who asked to be deleted since
    the backup was made is deleted again, and nothing goes to many by itself: what was on its way waits for the team's
    decision. PostgreSQL brings its own tool, pg_restore: this says how to use it.

    Example: python -m bot restore data/backups/heard-20261201-0300.db --check
    """
    from bot.operations import restore as restoring

    settings = settings_or_stop()
    if not settings.on_sqlite:
        stop(restoring.WITH_POSTGRESQL)
    if not check:
        with bar("Putting back") as step:
            run_or_stop(restoring.restore_backup(settings, file, step, say))
        return
    with errors_as_messages():
        found = restoring.inspect_backup(settings, file)
    say(f"{file} is whole, and the data key opens it. It was made {restoring.time_made(found, settings)}.")
    say(restoring.describe_version(found))
    print_counts(found.counts)


def move_database(
    source: Annotated[str, typer.Argument(metavar="FROM", help="The URL of the database as it is.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The URL of an empty one.")],
) -> None:
    """Move everything to another database: from SQLite to PostgreSQL, back, or to another of the same kind.

    Stop Heard first. Everything is copied in the order of keys, and then compared row by row; stopped half-way, it
    goes on where it was. FROM stays as it is. At the end it says what to put into .env. docs/howto/to-postgresql.md
    has the whole way.

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

    First put the new key before the old one (DATA_KEY=NEW,OLD; or as the first line of data/key), and restart Heard,
    every worker of it. Then run this. Heard may run meanwhile. Stopped half-way it goes on where it was. It says when
    the old key can be removed; keep that one as long as you keep backups of before.

    Example: DATA_KEY=NEW,OLD python -m bot rotate-key
    """
    from bot.operations.key_rotation import rotate

    settings = settings_or_stop()
    with bar("Sealing anew") as step:
        rotated = in_store(settings, lambda store: rotate(store, settings, step))
    if rotated.key_retired:
        say(
            f"Done: {rotated.values:,} values were sealed anew, and nothing needs the old key any more.\n{_REMOVE}"
        )
    elif rotated.has_old_keys:
        say(f"Everything is sealed with the newest key already.\n{_REMOVE}")
    else:
        say(
            "Everything is sealed with the one key that is set. To change it, put a new one before it:"
            " DATA_KEY=NEW,OLD. See docs/howto/change-the-key.md."
        )


def verify() -> None:
    """Check the log of what staff did: whether a line was altered, taken out or cut off since it was written.

    Each line is stamped with the data key over the line before. What is found is named by the line's number and its
    date. The exit code is 1 where something was found. Heard may run meanwhile.

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
