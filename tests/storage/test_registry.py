"""The registry is complete: every effect, fact and kept piece is registered, and erasure leaves nothing."""

import ast
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import conversations
import storage
from bot.config.word_lists import load_guard
from conversations.broadcasts.messages import MESSAGE_KINDS
from conversations.core.effects import Effect, ForMany, WritesText
from conversations.flows import all_flows
from conversations.general.facts import MyData
from storage import registry
from storage.registry import FACTS, HANDLERS, HOOKS, MY_DATA
from storage.tables import metadata

DECLARED = ("HANDLERS", "FACTS", "BATCH_LOADERS", "HOOKS", "MY_DATA", "SEALED")

# These name a person by number alone, and stay when the person goes.
OUTLIVES = {
    "audit": "what staff did is never taken out",
    "cases": "an open case keeps a way to reach them, and nothing else: see people.erase",
}


def of_effects():
    modules = [import_module(one.name) for one in walk_packages(conversations.__path__, "conversations.")]
    found = {value for module in modules for value in vars(module).values() if isinstance(value, type)}
    return {one for one in found if issubclass(one, Effect)} - {Effect, ForMany, WritesText}


def test_every_file_that_declares_something_is_registered_and_nothing_twice():
    names = [one.name for one in walk_packages(storage.__path__, "storage.")]
    above = ("storage.migrations", "storage.operations", "storage.registry")
    modules = [import_module(name) for name in names if not name.startswith(above)]
    declaring = {module for module in modules if any(hasattr(module, name) for name in DECLARED)}
    assert declaring == set(registry.SUBJECTS)
    for name in ("HANDLERS", "FACTS", "BATCH_LOADERS", "MY_DATA"):
        keys = [key for subject in registry.SUBJECTS for key in getattr(subject, name, ())]
        assert len(keys) == len(set(keys))


def test_every_effect_has_a_handler():
    assert of_effects() == set(HANDLERS)


def test_every_needed_fact_has_a_loader():
    flows = all_flows(load_guard())
    asking = (*flows.steps.values(), *flows.commands.values(), *MESSAGE_KINDS.values())
    needed = {fact for one in asking for fact in one.needs}
    assert needed <= set(FACTS)


def test_every_hook_that_runs_has_a_subject_and_vice_versa():
    calls = (
        node.args[0]
        for path in Path(storage.__path__[0]).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "run_hooks"
    )
    assert {call.func.id for call in calls} == {happens.__name__ for happens in HOOKS}


def test_a_person_can_read_everything_stored_about_them():
    assert set(MY_DATA) == set(MyData.__struct_fields__)


def test_every_row_about_a_person_is_deleted_with_them():
    hangs = {
        key.ondelete
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in {"people", "doors"}
    }
    assert hangs == {"CASCADE"}


def test_only_these_name_a_person_and_outlive_them():
    found = {table.name for table in metadata.sorted_tables if "person_id" in table.c}
    assert {table for table in found if not metadata.tables[table].c.person_id.foreign_keys} == set(OUTLIVES)
