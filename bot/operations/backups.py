"""Automatic backups: every night, and before each migration. They are deleted after 30 days."""

import asyncio
import contextlib
import os
import re
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import make_url

from bot.config.settings import Settings
from storage.operations import backup
from storage.operations.backup import OnProgress, RowCounts

log = structlog.get_logger()

LASTS = timedelta(days=30)
_THEIRS = ("PATH", "HOME", "LANG", "LC_", "PG", "SSL")  # variables that pg_dump may need
_LEFT_OVER = re.compile(r"(\.part|-journal|-wal|-shm)+$")
_NAME = re.compile(r"heard-(\d{4})(\d\d)(\d\d)-\d{4}(-[\w-]+)?\.(db|db-wal|dump)")


def folder(settings: Settings) -> Path:
    """The folder of automatic backups: next to the SQLite file, or next to the erasure log."""
    beside = settings.sqlite_file or settings.erasure_log_file
    return beside.parent / "backups"


async def make(settings: Settings, target: Path, step: OnProgress = lambda _done, _of: None) -> RowCounts:
    """Copies the SQLite database, which may be in use. Raises BackupFailed."""
    assert settings.sqlite_file is not None
    return await asyncio.to_thread(backup.copy, settings.sqlite_file, target, step, now())


def now() -> datetime:
    return datetime.now(UTC)


def automatic_path(settings: Settings, why: str = "", ending: str = "db") -> Path:
    """An unused path for a backup made now. Creates its folder, readable only for this account. `why` becomes part of
    the name, such as "before-0002".
    """
    place = folder(settings)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = "-".join(filter(None, (f"heard-{datetime.now(settings.zone):%Y%m%d-%H%M}", why)))
    names = (name, *(f"{name}-{n}" for n in range(2, 1000)))
    return next(path for path in (place / f"{one}.{ending}" for one in names) if not path.exists())


def drop_old(settings: Settings) -> None:
    """Deletes automatic backups older than LASTS, so that deleted people do not stay in backups for ever."""
    last = datetime.now(settings.zone).date() - LASTS
    for path in _automatic_backups(settings):
        if _day(path) < last:
            path.unlink(missing_ok=True)


async def back_up_before_migration(settings: Settings, migration: str) -> None:
    """Makes a backup before a migration. On SQLite, raises BackupFailed if it cannot be made: then do not migrate. On
    PostgreSQL it needs `pg_dump`; without it, only logs that there is no backup.
    """
    ending = "db" if settings.on_sqlite else "dump"
    target = automatic_path(settings, f"before-{migration}", ending)
    if settings.on_sqlite:
        await make(settings, target)
    elif why_not := await asyncio.to_thread(_dump_postgresql, settings, target):
        log.warning("no backup made before the migration", why=why_not)
        return
    for path in _automatic_backups(
        settings
    ):  # keep one, so that repeated failing starts do not fill the disk
        if path != target and f"-before-{migration}" in path.name:
            path.unlink(missing_ok=True)
    log.info("backup made before the migration", file=str(target))


def _automatic_backups(settings: Settings) -> list[Path]:
    found = folder(settings).iterdir() if folder(settings).is_dir() else ()
    return [path for path in found if _NAME.fullmatch(path.name)]


def remove_folder(settings: Settings) -> None:
    """Removes the folder of automatic backups, unless something is in it."""
    with contextlib.suppress(OSError):
        folder(settings).rmdir()


def every_backup(settings: Settings) -> list[Path]:
    """All automatic backups, with what a crash may have left of one."""
    found = sorted(folder(settings).iterdir()) if folder(settings).is_dir() else []
    return [path for path in found if _NAME.fullmatch(_LEFT_OVER.sub("", path.name))]


def _day(path: Path) -> date:
    found = _NAME.fullmatch(path.name)
    assert found is not None
    return date(*map(int, found.group(1, 2, 3)))


def _dump_postgresql(settings: Settings, target: Path) -> str:
    """Runs pg_dump. Returns why it failed; empty if it worked."""
    program = shutil.which("pg_dump")
    if program is None:
        return "pg_dump is not on the PATH"
    url = make_url(settings.database_url.get_secret_value()).set(drivername="postgresql")
    part = target.with_name(f"{target.name}.part")
    # Pass the password in the environment, because anybody on the machine sees a command's arguments. Pass no secret of Heard.
    kept = {name: value for name, value in os.environ.items() if name.startswith(_THEIRS)}
    secret = {"PGPASSWORD": url.password} if url.password else {}
    address = url.set(password=None).render_as_string()
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        done = subprocess.run(  # noqa: S603 - our own arguments
            (program, "--format=custom", f"--file={part}", f"--dbname={address}"),
            env={**kept, **secret},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["pg_dump failed"])[0][:200]
        part.replace(target)
    except OSError as error:
        return f"{part} cannot be written ({error.strerror})"
    finally:
        part.unlink(missing_ok=True)
    return ""
