"""How a Say looks on Telegram: payloads that the Bot API takes, whatever somebody wrote into them."""

import re
from functools import lru_cache
from html import escape
from typing import Any
from unicodedata import category

from telegram.constants import InlineKeyboardButtonLimit, InlineKeyboardMarkupLimit, MessageLimit

from conversations.core.messages import Choice, Link, Row, Say

Payload = dict[str, Any]

TICKED, UNTICKED = "✓ ", "☐ "
NOTHING = "…"  # stands where nothing that can be seen is left to say

OPENERS, CLOSER = "\u2066\u2067\u2068", "\u2069"  # isolates: they keep inserted names in their own direction

# Out: overrides and embeddings (they turn other people's words around), lone surrogates, and control
# characters but the line break. Line and paragraph separators become the line breaks that they mean.
_OUT = re.compile("[\u202a-\u202e\ud800-\udfff\x00-\x08\x0e-\x1f\x7f-\x9f]")
_BREAKS = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_ISOLATES = re.compile(f"[{OPENERS}{CLOSER}\n]")

# Nobody sees spaces, controls, formats, or these; Telegram takes no message made of nothing else.
_UNSEEN_KINDS = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
_UNSEEN = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffc\u034f\u030a\u0333\u033f") | {
    chr(n) for n in range(0xFE00, 0xFE10)
}


def messages(say: Say, counted: str = "{n} of {total}") -> tuple[Payload, ...]:
    """What sendMessage takes, without the chat: usually one, more where the text is too long for one.

    `counted` is the catalogue's "{n} of {total}". Buttons stand under the last part.
    """
    heading, text = _written(say, counted)
    parts = [_html(text, heading, span) for span in _spans(text, MessageLimit.MAX_TEXT_LENGTH)]
    plain: Payload = {"parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
    drawn = [{"text": part, **plain} for part in parts or [NOTHING]]
    drawn[-1] |= _buttons(say)
    return tuple(drawn)


def captioned(say: Say, counted: str = "{n} of {total}") -> tuple[Payload, tuple[Payload, ...]]:
    """What sendPhoto or sendDocument takes beside its file, and the messages that follow it.

    Words that are too long for a caption follow as messages of their own, and the buttons with them.
    """
    heading, text = _written(say, counted)
    if _units(text) > MessageLimit.CAPTION_LENGTH:
        return {}, messages(say, counted)
    words = {"caption": _html(text, heading, (0, len(text))), "parse_mode": "HTML"} if text else {}
    return words | _buttons(say), ()


def keyboard(rows: tuple[Row, ...], visit: int) -> Payload | None:
    """The inline keyboard, or None where there are no buttons. A wide row becomes several."""
    width = int(InlineKeyboardMarkupLimit.BUTTONS_PER_ROW)
    pieces = [row[at : at + width] for row in rows for at in range(0, len(row), width)]
    drawn = [[_button(button, visit) for button in piece] for piece in pieces]
    assert sum(map(len, drawn)) <= InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER, "this step needs pages"
    return {"inline_keyboard": drawn} if drawn else None


def clean(text: str) -> str:
    """The text without what could turn, hide or break other words. Isolates stay where they come in pairs."""
    return text if _is_plain(text) else _paired(_OUT.sub("", _BREAKS.sub("\n", text)))


def _is_plain(text: str) -> bool:
    """Whether it holds nothing but what can be seen, spaces and line breaks, as nearly all texts do."""
    return text.replace("\n", "").isprintable()


def _written(say: Say, counted: str) -> tuple[range, str]:
    """The whole text, and where in it the heading stands. Empty where there is nothing to see."""
    place = counted.format(n=say.progress[0], total=say.progress[1]) if say.progress else ""
    above = " · ".join(filter(None, (say.badge, place)))
    described = say.attachment.described if say.attachment else ""
    above, heading, body, described = (_seen(clean(x)) for x in (above, say.heading, say.whole, described))
    start = len(above) + 1 if above else 0
    top = "\n".join(filter(None, (above, heading, body)))
    return range(start, start + len(heading)), "\n\n".join(filter(None, (top, described)))


def _seen(text: str) -> str:
    """The text, trimmed; or nothing, where it holds nothing that can be seen."""
    return text.strip() if any(map(_is_seen, text)) else ""


@lru_cache(1000)
def _is_seen(sign: str) -> bool:
    return category(sign) not in _UNSEEN_KINDS and sign not in _UNSEEN


def _paired(text: str) -> str:
    """Drop isolates that have no partner in their line: an open one would swallow what comes after it."""
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
    """Length as Telegram counts it: in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _spans(text: str, limit: int) -> list[tuple[int, int]]:
    """Where to part the text so that each piece is short enough: between paragraphs, lines, or words."""
    spans: list[tuple[int, int]] = []
    start = 0
    while start < len(text):
        end = start + _cut(text[start : start + limit + 1], limit)
        if _seen(text[start:end]):
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
    """One piece of the text, escaped, with the heading (or what of it falls here) in bold."""
    start, end = span
    first, last = (min(max(at, start), end) for at in (heading.start, heading.stop))
    bold = escape(text[first:last], quote=False)
    around = (escape(text[a:b], quote=False) for a, b in ((start, first), (last, end)))
    piece = (f"<b>{bold}</b>" if bold else "").join(around).strip()
    return piece if _is_plain(piece) else _paired(piece)


def _buttons(say: Say) -> Payload:
    drawn = keyboard(say.rows, say.visit)
    return {"reply_markup": drawn} if drawn else {}


def _button(button: Choice | Link, visit: int) -> Payload:
    label = _seen(" ".join(clean(button.label).split())) or NOTHING
    if isinstance(button, Link):
        return {"text": label, "url": button.address}
    data = f"{visit}:{button.key}"
    assert len(data.encode()) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA, "a key is short"
    tick = TICKED if button.ticked or button.chosen else "" if button.ticked is None else UNTICKED
    return {"text": tick + label, "callback_data": data}
