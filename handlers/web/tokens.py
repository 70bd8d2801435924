"""The cookie that holds a page's address, the one that a form which opens a page is bound to, and CSRF tokens."""

import base64
import hmac
import re
import secrets

from aiohttp import web

from storage.security.vault import Vault

_YEAR = 365 * 24 * 3600
_CSRF_BYTES = 16
_CSRF_SHAPE = re.compile(rf"[0-9a-f]{{{4 * _CSRF_BYTES}}}")  # the mask, and the token under it
_SHAPE = re.compile(r"[A-Za-z0-9_-]{22}")  # 128 bits


def new() -> str:
    """A token that cannot be guessed: 128 bits."""
    return secrets.token_urlsafe(16)


def valid_or_empty(sent: str) -> str:
    """The text if it has the shape of our tokens, else empty, so that nothing else is looked up."""
    return sent if _SHAPE.fullmatch(sent) else ""


def address(vault: Vault, once: str, browser: str) -> str:
    """The address of the page that a form opens: the same if one browser sends the form twice, and another for anybody
    else who saw the form. `browser` is what `form_cookie` holds; without it, each sending gets an address of its own.
    """
    return base64.urlsafe_b64encode(vault.keyed_hash(f"page:{once}:{browser or new()}")).decode()[:22]


def csrf(vault: Vault, page: str) -> str:
    """The CSRF token for forms of the page at this address, made with the data key; empty for a stranger. It is masked
    anew each time: the lengths of many compressed answers would reveal one that stays the same (BREACH).
    """
    if not page:
        return ""
    mask = secrets.token_bytes(_CSRF_BYTES)
    return (mask + _xor(mask, _csrf(vault.keyed_hash(f"csrf:{page}")))).hex()


def csrf_fits(vault: Vault, page: str, sent: str) -> bool:
    """Whether the token fits this page; older pages may have one made with the previous key."""
    if not page:
        return sent == ""
    if not _CSRF_SHAPE.fullmatch(sent):
        return False
    masked = bytes.fromhex(sent)
    token = _xor(masked[:_CSRF_BYTES], masked[_CSRF_BYTES:])
    return any(hmac.compare_digest(token, _csrf(hashed)) for hashed in vault.hashes(f"csrf:{page}"))


def _csrf(hashed: bytes) -> bytes:
    return hashed[:_CSRF_BYTES]


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def cookie(request: web.Request, *, secure: bool) -> str:
    """The page address in the cookie; empty for a stranger."""
    return valid_or_empty(request.cookies.get(_name(secure=secure), ""))


def set_cookie(answer: web.StreamResponse, page: str, *, secure: bool, stays: bool) -> None:
    """Sets the cookie. Unless it `stays`, it goes when the browser closes."""
    lasts = _YEAR if stays else None
    answer.set_cookie(
        _name(secure=secure), page, max_age=lasts, httponly=True, secure=secure, samesite="Lax", path="/"
    )


def delete_cookies(answer: web.StreamResponse, *, secure: bool) -> None:
    for name in (_name(secure=secure), _form_name(secure=secure)):
        answer.del_cookie(name, path="/", secure=secure, httponly=True, samesite="Lax")


def form_cookie(request: web.Request, *, secure: bool) -> str:
    """What tells this browser from others who saw the same form; empty if it has not got it yet."""
    return valid_or_empty(request.cookies.get(_form_name(secure=secure), ""))


def set_form_cookie(answer: web.StreamResponse, *, secure: bool) -> None:
    """Sets that, with a form that opens a page. It goes when the browser closes."""
    answer.set_cookie(
        _form_name(secure=secure), new(), httponly=True, secure=secure, samesite="Lax", path="/"
    )


def _name(*, secure: bool) -> str:
    # Browsers accept a __Host- cookie only over HTTPS, from this host, with path "/".
    return "__Host-heard" if secure else "heard"


def _form_name(*, secure: bool) -> str:
    return f"{_name(secure=secure)}-form"
