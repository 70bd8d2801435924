"""The book of all that storage can look up for a step and carry out for a turn."""

from collections.abc import Iterable

from conversations.speech import Session
from storage import (
    announced,
    approving,
    cases,
    changed,
    choices,
    consultations,
    lives,
    mydata,
    outcomes,
    publishing,
    quotes,
    results,
    returning,
    sheets,
    team,
    working,
    writing,
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
    **writing.DEEDS,
    **publishing.DEEDS,
    **approving.DEEDS,
    **quotes.DEEDS,
    **lives.DEEDS,
    **results.DEEDS,
    **working.DEEDS,
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
    **quotes.FACTS,
    **lives.FACTS,
    **results.FACTS,
    **working.FACTS,
}


def load(db: Db, door: Door, session: Session, needs: Iterable[type]) -> dict[type, object]:
    """The facts that a step named, and no others."""
    return {kind: FACTS[kind](db, door, session) for kind in needs}
