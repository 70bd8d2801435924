"""Reads what staff type about a helpline: a number to dial, a number and word to text, the address of a chat."""

import re
from urllib.parse import urlsplit

NAME_MOST, WORDS_MOST, ADDRESS_MOST = 24, 120, 200  # letters

_BETWEEN = re.compile(r"[\s().-]+")
_NUMBER = re.compile(r"\+?\d{3,15}", re.ASCII)
_TEXT = re.compile(r"(?P<number>[+\d\s().-]+?)(?:\s+(?P<word>[A-Za-z][A-Za-z0-9]{0,15}))?", re.ASCII)
_HOST = re.compile(r"(?!\d+(\.\d+){3}$)[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII)


def number_in(text: str) -> str | None:
    """A number as people read it, with single spaces. None if no phone could dial it."""
    shown = _BETWEEN.sub(" ", text).strip()
    return shown if _NUMBER.fullmatch(shown.replace(" ", "")) else None


def text_in(text: str) -> tuple[str, str] | None:
    """The number to text, and the word that comes first (empty if none): "85258 SHOUT"."""
    found = _TEXT.fullmatch(text.strip())
    number = number_in(found["number"]) if found else None
    return (number, found["word"] or "") if found and number else None


def chat_in(text: str) -> str | None:
    """An https address that any browser can open."""
    address = text.strip()
    if len(address) > ADDRESS_MOST or not address.isascii() or not address.isprintable() or " " in address:
        return None
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return None
    safe = parts.scheme == "https" and "@" not in parts.netloc and _HOST.fullmatch(host)
    return address if safe else None


def line_in(text: str, most: int) -> str | None:
    """One line of at most `most` letters. None if it is empty or longer."""
    line = " ".join(text.split())
    return line if 0 < len(line) <= most else None
