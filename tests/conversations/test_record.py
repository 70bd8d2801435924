"""Records are values: equal where what they hold is, never changed, and silent about what somebody wrote."""

import subprocess
import sys
from pathlib import Path

import pytest

from conversations.core.record import Private, Record, replace

ROOT = Path(__file__).parents[2]
CHANGES_ONE = """
from conversations.core.record import Record, replace

class Place(Record):
    name: str
    number: int = 0

here = Place("here")
here.number = 2
Place(7)
replace(here, size=3)
"""


class Place(Record):
    name: str
    number: int = 0
    words: Private[str] = ""


class Town(Place):
    mayor: Private[str | None] = None


def test_those_that_hold_the_same_are_equal_and_count_once():
    assert Place("here", 2) == Place("here", 2) != Place("here", 3)
    assert {Place("here", 2), Place("here", 2)} == {Place("here", 2)}


def test_one_cannot_be_changed():
    here = Place("here")
    with pytest.raises(AttributeError):
        here.number = 2
    assert here.number == 0


def test_a_records_repr_hides_peoples_words():
    assert repr(Place("here", 2, "in my own words")) == "Place(name='here', number=2)"
    assert repr(Town("here", 2, "in my own words", "Ann")) == "Town(name='here', number=2)"


def test_replace_makes_a_new_record():
    here = Place("here")
    assert replace(here, number=2) == Place("here", 2)
    assert here == Place("here")


def test_mypy_finds_code_that_changes_a_record(tmp_path):
    (tmp_path / "changes_one.py").write_text(CHANGES_ONE)
    mypy = [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={tmp_path}"]
    found = subprocess.run(
        [*mypy, tmp_path / "changes_one.py"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    assert 'Property "number" defined in "Place" is read-only' in found
    assert 'Argument 1 to "Place" has incompatible type "int"; expected "str"' in found
    assert 'Unexpected keyword argument "size" for "replace" of "Place"' in found
    assert "Found 3 errors" in found
