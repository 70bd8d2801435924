"""All kinds of broadcast and their recipients. A new kind is its record and a line here."""

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select

from conversations.broadcasts.messages import PROGRESS
from storage.consultations.consultations import DeletingConsultations
from storage.consultations.recipients import INVITATION_RECIPIENTS
from storage.core.unit_of_work import Db, Hooks
from storage.corrections.edits import ASKED_EDITS, NEWS_EDITS, OUTCOME_EDITS
from storage.followup.recipients import REVISIT_RECIPIENTS
from storage.news.recipients import NEWS_RECIPIENTS
from storage.outbox import broadcasts
from storage.outcomes.recipients import OUTCOME_RECIPIENTS
from storage.promises.recipients import MOVE_RECIPIENTS, STATUS_RECIPIENTS
from storage.tables import broadcasts as table
from storage.tables import outbox

RECIPIENTS = {
    to.kind.name: to
    for to in (
        INVITATION_RECIPIENTS,
        OUTCOME_RECIPIENTS,
        MOVE_RECIPIENTS,
        STATUS_RECIPIENTS,
        REVISIT_RECIPIENTS,
        NEWS_RECIPIENTS,
        OUTCOME_EDITS,
        NEWS_EDITS,
        ASKED_EDITS,
    )
}


def queue_more(db: Db) -> bool:
    """Queues the next piece of each unfinished broadcast. False if there was none."""
    unfinished = broadcasts.unfinished(db)
    for number, kind in unfinished.items():
        broadcasts.fan_out(db, RECIPIENTS[kind], number)
    return bool(unfinished)


def forget(db: Db, going: DeletingConsultations) -> None:
    """Deletes broadcasts about consultations that are being deleted, with their progress messages."""
    about = _about_any_of(going.ids)
    told = select(table.c.id).where(about)
    db.run(delete(outbox).where(outbox.c.kind == PROGRESS.name, outbox.c.about.in_(told)))
    db.run(delete(table).where(about))


def _about_any_of(those: Select[tuple[int]]) -> ColumnElement[bool]:
    """Whether a broadcast is about one of these consultations."""
    return or_(
        *(
            and_(table.c.kind == name, table.c.about.in_(to.of_consultations(those)))
            for name, to in RECIPIENTS.items()
            if to.of_consultations
        )
    )


HOOKS: Hooks = {DeletingConsultations: forget}
