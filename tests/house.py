"""The whole app for a test ("house"): the runtime over a real database, a clock that the test moves, and people."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from bot.config.catalogues import load_library
from conversations.core.channels import BY_NAME, TELEGRAM, Channel
from conversations.core.config import QuietHours, Rules
from conversations.core.events import Asked, Chose, Edited, Event, Said, Sent
from conversations.core.messages import Choice, Link, Say
from conversations.core.record import replace
from conversations.flows import all_flows
from handlers.incoming import Incoming
from handlers.turns import Runtime
from storage.core.database import Database, Sqlite
from storage.core.unit_of_work import Db
from storage.outbox import heartbeats, outbox
from storage.outbox.outbox import OutboxMessage
from storage.security.vault import Vault
from storage.tables import doors, roles
from storage.team import members as team
from tests.lookout import guard

LONDON = ZoneInfo("Europe/London")
A_TUESDAY = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)


def sample_rules(**changes) -> Rules:
    rules = Rules(
        organisation="Sampleshire Youth Voice",
        contact="youthvoice@sampleshire.example",
        zone=LONDON,
        public_url="http://127.0.0.1:8080",
        languages=("en", "pl", "ar"),
        accounts={TELEGRAM.name: "heard_sample_bot"},
        quiet=QuietHours(time(21), time(8)),
        controller="Sampleshire Council, 1 High Street, Sampleton",
        dpo_contact="dpo@sampleshire.example",
        lawful_basis="We must ask young people by law.",
        recipients="Sampleshire Hosting",
        hosted_in="the UK",
    )
    return replace(rules, **changes)


@dataclass
class Clock:
    now: datetime = A_TUESDAY

    def __call__(self) -> datetime:
        return self.now

    def on(self, **by: int) -> None:
        """Moves the clock on: `clock.on(days=3)`."""
        self.now += timedelta(**by)


@dataclass
class House:
    """The runtime as channels use it. `house.person()` makes people; `run` reads or writes the database."""

    runtime: Runtime
    clock: Clock
    woken: list[tuple[OutboxMessage, ...]] = field(default_factory=list)
    _updates: itertools.count = field(default_factory=lambda: itertools.count(1))

    def person(self, address: str = "5550001", door: str = "telegram") -> "Someone":
        return Someone(self, address, door)

    async def staff(self, role: str = "owner", address: str = "5559001", door: str = "telegram") -> "Someone":
        """A team member who joined with an invite. Telegram was reached a moment ago."""
        await self.run(lambda db: heartbeats.beat(db, TELEGRAM.name))
        token = await self.run(lambda db: team.invite(db, role))
        member = self.person(address, door)
        await member.accepts(token)
        return member

    async def staff_stay(self) -> None:
        """Days went by, and the team was here in between: a chat's rights end after a silent month."""
        held = select(roles.c.person_id)
        now = self.clock.now
        await self.run(
            lambda db: db.run(doors.update().where(doors.c.person_id.in_(held)).values(used_at=now))
        )

    async def run(self, work: Callable[[Db], object]):
        """Runs a storage function in its own transaction."""
        return await self.runtime.database.write(lambda connection: work(self.runtime.db(connection)))

    def update(self) -> str:
        return str(next(self._updates))


@dataclass
class Someone:
    """One person at one door. They see only messages; buttons are found by their label."""

    house: House
    address: str
    door: str
    heard: list[Say] = field(default_factory=list)
    said: int = 0

    @property
    def channel(self) -> Channel:
        return BY_NAME[self.door]

    async def types(self, text: str) -> list[Say]:
        if text.startswith("/"):
            command, _, argument = text[1:].partition(" ")
            return await self.does(Asked(command, argument))
        self.said += 1
        return await self.does(Said(text, message=self.newest if self.channel.pushes else ""))

    async def accepts(self, token: str) -> list[Say]:
        """Opens an invite's link and presses its button; on Telegram the link itself sends this."""
        return await self.does(Asked("start", f"i_{token}", by_link=True))

    async def edits(self, text: str) -> list[Say]:
        """Edits the last text that they typed."""
        return await self.does(Edited(text, self.newest))

    async def taps(self, label: str) -> list[Say]:
        """Taps the newest button with this label (without its emoji or tick)."""
        say, choice = self._button(label)
        return await self.does(Chose(say.visit, choice.key))

    async def sends(self, kind, **more) -> list[Say]:
        return await self.does(Sent(kind, **more))

    async def does(self, event: Event, update: str | None = None) -> list[Say]:
        """Takes one event, as a channel would; returns the replies, which are also added to `heard`."""
        incoming = Incoming(self.channel, self.address, update or self.house.update())
        taken = await self.house.runtime.take_turn(incoming, event)
        says = [message.say for message in taken.messages]
        if self.channel.pushes:
            await self.house.run(
                lambda db: [outbox.settle(db, x.id, "sent", str(x.id)) for x in taken.messages]
            )
        self.heard += says
        return says

    async def joins(self, band: str = "16–17", language: str = "English") -> list[Say]:
        await self.types("/start")
        await self.taps(language)
        labels = {b.label for row in self.heard[-1].rows for b in row}
        if "Normal" in labels:
            await self.taps("Normal")
        await self.taps("OK")
        await self.taps(band)
        return await self.taps("Yes, keep it")

    @property
    def newest(self) -> str:
        """The number of the last text that they typed. A chat's numbers rise, and what they type is newer than what we say."""
        return str(10**6 + self.said)

    @property
    def sees(self) -> str:
        """The newest message as text, with its buttons."""
        return as_text(self.heard[-1])

    def _button(self, label: str) -> tuple[Say, Choice]:
        for say in reversed(self.heard):
            for button in itertools.chain.from_iterable(say.rows):
                if isinstance(button, Choice) and (
                    button.label == label or button.label.startswith(f"{label} ")
                ):
                    return say, button
        raise AssertionError(f"no button {label!r} in:\n{self.sees}")


def as_text(say: Say) -> str:
    """A message as a transcript shows it."""
    lines = [f"{say.progress[0]} of {say.progress[1]}"] if say.progress else []
    lines += [line for line in (say.badge, say.heading, say.whole) if line]
    lines += [f"[paper: {say.attachment.name}]"] if say.attachment else []
    lines += [" ".join(_drawn(button) for button in row) for row in say.rows]
    return "\n".join(lines)


def _drawn(button: Choice | Link) -> str:
    if isinstance(button, Link):
        return f"[{button.label} → {button.address}]"
    return f"[{'✓ ' if button.ticked or button.chosen else ''}{button.label}]"


# Read once per run: neither changes.
_flows = cache(lambda: all_flows(guard()))
_library = cache(load_library)


def make_house(database: Database, clock: Clock | None = None, **rules) -> House:
    clock, woken = clock or Clock(), []
    made = sample_rules(**rules)
    runtime = Runtime(
        database=database,
        vault=Vault([b"k" * 32]),
        flows=_flows(),
        catalogues=_library(made.zone),
        rules=made,
        clock=clock,
        notify=woken.append,
    )
    return House(runtime, clock, woken)


def new_sqlite(path: Path, template: bytes) -> Sqlite:
    path.write_bytes(template)
    return Sqlite(f"sqlite+aiosqlite:///{path}")


def connected(url: str, work: Callable[[Connection], object]):
    """Runs work on a SQLite file from outside the house."""
    from storage.core import sqlite

    engine = sqlite.engine(url)
    with engine.begin() as connection:
        result = work(connection)
    engine.dispose()
    return result
