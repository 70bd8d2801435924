"""The rules for revisiting a promise: who may answer what, and when it is settled."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from conversations.outcomes.outcome import Decision
from conversations.outcomes.standing import ENOUGH, OwnerSays, Says, count_objecting, count_telling

RevisitState = Literal["waiting", "owner", "people", "reason", "closed"]
Ruling = Literal["kept", "again"]

OPEN: tuple[RevisitState, ...] = (
    "waiting",
    "owner",
    "people",
    "reason",
)  # states in which the team may close it

SAYS: tuple[Says, ...] = ("yes", "partly", "no", "unsure")
OWNER_SAYS: tuple[OwnerSays, ...] = ("yes", "partly", "no")
REVISITED_DECISIONS: tuple[Decision, ...] = ("did", "doing", "will")  # a *can't* promises nothing to check

ROUNDS = 3  # times that people are asked, before staff must explain why nothing changed
TIME_TO_ANSWER = timedelta(days=28)  # how long people may answer


def ruling(owner: OwnerSays | None, counts: Mapping[Says, int]) -> Ruling:
    """The ruling when the time to answer is over. The promise is kept if most of at least three people say yes, or if
    its owner says yes and nobody objects. Silence never replaces the owner's yes.
    """
    told, objecting = count_telling(counts), count_objecting(counts)
    if told >= ENOUGH and counts.get("yes", 0) * 2 > told:
        return "kept"
    return "kept" if owner == "yes" and not objecting else "again"
