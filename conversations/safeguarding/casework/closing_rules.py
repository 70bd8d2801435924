"""/cases: the lead keeps the list of reasons for closing a case, and says how long the register keeps a closed one."""

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import back_row, number_behind
from conversations.safeguarding.cases import list_row
from conversations.safeguarding.casework.closing import chosen_reason, reason_rows
from conversations.safeguarding.casework.reasons import REASON_MOST, reason_name, usual_reasons
from conversations.safeguarding.effects import AddClosingReason, RemoveClosingReason, SetCaseYears
from conversations.team.facts import TeamRules

YEARS = (1, 3, 6, 10, 25)


def ask_rules(_session: Session, facts: Facts) -> Say:
    _, rules = facts.words, facts[TeamRules]
    lines = (
        _("You close a case for one of these reasons:"),
        *(f"· {reason_name(reason, _)}" for reason in rules.closing_reasons),
        "",
        _kept_text(rules.case_years, _),
    )
    rows: tuple[Row, ...] = (
        (Choice("add", _("Add a reason")), Choice("remove", _("Remove a reason"))),
        (Choice("years", _("How long…")),),
        list_row(_),
    )
    return Say("\n".join(lines), heading=_("Reasons, and how long"), rows=rows, replaces=True)


def take_rules(session: Session, event: Event, _facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "add" | "remove" | "years" as which):
            return Turn(session.goto(f"cases.rules_{which}"))
    return None


def ask_add(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    text = _("Write it in a few words, for every case and without anybody's name.")
    rows = (*reason_rows(_unused(facts), _), back_row(_))
    return Say(text, heading=_("Which reason?"), rows=rows, expects="text", replaces=True)


def take_add(session: Session, event: Event, facts: Facts) -> Turn | None:
    _, usual = facts.words, chosen_reason(event, _unused(facts))
    if usual is not None:
        return _set(session, AddClosingReason(usual))
    match event:
        case Said(text) if reason := " ".join(text.split()):
            if len(reason) > REASON_MOST:
                return Turn(session, (Say(_("That is too long. Stay under {n} letters.", n=REASON_MOST)),))
            return _set(session, AddClosingReason(reason))
        case Chose(_visit, "back"):
            return Turn(session.goto("cases.rules"))
    return None


def ask_remove(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    text = _("Cases that were closed for it keep it.")
    rows = (*reason_rows(facts[TeamRules].closing_reasons, _), back_row(_))
    return Say(text, heading=_("Which reason leaves the list?"), rows=rows, replaces=True)


def take_remove(session: Session, event: Event, facts: Facts) -> Turn | None:
    reason = chosen_reason(event, facts[TeamRules].closing_reasons)
    if reason is not None:
        return _set(session, RemoveClosingReason(reason))
    return Turn(session.goto("cases.rules")) if isinstance(event, Chose) and event.key == "back" else None


def ask_years(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    text = _("Closed cases that are older leave the register within the hour, and can't be brought back.")
    numbers: Row = tuple(Choice(f"years:{n}", _.many("{n} year", "{n} years", n)) for n in YEARS)
    return Say(
        text,
        heading=_("How long does a closed case stay in the register?"),
        rows=(numbers, back_row(_)),
        replaces=True,
    )


def take_years(session: Session, event: Event, _facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "back"):
            return Turn(session.goto("cases.rules"))
        case Chose(_, key) if (years := number_behind(key, "years:")) in YEARS and years is not None:
            return _set(session, SetCaseYears(years))
    return None


def _set(session: Session, effect: AddClosingReason | RemoveClosingReason | SetCaseYears) -> Turn:
    return Turn(session.goto("cases.rules"), effects=(effect,))


def _unused(facts: Facts) -> tuple[str, ...]:
    """The usual reasons that are not on the team's list."""
    return tuple(one for one in usual_reasons(facts.words) if one not in facts[TeamRules].closing_reasons)


def _kept_text(years: int, _: Words) -> str:
    return _.many(
        "A closed case stays in the register for {n} year.",
        "A closed case stays in the register for {n} years.",
        years,
    )
