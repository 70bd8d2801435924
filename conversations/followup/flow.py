"""The steps and commands after an outcome: did we get it right, and has what was promised really happened?"""

from conversations.core.engine import Command
from conversations.core.i18n import N_
from conversations.core.menus import HelpLine, HomeButton
from conversations.followup import comments, happened, pulse, report, revisit, trends, verdict
from conversations.team.rights import Rights

_FLOWS = (verdict, pulse, comments, revisit, happened, report, trends)

STEPS = tuple(step for flow in _FLOWS for step in flow.STEPS)
COMMANDS = (
    *verdict.COMMANDS,
    *revisit.COMMANDS,
    Command(
        "happened",
        happened.open_happened,
        right=Rights.FOLLOW_UP,
        label=N_("What stands open"),
        page=60,
        help=(HelpLine(50, "staff", N_("· /happened: what you promised and what stands open of it.")),),
        home=(HomeButton(40, "staff", column=2),),
    ),
)
