"""The running process: wires the parts, starts them in order, and stops them without leaving work unfinished."""

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
from bot.config.provider import provider_in
from bot.config.settings import Settings
from bot.config.word_lists import load_guard
from bot.courier.courier import Courier
from bot.operations.opening import open_store
from bot.operations.store import Store
from bot.scheduler.maintenance_jobs import maintenance_jobs
from bot.scheduler.scheduler import Job, Scheduler
from bot.startup_errors import CannotStart
from bot.telegram_runtime import (
    Telegram,
    accounts,
    name_of,
    open_bot,
    retry_until_accepted,
    routes,
    take_updates,
)
from conversations.core.config import Rules
from conversations.flows import all_flows
from handlers.files.render import draw
from handlers.telegram.client import LeanBot
from handlers.telegram.receiver import TelegramReceiver
from handlers.telegram.transport import TelegramTransport
from handlers.transport import Transport
from handlers.turns import Runtime
from handlers.wakeup import Wakeup
from handlers.web.app import make_page
from handlers.web.runner import BACKLOG, PageRunner, allow_many_connections
from storage.consultations import manage
from storage.core import schema
from storage.core.instance_lock import PublishKey, lock_for
from storage.core.notifications import Notifications
from storage.core.unit_of_work import Db
from storage.outbox.outbox import OutboxMessage
from storage.safeguarding import helplines
from storage.team import members as team

log = structlog.get_logger()

_OBJECTS = 20_000  # net allocations that trigger a garbage collection


class Notifier:
    """Called after each commit: hands messages to the couriers, and wakes open pages and other workers."""

    def __init__(self, wakeup: Wakeup, notifications: Notifications | None = None) -> None:
        self.wakeup = wakeup
        self.couriers: Sequence[Courier] = ()
        self._notifications = notifications

    def __call__(self, messages: tuple[OutboxMessage, ...]) -> None:
        for courier in self.couriers:
            courier.hand_over(messages)
        self.wakeup.notify()
        if self._notifications:
            self._notifications.notify()


async def serve(settings: Settings) -> None:
    """Runs until SIGINT or SIGTERM. Raises CannotStart, DatabaseUnusable or InUse with a message that says what to do."""
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    allow_many_connections()
    # Take the port and the lock first, so that a second process started by mistake changes nothing.
    with _bound_sockets(settings) as sockets:
        async with lock_for(settings.database_url.get_secret_value()).shared() as publish_key:
            await _serve(settings, sockets, stopping, publish_key)
    log.info("stopped")


async def _serve(
    settings: Settings, sockets: Sequence[socket.socket], stopping: asyncio.Event, publish_key: PublishKey
) -> None:
    store = await open_store(settings)
    try:
        await publish_key(store.vault.newest)
        await store.write_checkpoint(settings.rules(None))
        async with open_bot(settings) as bot:
            token = await store.write(settings.rules(None), _prepare_database)
            greetings = [lambda: _greet(settings, store, token, bot)]
            while not stopping.is_set():
                await _run_until_stopped(settings, store, bot, sockets, stopping, greetings)
        await store.write_checkpoint(settings.rules(None))
    finally:
        await store.database.close()


async def _run_until_stopped(
    settings: Settings,
    store: Store,
    bot: LeanBot | None,
    sockets: Sequence[socket.socket],
    stopping: asyncio.Event,
    greetings: list[Callable[[], None]],
) -> None:
    """Runs until stopped. Returns earlier when Telegram answers for the first time, because everything must be started
    again with the bot's name. Each greeting is printed once, after everything has started.
    """
    rules = settings.rules(accounts(bot))
    notifications = None if settings.on_sqlite else Notifications(settings.database_url.get_secret_value())
    runtime, notifier = make_runtime(store, rules, notifications)
    telegram = Telegram(bot, TelegramReceiver(runtime, bot)) if bot and name_of(bot) else None
    notifier.couriers = [
        Courier(runtime, transport, notifier.wakeup) for transport in _transports(runtime, telegram)
    ]
    async with contextlib.AsyncExitStack() as opened:
        # Closed in reverse order: stop accepting first, then finish the work in progress.
        scheduler = await opened.enter_async_context(
            _running_scheduler(runtime, maintenance_jobs(settings, store))
        )
        if notifications:
            await opened.enter_async_context(_forwarding_notifications(notifications, notifier.wakeup))
        for courier in notifier.couriers:
            await opened.enter_async_context(_running_courier(courier))
        if telegram:
            opened.push_async_callback(telegram.receiver.finish)
        stuck = partial(_stuck_part, scheduler, notifier.couriers)
        await opened.enter_async_context(
            _serving_pages(settings, runtime, notifier.wakeup, telegram, sockets, stuck)
        )
        _freeze_objects()
        while greetings:
            greetings.pop()()
        if telegram:
            await take_updates(settings, runtime, telegram, stopping)
        elif bot and await retry_until_accepted(bot.initialize, stopping):
            log.info("Telegram answers now")
            return
        await stopping.wait()
        for taken in sockets:
            taken.close()


def _freeze_objects() -> None:
    """Exempts everything loaded so far from garbage collection, and collects less often than Python's default of
    every 700 allocations: see decision 21.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS)


def make_runtime(
    store: Store, rules: Rules, notifications: Notifications | None = None
) -> tuple[Runtime, Notifier]:
    """The runtime over an open store, and the notifier that it calls after each commit."""
    notifier = Notifier(Wakeup(), notifications)
    runtime = Runtime(
        database=store.database,
        vault=store.vault,
        flows=all_flows(load_guard()),
        catalogues=load_library(rules.zone),
        rules=rules,
        clock=lambda: datetime.now(UTC),
        notify=notifier,
        worker=secrets.token_hex(8),
        erasure_log=store.erasure_log,
    )
    return runtime, notifier


def _prepare_database(db: Db) -> str | None:
    """Adds a sample consultation to an empty database, and the helplines. Returns the token of an owner invite while
    there is no owner.
    """
    schema.lock_startup(db.connection)
    manage.offer_sample(db)
    helplines.install(db)
    return team.owner_link(db)


def _transports(runtime: Runtime, telegram: Telegram | None) -> Iterator[Transport]:
    """The transport of each channel that pushes messages and is switched on."""
    if telegram:
        yield TelegramTransport(telegram.bot, runtime.library, lambda attachment: draw(runtime, attachment))


@contextlib.asynccontextmanager
async def _running_courier(courier: Courier) -> AsyncIterator[None]:
    await courier.begin()
    sending = asyncio.create_task(courier.run())
    try:
        yield
    finally:
        await courier.finish()
        await sending


@contextlib.asynccontextmanager
async def _running_scheduler(
    runtime: Runtime, more: Sequence[tuple[Job, timedelta]]
) -> AsyncIterator[Scheduler]:
    scheduler = Scheduler(runtime, more)
    scheduler.start()
    try:
        yield scheduler
    finally:
        await scheduler.stop()


def _stuck_part(scheduler: Scheduler, couriers: Sequence[Courier]) -> str:
    """The name of a part of the process that is stuck; empty if none is."""
    return "clockwork" if scheduler.is_stuck else "courier" if any(one.is_stuck for one in couriers) else ""


@contextlib.asynccontextmanager
async def _forwarding_notifications(notifications: Notifications, wakeup: Wakeup) -> AsyncIterator[None]:
    """Wakes this process when another worker has news."""
    listening = asyncio.create_task(notifications.listen(wakeup.notify))
    try:
        yield
    finally:
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening


@contextlib.contextmanager
def _bound_sockets(settings: Settings) -> Iterator[list[socket.socket]]:
    """Binds PORT on each address of HOST. Early clients wait in the backlog. Raises CannotStart."""
    with contextlib.ExitStack() as opened:
        try:
            found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
            taken = [
                opened.enter_context(socket.create_server(address[:2], family=family, backlog=BACKLOG))
                for family, _, _, _, address in found
            ]
        except OSError as error:
            raise CannotStart(
                f"Port {settings.port} on {settings.host} cannot be used ({error.strerror})."
                " Set PORT to another, or HOST to an address of this machine."
            ) from None
        yield taken


@contextlib.asynccontextmanager
async def _serving_pages(
    settings: Settings,
    runtime: Runtime,
    wakeup: Wakeup,
    telegram: Telegram | None,
    sockets: Sequence[socket.socket],
    stuck: Callable[[], str],
) -> AsyncIterator[None]:
    page = make_page(
        runtime, wakeup, routes(settings, telegram), settings.trusted_proxies, stuck, provider_in(settings)
    )
    runner = PageRunner(page, access_log=None, shutdown_timeout=10)
    await runner.setup()
    try:
        for taken in sockets:
            await web.SockSite(runner, taken.dup(), backlog=BACKLOG).start()
        yield
    finally:
        await runner.cleanup()


def _greet(settings: Settings, store: Store, token: str | None, bot: LeanBot | None) -> None:
    """Prints the address, the owner link and whether Telegram is on. It is never logged, because the link is secret."""
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
        return "Telegram does not answer yet. Heard keeps trying."
    return f"Telegram is on: https://t.me/{name}"
