"""The way out, for all letters of this worker: each gets its place in the rate that all workers share, and its
intent is stored before it leaves. A block of them costs one transaction.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal

import structlog

from conversations.core.messages import Say
from conversations.core.record import record
from handlers.digest import build_together
from handlers.turns import Desk
from storage.core.errors import Unavailable
from storage.core.unit_of_work import Db
from storage.outbox import dispatching as sending
from storage.outbox import heartbeats
from storage.outbox import rate_limit as tokens
from storage.outbox.dispatching import Settled
from storage.outbox.outbox import Letter

log = structlog.get_logger()

ANSWERS_AT_ONCE = 64  # letters with haste in one transaction
BLOCK_SECONDS = 0.02  # broadcasts that leave within so long share a transaction: at 30 a second, one does
LATE_SECONDS = (
    0.1  # of broadcasts that could have left while a block was stored, so many leave with the next one
)
DATABASE_PAUSE = 1.0  # seconds until another try, while the database cannot be written
NO_NEWS = 60.0  # seconds until another look, while nothing may leave


class Closed(Exception):
    """Nothing leaves any more. The letter is as it was."""


class NotBuilt(Exception):
    """This letter could not be put into words. It is settled as failed."""


@record
class Ready:
    """A letter that may leave now, once, with those that it takes `along`: their fate is the same."""

    address: str
    say: Say
    along: tuple[int, ...] = ()


@dataclass(slots=True)
class _Waiting:
    letter: Letter
    gone: asyncio.Future[Ready | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


# What became of each letter of a block, by its id, and in how many seconds to ask for the others.
_Block = tuple[dict[int, Ready | Exception | None], float]


class Departures:
    """Answers go first. Broadcasts leave evenly, and leave one place free, so that an answer finds one.

    While its channel is away the gate is shut; then one letter leaves alone, to try, and by its fate the gate is opened
    or shut again. So what is lost from sight in bad hours is a letter now and then, and not the whole queue.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        rate = tokens.rate(desk.rules.sends_per_second)
        self._apart = rate.apart
        self._block = max(1, int(BLOCK_SECONDS / rate.apart))
        self._pause = BLOCK_SECONDS / 4 if self._block > 1 else 0.0  # where fewer may leave than want to
        self._most_late = int(LATE_SECONDS / rate.apart)
        self._kept_free = 1 if rate.many >= 5 else 0
        self._answers: deque[_Waiting] = deque()
        self._broadcasts: deque[_Waiting] = deque()
        self._next_broadcast = 0.0
        self._gate: Literal["open", "for one", "shut"] = "open"
        self._closed: set[bool] = set()
        self._news = asyncio.Event()
        self._pumping: asyncio.Task[None] | None = None

    async def leave(self, letter: Letter) -> Ready | None:
        """Returns when the letter may leave; None where it must not any more. Raises Closed, or NotBuilt."""
        patient = letter.lane == "broadcast"
        if patient in self._closed:
            raise Closed
        waiting = _Waiting(letter)
        if not self._broadcasts:
            self._next_broadcast = max(self._next_broadcast, self._now())
        (self._broadcasts if patient else self._answers).append(waiting)
        self._news.set()
        if self._pumping is None or self._pumping.done():
            self._pumping = asyncio.create_task(self._pump())
        return await waiting.gone

    @property
    def holding(self) -> bool:
        """Whether nothing may leave just now, or others with as much haste wait already."""
        return bool(self._answers) or not self.is_open or False in self._closed

    @property
    def is_open(self) -> bool:
        return self._gate == "open"

    def shut(self) -> None:
        """Lets nothing out until it is opened."""
        self._gate = "shut"

    def open(self, *, for_one: bool = False) -> None:
        """Lets all out again; or the next one alone, and then nobody until it is opened anew."""
        self._gate = "for one" if for_one else "open"
        self._news.set()

    def close(self, *, broadcasts_only: bool = False) -> None:
        """Sends all away who wait, and all who come."""
        self._closed |= {True} if broadcasts_only else {True, False}
        for waiting in (*self._broadcasts, *(() if broadcasts_only else self._answers)):
            if not waiting.gone.done():
                waiting.gone.set_exception(Closed())
        self._news.set()

    # --- one block after another ------------------------------------------------------------------

    async def _pump(self) -> None:
        """Works as long as somebody waits."""
        while self._tidied():
            answers, broadcasts, again = self._next_block()
            if not answers and not broadcasts:
                await self._news_or(again)
                continue
            try:
                await self._through(answers, broadcasts)
            except Unavailable as fault:
                log.warning("nothing is sent: the database cannot be written", fault=str(fault))
                await self._news_or(DATABASE_PAUSE)

    def _tidied(self) -> bool:
        """Takes out who went away. Whether anybody still waits."""
        self._news.clear()
        for waiting in (self._answers, self._broadcasts):
            for one in [one for one in waiting if one.gone.done()]:
                waiting.remove(one)
        return bool(self._answers or self._broadcasts)

    def _next_block(self) -> tuple[list[_Waiting], list[_Waiting], float]:
        """Who may ask for a place now; if nobody may, in how many seconds."""
        if self._gate == "shut":
            return [], [], NO_NEWS
        answers = list(islice(self._answers, ANSWERS_AT_ONCE))
        wait = self._next_broadcast - self._now()
        late = min(int(max(0.0, -wait) / self._apart), self._most_late)
        broadcasts = list(islice(self._broadcasts, self._block + late)) if wait <= 0 else []
        if self._gate == "for one":
            return answers[:1], [] if answers else broadcasts[:1], wait
        return answers, broadcasts, wait

    async def _through(self, answers: Sequence[_Waiting], broadcasts: Sequence[_Waiting]) -> None:
        """One transaction for the block; those who got no place in the rate wait on."""
        began = self._now()
        block = {one.letter.id: one for one in (*answers, *broadcasts)}
        hasty, patient = [one.letter for one in answers], [one.letter for one in broadcasts]
        done, again = await self._write(hasty, patient)
        if broadcasts:
            left = sum(one.letter.id in done for one in broadcasts)
            due = max(self._next_broadcast, began - LATE_SECONDS) + self._apart * left
            self._next_broadcast = max(due, self._now() + max(again, self._pause)) if again else due
        for number, ready in done.items():
            self._let_go(block[number], ready)
        if again and len([one for one in answers if one.letter.id in done]) < len(answers):
            await asyncio.sleep(again)

    def _let_go(self, waiting: _Waiting, ready: Ready | Exception | None) -> None:
        (self._broadcasts if waiting.letter.lane == "broadcast" else self._answers).remove(waiting)
        if waiting.gone.done():
            return
        if isinstance(ready, Exception):
            waiting.gone.set_exception(ready)
            return
        if ready and self._gate == "for one":
            self._gate = "shut"
        waiting.gone.set_result(ready)

    async def _write(self, answers: list[Letter], broadcasts: list[Letter]) -> _Block:
        """A letter that breaks the transaction must not keep the others: then each has one of its own."""
        try:
            return await self._desk.database.write(
                lambda connection: _departed(
                    self._desk, self._desk.db(connection), answers, broadcasts, self._kept_free
                )
            )
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - as said above
            letters = (*answers, *broadcasts)
            if len(letters) == 1:
                log.error("message not built", kind=type(error).__name__, what=letters[0].kind)
                return {letters[0].id: NotBuilt()}, 0.0
            first = letters[0]
            alone: tuple[list[Letter], list[Letter]] = ([first], []) if answers else ([], [first])
            return await self._write(*alone)

    async def _news_or(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(seconds, 0.001)):
                await self._news.wait()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _departed(desk: Desk, db: Db, answers: list[Letter], broadcasts: list[Letter], kept_free: int) -> _Block:
    hasty = tokens.take(db, len(answers)) if answers else tokens.Given(0)
    patient = tokens.Given(0, hasty.again)
    if broadcasts and hasty.many == len(answers):
        held = heartbeats.held(db)
        patient = tokens.Given(0, held) if held else tokens.take(db, len(broadcasts), leaving=kept_free)
    going = [*answers[: hasty.many], *broadcasts[: patient.many]]
    return _ready(desk, db, going), max(hasty.again, patient.again)


def _ready(desk: Desk, db: Db, going: list[Letter]) -> dict[int, Ready | Exception | None]:
    """Each letter with its address and its words; its intent is stored in this transaction, if it was not before."""
    done: dict[int, Ready | Exception | None] = {
        letter.id: Ready(letter.address, letter.say) if letter.address and letter.say else None
        for letter in going
    }
    unknown = [letter for letter in going if done[letter.id] is None]
    addresses = sending.intend(db, unknown) if unknown else {}
    leaving = [letter for letter in unknown if letter.id in addresses]
    for number, one in build_together(desk, db, leaving).items():
        ready = Ready(addresses[number], one.say, one.along) if isinstance(one.say, Say) else None
        done[number] = NotBuilt() if isinstance(one.say, Exception) else ready
    failed = [Settled(number, "failed") for number, gone in done.items() if isinstance(gone, Exception)]
    if failed:
        sending.settle(db, failed)
        log.error("messages not built", how_many=len(failed))
    sending.drop(db, [letter.id for letter in leaving if done[letter.id] is None])
    return done


def with_words(letter: Letter, ready: Ready) -> Letter:
    """The letter, so that it can be tried again without asking the database; but it needs another place in the rate."""
    return replace(letter, address=ready.address, say=ready.say, may_leave=False)
