"""What the notice command does: reads texts, and says what noticing makes of each."""

import json
from collections.abc import Iterator
from pathlib import Path

from bot.cli.console import stop
from bot.config.word_lists import load_lookout
from conversations.safeguarding.noticing import Lookout, explain, notice


def notice_lines(file: Path, *, why: bool) -> Iterator[str]:
    """One JSON line for each line of the file. A line that is no text ends the command, with the line's number."""
    lookout = load_lookout()
    for text in texts(file):
        yield json.dumps(_judge(text, lookout, why=why), ensure_ascii=False)


def texts(file: Path) -> Iterator[str]:
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _text(line, number)


def _text(line: bytes, number: int) -> str:
    try:
        read = json.loads(line)
    except ValueError:  # a UnicodeDecodeError is one too
        stop(f"Line {number} is not JSON.")
    text = read.get("text") if isinstance(read, dict) else read
    if not isinstance(text, str):
        stop(f'Line {number} has no "text".')
    return text


def _judge(text: str, lookout: Lookout, *, why: bool) -> dict[str, object]:
    found = notice(text, lookout)
    judged: dict[str, object] = {
        "tier": found.tier if found else "none",
        "kind": found.kind if found else None,
        "by": found.by if found else None,
    }
    if found:
        judged |= {"whose": found.whose, "denied": found.denied}
    return judged | ({"why": [list(each) for each in explain(text, lookout)]} if why else {})
