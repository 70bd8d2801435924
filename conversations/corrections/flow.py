"""/correct: the steps and the command to correct and withdraw what is published."""

from conversations.core.engine import Command, Step, Turn
from conversations.core.events import Asked
from conversations.core.facts import Facts
from conversations.core.i18n import N_
from conversations.core.menus import HelpLine
from conversations.core.messages import Session
from conversations.corrections.choose import ask_list, ask_one, ask_variant, take_list, take_one, take_variant
from conversations.corrections.correct import ask_text, ask_why, take_text, take_why
from conversations.corrections.facts import AllPublished, OnePublished
from conversations.corrections.withdraw import ask_withdraw, take_withdraw
from conversations.team.rights import Rights


def open_correct(session: Session, _asked: Asked, _facts: Facts) -> Turn:
    return Turn(session.goto("correct.list"))


_RIGHT, _NEEDS = Rights.CORRECT_PUBLISHED, (OnePublished,)

STEPS = (
    Step("correct.list", ask_list, take_list, needs=(AllPublished,), right=_RIGHT),
    Step("correct.one", ask_one, take_one, needs=_NEEDS, right=_RIGHT),
    Step("correct.variant", ask_variant, take_variant, needs=_NEEDS, right=_RIGHT),
    Step("correct.why", ask_why, take_why, needs=_NEEDS, right=_RIGHT),
    Step("correct.text", ask_text, take_text, needs=_NEEDS, right=_RIGHT),
    Step("correct.withdraw", ask_withdraw, take_withdraw, needs=_NEEDS, right=Rights.WITHDRAW_PUBLISHED),
)
COMMANDS = (
    Command(
        "correct",
        open_correct,
        right=_RIGHT,
        label=N_("Correct"),
        help=(HelpLine(92, "staff", N_("· /correct: correct or take back what was published.")),),
    ),
)
