"""All flows. To add one, write its file and add its line here."""

from itertools import chain

from conversations.broadcasts import flow as sent
from conversations.changes import browse
from conversations.consultations.manage import flow as manage
from conversations.consultations.respond import flow as respond
from conversations.consultations.respond.edited import take_edit
from conversations.core.engine import Flows, Guard
from conversations.corrections import flow as corrections
from conversations.followup import flow as followup
from conversations.general import help as help_page
from conversations.general import home, my_data, return_code, start, take_back, welcome
from conversations.involvement import counts as ways_chosen
from conversations.involvement import menu as ways
from conversations.issues.inbox import flow as inbox
from conversations.issues.raising import flow as raising
from conversations.news import flow as news
from conversations.outcomes.write import flow as outcomes
from conversations.people import join, leaving, privacy, settings, unsubscribe, using
from conversations.promises.manage import flow as promises
from conversations.results import browse as results
from conversations.results import quotes
from conversations.results import responses as result_responses
from conversations.safeguarding import flow as cases
from conversations.safeguarding import rota, support
from conversations.safeguarding.help import flow as helplines
from conversations.safeguarding.help import reply
from conversations.team import flow as team
from conversations.team import remove_member, send_invite, signed_out, team_rules

FLOWS = (
    followup,
    cases,
    reply,
    rota,
    helplines,
    browse,
    manage,
    corrections,
    inbox,
    send_invite,
    join,
    leaving,
    my_data,
    take_back,
    news,
    outcomes,
    settings,
    using,
    promises,
    quotes,
    raising,
    results,
    result_responses,
    respond,
    sent,
    remove_member,
    signed_out,
    support,
    team,
    ways,
    ways_chosen,
    team_rules,
    unsubscribe,
)
COMMANDS = (
    followup,
    cases,
    helplines,
    reply,
    browse,
    return_code,
    manage,
    corrections,
    help_page,
    home,
    inbox,
    join,
    leaving,
    my_data,
    news,
    outcomes,
    settings,
    privacy,
    promises,
    quotes,
    raising,
    results,
    respond,
    sent,
    start,
    team,
    unsubscribe,
    ways,
)


def all_flows(guard: Guard) -> Flows:
    """Collects all steps and commands. Raises ValueError if two have the same name."""
    commands = list(chain.from_iterable(flow.COMMANDS for flow in COMMANDS))
    commands.append(help_page.help_command(commands))
    steps = list(chain.from_iterable(flow.STEPS for flow in FLOWS))
    steps += [*home.steps(commands), *welcome.steps(commands)]
    flows = Flows(
        {step.name: step for step in steps},
        {command.word: command for command in commands},
        guard,
        take_edit,
        first="join.language",
        home="home",
        signed_out="team.signed_out",
        keeps=frozenset(name for step in steps for name in step.keeps),
    )
    if len(flows.steps) != len(steps) or len(flows.commands) != len(commands):
        raise ValueError("two steps or two commands have the same name")
    return flows
