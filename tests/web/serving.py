"""The real web app over a house, on its own port, and people who use it without scripts."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiohttp.test_utils import TestServer, unused_port
from multidict import CIMultiDictProxy
from sqlalchemy import func, select

from bot.scheduler.scheduler import tick
from conversations.core.person import Role
from conversations.core.record import replace
from handlers.provider import ProviderSettings
from handlers.wakeup import Wakeup
from handlers.web.app import make_page
from storage.consultations.manage import offer_sample
from storage.core.database import Database
from storage.tables import answers
from storage.team import members as team
from tests.house import House, make_house
from tests.walks.page import Browser, Page, Posted


@dataclass(repr=False)
class Served:
    """A house with its web app running, and the sample in it. `url` has no slash at its end."""

    house: House
    url: str

    def browser(self, language: str = "en") -> "Visitor":
        return Visitor(self.url, language)

    async def invite(self, role: Role) -> str:
        """Where a new invite leads."""
        return f"/i/{await self.house.run(lambda db: team.invite(db, role))}"

    async def tick(self) -> None:
        """What the scheduler does every two seconds."""
        await tick(self.house.runtime)


class Visitor(Browser):
    """A browser that also asks for what no page of ours leads to, and shows all that came back."""

    async def asks(self, method: str, address: str, **more) -> tuple[int, CIMultiDictProxy[str], str]:
        """Any request with this browser's cookies, no redirect followed: status, headers and text."""
        async with self._session.request(method, address, **{"allow_redirects": False, **more}) as answer:
            return answer.status, answer.headers, await answer.text()

    async def posts(self, action: str, fields: dict[str, str]) -> Page:
        """Sends a form that may never have been on a page."""
        return await self._send((action, fields, None))

    async def again(self) -> Page:
        """Sends the very same form once more, as an impatient person does."""
        return await self._send(self.last)

    async def _send(self, posted: Posted) -> Page:
        self.last = posted
        return await super()._send(posted)

    async def joins(self, band: str = "16–17", language: str = "English") -> Page:
        """From the landing page to home."""
        await self.opens("/")
        for label in ("Start", language, "Normal", "OK", band, "Yes, keep it"):
            await self.presses(label)
        return self.page

    async def accepts(self, invite: str) -> Page:
        await self.opens(invite)
        return await self.presses("Accept the invite")

    @property
    def tokens(self) -> dict[str, str]:
        """The hidden fields of the question's form."""
        return dict(self.page.forms[-1].hidden)

    @property
    def question(self) -> str:
        """The text of the question's form."""
        form = self.page.html.partition('<form id="now"')[2].partition("</form>")[0]
        return Page(f'<form id="now"{form}').text

    @property
    def cookie(self) -> str:
        return next((one.value for one in self._session.cookie_jar if one.key == "heard"), "")

    @cookie.setter
    def cookie(self, value: str) -> None:
        self._session.cookie_jar.update_cookies({"heard": value}, self._session._base_url)

    @property
    def cookie_lasts(self) -> bool:
        """Whether the cookie outlives the browser's window."""
        return any(one["max-age"] for one in self._session.cookie_jar if one.key == "heard")

    @property
    def form_cookie(self) -> str:
        """What binds a form that opens a page to this browser."""
        return next((one.value for one in self._session.cookie_jar if one.key == "heard-form"), "")

    @form_cookie.setter
    def form_cookie(self, value: str) -> None:
        self._session.cookie_jar.update_cookies({"heard-form": value}, self._session._base_url)


@contextlib.asynccontextmanager
async def open_door(
    database: Database,
    proxies: tuple[str, ...] = (),
    stuck: str = "",
    host: str = "127.0.0.1",
    provider: ProviderSettings | None = None,
    **rules,
) -> AsyncIterator[Served]:
    """Serves a house on a free port of this machine; `host` is what its own address calls it."""
    port = unused_port()
    house = make_house(database, **{"public_url": f"http://{host}:{port}", **rules})
    wakeup = Wakeup()
    house.runtime = replace(house.runtime, notify=lambda messages: wakeup.notify())
    await house.run(offer_sample)
    async with TestServer(
        make_page(house.runtime, wakeup, proxies=proxies, stuck=lambda: stuck, provider=provider),
        host="127.0.0.1",
        port=port,
    ):
        yield Served(house, f"http://{host}:{port}")


async def at_the_first_question(ana: Visitor) -> Visitor:
    await ana.joins()
    await ana.presses("Have your say")
    await ana.presses("Start")
    return ana


async def stored(door: Served) -> int:
    """How many answers are stored."""
    return await door.house.run(lambda db: db.run(select(func.count()).select_from(answers)).scalar())
