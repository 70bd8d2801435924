"""/team: lists members and one's own sign-ins, sets one's name, removes members."""

from conversations.core.channels import CHANNELS
from conversations.core.engine import Turn
from conversations.core.events import Asked, Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.i18n import Words, capitalise
from conversations.core.messages import Choice, Link, Row, Say, Session
from conversations.core.pagination import (
    back_row,
    home_row,
)
from conversations.team.effects import InviteOwnDoor, SetTeamName, SignOutEverywhere
from conversations.team.facts import Colleague, Member, OwnDoor, Team
from conversations.team.rights import Rights, role_name

NAME_MOST = 40  # letters


# --- the list -------------------------------------------------------------------------------------


def open_team(session: Session, _asked: Asked, _facts: Facts) -> Turn:
    return Turn(session.goto("team.list"))


def ask_list(_session: Session, facts: Facts) -> Say:
    _, team = facts.words, facts[Team]
    people = [f"· {member_line(member, _)}" for member in team.members]
    doors = [f"· {door_line(door, _)}" for door in team.doors]
    text = "\n".join((*people, "", _("Where you are signed in:"), *doors))
    rows: list[Row] = []
    if facts.person.may(Rights.MANAGE_TEAM):
        rows.append((Choice("invite", _("Invite somebody")), Choice("remove", _("Remove somebody"))))
        rows.append((Choice("rules", _("How we work")),))
    rows.append((Choice("name", _("My name here")), Choice("door", _("My other door"))))
    if facts.channel.sign_in:
        rows.append((Link(_("How I sign in"), facts.rules.own_sign_ins_address),))
    if any(door.until for door in team.doors):
        rows.append((Choice("out", _("Sign out everywhere")),))
    return Say(text, heading=_("The team"), rows=(*rows, home_row(_)), replaces=True)


def take_list(session: Session, event: Event, facts: Facts) -> Turn | None:
    _ = facts.words
    match event:
        case Chose(_visit, "invite") if facts.person.may(Rights.MANAGE_TEAM):
            return Turn(session.goto("team.role"))
        case Chose(_visit, "remove") if facts.person.may(Rights.MANAGE_TEAM):
            return Turn(session.goto("team.remove"))
        case Chose(_visit, "rules") if facts.person.may(Rights.SET_TEAM_RULES):
            return Turn(session.goto("working.menu"))
        case Chose(_visit, "name"):
            return Turn(session.goto("team.name"))
        case Chose(_visit, "door"):
            return Turn(session.goto("team.link"), effects=(InviteOwnDoor(),))
        case Chose(_visit, "out"):
            said = Say(_("Done. You're signed out everywhere."))
            return Turn(session.goto("team.list"), (said,), (SignOutEverywhere(),))
    return None


# --- the name in the team -------------------------------------------------------------------------


def ask_name(_session: Session, facts: Facts) -> Say:
    _, mine = facts.words, _own_name(facts)
    text = _("Write the name that the team sees here. Young people never see it.")
    now = _("It says now: {text}", text=mine) if mine else ""
    none: tuple[Row, ...] = ((Choice("none", _("No name")),),) if mine else ()
    return Say(
        "\n\n".join(filter(None, (text, now))),
        heading=_("What should the team call you?"),
        draft=mine if facts.channel.fills_fields else "",
        rows=(*none, back_row(_)),
        expects="text",
        replaces=True,
    )


def take_name(session: Session, event: Event, facts: Facts) -> Turn | None:
    match event:
        case Said(text):
            return take_team_name(session, text, facts, session.goto("team.list"))
        case Chose(_, "none"):
            return Turn(session.goto("team.list"), effects=(SetTeamName(""),))
        case Chose(_, "back"):
            return Turn(session.goto("team.list"))
    return None


def take_team_name(session: Session, text: str, facts: Facts, onward: Session) -> Turn | None:
    """Stores a typed name for the team and goes on to `onward`, unless it is too long."""
    _, name = facts.words, " ".join(text.split())
    if len(name) > NAME_MOST:
        return Turn(session, (Say(_("That is too long. Stay under {n} letters.", n=NAME_MOST)),))
    return Turn(onward, effects=(SetTeamName(name),)) if name else None


def _own_name(facts: Facts) -> str:
    return next((member.called for member in facts[Team].members if member.you), "")


# --- in words -------------------------------------------------------------------------------------


def member_name(member: Member | Colleague, _: Words) -> str:
    """The member's name in the team, or else "Worker 2"; of somebody who left, the number that the audit log has."""
    if member.role is None:
        # For staff.
        return _("#{number}, who has left the team", number=member.person)
    return member.called or _("{role} {number}", role=role_name(member.role, _), number=member.number)


def member_line(member: Member, _: Words) -> str:
    who = _("{who} (you)", who=member_name(member, _)) if member.you else member_name(member, _)
    if member.called:
        who = _("{who}: {role}", who=who, role=role_name(member.role, _))
    where = _.and_list(_(channel.called) for channel in CHANNELS if channel in member.channels)
    return _("{who}, on {where}, since {day}", who=who, where=where, day=_.long_date(member.since))


def door_line(door: OwnDoor, _: Words) -> str:
    where = capitalise(_(door.channel.called))
    if door.here:
        where = _("{where} (here)", where=where)
    return _("{where}, until {moment}", where=where, moment=_.date_time(door.until)) if door.until else where
