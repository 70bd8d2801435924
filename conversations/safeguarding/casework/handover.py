"""/cases: somebody who has a case hands it over. It stays theirs until the other says “I'm on it”."""

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import Row, Say, Session
from conversations.core.pagination import back_row, number_behind, on_page, page_rows, page_turned_to
from conversations.safeguarding.cases import case_name, say_closed
from conversations.safeguarding.effects import HandOver
from conversations.safeguarding.facts import CaseHelpers, OneCase
from conversations.team.members import member_name


def ask_hand(session: Session, facts: Facts) -> Say:
    _, case, helpers = facts.words, facts[OneCase].case, facts[CaseHelpers].members
    if case is None:
        return say_closed(_)
    back: Row = back_row(_)
    if not helpers:
        return Say(
            _("Nobody else may see cases now."), heading=case_name(case, _), rows=(back,), replaces=True
        )
    text = _("They are told at once. It stays with whoever has it now until they say “I'm on it”.")
    names = [member_name(member, _) for member in helpers]
    page = session.notes.get("page")
    rows = page_rows([f"person:{member.person}" for member in helpers], names, page, _)
    lines = [f"{place + 1}. {names[place]}" for place in on_page(page, len(names))]
    return Say(
        "\n".join((text, "", *lines)),
        heading=_("Who gets case {number}?", number=case.id),
        rows=(*rows, back),
        replaces=True,
    )


def take_hand(session: Session, event: Event, _facts: Facts) -> Turn | None:
    number, page = session.number("case"), page_turned_to(event)
    if page is not None:
        return Turn(session.goto("cases.hand", case=number, page=page))
    match event:
        case Chose(_, "back"):
            return Turn(session.goto("cases.one", case=number))
        case Chose(_, key) if (person := number_behind(key, "person:")) is not None:
            return Turn(session.goto("cases.one", case=number), effects=(HandOver(number, person),))
    return None
