"""Renders a Say for Telegram, as payloads that the Bot API accepts whatever text they contain."""

import re
from functools import lru_cache
from html import escape
from typing import Any
from unicodedata import category

from telegram.constants import InlineKeyboardButtonLimit, InlineKeyboardMarkupLimit, MessageLimit

from conversations.core.messages import Choice, Link, Row, Say

Payload = dict[str, Any]

TICKED, UNTICKED = "✓ ", "☐ "
NOTHING = "…"  # used if no visible text is left

OPENERS, CLOSER = "\u2066\u2067\u2068", "\u2069"  # isolates, which keep inserted names in their own direction

# Removed: overrides and embeddings (they change the direction of other people's words), lone surrogates, and control
# characters other than the line break. Line and paragraph separators become line breaks.
_OUT = re.compile("[\u202a-\u202e\ud800-\udfff\x00-\x08\x0e-\x1f\x7f-\x9f]")
_BREAKS = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_ISOLATES = re.compile(f"[{OPENERS}{CLOSER}\n]")

# Invisible: spaces, controls, formats and these. Telegram rejects a message that has only such characters.
_UNSEEN_KINDS = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
_UNSEEN = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffc\u034f\u030a\u0333\u033f") | {
    chr(n) for n in range(0xFE00, 0xFE10)
}


def messages(say: Say, counted: str = "{n} of {total}") -> tuple[Payload, ...]:
    """The sendMessage payloads, without the chat: usually one, several if the text is too long.

    `counted` is the catalogue's "{n} of {total}". The last payload has the buttons.
    """
    heading, text = _heading_and_text(say, counted)
    parts = [_html(text, heading, span) for span in _spans(text, MessageLimit.MAX_TEXT_LENGTH)]
    plain: Payload = {"parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
    drawn = [{"text": part, **plain} for part in parts or [NOTHING]]
    drawn[-1] |= _buttons(say)
    return tuple(drawn)


def caption_and_messages(say: Say, counted: str = "{n} of {total}") -> tuple[Payload, tuple[Payload, ...]]:
    """The sendPhoto or sendDocument payload, without the file, and the payloads of messages after it.

    Text that is too long for a caption follows in separate messages, with the buttons.
    """
    heading, text = _heading_and_text(say, counted)
    if _units(text) > MessageLimit.CAPTION_LENGTH:
        return {}, messages(say, counted)
    words = {"caption": _html(text, heading, (0, len(text))), "parse_mode": "HTML"} if text else {}
    return words | _buttons(say), ()


def keyboard(rows: tuple[Row, ...], visit: int) -> Payload | None:
    """The inline keyboard; None without buttons. A row that is too wide is split."""
    width = int(InlineKeyboardMarkupLimit.BUTTONS_PER_ROW)
    pieces = [row[at : at + width] for row in rows for at in range(0, len(row), width)]
    drawn = [[_button(button, visit) for button in piece] for piece in pieces]
    assert sum(map(len, drawn)) <= InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER, "this step needs pages"
    return {"inline_keyboard": drawn} if drawn else None


def without_links(keyboard: Payload) -> Payload:
    """The inline keyboard without the buttons that open an address."""
    rows = ([button for button in row if "url" not in button] for row in keyboard["inline_keyboard"])
    return {"inline_keyboard": [row for row in rows if row]}


def clean(text: str) -> str:
    """The text without characters that could reverse, hide or break other text. Paired isolates stay."""
    return text if _is_plain(text) else _drop_lone_isolates(_OUT.sub("", _BREAKS.sub("\n", text)))


def _is_plain(text: str) -> bool:
    """Whether the text has only printable characters and line breaks. Nearly all texts do."""
    return text.replace("\n", "").isprintable()


def _heading_and_text(say: Say, counted: str) -> tuple[range, str]:
    """The range of the heading within the text, and the whole text; empty if nothing is visible."""
    place = counted.format(n=say.progress[0], total=say.progress[1]) if say.progress else ""
    above = " · ".join(filter(None, (say.badge, place)))
    described = say.attachment.described if say.attachment else ""
    above, heading, body, described = (_visible(clean(x)) for x in (above, say.heading, say.whole, described))
    start = len(above) + 1 if above else 0
    top = "\n".join(filter(None, (above, heading, body)))
    return range(start, start + len(heading)), "\n\n".join(filter(None, (top, described)))


def _visible(text: str) -> str:
    """The text, stripped; empty if it has no visible character."""
    return text.strip() if any(map(_is_visible, text)) else ""


@lru_cache(1000)
def _is_visible(sign: str) -> bool:
    return category(sign) not in _UNSEEN_KINDS and sign not in _UNSEEN


def _drop_lone_isolates(text: str) -> str:
    """Removes isolates without a partner in their line: an open one would affect everything after it."""
    opened: list[int] = []
    lonely: set[int] = set()
    for mark in _ISOLATES.finditer(text):
        if mark[0] == "\n":
            lonely.update(opened)
            opened.clear()
        elif mark[0] != CLOSER:
            opened.append(mark.start())
        elif opened:
            opened.pop()
        else:
            lonely.add(mark.start())
    lonely.update(opened)
    return "".join(sign for at, sign in enumerate(text) if at not in lonely) if lonely else text


def _units(text: str) -> int:
    """The length as Telegram counts it, in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _spans(text: str, limit: int) -> list[tuple[int, int]]:
    """Splits the text between paragraphs, lines or words. Returns (start, end) of pieces of at most `limit` UTF-16
    units.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    while start < len(text):
        end = start + _cut(text[start : start + limit + 1], limit)
        if _visible(text[start:end]):
            spans.append((start, end))
        start = end
    return spans


def _cut(text: str, limit: int) -> int:
    if _units(text) <= limit:
        return len(text)
    most = len(text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", errors="ignore"))
    window = text[: most + 1]
    for gap, least in (("\n\n", most // 2), ("\n", most // 2), (" ", 1)):
        at = window.rfind(gap)
        if at >= least:
            return at + len(gap) if at + len(gap) <= most else at
    return most


def _html(text: str, heading: range, span: tuple[int, int]) -> str:
    """One piece of the text as HTML, with the part of the heading that falls into it in bold."""
    start, end = span
    first, last = (min(max(at, start), end) for at in (heading.start, heading.stop))
    bold = escape(text[first:last], quote=False)
    around = (escape(text[a:b], quote=False) for a, b in ((start, first), (last, end)))
    piece = (f"<b>{bold}</b>" if bold else "").join(around).strip()
    return piece if _is_plain(piece) else _drop_lone_isolates(piece)


def _buttons(say: Say) -> Payload:
    drawn = keyboard(say.rows, say.visit)
    return {"reply_markup": drawn} if drawn else {}


def _button(button: Choice | Link, visit: int) -> Payload:
    label = _visible(" ".join(clean(button.label).split())) or NOTHING
    if isinstance(button, Link):
        return {"text": label, "url": button.address}
    data = f"{visit}:{button.key}"
    assert len(data.encode()) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA, "a key is short"
    tick = TICKED if button.ticked or button.chosen else "" if button.ticked is None else UNTICKED
    return {"text": tick + label, "callback_data": data}
