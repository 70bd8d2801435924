"""/settings: language, reading version, age group, messages, return code."""

from conversations.core.engine import Command, Step, Turn
from conversations.core.events import Asked, Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import N_, Words
from conversations.core.menus import ChatLine, HelpLine, HomeButton
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import back_row
from conversations.people.effects import Frequency, MakeReturnCode, SetFrequency, SetLanguage, SetVersion
from conversations.people.facts import MyMessages, OwnCases
from conversations.people.join import age_choices, age_question, in_pairs, take_band
from conversations.people.names import LANGUAGES, band_names, version_names


def open_settings(session: Session, _asked: Asked, _facts: Facts) -> Turn:
    return Turn(session.goto("settings.menu"))


def ask_menu(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    lines = [
        _("· Language: {language}", language=LANGUAGES[_.language]),
        _("· How Heard writes: {version}", version=version_names(_)[_.version]),
        *((_age_line(facts),) if _has_band(facts) else ()),
        _("· Messages: {which}", which=_frequencies(_)[facts[MyMessages].frequency]),
    ]
    code = ""
    if facts.fresh.get("return_code"):
        code = "\n".join(
            (
                _("Your return code: {code}", code=facts.fresh["return_code"]),
                _("Write it down: I show it only once. It opens your answers on any phone or computer."),
            )
        )
    return Say("\n".join(lines), heading=_("Settings"), shown_once=code, rows=_rows(facts), replaces=True)


def take_menu(session: Session, event: Event, _facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "language" | "version" | "age" | "messages" as chosen):
            return Turn(session.goto(f"settings.{chosen}"))
        case Chose(_, "code"):
            return Turn(session.goto("settings.menu"), effects=(MakeReturnCode(),))
    return None


def ask_language(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    choices = tuple(
        (Choice(code, LANGUAGES[code], ticked=code == _.language),) for code in facts.rules.languages
    )
    return Say(_("Which language?"), rows=(*choices, back_row(_)), replaces=True)


def take_language(session: Session, event: Event, facts: Facts) -> Turn | None:
    if isinstance(event, Chose) and event.key in facts.rules.languages:
        return Turn(session.goto("settings.menu"), effects=(SetLanguage(event.key),))
    return _back_to_menu(session, event)


def ask_version(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    names = version_names(_)
    versions = facts.library.versions(_.language)
    choices = tuple((Choice(version, names[version], ticked=version == _.version),) for version in versions)
    return Say(_("How should I write?"), rows=(*choices, back_row(_)), replaces=True)


def take_version(session: Session, event: Event, facts: Facts) -> Turn | None:
    if isinstance(event, Chose) and event.key in facts.library.versions(facts.words.language):
        return Turn(session.goto("settings.menu"), effects=(SetVersion(event.key),))
    return _back_to_menu(session, event)


def ask_age(_session: Session, facts: Facts) -> Say:
    rows = in_pairs(age_choices(facts, facts.person.band))
    return Say(age_question(facts), rows=(*rows, back_row(facts.words)), replaces=True)


def take_age(session: Session, event: Event, facts: Facts) -> Turn | None:
    return _back_to_menu(session, event) or take_band(session, event, facts, session.goto("settings.menu"))


def ask_messages(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    now = facts[MyMessages].frequency
    choices = tuple((Choice(key, name, ticked=key == now),) for key, name in _frequencies(_).items())
    weekly = _("Once a week means Friday at four, all in one message.")
    return Say(
        "\n".join((_("Which messages would you like?"), weekly)),
        rows=(*choices, (Choice("/stop", _("Stop all messages")),), back_row(_)),
        replaces=True,
    )


def take_messages(session: Session, event: Event, _facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "now" | "weekly" | "mine" as frequency):
            return Turn(session.goto("settings.menu"), effects=(SetFrequency(frequency),))
    return _back_to_menu(session, event)


def _rows(facts: Facts) -> tuple[Row, ...]:
    _ = facts.words
    rows: list[Row] = []
    if len(facts.rules.languages) > 1:
        rows.append((Choice("language", _("Language")),))
    if len(facts.library.versions(_.language)) > 1:
        rows.append((Choice("version", _("How Heard writes")),))
    if _has_band(facts):
        rows.append((Choice("age", _("Age group")),))
    rows.append((Choice("messages", _("Messages")),))
    if facts.channel.return_codes and facts.person.agreed:
        rows.append(
            (Choice("code", _("New return code") if facts[MyMessages].has_code else _("Return code")),)
        )
    rows += [
        (Choice("/mydata", _("My data")), Choice("/privacy", _("Privacy"))),
        (Choice("/home", _("Back"), aside=True),),
    ]
    return tuple(rows)


def _has_band(facts: Facts) -> bool:
    return facts.person.agreed and not facts.person.is_staff


def _age_line(facts: Facts) -> str:
    _, band = facts.words, facts.person.band
    return _("· Age group: {band}", band=band_names(_)[band] if band else _("not known"))


def _frequencies(_: Words) -> dict[Frequency, str]:
    return {"now": _("All that fit me"), "weekly": _("Once a week"), "mine": _("Only what I joined")}


def _back_to_menu(session: Session, event: Event) -> Turn | None:
    return Turn(session.goto("settings.menu")) if isinstance(event, Chose) and event.key == "back" else None


STEPS = (
    Step("settings.menu", ask_menu, take_menu, needs=(MyMessages,)),
    Step("settings.language", ask_language, take_language),
    Step("settings.version", ask_version, take_version),
    Step("settings.age", ask_age, take_age, needs=(OwnCases,)),
    Step("settings.messages", ask_messages, take_messages, needs=(MyMessages,)),
)
COMMANDS = (
    Command(
        "settings",
        open_settings,
        label=N_("Settings"),
        page=100,
        chat=ChatLine(50, N_("Language and messages")),
        help=(
            HelpLine(
                70,
                "joined",
                N_("· /settings: change the language, how Heard writes, or your age group."),
            ),
        ),
        home=(HomeButton(80, "joined"),),
    ),
)
