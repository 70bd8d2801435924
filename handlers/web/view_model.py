"""What is said, as a page draws it: blocks of text, rows of buttons, one field. Pure, and never markup."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Literal
from unicodedata import category

from conversations.core.i18n import RIGHT_TO_LEFT
from conversations.core.messages import Attachment, Choice, Expects, Link, Say
from conversations.core.record import Record, replace

_NUMBERED = re.compile(r"(\d{1,4})\.\s+(.*)")
_EMOJI = {"So", "Sk", "Cf", "Mn"}  # pictures, skin tones, and the joints and variants between them
_SAFE_ADDRESS = re.compile(r"(?i)(https?://|tel:|sms:|mailto:|/(?!/))")
_TO_COPY = re.compile(r"(?m)^(?:· )?(.*?):?[ \u2068]*(https?://[^\s\u2069]+)\u2069?$")
_ASKED = re.compile(r"(.{1,160}?[?؟])(?:\s+(.+))?")

BlockKind = Literal["paragraph", "bullets", "numbers"]


class Block(Record):
    """A paragraph's lines, or a list's items. `numbers` are the items' own, as they were written."""

    kind: BlockKind
    lines: tuple[str, ...]
    numbers: tuple[int, ...] = ()


class Button(Record):
    """A choice. `value` is what the form posts; a label's last emoji is kept apart, for eyes only.

    `number` is the number of a longer option whose text stood in a list: here the button carries the text.
    `chosen` is on somebody's list already.
    """

    value: str
    label: str
    emoji: str = ""
    number: str = ""
    ticked: bool | None = None
    chosen: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is one of a scale, and needs no more room than a number."""
        return self.label.isdecimal() and not self.number and not self.emoji


class LinkButton(Record):
    """A button that leads elsewhere."""

    label: str
    address: str


class Copy(Record):
    """An address to pass on, and what it is."""

    label: str
    address: str


class FileLink(Record):
    """A paper that can be fetched. `picture` is shown on the page; anything else is offered as a file."""

    address: str
    picture: bool
    described: str = ""
    name: str = ""


class View(Record):
    """One message, ready for a template. `aside` are the ways around the question, drawn quieter. `shown_once` is what
    is shown this once, and `draft` what the field holds to begin with.
    """

    heading: str
    blocks: tuple[Block, ...]
    progress: tuple[int, int] | None
    rows: tuple[tuple[Button | LinkButton, ...], ...]
    aside: tuple[Button, ...]
    field: Expects
    visit: int
    lang: str
    dir: str
    sheet: FileLink | None = None
    badge: str = ""
    shown_once: tuple[Block, ...] = ()
    copies: tuple[Copy, ...] = ()
    draft: str = ""

    @property
    def question(self) -> str:
        """What stands for a heading: the first line as far as its question mark; of a form's question, all of it."""
        return self._parted[0]

    @property
    def text(self) -> tuple[Block, ...]:
        """The blocks under the heading or question."""
        question, rest = self._parted
        if not question:
            return self.blocks
        first = (Block("paragraph", rest),) if rest else ()
        return (*first, *self.blocks[1:])

    @property
    def _parted(self) -> tuple[str, tuple[str, ...]]:
        """The question, and what is left of its paragraph."""
        if self.heading or not self.blocks or self.blocks[0].kind != "paragraph":
            return "", ()
        line, *more = self.blocks[0].lines
        if found := _ASKED.fullmatch(line):
            return found[1], tuple(filter(None, (found[2], *more)))
        return (line, tuple(more)) if self.progress else ("", ())

    @property
    def ways(self) -> tuple[LinkButton, ...]:
        """The links, which stay good in an old message."""
        return tuple(one for row in self.rows for one in row if isinstance(one, LinkButton))

    @property
    def commands(self) -> tuple[Button, ...]:
        """The buttons that are commands, which stay good in an old message too."""
        buttons = (one for row in self.rows for one in row if isinstance(one, Button))
        return tuple(one for one in buttons if one.value.partition(":")[2].startswith("/"))

    @property
    def ticks(self) -> bool:
        """Whether several may be chosen."""
        return any(isinstance(one, Button) and one.ticked is not None for row in self.rows for one in row)


def drawn(say: Say, *, lang: str, attachment: FileLink | None = None) -> View:
    """A message as it is drawn while it can be answered. Long options move from the text onto their buttons."""
    parts = blocks(say.text)
    options = _options(parts, say)
    return View(
        heading=say.heading,
        blocks=tuple(_without(parts, options)),
        progress=say.progress,
        rows=tuple(_rows(say, options)),
        aside=tuple(_button(one, say.visit, {}) for one in _choices(say) if one.aside),
        field=say.expects,
        visit=say.visit,
        lang=lang,
        dir="rtl" if lang in RIGHT_TO_LEFT else "ltr",
        sheet=attachment,
        badge=say.badge,
        shown_once=blocks(_TO_COPY.sub("", say.shown_once)),
        copies=tuple(Copy(found[1], found[2]) for found in _TO_COPY.finditer(say.shown_once)),
        draft=say.draft,
    )


def told(say: Say, *, lang: str, attachment: FileLink | None = None) -> View:
    """The same message once it is over: all its text stays in the text."""
    return replace(drawn(say, lang=lang, attachment=attachment), blocks=blocks(say.text))


def sheet(attachment: Attachment, address: str, *, picture: bool, name: str = "") -> FileLink:
    """A paper with the address where the door serves it."""
    return FileLink(address, picture, attachment.described, name)


def blocks(text: str) -> tuple[Block, ...]:
    """Plain text in its parts: empty lines part paragraphs, "· " and "1. " begin items."""
    parts: list[Block] = []
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        for kind, group in groupby(lines, _kind):
            parts.append(_block(kind, list(group)))
    return tuple(parts)


def _kind(line: str) -> BlockKind:
    if line.startswith("· "):
        return "bullets"
    return "numbers" if _NUMBERED.fullmatch(line) else "paragraph"


def _block(kind: BlockKind, lines: Sequence[str]) -> Block:
    if kind == "bullets":
        return Block(kind, tuple(line[2:].strip() for line in lines))
    if kind == "numbers":
        pairs = [(int(found[1]), found[2]) for line in lines if (found := _NUMBERED.fullmatch(line))]
        return Block(kind, tuple(item for _, item in pairs), tuple(number for number, _ in pairs))
    return Block(kind, tuple(lines))


def _choices(say: Say) -> Iterator[Choice]:
    return (one for row in say.rows for one in row if isinstance(one, Choice))


def _options(parts: Iterable[Block], say: Say) -> Mapping[int, str]:
    """The numbered items that each have their own button, by number. Empty if any item has none, or two."""
    lists = [part for part in parts if part.kind == "numbers"]
    items = [pair for part in lists for pair in zip(part.numbers, part.lines, strict=True)]
    numbers = [int(one.label) for one in _choices(say) if one.label.isdecimal()]
    if not items or sorted(number for number, _ in items) != sorted(numbers):
        return {}
    return dict(items) if len({number for number, _ in items}) == len(items) else {}


def _without(parts: Iterable[Block], options: Mapping[int, str]) -> Iterator[Block]:
    return (part for part in parts if not (options and part.kind == "numbers"))


def _rows(say: Say, options: Mapping[int, str]) -> Iterator[tuple[Button | LinkButton, ...]]:
    for row in say.rows:
        drawn_ones = (_answer(one, say.visit, options) for one in row)
        kept = tuple(one for one in drawn_ones if one)
        long_ones = tuple(one for one in kept if isinstance(one, Button) and one.number)
        yield from ((one,) for one in long_ones)
        if rest := tuple(one for one in kept if one not in long_ones):
            yield rest


def _answer(one: Choice | Link, visit: int, options: Mapping[int, str]) -> Button | LinkButton | None:
    if isinstance(one, Link):
        return LinkButton(one.label, one.address) if _SAFE_ADDRESS.match(one.address) else None
    return None if one.aside else _button(one, visit, options)


def _button(choice: Choice, visit: int, options: Mapping[int, str]) -> Button:
    value = f"{visit}:{choice.key}"
    if choice.label.isdecimal() and int(choice.label) in options:
        text = options[int(choice.label)]
        return Button(value, text, number=choice.label, ticked=choice.ticked, chosen=choice.chosen)
    label, emoji = _parted(choice.label)
    return Button(value, label, emoji, ticked=choice.ticked, chosen=choice.chosen)


def _parted(label: str) -> tuple[str, str]:
    """A label and the emoji at its end. A label of emoji alone stays whole: it is all that there is to read."""
    words, _, last = label.rpartition(" ")
    picture = bool(words and last) and all(category(sign) in _EMOJI for sign in last)
    return (words.rstrip(), last) if picture else (label, "")
