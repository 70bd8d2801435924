"""Which buttons Telegram takes under a message."""

from typing import Any
from urllib.parse import urlsplit

from telegram.constants import InlineKeyboardButtonLimit as One
from telegram.constants import InlineKeyboardMarkupLimit as All

from tests.botapi import text
from tests.botapi.refused import Refused, bad

DOES = {"url", "callback_data", "web_app", "login_url", "switch_inline_query", "copy_text", "pay"}


def check(markup: dict[str, Any] | None, *, inline_only: bool = False) -> dict[str, Any]:
    """The markup as the message will carry it, `{}` for none."""
    if not markup:
        return {}
    if "inline_keyboard" not in markup:
        if inline_only:
            raise bad("inline keyboard expected")
        return {"reply_markup": markup}
    rows = [row for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > All.TOTAL_BUTTON_NUMBER or any(len(row) > All.BUTTONS_PER_ROW for row in rows):
        raise bad("reply markup is too long")
    for row in rows:
        for button in row:
            _check_button(button)
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _check_button(button: dict[str, Any]) -> None:
    try:
        text.read(button["text"], None, limit=text.MOST_BYTES, what="button")
    except Refused:
        raise bad("inline keyboard button text must be non-empty") from None
    does = DOES & set(button)
    if len(does) != 1:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in does:
        size = len(button["callback_data"].encode())
        if not One.MIN_CALLBACK_DATA <= size <= One.MAX_CALLBACK_DATA:
            raise bad("BUTTON_DATA_INVALID")
    if "url" in does:
        _check_address(button["url"])


def _check_address(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https", "tg"} or (
        parts.scheme != "tg" and "." not in (parts.hostname or "")
    ):
        raise bad(f"inline keyboard button URL '{address}' is invalid: Wrong HTTP URL")
