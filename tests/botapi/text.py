"""Texts as Telegram reads them: HTML parsed, signs cleaned, lengths counted in UTF-16 units."""

import re
from dataclasses import dataclass, field
from typing import Any

from telegram.constants import MessageLimit

from tests.botapi.refused import bad

MOST_BYTES = 1 << 15  # of a text before parsing

KINDS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("span", "tg-spoiler"), "spoiler"),
    **{name: name for name in ("code", "pre", "blockquote")},
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}

_ATTRIBUTE = r"""\s+([^\s=<>/"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[A-Za-z0-9.\-]+))?"""
_START = re.compile(rf"<([^\s>/]*)((?:{_ATTRIBUTE})*)\s*>")
_END = re.compile(r"</([^\s>]*)\s*>")
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot)(?![A-Za-z]));?")

# Telegram turns control characters into spaces, and removes these characters.
_CONTROLS = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x20]")
_TAKEN_OUT = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_EMPTY = re.compile(
    "[ \n\u00a0\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2800\u3000\ufeff\ufffc\U000e0000-\U000e007f]*"
)


@dataclass
class Parsed:
    text: str
    entities: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class _Open:
    name: str
    start: int
    more: dict[str, Any]


def read(text: str, parse_mode: str | None, *, limit: int, what: str, may_be_empty: bool = False) -> Parsed:
    """What is left of a text after parsing and cleaning, or why Telegram does not take it."""
    if len(text.encode()) > MOST_BYTES:
        raise bad("text is too long")
    parsed = _cleaned(_parsed(text, parse_mode))
    if _EMPTY.fullmatch(parsed.text):
        if may_be_empty:
            return Parsed("")
        raise bad(f"{what} text is empty" if not text else "message must be non-empty")
    if units(parsed.text) > limit:
        raise bad(f"{what} is too long")
    return parsed


def message_text(text: str, parse_mode: str | None) -> Parsed:
    return read(text, parse_mode, limit=MessageLimit.MAX_TEXT_LENGTH, what="message")


def caption(text: str, parse_mode: str | None) -> Parsed:
    return read(
        text, parse_mode, limit=MessageLimit.CAPTION_LENGTH, what="message caption", may_be_empty=True
    )


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _parsed(text: str, parse_mode: str | None) -> Parsed:
    match (parse_mode or "").lower():
        case "":
            return Parsed(text)
        case "html":
            return _html(text)
        case "markdown" | "markdownv2":
            raise bad("the double plays parse_mode HTML alone")
        case _:
            raise bad("unsupported parse_mode")


def _html(source: str) -> Parsed:
    """Entities' offsets count characters here; `_cleaned` turns them into UTF-16 units."""
    out: list[str] = []
    entities: list[dict[str, Any]] = []
    opened: list[_Open] = []
    at = 0
    while at < len(source):
        if source[at] == "<":
            at = _tag(source, at, len(out), opened, entities)
        elif source[at] == "&" and (sign := _reference(source, at)):
            out.append(sign[0])
            at = sign[1]
        else:
            out.append(source[at])
            at += 1
    if opened:
        raise unparsed(f'Can\'t find end tag corresponding to start tag "{opened[-1].name}"')
    if any("\ud800" <= sign <= "\udfff" for sign in out):
        raise unparsed("Text contains invalid Unicode characters after decoding HTML entities")
    return Parsed("".join(out), sorted(entities, key=lambda entity: (entity["offset"], -entity["length"])))


def _tag(source: str, at: int, here: int, opened: list[_Open], entities: list[dict[str, Any]]) -> int:
    offset = len(source[:at].encode())
    if source.startswith("</", at):
        return _end_tag(source, at, here, opened, entities, offset)
    tag = _START.match(source, at)
    name = (tag[1] if tag else re.match(r"[^\s>]*", source[at + 1 :])[0]).lower()
    if ">" not in source[at:]:
        raise unparsed(f"Unclosed start tag at byte offset {offset}")
    if name not in KINDS:
        raise unparsed(f'Unsupported start tag "{name}" at byte offset {offset}')
    if tag is None:
        raise unparsed(f'Broken attribute of the tag "{name}" at byte offset {offset}')
    attributes = {key: value.strip("\"'") for key, value in re.findall(_ATTRIBUTE, tag[2])}
    opened.append(_Open(name, here, _more(name, attributes, offset)))
    return tag.end()


def _end_tag(
    source: str, at: int, here: int, opened: list[_Open], entities: list[dict[str, Any]], offset: int
) -> int:
    if not opened:
        raise unparsed(f"Unexpected end tag at byte offset {offset}")
    tag = _END.match(source, at)
    if tag is None:
        raise unparsed(f"Unclosed end tag at byte offset {offset}")
    was = opened.pop()
    if tag[1] and tag[1].lower() != was.name:
        raise unparsed(
            f'Unmatched end tag at byte offset {offset}, expected "</{was.name}>", found "</{tag[1]}>"'
        )
    if here > was.start:
        entities.append(
            {"type": KINDS[was.name], "offset": was.start, "length": here - was.start, **was.more}
        )
    return tag.end()


def _more(name: str, attributes: dict[str, str], offset: int) -> dict[str, Any]:
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise unparsed(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    if name == "tg-emoji":
        if not attributes.get("emoji-id", "").isdigit():
            raise unparsed("Invalid custom emoji identifier specified")
        return {"custom_emoji_id": attributes["emoji-id"]}
    return {"url": _plain(attributes.get("href", ""))} if name == "a" else {}


def _plain(value: str) -> str:
    return _REFERENCE.sub(lambda found: _reference(found[0], 0)[0], value)


def _reference(source: str, at: int) -> tuple[str, int] | None:
    found = _REFERENCE.match(source, at)
    if not found:
        return None
    if found[3]:
        return NAMED[found[3]], found.end()
    code = int(found[1], 16) if found[1] else int(found[2])
    return (chr(code), found.end()) if 0 < code < 0x10FFFF else None


def _cleaned(parsed: Parsed) -> Parsed:
    signs = [_TAKEN_OUT.sub("", _CONTROLS.sub(" ", sign)) for sign in parsed.text]
    whole = "".join(signs)
    lead = len(whole) - len(whole.lstrip(" \n"))
    text = whole.strip(" \n")
    counts = [0]
    for sign in signs:
        counts.append(counts[-1] + len(sign))

    def place(index: int) -> int:
        return units(text[: min(max(counts[index] - lead, 0), len(text))])

    entities = []
    for entity in parsed.entities:
        start, end = place(entity["offset"]), place(entity["offset"] + entity["length"])
        if end > start:
            entities.append(entity | {"offset": start, "length": end - start})
    return Parsed(text, entities)


def unparsed(why: str) -> Exception:
    return bad(f"can't parse entities: {why}")
