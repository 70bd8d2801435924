"""Effects on the team: invites, roles, sign-ins, names and rules."""

from conversations.core.effects import Effect, ForMany
from conversations.core.person import Role
from conversations.core.record import Private


class RedeemInvite(Effect):
    """Raises Refused if the invite is used, expired or unknown."""

    token: str


class Invite(Effect):
    """Sets fresh["token"], valid once, for 24 hours."""

    role: Role


class InviteOwnDoor(Effect):
    """Sets fresh["token"], which opens a second door for the same person."""


class RemoveRoles(Effect):
    """Takes all roles from a member. What they had begun goes to the member `to`; None: to nobody."""

    person: int
    to: int | None = None


class SignOutEverywhere(Effect):
    """Ends all of this person's sign-ins, on every channel, including this one."""


class AddPasskey(Effect):
    """Adds a passkey that its authenticator has just made, for the page at `host`. Raises Refused for too many."""

    credential: bytes
    public_key: bytes
    sign_count: int
    host: str
    name: str


class NamePasskey(Effect):
    passkey: int
    name: str


class RemovePasskey(Effect):
    passkey: int


class LinkSignIn(Effect):
    """Lets the member sign in as this subject of the council's own sign-in. Raises Refused if that is somebody else."""

    issuer: Private[str]
    subject: Private[str]


class UnlinkSignIn(Effect):
    """The council's own sign-in lets this member in no more."""


class SetTeamName(Effect):
    """Sets the name that the team uses for this member; empty for none."""

    name: str


class SetTeamRule(ForMany):
    """Sets one field of `TeamRules`."""

    name: str
    value: bool | int | tuple[str, ...]

    @property
    def read_by_many(self) -> tuple[str, ...]:
        return self.value if isinstance(self.value, tuple) else ()
