"""Every flow there is. A new one is its own file, and one line here."""

from itertools import chain

from conversations import (
    after,
    cases,
    changed,
    coming_back,
    consult,
    helping,
    home,
    inbox,
    invites,
    inviting,
    join,
    leaving,
    mydata,
    news,
    outcome,
    preferences,
    privacy,
    promise,
    quotes,
    raising,
    results,
    results_read,
    saying,
    sent,
    support,
    team,
    ways,
    ways_chosen,
    working,
)
from conversations.danger import Signs
from conversations.engine import Flows

FLOWS = (
    after,
    cases,
    changed,
    consult,
    home,
    inbox,
    invites,
    inviting,
    join,
    leaving,
    mydata,
    news,
    outcome,
    preferences,
    promise,
    quotes,
    raising,
    results,
    results_read,
    saying,
    sent,
    support,
    team,
    ways,
    ways_chosen,
    working,
)
COMMANDS = (
    after,
    cases,
    changed,
    coming_back,
    consult,
    helping,
    home,
    inbox,
    join,
    leaving,
    mydata,
    news,
    outcome,
    preferences,
    privacy,
    promise,
    quotes,
    raising,
    results,
    saying,
    sent,
    team,
    ways,
)


def all_flows(signs: Signs) -> Flows:
    """The steps by name and the commands by word. Two of one name are a mistake that stops the start."""
    steps = list(chain.from_iterable(flow.STEPS for flow in FLOWS))
    openings = list(chain.from_iterable(flow.OPENINGS for flow in COMMANDS))
    flows = Flows({step.name: step for step in steps}, {o.command: o for o in openings}, signs)
    if len(flows.steps) != len(steps) or len(flows.openings) != len(openings):
        raise ValueError("two steps or two commands have the same name")
    return flows
