"""Who somebody is to Heard: an age band, a language, perhaps a role. Never a name."""

from typing import Literal, Protocol, get_args

from conversations.core.record import Record

Band = Literal["under10", "10-12", "13-15", "16-17", "18-25", "26plus", "unsaid"]
BANDS: tuple[Band, ...] = ("under10", "10-12", "13-15", "16-17", "18-25", "26plus", "unsaid")

Role = Literal["owner", "worker", "decider", "reviewer", "safeguarding", "deputy"]
ROLES: tuple[Role, ...] = get_args(Role)
STAFF: frozenset[Role] = frozenset({"owner", "worker", "decider", "safeguarding", "deputy"})


class Right(Protocol):
    """Something that only people in some roles may do. conversations/team/rights.py lists them all."""

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that have this right."""


# The youngest age in each band. Somebody who would rather not say counts as under 16.
_YOUNGEST: dict[Band, int] = {
    "under10": 0,
    "10-12": 10,
    "13-15": 13,
    "16-17": 16,
    "18-25": 18,
    "26plus": 26,
    "unsaid": 13,
}


class Person(Record):
    """`language`, `version` and `band` are None until they are chosen. `agreed`: they have joined. `stopped`: they
    opted out of messages. `unused`: what they said is not to be used.

    `signed_out`: they are staff on a page where their sign-in has expired, so their roles do not count there.
    """

    id: int
    language: str | None = None
    version: str | None = None
    band: Band | None = None
    agreed: bool = False
    stopped: bool = False
    unused: bool = False
    roles: frozenset[Role] = frozenset()
    signed_out: bool = False

    @property
    def age_is_due(self) -> bool:
        """Whether to ask for the age band again. It is asked once a year, because people grow."""
        return self.agreed and self.band is None and not self.is_staff

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & STAFF)

    def may(self, right: Right | None) -> bool:
        """Whether one of this person's roles has this right; None is open to everybody."""
        return right is None or bool(self.roles & right.roles)


def youngest(band: Band) -> int:
    """The youngest age in a band, in years."""
    return _YOUNGEST[band]
