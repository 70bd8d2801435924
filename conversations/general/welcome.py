"""Joining the team by an invite: a welcome, a name for the team, and the home buttons."""

from collections.abc import Iterable, Sequence

from conversations.core.engine import Command, Step, Turn
from conversations.core.events import Asked, Event, Said
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Link, Row, Say, Session
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
        if facts.rules.passkey_host and not facts[SignInOptions].has_passkey:
            # For staff.
            parts.append(_("Best add a passkey now: then your fingerprint, face or PIN signs you in."))
    rows = (*_signing_in_row(facts), *home_rows(commands, facts))
    if facts[SignInOptions].has_name:
        return Say("\n\n".join(parts), rows=rows)
    parts.append(_("What should the team call you? Write it here, if you like. Young people never see it."))
    return Say("\n\n".join(parts), rows=rows, expects="text")


def _signing_in_row(facts: Facts) -> tuple[Row, ...]:
    """The link to the page where a member adds a passkey; only on that page, which is where they are signed in."""
    if not facts.channel.sign_in:
        return ()
    _ = facts.words
    # For staff.
    return ((Link(_("How I sign in"), facts.rules.own_sign_ins_address),),)


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
