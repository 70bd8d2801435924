"""Good news: staff write it with /news, in every language and version, and it goes out to young people."""

from conversations.consultations.respond.preview_state import as_reader
from conversations.core.engine import Needs, Opening, Step
from conversations.news import detail as one
from conversations.news import publish as sending
from conversations.news import read as reading
from conversations.news import write as writing
from conversations.news.article import WRITERS, AllNews, CurrentNews
from conversations.news.detail import NewsReach
from conversations.news.read import NewsOut, OneNews
from conversations.team.team_rules import TeamRules

_CURRENT: Needs = (CurrentNews,)
_FILED: Needs = (CurrentNews, TeamRules)
_REACH: Needs = (CurrentNews, NewsReach)

STEPS = (
    Step("news.list", reading.ask_list, reading.take_list, needs=(NewsOut,)),
    Step("news.read", reading.ask_read, reading.take_read, needs=(OneNews,)),
    Step("news.all", writing.ask_all, writing.take_all, needs=(AllNews,), roles=WRITERS),
    Step("news.begin", writing.ask_begin, writing.take_begin, roles=WRITERS),
    Step("news.title", writing.ask_title, writing.take_title, needs=_CURRENT, roles=WRITERS),
    Step("news.text", writing.ask_text, writing.take_text, needs=_CURRENT, roles=WRITERS),
    Step("news.variants", writing.ask_variants, writing.take_variants, needs=_CURRENT, roles=WRITERS),
    Step("news.one", one.ask_one, one.take_one, needs=_REACH, roles=WRITERS),
    Step("news.theme", one.ask_theme, one.take_theme, needs=_FILED, roles=WRITERS),
    Step("news.area", one.ask_area, one.take_area, needs=_FILED, roles=WRITERS),
    Step("news.audience", one.ask_audience, one.take_audience, needs=_REACH, roles=WRITERS),
    Step("news.drop", one.ask_drop, one.take_drop, needs=_CURRENT, roles=WRITERS),
    Step("news.preview", sending.ask_preview, sending.take_preview, needs=_CURRENT, roles=WRITERS),
    Step("news.shown", sending.ask_shown, sending.take_shown, _CURRENT, WRITERS, as_reader),
    Step("news.when", sending.ask_when, sending.take_when, needs=_CURRENT, roles=WRITERS),
    Step("news.send", sending.ask_send, sending.take_send, needs=_REACH, roles=WRITERS),
)
OPENINGS = (Opening("news", writing.open_news, roles=WRITERS),)
