"""The recipients of good news: its age bands, without people who want only messages about what they took part in."""

from sqlalchemy import select

from conversations.news.messages import GOOD_NEWS
from storage.core.unit_of_work import Db
from storage.news.pieces import piece
from storage.outbox.broadcasts import Conditions, Recipients, in_age_bands
from storage.tables import news, people


def recipients_of(db: Db, number: int) -> Conditions:
    return (people.c.frequency != "mine", *in_age_bands(db, select(news.c.bands).where(news.c.id == number)))


NEWS_RECIPIENTS = Recipients(GOOD_NEWS, recipients_of, about=piece)
