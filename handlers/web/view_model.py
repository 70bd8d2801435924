"""A message as a page shows it: blocks of text, rows of buttons, one field. Pure; contains no markup."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Literal
from unicodedata import category

from conversations.core.i18n import RIGHT_TO_LEFT
from conversations.core.messages import Attachment, Choice, Expects, Link, Say
from conversations.core.record import Record

_NUMBERED = re.compile(r"(\d{1,4})\.\s+(.*)")
_EMOJI = {"So", "Sk", "Cf", "Mn"}  # symbols, skin tones, joiners and variation selectors
_SAFE_ADDRESS = re.compile(r"(?i)(https?://|tel:|sms:|mailto:|/(?!/))")
_TO_COPY = re.compile(r"(?m)^(?:· )?(.*?):?[ \u2068]*(https?://[^\s\u2069]+)\u2069?$")
_ASKED = re.compile(r"(.{1,160}?[?؟])(?:\s+(.+))?")

BlockKind = Literal["paragraph", "bullets", "numbers", "ways"]


class LinkButton(Record):
    """A button that links to an address. One that stands for a line of the text has a `detail`, that line, and an
    `anchor`, its name within a page.
    """

    label: str
    address: str
    detail: str = ""
    anchor: str = ""


class Block(Record):
    """The lines of a paragraph, or the items of a list. `numbers` are the items' numbers in the text; `ways` are the
    buttons in the place of lines that they stand for.
    """

    kind: BlockKind
    lines: tuple[str, ...]
    numbers: tuple[int, ...] = ()
    ways: tuple[LinkButton, ...] = ()


class Button(Record):
    """A choice. `value` is what the form posts. `emoji` is the last emoji of the label, hidden from screen readers.

    `number` is set for a long option, whose text moves from the list onto the button. `chosen` marks what is already on
    the person's list.
    """

    value: str
    label: str
    emoji: str = ""
    number: str = ""
    ticked: bool | None = None
    chosen: bool = False

    @property
    def is_number(self) -> bool:
        """Whether the button is only a number of a scale."""
        return self.label.isdecimal() and not self.number and not self.emoji


class Copy(Record):
    """An address to copy or share, and its label."""

    label: str
    address: str


class FileLink(Record):
    """An attachment. A `picture` is shown on the page; anything else is offered as a download."""

    address: str
    picture: bool
    described: str = ""
    name: str = ""


class View(Record):
    """One message, ready for a template. `aside` are less prominent buttons, such as skipping the question.
    `shown_once` is text that is not shown again. `draft` is the initial text of the field.
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
    file_link: FileLink | None = None
    badge: str = ""
    shown_once: tuple[Block, ...] = ()
    copies: tuple[Copy, ...] = ()
    draft: str = ""

    @property
    def question(self) -> str:
        """The text shown as a heading: the first line up to its question mark, or all of it for a form's question."""
        return self._question_and_rest[0]

    @property
    def text(self) -> tuple[Block, ...]:
        """The blocks under the heading or question."""
        question, rest = self._question_and_rest
        if not question:
            return self.blocks
        first = (Block("paragraph", rest),) if rest else ()
        return (*first, *self.blocks[1:])

    @property
    def _question_and_rest(self) -> tuple[str, tuple[str, ...]]:
        """The question, and the remaining lines of its paragraph."""
        if self.heading or not self.blocks or self.blocks[0].kind != "paragraph":
            return "", ()
        line, *more = self.blocks[0].lines
        if found := _ASKED.fullmatch(line):
            return found[1], tuple(filter(None, (found[2], *more)))
        return (line, tuple(more)) if self.progress else ("", ())

    @property
    def ways(self) -> tuple[LinkButton, ...]:
        """The links below the text, which still work in an old message."""
        return tuple(one for row in self.rows for one in row if isinstance(one, LinkButton))

    @property
    def commands(self) -> tuple[Button, ...]:
        """The command buttons, which still work in an old message."""
        buttons = (one for row in self.rows for one in row if isinstance(one, Button))
        return tuple(one for one in buttons if one.value.partition(":")[2].startswith("/"))

    @property
    def has_ticks(self) -> bool:
        """Whether several options may be chosen."""
        return any(isinstance(one, Button) and one.ticked is not None for row in self.rows for one in row)


def answerable_view(say: Say, *, lang: str, attachment: FileLink | None = None) -> View:
    """The view of a message that can still be answered. Long options move from the text onto their buttons."""
    parts = blocks(say.text, links_of(say))
    options = _options(parts, say)
    return _view(say, lang, attachment, tuple(_without_options(parts, options)), options)


def past_view(say: Say, *, lang: str, attachment: FileLink | None = None) -> View:
    """The view of a message that can no longer be answered. All its text stays in place."""
    parts = blocks(say.text, links_of(say))
    return _view(say, lang, attachment, parts, _options(parts, say))


def _view(
    say: Say, lang: str, attachment: FileLink | None, parts: tuple[Block, ...], options: Mapping[int, str]
) -> View:
    return View(
        heading=say.heading,
        blocks=parts,
        progress=say.progress,
        rows=tuple(_rows(say, options)),
        aside=tuple(_button(one, say.visit, {}) for one in _choices(say) if one.aside),
        field=say.expects,
        visit=say.visit,
        lang=lang,
        dir="rtl" if lang in RIGHT_TO_LEFT else "ltr",
        file_link=attachment,
        badge=say.badge,
        shown_once=blocks(_TO_COPY.sub("", say.shown_once)),
        copies=tuple(Copy(found[1], found[2]) for found in _TO_COPY.finditer(say.shown_once)),
        draft=say.draft,
    )


def file_link(attachment: Attachment, address: str, *, picture: bool, name: str = "") -> FileLink:
    """The link to an attachment that is served at `address`."""
    return FileLink(address, picture, attachment.described, name)


def links_of(say: Say) -> tuple[Link, ...]:
    """The links of a message that stand for lines of its text."""
    return tuple(one for row in say.rows for one in row if isinstance(one, Link) and one.line)


def blocks(text: str, links: Sequence[Link] = ()) -> tuple[Block, ...]:
    """Splits plain text into blocks: empty lines separate paragraphs; "· " and "1. " begin list items. `links` stand in
    the place of their lines.
    """
    if not text:
        return ()
    parts: list[Block] = []
    kind_of = partial(_kind, replaced=frozenset(link.line for link in links))
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        for kind, group in groupby(lines, kind_of):
            parts.append(_block(kind, list(group), links))
    return tuple(parts)


def _ways(lines: Sequence[str], links: Sequence[Link]) -> Block:
    """The buttons for these lines. A line is the detail of its first button."""
    ways: list[LinkButton] = []
    for link in links:
        if link.line in lines and _SAFE_ADDRESS.match(link.address):
            detail = "" if any(way.detail == link.line[2:] for way in ways) else link.line[2:]
            ways.append(LinkButton(link.label, link.address, detail, link.anchor))
    return Block("ways", tuple(lines), ways=tuple(ways))


def _kind(line: str, replaced: frozenset[str]) -> BlockKind:
    if line in replaced:
        return "ways"
    if line.startswith("· "):
        return "bullets"
    return "numbers" if _NUMBERED.fullmatch(line) else "paragraph"


def _block(kind: BlockKind, lines: Sequence[str], links: Sequence[Link]) -> Block:
    if kind == "ways":
        return _ways(lines, links)
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


def _without_options(parts: Iterable[Block], options: Mapping[int, str]) -> Iterator[Block]:
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
        if one.line:
            return None
        return LinkButton(one.label, one.address) if _SAFE_ADDRESS.match(one.address) else None
    return None if one.aside else _button(one, visit, options)


def _button(choice: Choice, visit: int, options: Mapping[int, str]) -> Button:
    value = f"{visit}:{choice.key}"
    if choice.label.isdecimal() and int(choice.label) in options:
        text = options[int(choice.label)]
        return Button(value, text, number=choice.label, ticked=choice.ticked, chosen=choice.chosen)
    label, emoji = _split_emoji(choice.label)
    return Button(value, label, emoji, ticked=choice.ticked, chosen=choice.chosen)


def _split_emoji(label: str) -> tuple[str, str]:
    """A label without the emoji at its end, and that emoji. A label of emoji alone is not split."""
    words, _, last = label.rpartition(" ")
    picture = bool(words and last) and all(category(sign) in _EMOJI for sign in last)
    return (words.rstrip(), last) if picture else (label, "")
