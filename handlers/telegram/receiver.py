"""Receives Telegram updates: takes a turn for each, then acknowledges the tap."""

import asyncio
import contextlib
import secrets

import structlog
from structlog.contextvars import bound_contextvars
from telegram import Document, PhotoSize, Update
from telegram.error import TelegramError

from conversations.consultations.workbook import Problem, Workbook
from conversations.core.channels import TELEGRAM
from conversations.core.events import SafePicture, Said, Sent
from conversations.core.i18n import N_
from conversations.core.record import replace
from handlers.expected_file import ExpectedFile, expected_file
from handlers.files import picture
from handlers.files.workbook import parse_in_subprocess
from handlers.files.xlsform.limits import MOST_BYTES
from handlers.incoming import Incoming
from handlers.telegram.client import LeanBot
from handlers.telegram.parse import ParsedUpdate, PrivateUpdate, blocked_by, group_to_leave
from handlers.turns import Runtime
from storage.core.errors import Unavailable
from storage.core.unit_of_work import Db
from storage.outbox import questions
from storage.people import people, sessions

log = structlog.get_logger()

_PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8)  # seconds between looks whether a reply has arrived
NOT_FETCHED = N_("I couldn't get this file from Telegram. Send it again.")


class TelegramReceiver:
    """Handles updates. It answers only taps and groups itself; replies go through the outbox."""

    def __init__(self, runtime: Runtime, bot: LeanBot) -> None:
        self._runtime, self._bot = runtime, bot
        self._courtesies: set[asyncio.Task[None]] = set()

    async def take(self, update: ParsedUpdate) -> None:
        """Handles one update. Raises Unavailable if it could not be stored; then it must come again.

        An update that fails with any other error is logged and dropped, so that it does not block those after it.
        """
        with bound_contextvars(request=secrets.token_hex(4)):
            try:
                await self._handle(update)
            except Unavailable:
                raise
            except Exception as error:  # noqa: BLE001 - see the docstring
                log.error("update dropped", kind=type(error).__name__)

    async def finish(self) -> None:
        """Waits for acknowledgements in progress."""
        await asyncio.gather(*self._courtesies, return_exceptions=True)

    async def _handle(self, update: ParsedUpdate) -> None:
        private = update.private
        if private is None:
            if update.update:
                await self._handle_other(update.update)
            return
        if private.file:
            private = await self._read_expected_file(private, private.file)
        if isinstance(private.event, Said):
            await self._wait_for_delivery(private.incoming)
        await self._runtime.take_turn(private.incoming, private.event)
        if private.tap:
            self._acknowledge(private.tap)

    async def _wait_for_delivery(self, incoming: Incoming) -> None:
        """Returns when the newest reply to this chat has arrived, or after about two seconds. Until then nobody knows
        whether words came before or after it.
        """
        for pause in _PAUSES:
            if not await self._runtime.database.read(
                lambda c: _is_reply_on_its_way(self._runtime.db(c), incoming.address)
            ):
                return
            await asyncio.sleep(pause)

    async def _handle_other(self, update: Update) -> None:
        address = blocked_by(update)
        if address:
            number = str(update.update_id)
            await self._runtime.database.write(
                lambda c: _mark_unreachable(self._runtime.db(c), address, number)
            )
        group = group_to_leave(update)
        if group is not None:
            await self._leave(group)

    async def _leave(self, group: int) -> None:
        """Tells a group why, and leaves it. Nothing about it is stored."""
        _ = self._runtime.library.words(self._runtime.rules.languages[0], None)
        text = _(
            "I only talk one to one. In a group, others could read what you say. I'm leaving this group now."
        )
        with contextlib.suppress(TelegramError):
            await self._bot.send_message(group, text)
        with contextlib.suppress(TelegramError):
            await self._bot.leave_chat(group)

    async def _read_expected_file(self, private: PrivateUpdate, file: Document | PhotoSize) -> PrivateUpdate:
        """Reads an expected file before the turn begins. Any other file is not read."""
        assert isinstance(private.event, Sent)
        address = private.incoming.address
        wanted = await self._runtime.database.read(lambda c: _expected_file_at(self._runtime.db(c), address))
        if wanted == "picture":
            return replace(private, event=replace(private.event, file=await self._picture(file)))
        if wanted == "workbook" and isinstance(file, Document):
            return replace(private, event=replace(private.event, file=await self._workbook(file)))
        return private

    async def _picture(self, file: Document | PhotoSize) -> SafePicture:
        if (file.file_size or 0) > picture.MOST_BYTES:
            return SafePicture(problem=picture.TOO_BIG)
        content = await self._content(file)
        return await picture.safe_picture(content) if content else SafePicture(problem=NOT_FETCHED)

    async def _workbook(self, file: Document) -> Workbook:
        if (file.file_size or 0) > MOST_BYTES:
            return _unread_workbook(N_("This file is too big. A workbook may have up to 5 MB."))
        content = await self._content(file)
        return await parse_in_subprocess(content) if content else _unread_workbook(NOT_FETCHED)

    async def _content(self, file: Document | PhotoSize) -> bytes | None:
        """A file's content; None if Telegram does not return it."""
        try:
            found = await self._bot.get_file(file.file_id)
            return bytes(await found.download_as_bytearray())
        except TelegramError:
            return None

    def _acknowledge(self, tap: str) -> None:
        """Stops the spinner on the button, in the background."""
        task = asyncio.create_task(self._send_acknowledgement(tap))
        self._courtesies.add(task)
        task.add_done_callback(self._courtesies.discard)

    async def _send_acknowledgement(self, tap: str) -> None:
        with contextlib.suppress(TelegramError):
            await self._bot.acknowledge(tap)


def _unread_workbook(words: str) -> Workbook:
    return Workbook(None, (Problem("", 0, "", words),))


def _expected_file_at(db: Db, address: str) -> ExpectedFile | None:
    return expected_file(db, people.door_at(db, TELEGRAM, address))


def _is_reply_on_its_way(db: Db, address: str) -> bool:
    door = people.door_at(db, TELEGRAM, address)
    return door is not None and questions.is_on_its_way(db, door.id)


def _mark_unreachable(db: Db, address: str, update: str) -> None:
    door = people.door_at(db, TELEGRAM, address)
    if door and sessions.claim_update(db, TELEGRAM, update):
        people.mark_unreachable(db, door.id)
