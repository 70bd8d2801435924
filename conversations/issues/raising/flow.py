"""/raise: raise an issue at any time, see its state, and write with the team about it."""

from conversations.core.engine import Command, Step
from conversations.core.i18n import N_
from conversations.core.menus import ChatLine, HelpLine, HomeButton
from conversations.issues.raising.draft import MyIssues, OneIssue
from conversations.issues.raising.mine import (
    ask_list,
    ask_more,
    ask_one,
    open_raise,
    take_list,
    take_more,
    take_one,
)
from conversations.issues.raising.submit import ask_look, ask_sent, take_look, take_nothing
from conversations.issues.raising.write import (
    ask_area,
    ask_theme,
    ask_words,
    take_area,
    take_theme,
    take_words,
)
from conversations.team.facts import TeamRules

_WRITING = (MyIssues, TeamRules)

STEPS = (
    Step("raise.list", ask_list, take_list, needs=_WRITING),
    Step("raise.theme", ask_theme, take_theme, needs=_WRITING),
    Step("raise.area", ask_area, take_area, needs=_WRITING),
    Step("raise.words", ask_words, take_words, needs=_WRITING),
    Step("raise.look", ask_look, take_look, needs=_WRITING),
    Step("raise.sent", ask_sent, take_nothing, needs=(OneIssue,)),
    Step("raise.one", ask_one, take_one, needs=(OneIssue,)),
    Step("raise.more", ask_more, take_more, needs=(OneIssue, TeamRules)),
)
COMMANDS = (
    Command(
        "raise",
        open_raise,
        needs=_WRITING,
        label=N_("Raise something"),
        page=40,
        chat=ChatLine(30, N_("Raise something of your own")),
        help=(HelpLine(30, "joined", N_("· /raise: tell the team something of your own.")),),
        home=(HomeButton(40, "joined"),),
    ),
)
