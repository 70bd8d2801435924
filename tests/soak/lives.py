"""One life after another: a process is started, gets work, and is killed at some moment."""

import asyncio
import contextlib
import dataclasses
import random
import sqlite3
import time
from collections import Counter
from dataclasses import dataclass, field

from bot.cli.play import open_now
from conversations.core.record import replace
from storage.consultations.recipients import INVITATION_RECIPIENTS
from storage.core.unit_of_work import Db
from storage.outbox import broadcasts
from tests.botapi import Phone
from tests.crowd import HUB, add_crowd
from tests.soak.places import PLACES, Needs
from tests.soak.worlds import World
from tests.walks.dying import Trap
from tests.walks.killing import Deadly, Moment
from tests.walks.running import Heard

FIRST, MANY = 710001, 40
LONGEST = 2.2  # seconds of a life that ends at a random moment
PATIENCE = 5.0  # seconds until a life ends that reached no such place
SLOW = 60.0  # seconds in which the remaining work must progress at the end
SENDING = "select id from outbox where state = 'sending'"
LEFT = """select
    (select count(*) from outbox where state in ('waiting', 'taken', 'sending')),
    (select count(*) from broadcasts where queued_at is null),
    (select count(*) from consultations where state = 'scheduled')"""
TAKEN_IN = "select count(*) from updates"


@dataclass(frozen=True)
class Kill:
    """When a life ends: the nth time that it comes to a named place, at a request to Telegram, or after so many
    seconds.
    """

    when: str | Moment | float
    nth: int = 0

    @property
    def trap(self) -> Trap | None:
        return dataclasses.replace(PLACES[self.when][1], nth=self.nth) if isinstance(self.when, str) else None

    @property
    def needs(self) -> Needs | None:
        return PLACES[self.when][0] if isinstance(self.when, str) else None


@dataclass(frozen=True)
class Left:
    """The remaining work."""

    messages: int
    unqueued: int
    unopened: int
    not_taken_in: int

    @property
    def any(self) -> bool:
        return self != Left(0, 0, 0, 0)


@dataclass
class Asked:
    """What people asked Heard, and the state at each kill."""

    kills: Counter[str] = field(default_factory=Counter)
    typed: Counter[int] = field(default_factory=Counter)  # by chat
    told: dict[int, str] = field(default_factory=dict)  # consultations, by the title that each alone has
    logged: list[str] = field(default_factory=list)  # errors that the processes logged
    killed_at: list[float] = field(default_factory=list)  # or when the death was noticed
    in_flight: set[int] = field(default_factory=set)  # messages in flight at a kill
    most_at_once: int = 0


class Lives:
    """`dead` is the process that is to be started next."""

    def __init__(
        self,
        world: World,
        double: Deadly,
        chance: random.Random,
        many: int = MANY,
        patience: float = PATIENCE,
    ) -> None:
        self.world, self.double, self._chance = world, double, chance
        self.asked, self._patience = Asked(), patience
        self._crowd = range(FIRST, FIRST + many)
        self._dead = world.workers[0]

    async def begin(self) -> None:
        """People come, and the first process stops."""
        for number in self._crowd:
            await self.double.act("joins", who=number, language_code="en", name="Kim")
        await self.world.change(lambda db: add_crowd(db, len(self._crowd), first=FIRST))
        self.double.latency = 0.03
        assert await self._dead.stop() == 0

    def any_kill(self) -> Kill:
        """A third of them each: at a place, at a request, at any moment."""
        if self._chance.random() < 1 / 3:
            return Kill(self._chance.choice(list(PLACES)), nth=self._chance.randrange(2))
        if self._chance.random() < 1 / 2:
            # A request without effect must belong to the process that dies.
            when = "after" if len(self.world.workers) > 1 else self._chance.choice(("before", "after"))
            return Kill(Moment(when, self._chance.randrange(10)))
        return Kill(self._chance.uniform(0, LONGEST))

    async def live(self, kill: Kill) -> None:
        """One life, with work in it, and its end."""
        starting = self._dead
        victim = starting if kill.trap else self._chance.choice(self.world.workers)
        self.double.heard = victim
        if isinstance(kill.when, Moment):
            self.double.arm(kill.when)
        starting.trap = kill.trap
        if kill.needs in {"a broadcast", "a start"} or self._chance.random() < 1 / 4:
            await self._tell(at_once=True)
        if kill.needs == "an opening" or self._chance.random() < 1 / 8:
            await self._tell(at_once=False)
        starting.begin()
        await self._type()
        await self._end(kill, victim, starting)
        await self._note()
        self._dead = victim

    async def heal(self) -> None:
        """Starts everything once more, waits until nothing is queued, and stops cleanly."""
        await self._dead.start()
        before, end = None, time.monotonic() + SLOW
        while (left := await self._left()).any:
            if left != before:
                before, end = left, time.monotonic() + SLOW
            assert time.monotonic() < end, f"nothing moves any more: {left}"
            await asyncio.sleep(0.2)
        for worker in self.world.workers:
            assert await worker.stop() == 0
            self.asked.logged += [line for line in worker.output.splitlines() if "[error" in line]

    # --- work -------------------------------------------------------------------------------------

    async def _tell(self, *, at_once: bool) -> None:
        """A consultation for everybody: sent from here, or by the scheduler."""
        number = len(self.asked.told) + 1
        title = f"Question {number:04}."
        form = replace(HUB, code=f"q{number}", title={"en": title})

        def opened(db: Db) -> None:
            if at_once:
                about = open_now(db, form)
                broadcasts.begin(db, INVITATION_RECIPIENTS, about, db.now, None)
            else:
                about = open_now(db, form, state="scheduled", opens_at=db.now)
            self.asked.told[about] = title

        await self.world.change(opened)

    async def _type(self) -> None:
        for number in self._chance.sample(self._crowd, self._chance.randint(1, 6)):
            await Phone(self.double, number, name="Kim").types("/settings")
            self.asked.typed[number] += 1

    # --- its end ----------------------------------------------------------------------------------

    async def _end(self, kill: Kill, victim: Heard, starting: Heard) -> None:
        patience = kill.when if isinstance(kill.when, float) else self._patience
        end = time.monotonic() + patience
        while victim.alive and time.monotonic() < end:
            await asyncio.sleep(0.01)
        self.asked.killed_at.append(time.time())
        self.double.disarm()
        missed = victim.alive and not isinstance(kill.when, float)
        if victim.alive:
            victim.kill()
        assert victim.code == -9, f"it died by itself, {victim.code}:\n{victim.output[-3000:]}"
        assert victim is starting or starting.alive, starting.output[-3000:]
        kind = {str: "at a place", Moment: "at a request", float: "at any moment"}[type(kill.when)]
        self.asked.kills["at any moment" if missed else kind] += 1

    async def _note(self) -> None:
        """Records what was in flight; with several workers, on all of them."""
        flying = {number for (number,) in await self._rows_if_there(SENDING)}
        self.asked.in_flight |= flying
        self.asked.most_at_once = max(self.asked.most_at_once, len(flying))

    async def _rows_if_there(self, query: str) -> list[tuple]:
        with contextlib.suppress(sqlite3.OperationalError):
            return await self.world.rows(query)
        return []

    async def _left(self) -> Left:
        [(taken_in,)] = await self.world.rows(TAKEN_IN)
        [(messages, unqueued, unopened)] = await self.world.rows(LEFT)
        return Left(messages, unqueued, unopened, self.asked.typed.total() - taken_in)
