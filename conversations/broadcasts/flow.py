"""/sent: past broadcasts, their delivery, and messages held until somebody decides."""

from conversations.broadcasts.after_restore import HeldCount
from conversations.broadcasts.facts import AllBroadcasts, OneBroadcast
from conversations.broadcasts.list import (
    ask_list,
    ask_one,
    ask_sure,
    open_sent,
    take_list,
    take_one,
    take_sure,
)
from conversations.core.engine import Command, Step
from conversations.core.facts import Facts
from conversations.core.i18n import N_
from conversations.core.menus import HelpLine, HomeButton
from conversations.team.rights import Rights

STEPS = (
    Step("sent.list", ask_list, take_list, needs=(AllBroadcasts,), right=Rights.SEND_BROADCASTS),
    Step("sent.one", ask_one, take_one, needs=(OneBroadcast,), right=Rights.SEND_BROADCASTS),
    Step("sent.sure", ask_sure, take_sure, needs=(OneBroadcast,), right=Rights.SEND_BROADCASTS),
)


def _held_label(facts: Facts) -> str:
    _, n = facts.words, facts[HeldCount].n
    return _.many("{n} message held", "{n} messages held", n) if n else ""


COMMANDS = (
    Command(
        "sent",
        open_sent,
        right=Rights.SEND_BROADCASTS,
        label=N_("What was sent"),
        page=80,
        help=(HelpLine(70, "staff", N_("· /sent: what was sent to many, and whether it arrived.")),),
        home=(HomeButton(50, "staff", label=_held_label, needs=(HeldCount,)),),
    ),
)
