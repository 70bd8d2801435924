"""A scripted transport: it records what was sent, and fails on demand."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from conversations.core.channels import TELEGRAM
from conversations.core.messages import Say
from handlers.transport import FateUnknown, NotSent


@dataclass
class Given:
    """One message that arrived."""

    address: str
    say: Say
    replaces: str | None
    plain: bool
    at: float


@dataclass
class TestPost:
    """`faults` are raised one after another for an address; `seconds` is how long a request takes; `before`
    is called, and awaited, when a request arrives. While it is `down` nobody knows what became of a message.
    `refused` are the moments of the faults.
    """

    __test__ = False
    channel = TELEGRAM

    arrived: list[Given] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    faults: dict[str, list[Exception]] = field(default_factory=lambda: defaultdict(list))
    lost: dict[str, list[Exception]] = field(default_factory=lambda: defaultdict(list))
    seconds: float = 0
    before: Callable[[], object] = lambda: None
    down: bool = False
    knocks: int = 0
    refused: list[float] = field(default_factory=list)

    async def send(self, address: str, say: Say, replaces: str | None, *, plain: bool = False) -> str:
        self.asked.append(address)
        found = self.before()
        if asyncio.iscoroutine(found):
            await found
        await asyncio.sleep(self.seconds)
        if self.down:
            raise FateUnknown
        if self.faults[address]:
            self.refused.append(asyncio.get_running_loop().time())
            raise self.faults[address].pop(0)
        self.arrived.append(Given(address, say, replaces, plain, asyncio.get_running_loop().time()))
        if self.lost[address]:  # it arrived, and the answer did not
            raise self.lost[address].pop(0)
        return replaces or str(100 + len(self.arrived))

    async def ping(self) -> None:
        self.knocks += 1
        if self.down:
            raise NotSent

    def texts(self, address: str) -> list[str]:
        return [given.say.text for given in self.arrived if given.address == address]
