"""What is published and can be corrected: outcomes and good news, with their texts."""

from typing import Any

from sqlalchemy import Row, select

from conversations.consultations.consultation import Consultation
from conversations.core.messages import Session
from conversations.core.person import Person
from conversations.corrections.facts import (
    AllPublished,
    CorrectedAsked,
    CorrectedNews,
    CorrectedOutcome,
    Listed,
    OnePublished,
    PublishedText,
)
from conversations.news.article import Piece
from conversations.outcomes.outcome import Outcome, Spot, Subject, spots
from conversations.team.corrections import Correction
from conversations.team.rights import Rights
from storage.changes.published import outcome_for_many
from storage.consultations.consultations import consultation
from storage.consultations.responses import response_batch
from storage.core.dispatch import BatchLoaders
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.corrections import forms, reasons
from storage.news.news import news_of
from storage.news.pieces import piece, pieces
from storage.outcomes import subjects
from storage.outcomes.outcomes import outcomes_where
from storage.tables import corrections, news, outcomes
from storage.team import corrections as stored

_LISTED = 200  # the newest


def all_published(db: Db, person: Person) -> AllPublished:
    found: list[Listed] = []
    if person.may(Rights.PUBLISH_OUTCOMES):
        rows = db.run(
            select(outcomes)
            .where(outcomes.c.state == "published")
            .order_by(outcomes.c.published_at.desc(), outcomes.c.id.desc())
            .limit(_LISTED)
        ).all()
        abouts = subjects.abouts(db, {subjects.subject_in(row) for row in rows})
        found += [
            Listed("outcome", row.id, abouts.get(one) or subjects.deleted_subject(one), row.published_at)
            for row in rows
            for one in (subjects.subject_in(row),)
        ]
    if person.may(Rights.WRITE_NEWS):
        sent = pieces(db, news.c.state == "sent", order_by=(news.c.id.desc(),))[:_LISTED]
        found += [Listed("news", one.id, one, one.sent_at) for one in sent if one.sent_at]
    if person.may(Rights.WRITE_CONSULTATIONS):
        found += [
            Listed("asked", row.id, about, row.opens_at or row.made_at)
            for row in forms.open_rows(db)
            if (about := subjects.about(db, Subject("consultation", row.id)))
        ]
    return AllPublished(tuple(sorted(found, key=lambda one: one.at, reverse=True)))


def one_published(db: Db, kind: object, about: int) -> OnePublished:
    """What can be corrected of one thing, without its reach."""
    if kind == "news":
        return _of_news(piece(db, about))
    if kind == "asked":
        return _of_asked(db, consultation(db, about))
    found = outcomes_where(db, outcomes.c.id == about, outcomes.c.state == "published")
    return _of_outcome(db, found[0]) if found else OnePublished()


def _of_news(found: Piece | None) -> OnePublished:
    if found is None or found.sent_at is None:
        return OnePublished()
    texts = (PublishedText("title", found.title), PublishedText("text", found.text))
    return OnePublished(Listed("news", found.id, found, found.sent_at), found.language, texts)


def _of_asked(db: Db, found: Consultation | None) -> OnePublished:
    about = subjects.about(db, Subject("consultation", found.id)) if found else None
    if found is None or about is None or found.state != "open":
        return OnePublished()
    return OnePublished(
        Listed("asked", found.id, about, found.opens_at or db.now),
        found.form.default_language,
        tuple(forms.texts(found.form)),
    )


def _of_outcome(db: Db, found: Outcome) -> OnePublished:
    assert found.published is not None
    written = (PublishedText(key_of(spot), said) for spot, said in spots(found))
    texts = (*written, *reasons.texts(db, found.id, found.language))
    return OnePublished(Listed("outcome", found.id, found.about, found.published), found.language, texts)


def key_of(spot: Spot) -> str:
    return spot.name if spot.place is None else f"{spot.place} {spot.name}"


def listed(db: Db, row: Row[Any]) -> Listed | None:
    """What a correction's row is about, also after its withdrawal; None if that is gone."""
    if row.kind == "news":
        found = piece(db, row.about)
        return Listed("news", row.about, found, row.at) if found else None
    if row.kind == "asked":
        asked = subjects.about(db, Subject("consultation", row.about))
        return Listed("asked", row.about, asked, row.at) if asked else None
    kept: Row[Any] | None = row
    if not row.withdrawn:
        kept = db.run(select(outcomes).where(outcomes.c.id == row.about)).first()
    about = subjects.about(db, subjects.subject_in(kept)) if kept else None
    return Listed("outcome", row.about, about, row.at) if about else None


# --- for messages ---------------------------------------------------------------------------------


def _correction(db: Db, session: Session) -> Correction | None:
    rows = stored.rows_where(db, corrections.c.id == session.number("correction"))
    return stored.correction_in(rows[0]) if rows else None


def outcome_batch(db: Db, doors: Any, session: Session) -> dict[int, CorrectedOutcome]:
    correction = _correction(db, session)
    found = outcome_for_many(db, doors, correction.about if correction else 0)
    return {door: CorrectedOutcome(correction, one) for door, one in found.items()}


def corrected_outcome(db: Db, door: Door, session: Session) -> CorrectedOutcome:
    return outcome_batch(db, (door,), session)[door.id]


def corrected_news(db: Db, _door: Door, session: Session) -> CorrectedNews:
    correction = _correction(db, session)
    about = correction.about if correction else 0
    return CorrectedNews(correction, news_of(db, about))


def asked_batch(db: Db, doors: Any, session: Session) -> dict[int, CorrectedAsked]:
    correction = _correction(db, session)
    there = Session("", 0, {"consultation": correction.about if correction else 0})
    return {door: CorrectedAsked(one) for door, one in response_batch(db, doors, there).items()}


def corrected_asked(db: Db, door: Door, session: Session) -> CorrectedAsked:
    return asked_batch(db, (door,), session)[door.id]


FACTS = {
    CorrectedOutcome: corrected_outcome,
    CorrectedNews: corrected_news,
    CorrectedAsked: corrected_asked,
}
BATCH_LOADERS: BatchLoaders = {CorrectedOutcome: outcome_batch, CorrectedAsked: asked_batch}
