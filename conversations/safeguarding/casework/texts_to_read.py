"""/cases: the texts that a safeguarding lead reads first. Like the words of a case, they stand on a page, never in a chat."""

from conversations.core.engine import Turn
from conversations.core.events import Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Row, Say, Session
from conversations.core.pagination import on_page, page_buttons, page_turned_to
from conversations.safeguarding.case_words import on_page_only, page_row, place_name
from conversations.safeguarding.cases import list_row
from conversations.safeguarding.effects import WhyMarked
from conversations.safeguarding.facts import MarkedText, MarkedTexts


def ask_texts(session: Session, facts: Facts) -> Say:
    _, texts = facts.words, facts[MarkedTexts].texts
    if not texts:
        return Say(
            _("No text waits to be read."), heading=_("Texts to read"), rows=(list_row(_),), replaces=True
        )
    shown = on_page(session.notes.get("page"), len(texts))
    lines = [f"{n + 1}. {_line(texts[n], _)}" for n in shown]
    link = page_row(_("Read them"), facts.rules.texts_address, facts)
    rows: tuple[Row, ...] = (*link, *page_buttons(shown, len(texts), _), list_row(_))
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
    return (_("Nobody was alerted of these. Their writers saw whom they can talk to."), *on_page_only(facts))
