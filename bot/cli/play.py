"""Plays a person: transcript lines in, Heard's messages out. Used in the terminal and by the tests' scripts."""

import asyncio
import itertools
import re
import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast, get_args
from zoneinfo import ZoneInfo

from sqlalchemy import update

from bot.config.catalogues import load_library
from bot.config.word_lists import load_guard
from conversations.consultations.form import Form
from conversations.consultations.sample import BUSES
from conversations.core.channels import CHANNELS, Channel
from conversations.core.config import Rules
from conversations.core.effects import Effect
from conversations.core.events import Asked, Chose, Edited, Event, Said, Sent, Unreadable
from conversations.core.messages import Choice, Link, Say
from conversations.core.record import Record
from conversations.flows import all_flows
from handlers.incoming import Incoming
from handlers.turns import Runtime
from storage.core import schema
from storage.core.database import Sqlite
from storage.core.unit_of_work import Db, new_id
from storage.outbox import outbox
from storage.people import people
from storage.security.vault import KEY_BYTES, Vault
from storage.tables import consultations, roles
from storage.tables import people as people_table

_BUTTON = re.compile(r"\[(.+)\]")
_OURS_MOST = 10**6  # no message of ours has a higher number here
_THING = re.compile(rf"\((edits|{'|'.join(get_args(Unreadable))})\) ?(.*)", re.DOTALL)


class NoSuchButton(Exception):
    """The transcript taps a button that was never shown."""


class PlayResult(Record):
    """What one line led to."""

    says: tuple[Say, ...]
    effects: tuple[Effect, ...]


@dataclass(slots=True)
class Player:
    """One person at one door. `heard` holds every message to them, oldest first."""

    runtime: Runtime
    channel: Channel = CHANNELS[0]
    address: str = "1"
    heard: list[Say] = field(default_factory=list)
    _said: int = 0
    _updates: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def plays(self, line: str) -> PlayResult:
        """Plays one line: "[Start]" taps, "/say" is a command, "(voice)" sends, "(edits) …" edits the last typed text,
        anything else is typed.
        """
        incoming = Incoming(self.channel, self.address, f"{self.address}-{next(self._updates)}")
        taken = await self.runtime.take_turn(incoming, self.event(line))
        if self.channel.pushes:
            await self.runtime.database.write(lambda c: _settle_as_sent(self.runtime.db(c), taken.messages))
        says = tuple(message.say for message in taken.messages if message.say)
        self.heard += says
        return PlayResult(says, taken.effects)

    def event(self, line: str) -> Event:
        """The event for a line. Raises NoSuchButton."""
        if found := _BUTTON.fullmatch(line):
            return self._tap(found[1])
        if line.startswith("/"):
            command, _, argument = line[1:].partition(" ")
            return Asked(command, argument)
        if found := _THING.fullmatch(line):
            if found[1] == "edits":
                return Edited(found[2], self._newest)
            return Sent(cast(Unreadable, found[1]), found[2])
        self._said += 1
        return Said(line, message=self._newest)

    @property
    def _newest(self) -> str:
        """The number of the last typed text. A chat's numbers rise, and what is typed is newer than what we said."""
        return str(_OURS_MOST + self._said)

    def buttons(self) -> list[Choice]:
        """The buttons of the newest message."""
        return choices(self.heard[-1]) if self.heard else []

    def _tap(self, label: str) -> Chose:
        """The newest button with this label, which may be under an old message."""
        for say in reversed(self.heard):
            for choice in choices(say):
                if choice.label == label:
                    return Chose(say.visit, choice.key)
        raise NoSuchButton(label)


def choices(say: Say) -> list[Choice]:
    """A message's buttons, without links."""
    return [button for row in say.rows for button in row if isinstance(button, Choice)]


def transcript(say: Say) -> str:
    """A message as a transcript shows it: its text, then its buttons in rows."""
    lines = [f"({say.badge})"] if say.badge else []
    lines += [f"{say.progress[0]} of {say.progress[1]}"] if say.progress else []
    lines += [part for part in (say.heading, say.whole) if part]
    lines += [f"[a file: {say.attachment.name}]"] if say.attachment else []
    lines += [f"(in the field: {say.draft})"] if say.draft else []
    lines += [" ".join(_button_text(button) for button in row) for row in say.rows]
    return "\n".join(lines)


def _button_text(button: Choice | Link) -> str:
    if isinstance(button, Link):
        return f"[{button.label} → {button.address}]"
    return f"[{'✓ ' if button.ticked or button.chosen else ''}{button.label}]"


def _settle_as_sent(db: Db, messages: Sequence[outbox.OutboxMessage]) -> None:
    for message in messages:
        outbox.settle(db, message.id, "sent", str(message.id))


# --- in the terminal ------------------------------------------------------------------------------

_HOW = """This is a sample; nothing is saved. Write what you would write; tap a button by its label or its number.
What Heard does is marked with a *. Ctrl-D or Ctrl-C ends it.
"""


def play(flow: str, read: Callable[[str], str] = input, show: Callable[[str], Any] = print) -> bool:
    """Plays the flow that a command opens, in a temporary database, until the input ends. False if there is no such
    flow.

    `read` returns the next line or raises EOFError; it runs between turns, so Ctrl-C works. The sample consultation is open.
    A young person has already joined, except in `start`; a staff flow is played as the owner.
    """
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        database = Sqlite(f"sqlite+aiosqlite:///{Path(folder) / 'play.db'}")
        try:
            runner.run(database.write(schema.migrate))
            return _play_flow(runner, _runtime(database), flow, read, show)
        finally:
            runner.run(database.close())


def _play_flow(
    runner: asyncio.Runner,
    runtime: Runtime,
    flow: str,
    read: Callable[[str], str],
    show: Callable[[str], Any],
) -> bool:
    command = runtime.flows.commands.get(flow)
    if command is None:
        show(f"There is no such flow. The flows are: {', '.join(sorted(runtime.flows.commands))}.")
        return False
    show(_HOW)
    player = Player(runtime)
    runner.run(runtime.database.write(lambda c: open_now(runtime.db(c), BUSES)))
    if flow != "start":
        runner.run(
            runtime.database.write(
                lambda c: _add_joined_person(runtime.db(c), player, staff=command.right is not None)
            )
        )
    line: str | None = f"/{flow}"
    while line is not None:
        _show(runner.run(player.plays(line)), show)
        line = _next_line(player, read, show)
    return True


def _next_line(player: Player, read: Callable[[str], str], show: Callable[[str], Any]) -> str | None:
    while True:
        try:
            line = resolve_button(read("> "), player.heard[-1])
            player.event(line)
        except EOFError:
            return None
        except NoSuchButton:
            show("  (no such button)")
        else:
            return line


def resolve_button(line: str, say: Say) -> str:
    """The line as "[Button]" if it names one, by label, or by number if no text is expected; else unchanged."""
    found = _BUTTON.fullmatch(line)
    wanted, labels = (found[1] if found else line), [choice.label for choice in choices(say)]
    named = next((label for label in labels if wanted in {label, _without_emoji(label)}), None)
    if named:
        return f"[{named}]"
    counted = wanted.isdecimal() and 0 < int(wanted) <= len(labels)
    to_write = say.expects in {"text", "number"}
    return f"[{labels[int(wanted) - 1]}]" if counted and (found or not to_write) else line


def _without_emoji(label: str) -> str:
    words, _, last = label.rpartition(" ")
    return words if words and not any(sign.isalnum() for sign in last) else label


def _show(played: PlayResult, show: Callable[[str], Any]) -> None:
    for effect in played.effects:
        show(f"* {effect}")
    for say in played.says:
        show("< " + transcript(say).replace("\n", "\n  "))


def _runtime(database: Sqlite) -> Runtime:
    rules = Rules(
        organisation="Sampleshire Youth Voice",
        contact="youthvoice@sampleshire.example",
        zone=ZoneInfo("Europe/London"),
        public_url="http://localhost:8080",
        languages=("en", "pl", "ar"),
    )
    return Runtime(
        database=database,
        vault=Vault([secrets.token_bytes(KEY_BYTES)]),
        flows=all_flows(load_guard()),
        catalogues=load_library(rules.zone),
        rules=rules,
        clock=lambda: datetime.now(UTC),
        notify=lambda _messages: None,
    )


def _add_joined_person(db: Db, player: Player, *, staff: bool) -> None:
    """Adds somebody who has joined."""
    door = people.find_or_create_door(db, player.channel, player.address, "en", "normal")
    joined = update(people_table).where(people_table.c.id == door.person.id)
    db.run(joined.values(band="16-17", band_asked_at=db.now, agreed_at=db.now))
    if staff:
        db.run(roles.insert().values(person_id=door.person.id, role="owner", at=db.now))


def open_now(db: Db, form: Form, **columns: object) -> int:
    """Opens a consultation without checking any right, for a play or a test. Returns its id."""
    values: dict[str, object] = {"code": form.code, "state": "open", "form": form, "made_at": db.now}
    values |= {"bands": list(form.audience), "themes": list(form.themes), "area": form.area}
    values |= {"reply_by": form.reply_by, **columns}
    new = consultations.insert().values(**values)
    return new_id(db.run(new))
