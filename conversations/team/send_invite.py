"""Inviting somebody with a one-use link for a role, or oneself to a second door."""

from conversations.core.channels import CHANNELS
from conversations.core.engine import Step, Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import back_row
from conversations.core.person import ROLES, Role
from conversations.team.effects import Invite
from conversations.team.rights import ROLE_WORDS, Rights, role_name
from conversations.team.signed_out import take_nothing


def ask_role(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    lines = [_("{role}: {what}", role=role_name(role, _), what=_(ROLE_WORDS[role].does)) for role in ROLES]
    rows = tuple((Choice(role, role_name(role, _)),) for role in ROLES)
    text = "\n".join(f"· {line}" for line in lines)
    return Say(text, heading=_("As what?"), rows=(*rows, back_row(_)), replaces=True)


def take_role(session: Session, event: Event, _facts: Facts) -> Turn | None:
    match event:
        case Chose(_, role) if role in ROLES:
            return Turn(session.goto("team.invite", role=role))
        case Chose(_, "back"):
            return Turn(session.goto("team.list"))
    return None


def ask_invite(session: Session, facts: Facts) -> Say:
    _ = facts.words
    role = _role(session)
    text = _(
        "This makes a link that lets one person in as: {role}. Shall I make it?", role=role_name(role, _)
    )
    rows: tuple[Row, ...] = ((Choice("yes", _("Make the link")), Choice("back", _("Back"))),)
    return Say(text, rows=rows, replaces=True)


def take_invite(session: Session, event: Event, _facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "yes"):
            role = _role(session)
            return Turn(session.goto("team.link", role=role), effects=(Invite(role),))
        case Chose(_, "back"):
            return Turn(session.goto("team.role"))
    return None


def ask_link(session: Session, facts: Facts) -> Say:
    """Explains the link, and shows it right after it was made. Only its hash is stored."""
    _ = facts.words
    rows: tuple[Row, ...] = (
        (Choice("/team", _("Back to the team")),),
        (Choice("/home", _("Home"), aside=True),),
    )
    if "role" in session.notes:
        what = _("Whoever opens this link first joins as: {role}.", role=role_name(_role(session), _))
        good = _("It works once, within 24 hours. Give it only to the person it is for.")
    else:
        what = _("Open this link on your other phone, or in your other browser. It makes that one yours too.")
        good = _("It works once, within 24 hours. Give it to nobody else.")
    once = _("I show it once, and don't keep it. If it's lost, make a new one.")
    token = facts.fresh.get("token")
    link = "\n".join(_invite_lines(token, facts)) if token else ""
    return Say(f"{what}\n{good}\n{once}", shown_once=link, rows=rows)


def _invite_lines(token: str, facts: Facts) -> tuple[str, ...]:
    _, rules = facts.words, facts.rules
    page = _("· In a browser: {address}", address=f"{rules.public_url}/i/{token}")
    others = (
        _(channel.invite, address=channel.start_link.format(account=account, argument=f"i_{token}"))
        for channel in CHANNELS
        if (account := rules.account(channel))
    )
    return page, *others


def _role(session: Session) -> Role:
    return next(role for role in ROLES if role == session.notes["role"])


STEPS = (
    Step("team.role", ask_role, take_role, right=Rights.MANAGE_TEAM),
    Step("team.invite", ask_invite, take_invite, right=Rights.MANAGE_TEAM),
    Step("team.link", ask_link, take_nothing, right=Rights.SEE_TEAM),
)
