"""/ways: a menu of ways to be involved, each with an explanation. People choose any number, and change it any time."""

from conversations.core.engine import Command, Step, Turn
from conversations.core.events import Asked, Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import N_
from conversations.core.menus import ChatLine, HelpLine, HomeButton
from conversations.core.messages import Choice, Row, Say, Session
from conversations.involvement.effects import ToggleWay
from conversations.involvement.facts import MyWays
from conversations.involvement.ways import WAYS

_BY_KEY = {way.key: way for way in WAYS}


def open_ways(session: Session, _asked: Asked, _facts: Facts) -> Turn:
    return Turn(session.goto("ways.menu"))


def ask_menu(_session: Session, facts: Facts) -> Say:
    _, chosen = facts.words, facts[MyWays].chosen
    buttons = tuple((Choice(way.key, way.name(_), chosen=way.key in chosen),) for way in WAYS)
    rows: tuple[Row, ...] = (*buttons, (Choice("done", _("Done"), aside=True),))
    text = _("Tap one to see what it means. Choose as many as you like, and change them any time.")
    return Say(text, heading=_("How would you like to be involved?"), rows=rows, replaces=True)


def take_menu(session: Session, event: Event, facts: Facts) -> Turn | None:
    if not isinstance(event, Chose):
        return None
    if event.key == "done":
        return Turn(session.goto("home"), (Say(_thanks_text(facts)),))
    return Turn(session.goto("ways.one", way=event.key)) if event.key in _BY_KEY else None


def ask_one(session: Session, facts: Facts) -> Say:
    _ = facts.words
    way = _BY_KEY[str(session.notes["way"])]
    chosen = way.key in facts[MyWays].chosen
    lines = (
        way.means(_),
        "",
        _("· When: {when}", when=way.when(_)),
        _("· Support: {support}", support=way.support(_)),
    )
    toggle = Choice("toggle", _("Take it off my list") if chosen else _("I'd like that"))
    rows: tuple[Row, ...] = ((toggle,), (Choice("back", _("See all ways"), aside=True),))
    return Say("\n".join(lines), heading=way.name(_), rows=rows, replaces=True)


def take_one(session: Session, event: Event, _facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "toggle"):
            return Turn(session.goto("ways.menu"), effects=(ToggleWay(str(session.notes["way"])),))
        case Chose(_, "back"):
            return Turn(session.goto("ways.menu"))
    return None


def _thanks_text(facts: Facts) -> str:
    _, chosen = facts.words, facts[MyWays].chosen
    if not chosen:
        return _("You haven't chosen any for now. That's fine. They're always here: /ways.")
    rules = facts.rules
    return "\n".join(
        (
            _.many("You chose {n} way.", "You chose {n} ways.", len(chosen)),
            _("The team sees how many people want each way, not who."),
            _("To begin with one, ask {team}: {contact}.", team=rules.organisation, contact=rules.contact),
        )
    )


STEPS = (
    Step("ways.menu", ask_menu, take_menu, needs=(MyWays,)),
    Step("ways.one", ask_one, take_one, needs=(MyWays,)),
)
COMMANDS = (
    Command(
        "ways",
        open_ways,
        label=N_("Ways to be involved"),
        page=30,
        chat=ChatLine(20, N_("Ways to be involved")),
        help=(HelpLine(20, "joined", N_("· /ways: choose how you want to be involved.")),),
        home=(HomeButton(30, "joined"),),
    ),
)
