"""The Telegram door: an update becomes an event, a turn is taken, its replies go out, the tap is acknowledged."""

import asyncio
import contextlib
import secrets

import structlog
from structlog.contextvars import bound_contextvars
from telegram import Document, PhotoSize, Update
from telegram.error import TelegramError

from conversations.consultations.workbook import Problem, Workbook
from conversations.core.channels import TELEGRAM
from conversations.core.events import SafePicture, Sent
from conversations.core.i18n import N_
from conversations.core.record import replace
from handlers.expected_file import Awaited, awaited
from handlers.files import picture
from handlers.files.workbook import parse_in_subprocess
from handlers.files.xlsform.limits import MOST_BYTES
from handlers.telegram.client import LeanBot
from handlers.telegram.parse import Arrived, Visit, blocked_by, group_joined
from handlers.turns import Runtime
from storage.core.errors import Unavailable
from storage.core.unit_of_work import Db
from storage.people import people, sessions

log = structlog.get_logger()

NOT_FETCHED = N_("I couldn't get this file from Telegram. Send it again.")


class TelegramReceiver:
    """Takes updates in. It answers nothing itself but taps, and groups: all else goes by the outbox."""

    def __init__(self, runtime: Runtime, bot: LeanBot) -> None:
        self._runtime, self._bot = runtime, bot
        self._courtesies: set[asyncio.Task[None]] = set()

    async def take(self, update: Arrived) -> None:
        """One update. Raises Unavailable where it could not be stored: then it must come again.

        An update that nothing can be made of, for a mistake of ours, is logged and let go: it must not hold up
        everybody who comes after it.
        """
        with bound_contextvars(request=secrets.token_hex(4)):
            try:
                await self._taken(update)
            except Unavailable:
                raise
            except Exception as error:  # noqa: BLE001 - as said above
                log.error("update dropped", kind=type(error).__name__)

    async def finish(self) -> None:
        """Waits for acknowledgements that are under way."""
        await asyncio.gather(*self._courtesies, return_exceptions=True)

    async def _taken(self, update: Arrived) -> None:
        visit = update.visit
        if visit is None:
            await self._not_a_visit(update.update)
            return
        if visit.file:
            visit = await self._with_file(visit, visit.file)
        await self._runtime.take_turn(visit.incoming, visit.event)
        if visit.tap:
            self._acknowledge(visit.tap)

    async def _not_a_visit(self, update: Update | None) -> None:
        assert update is not None
        address = blocked_by(update)
        if address:
            number = str(update.update_id)
            await self._runtime.database.write(lambda c: _blocked(self._runtime.db(c), address, number))
        group = group_joined(update)
        if group is not None:
            await self._leave(group)

    async def _leave(self, group: int) -> None:
        """Groups hear why, and nothing of them is stored."""
        _ = self._runtime.library.words(self._runtime.rules.languages[0], None)
        text = _(
            "I only talk one to one. In a group, others could read what you say. I'm leaving this group now."
        )
        with contextlib.suppress(TelegramError):
            await self._bot.send_message(group, text)
        with contextlib.suppress(TelegramError):
            await self._bot.leave_chat(group)

    async def _with_file(self, visit: Visit, file: Document | PhotoSize) -> Visit:
        """Reads a file that is waited for before the turn opens; any other stays one that nobody reads."""
        assert isinstance(visit.event, Sent)
        address = visit.incoming.address
        wanted = await self._runtime.database.read(lambda c: _awaited(self._runtime.db(c), address))
        if wanted == "picture":
            return replace(visit, event=replace(visit.event, file=await self._picture(file)))
        if wanted == "workbook" and isinstance(file, Document):
            return replace(visit, event=replace(visit.event, file=await self._workbook(file)))
        return visit

    async def _picture(self, file: Document | PhotoSize) -> SafePicture:
        if (file.file_size or 0) > picture.MOST_BYTES:
            return SafePicture(problem=picture.TOO_BIG)
        content = await self._content(file)
        return await picture.safe_picture(content) if content else SafePicture(problem=NOT_FETCHED)

    async def _workbook(self, file: Document) -> Workbook:
        if (file.file_size or 0) > MOST_BYTES:
            return _unread(N_("This file is too big. A workbook may have up to 5 MB."))
        content = await self._content(file)
        return await parse_in_subprocess(content) if content else _unread(NOT_FETCHED)

    async def _content(self, file: Document | PhotoSize) -> bytes | None:
        """What is in a file; None where Telegram does not give it."""
        try:
            found = await self._bot.get_file(file.file_id)
            return bytes(await found.download_as_bytearray())
        except TelegramError:
            return None

    def _acknowledge(self, tap: str) -> None:
        """A courtesy: the button stops turning. Nothing waits for it."""
        task = asyncio.create_task(self._acknowledged(tap))
        self._courtesies.add(task)
        task.add_done_callback(self._courtesies.discard)

    async def _acknowledged(self, tap: str) -> None:
        with contextlib.suppress(TelegramError):
            await self._bot.acknowledge(tap)


def _unread(words: str) -> Workbook:
    return Workbook(None, (Problem("", 0, "", words),))


def _awaited(db: Db, address: str) -> Awaited | None:
    return awaited(db, people.door_at(db, TELEGRAM, address))


def _blocked(db: Db, address: str, update: str) -> None:
    door = people.door_at(db, TELEGRAM, address)
    if door and sessions.claim_update(db, TELEGRAM, update):
        people.mark_unreachable(db, door.id)
