"""/start: by an invite to the team, by a poster, or on one's own."""

from conversations.consultations.form import CODE
from conversations.core.engine import Command, Turn
from conversations.core.events import Asked
from conversations.core.facts import Facts
from conversations.core.i18n import N_
from conversations.core.menus import HelpLine
from conversations.core.messages import Session
from conversations.general.welcome import open_invite
from conversations.people.join import begin


def open_start(session: Session, asked: Asked, facts: Facts) -> Turn:
    """`i_TOKEN` is an invite; a poster's `j_CODE` leads to the consultation with that form_id."""
    if asked.argument.startswith("i_"):
        return open_invite(session, asked, facts)
    code = asked.argument.removeprefix("j_")
    by_poster = asked.argument.startswith("j_") and CODE.fullmatch(code)
    return begin(session, code if by_poster else "", facts)


COMMANDS = (
    Command(
        "start",
        open_start,
        anytime=True,
        label=N_("Start again"),
        address="/",
        help=(HelpLine(10, "stranger", N_("· /start: begin, or begin again.")),),
    ),
)
