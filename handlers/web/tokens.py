"""The cookie that is a page's address, and the tokens that its forms carry."""

import base64
import hmac
import re
import secrets

from aiohttp import web

from storage.security.vault import Vault

_YEAR = 365 * 24 * 3600
_SHAPE = re.compile(r"[A-Za-z0-9_-]{22}")  # 128 bits


def new() -> str:
    """A token that cannot be guessed: 128 bits."""
    return secrets.token_urlsafe(16)


def shaped(sent: str) -> str:
    """What somebody sent, where it may be one of our tokens; else nothing, so that nothing else is looked for."""
    return sent if _SHAPE.fullmatch(sent) else ""


def address(vault: Vault, once: str) -> str:
    """The address of the page that a form opens. The same form sent twice opens one page; nobody can guess it."""
    return base64.urlsafe_b64encode(vault.hashed(f"page:{once}")).decode()[:22]


def csrf(vault: Vault, page: str) -> str:
    """What the forms of the page with this address carry: it can be made only with the data key."""
    return _csrf(vault.hashed(f"csrf:{page}")) if page else ""


def csrf_fits(vault: Vault, page: str, sent: str) -> bool:
    """Whether a form of this page sent it; the page may be from before the key was changed."""
    fitting = [_csrf(hashed) for hashed in vault.hashes(f"csrf:{page}")] if page else [""]
    return any(hmac.compare_digest(sent.encode("utf-8", "replace"), one.encode()) for one in fitting)


def _csrf(hashed: bytes) -> str:
    return hashed.hex()[:32]


def cookie(request: web.Request, *, secure: bool) -> str:
    """The page's address, as its cookie holds it; empty for a stranger."""
    return shaped(request.cookies.get(_name(secure=secure), ""))


def give(answer: web.StreamResponse, page: str, *, secure: bool, shared: bool) -> None:
    """Sets the cookie; on a shared device it goes when the browser is closed."""
    lasts = None if shared else _YEAR
    answer.set_cookie(
        _name(secure=secure), page, max_age=lasts, httponly=True, secure=secure, samesite="Lax", path="/"
    )


def take_away(answer: web.StreamResponse, *, secure: bool) -> None:
    answer.del_cookie(_name(secure=secure), path="/", secure=secure, httponly=True, samesite="Lax")


def _name(*, secure: bool) -> str:
    # A browser takes a __Host- cookie only over https, from this host, for the whole of it.
    return "__Host-heard" if secure else "heard"
