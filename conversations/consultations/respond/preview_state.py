"""The state of a preview for staff. It lives in session notes, and holds only which buttons were tapped."""

from conversations.consultations.form import Question, Shape, Value
from conversations.consultations.kinds.registry import shape_of
from conversations.consultations.respond.response import Response
from conversations.core.facts import Facts
from conversations.core.messages import Note, Session
from conversations.core.record import replace

_SKIPPED = "skipped"
_SOMETHING = "…"  # stands for typed text, so that conditions that require one hold


def preview_session(
    session: Session, consultation: int, back: str, language: str | None = None, version: str | None = None
) -> Session:
    """Opens the preview of a consultation or draft in a language and reading version, by default the viewer's own.
    It ends at the step `back`, with the same note `consultation`.
    """
    notes: dict[str, Note] = {"consultation": consultation, "back": back}
    return session.goto("preview.intro", **notes, language=language, version=version)


def as_reader(session: Session, facts: Facts) -> Facts:
    """The facts as a young person sees them who reads in the preview's language and version. They have no role,
    because staff whose language lacks the staff sentences read English.
    """
    language, version = session.notes.get("language"), session.notes.get("version")
    if not isinstance(language, str):
        return facts
    reader = replace(facts.person, language=language, version=str(version or "normal"), roles=frozenset())
    return replace(facts, person=reader)


def is_preview(session: Session) -> bool:
    return session.step.startswith("preview.")


def preview_note(place: int, question: Question, value: Value | None) -> dict[str, Note]:
    """An answer as a note: option places and numbers, never text. The value None means skipped."""
    return {f"answer{place}": _SKIPPED if value is None else _note_of_value(question, value)}


def preview_notes(session: Session) -> dict[str, Note]:
    """The notes that a preview carries from step to step."""
    return {
        name: note
        for name, note in session.notes.items()
        if name in {"consultation", "back", "language", "version"} or name.startswith("answer")
    }


def preview_response(response: Response, session: Session) -> Response:
    """The response filled in from the preview's notes. It is open, whatever the state of the consultation."""
    answers: dict[str, Value] = {}
    skipped = set()
    for place, question in enumerate(response.form.questions):
        note = session.notes.get(f"answer{place}")
        if note == _SKIPPED:
            skipped.add(question.name)
        elif note is not None:
            answers[question.name] = _value_of_note(question, note)
    return replace(response, open=True, answers=answers, skipped=frozenset(skipped), finished=False)


def _value_of_note(question: Question, note: Note) -> Value:
    if question.options:
        places = [place for place in note if isinstance(place, int)] if isinstance(note, tuple) else []
        names = tuple(question.options[place].name for place in places if place < len(question.options))
        return names if shape_of(question) is Shape.OPTIONS else "".join(names[:1])
    return note if isinstance(note, int) and shape_of(question) is not Shape.TEXT else _SOMETHING


def _note_of_value(question: Question, value: Value) -> Note:
    if question.options:
        names = value if isinstance(value, tuple) else (value,)
        return tuple(place for place, option in enumerate(question.options) if option.name in names)
    return value if isinstance(value, int) else True
