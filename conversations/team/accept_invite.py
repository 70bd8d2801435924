"""Coming in by an invite, and what a page says when a sign-in has ended."""

from collections.abc import Iterator

from conversations.broadcasts.after_restore import HeldNow
from conversations.core.engine import Step, Turn
from conversations.core.events import Event, Said
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.person import ROLES, DoorKind, Role
from conversations.core.record import record
from conversations.general.home import CasesOpen, InboxNew, ask_home
from conversations.team.effects import RedeemInvite
from conversations.team.members import named
from conversations.team.roles import role_names


@record
class Invitation:
    """What a link is for: a role, or (none) somebody's own second door."""

    role: Role | None


@record
class BackIn:
    """How a member of the team comes in again: by another door where they are signed in (`elsewhere`), by an owner
    who is somebody else. `named`: the team knows what to call them.
    """

    elsewhere: DoorKind | None
    another_owner: bool
    named: bool


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
    parts = [text]
    if facts.door == "web":
        signed_in = _("On this page you stay signed in for 12 hours. To come in again after that:")
        parts.append("\n".join((signed_in, *_ways_in(facts))))
    if facts[BackIn].named:
        return Say("\n\n".join(parts), rows=ask_home(session, facts).rows)
    parts.append(_("What should the team call you? Write it here, if you like. Young people never see it."))
    return Say("\n\n".join(parts), rows=ask_home(session, facts).rows, expects="text")


def take_welcome(session: Session, event: Event, facts: Facts) -> Turn | None:
    """Its buttons are commands; what is written is a name for the team."""
    if not isinstance(event, Said) or not facts.person.is_staff or facts[BackIn].named:
        return None
    return named(session, event.text, facts, session.to("home"))


# --- coming in again ------------------------------------------------------------------------------


def ask_signed_out(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    text = _("You're signed out of the team here. On a page, a sign-in lasts 12 hours. To come in again:")
    rows: tuple[Row, ...] = ((Choice("/start", _("I'm here to have my say")),),)
    return Say("\n".join((text, *_ways_in(facts))), rows=rows)


def _ways_in(facts: Facts) -> Iterator[str]:
    """What works for this member: never "ask an owner" to the only one there is."""
    _, back = facts.words, facts[BackIn]
    if back.elsewhere == "telegram":
        yield _("· In Telegram, send /team and choose “My other door”. It gives you a link.")
    elif back.elsewhere == "web":
        yield _(
            "· Where you are still signed in, send /team and choose “My other door”. It gives you a link."
        )
    elif facts.rules.telegram_name and not facts.person.signed_out:
        yield _("· In Telegram you stay signed in: /team, then “My other door”, lets you in there.")
    if back.another_owner:
        yield _("· Ask an owner of the team for a new link.")
    else:
        yield _(
            "· You are the only owner. Whoever runs Heard makes you a link: python -m bot invite --role owner"
        )


def take_nothing(_session: Session, _event: Event, _facts: Facts) -> Turn | None:
    # All its buttons are commands.
    return None


STEPS = (
    Step(
        "team.welcome", ask_welcome, take_welcome, needs=(CasesOpen, HeldNow, InboxNew, BackIn), roles=ROLES
    ),
    Step("team.signed_out", ask_signed_out, take_nothing, needs=(BackIn,)),
)
