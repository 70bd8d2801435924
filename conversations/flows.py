"""Every flow there is. A new one is its own file, and one line here."""

from itertools import chain

from conversations.broadcasts import flow as sent
from conversations.changes import browse as changed
from conversations.consultations.manage import flow as consult
from conversations.consultations.respond import flow as saying
from conversations.consultations.respond.edited import edited
from conversations.core.engine import Flows, Guard
from conversations.followup import flow as after
from conversations.general import help as helping
from conversations.general import home, start, welcome
from conversations.general import my_data as mydata
from conversations.general import return_code as coming_back
from conversations.involvement import counts as ways_chosen
from conversations.involvement import menu as ways
from conversations.issues.inbox import flow as inbox
from conversations.issues.raising import flow as raising
from conversations.news import flow as news
from conversations.outcomes.write import flow as outcome
from conversations.people import join, leaving, privacy
from conversations.people import settings as preferences
from conversations.promises.manage import flow as promise
from conversations.results import browse as results
from conversations.results import quotes
from conversations.results import responses as results_read
from conversations.safeguarding import flow as cases
from conversations.safeguarding import support
from conversations.team import flow as team
from conversations.team import send_invite as inviting
from conversations.team import signed_out
from conversations.team import team_rules as working

FLOWS = (
    after,
    cases,
    changed,
    consult,
    inbox,
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
    signed_out,
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
    start,
    team,
    ways,
)


def all_flows(guard: Guard) -> Flows:
    """The steps by name and the commands by word. Two of one name are a mistake that stops the start."""
    commands = list(chain.from_iterable(flow.COMMANDS for flow in COMMANDS))
    commands.append(helping.help_command(commands))
    steps = list(chain.from_iterable(flow.STEPS for flow in FLOWS))
    steps += [*home.steps(commands), *welcome.steps(commands)]
    flows = Flows(
        {step.name: step for step in steps},
        {command.word: command for command in commands},
        guard,
        edited,
        first="join.language",
        home="home",
        signed_out="team.signed_out",
        keeps=frozenset(name for step in steps for name in step.keeps),
    )
    if len(flows.steps) != len(steps) or len(flows.commands) != len(commands):
        raise ValueError("two steps or two commands have the same name")
    return flows
