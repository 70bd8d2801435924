"""Brings a correction or withdrawal to everybody who has it: edits sent messages, renews pages, stops what waits."""

from sqlalchemy import ColumnElement, and_, delete, exists, false, func, or_, select, update

from conversations.changes.messages import OUTCOME
from conversations.consultations.messages import INVITATION
from conversations.core.channels import PUSHING
from conversations.core.message_kind import MessageKind
from conversations.corrections.facts import Listed, Reach
from conversations.corrections.messages import ASKED_CORRECTED, NEWS_CORRECTED, OUTCOME_CORRECTED
from conversations.followup.messages import REVISIT
from conversations.news.messages import GOOD_NEWS
from conversations.promises.messages import PROMISE_MOVED, STATUS_CHANGED
from conversations.team.corrections import PublishedKind
from storage.core.unit_of_work import Db
from storage.corrections import published, reasons
from storage.outbox import broadcasts
from storage.outbox.broadcasts import Recipients
from storage.tables import (
    consultations,
    corrections,
    news,
    outbox,
    outcomes,
    parts,
    promise_moves,
    revisits,
    status_changes,
)
from storage.team import corrections as stored

_NOT_SENT = ("waiting", "taken", "held")
# Messages about the parts of an outcome, which hold their texts too.
_SINCE = ((PROMISE_MOVED, promise_moves), (STATUS_CHANGED, status_changes), (REVISIT, revisits))


def _about(db: Db, number: int) -> Listed | None:
    """What a correction is about, for the title of its progress; None once that is gone."""
    row = next(iter(stored.rows_where(db, corrections.c.id == number)), None)
    return published.listed(db, row) if row else None


def _to(kind: MessageKind) -> Recipients:
    """Nobody new: only who has the message already."""
    return Recipients(kind, lambda _db, _number: (false(),), _about)


OUTCOME_EDITS, NEWS_EDITS, ASKED_EDITS = _to(OUTCOME_CORRECTED), _to(NEWS_CORRECTED), _to(ASKED_CORRECTED)
_RECIPIENTS: dict[PublishedKind, Recipients] = {
    "outcome": OUTCOME_EDITS,
    "news": NEWS_EDITS,
    "asked": ASKED_EDITS,
}
# The message about each, and the one that takes its place.
_MAIN: dict[PublishedKind, tuple[MessageKind, MessageKind]] = {
    "outcome": (OUTCOME, OUTCOME_CORRECTED),
    "news": (GOOD_NEWS, NEWS_CORRECTED),
    "asked": (INVITATION, ASKED_CORRECTED),
}


def reach(db: Db, kind: PublishedKind, about: int) -> Reach:
    """Counts the messages with it."""
    its = _messages_with(kind, about)
    known = and_(outbox.c.state == "sent", outbox.c.message.is_not(None), _alone())
    sent = outbox.c.state.in_(("sent", "unknown"))
    pushed = outbox.c.door_kind.in_(PUSHING)
    row = db.run(
        select(
            func.count().filter(known).label("edited"),
            func.count().filter(sent).label("sent"),
            func.count().filter(outbox.c.state.in_(_NOT_SENT)).label("waiting"),
        ).where(its, pushed)
    ).one()
    return Reach(row.edited, row.sent - row.edited, row.waiting)


def correct_messages(
    db: Db, kind: PublishedKind, about: int, number: int, by: int | None, *, key: str
) -> None:
    """Edits every message with the text of this key. One that came among others in one message stays, and a new one follows."""
    its = or_(_main(kind, about), reasons.messages_with(key)) if kind == "outcome" else _main(kind, about)
    broadcasts.edit(db, _RECIPIENTS[kind], number, and_(its, _sent()), _alone(), by)
    _renew_pages(db, its)


def withdraw_messages(db: Db, kind: PublishedKind, about: int, number: int, by: int | None) -> None:
    """Edits every message with any of it, also those with other things in them, and deletes what was not sent yet. Call this
    while what it is about still exists.
    """
    its = _messages_with(kind, about)
    db.run(delete(outbox).where(its, outbox.c.state.in_(_NOT_SENT)))
    broadcasts.edit(db, _RECIPIENTS[kind], number, and_(its, _sent()), outbox.c.message.is_not(None), by)
    _renew_pages(db, its)


def can_be_corrected() -> ColumnElement[bool]:
    """Whether a message has a reference, and what it is about still stands. It is kept for so long, without its text."""
    of = (
        *(
            (OUTCOME, outcomes),
            (GOOD_NEWS, news),
            (OUTCOME_CORRECTED, corrections),
            (NEWS_CORRECTED, corrections),
            (ASKED_CORRECTED, corrections),
        ),
        *_SINCE,
    )
    stands = (
        and_(outbox.c.kind == kind.name, exists().where(table.c.id == outbox.c.about)) for kind, table in of
    )
    is_open = exists().where(consultations.c.id == outbox.c.about, consultations.c.state == "open")
    invites = and_(outbox.c.kind == INVITATION.name, is_open)
    return and_(outbox.c.message.is_not(None), outbox.c.broadcast_id.is_not(None), or_(invites, *stands))


def _renew_pages(db: Db, its: ColumnElement[bool]) -> None:
    """Blanks what pages have shown: it is built again when it is next shown."""
    shown = and_(its, outbox.c.state == "shown", outbox.c.door_kind.not_in(PUSHING))
    db.run(update(outbox).where(shown).values(sealed=None))


def _sent() -> ColumnElement[bool]:
    return and_(outbox.c.state.in_(("sent", "sending")), outbox.c.door_kind.in_(PUSHING))


def _alone() -> ColumnElement[bool]:
    """Whether a message holds nothing else."""
    other = outbox.alias()
    along = select(other.c.id).where(other.c.sent_with == outbox.c.id, other.c.door_id == outbox.c.door_id)
    return and_(outbox.c.message.is_not(None), outbox.c.sent_with.is_(None), ~along.exists())


def _main(kind: PublishedKind, about: int) -> ColumnElement[bool]:
    """The messages that are all about it, and those that took their place."""
    name, fixed = _MAIN[kind]
    earlier = select(corrections.c.id).where(corrections.c.kind == kind, corrections.c.about == about)
    anew = and_(
        outbox.c.kind == fixed.name,
        outbox.c.about.in_(earlier),
        or_(outbox.c.replaces.is_(None), outbox.c.message.is_(None), outbox.c.message != outbox.c.replaces),
    )
    return or_(and_(outbox.c.kind == name.name, outbox.c.about == about), anew)


def _messages_with(kind: PublishedKind, about: int) -> ColumnElement[bool]:
    """The messages that hold any of its texts."""
    if kind != "outcome":
        return _main(kind, about)
    its_parts = select(parts.c.id).where(parts.c.outcome_id == about)
    return or_(
        _main(kind, about),
        *(
            and_(
                outbox.c.kind == of.name,
                outbox.c.about.in_(select(table.c.id).where(table.c.part_id.in_(its_parts))),
            )
            for of, table in _SINCE
        ),
    )
