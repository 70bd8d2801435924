"""/news: staff write good news in every language and version, and send it to young people."""

from conversations.consultations.respond.preview_state import as_reader
from conversations.core.engine import Command, Needs, Step
from conversations.core.i18n import N_
from conversations.core.menus import HelpLine, HomeButton
from conversations.news import detail, publish, read, write
from conversations.news.article import AllNews, CurrentNews, NewsAudience, OneNews, SentNews
from conversations.team.facts import TeamRules
from conversations.team.rights import Rights

_CURRENT: Needs = (CurrentNews,)
_FILING: Needs = (CurrentNews, TeamRules)
_WITH_AUDIENCE: Needs = (CurrentNews, NewsAudience)

STEPS = (
    Step("news.list", read.ask_list, read.take_list, needs=(SentNews,)),
    Step("news.read", read.ask_read, read.take_read, needs=(OneNews,)),
    Step("news.all", write.ask_all, write.take_all, needs=(AllNews,), right=Rights.WRITE_NEWS),
    Step("news.begin", write.ask_begin, write.take_begin, right=Rights.WRITE_NEWS),
    Step("news.title", write.ask_title, write.take_title, needs=_CURRENT, right=Rights.WRITE_NEWS),
    Step("news.text", write.ask_text, write.take_text, needs=_CURRENT, right=Rights.WRITE_NEWS),
    Step("news.variants", write.ask_variants, write.take_variants, needs=_CURRENT, right=Rights.WRITE_NEWS),
    Step("news.one", detail.ask_one, detail.take_one, needs=_WITH_AUDIENCE, right=Rights.WRITE_NEWS),
    Step("news.theme", detail.ask_theme, detail.take_theme, needs=_FILING, right=Rights.WRITE_NEWS),
    Step("news.area", detail.ask_area, detail.take_area, needs=_FILING, right=Rights.WRITE_NEWS),
    Step(
        "news.audience",
        detail.ask_audience,
        detail.take_audience,
        needs=_WITH_AUDIENCE,
        right=Rights.WRITE_NEWS,
    ),
    Step("news.drop", detail.ask_drop, detail.take_drop, needs=_CURRENT, right=Rights.WRITE_NEWS),
    Step("news.preview", publish.ask_preview, publish.take_preview, needs=_CURRENT, right=Rights.WRITE_NEWS),
    Step("news.shown", publish.ask_shown, publish.take_shown, _CURRENT, Rights.WRITE_NEWS, as_reader),
    Step("news.when", publish.ask_when, publish.take_when, needs=_CURRENT, right=Rights.WRITE_NEWS),
    Step("news.send", publish.ask_send, publish.take_send, needs=_WITH_AUDIENCE, right=Rights.WRITE_NEWS),
)
COMMANDS = (
    Command(
        "news",
        write.open_news,
        right=Rights.WRITE_NEWS,
        label=N_("Good news"),
        page=70,
        help=(HelpLine(80, "staff", N_("· /news: good news, to tell young people what they achieved.")),),
        home=(HomeButton(10, "staff", column=2),),
    ),
)
