"""The message kind for good news."""

from conversations.core.i18n import N_, Words
from conversations.core.message_kind import Broadcast, MessageKind, MessageKinds
from conversations.news.article import OneNews, Piece, title_and_text
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

MESSAGES: MessageKinds = (GOOD_NEWS,)
