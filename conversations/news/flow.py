"""Good news: staff write it with /news, in every language and version, and it goes out to young people."""

from conversations.consultations.respond.preview_state import as_reader
from conversations.core.engine import Command, Needs, Step
from conversations.core.i18n import N_
from conversations.core.menus import HelpLine, HomeButton
from conversations.news import detail as one
from conversations.news import publish as sending
from conversations.news import read as reading
from conversations.news import write as writing
from conversations.news.article import AllNews, CurrentNews
from conversations.news.detail import NewsAudience
from conversations.news.read import NewsOut, OneNews
from conversations.team.facts import TeamRules
from conversations.team.rights import Rights

_CURRENT: Needs = (CurrentNews,)
_FILED: Needs = (CurrentNews, TeamRules)
_REACH: Needs = (CurrentNews, NewsAudience)

STEPS = (
    Step("news.list", reading.ask_list, reading.take_list, needs=(NewsOut,)),
    Step("news.read", reading.ask_read, reading.take_read, needs=(OneNews,)),
    Step("news.all", writing.ask_all, writing.take_all, needs=(AllNews,), right=Rights.WRITE_NEWS),
    Step("news.begin", writing.ask_begin, writing.take_begin, right=Rights.WRITE_NEWS),
    Step("news.title", writing.ask_title, writing.take_title, needs=_CURRENT, right=Rights.WRITE_NEWS),
    Step("news.text", writing.ask_text, writing.take_text, needs=_CURRENT, right=Rights.WRITE_NEWS),
    Step(
        "news.variants", writing.ask_variants, writing.take_variants, needs=_CURRENT, right=Rights.WRITE_NEWS
    ),
    Step("news.one", one.ask_one, one.take_one, needs=_REACH, right=Rights.WRITE_NEWS),
    Step("news.theme", one.ask_theme, one.take_theme, needs=_FILED, right=Rights.WRITE_NEWS),
    Step("news.area", one.ask_area, one.take_area, needs=_FILED, right=Rights.WRITE_NEWS),
    Step("news.audience", one.ask_audience, one.take_audience, needs=_REACH, right=Rights.WRITE_NEWS),
    Step("news.drop", one.ask_drop, one.take_drop, needs=_CURRENT, right=Rights.WRITE_NEWS),
    Step("news.preview", sending.ask_preview, sending.take_preview, needs=_CURRENT, right=Rights.WRITE_NEWS),
    Step("news.shown", sending.ask_shown, sending.take_shown, _CURRENT, Rights.WRITE_NEWS, as_reader),
    Step("news.when", sending.ask_when, sending.take_when, needs=_CURRENT, right=Rights.WRITE_NEWS),
    Step("news.send", sending.ask_send, sending.take_send, needs=_REACH, right=Rights.WRITE_NEWS),
)
COMMANDS = (
    Command(
        "news",
        writing.open_news,
        right=Rights.WRITE_NEWS,
        label=N_("Good news"),
        page=70,
        help=(HelpLine(80, "staff", N_("· /news: good news, to tell young people what they achieved.")),),
        home=(HomeButton(10, "staff", column=2),),
    ),
)
