"""Writing an issue: its theme, its area and its words. Whatever is typed is stored at once as a sealed draft."""

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import (
    back_row,
    in_rows,
    names_fit,
    number_behind,
    on_page,
    page_rows,
    page_turned_to,
    typed_number,
)
from conversations.core.themes import DATA, OTHER, THEMES, explained_themes
from conversations.issues.issue import WORDS_MOST, Issue, filed_heading
from conversations.issues.raising.draft import MyIssues, asks_area, too_long_text, write_draft
from conversations.safeguarding.detector import CHECKED_LANGUAGES
from conversations.team.facts import TeamRules

_SIDE_BY_SIDE = 4


# --- what it is about -----------------------------------------------------------------------------


def ask_theme(_session: Session, facts: Facts) -> Say:
    _, draft = facts.words, facts[MyIssues].draft
    lines = [f"{n}. {text}" for n, text in enumerate(explained_themes(_).values(), 1)]
    if draft and draft.words and draft.theme is None:
        lines.insert(0, _("I've kept your words. Now choose what they are about."))
    rows: tuple[Row, ...] = (
        *in_rows([Choice(key, str(n)) for n, key in enumerate(THEMES, 1)], _SIDE_BY_SIDE),
        (Choice(OTHER, _("Something else")),),
        (Choice(DATA, _("About my data")),),
        (Choice("/home", _("Home"), aside=True),),
    )
    return Say("\n".join(lines), heading=_("What is it about?"), rows=rows, replaces=True)


def take_theme(session: Session, event: Event, facts: Facts) -> Turn | None:
    number = typed_number(event)
    match event:
        case Chose(_, key) if key in THEMES or key in {OTHER, DATA}:
            return write_draft(session, facts, theme=key)
        case Said(text) if number is None:  # somebody who writes it straight away need not write it again
            return _take_text(session, text, facts)
    return (
        write_draft(session, facts, theme=list(THEMES)[number - 1])
        if number and number <= len(THEMES)
        else None
    )


# --- where ----------------------------------------------------------------------------------------


def ask_area(session: Session, facts: Facts) -> Say:
    _, areas = facts.words, facts[TeamRules].areas
    page = session.notes.get("page")
    lines = [] if names_fit(areas) else [f"{n + 1}. {areas[n]}" for n in on_page(page, len(areas))]
    rows = page_rows([f"area:{n}" for n in range(len(areas))], areas, page, _)
    none: Row = (Choice("other", _("Not in the list")), Choice("unsaid", _("Rather not say")))
    text = "\n".join((_("The team uses it to see where something comes up a lot."), *lines))
    ways: Row = back_row(_)
    return Say(text, heading=_("Where is it?"), rows=(*rows, none, ways), replaces=True)


def take_area(session: Session, event: Event, facts: Facts) -> Turn | None:
    areas, page, number = facts[TeamRules].areas, page_turned_to(event), typed_number(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    if number and number <= len(areas):
        return write_draft(session, facts, area=areas[number - 1])
    match event:
        case Chose(_, "back"):
            return Turn(session.goto("raise.theme"))
        case Chose(_, "other" | "unsaid"):
            return write_draft(session, facts, area="")
        case Chose(_, key) if (place := number_behind(key, "area:")) is not None and place < len(areas):
            return write_draft(session, facts, area=areas[place])
    return None


# --- in their own words ---------------------------------------------------------------------------


def ask_words(_session: Session, facts: Facts) -> Say:
    _, draft = facts.words, facts[MyIssues].draft
    lines = [
        _what_to_write(draft, _),
        _("The team reads it. They don't see who you are, so you can leave out names."),
        *unread_language_notice(_),
    ]
    keep: tuple[Row, ...] = ()
    if draft and draft.words:
        lines += ["", _("Your words so far: {words}", words=draft.words)]
        keep = ((Choice("keep", _("Keep it")),),)
    rows = (*keep, (Choice("back", _("Back"), aside=True), Choice("/home", _("Not now"), aside=True)))
    heading = filed_heading(draft, _) if draft else ""
    return Say("\n".join(lines), heading=heading, rows=rows, expects="text", replaces=True)


def take_words(session: Session, event: Event, facts: Facts) -> Turn | None:
    draft = facts[MyIssues].draft
    match event:
        case Said(text):
            return _take_text(session, text, facts)
        case Chose(_, "keep") if draft and draft.words:
            return Turn(session.goto("raise.look"))
        case Chose(_, "back"):
            return Turn(session.goto("raise.area" if asks_area(draft, facts[TeamRules]) else "raise.theme"))
    return None


def _what_to_write(draft: Issue | None, _: Words) -> str:
    if draft and draft.theme == DATA:
        return _("What is wrong with what I keep about you, or what should happen with it?")
    return _("What would you like to raise? Write it in your own words. What should be different?")


def _take_text(session: Session, text: str, facts: Facts) -> Turn | None:
    if len(text) > WORDS_MOST:
        return Turn(session, (Say(too_long_text(text, WORDS_MOST, facts.words)),))
    return write_draft(session, facts, words=text.strip()) if text.strip() else None


def unread_language_notice(_: Words) -> tuple[str, ...]:
    """Warns people before they write in a language that no word list covers."""
    if _.language in CHECKED_LANGUAGES:
        return ()
    return (_("I can't tell from your words here if you need help. If you need help now, send /help."),)
