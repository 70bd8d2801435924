"""A browser as lean as possible, so that a thousand of them leave the processors to the server: it finds buttons by their
labels, and sends what the page's script or its forms would send.
"""

import re
from html import unescape
from time import perf_counter
from typing import Self

from aiohttp import ClientResponse, ClientSession

from handlers.web.templates_api import FRAGMENT

_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
_BUTTON = re.compile(r'<button type="submit" name="choice" value="([^"]*)".*?<bdi>([^<]*)</bdi>', re.DOTALL)
_NOW = re.compile(r'<form id="now".*', re.DOTALL)
JOINING = ("English", "Normal", "OK", "16–17", "Yes, keep it")


class Visitor:
    """One person with one page. `script`: whether turns bring only what changed. `times` are the seconds of each turn,
    with the page that a form leads to; `sizes` the letters of each response.
    """

    def __init__(self, session: ClientSession, *, script: bool = True) -> None:
        self._session, self._script = session, script
        self._cookies: dict[str, str] = {}
        self._html = ""
        self.times: list[float] = []
        self.sizes: list[int] = []

    async def opens(self, address: str = "/") -> Self:
        async with self._session.get(address, cookies=self._cookies) as answer:
            assert answer.status == 200, answer.status
            self._html = await answer.text()
            self._keep(answer)
        return self

    async def starts(self) -> Self:
        """Presses *Start* on the page that is open."""
        fields = dict(_HIDDEN.findall(self._html))
        posted = self._session.post("/start", data=fields, cookies=self._cookies, allow_redirects=False)
        async with posted as answer:
            assert answer.status == 303, answer.status
            self._keep(answer)
        return await self.opens()

    async def joins(self) -> Self:
        await self.starts()
        for label in JOINING:
            if label in self.labels:  # a language that was chosen by the browser is not asked
                await self.taps(label)
        return self

    def _keep(self, answer: ClientResponse) -> None:
        self._cookies |= {name: cookie.value for name, cookie in answer.cookies.items()}

    @property
    def cookies(self) -> dict[str, str]:
        return self._cookies

    @property
    def labels(self) -> list[str]:
        return [unescape(label) for _value, label in self._buttons]

    @property
    def says(self) -> str:
        """The question as HTML."""
        found = _NOW.search(self._html)
        return found[0] if found else ""

    async def taps(self, label: str) -> None:
        value = next((value for value, one in self._buttons if unescape(one) == label), None)
        assert value, f"no button {label!r} among {self.labels}"
        await self._posts({"choice": unescape(value)})

    async def writes(self, words: str) -> None:
        await self._posts({"said": words})

    @property
    def _buttons(self) -> list[tuple[str, str]]:
        return _BUTTON.findall(self.says)

    async def _posts(self, done: dict[str, str]) -> None:
        fields, began = dict(_HIDDEN.findall(self.says)) | done, perf_counter()
        if self._script:
            fields["has"] = fields.get("line", "0")
        accept = {"Accept": FRAGMENT} if self._script else {}
        posted = self._session.post(
            "/turn", data=fields, headers=accept, cookies=self._cookies, allow_redirects=False
        )
        async with posted as answer:
            assert answer.status == (200 if self._script else 303), answer.status
            if self._script:
                self._html = await answer.text()
        if not self._script:
            await self.opens()
        self.times.append(perf_counter() - began)
        self.sizes.append(len(self._html))


async def answers(visitor: Visitor) -> None:
    """The sample's five questions, in nine turns."""
    for label in ("Have your say", "Start", "Not very safe"):
        await visitor.taps(label)
    await visitor.writes("more lights at the stop")
    for label in ("Lights at the stop", "Done", "4", "Skip", "Done"):
        await visitor.taps(label)
    assert "Your answers are in" in visitor.says, visitor.says
