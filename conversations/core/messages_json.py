"""Converts messages and sessions to JSON and back, for storage."""

from typing import Any, cast

from conversations.core.messages import Attachment, Choice, Expects, Link, Note, Row, Say, Session

# Fields that are rarely set, and stored only when they are, with their names in storage.
_RARE = {"badge": "badge", "shown_once": "secret", "draft": "draft", "is_validation": "remark"}


def say_to_json(say: Say) -> dict[str, Any]:
    """The JSON of a message; rarely used fields only if they are set."""
    attachment = say.attachment
    return {
        "text": say.text,
        "heading": say.heading,
        "progress": list(say.progress) if say.progress else None,
        "rows": [[_button(button) for button in row] for row in say.rows],
        "expects": say.expects,
        "paper": [attachment.name, dict(attachment.about), attachment.described] if attachment else None,
        "visit": say.visit,
        "language": say.language,
        **{stored: value for name, stored in _RARE.items() if (value := getattr(say, name))},
    }


def say_from_json(data: dict[str, Any]) -> Say:
    """The message from `say_to_json`. Its outbox row holds `replaces`, `ephemeral` and `repeats_answer`."""
    progress, attachment = data["progress"], data["paper"]
    return Say(
        text=data["text"],
        heading=data["heading"],
        progress=(progress[0], progress[1]) if progress else None,
        rows=tuple(_row(row) for row in data["rows"]),
        expects=cast(Expects, data["expects"]),
        attachment=Attachment(*attachment) if attachment else None,
        visit=data["visit"],
        language=data["language"],
        **{name: data[stored] for name, stored in _RARE.items() if stored in data},
    )


def notes_from_json(data: dict[str, Any]) -> dict[str, Note]:
    """Restores notes: turns the lists of JSON back into tuples."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}


def session_from_json(step: str, visit: int, notes: dict[str, Any]) -> Session:
    return Session(step, visit, notes_from_json(notes))


def _button(button: Choice | Link) -> list[Any]:
    if isinstance(button, Link):
        return ["link", button.label, button.address]
    return ["choice", button.key, button.label, button.ticked, button.aside, button.chosen]


def _row(row: list[list[Any]]) -> Row:
    return tuple(Link(*button[1:]) if button[0] == "link" else Choice(*button[1:]) for button in row)
