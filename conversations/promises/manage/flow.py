"""/promises: open promises and their days; the team postpones them with a reason, or changes a part's status."""

from conversations.core.engine import Command, Step
from conversations.core.i18n import N_
from conversations.core.menus import HelpLine
from conversations.promises.manage.change_status import (
    ask_because,
    ask_sure,
    preview_because,
    take_because,
    take_sure,
)
from conversations.promises.manage.detail import ask_one, take_one
from conversations.promises.manage.facts import AllPromises, OnePromise
from conversations.promises.manage.list import ask_list, open_promises, take_list
from conversations.promises.manage.postpone import ask_day, ask_why, preview_move, take_day, take_why
from conversations.team.rights import Rights

_ONE = (OnePromise,)

STEPS = (
    Step("promises.list", ask_list, take_list, needs=(AllPromises,), right=Rights.KEEP_PROMISES),
    Step("promises.one", ask_one, take_one, needs=_ONE, right=Rights.KEEP_PROMISES),
    Step("promises.day", ask_day, take_day, needs=_ONE, right=Rights.KEEP_PROMISES),
    Step("promises.why", ask_why, take_why, needs=_ONE, right=Rights.KEEP_PROMISES, preview=preview_move),
    Step("promises.sure", ask_sure, take_sure, needs=_ONE, right=Rights.KEEP_PROMISES),
    Step(
        "promises.because",
        ask_because,
        take_because,
        needs=_ONE,
        right=Rights.KEEP_PROMISES,
        preview=preview_because,
    ),
)
COMMANDS = (
    Command(
        "promises",
        open_promises,
        right=Rights.KEEP_PROMISES,
        label=N_("What we promised"),
        page=50,
        help=(HelpLine(60, "staff", N_("· /promises: what you promised and by when, and moving a day.")),),
    ),
)
