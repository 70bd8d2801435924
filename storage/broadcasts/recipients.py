"""Every kind of message that goes to many, with those whom it goes to. A new one is its record, and a line here."""

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select

from conversations.broadcasts.messages import PROGRESS
from storage.consultations.consultations import DeletingConsultations
from storage.consultations.recipients import TO_ITS_AUDIENCE
from storage.core.unit_of_work import Db, Hooks
from storage.followup.recipients import ASKED_AGAIN
from storage.news.recipients import NEWS_OUT
from storage.outbox import broadcasts
from storage.outcomes.recipients import OUTCOME_OUT
from storage.promises.recipients import DAY_MOVED, STANDS_ELSEWHERE
from storage.tables import broadcasts as table
from storage.tables import outbox

RECIPIENTS = {
    to.kind.name: to
    for to in (TO_ITS_AUDIENCE, OUTCOME_OUT, DAY_MOVED, STANDS_ELSEWHERE, ASKED_AGAIN, NEWS_OUT)
}


def queue_more(db: Db) -> bool:
    """One piece of everything that is not queued as a whole. Whether there was any."""
    unfinished = broadcasts.unfinished(db)
    for number, kind in unfinished.items():
        broadcasts.fan_out(db, RECIPIENTS[kind], number)
    return bool(unfinished)


def forget(db: Db, going: DeletingConsultations) -> None:
    """What was told to many about consultations goes with them."""
    about = _about_any_of(going.ids)
    told = select(table.c.id).where(about)
    db.run(delete(outbox).where(outbox.c.kind == PROGRESS.name, outbox.c.about.in_(told)))
    db.run(delete(table).where(about))


def _about_any_of(those: Select[tuple[int]]) -> ColumnElement[bool]:
    """Whether something told to many is about one of these consultations."""
    return or_(
        *(
            and_(table.c.kind == name, table.c.about.in_(to.of_consultations(those)))
            for name, to in RECIPIENTS.items()
            if to.of_consultations
        )
    )


HOOKS: Hooks = {DeletingConsultations: forget}
