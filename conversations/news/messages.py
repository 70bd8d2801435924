"""The message kinds for good news: the news, and that it did not go out."""

from conversations.core.i18n import N_, Words
from conversations.core.message_kind import Broadcast, MessageKind, MessageKinds
from conversations.news.article import CurrentNews, OneNews, Piece, title_and_text
from conversations.news.missed import say_missed
from conversations.news.read import say_news


def _title(about: Piece, _: Words) -> str:
    return title_and_text(about, _)[0]


GOOD_NEWS = MessageKind(
    "news",
    "news",
    (OneNews,),
    say_news,
    lane="broadcast",
    broadcast=Broadcast(
        _title,
        sent=N_("Good news, {moment}."),
        going_out=N_("{title}: the good news is going out"),
        gone_out=N_("{title}: the good news has gone out"),
    ),
)

NEWS_MISSED = MessageKind("unsent", "news", (CurrentNews,), say_missed, lane="broadcast")

MESSAGES: MessageKinds = (GOOD_NEWS, NEWS_MISSED)
