"""/cases: the safeguarding lead works on cases. A case shows a number and ways to help. The person's words stand on a page
of their own, never in a chat.
"""

from conversations.core.engine import Turn
from conversations.core.events import Asked, Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import number_behind, on_page, page_rows, page_turned_to
from conversations.safeguarding.alert import kind_names
from conversations.safeguarding.case_words import (
    kept_back_text,
    may_read,
    on_page_only,
    page_row,
    raised_text,
)
from conversations.safeguarding.effects import AcknowledgeCase, KeepCase
from conversations.safeguarding.facts import Case, OneCase, OpenCaseCount, OpenCases
from conversations.team.members import member_name
from conversations.team.rights import Rights


def open_cases(session: Session, asked: Asked, _facts: Facts) -> Turn:
    """/cases, or /cases 12 from the button of an alert."""
    number = number_behind(asked.argument)
    return Turn(session.goto("cases.list") if number is None else session.goto("cases.one", case=number))


def ask_list(session: Session, facts: Facts) -> Say:
    _, cases = facts.words, facts[OpenCases].cases
    home: Row = (Choice("rota", _("Rota"), aside=True), Choice("/home", _("Home"), aside=True))
    below = (*_texts_row(facts), *_keeping_row(facts), home)
    if not cases:
        return Say(_("No case is open."), heading=_("Safeguarding cases"), rows=below, replaces=True)
    page = session.notes.get("page")
    lines = [f"{place + 1}. {_list_line(cases[place], _)}" for place in on_page(page, len(cases))]
    keys, names = [f"case:{case.id}" for case in cases], [case_name(case, _) for case in cases]
    rows = page_rows(keys, names, page, _)
    return Say("\n".join(lines), heading=_("Safeguarding cases"), rows=(*rows, *below), replaces=True)


def take_list(session: Session, event: Event, facts: Facts) -> Turn | None:
    page = page_turned_to(event)
    if page is not None:
        return Turn(session.goto("cases.list", page=page))
    match event:
        case Chose(_, "rota"):
            return Turn(session.goto("rota.week"))
        case Chose(_, "texts"):
            return Turn(session.goto("cases.texts"))
        case Chose(_, "register" | "rules" as which) if facts.person.may(Rights.KEEP_CASE_REGISTER):
            return Turn(session.goto(f"cases.{which}"))
    number = number_behind(event.key, "case:") if isinstance(event, Chose) else None
    return None if number is None else Turn(session.goto("cases.one", case=number))


def ask_one(_session: Session, facts: Facts) -> Say:
    _, case = facts.words, facts[OneCase].case
    if case is None:
        return say_closed(_)
    text = "\n".join((*_detail_lines(case, _), "", *_words_lines(case, facts)))
    first = (Choice("take", _("I'm on it")),) if case.taken_at is None or case.offered_to_you else ()
    rows: tuple[Row, ...] = (
        (*first, Choice("write", _("Write to them"))),
        *_words_row(case, facts),
        *_handover_row(case, facts),
        *_release_row(case, facts),
        (Choice("close", _("Close the case")),),
    )
    return Say(text, heading=case_name(case, _), rows=(*rows, list_row(_)), replaces=True)


def take_one(session: Session, event: Event, _facts: Facts) -> Turn | None:
    number = session.number("case")
    match event:
        case Chose(_, "take"):
            return Turn(session.goto("cases.one", case=number), effects=(AcknowledgeCase(number),))
        case Chose(_, "hand"):
            return Turn(session.goto("cases.hand", case=number))
        case Chose(_, "take_back"):
            return Turn(session.goto("cases.one", case=number), effects=(KeepCase(number),))
        case Chose(_, "write"):
            return Turn(session.goto("cases.write", case=number))
        case Chose(_, "release" | "close" as wanted):
            return Turn(session.goto(f"cases.{wanted}", case=number))
    return None


def _texts_row(facts: Facts) -> tuple[Row, ...]:
    """The button that leads to the texts to read, where some wait."""
    _, n = facts.words, facts[OpenCaseCount].texts
    return ((Choice("texts", _.many("{n} text to read", "{n} texts to read", n)),),) if n else ()


def _keeping_row(facts: Facts) -> tuple[Row, ...]:
    """For those who keep the register."""
    _ = facts.words
    if not facts.person.may(Rights.KEEP_CASE_REGISTER):
        return ()
    return ((Choice("register", _("Register")), Choice("rules", _("Reasons, and how long"))),)


def case_name(case: Case, _: Words) -> str:
    return _("Case {number}", number=case.id)


def _list_line(case: Case, _: Words) -> str:
    parts = [_.date_time(case.opened_at) + ".", kind_names(_)[case.kind]]
    if case.wants_call:
        parts.append(_("They'd like to be contacted."))
    parts.append(_taken_text(case, _))
    return " ".join((f"{case_name(case, _)}.", *parts))


def _detail_lines(case: Case, _: Words) -> tuple[str, ...]:
    lines = [
        _.date_time(case.opened_at),
        kind_names(_)[case.kind],
        _.many("{n} message had such a sign.", "{n} messages had such signs.", case.signs),
        _(case.channel.where),
        _("They'd like somebody to get in touch.")
        if case.wants_call
        else _("They haven't asked anybody to get in touch."),
        _taken_text(case, _),
    ]
    if case.offered_to_you:
        lines.append(_("It is handed to you. It is yours once you press “I'm on it”."))
    elif case.offered_to:
        lines.append(
            _("It is handed to {who}, who hasn't said “I'm on it” yet.", who=member_name(case.offered_to, _))
        )
    if case.thread_stopped:
        lines.append(_("They said that they don't want to write here now."))
    if case.left:
        lines.append(_("They have deleted everything else since. You can still write to them."))
    return tuple(f"· {line}" for line in lines)


def _taken_text(case: Case, _: Words) -> str:
    if case.taken_at is None:
        return _("Nobody is on it yet.")
    if case.taken_by_you:
        return _("You are on it, since {moment}.", moment=_.date_time(case.taken_at))
    return _("Somebody else in the team is on it, since {moment}.", moment=_.date_time(case.taken_at))


def _handover_row(case: Case, facts: Facts) -> tuple[Row, ...]:
    """For whoever has the case, and for leads. Whoever it is handed to takes it on, or waits."""
    _ = facts.words
    theirs = case.taken_by_you is True or facts.person.may(Rights.LEAD_SAFEGUARDING)
    if case.taken_at is None or not theirs or case.offered_to_you:
        return ()
    if case.offered_to:
        return ((Choice("take_back", _("Don't hand it over")),),)
    return ((Choice("hand", _("Hand it over")),),)


def _words_lines(case: Case, facts: Facts) -> tuple[str, ...]:
    """Who may read what they wrote, and where."""
    _ = facts.words
    caution = _("I look for words, so I can be wrong.")
    if case.keeps_back:
        caution = f"{caution} {kept_back_text(_)}"
    if case.keeps_raised:
        caution = f"{caution} {raised_text(_)}"
    if not may_read(facts.person, taken_by_them=case.taken_by_you):
        return (caution, _("When you are on it, you can read what they wrote, on the web page only."))
    return (caution, *on_page_only(facts))


def _release_row(case: Case, facts: Facts) -> tuple[Row, ...]:
    """The button that lets the team read what this case keeps from it."""
    if not (case.keeps_back and may_read(facts.person, taken_by_them=case.taken_by_you)):
        return ()
    return ((Choice("release", facts.words("The team may read it")),),)


def _words_row(case: Case, facts: Facts) -> tuple[Row, ...]:
    """The link to their words, where this channel's readers can open it."""
    if not may_read(facts.person, taken_by_them=case.taken_by_you):
        return ()
    return page_row(facts.words("Read what they wrote"), facts.rules.case_address(case.id), facts)


def say_closed(_: Words) -> Say:
    return Say(_("That case is closed."), rows=(list_row(_),), replaces=True)


def list_row(_: Words) -> Row:
    return (Choice("/cases", _("All cases"), aside=True), Choice("/home", _("Home"), aside=True))
