"""Records are values: equal by what they hold, and never changed."""

import subprocess
import sys
from dataclasses import field, replace
from pathlib import Path

from conversations.core.record import record

ROOT = Path(__file__).parents[2]
CHANGES_ONE = """
from conversations.core.record import record

@record
class Place:
    name: str
    number: int = 0

here = Place("here")
here.number = 2
Place(7)
"""


@record
class Place:
    name: str
    number: int = 0
    notes: tuple[str, ...] = field(default=(), compare=False)


def test_those_that_hold_the_same_are_equal_and_count_once():
    assert Place("here", 2) == Place("here", 2, ("seen",)) != Place("here", 3)
    assert {Place("here", 2), Place("here", 2)} == {Place("here", 2)}


def test_one_that_differs_is_made_anew():
    here = Place("here")
    assert replace(here, number=2) == Place("here", 2)
    assert here == Place("here")


def test_the_checks_find_what_would_change_one(tmp_path):
    (tmp_path / "changes_one.py").write_text(CHANGES_ONE)
    mypy = [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={tmp_path}"]
    found = subprocess.run(
        [*mypy, tmp_path / "changes_one.py"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    assert 'Property "number" defined in "Place" is read-only' in found
    assert 'Argument 1 to "Place" has incompatible type "int"; expected "str"' in found
    assert "Found 2 errors" in found
