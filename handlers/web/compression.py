"""Compresses what pages are made of. What is the same for everybody is compressed once, by whoever keeps it."""

import gzip

from aiohttp import web

_LEAST = 1_000  # bytes; less fits into one packet anyway
_KINDS = ("text/", "application/json", "application/atom+xml", "image/svg+xml")


def accepts_gzip(request: web.Request) -> bool:
    """Whether the browser understands gzip; all do."""
    return "gzip" in request.headers.get("Accept-Encoding", "").lower()


def is_worth_it(kind: str, size: int) -> bool:
    """Whether content of this type and of so many bytes gets smaller."""
    return size >= _LEAST and kind.startswith(_KINDS)


def compress(content: bytes) -> bytes:
    """The content as gzip, as small as it gets; for what is kept."""
    return gzip.compress(content, mtime=0)


def send_compressed(request: web.Request, answer: web.StreamResponse) -> None:
    """Compresses an answer that was made for one reader. Forms have a token in them that is masked anew in each answer, so
    that its length tells nothing; see `tokens.csrf`.
    """
    if not isinstance(answer, web.Response) or "Content-Encoding" in answer.headers:
        return
    if not isinstance(answer.body, bytes) or not is_worth_it(answer.content_type, len(answer.body)):
        return
    vary = answer.headers.get("Vary")
    answer.headers["Vary"] = f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"
    if accepts_gzip(request):
        answer.enable_compression(web.ContentCoding.gzip)
