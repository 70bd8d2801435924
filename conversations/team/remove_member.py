"""Removing a member from the team: whom, who takes over what they began, and a yes."""

from collections.abc import Iterator

from conversations.core.engine import Step, Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import back_row, number_behind, on_page, page_rows, page_turned_to
from conversations.team.effects import RemoveRoles
from conversations.team.facts import Member, Team
from conversations.team.members import member_line, member_name
from conversations.team.rights import Rights


def ask_remove(session: Session, facts: Facts) -> Say:
    _, team = facts.words, facts[Team]
    people = list(dict.fromkeys(member.person for member in team.members))
    first = [team.roles_of(person)[0] for person in people]
    page = session.notes.get("page")
    names = [member_name(member, _) for member in first]
    buttons = page_rows([f"person:{person}" for person in people], names, page, _)
    lines = [f"{place + 1}. {member_line(first[place], _)}" for place in on_page(page, len(people))]
    return Say(
        "\n".join(lines), heading=_("Who leaves the team?"), rows=(*buttons, back_row(_)), replaces=True
    )


def take_remove(session: Session, event: Event, _facts: Facts) -> Turn | None:
    page = page_turned_to(event)
    if page is not None:
        return Turn(session.goto("team.remove", page=page))
    match event:
        case Chose(_, "back"):
            return Turn(session.goto("team.list"))
        case Chose(_, key) if (person := number_behind(key, "person:")) is not None:
            return Turn(session.goto("team.remove_sure", person=person))
    return None


def ask_remove_sure(session: Session, facts: Facts) -> Say:
    _ = facts.words
    found = facts[Team].roles_of(session.number("person"))
    if not found:
        return Say(_("They have left the team already."), rows=(back_row(_),), replaces=True)
    who = "\n".join(f"· {member_line(member, _)}" for member in found)
    if found[0].you:
        text = _(
            "That is you. You lose your role at once, everywhere. What you made stays; what you set to go out later is a draft again."
        )
    else:
        text = _(
            "They lose their role at once, everywhere. What they made stays; what they set to go out later is a draft again."
        )
    paragraphs = [who, text, *_heir_line(session, facts)]
    hand_over: tuple[Row, ...] = (
        ((Choice("heir", _("Somebody takes over")),),) if _heirs(session, facts) else ()
    )
    rows: tuple[Row, ...] = (
        *hand_over,
        (Choice("yes", _("Yes, remove")), Choice("back", _("No, go back"))),
    )
    return Say("\n\n".join(paragraphs), heading=_("Remove from the team?"), rows=rows, replaces=True)


def _heir_line(session: Session, facts: Facts) -> Iterator[str]:
    """Who takes over, if somebody does."""
    _ = facts.words
    heir = next((one for one in _heirs(session, facts) if one.person == session.notes.get("to")), None)
    if heir:
        yield _(
            "Their consultations, answers to young people and good news go to {who}. Cases go back to all who see cases.",
            who=member_name(heir, _),
        )


def _heirs(session: Session, facts: Facts) -> list[Member]:
    """Who can take over from whoever leaves, each by their first role that may."""
    may = [member for member in facts[Team].members if member.role in Rights.PUBLISH_OUTCOMES.roles]
    first = {member.person: member for member in reversed(may) if member.person != session.number("person")}
    return list(reversed(first.values()))


def take_remove_sure(session: Session, event: Event, facts: Facts) -> Turn | None:
    _ = facts.words
    match event:
        case Chose(_visit, "yes"):
            to = session.number("to") if "to" in session.notes else None
            removed = RemoveRoles(session.number("person"), to)
            return Turn(session.goto("team.list"), (Say(_("Done. The role has ended.")),), (removed,))
        case Chose(_visit, "heir"):
            return Turn(session.goto("team.heir", person=session.number("person")))
        case Chose(_visit, "back"):
            return Turn(session.goto("team.list"))
    return None


def ask_heir(session: Session, facts: Facts) -> Say:
    _, heirs, page = facts.words, _heirs(session, facts), session.notes.get("page")
    buttons = page_rows(
        [f"to:{one.person}" for one in heirs], [member_name(one, _) for one in heirs], page, _
    )
    lines = [f"{place + 1}. {member_line(heirs[place], _)}" for place in on_page(page, len(heirs))]
    heading = _("Who takes over what they began?")
    return Say("\n".join(lines), heading=heading, rows=(*buttons, back_row(_)), replaces=True)


def take_heir(session: Session, event: Event, facts: Facts) -> Turn | None:
    person, page = session.number("person"), page_turned_to(event)
    if page is not None:
        return Turn(session.goto("team.heir", person=person, page=page))
    match event:
        case Chose(_, "back"):
            return Turn(session.goto("team.remove_sure", person=person))
        case Chose(_, key) if (to := number_behind(key, "to:")) in {
            one.person for one in _heirs(session, facts)
        }:
            return Turn(session.goto("team.remove_sure", person=person, to=to))
    return None


STEPS = (
    Step("team.remove", ask_remove, take_remove, needs=(Team,), right=Rights.MANAGE_TEAM),
    Step("team.remove_sure", ask_remove_sure, take_remove_sure, needs=(Team,), right=Rights.MANAGE_TEAM),
    Step("team.heir", ask_heir, take_heir, needs=(Team,), right=Rights.MANAGE_TEAM),
)
