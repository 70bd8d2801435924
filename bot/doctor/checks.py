"""The doctor checks the installation. Each finding says what is wrong and how to fix it."""

import shutil
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.report import Finding
from bot.config import data_key
from bot.config.settings import Settings, WrongSettings, read_settings
from bot.doctor.backup_checks import check_files, check_operations
from bot.doctor.helpline_checks import check_helplines
from bot.doctor.sign_in_checks import check_passkeys, check_provider
from bot.doctor.telegram_checks import check_telegram
from bot.operations.opening import DatabaseUnusable, check_pages, path_of, reason
from storage.core import schema
from storage.core.database import Database, open_database
from storage.security import key_checks
from storage.security.vault import KeyMismatch

_ENOUGH_DISK = 500_000_000  # bytes
_MADE_IN = 2026  # a clock that shows an earlier year is wrong
_IN_THE_NOTICE = ("controller", "dpo_contact", "lawful_basis", "recipients", "hosted_in")


Check = Callable[[Settings], Awaitable[list[Finding]]]


async def examine() -> list[Finding]:
    """Runs all checks without changing anything. A check that fails does not stop the others."""
    try:
        settings = read_settings()
    except WrongSettings as wrong:
        mend = "Change it in .env; .env.example says how."
        return [Finding("settings", False, line, mend) for line in str(wrong).splitlines()]
    found = [Finding("settings", True, "valid")]
    checks: tuple[Check, ...] = (
        _database,
        check_files,
        _clock,
        _disk,
        _fonts,
        _proxies,
        check_helplines,
        check_passkeys,
        _notice,
        check_provider,
        check_telegram,
    )
    for check in checks:
        try:
            found += await check(settings)
        except Exception as error:  # noqa: BLE001 - one failing check must not stop the others
            what = check.__name__.strip("_")
            found.append(Finding(what, False, type(error).__name__, "Please report this as a bug."))
    return found


async def _database(settings: Settings) -> list[Finding]:
    if settings.on_sqlite and not path_of(settings).exists():
        return [Finding("database", True, "none yet; `run` makes it"), *_key_without_database(settings)]
    database = open_database(settings.database_url.get_secret_value())
    try:
        empty = await database.read(schema.is_empty)
        if empty:
            return [Finding("database", True, "it answers, and is empty"), *_key_without_database(settings)]
        if settings.on_sqlite:
            await database.read(check_pages)
        await database.read(schema.check)
        shape = Finding("database", True, "it answers, and has this version's schema")
        return [shape, await _key(settings, database), *await check_operations(settings)]
    except (OSError, DatabaseUnusable, schema.SchemaMismatch) as error:
        return [Finding("database", False, "it cannot be used as it is", reason(error))]
    finally:
        await database.close()


async def _key(settings: Settings, database: Database) -> Finding:
    try:
        vault, _ = data_key.vault_for(settings, empty=False)
        await database.read(lambda connection: key_checks.check(connection, vault))
    except KeyMismatch as wrong:
        return Finding("data key", False, "it cannot be used", str(wrong))
    return Finding("data key", True, "it opens this database")


def _key_without_database(settings: Settings) -> list[Finding]:
    if settings.data_key:
        return [Finding("data key", True, "it has the right form")]
    if settings.on_sqlite:
        return [Finding("data key", True, "`run` creates the key file if there is none")]
    mend = "PostgreSQL needs one; .env.example says how."
    return [Finding("data key", False, "DATA_KEY is not set", mend)]


async def _clock(settings: Settings) -> list[Finding]:
    now = datetime.now(UTC)
    well = now.year >= _MADE_IN
    mend = "" if well else "Set this machine's clock; use NTP."
    zone = Finding("zone", True, f"{settings.timezone}, where it is {now.astimezone(settings.zone):%H:%M}")
    return [Finding("clock", well, f"{now:%Y-%m-%d %H:%M} UTC", mend), zone]


async def _disk(settings: Settings) -> list[Finding]:
    free = _free_beside(path_of(settings).absolute() if settings.on_sqlite else Path.cwd())
    well = free >= _ENOUGH_DISK
    mend = "" if well else "Free some space: when the disk is full, nothing more can be stored."
    return [Finding("disk", well, f"{free / 1e9:.1f} GB free", mend)]


def _free_beside(path: Path) -> int:
    while not path.exists():
        path = path.parent
    return shutil.disk_usage(path).free


async def _proxies(settings: Settings) -> list[Finding]:
    """Heard itself has no https, so an https address means a proxy."""
    if settings.trusted_proxies or not settings.public_url.startswith("https:"):
        return [Finding("proxies", True, ", ".join(settings.trusted_proxies) or "none")]
    found = "PUBLIC_URL is https, and no proxy is trusted: all people share one address and its bounds"
    return [Finding("proxies", False, found, "Set TRUSTED_PROXIES to the address of your proxy.")]


async def _notice(settings: Settings) -> list[Finding]:
    """What the law asks the notice to say. A site that others reach needs it; a trial on this machine does not."""
    empty = [name.upper() for name in _IN_THE_NOTICE if not getattr(settings, name).strip()]
    if not empty:
        return [Finding("notice", True, "it says what Article 13 asks")]
    if not settings.web_address.startswith("https://"):
        return [Finding("notice", True, f"before others use it: {', '.join(empty)}")]
    mend = "Young people and parents read these on /privacy; .env.example says what each is."
    return [Finding("notice", False, f"empty: {', '.join(empty)}", mend)]


async def _fonts(_settings: Settings) -> list[Finding]:
    from matplotlib import font_manager

    try:
        font_manager.findfont("DejaVu Sans", fallback_to_default=False)
    except ValueError:
        mend = "Reinstall matplotlib, which includes the font."
        return [Finding("fonts", False, "DejaVu Sans is missing", mend)]
    return [Finding("fonts", True, "pictures of results can be drawn")]
