"""After a restore, withdraws again what was withdrawn since the backup, and what lost something personal by a correction."""

from collections.abc import Sequence

from sqlalchemy import select, update

from conversations.team.corrections import PublishedKind
from storage.core.unit_of_work import Db
from storage.corrections import correcting
from storage.security.erasure_log import Tombstone
from storage.tables import consultations, news, outcomes

Withdrawn = tuple[tuple[PublishedKind, int], ...]


def find_withdrawn(db: Db, notes: Sequence[Tombstone]) -> Withdrawn:
    """The published things in this database that these tombstones are about."""
    stamps = {stamp for line in notes if line.kind == "withdrawn" for stamp in line.stamps}
    if not stamps:
        return ()
    outcome_ids = db.run(select(outcomes.c.id).where(outcomes.c.state == "published")).scalars().all()
    news_ids = db.run(select(news.c.id).where(news.c.state == "sent")).scalars().all()
    is_open = consultations.c.state == "open"
    open_ids = db.run(select(consultations.c.id).where(is_open)).scalars().all()
    named: tuple[tuple[PublishedKind, int], ...] = (
        *(("outcome", number) for number in outcome_ids),
        *(("news", number) for number in news_ids),
        *(("asked", number) for number in open_ids),
    )
    return tuple(
        (kind, number)
        for kind, number in named
        if stamps.intersection(db.vault.stamps_ever(correcting.name_of(kind, number)))
    )


def replay_withdrawals(db: Db, found: Withdrawn) -> int:
    """Returns how many are withdrawn again. What a correction put in the place of something personal is not in the backup, so
    the whole of it goes, and the team can publish it again. A consultation closes: what was answered stays.
    """
    for kind, number in found:
        if kind == "asked":
            db.run(update(consultations).where(consultations.c.id == number).values(state="closed"))
        else:
            correcting.take_back(db, None, kind, number, "wrong")
    return len(found)
