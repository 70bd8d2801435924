"""The rota, at /cases: who is told of a case in which hours, when no lead or deputy has taken it on. The lead keeps it."""

from datetime import date, time, timedelta

from conversations.core.engine import Step, Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import back_row, number_behind, on_page, page_rows, page_turned_to
from conversations.core.person import STAFF
from conversations.safeguarding.cases import list_row
from conversations.safeguarding.effects import AddToRota, RemoveFromRota
from conversations.safeguarding.shifts import Hours, Rota, Shift, hours_in, hours_text
from conversations.team.facts import Team
from conversations.team.members import member_name
from conversations.team.rights import Rights

_WEEK = 7  # days that the week shows, from today


def ask_week(_session: Session, facts: Facts) -> Say:
    """Who is on in the next seven days."""
    _, rota = facts.words, facts[Rota]
    today = facts.now.astimezone(facts.rules.zone).date()
    lines = [_day_line(today + timedelta(days=days), facts) for days in range(_WEEK)]
    about = _(
        "When nobody has taken a case on for {n} minutes, I tell whoever is on. They may see and take on cases in these hours. Outside them I skip this step.",
        n=facts.rules.escalate_minutes[1],
    )
    rows: list[Row] = []
    if facts.person.may(Rights.KEEP_ROTA):
        remove = (Choice("remove", _("Take somebody off")),) if rota.shifts else ()
        rows.append((Choice("add", _("Add somebody")), *remove))
    return Say(
        "\n".join((*lines, "", about)), heading=_("The rota"), rows=(*rows, list_row(_)), replaces=True
    )


def take_week(session: Session, event: Event, facts: Facts) -> Turn | None:
    keeps = facts.person.may(Rights.KEEP_ROTA)
    match event:
        case Chose(_, "add") if keeps:
            return Turn(session.goto("rota.who"))
        case Chose(_, "remove") if keeps:
            return Turn(session.goto("rota.remove"))
    return None


# --- adding ---------------------------------------------------------------------------------------


def ask_who(session: Session, facts: Facts) -> Say:
    _ = facts.words
    people, page = _names(facts), session.notes.get("page")
    names = list(people.values())
    rows = page_rows([f"person:{one}" for one in people], names, page, _)
    text = "\n".join(f"{place + 1}. {names[place]}" for place in on_page(page, len(names)))
    return Say(text, heading=_("Who is on?"), rows=(*rows, back_row(_)), replaces=True)


def take_who(session: Session, event: Event, facts: Facts) -> Turn | None:
    page = page_turned_to(event)
    if page is not None:
        return Turn(session.goto("rota.who", page=page))
    match event:
        case Chose(_, "back"):
            return Turn(session.goto("rota.week"))
        case Chose(_, key) if (person := number_behind(key, "person:")) in _names(facts):
            return Turn(session.goto("rota.hours", person=person))
    return None


def ask_hours(session: Session, facts: Facts) -> Say:
    _ = facts.words
    lines = (
        _(
            "Write the days and the hours, on our clock ({zone}). They may go past midnight. For example:",
            zone=facts.rules.zone.key,
        ),
        _("· Monday to Friday 18:00-08:00"),
        _("· Saturday and Sunday all day"),
        _("· 24 December 09:00-17:00"),
    )
    heading = _("When is {who} on?", who=_name(session.number("person"), facts))
    return Say("\n".join(lines), heading=heading, rows=(back_row(_),), expects="text", replaces=True)


def take_hours(session: Session, event: Event, facts: Facts) -> Turn | None:
    _ = facts.words
    match event:
        case Chose(_visit, "back"):
            return Turn(session.goto("rota.who"))
        case Said(text) if text.strip():
            hours = hours_in(text, facts.now, _)
            if isinstance(hours, str):
                return Turn(session, (Say(_(hours)),))
            return Turn(session.goto("rota.sure", person=session.number("person"), **_as_notes(hours)))
    return None


def ask_sure(session: Session, facts: Facts) -> Say:
    _ = facts.words
    understood = _line(Shift(0, session.number("person"), _hours_in_notes(session)), facts)
    rows: tuple[Row, ...] = ((Choice("yes", _("Yes, add it")), Choice("again", _("No, write it again"))),)
    return Say(understood, heading=_("I understood this:"), rows=(*rows, back_row(_)), replaces=True)


def take_sure(session: Session, event: Event, facts: Facts) -> Turn | None:
    _, person = facts.words, session.number("person")
    match event:
        case Chose(_visit, "yes"):
            added = AddToRota(person, _hours_in_notes(session))
            return Turn(session.goto("rota.week"), (Say(_("It is on the rota.")),), (added,))
        case Chose(_visit, "again"):
            return Turn(session.goto("rota.hours", person=person))
        case Chose(_visit, "back"):
            return Turn(session.goto("rota.week"))
    return None


def _as_notes(hours: Hours) -> dict[str, str]:
    """The hours as notes, which hold nothing of what was typed."""
    days = hours.day.isoformat() if hours.day else "".join(map(str, hours.weekdays))
    return {"days": days, "starts": f"{hours.starts:%H:%M}", "ends": f"{hours.ends:%H:%M}"}


def _hours_in_notes(session: Session) -> Hours:
    days, starts, ends = (str(session.notes[name]) for name in ("days", "starts", "ends"))
    clocks = time.fromisoformat(starts), time.fromisoformat(ends)
    if "-" in days:
        return Hours((), date.fromisoformat(days), *clocks)
    return Hours(tuple(map(int, days)), None, *clocks)


# --- taking off -----------------------------------------------------------------------------------


def ask_remove(session: Session, facts: Facts) -> Say:
    _, shifts = facts.words, facts[Rota].shifts
    page = session.notes.get("page")
    lines = [f"{place + 1}. {_line(shifts[place], facts)}" for place in on_page(page, len(shifts))]
    names = [_line(shift, facts) for shift in shifts]
    rows = page_rows([f"shift:{shift.id}" for shift in shifts], names, page, _)
    text = "\n".join(lines) or _("Nobody is on the rota.")
    return Say(text, heading=_("Which one comes off?"), rows=(*rows, back_row(_)), replaces=True)


def take_remove(session: Session, event: Event, facts: Facts) -> Turn | None:
    _ = facts.words
    page = page_turned_to(event)
    if page is not None:
        return Turn(session.goto("rota.remove", page=page))
    match event:
        case Chose(_visit, "back"):
            return Turn(session.goto("rota.week"))
        case Chose(_visit, key) if (shift := number_behind(key, "shift:")) is not None:
            return Turn(session.goto("rota.week"), (Say(_("It is off the rota.")),), (RemoveFromRota(shift),))
    return None


# --- in words -------------------------------------------------------------------------------------


def _names(facts: Facts) -> dict[int, str]:
    """The names in the team of everybody who may be on the rota: all but young reviewers."""
    found: dict[int, str] = {}
    for member in facts[Team].members:
        if member.role in STAFF:
            found.setdefault(member.person, member_name(member, facts.words))
    return found


def _name(person: int, facts: Facts) -> str:
    return _names(facts).get(person, facts.words("Somebody who has left"))


def _line(shift: Shift, facts: Facts) -> str:
    _ = facts.words
    return _("{who}: {hours}", who=_name(shift.person, facts), hours=hours_text(shift.hours, _))


def _day_line(day: date, facts: Facts) -> str:
    """A day, with all whose hours begin then."""
    _ = facts.words
    on = sorted(
        (shift for shift in facts[Rota].shifts if shift.hours.begin_on(day)), key=lambda one: one.hours.starts
    )
    names = [
        f"{shift.hours.starts:%H:%M}–{shift.hours.ends:%H:%M} {_name(shift.person, facts)}" for shift in on
    ]
    return _("· {day}: {who}", day=_.short_date(day), who=_.comma_list(names) if on else _("nobody"))


STEPS = (
    Step("rota.week", ask_week, take_week, needs=(Rota, Team), right=Rights.SEE_CASES),
    Step("rota.who", ask_who, take_who, needs=(Team,), right=Rights.KEEP_ROTA),
    Step("rota.hours", ask_hours, take_hours, needs=(Team,), right=Rights.KEEP_ROTA),
    Step("rota.sure", ask_sure, take_sure, needs=(Team,), right=Rights.KEEP_ROTA),
    Step("rota.remove", ask_remove, take_remove, needs=(Rota, Team), right=Rights.KEEP_ROTA),
)
