"""Having a say: choose a consultation, answer its questions, review the answers, get a receipt."""

from conversations.consultations.consultation import OpenCount
from conversations.consultations.respond.answer import take_question
from conversations.consultations.respond.choose import ask_intro, ask_list, open_say, take_intro, take_list
from conversations.consultations.respond.preview_state import preview_session
from conversations.consultations.respond.preview_step import as_preview
from conversations.consultations.respond.question import ask_question
from conversations.consultations.respond.response import OneResponse, OpenResponses
from conversations.consultations.respond.review import (
    ask_change,
    ask_receipt,
    ask_review,
    take_change,
    take_receipt,
    take_review,
)
from conversations.core.engine import Command, Needs, Step
from conversations.core.facts import Facts
from conversations.core.i18n import N_
from conversations.core.menus import ChatLine, HelpLine, HomeButton
from conversations.core.person import Right
from conversations.team.rights import Rights

__all__ = ["COMMANDS", "STEPS", "preview_session"]


def _steps(room: str, right: Right | None = None) -> tuple[Step, ...]:
    """The steps of one consultation: the real ones for young people ("say"), or the preview for staff."""
    needs: Needs = (OneResponse,)
    steps = (
        Step(f"{room}.intro", ask_intro, take_intro, needs, right),
        Step(f"{room}.question", ask_question, take_question, needs, right, keeps=("ticks",)),
        Step(f"{room}.review", ask_review, take_review, needs, right),
        Step(f"{room}.change", ask_change, take_change, needs, right),
        Step(f"{room}.receipt", ask_receipt, take_receipt, needs, right),
    )
    return steps if room == "say" else tuple(as_preview(step) for step in steps)


STEPS = (
    Step("say.list", ask_list, take_list, needs=(OpenResponses,)),
    *_steps("say"),
    *_steps("preview", Rights.PREVIEW_CONSULTATIONS),
)


def _say_label(facts: Facts) -> str:
    return facts.words("Go on where I was") if facts[OpenCount].begun else facts.words("Have your say")


def _others_label(facts: Facts) -> str:
    waiting = facts[OpenCount]
    return facts.words("What else is open") if waiting.begun and waiting.open > 1 else ""


COMMANDS = (
    Command(
        "say",
        open_say,
        needs=(OpenResponses,),
        label=N_("Have your say"),
        page=20,
        chat=ChatLine(10, N_("Have your say")),
        help=(HelpLine(10, "joined", N_("· /say: have your say on what's open now.")),),
        home=(
            HomeButton(10, "joined", label=_say_label, needs=(OpenCount,)),
            HomeButton(20, "joined", label=_others_label, needs=(OpenCount,), argument="all"),
        ),
    ),
)
