"""/cases: the steps and the command for safeguarding cases."""

from conversations.core.engine import Command, Step
from conversations.core.facts import Facts
from conversations.core.i18n import N_
from conversations.core.menus import HelpLine, HomeButton
from conversations.safeguarding.cases import (
    ask_close,
    ask_list,
    ask_one,
    open_cases,
    take_close,
    take_list,
    take_one,
)
from conversations.safeguarding.facts import OneCase, OpenCaseCount, OpenCases
from conversations.safeguarding.write_to_them import ask_write, take_write
from conversations.team.rights import Rights

STEPS = (
    Step("cases.list", ask_list, take_list, needs=(OpenCases,), right=Rights.SEE_CASES),
    Step("cases.one", ask_one, take_one, needs=(OneCase,), right=Rights.SEE_CASES),
    Step("cases.write", ask_write, take_write, needs=(OneCase,), right=Rights.SEE_CASES),
    Step("cases.close", ask_close, take_close, needs=(OneCase,), right=Rights.SEE_CASES),
)


def _cases_label(facts: Facts) -> str:
    _, n = facts.words, facts[OpenCaseCount].n
    return _.many("{n} case open", "{n} cases open", n) if n else _("Safeguarding cases")


COMMANDS = (
    Command(
        "cases",
        open_cases,
        right=Rights.SEE_CASES,
        label=N_("Safeguarding cases"),
        page=90,
        help=(HelpLine(90, "staff", N_("· /cases: signs that somebody may not be safe.")),),
        home=(HomeButton(60, "staff", label=_cases_label, needs=(OpenCaseCount,)),),
    ),
)
