"""What the steps about the team know."""

from datetime import datetime

from conversations.core.channels import Channel
from conversations.core.person import Role
from conversations.core.record import record

AREAS_MOST, AREA_MOST = 20, 40  # areas, and letters in the name of one


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


@record
class Member:
    """One person in one role. `number` is their place in it, oldest first; `called` what the team calls them, if
    they told it.
    """

    person: int
    role: Role
    number: int
    channels: frozenset[Channel]
    since: datetime
    you: bool
    called: str = ""


@record
class OwnDoor:
    """Where this person's role counts now; `until` is when that ends, on a page. `here` is the present one."""

    channel: Channel
    until: datetime | None
    here: bool


@record
class Team:
    """Everybody who holds a role, and one's own doors."""

    members: tuple[Member, ...]
    doors: tuple[OwnDoor, ...]

    def roles_of(self, person: int) -> tuple[Member, ...]:
        """Somebody's places in the team: one for each role."""
        return tuple(member for member in self.members if member.person == person)


@record
class TeamRules:
    """`approval`: outcomes leave only with a second person's yes. `areas` are places that young people know.
    `reply_days` is how soon the team answers what somebody raised; at `alert_at` of one kind in one area within
    a month it is told. So many `revisit_weeks` after its owner was asked, those who took part are asked whether
    something has really happened.
    """

    approval: bool = False
    areas: tuple[str, ...] = ()
    reply_days: int = 28
    alert_at: int = 5
    revisit_weeks: int = 6
