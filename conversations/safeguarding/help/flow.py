"""/helplines: the steps and the command."""

from conversations.core.engine import Command, Step
from conversations.core.i18n import N_
from conversations.core.menus import HelpLine
from conversations.safeguarding.help.edit import (
    ask_language,
    ask_value,
    ask_words,
    take_language,
    take_value,
    take_words,
)
from conversations.safeguarding.help.settings import (
    ask_ages,
    ask_list,
    ask_one,
    ask_remove,
    open_helplines,
    take_ages,
    take_list,
    take_one,
    take_remove,
)
from conversations.safeguarding.help.ways import Helplines
from conversations.team.rights import Rights

_NEEDS, _KEEPS = (Helplines,), Rights.KEEP_HELPLINES

STEPS = (
    Step("helplines.list", ask_list, take_list, needs=_NEEDS, right=_KEEPS),
    Step("helplines.one", ask_one, take_one, needs=_NEEDS, right=_KEEPS),
    Step("helplines.value", ask_value, take_value, needs=_NEEDS, right=_KEEPS),
    Step("helplines.language", ask_language, take_language, needs=_NEEDS, right=_KEEPS),
    Step("helplines.words", ask_words, take_words, needs=_NEEDS, right=_KEEPS),
    Step("helplines.ages", ask_ages, take_ages, needs=_NEEDS, right=_KEEPS),
    Step("helplines.remove", ask_remove, take_remove, needs=_NEEDS, right=_KEEPS),
)
COMMANDS = (
    Command(
        "helplines",
        open_helplines,
        right=_KEEPS,
        label=N_("Helplines"),
        page=95,
        help=(
            HelpLine(
                95,
                "staff",
                N_("· /helplines: who young people can turn to, and which numbers are due for a check."),
            ),
        ),
    ),
)
