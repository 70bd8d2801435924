"""What the steps about the team know."""

from conversations.core.channels import Channel
from conversations.core.person import Role
from conversations.core.record import record


@record
class Invitation:
    """What a link is for: a role, or (none) somebody's own second door."""

    role: Role | None


@record
class BackIn:
    """How a member of the team comes in again: by another door where they are signed in (`elsewhere`), by an owner
    who is somebody else. `named`: the team knows what to call them.
    """

    elsewhere: Channel | None
    another_owner: bool
    named: bool
