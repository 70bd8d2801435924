"""Serves the page, and answers what aiohttp cannot even parse as a request."""

import resource
from typing import Any

from aiohttp import web

from handlers.web.context import CONTEXT
from handlers.web.templates_api import HEADERS

BACKLOG = 4096  # connections that wait to be accepted: a school that opens the page at once has more than the usual 128
_FILES = 16_384  # that this process may have open
_NAME = "Heard"  # aiohttp would send its version and Python's


def allow_many_connections() -> None:
    """Each open page holds one; the usual limit is 1,024 open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class PageRunner(web.AppRunner):
    """Runs the application. What cannot be parsed gets the same headers as any answer, and nothing of it is logged."""

    async def _make_server(self) -> web.Server:
        made, page = await super()._make_server(), self.app[CONTEXT]
        _ = page.runtime.library.words(page.runtime.rules.languages[0], None)
        said = ". ".join(
            (_("There's nothing here"), _("The address may be old, or a letter may be missing."))
        )
        return _Server(made.request_handler, said, request_factory=made.request_factory, **self._kwargs)


class _Server(web.Server):
    def __init__(self, handler: Any, said: str, **options: Any) -> None:
        super().__init__(handler, **options)
        self._said = said

    def __call__(self) -> web.RequestHandler:
        return _Connection(self, self._said, loop=self._loop, **self._kwargs)


class _Connection(web.RequestHandler):
    __slots__ = ("_said",)

    def __init__(self, server: web.Server, said: str, **options: Any) -> None:
        super().__init__(server, **options)
        self._said = said

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,  # noqa: ARG002 - its text quotes what came
        message: str | None = None,  # noqa: ARG002 - and so does this
    ) -> web.StreamResponse:
        if request.writer.output_size:
            raise ConnectionError("a part of the answer is sent already")
        headers = {**HEADERS, "Cache-Control": "no-store", "Server": _NAME}
        answer = web.Response(text=f"{self._said}\n", status=status, headers=headers)
        answer.force_close()
        return answer
