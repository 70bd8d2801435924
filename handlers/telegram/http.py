"""How calls travel to the Bot API: through aiohttp, always telling whether a call can have arrived."""

import io
import json
from http import HTTPStatus
from typing import Any

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    FormData,
    InvalidURL,
    NonHttpUrlClientError,
    ServerFingerprintMismatch,
    TCPConnector,
)
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData

from storage.core import json_codec

Body = bytes | FormData | None
Timeout = Any  # seconds, None for ever, or BaseRequest.DEFAULT_NONE where the caller leaves it to us

_JSON = {"Content-Type": "application/json"}

# What a refusal means, as the library has it.
_REFUSALS: dict[int, type[TelegramError]] = {
    HTTPStatus.BAD_REQUEST: BadRequest,
    HTTPStatus.UNAUTHORIZED: InvalidToken,
    HTTPStatus.FORBIDDEN: Forbidden,
    HTTPStatus.NOT_FOUND: InvalidToken,
    HTTPStatus.CONFLICT: Conflict,
}

# What aiohttp raises while it has no connection yet: of such a call not a byte has left.
BEFORE_LEAVING = (
    ConnectionTimeoutError,
    ClientConnectorError,
    InvalidURL,
    NonHttpUrlClientError,
    ServerFingerprintMismatch,
)


class RequestNotSent(NetworkError):
    """The call surely had no effect: it never left, or was turned away unread. It may be made again."""


class RequestFateUnknown(NetworkError):
    """The call left, and no answer of the Bot API came back. Making it again may send a message twice."""


class RequestNotSentInTime(RequestNotSent, TimedOut):
    """No connection, or no place in the pool, within the time given."""


class RequestFateUnknownInTime(RequestFateUnknown, TimedOut):
    """The call left, and its answer did not come within the time given."""


class TooFast(RequestNotSent, RetryAfter):
    """Turned away with HTTP 429; `retry_after` is how many seconds Telegram asks to wait.

    The library's own RetryAfter warns of its deprecation each time that it is made or read.
    """

    def __init__(self, seconds: float) -> None:
        TelegramError.__init__(self, "Too many calls (HTTP 429)")
        self._seconds = seconds

    @property
    def retry_after(self) -> float:  # type: ignore[override]  # plain seconds in every version
        return self._seconds


class AiohttpRequest(BaseRequest):
    """python-telegram-bot's requests over one aiohttp session.

    Times are in seconds, None waits for ever. `connections` is how many calls travel at once; another call
    waits for a place no longer than `pool_timeout`. Every failure is `RequestNotSent` or `RequestFateUnknown`, or an error
    that the Bot API itself answered with. Their texts hold no address, for the address holds the token.
    """

    def __init__(
        self,
        connections: int = 64,
        *,
        read_timeout: float | None = 10.0,
        write_timeout: float | None = 20.0,
        connect_timeout: float | None = 5.0,
        pool_timeout: float | None = 5.0,
    ) -> None:
        self._connections = connections
        self._read, self._write = read_timeout, write_timeout
        self._connect, self._pool = connect_timeout, pool_timeout
        self._times = _times(pool_timeout, connect_timeout, write_timeout, read_timeout)
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._read

    async def initialize(self) -> None:
        if self._session is None:
            self._session = ClientSession(
                connector=TCPConnector(limit=self._connections),
                cookie_jar=DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                skip_auto_headers=("Accept", "Accept-Encoding"),  # what answers is always JSON, and short
            )

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        write_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        connect_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        pool_timeout: Timeout = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one call; gives the HTTP status and the answer's bytes.

        An answer that comes back is whole: a file (GET), or JSON as the Bot API writes it.
        """
        times = _times(
            _given(pool_timeout, self._pool),
            _given(connect_timeout, self._connect),
            _given(write_timeout, self._write),
            _given(read_timeout, self._read),
        )
        status, answer = await self._travel(method, url, *_body(request_data), times)
        trouble = None if method == "GET" and status < 300 else _what_is_wrong(status, _read(answer))
        if trouble is not None:
            raise trouble
        return status, answer

    async def call(self, url: str, values: dict[str, Any] | None = None) -> Any:
        """The result of a call without files, in the times of this object. It raises what the library's Bot raises.
        Without values, all that is said stands in its address: nothing is left to write once its head is.

        The library takes each value apart and reads each answer once more, which with every turn costs as much as
        the travel does.
        """
        body = None if values is None else json_codec.dumps(values).encode()
        method, headers = ("POST", _JSON) if body else ("GET", {})
        status, answer = await self._travel(method, url, body, headers, self._times)
        said = _read(answer)
        trouble = _what_is_wrong(status, said)
        if trouble is not None:
            raise trouble
        if status >= 300:
            raise _REFUSALS.get(status, NetworkError)(str(said.get("description")))
        return said["result"]

    async def _travel(
        self, method: str, url: str, body: Body, headers: dict[str, str], times: ClientTimeout
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RequestNotSent("No session: before initialize(), or after shutdown()")
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=times, allow_redirects=False
            ) as answer:
                return answer.status, await answer.read()
        except Exception as fault:  # noqa: BLE001  whatever it is, its own text may hold the token
            trouble = _what_happened(fault)
        raise trouble  # outside the except: the fault is not carried along as its context


def _given(value: Timeout, default: float | None) -> float | None:
    return default if value is BaseRequest.DEFAULT_NONE else value


def _times(
    pool: float | None, connect: float | None, write: float | None, read: float | None
) -> ClientTimeout:
    """There is no write timeout in aiohttp; the whole call's time bounds it."""
    waiting = None if pool is None or connect is None else pool + connect
    whole = None if waiting is None or write is None or read is None else waiting + write + read
    return ClientTimeout(total=whole, connect=waiting, sock_connect=connect, sock_read=read)


def _body(data: RequestData | None) -> tuple[Body, dict[str, str]]:
    """JSON, or multipart where there are files. A lone surrogate cannot stop a file: it becomes '?'."""
    if data is None:
        return None, {}
    if not data.contains_files:
        return json.dumps(data.parameters).encode(), {"Content-Type": "application/json"}
    form = FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value.encode(errors="replace").decode())
    for name, (filename, content, kind) in data.multipart_data.items():
        file = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, file, filename=filename, content_type=kind)
    return form, {}


def _what_happened(fault: Exception) -> NetworkError:
    kind = type(fault).__name__
    if isinstance(fault, BEFORE_LEAVING):
        if isinstance(fault, TimeoutError):
            return RequestNotSentInTime(f"No connection in time ({kind})")
        return RequestNotSent(f"No connection ({kind})")
    if isinstance(fault, TimeoutError):
        return RequestFateUnknownInTime(f"No answer in time ({kind})")
    if isinstance(fault, ClientError | OSError):
        return RequestFateUnknown(f"Cut off before an answer ({kind})")
    return RequestFateUnknown(f"The call failed here ({kind})")


def _what_is_wrong(status: int, said: dict[str, Any]) -> NetworkError | None:
    """None where the answer can be believed: a result, or a refusal in the Bot API's words."""
    if status < 300 and said.get("ok") is True and "result" in said:
        return None
    if status == 429:
        wait = said.get("parameters", {}).get("retry_after")
        return TooFast(wait) if wait else RequestNotSent("Too many calls (HTTP 429), without a time to wait")
    if 400 <= status < 500 and said.get("ok") is False:
        return None
    return RequestFateUnknown(f"An answer that is none (HTTP {status})")


def _read(answer: bytes) -> dict[str, Any]:
    try:
        said = json_codec.loads(answer)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
