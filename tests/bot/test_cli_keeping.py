"""The commands that keep what is there, as an operator uses them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from storage import audit
from storage.tables import audit as audit_table
from tests.bot.test_cli import heard, look

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _here(folder, own_logs):
    """Every test runs in a folder of its own."""


def process(*arguments, exit_code=0, **settings):
    """The real command; all that it said, and no traceback in it."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings}
    command = (sys.executable, "-m", "bot", *arguments)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    said = done.stdout + done.stderr
    assert done.returncode == exit_code, said
    assert "Traceback" not in said
    return said


# --- verify -----------------------------------------------------------------------------------------


def lines(many):
    look(lambda db: [audit.note(db, None, "opened a consultation", f"consultation {n}") for n in range(many)])


def test_a_log_that_nobody_touched_is_whole():
    assert "The audit log is empty" in process("verify")
    lines(3)
    assert "The audit log is whole: 3 lines, " in process("verify")


def test_what_was_done_to_the_log_is_told_by_line_and_date_and_never_by_content():
    lines(9)
    look(lambda db: db.run(update(audit_table).where(audit_table.c.id == 2).values(about="consultation 77")))
    look(lambda db: db.run(delete(audit_table).where(audit_table.c.id.in_((4, 5)))))
    look(lambda db: db.run(delete(audit_table).where(audit_table.c.id == 9)))
    said = process("verify", exit_code=1)
    today = look(lambda db: f"{db.now:%d %B %Y}")
    assert said.splitlines() == [
        f"Line 2 ({today}) was altered.",
        f"Lines 4 to 5 are missing, after {today}.",
        f"The log was cut off after {today}: line 9 is missing.",
    ]
    assert "consultation" not in said


def test_a_long_log_is_read_in_pieces():
    lines(5000)
    said = heard("verify")
    assert "5,000 lines" in said
