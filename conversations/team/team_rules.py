"""The team's rules, which an owner sets under /team."""

from conversations.core.engine import Step, Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import back_row
from conversations.team.effects import SetTeamRule
from conversations.team.facts import AREA_MOST, AREAS_MOST, TeamRules
from conversations.team.rights import Rights

REPLY_DAYS = (14, 28, 42)
ALERT_AT = (3, 5, 10)
REVISIT_WEEKS = (4, 6, 12)
_CHOICES = {
    "reply": ("reply_days", REPLY_DAYS),
    "alert": ("alert_at", ALERT_AT),
    "revisit": ("revisit_weeks", REVISIT_WEEKS),
}


def ask_menu(_session: Session, facts: Facts) -> Say:
    _, rules = facts.words, facts[TeamRules]
    lines = (
        _("Outcomes leave after a second person's yes.") if rules.approval else _("Outcomes leave with one person's yes."),
        _("Areas: {areas}.", areas=_.comma_list(rules.areas)) if rules.areas else _("No areas: everything is about the whole place."),
        _.many("What somebody raises is answered within {n} day.", "What somebody raises is answered within {n} days.", rules.reply_days),
        _.many("{n} week after a promise comes to its day, those who took part are asked whether it has happened.", "{n} weeks after a promise comes to its day, those who took part are asked whether it has happened.", rules.revisit_weeks),
        _.many("You are told when {n} person raises the same kind of thing in one area within a month.", "You are told when {n} people raise the same kind of thing in one area within a month.", rules.alert_at),
    )  # fmt: skip
    rows: tuple[Row, ...] = (
        (Choice("approval", _("One person is enough") if rules.approval else _("Ask for a second yes")),),
        (Choice("areas", _("Areas")),),
        (Choice("reply", _("Answer within…")), Choice("alert", _("Tell us at…"))),
        (Choice("revisit", _("Ask again after…")),),
        (Choice("/team", _("Back to the team"), aside=True), Choice("/home", _("Home"), aside=True)),
    )
    text = "\n".join(f"· {line}" for line in lines)
    return Say(text, heading=_("How we work"), rows=rows, replaces=True)


def take_menu(session: Session, event: Event, facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "approval"):
            return _set_rule(session, "approval", not facts[TeamRules].approval)
        case Chose(_, "areas"):
            return Turn(session.goto("working.areas"))
        case Chose(_, "reply" | "alert" | "revisit" as which):
            return Turn(session.goto("working.number", which=which))
    return None


def ask_areas(_session: Session, facts: Facts) -> Say:
    _, areas = facts.words, facts[TeamRules].areas
    text = _("Write them with commas between, as young people call them: North End, City centre, Riverside.")
    if areas:
        text += "\n\n" + _("It says now: {text}", text=", ".join(areas))
    clear: Row = (Choice("none", _("No areas")),) if areas else ()
    rows = (*((clear,) if clear else ()), back_row(_))
    return Say(text, heading=_("Which areas are there?"), rows=rows, expects="text", replaces=True)


def take_areas(session: Session, event: Event, facts: Facts) -> Turn | None:
    match event:
        case Said(text):
            names = (" ".join(part.split()) for part in text.split(",") if part.strip())
            areas = tuple({name.casefold(): name for name in names}.values())
            if not areas:
                return None
            if len(areas) > AREAS_MOST or any(len(area) > AREA_MOST for area in areas):
                return Turn(session, (Say(_too_many_text(facts.words)),))
            return _set_rule(session, "areas", areas)
        case Chose(_, "none"):
            return _set_rule(session, "areas", ())
        case Chose(_, "back"):
            return Turn(session.goto("working.menu"))
    return None


def ask_number(session: Session, facts: Facts) -> Say:
    _ = facts.words
    if session.notes["which"] == "reply":
        heading = _("Within how many days do you answer?")
        labels = [(n, _.many("{n} day", "{n} days", n)) for n in REPLY_DAYS]
    elif session.notes["which"] == "revisit":
        heading = _("After how many weeks are young people asked whether it has happened?")
        labels = [(n, _.many("{n} week", "{n} weeks", n)) for n in REVISIT_WEEKS]
    else:
        heading = _("At how many of one kind do you want to know?")
        labels = [(n, str(n)) for n in ALERT_AT]
    numbers: Row = tuple(Choice(str(n), label) for n, label in labels)
    return Say("", heading=heading, rows=(numbers, back_row(_)), replaces=True)


def take_number(session: Session, event: Event, _facts: Facts) -> Turn | None:
    name, offered = _CHOICES[str(session.notes["which"])]
    match event:
        case Chose(_, key) if key in map(str, offered):
            return _set_rule(session, name, int(key))
        case Chose(_, "back"):
            return Turn(session.goto("working.menu"))
    return None


def _set_rule(session: Session, name: str, value: bool | int | tuple[str, ...]) -> Turn:
    return Turn(session.goto("working.menu"), effects=(SetTeamRule(name, value),))


def _too_many_text(_: Words) -> str:
    return _(
        "That is more than I can show. Give up to {n} areas, each with up to {most} letters.",
        n=AREAS_MOST,
        most=AREA_MOST,
    )


STEPS = (
    Step("working.menu", ask_menu, take_menu, needs=(TeamRules,), right=Rights.SET_TEAM_RULES),
    Step("working.areas", ask_areas, take_areas, needs=(TeamRules,), right=Rights.SET_TEAM_RULES),
    Step("working.number", ask_number, take_number, right=Rights.SET_TEAM_RULES),
)
