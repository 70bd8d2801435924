"""What is done with the team, as data: people come and go, and the rules that they work by."""

from conversations.core.effects import Effect
from conversations.core.person import Role
from conversations.core.record import record


@record
class RedeemInvite(Effect):
    """Raises Refused where the invite is used, expired or unknown."""

    token: str


@record
class Invite(Effect):
    """Gives fresh["token"], good once, for 24 hours."""

    role: Role


@record
class InviteOwnDoor(Effect):
    """Gives fresh["token"]: opens this same person's second door."""


@record
class RemoveRoles(Effect):
    person: int


@record
class SignOutEverywhere(Effect):
    """Ends this person's web sign-ins, this one too."""


@record
class SetTeamName(Effect):
    """What the team calls this member; empty for nothing."""

    name: str


@record
class SetTeamRule(Effect):
    """How the team works, from now on: one field of `working.TeamRules`."""

    name: str
    value: bool | int | tuple[str, ...]
