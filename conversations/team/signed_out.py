"""The step for staff whose sign-in on a page has expired: how to sign in again."""

from collections.abc import Iterator

from conversations.core.channels import CHANNELS
from conversations.core.engine import Step, Turn
from conversations.core.events import Event
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Link, Row, Say, Session
from conversations.team.facts import SignInOptions


def ask_signed_out(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    text = _("You're signed out of the team here. On a page, a sign-in lasts 12 hours. To come in again:")
    if not facts.channel.sign_in:
        # For staff.
        text = _(
            "You're signed out of the team here. In a chat, a sign-in ends after 30 days without a message from you. To come in again:"
        )
    # For staff.
    sign_in = Link(_("Sign in"), facts.rules.sign_in_address)
    rows: tuple[Row, ...] = ((sign_in,), (Choice("/start", _("I'm here to have my say")),))
    return Say("\n".join((text, *sign_in_lines(facts))), rows=rows)


def sign_in_lines(facts: Facts) -> Iterator[str]:
    """The ways for this member to sign in again. The only owner is never told to ask an owner."""
    _, back = facts.words, facts[SignInOptions]
    if back.has_passkey and facts.rules.passkey_host:
        # For staff.
        yield _("· With your passkey: press “Sign in”.")
    if back.elsewhere:
        yield _(back.elsewhere.way_in)
    elif not facts.person.signed_out:
        yield from (_(channel.stays_signed_in) for channel in CHANNELS if facts.rules.account(channel))
    if back.another_owner:
        yield _("· Ask an owner of the team for a new link.")
    else:
        yield _(
            "· You are the only owner. Whoever runs Heard makes you a link: python -m bot invite --role owner"
        )


def take_nothing(_session: Session, _event: Event, _facts: Facts) -> Turn | None:
    # All its buttons are commands.
    return None


STEPS = (Step("team.signed_out", ask_signed_out, take_nothing, needs=(SignInOptions,)),)
