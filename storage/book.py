"""The book of all that storage can look up for a step and carry out for a turn."""

from collections.abc import Iterable

from conversations.speech import Session
from storage import (
    announced,
    cases,
    changed,
    choices,
    consultations,
    held,
    lives,
    mydata,
    outcomes,
    results,
    returning,
    sheets,
    team,
    working,
)
from storage.carry import Deeds, Loaders
from storage.db import Db
from storage.people import Door

DEEDS: Deeds = {
    **choices.DEEDS,
    **consultations.DEEDS,
    **team.DEEDS,
    **sheets.DEEDS,
    **returning.DEEDS,
    **cases.DEEDS,
    **outcomes.DEEDS,
    **lives.DEEDS,
    **results.DEEDS,
    **working.DEEDS,
    **held.DEEDS,
}
FACTS: Loaders = {
    **announced.FACTS,
    **mydata.FACTS,
    **choices.FACTS,
    **consultations.FACTS,
    **team.FACTS,
    **sheets.FACTS,
    **changed.FACTS,
    **cases.FACTS,
    **outcomes.FACTS,
    **lives.FACTS,
    **results.FACTS,
    **working.FACTS,
    **held.FACTS,
}


def load(db: Db, door: Door, session: Session, needs: Iterable[type]) -> dict[type, object]:
    """The facts that a step named, and no others."""
    return {kind: FACTS[kind](db, door, session) for kind in needs}
