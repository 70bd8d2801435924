"""Automatic backups: every night, and before a migration changes something. They go after thirty days."""

import asyncio
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
_THEIRS = ("PATH", "HOME", "LANG", "LC_", "PG", "SSL")  # what pg_dump may need of the environment
_NAME = re.compile(r"heard-(\d{4})(\d\d)(\d\d)-\d{4}(-[\w-]+)?\.(db|db-wal|dump)")


def folder(settings: Settings) -> Path:
    """Where automatic ones lie: beside the SQLite file, or beside the log outside the database."""
    beside = settings.sqlite_file or settings.erasure_log_file
    return beside.parent / "backups"


async def make(settings: Settings, target: Path, step: OnProgress = lambda _done, _of: None) -> RowCounts:
    """Copies the SQLite database while others go on. Raises BackupFailed."""
    assert settings.sqlite_file is not None
    return await asyncio.to_thread(backup.copy, settings.sqlite_file, target, step, now())


def now() -> datetime:
    return datetime.now(UTC)


def automatic_path(settings: Settings, why: str = "", ending: str = "db") -> Path:
    """The place of one that is made now; its folder is there, for this account alone. `why`: "before-0002". Where one
    of this minute is there, it stays.
    """
    place = folder(settings)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = "-".join(filter(None, (f"heard-{datetime.now(settings.zone):%Y%m%d-%H%M}", why)))
    names = (name, *(f"{name}-{n}" for n in range(2, 1000)))
    return next(path for path in (place / f"{one}.{ending}" for one in names) if not path.exists())


def drop_old(settings: Settings) -> None:
    """Drops automatic ones after their time: who was deleted must not be in a backup for ever."""
    last = datetime.now(settings.zone).date() - LASTS
    for path in _automatic_backups(settings):
        if _day(path) < last:
            path.unlink(missing_ok=True)


async def back_up_before_migration(settings: Settings, migration: str) -> None:
    """One of before this migration. Raises BackupFailed where SQLite's cannot be made: then nothing is to be changed.
    On PostgreSQL it is made where `pg_dump` is there; where not, that is said.
    """
    ending = "db" if settings.on_sqlite else "dump"
    target = automatic_path(settings, f"before-{migration}", ending)
    if settings.on_sqlite:
        await make(settings, target)
    elif why_not := await asyncio.to_thread(_dump_postgresql, settings, target):
        log.warning("no backup was made before the migration", why=why_not)
        return
    for path in _automatic_backups(settings):  # a start that fails again and again does not fill the disk
        if path != target and f"-before-{migration}" in path.name:
            path.unlink(missing_ok=True)
    log.info("a backup was made before the migration", file=str(target))


def _automatic_backups(settings: Settings) -> list[Path]:
    found = folder(settings).iterdir() if folder(settings).is_dir() else ()
    return [path for path in found if _NAME.fullmatch(path.name)]


def _day(path: Path) -> date:
    found = _NAME.fullmatch(path.name)
    assert found is not None
    return date(*map(int, found.group(1, 2, 3)))


def _dump_postgresql(settings: Settings, target: Path) -> str:
    """Why not; nothing where it was made."""
    program = shutil.which("pg_dump")
    if program is None:
        return "pg_dump is not on the PATH"
    url = make_url(settings.database_url.get_secret_value()).set(drivername="postgresql")
    part = target.with_name(f"{target.name}.part")
    # The password goes by the environment: everybody on the machine sees a command's arguments. Ours stay here.
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
