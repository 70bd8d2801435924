"""Bot API requests through aiohttp. Every failure says whether the request may have taken effect."""

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
Timeout = Any  # seconds; None for no limit; BaseRequest.DEFAULT_NONE for the default

_JSON = {"Content-Type": "application/json"}

# The library's exception for each error status.
_REFUSALS: dict[int, type[TelegramError]] = {
    HTTPStatus.BAD_REQUEST: BadRequest,
    HTTPStatus.UNAUTHORIZED: InvalidToken,
    HTTPStatus.FORBIDDEN: Forbidden,
    HTTPStatus.NOT_FOUND: InvalidToken,
    HTTPStatus.CONFLICT: Conflict,
}

# What aiohttp raises before it has a connection, when nothing was sent yet.
BEFORE_LEAVING = (
    ConnectionTimeoutError,
    ClientConnectorError,
    InvalidURL,
    NonHttpUrlClientError,
    ServerFingerprintMismatch,
)


class RequestNotSent(NetworkError):
    """The call certainly had no effect: it was not sent, or was rejected unread. It may be repeated."""


class RequestFateUnknown(NetworkError):
    """The call was sent, but got no answer of the Bot API. Repeating it may send a message twice."""


class RequestNotSentInTime(RequestNotSent, TimedOut):
    """No connection, or no free one in the pool, in time."""


class RequestFateUnknownInTime(RequestFateUnknown, TimedOut):
    """The call was sent, but its answer did not come in time."""


class TooFast(RequestNotSent, RetryAfter):
    """Rejected with HTTP 429. `retry_after` is the number of seconds to wait.

    The library's own RetryAfter emits a deprecation warning whenever it is created or read.
    """

    def __init__(self, seconds: float) -> None:
        TelegramError.__init__(self, "Too many calls (HTTP 429)")
        self._seconds = seconds

    @property
    def retry_after(self) -> float:  # type: ignore[override]  # plain seconds in every version
        return self._seconds


class AiohttpRequest(BaseRequest):
    """python-telegram-bot's requests over one aiohttp session.

    Timeouts are in seconds; None means no limit. `connections` is the number of concurrent calls; a further call waits
    at most `pool_timeout` for a free one. Every failure is `RequestNotSent`, `RequestFateUnknown`, or an error answer
    of the Bot API. Their texts contain no URL, because the URL contains the token.
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
                skip_auto_headers=("Accept", "Accept-Encoding"),  # the answer is always short JSON
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
        """Makes one call. Returns the HTTP status and the body.

        A returned body is complete: a file (GET), or the JSON of the Bot API.
        """
        times = _times(
            _or_default(pool_timeout, self._pool),
            _or_default(connect_timeout, self._connect),
            _or_default(write_timeout, self._write),
            _or_default(read_timeout, self._read),
        )
        status, answer = await self._send(method, url, *_body(request_data), times)
        trouble = (
            None if method == "GET" and status < 300 else _error_in_answer(status, _parse_answer(answer))
        )
        if trouble is not None:
            raise trouble
        return status, answer

    async def call(self, url: str, values: dict[str, Any] | None = None) -> Any:
        """Makes a call without files. Returns its result, and raises what the library's Bot raises. Without `values`,
        it is a GET whose parameters are in the URL, so there is no body to write.

        The library's own way converts each value and parses each answer twice, which costs as much as the request.
        """
        body = None if values is None else json_codec.dumps(values).encode()
        method, headers = ("POST", _JSON) if body else ("GET", {})
        status, answer = await self._send(method, url, body, headers, self._times)
        said = _parse_answer(answer)
        trouble = _error_in_answer(status, said)
        if trouble is not None:
            raise trouble
        if status >= 300:
            raise _REFUSALS.get(status, NetworkError)(str(said.get("description")))
        return said["result"]

    async def _send(
        self, method: str, url: str, body: Body, headers: dict[str, str], times: ClientTimeout
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RequestNotSent("No session: before initialize(), or after shutdown()")
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=times, allow_redirects=False
            ) as answer:
                return answer.status, await answer.read()
        except Exception as fault:  # noqa: BLE001  the text of any error may contain the token
            trouble = _error_for(fault)
        raise trouble  # outside the except block, so that the original error is not its context


def _or_default(value: Timeout, default: float | None) -> float | None:
    return default if value is BaseRequest.DEFAULT_NONE else value


def _times(
    pool: float | None, connect: float | None, write: float | None, read: float | None
) -> ClientTimeout:
    """The timeouts for aiohttp. It has no write timeout, so the total bounds that."""
    waiting = None if pool is None or connect is None else pool + connect
    whole = None if waiting is None or write is None or read is None else waiting + write + read
    return ClientTimeout(total=whole, connect=waiting, sock_connect=connect, sock_read=read)


def _body(data: RequestData | None) -> tuple[Body, dict[str, str]]:
    """The body and its headers: JSON, or multipart if there are files, where a lone surrogate becomes '?'."""
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


def _error_for(fault: Exception) -> NetworkError:
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


def _error_in_answer(status: int, said: dict[str, Any]) -> NetworkError | None:
    """The error in an answer that is not reliable. None for a result, or an error answer of the Bot API."""
    if status < 300 and said.get("ok") is True and "result" in said:
        return None
    if status == 429:
        wait = said.get("parameters", {}).get("retry_after")
        return TooFast(wait) if wait else RequestNotSent("Too many calls (HTTP 429), without a time to wait")
    if 400 <= status < 500 and said.get("ok") is False:
        return None
    return RequestFateUnknown(f"An answer that is none (HTTP {status})")


def _parse_answer(answer: bytes) -> dict[str, Any]:
    try:
        said = json_codec.loads(answer)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
