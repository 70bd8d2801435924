"""One table of roles and rights: unchanged, documented, and nowhere else in the code."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from configparser import ConfigParser
from pathlib import Path

import pytest

from bot.config.word_lists import load_guard
from conversations.core.person import ROLES, Person, Right, Role
from conversations.flows import all_flows
from conversations.team.rights import ROLE_WORDS, Rights
from storage.registry import HANDLERS

ROOT = Path(__file__).parents[2]
BEFORE = Path(__file__).with_name("who_may_what.txt")
PAGE = ROOT / "docs" / "roles.md"
THEN: tuple[Role, ...] = ("owner", "worker", "decider", "reviewer", "safeguarding")
HOMES = {"conversations/core/person.py", "conversations/team/rights.py"}
FLOWS = all_flows(load_guard())
ASKED_FOR: Mapping[str, Mapping[str, Right | None]] = {
    "command": {word: command.right for word, command in FLOWS.commands.items()},
    "step": {name: step.right for name, step in FLOWS.steps.items()},
    "effect": {effect.__name__: handler.right for effect, handler in HANDLERS.items()},
}


def before() -> Iterator[tuple[str, str, str]]:
    """What asked for which roles before rights had names: a kind, a name, and the roles (or "everybody")."""
    found = ConfigParser()
    found.read_string(BEFORE.read_text("utf-8"))
    for roles in found.sections():
        for kind, names in found[roles].items():
            for name in names.split():
                yield kind, name, roles


@pytest.mark.parametrize(("kind", "name", "roles"), list(before()))
def test_named_rights_allow_the_same_as_before(kind: str, name: str, roles: str):
    right = ASKED_FOR[kind][name]
    may = [role for role in THEN if Person(1, roles=frozenset({role})).may(right)]
    assert Person(1).may(right) == (roles == "everybody")
    assert may == (list(THEN) if roles == "everybody" else roles.split())


def rows() -> list[str]:
    """The table of roles and rights, as the documentation shows it."""
    names = [ROLE_WORDS[role].name for role in ROLES]
    cells = (
        (called(right), right.allows, *("✓" if role in right.roles else "" for role in ROLES))
        for right in Rights
    )
    head = ("right", "what it allows", *names)
    return [_row(head), "|---|---|" + ":-:|" * len(names), *(_row(row) for row in cells)]


def called(right: Rights) -> str:
    """A right's name in plain words: "write news"."""
    return right.name.lower().replace("_", " ")


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def test_the_documentation_shows_the_table():
    stands = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("|")]
    lacks = [row for row in rows() if row not in stands]
    old = [row for row in stands if row not in rows()]
    assert stands == rows(), "\n".join(("docs/roles.md lacks", *lacks, "and has what is not so:", *old))


def test_every_role_is_described():
    assert tuple(ROLE_WORDS) == ROLES


def test_an_owner_may_do_what_workers_and_deciders_may():
    theirs: set[Role] = {"worker", "decider"}
    assert [right for right in Rights if right.roles & theirs and "owner" not in right.roles] == []


def test_every_right_is_asked_for():
    code = "".join(path.read_text("utf-8") for path in sources())
    assert [right.name for right in Rights if f"Rights.{right.name}" not in code] == []


def test_roles_are_listed_nowhere_else():
    assert [place for path in sources() for place in listed(path)] == []


def sources() -> Iterator[Path]:
    for room in ("bot", "conversations", "handlers", "storage"):
        yield from (path for path in sorted((ROOT / room).rglob("*.py")) if named(path) not in HOMES)


def listed(path: Path) -> Iterator[str]:
    """Where a file has a tuple, list or set of roles only."""
    text = path.read_text("utf-8")
    for node in ast.walk(ast.parse(text)) if any(f'"{role}"' in text for role in ROLES) else ():
        if isinstance(node, ast.Tuple | ast.List | ast.Set) and node.elts:
            values = [one.value if isinstance(one, ast.Constant) else None for one in node.elts]
            if all(value in ROLES for value in values):
                yield f"{named(path)}:{node.lineno}"


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
