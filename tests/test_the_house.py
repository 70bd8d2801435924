"""The code's structure: small folders, all flows listed, and storage independent of them."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from bot.config.word_lists import load_guard
from conversations.flows import all_flows

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "storage", "conversations")
MOST_FILES = 20  # in one folder, without its `__init__.py`

# The names under which a file offers its steps and its commands.
OFFERED = {"STEPS", "COMMANDS"}


def modules(room: str) -> dict[str, ast.Module]:
    """Every module of a room by its dotted name, as it is written."""
    return {_dotted(path): ast.parse(path.read_text("utf-8")) for path in (ROOT / room).rglob("*.py")}


def _dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def offered(module: ast.Module) -> set[str]:
    """The steps and commands that a module defines, by the name of their list."""
    targets = (target for node in module.body if isinstance(node, ast.Assign) for target in node.targets)
    return OFFERED.intersection(target.id for target in targets if isinstance(target, ast.Name))


def speaks(module: ast.Module) -> bool:
    """Whether a module asks questions, or takes their answers."""
    return any(
        isinstance(node, ast.FunctionDef) and node.name.startswith(("ask_", "take_")) for node in module.body
    )


def imported(module: ast.Module) -> Iterator[str]:
    """Every module, or name in one, that a module imports."""
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
            yield str(node.module)


@pytest.mark.parametrize("room", ROOMS)
def test_a_folder_can_be_looked_through(room):
    folders = {path.parent for path in (ROOT / room).rglob("*.py") if "versions" not in path.parts}
    counted = {folder: len([*folder.glob("*.py")]) for folder in folders}
    long = {str(folder.relative_to(ROOT)): n for folder, n in counted.items() if n > MOST_FILES + 1}
    assert not long


def test_every_step_and_command_is_in_the_list_of_flows():
    flows = all_flows(load_guard())
    listed = "conversations.flows"
    for name, module in modules("conversations").items():
        found = import_module(name) if name != listed and offered(module) else None
        assert {step.name for step in getattr(found, "STEPS", ())} <= flows.steps.keys(), name
        assert {command.word for command in getattr(found, "COMMANDS", ())} <= flows.commands.keys(), name


def test_facts_that_storage_loads_are_apart_from_the_steps():
    flows = {name for name, module in modules("conversations").items() if offered(module) or speaks(module)}
    assert not {
        (name, flow)
        for name, module in modules("storage").items()
        for flow in flows.intersection(imported(module))
    }
