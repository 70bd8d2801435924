"""`python -m bot play`: a flow in the terminal, for its author."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.main import app
from bot.cli.play import resolve_button
from conversations.core.messages import Choice, Say

BUTTONS = ((Choice("a", "Safe 😀"), Choice("b", "Not safe 😟")), (Choice("stop", "Stop", aside=True),))


def plays(flow: str, *lines: str, exit_code: int = 0) -> str:
    done = CliRunner().invoke(app, ["play", flow], input="".join(f"{line}\n" for line in lines))
    assert (done.exit_code, done.stderr) == (exit_code, "")
    return done.stdout


def test_a_flow_is_played_by_number_by_label_and_by_typing_until_the_input_ends():
    said = plays("say", "1", "[Not safe 😟]", "more lights at the stop", "99", "[99]", "Skip")
    assert "1 of 5" in said
    assert "* SaveAnswer(consultation=1, question='better', value='more lights at the stop')" in said
    assert "(no such button)" in said
    assert "* SkipQuestion(consultation=1, question='help')" in said


def test_a_newcomer_joins_and_answers_the_sample():
    said = plays(
        "start", "English", "Normal", "OK", "16–17", "Yes, keep it", "Have your say", "Start", "Not safe"
    )
    assert "Sample: buses after school" in said
    assert "2 of 5" in said


def test_the_player_of_a_staff_flow_is_the_owner():
    assert "Ask young people" not in plays("team")  # the flow itself, not home
    assert "[Home]" in plays("team")


def test_ctrl_c_ends_it_at_once():
    screen, keyboard = os.openpty()
    # What is started in the background, as these tests may be, ignores Ctrl-C; so would what they start.
    command = ["env", "--default-signal=INT", "setsid", "--ctty", sys.executable, "-m", "bot", "play", "say"]
    process = subprocess.Popen(command, stdin=keyboard, stdout=keyboard, stderr=keyboard)
    try:
        os.close(keyboard)
        seen = ""
        while "\n> " not in seen.replace("\r", ""):
            seen += os.read(screen, 1000).decode()
        until_it_waits(process.pid)
        os.write(screen, b"\x03")
        with suppress(OSError):  # once it has ended there is nothing more to read
            while os.read(screen, 1000):
                pass
        assert process.wait(60) == 130
    finally:
        process.kill()
        process.wait()
        os.close(screen)


def until_it_waits(pid: int) -> None:
    """Returns when it sleeps. A Ctrl-C between the prompt and the reading of a line is only heard after the line."""
    while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "S":
        time.sleep(0.01)


def test_an_unknown_flow_names_those_that_are_there():
    said = plays("buses", exit_code=1)
    assert "There is no such flow" in said
    assert "changed" in said


@pytest.mark.parametrize(
    ("line", "expects", "meant"),
    [
        ("1", "nothing", "[Safe 😀]"),
        ("3", "nothing", "[Stop]"),
        ("4", "nothing", "4"),
        ("Not safe", "words", "[Not safe 😟]"),
        ("[Not safe]", "nothing", "[Not safe 😟]"),
        ("1", "words", "[Safe 😀]"),
        ("1", "number", "1"),
        ("[1]", "number", "[Safe 😀]"),
        ("Stop", "text", "[Stop]"),
        ("[Stop]", "text", "[Stop]"),
        ("stop it", "text", "stop it"),
    ],
)
def test_a_number_is_a_button_only_if_no_text_is_expected(line, expects, meant):
    assert resolve_button(line, Say("How safe?", rows=BUTTONS, expects=expects)) == meant
