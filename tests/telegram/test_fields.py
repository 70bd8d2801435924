"""docs/telegram.md has a line for every field that Telegram may send, and says what the parser does."""

import inspect
import re
from pathlib import Path

import pytest
from telegram import CallbackQuery, ChatMemberUpdated, Message, TextQuote, Update, User

from handlers.telegram.parse import _HAPPENS, _KINDS

PAGE = (Path(__file__).parents[2] / "docs" / "telegram.md").read_text()


def lines(section):
    """The fields of a table, with what is made of each."""
    text = PAGE.split(f"\n## {section}\n")[1].split("\n## ")[0]
    rows = [row.strip("| ").split(" | ", 1) for row in text.splitlines() if row.startswith("| `")]
    return {name: made for names, made in rows for name in re.findall(r"`(\w+)`", names)}


def fields(kind):
    """What the library takes from the JSON of this kind."""
    return set(inspect.signature(kind.__init__).parameters) - {"self", "api_kwargs", "args", "kwargs"}


@pytest.mark.parametrize("kind", [Update, Message, CallbackQuery, ChatMemberUpdated, User, TextQuote])
def test_every_field_of_an_update_has_a_line(kind):
    assert fields(kind) == set(lines(kind.__name__))


def test_what_only_happens_is_let_go_and_nothing_else_is():
    said = lines("Message")
    assert {name for name, made in said.items() if "let go" in made} == set(_HAPPENS)


def test_what_has_a_sentence_of_its_own_is_answered():
    said = lines("Message")
    assert [name for name, _kind in _KINDS if "answered" not in said[name]] == []
