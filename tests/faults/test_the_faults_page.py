"""docs/faults.md names a test for every row, and all of them exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "faults.md").read_text()
ROWS = dict(re.findall(r"^\| (\d+) \|(.*)\|$", PAGE, re.MULTILINE))


def test_every_row_has_its_test():
    numbers = [int(number) for number in ROWS]
    # the first 39 are all there; later ones keep their number, whichever was done first
    assert numbers == sorted(set(numbers))
    assert numbers[:39] == list(range(1, 40))
    assert [number for number, row in ROWS.items() if "`test_" not in row] == []


def test_the_tests_that_it_names_are_there():
    there = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)", file.read_text(), re.MULTILINE)
    }
    assert set(re.findall(r"`(test_\w+)`", PAGE)) - there == set()
