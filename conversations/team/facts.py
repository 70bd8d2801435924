"""Facts for the steps about the team."""

from datetime import datetime

from conversations.core.channels import Channel
from conversations.core.person import Role
from conversations.core.record import Record

PASSKEYS_MOST, PASSKEY_NAME_MOST = 10, 40  # of one member, and letters in the name of one
AREAS_MOST, AREA_MOST = 20, 40  # areas, and letters in the name of one


class Invitation(Record):
    """The purpose of an invite link: a role, or (None) somebody's own second door."""

    role: Role | None


class SignInOptions(Record):
    """How a signed-out member can sign in again: through another door that is signed in (`elsewhere`), or with the help
    of an owner other than themselves. `has_name` says that they have a name in the team, `has_passkey` that they have a
    passkey.
    """

    elsewhere: Channel | None
    another_owner: bool
    has_name: bool
    has_passkey: bool = False


class Member(Record):
    """One person in one role. `number` is their place in it, oldest first; `called` is the name that they gave the
    team, if any.
    """

    person: int
    role: Role
    number: int
    channels: frozenset[Channel]
    since: datetime
    you: bool
    called: str = ""


class Colleague(Record):
    """Whoever did something in the team: by their first role, or None once they have left, and the name that they gave."""

    person: int
    role: Role | None = None
    number: int = 0
    called: str = ""


class OwnDoor(Record):
    """A door where this person is signed in; `until` is when a page's sign-in ends. `here` marks the current door."""

    channel: Channel
    until: datetime | None
    here: bool


class Passkey(Record):
    """One of a member's passkeys, the name that they gave it, and the host that it works at."""

    id: int
    name: str
    made_at: datetime
    used_at: datetime | None
    host: str


class Team(Record):
    """Everybody with a role, and the reader's own doors."""

    members: tuple[Member, ...]
    doors: tuple[OwnDoor, ...]

    def roles_of(self, person: int) -> tuple[Member, ...]:
        """A person's entries in the team, one for each role."""
        return tuple(member for member in self.members if member.person == person)


class TeamRules(Record):
    """`approval`: an outcome goes out only once a second person approves it. `areas` are places that young people know.
    `reply_days` is the team's deadline for answering an issue. `alert_at` is how many issues of one kind, in one area
    and month, trigger an alert. `revisit_weeks` after its owner, those who took part are asked whether a promise was
    kept. `closing_reasons` are why a safeguarding case may be closed: a key of `usual_reasons`, or the team's own words.
    `case_years` after its closing, a case leaves the register.
    """

    approval: bool = False
    areas: tuple[str, ...] = ()
    reply_days: int = 28
    alert_at: int = 5
    revisit_weeks: int = 6
    closing_reasons: tuple[str, ...] = ("passed_on", "safe", "known", "false_alarm", "unreachable", "other")
    case_years: int = 6
