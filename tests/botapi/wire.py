"""HTTP: reads a call's values, and sends responses complete, cut or truncated."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from tests.botapi.refused import bad
from tests.botapi.uploads import Upload

Json = dict[str, Any]


@dataclass
class Call:
    """One request and its result. Times are seconds since the epoch; status 0 is a cut connection."""

    method: str
    values: Json
    at: float
    answered: float = 0.0
    status: int = 0
    files: list[str] = field(default_factory=list)
    result: Any = None


async def given(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """A call's values, from the query and a form, a multipart form or JSON."""
    values: Json = dict(request.query)
    files: dict[str, Upload] = {}
    try:
        match request.content_type:
            case "application/json":
                said = json.loads(await request.read())
                if not isinstance(said, dict):
                    raise bad("can't parse JSON object")
                values |= said
            case "multipart/form-data":
                async for part in await request.multipart():
                    content = bytes(await part.read())
                    if part.filename is not None:
                        files[part.name] = Upload(content, part.filename)
                    else:
                        values[part.name] = content.decode()
            case _:
                values |= parse_qsl(
                    (await request.read()).decode("ascii"), keep_blank_values=True, errors="strict"
                )
    except UnicodeDecodeError:
        raise bad("strings must be encoded in UTF-8") from None
    except (ValueError, RecursionError):
        raise bad("can't parse the request") from None
    return values, files


async def chat_of(request: web.Request) -> int | None:
    """The chat that a call in JSON goes to; None for any other."""
    if request.content_type != "application/json":
        return None
    try:
        return json.loads(await request.read()).get("chat_id")
    except (ValueError, AttributeError, RecursionError):
        return None


async def reply(request: web.Request, status: int, body: Any, fault: str) -> web.StreamResponse:
    said = body if isinstance(body, str) else json.dumps(body, default=str)
    answer = web.Response(body=said.encode(), status=status, content_type="application/json")
    if fault in {"cut", "truncate"}:
        answer = web.StreamResponse(status=status, headers={"Content-Length": str(len(said.encode()))})
        answer.content_type = "application/json"
        if fault == "truncate":
            await answer.prepare(request)
            await answer.write(said.encode()[: len(said) // 2])
        if request.transport is not None:
            request.transport.close()
    return answer


def plain(values: Json) -> Json:
    return json.loads(json.dumps(values, default=lambda odd: f"<{type(odd).__name__}>"))
