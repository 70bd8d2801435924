"""Only a channel's own folder and record name it; all other code asks for abilities."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from conversations.core.channels import BY_NAME, CHANNELS
from storage.tables import doors, outbox

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "handlers", "storage", "conversations")

OWN_FOLDERS = tuple(f"handlers/{channel.name}/" for channel in CHANNELS)
EXCEPTED = {
    "conversations/core/channels.py": "the records",
    "bot/app.py": "wiring: which channels are opened",
    "bot/telegram_runtime.py": "wiring: opens a channel as the settings say",
    "bot/config/settings.py": "settings are named after what they set",
    "bot/operations/close_down.py": "takes Heard off every channel for good",
    "bot/cli/close_down_command.py": "says so",
    "bot/doctor/": "the doctor checks each channel's settings",
}
SETTINGS = {"web_address"}  # read in other files too

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def files() -> Iterator[str]:
    for room in ROOMS:
        yield from (str(path.relative_to(ROOT)) for path in sorted((ROOT / room).rglob("*.py")))


def named_in(source: str) -> set[str]:
    """The places in a file that name a channel: literals with a channel's name, and identifiers with that word."""
    found = set()
    if not any(name in source.lower() for name in BY_NAME):
        return found
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.lower() in BY_NAME:
            found.add(repr(node.value))
        found |= {name for name in identifiers(node) if says_which(name)}
    return found - SETTINGS


def identifiers(node: ast.AST) -> Iterator[str]:
    for field in ("id", "attr", "name", "arg", "asname", "module"):
        name = getattr(node, field, None)
        if isinstance(name, str):
            yield name


def says_which(name: str) -> bool:
    return any(word.lower() in BY_NAME for word in WORD.findall(name))


def test_no_other_file_says_which_channel_it_is():
    found = {
        path: names
        for path in files()
        if not path.startswith((*OWN_FOLDERS, *EXCEPTED))
        and (names := named_in((ROOT / path).read_text("utf-8")))
    }
    assert found == {}


def test_every_exception_is_still_one():
    for place in EXCEPTED:
        assert any(path.startswith(place) and named_in((ROOT / path).read_text("utf-8")) for path in files())


@pytest.mark.parametrize(
    "source",
    [
        'kind == "telegram"',
        'kind = "Web"',
        "is_telegram = 1",
        "def f(on_web): ...",
        "TelegramDoor()",
        "x.WEB",
    ],
)
def test_a_channel_is_found_by_its_name_however_it_is_written(source):
    assert named_in(source)


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.name)
def test_a_channel_defines_every_ability(channel):
    assert channel.where
    assert channel.way_in
    assert bool(channel.minimum_age) == bool(channel.too_young) == bool(channel.too_young_offline)
    assert bool(channel.start_link) == bool(channel.invite) == bool(channel.stays_signed_in)
    assert bool(channel.keeps_copy) == bool(channel.copy_stays)


def test_each_channel_has_a_folder_and_a_name_of_its_own_that_fits():
    assert len(BY_NAME) == len(CHANNELS)
    most = min(doors.c.kind.type.length, outbox.c.door_kind.type.length)
    assert max(map(len, BY_NAME)) <= most
    for folder in OWN_FOLDERS:
        assert (ROOT / folder).is_dir()
