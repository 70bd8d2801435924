"""Somebody at the page in a browser without scripts: reads it, presses its buttons, fills in its forms."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self

from aiohttp import ClientSession, CookieJar, FormData, StreamReader
from yarl import URL

from tests.waiting import LONG, found_within

UNSEEN = {"script", "style", "svg", "title"}
LINES = {
    "article", "br", "button", "div", "figure", "form", "h1", "h2", "h3", "li", "p", "summary",
}  # fmt: skip

Posted = tuple[str, dict[str, str], bytes | None]  # where to, the fields, a workbook


@dataclass
class Button:
    """What it adds to its form when pressed, and its label."""

    name: str
    value: str
    label: str = ""


@dataclass
class Form:
    action: str
    name: str = ""
    hidden: dict[str, str] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)

    def button(self, label: str) -> Button | None:
        """The button with this label, ignoring an emoji."""
        fits = (b for b in self.buttons if b.label == label or b.label.startswith(f"{label} "))
        return next(fits, None)


class Page(HTMLParser):
    """What a page says, a line for each block; its forms in order; its links and pictures by address."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.forms: list[Form] = []
        self.addresses: list[str] = []
        self._text: list[str] = []
        self._unseen = 0
        self._button: Button | None = None
        self._within = False
        self.feed(html)

    @property
    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self._text).split("\n"))
        return "\n".join(line for line in lines if line)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self._unseen += tag in UNSEEN
        self._within = found.get("class") == "word"  # a command within a sentence
        self._text.append("\n" if tag in LINES and not self._within else "")
        match tag:
            case "form":
                self.forms.append(Form(found["action"], found.get("id", "")))
            case "input" if found["type"] == "hidden":
                self.forms[-1].hidden[found["name"]] = found["value"]
            case "input" | "textarea" if "name" in found:
                self.forms[-1].fields.add(found["name"])
            case "input":
                self._text.append(found.get("value", ""))  # only to be copied
            case "button":
                self._button = Button(found.get("name", ""), found.get("value", ""))
                owner = next((form for form in self.forms if form.name == found.get("form")), None)
                for form in (owner,) if owner else self.forms[-1:]:  # one that only a script answers has none
                    form.buttons.append(self._button)
            case "a" | "img":
                self.addresses.append(found.get("href") or found["src"])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in UNSEEN
        self._text.append("\n" if tag in LINES and not self._within else "")
        self._within = False
        if tag == "button" and self._button:
            self._button.label = " ".join(self._button.label.split())
            self._button = None

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        self._text.append(data)
        if self._button:
            self._button.label += data


class Browser:
    """Used as `async with Browser(heard.url) as ana`. Cookies are kept, as a browser keeps them."""

    def __init__(self, url: str, language: str = "en") -> None:
        self.url, self.language = url, language
        self.page = Page("")
        self.status = 0

    async def __aenter__(self) -> Self:
        # A new connection each time: a kept one may lead to a dead process.
        headers = {"Accept-Language": self.language, "Connection": "close"}
        jar = CookieJar(unsafe=True, treat_as_secure_origin=URL(self.url))  # browsers trust their own machine
        self._session = ClientSession(self.url, cookie_jar=jar, headers=headers)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def opens(self, address: str = "/") -> Page:
        async with self._session.get(address) as answer:
            self.status, self.page = answer.status, Page(await answer.text())
        return self.page

    async def fetches(self, address: str) -> bytes:
        """A picture or a file."""
        async with self._session.get(address) as answer:
            assert answer.status == 200, address
            return await answer.read()

    @contextlib.asynccontextmanager
    async def listens(self) -> AsyncIterator[StreamReader]:
        """What the page's script hears as long as the page is open."""
        async with self._session.get("/stream") as answer:
            assert answer.status == 200
            yield answer.content

    async def presses(self, label: str, **fields: str) -> Page:
        """Presses the last button with this label, with these fields filled in beside it."""
        form, button = self._button(label)
        pressed = {button.name: button.value} if button.name else {}
        assert set(fields) <= form.fields, f"there is no such field: {fields}"
        return await self._send((form.action, form.hidden | fields | pressed, None))

    async def writes(self, words: str) -> Page:
        return await self.presses("Send", said=words)

    async def uploads(self, workbook: bytes) -> Page:
        form, _ = self._button("Send the workbook")
        return await self._send((form.action, form.hidden, workbook))

    async def hears(self, words: str, within: float = LONG) -> Page:
        """Reloads until the page shows these words."""

        async def stands() -> bool:
            return words in (await self.opens()).text

        found = await found_within(stands, within, every=0.05)
        assert found, f"{words!r} is not on the page:\n{self.page.text}"
        return self.page

    @property
    def sees(self) -> str:
        return self.page.text

    def _button(self, label: str) -> tuple[Form, Button]:
        for form in reversed(self.page.forms):
            if button := form.button(label):
                return form, button
        raise AssertionError(f"no button {label!r} on:\n{self.page.text}")

    async def _send(self, posted: Posted) -> Page:
        action, fields, workbook = posted
        body = FormData(fields, default_to_multipart=workbook is not None)
        if workbook is not None:
            body.add_field("workbook", workbook, filename="questions.xlsx")
        async with self._session.post(action.partition("#")[0], data=body) as answer:
            self.status, self.page = answer.status, Page(await answer.text())
        return self.page
