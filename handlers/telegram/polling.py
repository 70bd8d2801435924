"""Long polling that acknowledges an update only after its turn was committed.

The next getUpdates confirms all before its offset. So the offset never passes an update that is not stored:
a `kill -9` at any moment brings it again, and the desk knows it by its id.
"""

import asyncio

import structlog
from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from handlers.telegram.client import POLL_SECONDS, LeanBot
from handlers.telegram.parse import Arrived
from handlers.telegram.update_queue import HandleUpdate, UpdateQueue

log = structlog.get_logger()

ALLOWED = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER)
News = tuple[list[Arrived], int]  # what is new, and how many came that are known
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0  # seconds between tries while Telegram does not answer
_APART = 0.01  # seconds between two looks, so that what is in hand does not come again for each update
_SHORT, _LONG = 0.05, 0.5  # seconds between two looks while something is in hand


async def poll(bot: LeanBot, take: HandleUpdate, stopping: asyncio.Event) -> None:
    """Takes updates in until `stopping` is set; then finishes what is in hand and confirms it. Returns earlier
    where Telegram refuses the token.
    """
    line = UpdateQueue(take)
    stopped = asyncio.create_task(stopping.wait())
    try:
        await _until_stopped(bot, line, stopped)
    except InvalidToken:
        log.critical("Telegram rejected the bot token; the Telegram bot is off, the web page stays up")
    finally:
        stopped.cancel()
        await line.finish()
    await _confirm(bot, line)


async def _until_stopped(bot: LeanBot, line: UpdateQueue, stopped: asyncio.Task[bool]) -> None:
    pause, look = 0.0, _SHORT
    while not stopped.done():
        try:
            came = await _news(bot, line, stopped)
        except InvalidToken:
            raise
        except Exception as error:  # noqa: BLE001 - what it is, Telegram knows; asking goes on
            pause = _pause_after(error, pause)
            await asyncio.wait({stopped}, timeout=pause)
            continue
        if came is None:
            return
        pause, (updates, known) = 0.0, came
        new = line.admit(updates, known=known)
        stored = await line.settle(look)
        if line.busy:
            await asyncio.sleep(_APART)
        look = _SHORT if new or stored else min(look * 2, _LONG)


async def _news(bot: LeanBot, line: UpdateQueue, stopped: asyncio.Task[bool]) -> News | None:
    """What Telegram has for us; None where we are told to stop before it answers."""
    asked = asyncio.create_task(_asked(bot, line))
    try:
        await asyncio.wait({asked, stopped}, return_when=asyncio.FIRST_COMPLETED)
        return asked.result() if asked.done() else None
    finally:
        if not asked.done():
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)


async def _asked(bot: LeanBot, line: UpdateQueue) -> News:
    return await bot.news(line.offset, 0 if line.busy else POLL_SECONDS, ALLOWED, line)


async def _confirm(bot: LeanBot, line: UpdateQueue) -> None:
    """Tells Telegram on the way out what was stored, so that it does not come again. A courtesy: ids are known."""
    if line.offset is None:
        return
    try:
        await bot.get_updates(offset=line.offset, timeout=0, limit=1, allowed_updates=list(ALLOWED))
    except TelegramError:
        return


def _pause_after(error: Exception, pause: float) -> float:
    """How many seconds to wait before asking again."""
    if isinstance(error, Conflict):
        log.warning("another process is polling with this token; only one may run")
    elif pause == 0.0:
        log.warning("Telegram does not answer; asking goes on", kind=type(error).__name__)
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return float(wait if isinstance(wait, int | float) else wait.total_seconds())
    return min(max(pause * 2, _FIRST_PAUSE), _LONGEST_PAUSE)
