"""A year that is played: the clock moves day by day, and everything that people say and get is recorded."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import func, select

from bot.cli.play import Player, transcript
from bot.courier.courier import Courier
from bot.scheduler.scheduler import tick
from conversations.consultations.workbook import Workbook
from conversations.core.channels import BY_NAME, WEB
from conversations.core.events import Sent
from conversations.core.messages import Say
from conversations.core.record import replace
from handlers import announcements
from handlers.incoming import Incoming
from handlers.wakeup import Wakeup
from storage.core.unit_of_work import Db
from storage.outbox import outbox as outbox_storage
from storage.outbox.threads import ThreadLine
from storage.people import people
from storage.tables import outbox
from storage.team import members as team
from tests.bot.post import TestPost
from tests.house import LONDON, House
from tests.waiting import until

_WAITS = ("waiting", "taken", "sending")


@dataclass
class Year:
    """The house, those in it by name, and the page of it that is being written. `post` is Telegram."""

    house: House
    post: TestPost = field(default_factory=TestPost)
    players: dict[str, Player] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    _read: int = 0

    # --- who is there -----------------------------------------------------------------------------

    def comes(self, name: str, address: str, door: str = "telegram") -> None:
        self.players[name] = Player(self.house.runtime, BY_NAME[door], address)

    async def joins_the_team(self, name: str, address: str, role: str) -> None:
        self.comes(name, address)
        token = await self.house.run(lambda db: team.invite(db, role))
        await self.plays(name, f"/start i_{token}", quietly=True)

    # --- what they do -----------------------------------------------------------------------------

    async def plays(self, name: str, *moves: str, quietly: bool = False, last: bool = False) -> str:
        """What somebody does, move by move. Quietly: nothing of it is written down; `last`: only what they see in
        the end. Gives that.
        """
        player, told = self.players[name], [f"{name}:"]
        for move in moves:
            played = await player.plays(move)
            told.append(f"> {move}")
            if not last or move is moves[-1]:
                told += [_said(say) for say in played.says]
        if not quietly:
            self._block(told)
        return transcript(player.heard[-1])

    async def sends(self, name: str, workbook: Workbook) -> None:
        player = self.players[name]
        incoming = Incoming(player.channel, player.address, self.house.update())
        taken = await self.house.runtime.take_turn(incoming, Sent("file", file=workbook))
        player.heard += [message.say for message in taken.messages]
        await self.house.run(
            lambda db: [outbox_storage.settle(db, one.id, "sent", str(one.id)) for one in taken.messages]
        )
        self._block([f"{name}:", "> (a workbook)", *(_said(message.say) for message in taken.messages)])

    # --- what is written about it -----------------------------------------------------------------

    def titles(self, title: str) -> None:
        now = self.house.clock.now.astimezone(LONDON)
        self.lines += [f"## {now.day} {now:%B %Y}: {title}", ""]

    def tells(self, *paragraphs: str) -> None:
        self.lines += [line for paragraph in paragraphs for line in (paragraph, "")]

    def _block(self, lines: list[str]) -> None:
        self.lines += ["```text", *lines, "```", ""]

    # --- time -------------------------------------------------------------------------------------

    async def on(self, day: str) -> None:
        """Moves to this moment ("2027-01-10 10:00"): at each noon all due work happens."""
        until = datetime.fromisoformat(day).replace(tzinfo=LONDON)
        while self.house.clock.now < until:
            now = self.house.clock.now.astimezone(LONDON)
            noon = now.replace(hour=12, minute=0)
            noon += timedelta(days=1) if noon <= now else timedelta()
            self.house.clock.now = min(noon, until).astimezone(self.house.clock.now.tzinfo)
            await self.house.staff_stay()
            await self.settles(dated=True)

    async def settles(self, *, dated: bool = False) -> None:
        """Sends all due messages, and records them; equal ones to several people together."""
        together: dict[str, list[str]] = {}
        while found := await self._comes():
            for name, say in found:
                self.players[name].heard.append(say)
                together.setdefault(_said(say), []).append(name)
        now = self.house.clock.now.astimezone(LONDON)
        day = f", {now.day} {now:%B %Y}" if dated else ""
        for said, names in together.items():
            gets = "gets" if len(names) == 1 else "get"
            self._block([f"{' and '.join(names)} {gets}{day}:", said])

    async def _comes(self) -> list[tuple[str, Say]]:
        """One tick, and what came of it."""
        await tick(self.house.runtime)
        return [*await self._delivered(), *await self._shown()]

    async def _delivered(self) -> list[tuple[str, Say]]:
        """The courier sends what waits for Telegram, and its recipients hear it."""
        following = await self._waiting("progress")
        if not (following or await self._waiting()):
            return []
        runtime = replace(self.house.runtime, rules=replace(self.house.runtime.rules, sends_per_second=1000))
        courier = Courier(runtime, self.post, Wakeup())
        courier._telling = last = (
            asyncio.get_running_loop().create_future()
        )  # the progress, when everything else is sent
        await courier.begin()
        running = asyncio.create_task(courier.run())
        await until(self._nothing_waits)
        last.set_result(None)
        if following:
            await until(lambda: courier._telling is not last)
            await courier._telling
        await courier.finish()
        await running
        arrived, self._read = self.post.arrived[self._read :], len(self.post.arrived)
        names = {player.address: name for name, player in self.players.items() if player.channel.pushes}
        return [(names[given.address], given.say) for given in arrived]

    async def _nothing_waits(self) -> bool:
        return not await self._waiting()

    async def _waiting(self, *lanes: str) -> int:
        now = self.house.clock.now
        waits = outbox.c.state.in_(_WAITS), outbox.c.door_kind == "telegram", outbox.c.due <= now
        of = outbox.c.lane.in_(lanes) if lanes else outbox.c.lane != "progress"
        return await self.house.run(lambda db: db.run(select(func.count()).where(*waits, of)).scalar_one())

    async def _shown(self) -> list[tuple[str, Say]]:
        """What came to a page by itself since the last look."""
        found = []
        for name, player in self.players.items():
            if player.channel.keeps_history:
                door = await self.house.run(lambda db, at=player.address: people.door_at(db, WEB, at))
                lines = await self.house.run(partial(_waiting_at, self.house, door.id)) if door else ()
                found += [(name, line.say) for line in lines if line.new and line.alone]
        return found


def _waiting_at(house: House, door: int, db: Db) -> tuple[ThreadLine, ...]:
    return announcements.show(house.runtime, db, door)


def _said(say: Say) -> str:
    return "< " + transcript(say).replace("\n", "\n  ")
