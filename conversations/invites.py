"""Coming in by an invite, and what a page says when a sign-in has ended."""

from dataclasses import dataclass

from conversations.effects import RedeemInvite
from conversations.engine import SIGNED_OUT, Step, Turn
from conversations.events import Event
from conversations.facts import Facts
from conversations.held import HeldNow
from conversations.home import CasesOpen, ask_home
from conversations.people import ROLES, Role
from conversations.roles import role_names
from conversations.speech import Choice, Row, Say, Session


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a link is for: a role, or (none) somebody's own second door."""

    role: Role | None


# --- coming in ------------------------------------------------------------------------------------


def open_invite(session: Session, token: str) -> Turn:
    """`/start i_TOKEN`: uses the link; whoever comes by it need not have joined."""
    return Turn(session.to("team.welcome"), effects=(RedeemInvite(token),))


def ask_welcome(session: Session, facts: Facts) -> Say:
    _ = facts.words
    names = role_names(_)
    held = _.listed(names[role] for role in ROLES if role in facts.person.roles)
    text = _(
        "Welcome to the team of {team}. Your role here: {roles}.", team=facts.rules.organisation, roles=held
    )
    if not facts.person.is_staff:
        text += "\n\n" + _("/results shows you what people said, in numbers.")
        return Say(text, rows=((Choice("/results", _("Results")),), (Choice("/start", _("Go on")),)))
    if facts.door == "web":
        text += "\n\n" + _("On this page you stay signed in for 12 hours. /team gets you back in after that.")
    return Say(text, rows=ask_home(session, facts).rows)


def ask_signed_out(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    text = _("You're signed out of the team here. On a page, a sign-in lasts 12 hours.")
    back = (
        _("· If you use Heard somewhere else too: send /team there, and choose “My other door”."),
        _("· If not: ask an owner of the team for a new link."),
    )
    rows: tuple[Row, ...] = ((Choice("/start", _("I'm here to have my say")),),)
    return Say("\n".join((text, *back)), rows=rows)


def take_nothing(_session: Session, _event: Event, _facts: Facts) -> Turn | None:
    # All its buttons are commands.
    return None


STEPS = (
    Step("team.welcome", ask_welcome, take_nothing, needs=(CasesOpen, HeldNow), roles=ROLES),
    Step(SIGNED_OUT, ask_signed_out, take_nothing),
)
