"""Good news: writing drafts, sending them, and listing them under /changed."""

from typing import Any, cast

from sqlalchemy import Row, and_, case, delete, func, select, update

from conversations.changes.facts import HasNews
from conversations.core.config import next_waking
from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.core.messages import Session
from conversations.core.missed import LONG_MISSED
from conversations.news.article import (
    TEXT_MOST,
    TITLE_MOST,
    AllNews,
    CurrentNews,
    NewsAudience,
    OneNews,
    Piece,
    SentNews,
)
from conversations.news.effects import (
    BeginNews,
    CancelNews,
    DropNews,
    FileNews,
    SendNews,
    SetNewsAudience,
    WriteNews,
)
from conversations.news.messages import NEWS_MISSED
from conversations.team.rights import Rights
from storage.consultations.consultations import fits
from storage.core.dispatch import EffectHandler, Handlers, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db, Hooks
from storage.news.pieces import piece, piece_in, pieces
from storage.news.recipients import NEWS_RECIPIENTS, recipients_of
from storage.outbox import broadcasts, outbox
from storage.security import audit_log
from storage.tables import news
from storage.team import corrections
from storage.team.members import RemovingMember
from storage.team.rights import may, who_may

NO_MORE = N_("That can't be changed any more. Here is how it stands.")
NOT_WHOLE = N_("The text is still missing. Write it first.")
PASSED = N_("That time has passed. Choose a time to come.")
TOO_LONG = N_("That is too long to send. Make it shorter.")


# --- writing it -----------------------------------------------------------------------------------


def begin(db: Db, door: Door, effect: BeginNews) -> None:
    _check_length("title", effect.title)
    values = {"title": {effect.language: effect.title}, "text": {}, "bands": [], "language": effect.language}
    db.run(news.insert().values(state="draft", made_by=door.person.id, made_at=db.now, **values))


def write(db: Db, _door: Door, effect: WriteNews) -> None:
    _check_length(effect.field, effect.words)
    row = _lock(db, effect.news)
    texts = {**(row.title if effect.field == "title" else row.text), effect.variant: effect.words}
    _change(db, row, **{effect.field: {key: text for key, text in texts.items() if text}})


def file(db: Db, _door: Door, effect: FileNews) -> None:
    _change(db, _lock(db, effect.news), theme=effect.theme, area=effect.area)


def set_audience(db: Db, _door: Door, effect: SetNewsAudience) -> None:
    _change(db, _lock(db, effect.news), bands=list(effect.bands))


def drop(db: Db, door: Door, effect: DropNews) -> None:
    """Deletes a draft or sent news; messages still queued are not sent. Scheduled news must be taken back first."""
    gone = and_(news.c.id == effect.news, news.c.state != "scheduled")
    if db.run(delete(news).where(gone)).rowcount == 0:
        raise Refused(NO_MORE)
    audit_log.note(db, door.person.id, "deleted good news", f"news {effect.news}")


# --- sending it -----------------------------------------------------------------------------------


def send(db: Db, door: Door, effect: SendNews) -> None:
    """Sends a draft now, or schedules it. In quiet hours, now means when they end, so that it can be taken back."""
    row = _lock(db, effect.news)
    if not piece_in(row).is_complete:
        raise Refused(NOT_WHOLE)
    if effect.at and effect.at <= db.now:
        raise Refused(PASSED)
    goes = effect.at or next_waking(db.now, db.rules)
    _change(db, row, made_by=door.person.id, goes_at=goes, state="scheduled")
    did = "scheduled good news" if goes > db.now else "sent good news"
    audit_log.note(db, door.person.id, did, f"news {row.id}")
    send_due(db)


def cancel(db: Db, door: Door, effect: CancelNews) -> None:
    waits = and_(news.c.id == effect.news, news.c.state == "scheduled")
    if db.run(update(news).where(waits).values(state="draft", goes_at=None)).rowcount == 0:
        raise Refused(NO_MORE)
    audit_log.note(db, door.person.id, "took back good news", f"news {effect.news}")


def unschedule(db: Db, leaving: RemovingMember) -> None:
    theirs = (news.c.made_by == leaving.person) & (news.c.state == "scheduled")
    db.run(update(news).where(theirs).values(state="draft", goes_at=None))
    if leaving.to is not None and may(db, leaving.to, Rights.WRITE_NEWS):
        begun = news.c.made_by == leaving.person
        db.run(update(news).where(begun).values(made_by=leaving.to))


def send_due(db: Db) -> int:
    """Sends news that is due. Returns how many; no other worker sends them too. News whose time passed long ago, because
    Heard was off, becomes a draft, and the team is told.
    """
    due = and_(news.c.state == "scheduled", news.c.goes_at <= db.now)
    missed = update(news).where(due, news.c.goes_at < db.now - LONG_MISSED).values(state="draft")
    held = db.run(missed.returning(news.c.id, news.c.goes_at)).all()
    for row in held:
        _tell_missed(db, row)
    sent = update(news).where(due).values(state="sent", sent_at=db.now)
    rows = db.run(sent.returning(news.c.id, news.c.made_by)).all()
    for row in rows:
        broadcasts.begin(db, NEWS_RECIPIENTS, row.id, db.now, row.made_by)
    return len(held) + len(rows)


def _tell_missed(db: Db, row: Row[Any]) -> None:
    audit_log.note(db, None, "missed good news", f"news {row.id}")
    once = f"unsent:{row.id}:{int(row.goes_at.timestamp())}"
    for person in db.run(who_may(Rights.WRITE_NEWS)).scalars():
        outbox.announce(db, person, f"{once}:{person}", NEWS_MISSED, row.id)


def _lock(db: Db, number: int) -> Row[Any]:
    """Locks a draft and returns its row. Raises Refused if it is no draft any more."""
    draft = select(news).where(news.c.id == number, news.c.state == "draft")
    row = db.run(draft.with_for_update()).first()
    if row is None:
        raise Refused(NO_MORE)
    return row


def _change(db: Db, row: Row[Any], **values: object) -> None:
    db.run(update(news).where(news.c.id == row.id).values(**values))


def _check_length(field: str, words: str) -> None:
    if len(words) > (TITLE_MOST if field == "title" else TEXT_MOST):
        raise Refused(TOO_LONG)


# --- looking it up --------------------------------------------------------------------------------


def all_news(db: Db, _door: Door, _session: Session) -> AllNews:
    state = case({"draft": 0, "scheduled": 1}, value=news.c.state, else_=2)
    return AllNews(pieces(db, order_by=(state, news.c.id.desc())))


def current(db: Db, door: Door, session: Session) -> CurrentNews:
    number = session.notes.get("news")
    if number is not None:
        return CurrentNews(piece(db, cast(int, number)))
    mine = select(func.max(news.c.id)).where(news.c.made_by == door.person.id, news.c.state == "draft")
    last = db.run(mine).scalar()
    return CurrentNews(piece(db, last) if last is not None else None)


def audience(db: Db, _door: Door, session: Session) -> NewsAudience:
    number = session.notes.get("news")
    return NewsAudience(
        broadcasts.count_recipients(db, recipients_of(db, number)) if isinstance(number, int) else 0
    )


def news_out(db: Db, door: Door, _session: Session) -> SentNews:
    sent = pieces(db, news.c.state == "sent", order_by=(news.c.sent_at.desc(), news.c.id.desc()))
    return SentNews(tuple(one for one in sent if _is_for(one, door)))


def news_there(db: Db, door: Door, _session: Session) -> HasNews:
    ages = db.run(select(news.c.bands).where(news.c.state == "sent")).scalars()
    return HasNews(any(door.person.is_staff or fits(bands, door.person) for bands in ages))


def one_news(db: Db, _door: Door, session: Session) -> OneNews:
    """The session's sent news. It does not check ages again: recipients were chosen when it was queued."""
    return news_of(db, session.number("news"))


def news_of(db: Db, number: int) -> OneNews:
    """One piece of news that was sent, or how it was withdrawn."""
    found = piece(db, number)
    withdrawn = None if found else corrections.withdrawal_of(db, "news", number)
    return OneNews(found if found and found.state == "sent" else None, withdrawn)


def _is_for(found: Piece, door: Door) -> bool:
    return door.person.is_staff or fits(found.bands, door.person)


HANDLERS: Handlers = {
    BeginNews: EffectHandler(begin, right=Rights.WRITE_NEWS),
    WriteNews: EffectHandler(write, right=Rights.WRITE_NEWS),
    FileNews: EffectHandler(file, right=Rights.WRITE_NEWS),
    SetNewsAudience: EffectHandler(set_audience, right=Rights.WRITE_NEWS),
    SendNews: EffectHandler(send, right=Rights.WRITE_NEWS),
    CancelNews: EffectHandler(cancel, right=Rights.WRITE_NEWS),
    DropNews: EffectHandler(drop, right=Rights.WRITE_NEWS),
}
FACTS: Loaders = {
    AllNews: all_news,
    CurrentNews: current,
    NewsAudience: audience,
    SentNews: news_out,
    HasNews: news_there,
    OneNews: one_news,
}
HOOKS: Hooks = {RemovingMember: unschedule}
