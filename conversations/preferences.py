"""/settings: language, way of writing, which messages; everything one tap away, and changed at once."""

from dataclasses import dataclass

from conversations.effects import Frequency, MakeReturnCode, SetFrequency, SetLanguage, SetVersion
from conversations.engine import Opening, Step, Turn
from conversations.events import Asked, Chose, Event
from conversations.facts import Facts
from conversations.join import LANGUAGES, version_names
from conversations.speech import Choice, Row, Say, Session
from conversations.words import Words


@dataclass(frozen=True, slots=True)
class MyMessages:
    """Which messages somebody wants, and whether a return code was ever made for them."""

    frequency: Frequency
    has_code: bool


def open_settings(session: Session, _asked: Asked, _facts: Facts) -> Turn:
    return Turn(session.to("settings.menu"))


def ask_menu(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    lines = [
        _("· Language: {language}", language=LANGUAGES[_.language]),
        _("· How I write: {version}", version=version_names(_)[_.version]),
        _("· Messages: {which}", which=_frequencies(_)[facts[MyMessages].frequency]),
    ]
    if facts.fresh.get("return_code"):
        lines += [
            "",
            _("Your return code: {code}", code=facts.fresh["return_code"]),
            _("Write it down: I show it only once. It opens your answers on any phone or computer."),
        ]
    return Say("\n".join(lines), heading=_("Settings"), rows=_rows(facts), replaces=True)


def take_menu(session: Session, event: Event, _facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "language" | "version" | "messages" as chosen):
            return Turn(session.to(f"settings.{chosen}"))
        case Chose(_, "code"):
            return Turn(session.to("settings.menu"), effects=(MakeReturnCode(),))
    return None


def ask_language(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    choices = tuple(
        (Choice(code, LANGUAGES[code], ticked=code == _.language),) for code in facts.rules.languages
    )
    return Say(_("Which language?"), rows=(*choices, _back(_)), replaces=True)


def take_language(session: Session, event: Event, facts: Facts) -> Turn | None:
    if isinstance(event, Chose) and event.key in facts.rules.languages:
        return Turn(session.to("settings.menu"), effects=(SetLanguage(event.key),))
    return _back_to_menu(session, event)


def ask_version(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    names = version_names(_)
    versions = facts.library.versions(_.language)
    choices = tuple((Choice(version, names[version], ticked=version == _.version),) for version in versions)
    return Say(_("How should I write?"), rows=(*choices, _back(_)), replaces=True)


def take_version(session: Session, event: Event, facts: Facts) -> Turn | None:
    if isinstance(event, Chose) and event.key in facts.library.versions(facts.words.language):
        return Turn(session.to("settings.menu"), effects=(SetVersion(event.key),))
    return _back_to_menu(session, event)


def ask_messages(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    now = facts[MyMessages].frequency
    choices = tuple((Choice(key, name, ticked=key == now),) for key, name in _frequencies(_).items())
    return Say(
        _("Which messages would you like?"),
        rows=(*choices, (Choice("/stop", _("Stop all messages")),), _back(_)),
        replaces=True,
    )


def take_messages(session: Session, event: Event, _facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "now" | "weekly" | "mine" as frequency):
            return Turn(session.to("settings.menu"), effects=(SetFrequency(frequency),))
    return _back_to_menu(session, event)


def _rows(facts: Facts) -> tuple[Row, ...]:
    _ = facts.words
    rows: list[Row] = []
    if len(facts.rules.languages) > 1:
        rows.append((Choice("language", _("Language")),))
    if len(facts.library.versions(_.language)) > 1:
        rows.append((Choice("version", _("How I write")),))
    rows.append((Choice("messages", _("Messages")),))
    if facts.door == "web" and facts.person.agreed:
        rows.append(
            (Choice("code", _("New return code") if facts[MyMessages].has_code else _("Return code")),)
        )
    rows += [
        (Choice("/mydata", _("My data")), Choice("/privacy", _("Privacy"))),
        (Choice("/home", _("Back"), aside=True),),
    ]
    return tuple(rows)


def _frequencies(_: Words) -> dict[Frequency, str]:
    return {"now": _("All that fit me"), "weekly": _("Once a week"), "mine": _("Only what I joined")}


def _back(_: Words) -> Row:
    return (Choice("back", _("Back"), aside=True),)


def _back_to_menu(session: Session, event: Event) -> Turn | None:
    return Turn(session.to("settings.menu")) if isinstance(event, Chose) and event.key == "back" else None


STEPS = (
    Step("settings.menu", ask_menu, take_menu, needs=(MyMessages,)),
    Step("settings.language", ask_language, take_language),
    Step("settings.version", ask_version, take_version),
    Step("settings.messages", ask_messages, take_messages, needs=(MyMessages,)),
)
OPENINGS = (Opening("settings", open_settings),)
