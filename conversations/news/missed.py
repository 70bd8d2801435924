"""News that did not go out, because Heard was off at its time and for long after."""

from datetime import datetime

from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Say, Session
from conversations.news.article import CurrentNews, title_and_text


def missed_line(goes_at: datetime, _: Words) -> str:
    return _(
        "It was to go out on {moment}, but I was off then. Nobody was told.", moment=_.date_time(goes_at)
    )


def say_missed(_session: Session, facts: Facts) -> Say | None:
    """For the team. None once somebody has taken it on."""
    _, piece = facts.words, facts[CurrentNews].piece
    if piece is None or piece.state != "draft" or piece.goes_at is None:
        return None
    text = _("It is a draft again. Read it: if it is still news, send it.")
    heading = _("It didn't go out: {title}", title=title_and_text(piece, _)[0])
    rows = ((Choice("/news", _("Good news")),),)
    return Say("\n".join((missed_line(piece.goes_at, _), text)), heading=heading, rows=rows)
