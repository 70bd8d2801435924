"""The erasure log: lines are whole or absent, and none identifies a person."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from storage.core.errors import Unavailable
from storage.security.erasure_log import KEPT_FOR, Checkpoint, ErasureLog, Restored, new_tombstone
from storage.security.vault import Vault

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 12, 1)
NOW = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
OURS, OTHERS = "0123456789abcdef", "fedcba9876543210"
STAMP = Vault([b"k" * 32]).stamp("5550001")


@pytest.fixture
def log(tmp_path):
    made = ErasureLog(tmp_path / "data" / "forgotten")
    assert made.make()
    return made


def note(kind="forgot", day=TODAY, lineage=OURS, stamps=(STAMP,)):
    return new_tombstone(kind, day, lineage, stamps)


def checkpoint(number, lines=3, at=NOW, lineage=OURS):
    return Checkpoint(at, lineage, number, lines, STAMP)


def test_it_is_made_once_and_for_this_account_alone(log):
    assert not log.make()
    assert log.path.stat().st_mode & 0o777 == 0o600
    assert log.read(OURS, TODAY).tombstones == ()


def test_added_lines_are_read_in_order(log):
    lines = [note(), note("stopped", stamps=(STAMP, STAMP[:4] + b"x" * 32)), checkpoint(1), note("left")]
    for line in lines:
        log.add(line)
    log.add(checkpoint(2), Restored(NOW, OURS, 9, 4), checkpoint(3, lines=5))
    found = log.read(OURS, TODAY)
    assert found.tombstones == (lines[0], lines[1], lines[3])
    assert found.marks == (checkpoint(1), checkpoint(2), Restored(NOW, OURS, 9, 4), checkpoint(3, lines=5))
    assert (found.number, found.checkpoint, found.damaged) == (3, checkpoint(3, lines=5), 0)


def test_after_a_restore_there_is_no_checkpoint_until_the_next(log):
    log.add(checkpoint(7), Restored(NOW, OURS, 9, 4))
    assert log.read(OURS, TODAY).checkpoint is None
    assert log.read(OURS, TODAY).number == 7


def test_a_checkpoint_of_an_empty_audit_log_is_read(log):
    empty = Checkpoint(NOW, OURS, 1, 0, b"")
    log.add(empty)
    assert log.read(OURS, TODAY).checkpoint == empty


def test_another_databases_lines_are_not_ours(log):
    log.add(note(lineage=OTHERS), checkpoint(50, lineage=OTHERS), note())
    found = log.read(OURS, TODAY)
    assert (len(found.tombstones), found.number) == (1, 0)


def test_nothing_in_it_identifies_anybody(log):
    log.add(note())
    text = log.path.read_text()
    assert "5550001" not in text
    assert text.splitlines()[1].split()[:3] == ["forgot", "2026-12-01", OURS]


@pytest.mark.parametrize("torn", [b"forgot 2026-12-", b"x", b"forgot"])
def test_a_truncated_line_is_ignored_and_does_not_swallow_the_next(log, torn):
    log.add(note())
    with log.path.open("ab") as file:
        file.write(torn)
    assert (len(log.read(OURS, TODAY).tombstones), log.read(OURS, TODAY).damaged) == (1, 0)
    log.add(note("left"))
    found = log.read(OURS, TODAY)
    assert ([line.kind for line in found.tombstones], found.damaged) == (["forgot", "left"], 0)


def test_damaged_lines_are_counted_and_the_others_read(log):
    log.add(note())
    with log.path.open("ab") as file:
        file.write(b"\xff\xfe rubbish\nforgot yesterday ours id zz\n\nmark 2026-12-01 x y\n")
    log.add(note())
    found = log.read(OURS, TODAY)
    assert (len(found.tombstones), found.damaged) == (2, 4)


def test_lines_older_than_any_backup_are_ignored_and_removed(log):
    old = TODAY - KEPT_FOR
    log.add(note(day=old), Restored(NOW - KEPT_FOR, OURS, 3, 1), note(day=old + timedelta(days=1)))
    assert len(log.read(OURS, TODAY).tombstones) == 1
    log.tidy(TODAY)
    assert len(log.path.read_text().splitlines()) == 2
    assert log.path.read_text().startswith("#")
    assert log.path.stat().st_mode & 0o777 == 0o600


def test_only_the_highest_checkpoint_of_each_database_is_kept(log):
    log.add(*(checkpoint(n) for n in (1, 2, 4, 3)), checkpoint(9, lineage=OTHERS), note())
    log.tidy(TODAY)
    assert log.read(OURS, TODAY).marks == (checkpoint(4),)
    assert log.read(OTHERS, TODAY).number == 9
    assert len(log.read(OURS, TODAY).tombstones) == 1
    before = log.path.stat().st_ino
    log.tidy(TODAY)
    assert log.path.stat().st_ino == before


def test_a_failed_write_leaves_the_log_unchanged(log, monkeypatch):
    import os

    log.add(note())
    before = log.path.read_bytes()
    real = os.pwrite

    def full(handle, content, at):
        real(handle, content[:7], at)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(Unavailable, match="No space left on device"):
        log.add(note())
    assert log.path.read_bytes() == before


def test_a_removed_log_is_recreated(log):
    log.path.unlink()
    log.add(note())
    assert len(log.read(OURS, TODAY).tombstones) == 1


ADDS = """
import sys
from datetime import date
from pathlib import Path
from storage.security.erasure_log import ErasureLog, new_tombstone

log = ErasureLog(Path(sys.argv[1]))
for n in range(100):
    log.add(new_tombstone("forgot", date(2026, 12, 1), "0123456789abcdef", [b"k" * 36]))
    if n % 20 == 0:
        log.tidy(date(2026, 12, 1))
"""


def test_concurrent_writers_and_clean_up_lose_nothing(log):
    processes = [subprocess.Popen((sys.executable, "-c", ADDS, str(log.path)), cwd=ROOT) for _ in range(3)]
    for n in range(60):
        log.add(checkpoint(n + 1))
        log.tidy(TODAY)
    assert [process.wait() for process in processes] == [0, 0, 0]
    found = log.read(OURS, TODAY)
    assert (len(found.tombstones), found.number, found.damaged) == (300, 60, 0)
    assert len({line.id for line in found.tombstones}) == 300
