"""Every message kind is declared beside its subject, and storage knows its recipients."""

import ast
import pkgutil
from importlib import import_module
from pathlib import Path
from typing import get_args

import conversations
from conversations.broadcasts.messages import MESSAGE_KINDS
from conversations.core.message_kind import MessageKind
from storage.broadcasts.recipients import RECIPIENTS
from storage.outbox.outbox import LANES, MessageState
from storage.tables import broadcasts, outbox

ROOT = Path(__file__).parents[2]

# Names stored in databases, which stay.
STORED = {
    "alarm", "alert", "approval", "approved", "consultation", "declined", "due", "happened", "held", "issue",
    "issue_back", "missed", "moved", "news", "outcome", "progress", "promise", "put-back", "quote", "revisit", "status", "unopened", "unsent",
    "wave", "weighed",
}  # fmt: skip

# Sending code asks the records, and names none.
ASKS_THE_RECORDS = (
    *(ROOT / "storage" / "outbox").glob("*.py"),
    *(ROOT / "storage" / "broadcasts").glob("*.py"),
    *(ROOT / "conversations" / "broadcasts" / name for name in ("digest.py", "list.py", "progress.py")),
    *(ROOT / "handlers" / name for name in ("announcements.py", "digest.py")),
)


def test_every_record_is_among_all_kinds_under_its_own_name():
    names = [module.name for module in pkgutil.walk_packages(conversations.__path__, "conversations.")]
    declared = {
        id(value): value.name
        for name in names
        for value in vars(import_module(name)).values()
        if isinstance(value, MessageKind)
    }
    assert sorted(declared.values()) == sorted(MESSAGE_KINDS)
    assert declared.keys() == {id(kind) for kind in MESSAGE_KINDS.values()}


def test_the_names_in_databases_stay_and_new_ones_fit():
    assert set(MESSAGE_KINDS) >= STORED
    most = min(outbox.c.kind.type.length, broadcasts.c.kind.type.length)
    assert max(map(len, MESSAGE_KINDS)) <= most


def test_every_broadcast_kind_has_recipients_in_storage():
    to_many = {name: kind for name, kind in MESSAGE_KINDS.items() if kind.broadcast}
    assert {name: to.kind for name, to in RECIPIENTS.items()} == to_many
    assert {kind.lane for kind in to_many.values()} == {"broadcast"}


def test_the_sending_code_names_no_message_kind():
    others = {*LANES, *get_args(MessageState)} | {
        "due"
    }  # a lane, a state and a column that are called like a kind
    for file in ASKS_THE_RECORDS:
        found = {
            node.value for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Constant)
        }
        assert not found & (MESSAGE_KINDS.keys() - others), file
