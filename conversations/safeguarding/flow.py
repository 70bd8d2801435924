"""/cases: the steps and the command for safeguarding cases."""

from conversations.core.engine import Command, Step
from conversations.core.facts import Facts
from conversations.core.i18n import N_
from conversations.core.menus import HelpLine, HomeButton
from conversations.safeguarding.cases import ask_list, ask_one, open_cases, take_list, take_one
from conversations.safeguarding.casework.browse_register import (
    ask_export,
    ask_months,
    ask_register,
    take_export,
    take_months,
    take_register,
)
from conversations.safeguarding.casework.closing import ask_close, ask_close_sure, take_close, take_close_sure
from conversations.safeguarding.casework.closing_rules import (
    ask_add,
    ask_remove,
    ask_rules,
    ask_years,
    take_add,
    take_remove,
    take_rules,
    take_years,
)
from conversations.safeguarding.casework.handover import ask_hand, take_hand
from conversations.safeguarding.casework.register import CaseRegister
from conversations.safeguarding.casework.release_texts import ask_release, take_release
from conversations.safeguarding.casework.texts_to_read import ask_texts, take_texts
from conversations.safeguarding.facts import CaseHelpers, MarkedTexts, OneCase, OpenCaseCount, OpenCases
from conversations.safeguarding.write_to_them import ask_write, take_write
from conversations.team.facts import TeamRules
from conversations.team.rights import Rights

_CLOSING = (OneCase, TeamRules)
_KEEPS = Rights.KEEP_CASE_REGISTER

STEPS = (
    Step("cases.list", ask_list, take_list, needs=(OpenCases, OpenCaseCount), right=Rights.SEE_CASES),
    Step("cases.one", ask_one, take_one, needs=(OneCase,), right=Rights.SEE_CASES),
    Step("cases.write", ask_write, take_write, needs=(OneCase,), right=Rights.SEE_CASES),
    Step("cases.hand", ask_hand, take_hand, needs=(OneCase, CaseHelpers), right=Rights.SEE_CASES),
    Step("cases.release", ask_release, take_release, needs=(OneCase,), right=Rights.READ_CASE_WORDS),
    Step("cases.texts", ask_texts, take_texts, needs=(MarkedTexts,), right=Rights.READ_MARKED_TEXTS),
    Step("cases.close", ask_close, take_close, needs=_CLOSING, right=Rights.SEE_CASES),
    Step("cases.close_sure", ask_close_sure, take_close_sure, needs=_CLOSING, right=Rights.SEE_CASES),
    Step("cases.rules", ask_rules, take_rules, needs=(TeamRules,), right=_KEEPS),
    Step("cases.rules_add", ask_add, take_add, needs=(TeamRules,), right=_KEEPS),
    Step("cases.rules_remove", ask_remove, take_remove, needs=(TeamRules,), right=_KEEPS),
    Step("cases.rules_years", ask_years, take_years, right=_KEEPS),
    Step("cases.register", ask_register, take_register, needs=(CaseRegister,), right=_KEEPS),
    Step("cases.months", ask_months, take_months, needs=(CaseRegister,), right=_KEEPS),
    Step("cases.export", ask_export, take_export, right=_KEEPS),
)


def _cases_label(facts: Facts) -> str:
    _, waiting = facts.words, facts[OpenCaseCount]
    parts = []
    if waiting.n:
        parts.append(_.many("{n} case open", "{n} cases open", waiting.n))
    if waiting.texts:
        # For staff.
        parts.append(_.many("{n} text to read", "{n} texts to read", waiting.texts))
    return _.comma_list(parts) if parts else _("Safeguarding cases")


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
