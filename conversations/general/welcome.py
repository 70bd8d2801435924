"""Joining the team by an invite: a welcome, a name for the team, and the home buttons."""

from collections.abc import Iterable, Sequence

from conversations.core.engine import Command, Step, Turn
from conversations.core.events import Asked, Event, Said
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Say, Session
from conversations.core.person import ROLES
from conversations.general.home import home_needs, home_rows
from conversations.team.effects import RedeemInvite
from conversations.team.facts import SignInOptions
from conversations.team.members import take_team_name
from conversations.team.rights import Rights, role_name
from conversations.team.signed_out import sign_in_lines


def open_invite(session: Session, asked: Asked, facts: Facts) -> Turn:
    """`/start i_TOKEN`: redeems the invite. It needs no joining first. Where a sign-in ends, only the link's own button
    does: that gives the browser a new address, which nobody who used it before can know.
    """
    _ = facts.words
    if facts.channel.sign_in and not asked.by_link:
        # For staff.
        why_not = _("An invite works by its link: open it in this browser, and press the button there.")
        return Turn(session, (Say(why_not),))
    token = asked.argument.removeprefix("i_")
    return Turn(session.goto("team.welcome"), effects=(RedeemInvite(token),))


def _ask_welcome(commands: Iterable[Command], facts: Facts) -> Say:
    _ = facts.words
    held = _.comma_list(role_name(role, _) for role in ROLES if role in facts.person.roles)
    text = _(
        "Welcome to the team of {team}. Your role here: {roles}.", team=facts.rules.organisation, roles=held
    )
    if not facts.person.is_staff:
        text += "\n\n" + _("/results shows you what people said, in numbers.")
        return Say(text, rows=((Choice("/results", _("Results")),), (Choice("/start", _("Go on")),)))
    parts = [text]
    if facts.channel.sign_in:
        signed_in = _("On this page you stay signed in for 12 hours. To come in again after that:")
        parts.append("\n".join((signed_in, *sign_in_lines(facts))))
    if facts[SignInOptions].has_name:
        return Say("\n\n".join(parts), rows=home_rows(commands, facts))
    parts.append(_("What should the team call you? Write it here, if you like. Young people never see it."))
    return Say("\n\n".join(parts), rows=home_rows(commands, facts), expects="text")


def take_welcome(session: Session, event: Event, facts: Facts) -> Turn | None:
    """Its buttons are commands; text is a name for the team."""
    if not isinstance(event, Said) or not facts.person.is_staff or facts[SignInOptions].has_name:
        return None
    return take_team_name(session, event.text, facts, session.goto("home"))


def steps(commands: Sequence[Command]) -> tuple[Step, ...]:
    """The welcome step, with buttons for these commands."""

    def ask(_session: Session, facts: Facts) -> Say:
        return _ask_welcome(commands, facts)

    needs = (*home_needs(commands, "staff"), SignInOptions)
    return (Step("team.welcome", ask, take_welcome, needs=needs, right=Rights.SIGN_IN, personal=True),)
