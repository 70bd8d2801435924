"""What the notice command does: reads texts, and says what noticing makes of each."""

import json
from collections.abc import Iterator
from pathlib import Path

from bot.cli.console import stop
from bot.config.word_lists import load_lookout
from conversations.core.record import Private, Record
from conversations.safeguarding.noticing import Lookout, Noticed, explain, notice


class Sample(Record):
    """A text to judge. `kind` and `manner` say what it is, if the file does."""

    text: Private[str]
    kind: str | None
    manner: str | None


def judged(file: Path) -> Iterator[tuple[Sample, Noticed | None]]:
    """Each text of the file with what is noticed in it. A line without a text ends the command, and is named."""
    lookout = load_lookout()
    for sample in _samples(file):
        yield sample, notice(sample.text, lookout)


def as_json(sample: Sample, found: Noticed | None, *, why: bool) -> str:
    line: dict[str, object] = {"tier": "none", "kind": None}
    if found:
        line = {
            "tier": found.tier,
            "kind": found.kind,
            "by": found.by,
            "whose": found.whose,
            "denied": found.denied,
        }
    return json.dumps(line | _reasons(sample.text, load_lookout()) if why else line, ensure_ascii=False)


def _reasons(text: str, lookout: Lookout) -> dict[str, object]:
    nearest, words = explain(text, lookout)
    return {"nearest": nearest, "why": [list(word) for word in words]}


def _samples(file: Path) -> Iterator[Sample]:
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _sample(line, number)


def _sample(line: bytes, number: int) -> Sample:
    try:
        read = json.loads(line)
    except ValueError:  # a UnicodeDecodeError is one too
        stop(f"Line {number} is not JSON.")
    fields = read if isinstance(read, dict) else {"text": read}
    text = fields.get("text")
    if not isinstance(text, str):
        stop(f'Line {number} has no "text".')
    return Sample(text, _name(fields, "kind"), _name(fields, "manner"))


def _name(fields: dict[str, object], field: str) -> str | None:
    value = fields.get(field)
    return value if isinstance(value, str) else None
