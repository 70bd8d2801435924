"""The book of all that storage can look up for a step and carry out for a turn."""

from collections.abc import Iterable, Sequence

from conversations.speech import Session
from storage import (
    after,
    announced,
    approving,
    cases,
    changed,
    choices,
    consultations,
    filing,
    held,
    inbox,
    issues,
    judging,
    lives,
    mydata,
    news,
    outcomes,
    promises,
    promising,
    publishing,
    quotes,
    raised,
    reply_clock,
    results,
    returning,
    revisiting,
    revisits,
    sheets,
    team,
    waves,
    working,
    writing,
)
from storage.carry import Deeds, Loaders, LoadersForMany
from storage.db import Db
from storage.people import Door

DEEDS: Deeds = {
    **announced.DEEDS,
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
    **promising.DEEDS,
    **results.DEEDS,
    **working.DEEDS,
    **after.DEEDS,
    **judging.DEEDS,
    **revisiting.DEEDS,
    **held.DEEDS,
    **issues.DEEDS,
    **news.DEEDS,
    **inbox.DEEDS,
}
FACTS: Loaders = {
    **announced.FACTS,
    **mydata.FACTS,
    **choices.FACTS,
    **consultations.FACTS,
    **team.FACTS,
    **sheets.FACTS,
    **changed.FACTS,
    **filing.FACTS,
    **cases.FACTS,
    **outcomes.FACTS,
    **quotes.FACTS,
    **lives.FACTS,
    **promises.FACTS,
    **results.FACTS,
    **working.FACTS,
    **after.FACTS,
    **judging.FACTS,
    **revisits.FACTS,
    **held.FACTS,
    **issues.FACTS,
    **news.FACTS,
    **inbox.FACTS,
    **waves.FACTS,
    **reply_clock.FACTS,
    **raised.FACTS,
}


FOR_MANY: LoadersForMany = {
    **sheets.FOR_MANY,
    **changed.FOR_MANY,
    **promises.FOR_MANY,
    **revisits.FOR_MANY,
}


def load_for_many(
    db: Db, doors: Sequence[Door], session: Session, needs: Iterable[type]
) -> dict[int, dict[type, object]]:
    """The same for many people who are told the same thing, by their doors."""
    loaded: dict[int, dict[type, object]] = {door.id: {} for door in doors}
    for kind in needs:
        of_all = FOR_MANY[kind](db, doors, session) if kind in FOR_MANY else None
        for door in doors:
            loaded[door.id][kind] = of_all[door.id] if of_all else FACTS[kind](db, door, session)
    return loaded


def load(db: Db, door: Door, session: Session, needs: Iterable[type]) -> dict[type, object]:
    """The facts that a step named, and no others."""
    return {kind: FACTS[kind](db, door, session) for kind in needs}
