"""A form as JSON, for the database and for the subprocess that parses workbooks."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from conversations.consultations.form import Form, Option, Question

_DAYS = ("reply_by", "opens", "closes")


def to_json(form: Form) -> dict[str, Any]:
    """Returns only strings, numbers, lists and dicts. Empty and default values are left out."""
    days = {name: day.isoformat() for name in _DAYS if (day := getattr(form, name)) is not None}
    return {
        "code": form.code,
        "title": dict(form.title),
        "default_language": form.default_language,
        "kind": form.kind,
        "questions": [_question(question) for question in form.questions],
        **days,
        **_without_empty(
            about=dict(form.about),
            decision_maker=dict(form.decision_maker),
            themes=list(form.themes),
            area=form.area,
            audience=list(form.audience),
        ),
    }


def from_json(data: Mapping[str, Any]) -> Form:
    """The inverse of `to_json`. Raises KeyError or TypeError for any other data."""
    return Form(
        **{
            **data,
            "questions": tuple(_question_from(question) for question in data["questions"]),
            "themes": tuple(data.get("themes", ())),
            "audience": tuple(data.get("audience", ())),
            **{name: date.fromisoformat(data[name]) for name in _DAYS if name in data},
        }
    )


def _question(question: Question) -> dict[str, Any]:
    return {
        "name": question.name,
        "kind": question.kind,
        "label": dict(question.label),
        **_without_empty(
            hint=dict(question.hint),
            required=question.required,
            relevant=list(question.relevant),
            constraint=question.constraint,
            constraint_message=dict(question.constraint_message),
            options=[{"name": option.name, "label": dict(option.label)} for option in question.options],
        ),
        **(
            {"start": question.start, "end": question.end, "step": question.step}
            if _has_points(question)
            else {}
        ),
    }


def _question_from(data: Mapping[str, Any]) -> Question:
    return Question(
        **{
            **data,
            "relevant": tuple(data.get("relevant", ())),
            "options": tuple(Option(**option) for option in data.get("options", ())),
        }
    )


def _has_points(question: Question) -> bool:
    return (question.start, question.end, question.step) != (0, 0, 1)


def _without_empty(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
