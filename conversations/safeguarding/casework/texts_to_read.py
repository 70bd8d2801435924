"""/cases: the texts that a safeguarding lead reads first. Like the words of a case, they stand on a page, never in a chat."""

from conversations.core.engine import Turn
from conversations.core.events import Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Link, Row, Say, Session
from conversations.core.pagination import on_page, page_buttons, page_turned_to
from conversations.safeguarding.case_words import place_name
from conversations.safeguarding.effects import WhyMarked
from conversations.safeguarding.facts import MarkedText, MarkedTexts, OpenCaseCount


def texts_row(facts: Facts) -> tuple[Row, ...]:
    """The button that leads to the texts, where some wait."""
    _, n = facts.words, facts[OpenCaseCount].texts
    return ((Choice("texts", _.many("{n} text to read", "{n} texts to read", n)),),) if n else ()


def ask_texts(session: Session, facts: Facts) -> Say:
    _, texts = facts.words, facts[MarkedTexts].texts
    home: Row = (Choice("/cases", _("All cases"), aside=True), Choice("/home", _("Home"), aside=True))
    if not texts:
        return Say(_("No text waits to be read."), heading=_("Texts to read"), rows=(home,), replaces=True)
    shown = on_page(session.notes.get("page"), len(texts))
    lines = [f"{n + 1}. {_line(texts[n], _)}" for n in shown]
    rows: tuple[Row, ...] = (*_page_link(facts), *page_buttons(shown, len(texts), _), home)
    return Say("\n".join((*lines, "", *_how(facts))), heading=_("Texts to read"), rows=rows, replaces=True)


def take_texts(session: Session, event: Event, _facts: Facts) -> Turn | None:
    page = page_turned_to(event)
    return None if page is None else Turn(session.goto("cases.texts", page=page))


def why_marked(why: WhyMarked, _: Words) -> str:
    """Why somebody should read a text."""
    if why == "soft":
        return _("It may hold a sign that somebody is not safe.")
    return _("I couldn't look at it: I don't know its language.")


def _line(text: MarkedText, _: Words) -> str:
    return f"{_.date_time(text.at)}. {place_name(text.step, _)}. {why_marked(text.why, _)}"


def _how(facts: Facts) -> tuple[str, ...]:
    _ = facts.words
    lines = (
        _("Nobody was alerted of these. Their writers saw whom they can talk to."),
        _("You can read what they wrote, on the web page only. I note each look."),
    )
    if facts.channel.keeps_history:
        return lines
    return (*lines, _("If you aren't signed in there: /team, then “My other door”."))


def _page_link(facts: Facts) -> tuple[Row, ...]:
    """The link to the page with the texts, where this channel's readers can open it."""
    _ = facts.words
    opens = facts.channel.keeps_history or facts.rules.is_reachable
    return ((Link(_("Read them"), facts.rules.texts_address),),) if opens else ()
