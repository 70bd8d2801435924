"""The settings that conversations use, as frozen data."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from conversations.core.channels import Channel
from conversations.core.record import Record, field

_SHOWN_DAYS = 30
_MORNING = time(9)
_WEEKLY_DAY, _WEEKLY_HOUR = 4, time(16)  # Friday after school, on the team's clock


class QuietHours(Record):
    """From `start` to `end` in local time, possibly past midnight."""

    start: time
    end: time

    def includes(self, local: time) -> bool:
        if self.start <= self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end


class Rules(Record):
    """One team's settings. Ages are in years. `accounts` are Heard's own names on the channels that are on,
    `minimum_ages` the team's minimum ages for channels, both by channel name. `sends_per_second` counts all chats
    together. After so many `escalate_minutes` an alert that nobody took on goes to deputies, the rota, owners. The last
    five are what the law asks a notice about data to say, in the team's words.
    """

    organisation: str
    contact: str
    zone: ZoneInfo
    public_url: str
    languages: tuple[str, ...] = ("en",)
    accounts: Mapping[str, str] = field(default_factory=dict)
    minimum_age: int = 13
    minimum_ages: Mapping[str, int] = field(default_factory=dict)
    small_number: int = 6
    retention_days: int = 365
    dormant_months: int = 24
    quiet: QuietHours | None = None
    sends_per_second: float = 28
    escalate_minutes: tuple[int, int, int] = (10, 20, 30)
    controller: str = ""
    dpo_contact: str = ""
    lawful_basis: str = ""
    recipients: str = ""
    hosted_in: str = ""

    @property
    def shown_days(self) -> int:
        """How many days a page shows its conversation: never longer than free text is kept."""
        return min(_SHOWN_DAYS, self.retention_days)

    def account(self, channel: Channel) -> str | None:
        """Heard's name on a channel; None if it has none, or the channel is off."""
        return self.accounts.get(channel.name)

    def minimum_age_on(self, channel: Channel) -> int:
        """The minimum age for a channel, in years."""
        return self.minimum_ages.get(channel.name, channel.minimum_age)

    def join_address(self, code: str) -> str:
        """The address on a poster: the page, at the consultation with this form_id."""
        return f"{self.public_url}/j/{code}"

    def outcome_address(self, outcome: int) -> str:
        """The public address of a published outcome."""
        return f"{self.public_url}/changed/{outcome}"

    def case_address(self, case: int) -> str:
        """The page's address for the words of a safeguarding case."""
        return f"{self.public_url}/case/{case}"

    def help_address(self, language: str, version: str) -> str:
        """The address of our page with the ways to help, in a language and reading version."""
        return f"{self.public_url}/help?lang={language}&version={version}"

    @property
    def case_register_address(self) -> str:
        """The page's address for the register of safeguarding cases."""
        return f"{self.public_url}/cases"

    @property
    def texts_address(self) -> str:
        """The page's address for the texts that a safeguarding lead reads first."""
        return f"{self.public_url}/texts"

    @property
    def is_reachable(self) -> bool:
        """Whether other machines can reach the address in links."""
        return urlsplit(self.public_url).hostname not in {"127.0.0.1", "::1", "localhost"}

    @property
    def sign_in_address(self) -> str:
        """The page where staff sign in."""
        return f"{self.public_url}/sign-in"

    @property
    def own_sign_ins_address(self) -> str:
        """The page where a member sees and changes how and where they sign in."""
        return f"{self.public_url}/signing-in"

    @property
    def passkey_host(self) -> str:
        """The place of passkeys, a name that the browser trusts; empty where it has none: a bare number, or no https."""
        parts = urlsplit(self.public_url)
        host = parts.hostname or ""
        named = not re.fullmatch(r"[0-9.]+|.*:.*", host)
        return host if named and (parts.scheme == "https" or host == "localhost") else ""

    @property
    def is_public(self) -> bool:
        """Whether any phone can open the address in links. Telegram refuses a whole message for a button with another."""
        parts = urlsplit(self.public_url)
        return self.is_reachable and parts.scheme == "https" and "." in (parts.hostname or "")


def next_waking(at: datetime, rules: Rules) -> datetime:
    """`at` itself, or the end of the quiet hours that it falls in. Takes and returns UTC.

    A local time that a clock change skips or repeats is read with its first offset (PEP 495, fold 0).
    """
    local = at.astimezone(rules.zone)
    if rules.quiet is None or not rules.quiet.includes(local.time()):
        return at
    day = local.date() if local.time() < rules.quiet.end else local.date() + timedelta(days=1)
    return datetime.combine(day, rules.quiet.end, rules.zone).astimezone(UTC)


def morning(day: date, rules: Rules) -> datetime:
    """When questions and reminders go out on that day: at nine in the team's time zone, or after quiet hours. In UTC."""
    return next_waking(datetime.combine(day, _MORNING, rules.zone).astimezone(UTC), rules)


def quiet_end(day: date, rules: Rules) -> datetime:
    """When quiet hours end on that day; at nine where the team has none. In UTC. A case that nobody has waits no longer."""
    end = rules.quiet.end if rules.quiet else _MORNING
    return datetime.combine(day, end, rules.zone).astimezone(UTC)


def next_weekly(at: datetime, rules: Rules) -> datetime:
    """`at` itself, or the next moment at which weekly messages go out. Takes and returns UTC."""
    local = at.astimezone(rules.zone)
    day = local.date() + timedelta(days=(_WEEKLY_DAY - local.weekday()) % 7)
    moment = datetime.combine(day, _WEEKLY_HOUR, rules.zone).astimezone(UTC)
    if moment < at:
        moment = datetime.combine(day + timedelta(days=7), _WEEKLY_HOUR, rules.zone).astimezone(UTC)
    return next_waking(moment, rules)
