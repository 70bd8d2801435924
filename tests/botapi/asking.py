"""Calls the double as a bot would, over HTTP."""

import io
from typing import Any

from aiohttp import ClientSession, FormData
from PIL import Image

from tests.botapi.double import Double


class Bot:
    """Plain calls, each answered with (status, what is said)."""

    def __init__(self, double: Double, session: ClientSession) -> None:
        self.double, self.session = double, session

    def address(self, method: str, token: str = "") -> str:
        return f"{self.double.url}/bot{token or self.double.token}/{method}"

    async def asks(self, method: str, **values: Any) -> tuple[int, Any]:
        async with self.session.post(self.address(method), json=values) as answer:
            said = await answer.json()
            return answer.status, said["result"] if said["ok"] else said["description"]

    async def uploads(self, method: str, name: str, content: bytes, **values: str) -> tuple[int, Any]:
        form = FormData({key: str(value) for key, value in values.items()})
        form.add_field(name, content, filename="thing.png")
        async with self.session.post(self.address(method), data=form) as answer:
            said = await answer.json()
            return answer.status, said["result"] if said["ok"] else said["description"]

    async def says(self, chat_id: int, text: str = "Hello", **more: Any) -> Any:
        """Sends a message that must arrive; returns its JSON."""
        status, said = await self.asks("sendMessage", chat_id=chat_id, text=text, **more)
        assert status == 200, said
        return said


def picture(width: int = 4, height: int = 4, colour: str = "teal") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG")
    return file.getvalue()


def buttons(*rows: list[tuple[str, str]]) -> dict[str, Any]:
    drawn = [[{"text": text, "callback_data": data} for text, data in row] for row in rows]
    return {"inline_keyboard": drawn}
