"""A phone in the test: types, taps, sees. It talks to the double alone, as a real one talks to Telegram."""

from dataclasses import dataclass
from typing import Any, Protocol

from tests.waiting import LONG


class Line(Protocol):
    """What a phone talks through: a `Double`, or a `DoubleProcess` elsewhere."""

    async def act(self, action: str, **given: Any) -> Any: ...


@dataclass(frozen=True)
class Shown:
    """A message as the phone shows it, with its buttons row by row. `mine` is the person's own."""

    id: int
    mine: bool
    kind: str
    text: str
    rows: list[list[str]]
    edited: bool
    file: str

    @property
    def buttons(self) -> list[str]:
        return [label for row in self.rows for label in row]


class Phone:
    """Somebody with Telegram. What they did is on its way to the bot when a method returns.

    A `chat` is a group's id, where it is not the chat with the bot.
    """

    def __init__(self, line: Line, user_id: int, language_code: str = "en", name: str = "Sam") -> None:
        self.line, self.id = line, user_id
        self.language_code, self.name = language_code, name

    async def _do(self, action: str, **given: Any) -> Any:
        await self.line.act("joins", who=self.id, language_code=self.language_code, name=self.name)
        return await self.line.act(action, who=self.id, **given)

    async def types(self, text: str, chat: int | None = None) -> list[int]:
        """Gives the ids of the messages: several where the text is too long for one."""
        return await self._do("types", text=text, chat=chat)

    async def taps(self, label: str, within: float = LONG, chat: int | None = None) -> str:
        """Tap the newest button of this label, waiting for it to appear. A tick before it does not count."""
        return await self._do("taps", label=label, within=within, chat=chat)

    async def taps_old(self, label: str) -> str:
        """Tap a button as it was first shown, though its message may have changed since."""
        return await self._do("taps_old", label=label)

    async def forges(self, data: str) -> str:
        """Tap with data that no button had."""
        return await self._do("forges", data=data)

    async def follows(self, label: str) -> str:
        """The address behind a link button."""
        return await self._do("follows", label=label)

    async def opens(self, address: str) -> None:
        """Open a t.me link to the bot and press Start."""
        await self._do("opens", address=address)

    async def sends(
        self, kind: str, content: bytes = b"\x00", file_name: str = "file", caption: str = ""
    ) -> int:
        """A sticker, voice, video, photo, document, location or contact."""
        return await self._do("sends", kind=kind, content=content, file_name=file_name, caption=caption)

    async def edits(self, text: str) -> int:
        """Change what was written last."""
        return await self._do("edits", text=text)

    async def blocks(self) -> None:
        await self._do("blocks")

    async def unblocks(self) -> None:
        await self._do("unblocks")

    async def adds_to_group(self, title: str = "8B") -> int:
        """Make a group, add the bot; gives the group's id."""
        return await self._do("adds_to_group", title=title)

    async def sees(self, chat: int | None = None) -> list[Shown]:
        """The whole chat, oldest first, with edits applied."""
        return [Shown(**view) for view in await self._do("sees", chat=chat)]

    async def toasts(self) -> list[str]:
        return await self._do("toasts")

    async def hears(self, substring: str, within: float = LONG, chat: int | None = None) -> Shown:
        """Wait until the bot says this, newly or by changing a message, after what this person last did."""
        return Shown(**await self._do("hears", substring=substring, within=within, chat=chat))
