"""Loads pieces of good news."""

from typing import Any, cast

from sqlalchemy import ColumnElement, Row, select

from conversations.core.person import Band
from conversations.core.record import replace
from conversations.news.article import NewsState, Piece
from storage.core.unit_of_work import Db
from storage.tables import news
from storage.team import corrections


def piece(db: Db, number: int) -> Piece | None:
    """One piece in any state; None if it was deleted."""
    return next(iter(pieces(db, news.c.id == number)), None)


def pieces(
    db: Db, *conditions: ColumnElement[bool], order_by: tuple[ColumnElement[Any], ...] = ()
) -> tuple[Piece, ...]:
    rows = db.run(select(news).where(*conditions).order_by(*order_by)).all()
    since = corrections.of(db, "news", [row.id for row in rows if row.state == "sent"])
    return tuple(replace(piece_in(row), corrections=since.get(row.id, ())) for row in rows)


def piece_in(row: Row[Any]) -> Piece:
    return Piece(
        id=row.id,
        state=cast(NewsState, row.state),
        language=row.language,
        title=row.title,
        text=row.text,
        theme=row.theme,
        area=row.area,
        bands=cast("tuple[Band, ...]", tuple(row.bands)),
        goes_at=row.goes_at,
        sent_at=row.sent_at,
    )
