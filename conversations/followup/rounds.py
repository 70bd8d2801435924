"""A promise is looked at again: who says what about it, and when it is settled."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from conversations.outcomes.outcome import Decision
from conversations.outcomes.standing import ENOUGH, OwnerSays, Says, can_tell, objections

RevisitState = Literal["waiting", "owner", "people", "reason", "closed"]
Ruling = Literal["kept", "again"]

OPEN: tuple[RevisitState, ...] = ("waiting", "owner", "people", "reason")  # where the team may close it

SAYS: tuple[Says, ...] = ("yes", "partly", "no", "unsure")
OWNER_SAYS: tuple[OwnerSays, ...] = ("yes", "partly", "no")
REVISITED: tuple[Decision, ...] = ("did", "doing", "will")  # a *can't* has nothing that could have happened

ROUNDS = 3  # times that it is asked, before staff say why it stays as it is
ANSWERED_WITHIN = timedelta(days=28)  # how long people may answer


def ruling(owner: OwnerSays | None, counts: Mapping[Says, int]) -> Ruling:
    """What comes of it when the time to answer is over. It is kept where most of at least three say yes, or where
    its owner says yes and nobody objects: silence never makes up for an owner who does not say that it is done.
    """
    told, objecting = can_tell(counts), objections(counts)
    if told >= ENOUGH and counts.get("yes", 0) * 2 > told:
        return "kept"
    return "kept" if owner == "yes" and not objecting else "again"
