"""The team's settings, from the environment or `.env`. All errors are reported at once, each with its fix."""

import re
from collections.abc import Mapping
from datetime import time
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.config.env_files import ENV_FILE, FileSettingsSource, layers, unreadable_files
from conversations.core.channels import TELEGRAM
from conversations.core.config import QuietHours, Rules
from conversations.people.names import LANGUAGES
from storage.security.vault import KeyMismatch, Vault, read_keys

A_DAY = 24 * 60  # minutes
TELEGRAM_API = "https://api.telegram.org"
MAKES_A_KEY = (
    'python -c "import secrets, base64; print(base64.b64encode(secrets.token_bytes(32)).decode())" makes one.'
)

# What HOST says where `localhost` leads.
_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost", "0.0.0.0", "::"})  # noqa: S104 - read here, not bound

# The fix for an invalid value, by pydantic's error type.
_FIXES = {
    "int_parsing": "use a whole number",
    "float_parsing": "use a number",
    "greater_than": "use a number above {gt}",
    "greater_than_equal": "use {ge} or more",
    "less_than_equal": "use {le} or less",
    "literal_error": "use {expected}",
}


class WrongSettings(Exception):
    """One line for each invalid setting: its name and the fix, never its value."""


class Settings(BaseSettings):
    """Every setting there is; `.env.example` says what each is for."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE, env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True
    )

    telegram_bot_token: SecretStr | None = None
    telegram_api_url: str = TELEGRAM_API
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_webhook_secret: SecretStr | None = Field(None, validate_default=True)
    public_url: str = Field("", validate_default=True)
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=1, le=65535)
    database_url: SecretStr = SecretStr("sqlite+aiosqlite:///data/heard.db")
    data_key: SecretStr | None = None
    forgotten_log: str = ""
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    organisation: str = "Sampleshire Youth Voice (sample)"
    team_contact: str = "youthvoice@sampleshire.example (sample)"
    controller: str = ""
    dpo_contact: str = ""
    lawful_basis: str = ""
    recipients: str = ""
    hosted_in: str = ""
    timezone: str = "Europe/London"
    languages: Annotated[tuple[str, ...], NoDecode] = ("en",)
    quiet_hours: str = "21:00-08:00"
    minimum_age: int = Field(13, ge=0, le=25)
    telegram_minimum_age: int = Field(TELEGRAM.minimum_age, ge=13, le=25)
    sends_per_second: float = Field(28, gt=0, le=1000)
    small_number: int = Field(6, ge=5, le=100)
    retention_days: int = Field(365, ge=1, le=3650)
    dormant_months: int = Field(24, ge=3, le=120)
    escalate_minutes: Annotated[tuple[int, int, int], NoDecode] = (10, 20, 30)
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = Field(None, validate_default=True)
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        beside = [FileSettingsSource(settings_cls, layer) for layer in layers()]
        return init_settings, env_settings, beside[0], dotenv_settings, beside[1]

    @field_validator("telegram_bot_token")
    @classmethod
    def _check_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"\d+:[A-Za-z0-9_-]{20,}", value.get_secret_value()):
            raise ValueError(
                "use the token that @BotFather gave you, such as 123456:ABC-DEF…, and nothing else"
            )
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _check_secret(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        good = value and re.fullmatch(r"[A-Za-z0-9_-]{16,256}", value.get_secret_value())
        if info.data.get("telegram_mode") == "webhook" and not good:
            raise ValueError(
                "set 16 to 256 letters, digits, _ or - in webhook mode;"
                ' python -c "import secrets; print(secrets.token_urlsafe(32))" makes one'
            )
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _check_issuer(cls, value: str) -> str:
        if value and not re.fullmatch(r"https://[^/\s]+\S*|http://(localhost|127\.0\.0\.1)(:\d+)?\S*", value):
            raise ValueError(
                "use the issuer's address, which begins with https://, exactly as the provider writes it"
            )
        return value

    @field_validator("oidc_client_secret")
    @classmethod
    def _check_client(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        given = (info.data.get("oidc_issuer"), info.data.get("oidc_client_id"), value)
        if any(given) and not all(given):
            raise ValueError("set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, or none of them")
        return value

    @field_validator("public_url", "telegram_api_url")
    @classmethod
    def _check_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^/\s]+\S*", value):
            raise ValueError("use a whole address that begins with https:// or http://")
        return value.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _check_webhook_url(cls, value: str, info: ValidationInfo) -> str:
        hooked = info.data.get("telegram_mode") == "webhook"
        if hooked and info.data.get("telegram_api_url") == TELEGRAM_API and not value.startswith("https://"):
            raise ValueError("in webhook mode, give the https:// address at which Telegram reaches this page")
        return value

    @field_validator("database_url")
    @classmethod
    def _check_database(cls, value: SecretStr) -> SecretStr:
        try:
            url = make_url(value.get_secret_value())
        except (ArgumentError, ValueError):  # the text of a ValueError contains a part of the address
            url = None
        if url and url.drivername in {"sqlite+aiosqlite", "postgresql+asyncpg"} and _has_place(url):
            return value
        raise ValueError("use sqlite+aiosqlite:///PATH or postgresql+asyncpg://NAME:PASSWORD@HOST/DATABASE")

    @field_validator("data_key")
    @classmethod
    def _check_key(cls, value: SecretStr | None) -> SecretStr | None:
        try:
            if value:
                Vault(read_keys(value.get_secret_value()))
        except KeyMismatch:
            raise ValueError(f"use 32 bytes in base64. {MAKES_A_KEY}") from None
        return value

    @field_validator("languages", "trusted_proxies", mode="before")
    @classmethod
    def _split_list(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))

    @field_validator("languages")
    @classmethod
    def _check_languages(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        unknown = set(value) - set(LANGUAGES)
        if unknown or not value:
            raise ValueError(f"use some of {', '.join(LANGUAGES)}, with commas between")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _check_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for part in value:
            try:
                ip_network(part)
            except ValueError:
                raise ValueError("use addresses or networks such as 127.0.0.1 or 10.0.0.0/8") from None
        return value

    @field_validator("timezone")
    @classmethod
    def _check_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("use a zone's name, such as Europe/London") from None
        return value

    @field_validator("escalate_minutes", mode="before")
    @classmethod
    def _check_minutes(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",")]
        minutes = [int(part) if re.fullmatch("[0-9]{1,4}", part) else 0 for part in parts]
        if len(minutes) == 3 and 0 < minutes[0] < minutes[1] < minutes[2] <= A_DAY:
            return tuple(minutes)
        raise ValueError(
            f"use three whole numbers of minutes from 1 to {A_DAY}, each above the one before, such as 10,20,30"
        )

    @field_validator("quiet_hours")
    @classmethod
    def _check_hours(cls, value: str) -> str:
        _parse_quiet_hours(value)
        return value

    @property
    def web_address(self) -> str:
        """The page's address for links, which is the place of passkeys too: the public one, else this machine's. A
        passkey needs a name, so this machine goes by its own.
        """
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{'localhost' if self.host in _THIS_MACHINE else host}:{self.port}"

    @property
    def on_sqlite(self) -> bool:
        return make_url(self.database_url.get_secret_value()).get_backend_name() == "sqlite"

    @property
    def sqlite_file(self) -> Path | None:
        """The SQLite file; None on PostgreSQL."""
        return Path(make_url(self.database_url.get_secret_value()).database or "") if self.on_sqlite else None

    @property
    def erasure_log_file(self) -> Path:
        """The erasure log: by default next to the SQLite file, or in `data` with PostgreSQL."""
        beside = self.sqlite_file.parent if self.sqlite_file else Path("data")
        return Path(self.forgotten_log) if self.forgotten_log else beside / "forgotten"

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def rules(self, accounts: Mapping[str, str] | None = None) -> Rules:
        """The settings that conversations need. `accounts` holds Heard's own name on each channel."""
        return Rules(
            organisation=self.organisation,
            contact=self.team_contact,
            zone=self.zone,
            public_url=self.web_address,
            languages=self.languages,
            accounts=accounts or {},
            minimum_age=self.minimum_age,
            minimum_ages={TELEGRAM.name: self.telegram_minimum_age},
            small_number=self.small_number,
            retention_days=self.retention_days,
            dormant_months=self.dormant_months,
            quiet=_parse_quiet_hours(self.quiet_hours),
            sends_per_second=self.sends_per_second,
            escalate_minutes=self.escalate_minutes,
            controller=self.controller,
            dpo_contact=self.dpo_contact,
            lawful_basis=self.lawful_basis,
            recipients=self.recipients,
            hosted_in=self.hosted_in,
        )


def read_settings() -> Settings:
    """The settings. Raises WrongSettings with a line for each invalid one."""
    try:
        wrong = unreadable_files(Settings)
        try:
            settings = Settings()
        except ValidationError as error:
            wrong += [_problem_line(problem) for problem in error.errors()]
    except (OSError, UnicodeDecodeError):
        raise WrongSettings(
            f"{ENV_FILE} cannot be read: make it a text file that this account may read"
        ) from None
    if wrong:
        raise WrongSettings("\n".join(wrong))
    return settings


def _problem_line(problem: ErrorDetails) -> str:
    fix = _FIXES.get(problem["type"])
    words = fix.format_map(problem.get("ctx", {})) if fix else problem["msg"].removeprefix("Value error, ")
    return f"{'.'.join(str(part) for part in problem['loc']).upper()}: {words}"


def _has_place(url: URL) -> bool:
    """Whether the URL names a place. SQLite needs a file, because a database in memory ends with its connection."""
    return url.get_backend_name() != "sqlite" or url.database not in {None, "", ":memory:"}


def _parse_quiet_hours(value: str) -> QuietHours | None:
    if value.strip() in {"", "none"}:
        return None
    try:
        start, end = (_parse_time(part) for part in value.split("-"))
    except ValueError:
        raise ValueError("use two times such as 21:00-08:00, or none") from None
    return QuietHours(start, end) if start != end else None


def _parse_time(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))
