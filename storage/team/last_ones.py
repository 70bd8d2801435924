"""The last owner and the last safeguarding lead stay until another is named: without them nobody lets others in, or is told first."""

from sqlalchemy import select

from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.core.person import Right
from conversations.team.rights import Rights
from storage.core.unit_of_work import Db, Hooks
from storage.people.people import Leaving
from storage.tables import roles
from storage.team.rights import gives

_REMOVING: tuple[tuple[Right, str], ...] = (
    (Rights.MANAGE_TEAM, N_("The last owner can't be removed. Invite another owner first.")),
    (Rights.LEAD_SAFEGUARDING, N_("The last safeguarding lead can't be removed. Invite another lead first.")),
)
_LEAVING: tuple[tuple[Right, str], ...] = (
    (Rights.MANAGE_TEAM, N_("You are the last owner. Invite another owner first, then delete everything.")),
    (
        Rights.LEAD_SAFEGUARDING,
        N_("You are the last safeguarding lead. An owner must invite another first; then delete everything."),
    ),
)


def check_removal(db: Db, person: int) -> None:
    """Raises Refused if nobody else has this member's place."""
    _check(db, person, _REMOVING)


def check_leaving(db: Db, leaving: Leaving) -> None:
    """Raises Refused if nobody else has the place of somebody who deletes everything."""
    _check(db, leaving.person, _LEAVING)


def _check(db: Db, person: int, needed: tuple[tuple[Right, str], ...]) -> None:
    for right, why in needed:
        # Locked, so that of two who go at once the second is the last.
        holders = set(db.run(select(roles.c.person_id).where(gives(right)).with_for_update()).scalars())
        if holders == {person}:
            raise Refused(why)


HOOKS: Hooks = {Leaving: check_leaving}
