"""The same conversation with only aiohttp: no library, nothing stored, nothing checked.

Its cost is the minimum for any bot on asyncio and aiohttp. Run as `python -m tests.bench.peers.bare ADDRESS TOKEN`.
"""

import asyncio
import sys
from typing import Any

from aiohttp import ClientSession

from tests.bench.peers import words

Json = dict[str, Any]

# The reply to each action, in the order of `words.SCRIPT`.
PAGES = (
    (words.HELLO, words.LANGUAGES),
    (words.VERSION, words.VERSIONS),
    (words.NOTICE, words.NOTICED),
    (words.AGE, words.AGES),
    (words.AGREE, words.AGREED),
    (words.HOME, words.AT_HOME),
    (words.INTRO, words.BEGIN),
    (words.SAFE, words.SAFELY),
    (words.BETTER, (words.AROUND,)),
    (words.HELP, words.helps(set())),
    (words.HELP, words.helps({words.HELPS[0]})),
    (words.EASY, words.EASILY),
    (words.WHEN, words.NIGHTS),
    (words.REVIEW, words.REVIEWED),
    (words.RECEIPT, words.AFTER),
)


def drawn(text: str, rows: tuple[tuple[str, ...], ...]) -> Json:
    keyboard = [[{"text": label, "callback_data": label.strip("✓☐ ")} for label in row] for row in rows]
    return {"text": text, "reply_markup": {"inline_keyboard": keyboard}}


class Bare:
    def __init__(self, session: ClientSession, address: str) -> None:
        self._session, self._address = session, address
        self._places: dict[int, int] = {}
        self._pages = [drawn(*page) for page in PAGES]

    async def run(self) -> None:
        first, tasks = 0, set()
        while True:
            for update in await self._call("getUpdates", {"offset": first, "timeout": 10}):
                first = update["update_id"] + 1
                task = asyncio.create_task(self._answered(update))
                tasks.add(task)
                task.add_done_callback(tasks.discard)

    async def _answered(self, update: Json) -> None:
        tap = update.get("callback_query")
        message = tap["message"] if tap else update["message"]
        chat = message["chat"]["id"]
        place = 0 if message.get("text") == "/start" else self._places[chat] + 1
        self._places[chat] = place
        page = self._pages[place] | {"chat_id": chat}
        if tap:
            await self._call("answerCallbackQuery", {"callback_query_id": tap["id"]})
            await self._call("editMessageText", page | {"message_id": message["message_id"]})
        else:
            await self._call("sendMessage", page)

    async def _call(self, method: str, values: Json) -> Any:
        async with self._session.post(f"{self._address}/{method}", json=values) as response:
            return (await response.json())["result"]


async def main(address: str, token: str) -> None:
    async with ClientSession() as session:
        await Bare(session, f"{address}/bot{token}").run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
