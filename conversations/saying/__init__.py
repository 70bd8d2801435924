"""Having a say: choose a consultation, answer one question at a time, look it over, know what happens next."""

from conversations.engine import Needs, Opening, Step
from conversations.people import Role
from conversations.saying.answer import take_question
from conversations.saying.choosing import ask_intro, ask_list, open_say, take_intro, take_list
from conversations.saying.preview import PREVIEWERS, preview_session
from conversations.saying.previewing import in_preview
from conversations.saying.question import ask_question
from conversations.saying.review import (
    ask_change,
    ask_receipt,
    ask_review,
    take_change,
    take_receipt,
    take_review,
)
from conversations.saying.sheet import OneSheet, OpenSheets

__all__ = ["OPENINGS", "STEPS", "preview_session"]


def _steps(room: str, roles: tuple[Role, ...] = ()) -> tuple[Step, ...]:
    """The steps of one consultation: in earnest for young people, and as a preview for staff."""
    needs: Needs = (OneSheet,)
    steps = (
        Step(f"{room}.intro", ask_intro, take_intro, needs, roles),
        Step(f"{room}.question", ask_question, take_question, needs, roles),
        Step(f"{room}.review", ask_review, take_review, needs, roles),
        Step(f"{room}.change", ask_change, take_change, needs, roles),
        Step(f"{room}.receipt", ask_receipt, take_receipt, needs, roles),
    )
    return steps if room == "say" else tuple(in_preview(step) for step in steps)


STEPS = (
    Step("say.list", ask_list, take_list, needs=(OpenSheets,)),
    *_steps("say"),
    *_steps("preview", PREVIEWERS),
)
OPENINGS = (Opening("say", open_say, needs=(OpenSheets,)),)
