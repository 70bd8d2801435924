"""Long polling that confirms an update only after its turn was committed.

A getUpdates call confirms all updates before its offset. So the offset never passes an update that is not stored.
After a `kill -9` the update comes again, and is recognised by its id.
"""

import asyncio

import structlog
from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from handlers.telegram.client import POLL_SECONDS, LeanBot
from handlers.telegram.parse import ParsedUpdate
from handlers.telegram.update_queue import HandleUpdate, UpdateQueue

log = structlog.get_logger()

ALLOWED = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER)
News = tuple[list[ParsedUpdate], int]  # the new updates, and how many known ones came again
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0  # seconds between tries while Telegram does not answer
_APART = 0.01  # seconds between two polls, so that updates in progress do not come again for each new one
_SHORT, _LONG = 0.05, 0.5  # seconds between two polls while updates are in progress


async def poll(bot: LeanBot, take: HandleUpdate, stopping: asyncio.Event) -> None:
    """Receives updates until `stopping` is set; then finishes those in progress and confirms them. Returns earlier if
    Telegram rejects the token.
    """
    queue = UpdateQueue(take)
    stopped = asyncio.create_task(stopping.wait())
    try:
        await _until_stopped(bot, queue, stopped)
    except InvalidToken:
        log.critical("Telegram rejected the bot token; the Telegram bot is off, the web page stays up")
    finally:
        stopped.cancel()
        await queue.finish()
    await _confirm(bot, queue)


async def _until_stopped(bot: LeanBot, queue: UpdateQueue, stopped: asyncio.Task[bool]) -> None:
    pause, look = 0.0, _SHORT
    while not stopped.done():
        try:
            came = await _updates_unless_stopped(bot, queue, stopped)
        except InvalidToken:
            raise
        except Exception as error:  # noqa: BLE001 - polling must go on after any error
            pause = _pause_after(error, pause)
            await asyncio.wait({stopped}, timeout=pause)
            continue
        if came is None:
            return
        pause, (updates, known) = 0.0, came
        new = queue.admit(updates, known=known)
        stored = await queue.settle(look)
        if queue.is_busy:
            await asyncio.sleep(_APART)
        look = _SHORT if new or stored else min(look * 2, _LONG)


async def _updates_unless_stopped(
    bot: LeanBot, queue: UpdateQueue, stopped: asyncio.Task[bool]
) -> News | None:
    """The next updates; None if polling is stopped before they come."""
    asked = asyncio.create_task(_get_updates(bot, queue))
    try:
        await asyncio.wait({asked, stopped}, return_when=asyncio.FIRST_COMPLETED)
        return asked.result() if asked.done() else None
    finally:
        if not asked.done():
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)


async def _get_updates(bot: LeanBot, queue: UpdateQueue) -> News:
    return await bot.new_updates(queue.offset, 0 if queue.is_busy else POLL_SECONDS, ALLOWED, queue)


async def _confirm(bot: LeanBot, queue: UpdateQueue) -> None:
    """Confirms the stored updates at shutdown. Optional, because updates that come again are recognised by id."""
    if queue.offset is None:
        return
    try:
        await bot.get_updates(offset=queue.offset, timeout=0, limit=1, allowed_updates=list(ALLOWED))
    except TelegramError:
        return


def _pause_after(error: Exception, pause: float) -> float:
    """How many seconds to wait before the next poll."""
    if isinstance(error, Conflict):
        log.warning("another process is polling with this token; only one may run")
    elif pause == 0.0:
        log.warning("Telegram does not answer; polling goes on", kind=type(error).__name__)
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return float(wait if isinstance(wait, int | float) else wait.total_seconds())
    return min(max(pause * 2, _FIRST_PAUSE), _LONGEST_PAUSE)
