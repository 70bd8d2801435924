"""The running process: everything is wired here, started in order, and stopped so that nothing is half-done."""

import asyncio
import contextlib
import gc
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from aiohttp import web
from rich.console import Console

from bot.config.catalogues import load_library
from bot.config.settings import Settings
from bot.config.word_lists import load_signs
from bot.courier.courier import Courier
from bot.operations.opening import CannotOpen, open_store
from bot.operations.store import Store
from bot.scheduler.maintenance_jobs import tending
from bot.scheduler.scheduler import Clockwork, Look
from bot.telegram_runtime import Telegram, accounts, insist, name_of, open_bot, routes, take_updates
from conversations.core.config import Rules
from conversations.flows import all_flows
from conversations.safeguarding.guard import WordLists
from handlers.files.render import draw
from handlers.telegram.client import LeanBot
from handlers.telegram.receiver import TelegramDoor
from handlers.telegram.transport import TelegramPost
from handlers.transport import Post
from handlers.turns import Desk
from handlers.wakeup import Bell
from handlers.web.app import make_page
from storage.consultations import consultations
from storage.core import schema
from storage.core.instance_lock import Tell, running
from storage.core.notifications import Notices
from storage.core.unit_of_work import Db
from storage.outbox.outbox import Letter
from storage.team import members as team

log = structlog.get_logger()

_OBJECTS = 20_000  # made and not freed, between two looks for garbage


class Wake:
    """What a desk calls after each commit: couriers get their letters; open pages, and other workers, are told."""

    def __init__(self, bell: Bell, notices: Notices | None = None) -> None:
        self.bell = bell
        self.couriers: Sequence[Courier] = ()
        self._notices = notices

    def __call__(self, letters: tuple[Letter, ...]) -> None:
        for courier in self.couriers:
            courier.hand_over(letters)
        self.bell.ring()
        if self._notices:
            self._notices.tell()


async def serve(settings: Settings) -> None:
    """Runs until SIGINT or SIGTERM. Raises CannotOpen or InUse where it cannot begin; the message says what to do."""
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    # The port and the database come first: a second Heard, started by mistake, must not touch what the first is at.
    with _port(settings) as sockets:
        async with running(settings.database_url.get_secret_value()).here() as tell:
            await _serve(settings, sockets, stopping, tell)
    log.info("stopped")


async def _serve(
    settings: Settings, sockets: Sequence[socket.socket], stopping: asyncio.Event, tell: Tell
) -> None:
    store = await open_store(settings)
    try:
        await tell(store.vault.newest)
        await store.mark(settings.rules(None))
        async with open_bot(settings) as bot:
            token = await store.write(settings.rules(None), _first_things)
            greetings = [lambda: _greet(settings, store, token, bot)]
            while not stopping.is_set():
                await _open_house(settings, store, bot, sockets, stopping, greetings)
        await store.mark(settings.rules(None))
    finally:
        await store.database.close()


async def _open_house(
    settings: Settings,
    store: Store,
    bot: LeanBot | None,
    sockets: Sequence[socket.socket],
    stopping: asyncio.Event,
    greetings: list[Callable[[], None]],
) -> None:
    """Returns when all is stopped; or when a bot that had no name yet has one, so that the house opens with it.
    What is to be said once everything is open is said once.
    """
    rules = settings.rules(accounts(bot))
    notices = None if settings.on_sqlite else Notices(settings.database_url.get_secret_value())
    desk, wake = make_desk(store, rules, notices)
    telegram = Telegram(bot, TelegramDoor(desk, bot)) if bot and name_of(bot) else None
    wake.couriers = [Courier(desk, post, wake.bell) for post in _posts(desk, telegram)]
    async with contextlib.AsyncExitStack() as opened:
        # Closed in the opposite order: first nobody comes in any more, then what is in hand is finished.
        clockwork = await opened.enter_async_context(_clock(desk, tending(settings, store)))
        if notices:
            await opened.enter_async_context(_hearing(notices, wake.bell))
        for courier in wake.couriers:
            await opened.enter_async_context(_sending(courier))
        if telegram:
            opened.push_async_callback(telegram.door.finish)
        stuck = partial(_stuck, clockwork, wake.couriers)
        await opened.enter_async_context(_listening(settings, desk, wake.bell, telegram, sockets, stuck))
        _keep_what_stands()
        while greetings:
            greetings.pop()()
        if telegram:
            await take_updates(settings, desk, telegram, stopping)
        elif bot and await insist(bot.initialize, stopping):
            log.info("Telegram answers now")
            return
        await stopping.wait()
        for taken in sockets:
            taken.close()


def _keep_what_stands() -> None:
    """Tells the collector of garbage that all there is now stays, and to look through the rest less often than
    after each 700 objects: see decision 21.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS)


def make_desk(store: Store, rules: Rules, notices: Notices | None = None) -> tuple[Desk, Wake]:
    """The desk over an open store, and what it calls after each commit."""
    wake = Wake(Bell(), notices)
    desk = Desk(
        database=store.database,
        vault=store.vault,
        flows=all_flows(WordLists(load_signs())),
        library=load_library(rules.zone),
        rules=rules,
        clock=lambda: datetime.now(UTC),
        wake=wake,
        worker=secrets.token_hex(8),
        outside=store.outside,
    )
    return desk, wake


def _first_things(db: Db) -> str | None:
    """On an empty database a sample to try; while there is no owner, a link that makes one."""
    schema.one_at_a_time(db.connection)
    consultations.offer_sample(db)
    return team.owner_link(db)


def _posts(desk: Desk, telegram: Telegram | None) -> Iterator[Post]:
    """What sends the messages of each channel that pushes them and is on."""
    if telegram:
        yield TelegramPost(telegram.bot, desk.library, lambda paper: draw(desk, paper))


@contextlib.asynccontextmanager
async def _sending(courier: Courier) -> AsyncIterator[None]:
    await courier.begin()
    running = asyncio.create_task(courier.run())
    try:
        yield
    finally:
        await courier.finish()
        await running


@contextlib.asynccontextmanager
async def _clock(desk: Desk, more: Sequence[tuple[Look, timedelta]]) -> AsyncIterator[Clockwork]:
    clockwork = Clockwork(desk, more)
    clockwork.start()
    try:
        yield clockwork
    finally:
        await clockwork.stop()


def _stuck(clockwork: Clockwork, couriers: Sequence[Courier]) -> str:
    """The part of the process that does not go on any more; empty where all do."""
    return "clockwork" if clockwork.stuck else "courier" if any(one.stuck for one in couriers) else ""


@contextlib.asynccontextmanager
async def _hearing(notices: Notices, bell: Bell) -> AsyncIterator[None]:
    """Rings our bell when another worker has news."""
    listening = asyncio.create_task(notices.listen(bell.ring))
    try:
        yield
    finally:
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening


@contextlib.contextmanager
def _port(settings: Settings) -> Iterator[list[socket.socket]]:
    """HOST and PORT, taken: one socket for each address that HOST means. Who comes early waits there."""
    with contextlib.ExitStack() as opened:
        try:
            found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
            taken = [
                opened.enter_context(socket.create_server(address[:2], family=family))
                for family, _, _, _, address in found
            ]
        except OSError as error:
            raise CannotOpen(
                f"Port {settings.port} on {settings.host} cannot be used ({error.strerror})."
                " Set PORT to another, or HOST to an address of this machine."
            ) from None
        yield taken


@contextlib.asynccontextmanager
async def _listening(
    settings: Settings,
    desk: Desk,
    bell: Bell,
    telegram: Telegram | None,
    sockets: Sequence[socket.socket],
    stuck: Callable[[], str],
) -> AsyncIterator[None]:
    page = make_page(desk, bell, routes(settings, telegram), settings.trusted_proxies, stuck)
    runner = web.AppRunner(page, access_log=None, shutdown_timeout=10)
    await runner.setup()
    try:
        for taken in sockets:
            await web.SockSite(runner, taken.dup()).start()
        yield
    finally:
        await runner.cleanup()


def _greet(settings: Settings, store: Store, token: str | None, bot: LeanBot | None) -> None:
    """Where it is, who may own it, and whether Telegram is on. Printed, never logged."""
    out = Console(highlight=False, soft_wrap=True)
    out.print(f"\n[bold]Heard is running.[/] The page: {settings.web_address}")
    if token:
        out.print(f"Become its owner (works once, for 24 hours): {settings.web_address}/i/{token}")
    out.print(_telegram_line(bot))
    if store.new_key:
        out.print(
            f"\nA data key was made in {store.new_key}. Without it nothing can be read: keep a copy somewhere else,\n"
            "apart from the database. See “Run it for real” in README.md."
        )
    out.print("\nCtrl-C stops it.\n")


def _telegram_line(bot: LeanBot | None) -> str:
    if bot is None:
        return "Telegram is off: TELEGRAM_BOT_TOKEN is not set."
    name = name_of(bot)
    if name is None:
        return "Telegram does not answer yet. Heard goes on asking."
    return f"Telegram is on: https://t.me/{name}"
