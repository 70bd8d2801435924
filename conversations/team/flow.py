"""/team: the steps and the command for members, names, and sign-ins."""

from conversations.core.engine import Command, Step
from conversations.core.i18n import N_
from conversations.core.menus import HelpLine, HomeButton
from conversations.team.facts import Team
from conversations.team.members import (
    ask_list,
    ask_name,
    open_team,
    take_list,
    take_name,
)
from conversations.team.rights import Rights

STEPS = (
    Step("team.list", ask_list, take_list, needs=(Team,), right=Rights.SEE_TEAM),
    Step("team.name", ask_name, take_name, needs=(Team,), right=Rights.SEE_TEAM, personal=True),
)
COMMANDS = (
    Command(
        "team",
        open_team,
        right=Rights.SEE_TEAM,
        label=N_("Team"),
        page=100,
        help=(HelpLine(100, "staff", N_("· /team: who is in the team, your other door, signing out.")),),
        home=(HomeButton(70, "staff"),),
    ),
)
