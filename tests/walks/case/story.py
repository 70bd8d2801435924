"""A case that is played in the running process, with a clock that the test moves: what each person reads is written down."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from conversations.core.person import Role
from conversations.core.record import replace
from storage.team import members as team
from tests.botapi import Double, Phone, Shown
from tests.botapi.hands import BLOCKED
from tests.house import LONDON
from tests.waiting import until
from tests.walks.case import drawn
from tests.walks.case.standing_clock import StandingClock
from tests.walks.page import Browser
from tests.walks.running import Heard

ADDRESS = "https://heard.sampleshire.example"
BOT = "https://t.me/heard_test_bot"
_ON_ITS_WAY = (
    "select count(*) from outbox where door_kind = 'telegram' and state in ('waiting', 'taken', 'sending')"
)

Move = tuple[str, str]  # "[a button]" or what is typed, and words that are read then


@dataclass
class Story:
    """Who is in it, by name, on phones and at pages, and the page about it that is being written."""

    heard: Heard
    double: Double
    clock: StandingClock
    phones: dict[str, Phone] = field(default_factory=dict)
    pages: dict[str, Browser] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    _read: dict[str, dict[str, str]] = field(default_factory=dict)

    # --- who is there -----------------------------------------------------------------------------

    def has_phone(self, name: str) -> Phone:
        self.phones[name] = Phone(self.double, 7_301_944_010 + len(self.phones), name=name)
        return self.phones[name]

    async def joins_the_team(self, name: str, role: Role) -> None:
        token = self.heard.look(lambda db: team.invite(replace(db, now=self.clock.now(UTC)), role))
        await self.has_phone(name).opens(f"{BOT}?start=i_{token}")
        await self.gets(name, "What should the team call you?", quietly=True)
        await self.does(name, (name, "What would you like to do?"), quietly=True)

    def blocks_the_bot(self, name: str) -> None:
        """Heard does not hear of it: only its next message finds out."""
        self.double.chats.chats[self.phones[name].id].shut = BLOCKED

    # --- what they do -----------------------------------------------------------------------------

    async def does(self, name: str, *moves: Move, quietly: bool = False) -> None:
        """Makes these moves on their phone, and reads what comes of each."""
        told = []
        for move, words in moves:
            told.append(f"> {move}")
            if move.startswith("["):
                await self.phones[name].taps(move[1:-1])
            else:
                await self.phones[name].types(move)
            told += await self._reads(name, words)
        self._writes(f"{name}:", told, quietly=quietly)

    async def gets(self, name: str, words: str, *, quietly: bool = False) -> None:
        """What comes to their phone by itself."""
        told = await self._reads(name, words)
        self._writes(f"{name} gets:", told, quietly=quietly)

    async def does_at_the_page(self, name: str, *moves: Move, quietly: bool = False) -> None:
        told = []
        for move, words in moves:
            told.append(f"> {move}")
            if move.startswith("["):
                await self.pages[name].presses(move[1:-1])
            else:
                await self.pages[name].writes(move)
            told += self._reads_the_page(name, words)
        self._writes(f"{name}, on the page:", told, quietly=quietly)

    async def sees(self, name: str, words: str, *, quietly: bool = False) -> None:
        """What comes to their page by itself."""
        await self.pages[name].hears(words)
        self._writes(f"{name} sees on the page:", self._reads_the_page(name, words), quietly=quietly)

    async def opens(self, name: str, address: str, words: str, *, quietly: bool = False) -> None:
        """Opens a link to a page that is no conversation."""
        await self.pages[name].opens(urlsplit(address).path)
        self._shows(name, "(opens that page)", words, quietly=quietly)

    async def presses(self, name: str, label: str, words: str, **fields: str) -> None:
        """Presses a button there, with these fields filled in."""
        await self.pages[name].presses(label, **fields)
        self._shows(name, "\n> ".join((*fields.values(), f"[{label}]")), words)

    def _shows(self, name: str, move: str, words: str, *, quietly: bool = False) -> None:
        text = drawn.page(self.pages[name].page.html)
        assert words in text, self.pages[name].sees
        self._writes(f"{name}, on the page:", [f"> {move}", _said(text)], quietly=quietly)

    # --- what they read ---------------------------------------------------------------------------

    async def _reads(self, name: str, words: str) -> list[str]:
        """What is new on a phone, once these words are in it and nothing else is on its way."""

        async def said() -> bool:
            return any(words in shown.text for shown in await self._unread(name))

        await until(said, tell=lambda: f"{name} should read {words!r}\n{self.heard.output[-2000:]}")
        await until(lambda: not self.heard.count(_ON_ITS_WAY))
        found = await self._unread(name)
        self._read.setdefault(name, {}).update({str(shown.id): shown.text for shown in found})
        return [_said(drawn.on_phone(shown)) for shown in found]

    async def _unread(self, name: str) -> list[Shown]:
        read = self._read.get(name, {})
        return [
            one
            for one in await self.phones[name].sees()
            if not one.mine and read.get(str(one.id)) != one.text
        ]

    def _reads_the_page(self, name: str, words: str) -> list[str]:
        page, read = self.pages[name].page, self._read.setdefault(name, {})
        assert words in page.text, page.text
        asked = drawn.question(page.html)
        new = {
            key: text
            for key, text in drawn.entries(page.html).items()
            if key not in read or (key in asked and read[key] != text)
        }
        read.update(new)
        return [_said(text) for text in new.values()]

    async def nobody_has_more(self) -> None:
        """Checks that everything on everybody's phone stands in the story."""
        await until(lambda: not self.heard.count(_ON_ITS_WAY))
        for name in self.phones:
            more = await self._unread(name)
            assert not more, (name, more)

    # --- time -------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        return self.clock.now(LONDON)

    def at(self, clock: str, days: int = 0) -> None:
        """Moves to this time of the day, or of a later one."""
        hour, minute = map(int, clock.split(":"))
        self.clock.set((self.now + timedelta(days=days)).replace(hour=hour, minute=minute))

    async def has_looked(self) -> None:
        """Returns when the scheduler has looked at every case that nobody is on."""
        due = "select count(*) from cases where check_at <= ?"
        await until(lambda: not self.heard.count(due, f"{self.clock.now(UTC):%Y-%m-%d %H:%M:%S.%f}"))

    # --- what is written about it -----------------------------------------------------------------

    def titles(self, title: str) -> None:
        self.lines += [f"## {self.now:%A, %H:%M}: {title}", ""]

    def tells(self, *paragraphs: str) -> None:
        self.lines += [line for paragraph in paragraphs for line in (paragraph, "")]

    def _writes(self, who: str, told: list[str], *, quietly: bool) -> None:
        if not quietly:
            self.lines += ["```text", who, *told, "```", ""]


def _said(text: str) -> str:
    return "< " + text.replace("\n", "\n  ")
