"""Merging an issue into a consultation, whose outcome then reaches the person who raised it too."""

from conversations.consultations.consultation import AllConsultations, Consultation, OneConsultation
from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import (
    back_row,
    number_behind,
    numbered_rows,
    on_page,
    page_turned_to,
    typed_number,
)
from conversations.issues.effects import MergeIssue
from conversations.issues.facts import MERGEABLE, InboxIssue
from conversations.issues.inbox.detail import goto_step, say_gone


def ask_merge(session: Session, facts: Facts) -> Say:
    _, found, page = facts.words, _mergeable(facts), session.notes.get("page")
    if facts[InboxIssue].issue is None:
        return say_gone(_)
    lines = [f"{n + 1}. {_list_line(found[n], _)}" for n in on_page(page, len(found))]
    text = "\n".join(lines) or _("There is no consultation that it could be part of.")
    rows = numbered_rows([f"into:{about.id}" for about in found], page, _)
    return Say(text, heading=_("Part of which consultation?"), rows=(*rows, back_row(_)), replaces=True)


def take_merge(session: Session, event: Event, facts: Facts) -> Turn | None:
    found, page, number = _mergeable(facts), page_turned_to(event), typed_number(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    if number and number <= len(found):
        return Turn(goto_step(session, "merge_sure", consultation=found[number - 1].id))
    match event:
        case Chose(_, "back"):
            return Turn(goto_step(session, "one"))
        case Chose(_, key) if (chosen := number_behind(key, "into:")) is not None:
            return Turn(goto_step(session, "merge_sure", consultation=chosen))
    return None


def ask_merge_sure(_session: Session, facts: Facts) -> Say:
    _, about = facts.words, facts[OneConsultation].about
    if facts[InboxIssue].issue is None:
        return say_gone(_)
    if about is None:
        return Say(_("That one isn't there any more."), rows=(back_row(_),), replaces=True)
    lines = [_("They are told that it is part of it now, by its title. What comes of it reaches them too.")]
    if about.state in {"draft", "scheduled"}:
        lines.append(_("It isn't open yet: the title is the first that anybody hears of it."))
    rows: tuple[Row, ...] = ((Choice("yes", _("Yes, tell them")), Choice("back", _("No, go back"))),)
    heading = _("Make it part of “{title}”?", title=about.title(_))
    return Say("\n".join(lines), heading=heading, rows=rows, replaces=True)


def take_merge_sure(session: Session, event: Event, facts: Facts) -> Turn | None:
    _, about, issue = facts.words, facts[OneConsultation].about, facts[InboxIssue].issue
    match event:
        case Chose(_visit, "yes") if about and issue:
            said = Say(_("They are being told."))
            return Turn(goto_step(session, "one"), (said,), (MergeIssue(issue.id, about.id),))
        case Chose(_visit, "back"):
            return Turn(goto_step(session, "merge"))
    return None


def _mergeable(facts: Facts) -> list[Consultation]:
    return [one.about for one in facts[AllConsultations].listed if one.about.state in MERGEABLE]


def _list_line(about: Consultation, _: Words) -> str:
    title = about.title(_)
    match about.state:
        case "draft" | "scheduled":
            return _("{title}: not open yet", title=title)
        case "open":
            return _("{title}: open", title=title)
    return _("{title}: closed", title=title)
