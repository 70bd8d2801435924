"""Joining: language, reading version, notice, age, agree or not. Nothing is kept before the last yes."""

from dataclasses import replace

from conversations.cases import OwnCases
from conversations.effects import Agree, Forget, SetBand, SetLanguage, SetVersion, StartMessages
from conversations.engine import Opening, Step, Turn, at_home
from conversations.events import Asked, Chose, Event
from conversations.facts import Facts
from conversations.forms import CODE
from conversations.invites import open_invite
from conversations.people import BANDS, Band, youngest
from conversations.privacy import how_long, privacy_text
from conversations.speech import Choice, Link, Note, Row, Say, Session
from conversations.words import Words

# Every language is written as its own speakers write it; it is never translated.
LANGUAGES = {"en": "English", "pl": "Polski", "ar": "العربية"}


def open_start(session: Session, asked: Asked, facts: Facts) -> Turn:
    """/start: begins, or welcomes back. Messages that were stopped start again.

    `i_TOKEN` is an invite to the team; a poster's `j_CODE` leads to the consultation with that form_id.
    """
    if asked.argument.startswith("i_"):
        return open_invite(session, asked.argument.removeprefix("i_"))
    session = replace(session, notes=_came_by(asked.argument))
    if at_home(facts.person):
        onward = _on(session, "join.age") if facts.person.age_is_due else _arrived(session)
        return Turn(onward, effects=(StartMessages(),))
    if len(facts.rules.languages) == 1:
        begun = _speaking(session, facts.rules.languages[0], facts, (Say(_hello(facts)),))
        return replace(begun, effects=(*begun.effects, StartMessages()))
    return Turn(_on(session, "join.language"), effects=(StartMessages(),))


def ask_language(_session: Session, facts: Facts) -> Say:
    choices = tuple(Choice(code, LANGUAGES[code]) for code in facts.rules.languages)
    return Say(_hello(facts), rows=_in_rows(choices))


def take_language(session: Session, event: Event, facts: Facts) -> Turn | None:
    if not isinstance(event, Chose) or event.key not in facts.rules.languages:
        return None
    return _speaking(session, event.key, facts)


def ask_version(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    names = version_names(_)
    versions = facts.library.versions(_.language)
    return Say(_("How should I write?"), rows=tuple((Choice(v, names[v]),) for v in versions), replaces=True)


def take_version(session: Session, event: Event, facts: Facts) -> Turn | None:
    if not isinstance(event, Chose) or event.key not in facts.library.versions(facts.words.language):
        return None
    return Turn(_on(session, "join.notice"), effects=(SetVersion(event.key),))


def ask_notice(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    lines = (
        _("{team} runs me.", team=facts.rules.organisation),
        _("They see what you say, not your name or number."),
        _("You can skip anything. You can see or delete everything: /mydata, /delete."),
        _("If we're worried that someone isn't safe, we may have to tell someone who can help."),
        _bot_line(_),
        *((_("Telegram keeps its own copy of this chat."),) if facts.door == "telegram" else ()),
    )
    rows: tuple[Row, ...] = (
        (Choice("ok", _("OK")),),
        (Choice("more", _("Tell me more")), Choice("no", _("No thanks"))),
    )
    text = "\n".join((*(f"· {line}" for line in lines), how_long(facts)))
    return Say(text, heading=_("What you should know first"), rows=rows, replaces=True)


def take_notice(session: Session, event: Event, facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "ok"):
            return Turn(_on(session, "join.age"))
        case Chose(_, "more"):
            return Turn(session, (Say(privacy_text(facts)),))
        case Chose(_, "no"):
            return _farewell(session, facts)
    return None


def ask_age(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    names = band_names(_)
    choices = tuple(Choice(band, names[band]) for band in BANDS)
    return Say(
        _("How old are you? I use it to choose questions that fit you."),
        rows=_in_rows(choices),
        replaces=True,
    )


def take_age(session: Session, event: Event, facts: Facts) -> Turn | None:
    if not isinstance(event, Chose) or event.key not in BANDS:
        return None
    band: Band = event.key
    refusal = _too_young_or_old(band, facts)
    if refusal:
        return Turn(session.to("join.elsewhere"), (refusal,), (Forget(),))
    onward = _arrived(session) if facts.person.agreed else _on(session, "join.agree")
    return Turn(onward, effects=(SetBand(band),))


def ask_agree(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    text = _("Shall I keep what you tell me, so the team can use it and I can tell you what changed?")
    rows: tuple[Row, ...] = ((Choice("yes", _("Yes, keep it")), Choice("no", _("No, don't"))),)
    return Say(text, rows=rows, replaces=True)


def take_agree(session: Session, event: Event, facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "yes"):
            return Turn(_arrived(session), effects=(Agree(),))
        case Chose(_, "no"):
            return _farewell(session, facts)
    return None


def ask_elsewhere(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    return Say(_("Come back any time: just send /start."), rows=((Choice("/start", _("Start again")),),))


def take_elsewhere(_session: Session, _event: Event, _facts: Facts) -> Turn | None:
    return None


def _hello(facts: Facts) -> str:
    _ = facts.words
    hello = _("Hi, I'm Heard. I ask young people what they think, and I tell you what changed because of it.")
    return f"{hello}\n\n{_bot_line(_)}"


def _bot_line(_: Words) -> str:
    # Said again in the notice: the first time, nobody had chosen a language yet.
    return _("I'm a bot: no one reads this live. If you need help now, send /help at any time.")


def _speaking(session: Session, language: str, facts: Facts, says: tuple[Say, ...] = ()) -> Turn:
    onward = "join.version" if len(facts.library.versions(language)) > 1 else "join.notice"
    return Turn(_on(session, onward), says, (SetLanguage(language),))


# --- what somebody came for, by a poster's code: it goes with them through the questions ----------


def _came_by(argument: str) -> dict[str, Note]:
    code = argument.removeprefix("j_")
    return {"came": code} if argument.startswith("j_") and CODE.fullmatch(code) else {}


def _on(session: Session, step: str) -> Session:
    """On to another question of joining, with what they came for."""
    return session.to(step, **{name: note for name, note in session.notes.items() if name == "came"})


def _arrived(session: Session) -> Session:
    """Home; or the consultation that they came for, which says itself where it is not open for them."""
    came = session.notes.get("came")
    return session.to("say.intro", code=came) if came else session.to("home")


# --- words and buttons ----------------------------------------------------------------------------


def version_names(_: Words) -> dict[str, str]:
    """The reading versions, by name."""
    return {"normal": _("Normal"), "young": _("Short and simple"), "easy": _("Easy Read")}


def band_names(_: Words) -> dict[Band, str]:
    """The age bands, by name."""
    return {
        "under10": _("Under 10"),
        "10-12": "10–12",
        "13-15": "13–15",
        "16-17": "16–17",
        "18-25": "18–25",
        "26plus": _("26 or over"),
        "unsaid": _("Rather not say"),
    }


def _too_young_or_old(band: Band, facts: Facts) -> Say | None:
    _, rules = facts.words, facts.rules
    team = {"team": rules.organisation, "contact": rules.contact}
    if band == "26plus":
        text = _("Heard is for people up to 25. You can talk to {team} instead: {contact}.", **team)
        return Say(f"{text} {kept_nothing(facts)}")
    if youngest(band) < rules.minimum_age:
        text = _(
            "I'm for people a little older. A grown-up you trust can ask {team} for you: {contact}.", **team
        )
        return Say(f"{text} {kept_nothing(facts)}")
    if facts.door == "telegram" and youngest(band) < rules.telegram_minimum_age:
        return _to_the_page(facts)
    return None


def _to_the_page(facts: Facts) -> Say:
    """Where people below Telegram's own age go; the page's address only where a phone can open it."""
    _, rules, age = facts.words, facts.rules, facts.rules.telegram_minimum_age
    if rules.is_reached:
        text = _(
            "Telegram is for people aged {age} or over. You can do the same on our own page, without an account.",
            age=age,
        )
        return Say(f"{text} {kept_nothing(facts)}", rows=((Link(_("Open the page"), rules.public_url),),))
    text = _(
        "Telegram is for people aged {age} or over. {team} can tell you how to take part without it: {contact}.",
        age=age,
        team=rules.organisation,
        contact=rules.contact,
    )
    return Say(f"{text} {kept_nothing(facts)}")


def kept_nothing(facts: Facts) -> str:
    """What is left of somebody who does not stay: nothing, but for an open case."""
    _ = facts.words
    if facts[OwnCases].numbers:
        return _(
            "A case is open, to help you be safe. It keeps a number, and a way to reach you until it's closed. I've kept nothing else."
        )
    return _("I've kept nothing.")


def _farewell(session: Session, facts: Facts) -> Turn:
    _ = facts.words
    said = Say(" ".join((_("That's fine."), kept_nothing(facts))))
    return Turn(session.to("join.elsewhere"), (said,), (Forget(),))


def _in_rows(choices: tuple[Choice, ...]) -> tuple[Row, ...]:
    return tuple(choices[i : i + 2] for i in range(0, len(choices), 2))


STEPS = (
    Step("join.language", ask_language, take_language),
    Step("join.version", ask_version, take_version),
    Step("join.notice", ask_notice, take_notice, needs=(OwnCases,)),
    Step("join.age", ask_age, take_age, needs=(OwnCases,)),
    Step("join.agree", ask_agree, take_agree, needs=(OwnCases,)),
    Step("join.elsewhere", ask_elsewhere, take_elsewhere),
)
OPENINGS = (Opening("start", open_start, anytime=True),)
