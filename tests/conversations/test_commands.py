"""A command is one record: menus are made from it, the documentation names it, and no list elsewhere does."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from bot.config.word_lists import load_guard
from conversations.core.engine import Command
from conversations.flows import all_flows
from conversations.team.rights import Rights
from tests.conversations.test_rights import called

ROOT = Path(__file__).parents[2]
KNOWN = all_flows(load_guard()).commands
ROW = re.compile(r"\| `/(?P<word>[a-z]+)` \| .+ \| (?P<who>.+) \|")
FEW = 2  # command words that may stand together: message kinds have some of the same names


def who(command: Command) -> str:
    if command.right is None:
        return "everybody"
    return next(called(right) for right in Rights if right is command.right)


def test_the_documentation_lists_every_command_and_its_right():
    rows = ROW.findall((ROOT / "docs" / "commands.md").read_text("utf-8"))
    assert Counter(rows) == Counter((word, who(command)) for word, command in KNOWN.items())


def test_no_two_commands_have_the_same_place():
    places = [
        *(
            ("page", command.page)
            for command in KNOWN.values()
            if command.page is not None and not command.right
        ),
        *(
            ("staff's page", command.page)
            for command in KNOWN.values()
            if command.page is not None and command.right
        ),
        *(("chat", command.chat.place) for command in KNOWN.values() if command.chat),
        *((line.to, line.place) for command in KNOWN.values() for line in command.help),
        *((one.to, one.row, one.column) for command in KNOWN.values() for one in command.home),
    ]
    assert [place for place, times in Counter(places).items() if times > 1] == []


def test_every_command_in_a_menu_has_a_label():
    offered = [one for one in KNOWN.values() if one.page is not None or one.chat or one.home or one.address]
    assert [one.word for one in offered if not one.label] == []


def test_commands_are_listed_nowhere_else():
    assert [place for path in sources() for place in lists(path)] == []


def sources() -> Iterator[Path]:
    rooms = ("bot", "conversations", "handlers", "storage")
    return chain.from_iterable(sorted((ROOT / room).rglob("*.py")) for room in rooms)


def lists(path: Path) -> Iterator[str]:
    """Where a file has a list of command words."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case (
                ast.Tuple(elts=values) | ast.List(elts=values) | ast.Set(elts=values) | ast.Dict(keys=values)
            ):
                words = [str(one.value) for one in values if isinstance(one, ast.Constant)]
                known = [word for word in words if word.removeprefix("/") in KNOWN]
                if len(known) > max(FEW, len(words) // 2):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}"
