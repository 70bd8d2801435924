"""Every page with sample words, to look at and to test: `python -m tests.web.preview FOLDER`."""

import sys
from collections.abc import Callable, Mapping
from gettext import NullTranslations
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.config.catalogues import load_library
from bot.config.word_lists import load_guard
from conversations.core.channels import WEB
from conversations.core.config import Rules
from conversations.core.i18n import Words
from conversations.core.messages import Attachment, Choice, Link, Say
from conversations.flows import all_flows
from conversations.safeguarding.help.ways import Helplines, help_links
from conversations.safeguarding.helplines import helplines_text, support_text
from handlers.web.public.views import Bar, Card, LanguageLink, Late, Listing, PageMeta, PartView, Select
from handlers.web.static_files import STATIC
from handlers.web.templates_api import Chapter, Frame, Pages, PosterPage, Thread, ThreadItem
from handlers.web.view_model import answerable_view, blocks, file_link, past_view
from tests.web.preview_words import ARABIC, POLISH

PAGES = Pages()
LANGUAGE_LINKS = (
    LanguageLink("en", "English", "/?lang=en"),
    LanguageLink("pl", "Polski", "/?lang=pl"),
    LanguageLink("ar", "العربية", "/?lang=ar", "rtl"),
)
EVERYBODY = (
    "home",
    "say",
    "ways",
    "changed",
    "mydata",
    "privacy",
    "rights",
    "help",
    "settings",
    "stop",
    "delete",
)
STAFF = ("consult", "results", "outcome", "team")
COMMANDS = all_flows(load_guard()).commands
DOABLE = frozenset((*EVERYBODY, *STAFF, "start", "settings"))


class Sample(NullTranslations):
    """A catalogue of a few sentences, for looking at other languages."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        super().__init__()
        self._sentences = sentences

    def gettext(self, message: str) -> str:
        return self._sentences.get(message, message)


def words(language: str = "en", version: str = "normal") -> Words:
    sentences = {"pl": POLISH, "ar": ARABIC}.get(language, {})
    return Words(language, version, Sample(sentences), ZoneInfo("Europe/London"))


def frame(language: str = "en", version: str = "normal", **more: object) -> Frame:
    shown = {"known": COMMANDS, "languages": LANGUAGE_LINKS, "csrf": "c1", "once": "o1", **more}
    return Frame(words(language, version), "Sampleshire Youth Voice", **shown)  # type: ignore[arg-type]


def inside(language: str = "en", version: str = "normal", **more: object) -> Frame:
    """The frame of somebody who has a conversation."""
    return frame(language, version, **{"commands": EVERYBODY, "doable": DOABLE, **more})


def choices(*labels: str, aside: tuple[str, ...] = (), rows: int = 0) -> tuple[tuple[Choice, ...], ...]:
    """Buttons: `rows` of them to a row (0: each its own row), and the ways around in a last row."""
    keys = [Choice(str(n), label) for n, label in enumerate(labels)]
    size = rows or 1
    found = [tuple(keys[at : at + size]) for at in range(0, len(keys), size)]
    around = tuple(Choice(f"a{n}", label, aside=True) for n, label in enumerate(aside))
    return (*found, around) if around else tuple(found)


def thread(now: Say, *before: Say | str, lang: str = "en", draft: str = "") -> Thread:
    """A thread of messages: a `Say` is Heard's, plain words are the person's."""
    entries = tuple(
        ThreadItem(str(n), said=one)
        if isinstance(one, str)
        else ThreadItem(str(n), view=past_view(one, lang=lang), live=one.visit < 0)
        for n, one in enumerate(before)
    )
    return Thread(entries, ThreadItem(str(len(before)), view=answerable_view(now, lang=lang)), draft)


AROUND = ("Back", "Skip", "Stop")
SCALE = Say(
    "How safe do you feel on the bus home?",
    progress=(1, 5),
    rows=choices("Safe 😀", "Mostly safe 🙂", "Not very safe 😕", "Not safe 😟", aside=("Skip", "Stop")),
    visit=3,
)
BETTER = Say(
    "What would make it better?\n\nWrite as much or as little as you like.",
    progress=(2, 5),
    expects="text",
    rows=choices(aside=AROUND),
    visit=4,
)
CONSENT = Say(
    "Shall I keep what you tell me, so the team can use it and I can tell you what changed?",
    rows=choices("Yes, keep it", "No, don't", rows=2),
    visit=5,
)
NOTICE = Say(
    "What you should know first:\n"
    "· Sampleshire Youth Voice runs me.\n· They see what you say, not your name or number.\n"
    "· You can skip anything, and see or delete everything: /mydata, /delete.\n"
    "· A machine checks what you write for signs that someone isn't safe. Then we may have to tell someone who can help.",
    rows=choices("OK", "Tell me more", "No thanks", rows=3),
    visit=1,
)
WAYS = Say(
    "What would you use at the new youth hub?\n\nChoose as many as you like.\n\n"
    "1. A quiet room where nobody expects you to talk to anyone\n"
    "2. Music: instruments, somewhere loud enough to play them, and somebody who shows you how\n"
    "3. Food that you cook together, on Thursdays, for whoever is there\n"
    "4. Help with forms, jobs and money\n5. Sport",
    progress=(3, 8),
    rows=(
        (Choice("0", "1", ticked=True), Choice("1", "2", ticked=False), Choice("2", "3", ticked=True)),
        (Choice("3", "4", ticked=False), Choice("4", "5", ticked=False)),
        (Choice("done", "Done"),),
        tuple(Choice(f"a{n}", label, aside=True) for n, label in enumerate(AROUND)),
    ),
    visit=7,
)
REVIEW = Say(
    "You said:\n"
    "1. Not very safe\n2. “more lights at the stop, and a bus that really comes when the board says so”\n"
    "3. Three days a week\n4. With friends\n5. (skipped)\n6. 16, 4A and 27\n7. 4 of 5\n"
    "8. “the driver on the 16 is really nice, please tell him”\n\n"
    "You can change your answers until Friday 20 December.\n\n"
    "Next: the councillor for transport reads what everyone said and answers by 20 December. I'll tell you here.",
    heading="That's everything",
    rows=choices("Change an answer", "Done", rows=2),
    visit=9,
)
OUTCOME = Say(
    "You said: 14 of 22 of you don't feel safe waiting at the stop on London Road.\n"
    "(You wrote: “more lights at the stop”)\n\nWe heard: it's the dark, not the bus.\n\n"
    "We will: put two lamps at the stop. Who: Highways. By: 31 March.\n\n"
    "We can't: run the 16 later than 21:00. Because there are four people on it after 20:30.",
    heading="Buses after school: here is what happened",
    rows=((Choice("/changed", "See it all"), Link("The council's page", "https://example.org/buses")),),
    visit=-1,
)
AGE = Say(
    "How old are you? I use it to choose questions that fit you.",
    rows=choices("Under 10", "10–12", "13–15", "16–17", "18–25", "26 or over", "Rather not say", rows=3),
    visit=2,
)
NUMBER = Say("How many days a week do you take the bus?", progress=(3, 5), expects="number", visit=6,
             rows=choices(aside=AROUND))  # fmt: skip
LIBRARY = load_library(ZoneInfo("Europe/London"))
RULES = Rules("Sampleshire Youth Voice", "youthvoice@sampleshire.example", LIBRARY.zone, "http://127.0.0.1")


def danger(language: str = "en") -> Say:
    """What somebody reads after a sign of danger, in the real words of a language."""
    _, lines = LIBRARY.words(language, None), Helplines().for_band("13-15")
    text = support_text(
        _, kind="unsafe_now", helplines=lines, age_band="13-15", informed="lead", team_line=RULES.contact
    )
    quiet = (Choice("on", _("I'm OK, go on"), aside=True), Choice("stop", _("Stop here"), aside=True))
    links = tuple((link,) for link in help_links(lines, _, WEB, RULES))
    return Say(text, rows=(*links, (Choice("talk", _("Talk to them")),), quiet), visit=8)


def help_page(language: str = "en") -> str:
    """The page with the ways to help, likewise."""
    _, lines = LIBRARY.words(language, None), Helplines().for_band(None)
    text = helplines_text(_, lines, team_line=RULES.contact)
    chapters = [Chapter("", blocks(text, help_links(lines, _, WEB, RULES)))]
    return PAGES.text(frame(language), _("Help now"), chapters)


WORKBOOK = Say(
    "Send me your workbook.\n\nIt is an XLSForm: the sheets survey, choices and settings. I tell you what I understood.",
    expects="workbook",
    rows=choices(aside=("Stop",)),
    visit=11,
)
RESULTS = Say(
    "Question 1 of 5: How safe do you feel on the bus home?\n· Safe: 2 of 22\n· Mostly safe: 6 of 22\n"
    "· Not very safe: 9 of 22\n· Not safe: 5 of 22",
    heading="Buses after school",
    rows=choices("Next question", "Export", "Home", rows=3),
    attachment=Attachment(
        "chart", {"consultation": 1}, "Bars: not very safe 9, mostly safe 6, not safe 5, safe 2 of 22."
    ),
    visit=12,
)
CHART = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='800' height='300'%3E"
    "%3Cg fill='%236b2a5e'%3E%3Crect x='60' y='220' width='120' height='60'/%3E%3Crect x='240' y='120' width='120' "
    "height='160'/%3E%3Crect x='420' y='40' width='120' height='240'/%3E%3Crect x='600' y='150' width='120' height='130'/%3E"
    "%3C/g%3E%3C/svg%3E"
)
PL_SCALE = Say(
    "Jak bezpiecznie czujesz się w autobusie w drodze do domu?",
    progress=(1, 5),
    rows=choices("Bezpiecznie 😀", "Raczej bezpiecznie 🙂", "Niezbyt bezpiecznie 😕", "Niebezpiecznie 😟", rows=2,
                 aside=("Wstecz", "Pomiń", "Zatrzymaj")),
    visit=3,
)  # fmt: skip
AR_SCALE = Say(
    "ما مدى شعورك بالأمان في الحافلة إلى المنزل؟\n\nالموضوع: \u2068Buses after school\u2069",
    progress=(1, 5),
    rows=choices(
        "آمن 😀", "آمن غالبًا 🙂", "لست آمنًا كثيرًا 😕", "Not safe 😟", rows=2, aside=("رجوع", "تخطَّ", "توقف")
    ),
    visit=3,
)
AR_TEXT = Say("ما الذي سيجعلها أفضل؟\n\nاكتب ما تشاء، كثيرًا أو قليلًا.\n· واحد\n· اثنان", progress=(2, 5), expects="text",
              rows=choices(aside=("رجوع", "تخطَّ", "توقف")), visit=4)  # fmt: skip

CARDS = (
    Card(
        "Buses after school",
        (
            PartView("will", "Put two lamps at the stop.", "14 of 22 of you don't feel safe waiting on London Road.",
                 "It's the dark, not the bus.", who="Highways", by="31 March"),
            PartView("cant", "Run the 16 later than 21:00.", "9 of 22 asked for a later bus.",
                 because="There are four people on it after 20:30. The same money keeps the Saturday bus going."),
        ),
        "the councillor for transport", "18 December", words(), sample=True,
        picture="/static/mark.svg", described="A bus stop with two lamps.",
    ),
    Card(
        "The new youth hub",
        (
            PartView("did", "Opened the quiet room.", "A place where nobody expects you to talk.", "Calm matters as much as music.",
                 quote="school is loud enough"),
            PartView("doing", "Looking for a music teacher.", we_heard="You want to play, not only listen."),
        ),
        "the hub's board", "2 November", words(), only_in="This answer is only in this language: English.",
        address="/changed/2", people="61 people took part.", filed=("Healthy", "North End"),
    ),
)  # fmt: skip
TOLD = PageMeta(
    "What changed", "What young people said, and what came of it.", "https://heard.example/changed",
    "/changed.atom", "/changed.json",
    languages=(LanguageLink("en", "English", "/changed?lang=en"), LanguageLink("ar", "العربية", "/changed?lang=ar", "rtl")),
    versions=(("Normal", "/changed", True), ("Easy Read", "/changed?version=easy", False)),
)  # fmt: skip
ALL = Listing(
    TOLD, CARDS, "2 answers",
    bars=(Bar("did", "We did", 3, 0, 747, "?decision=did"), Bar("cant", "We can't", 1, 753, 247, "?decision=cant")),
    in_words="We did: 3, We can't: 1",
    late=(
        Late("The park on Mill Lane", "An answer was promised by 1 September.", words(), "Who decides: the council."),
        Late("Buses: two lamps", "Promised by 1 May.", words(), address="/changed/1"),
    ),
    more_late=("All that is late", "?decision=late"),
    selects=(Select("theme", "Theme", (("safe", "Safe and secure"),), "safe"), Select("year", "Year", (("2026", "2026"),))),
    hidden=(("lang", "en"),), narrowed=True, everything="/changed", newer="?from=0", older="?from=40",
)  # fmt: skip
PRIVACY = (
    Chapter("", blocks("Short and true: this is what happens to what you say.")),
    Chapter("Who runs this", blocks("Sampleshire Youth Voice. Write to them: youth@example.org.")),
    Chapter(
        "What we keep", blocks("· Your answers, for at most 12 months.\n· Your age band, not your birthday.")
    ),
)


def staff_results() -> Thread:
    chart = file_link(RESULTS.attachment or Attachment("", {}), CHART, picture=True)
    table = file_link(Attachment("export", {}), "/papers/1", picture=False, name="buses-2026.xlsx")
    before = ThreadItem("1", view=past_view(Say("Here is your file."), lang="en", attachment=table))
    return Thread((before,), ThreadItem("2", view=answerable_view(RESULTS, lang="en", attachment=chart)))


def _talk(now: Say, *before: Say | str, lang: str = "en", **more: object) -> str:
    version = str(more.pop("version", "normal"))
    return PAGES.conversation(inside(lang, version, **more), thread(now, *before, lang=lang))


_STAFF = {"staff_commands": STAFF, "wide": True}

SAMPLES: Mapping[str, Callable[[], str]] = {
    "landing": lambda: PAGES.landing(frame()),
    "landing-code": lambda: PAGES.landing(
        frame(),
        join="BUSES",
        poster=PosterPage("open", "Buses after school"),
        wrong_code="AAAA-BBBB-CCCC",
    ),
    "landing-pl": lambda: PAGES.landing(frame("pl")),
    "landing-ar": lambda: PAGES.landing(frame("ar")),
    "notice": lambda: _talk(NOTICE, "English", commands=()),
    "consent": lambda: _talk(CONSENT, AGE, "16–17", shared_minutes=15),
    "age": lambda: _talk(AGE),
    "scale": lambda: _talk(SCALE, Say("Buses after school\nThe councillor for transport decides."), "Start"),
    "text": lambda: _talk(BETTER, SCALE, "Not very safe"),
    "number": lambda: _talk(NUMBER, BETTER, "more lights at the stop\n\nand a roof"),
    "ticks": lambda: _talk(WAYS),
    "review": lambda: _talk(REVIEW, BETTER, "more lights at the stop", OUTCOME),
    "easy": lambda: _talk(SCALE, version="easy"),
    "danger": lambda: _talk(danger(), BETTER, "i dont want to be here anymore"),
    "danger-ar": lambda: _talk(danger("ar"), AR_TEXT, "London Road stop", lang="ar"),
    "danger-before": lambda: _talk(SCALE, BETTER, danger(), "I'm OK, go on"),
    "help": help_page,
    "help-ar": lambda: help_page("ar"),
    "polish": lambda: _talk(PL_SCALE, "Zaczynamy", lang="pl"),
    "arabic": lambda: _talk(AR_SCALE, "ابدأ", "London Road stop", lang="ar"),
    "arabic-text": lambda: _talk(AR_TEXT, AR_SCALE, "آمن غالبًا", lang="ar", shared_minutes=15),
    "staff-workbook": lambda: _talk(WORKBOOK, "/consult", **_STAFF),
    "staff-results": lambda: PAGES.conversation(inside(**_STAFF), staff_results()),
    "invite": lambda: PAGES.invite(frame(), role="decider", action="/i/SAMPLE"),
    "changed": lambda: PAGES.changed(frame(), TOLD, PAGES.listing(frame(), ALL)),
    "changed-none": lambda: PAGES.changed(inside(), TOLD, PAGES.listing(frame(), Listing(TOLD, (), ""))),
    "outcome": lambda: PAGES.changed(frame(), TOLD, PAGES.outcome(frame(), TOLD, CARDS[1], "/changed")),
    "privacy": lambda: PAGES.text(frame(), "Privacy", PRIVACY),
    "missing": lambda: PAGES.error(frame(), "missing", "1f0c9a7b"),
    "over": lambda: PAGES.error(frame("pl"), "over", "1f0c9a7b"),
    "broken": lambda: PAGES.error(frame("ar"), "broken", "1f0c9a7b"),
    "left": lambda: PAGES.leaving_page(frame()),
}


def write(folder: Path) -> None:
    """Writes every sample page, with its styles next to it, so that the file opens as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in SAMPLES.items():
        page = draw().replace('"/static/', f'"{STATIC.as_uri()}/')
        (folder / f"{name}.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
