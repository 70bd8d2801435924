"""What somebody reads, as a story shows it: a message on a phone, an entry of a conversation on the page, another page."""

import re
from html.parser import HTMLParser

from tests.botapi import Shown
from tests.walks.page import LINES, UNSEEN

VOID = {"br", "img", "input", "link", "meta"}
HIDDEN = {"unseen", "instead"}  # for those who listen; and a field that is folded away
_ENTRY = re.compile(r'<article class="heard[^>]* id="m-([^"]+)".*?</article>', re.DOTALL)
_QUESTION = re.compile(r'<form id="now".*?name="line" value="([^"]+)".*?</form>', re.DOTALL)
_BUTTON = re.compile(r"\[ ?([^\[\]]*?) ?\](?: (?=[.,:]))?")
_MAIN = re.compile(r'<div class="page">.*</main>', re.DOTALL)


def on_phone(shown: Shown) -> str:
    """A message with its buttons, row by row."""
    return "\n".join((shown.text, *(" ".join(f"[{label}]" for label in row) for row in shown.rows)))


def entries(html: str) -> dict[str, str]:
    """What Heard said in a conversation on the page, and its question, by their keys."""
    return {found[1]: _Drawn(found[0]).text for found in _ENTRY.finditer(html)} | question(html)


def question(html: str) -> dict[str, str]:
    return {found[1]: _Drawn(found[0]).text for found in _QUESTION.finditer(html)}


def page(html: str) -> str:
    """The text of a page that is no conversation."""
    found = _MAIN.search(html)
    return _Drawn(found[0]).text if found else ""


class _Drawn(HTMLParser):
    """Draws a piece of a page: a line for each block, buttons and links in brackets."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self._text: list[str] = []
        self._open: list[tuple[str, str, bool, str]] = []  # tag, class, whether it is hidden, what closes it
        self.feed(html)

    @property
    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self._text).split("\n"))
        return "\n".join(_BUTTON.sub(r"[\1]", line) for line in lines if line)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        kind = found.get("class", "").partition(" ")[0]
        before, after = self._around(tag, kind, found)
        if tag not in VOID:
            self._open.append((tag, kind, tag in UNSEEN or kind in HIDDEN, after))
        self._draws(before)

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            closed, _kind, _hidden, after = self._open[-1]
            self._draws(after)
            self._open.pop()
            if closed == tag:
                return

    def handle_data(self, data: str) -> None:
        self._draws(data.replace("\n", " "))

    def _around(self, tag: str, kind: str, found: dict[str, str]) -> tuple[str, str]:
        within, ours = self._open[-1][:2] if self._open else ("", "")
        if tag == "button" or kind in {"button", "onward"} or (tag == "b" and ours == "help"):
            return "[", "] "
        if tag == "li" and ours != "helps":
            return ("\n" + ("· " if within == "ul" else f"{found.get('value', '')}. ")), "\n"
        return ("\n", "\n") if tag in LINES or tag in {"blockquote", "label"} else ("", "")

    def _draws(self, text: str) -> None:
        if not any(hidden for _tag, _kind, hidden, _after in self._open):
            self._text.append(text)
