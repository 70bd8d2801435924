"""Joining: language, reading version, notice, age, consent. Nothing is kept before the last yes."""

from conversations.core.engine import Command, Step, Turn, at_home
from conversations.core.events import Asked, Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.person import BANDS, Band
from conversations.core.record import replace
from conversations.people.effects import Agree, Forget, SetBand, SetLanguage, SetVersion, StartMessages
from conversations.people.eligibility import kept_nothing_text, say_not_eligible
from conversations.people.facts import OwnCases
from conversations.people.names import LANGUAGES, band_names, version_names
from conversations.people.privacy import retention_line, say_privacy
from conversations.people.turned_away import UNTIL, is_turned_away, say_where_else, turn_away


def begin(session: Session, came: str, facts: Facts) -> Turn:
    """Starts joining, or welcomes back. Opts in to messages again. `came` is the form_id of the consultation that
    somebody came for, or empty.
    """
    if is_turned_away(session, facts):
        return Turn(session.goto("join.elsewhere"))
    session = replace(session, notes={"came": came} if came else {})
    if at_home(facts.person):
        onward = (
            _goto_question(session, "join.age") if facts.person.age_is_due else _goto_destination(session)
        )
        return Turn(onward, effects=(StartMessages(),))
    if len(facts.rules.languages) == 1:
        begun = _set_language(session, facts.rules.languages[0], facts, (Say(_hello_text(facts)),))
        return replace(begun, effects=(*begun.effects, StartMessages()))
    return Turn(_goto_question(session, "join.language"), effects=(StartMessages(),))


def ask_language(_session: Session, facts: Facts) -> Say:
    choices = tuple(Choice(code, LANGUAGES[code]) for code in facts.rules.languages)
    return Say(_hello_text(facts), rows=in_pairs(choices))


def take_language(session: Session, event: Event, facts: Facts) -> Turn | None:
    if not isinstance(event, Chose) or event.key not in facts.rules.languages:
        return None
    return _set_language(session, event.key, facts)


def ask_version(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    names = version_names(_)
    rows = tuple((Choice(v, names[v]),) for v in facts.library.versions(_.language))
    return Say(_("How should I write?"), rows=(*rows, *_back_row("join.version", facts)), replaces=True)


def take_version(session: Session, event: Event, facts: Facts) -> Turn | None:
    if _is_back(event):
        return _go_back(session, "join.version", facts)
    if not isinstance(event, Chose) or event.key not in facts.library.versions(facts.words.language):
        return None
    return Turn(_goto_question(session, "join.notice"), effects=(SetVersion(event.key),))


def ask_notice(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    lines = (
        _("{team} runs me.", team=facts.rules.organisation),
        _("They see what you say, not your name or number."),
        _("You can skip anything. You can see or delete everything: /mydata, /delete."),
        _(
            "A machine checks what you write for signs that someone isn't safe. Then we may have to tell someone who can help."
        ),
        _("Nobody watches this chat all the time."),
        *((_(facts.channel.keeps_copy),) if facts.channel.keeps_copy else ()),
    )
    rows: tuple[Row, ...] = (
        (Choice("ok", _("OK")), Choice("no", _("No thanks"))),
        (Choice("more", _("Tell me more")),),
        *_back_row("join.notice", facts),
    )
    text = "\n".join((*(f"· {line}" for line in lines), retention_line(facts)))
    return Say(text, heading=_("What you should know first"), rows=rows, replaces=True)


def take_notice(session: Session, event: Event, facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "ok"):
            return Turn(_goto_question(session, "join.age"))
        case Chose(_, "more"):
            return Turn(session, (say_privacy(facts),))
        case Chose(_, "no"):
            return _decline(session, facts)
        case Chose(_, "back"):
            return _go_back(session, "join.notice", facts)
    return None


def ask_age(_session: Session, facts: Facts) -> Say:
    """Asks newcomers, and everybody else once a year."""
    back = () if facts.person.agreed else _back_row("join.age", facts)
    return Say(age_question(facts), rows=(*in_pairs(age_choices(facts)), *back), replaces=True)


def take_age(session: Session, event: Event, facts: Facts) -> Turn | None:
    if _is_back(event) and not facts.person.agreed:
        return _go_back(session, "join.age", facts)
    return take_band(
        session,
        event,
        facts,
        _goto_destination(session) if facts.person.agreed else _goto_question(session, "join.agree"),
    )


def take_band(session: Session, event: Event, facts: Facts, onward: Session) -> Turn | None:
    """Stores an age band. If Heard is not for that age, erases the person; somebody who has joined already confirms
    first, because a finger may slip. `onward` is where it goes otherwise.
    """
    if not isinstance(event, Chose) or event.key not in BANDS:
        return None
    band: Band = event.key
    refusal = say_not_eligible(band, facts)
    if refusal is None:
        return Turn(onward, effects=(SetBand(band),))
    if facts.person.agreed:
        return Turn(session.goto("join.age_sure", band=band, back=session.step))
    return Turn(turn_away(session, band, facts), (refusal,), (Forget(),))


def ask_age_sure(session: Session, facts: Facts) -> Say:
    _, band = facts.words, _band(session)
    text = _("I'm not for people of that age here. If it's right, I delete what you told me.")
    rows: tuple[Row, ...] = ((Choice("yes", _("Yes, that's right")), Choice("back", _("No, go back"))),)
    return Say(text, heading=_("Your age: {band}?", band=band_names(_)[band]), rows=rows, replaces=True)


def take_age_sure(session: Session, event: Event, facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "yes"):
            refusal = say_not_eligible(_band(session), facts)
            onward = turn_away(session, _band(session), facts)
            return Turn(onward, (refusal,) if refusal else (), (Forget(),))
        case Chose(_, "back"):
            return Turn(session.goto(str(session.notes["back"])))
    return None


def _band(session: Session) -> Band:
    return next(band for band in BANDS if band == session.notes["band"])


def age_question(facts: Facts) -> str:
    return facts.words("How old are you? I use it to choose questions that fit you.")


def age_choices(facts: Facts, now: Band | None = None) -> tuple[Choice, ...]:
    """The age bands as buttons; `now` is the current one."""
    names = band_names(facts.words)
    return tuple(Choice(band, names[band], ticked=None if now is None else band == now) for band in BANDS)


def ask_agree(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    text = _("Shall I keep what you tell me, so the team can use it and I can tell you what changed?")
    rows: tuple[Row, ...] = ((Choice("yes", _("Yes, keep it")), Choice("no", _("No, don't"))),)
    return Say(text, rows=(*rows, *_back_row("join.agree", facts)), replaces=True)


def take_agree(session: Session, event: Event, facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "back"):
            return _go_back(session, "join.agree", facts)
        case Chose(_, "yes"):
            return Turn(_goto_destination(session), effects=(Agree(),))
        case Chose(_, "no"):
            return _decline(session, facts)
    return None


def ask_elsewhere(session: Session, facts: Facts) -> Say:
    return say_where_else(session, facts)


def take_elsewhere(_session: Session, _event: Event, _facts: Facts) -> Turn | None:
    return None


def _hello_text(facts: Facts) -> str:
    _ = facts.words
    hello = _("Hi, I'm Heard. I ask young people what they think, and I tell you what changed because of it.")
    bot = _("I'm a bot: no one reads this live. If you need help now: /help.")
    return f"{hello}\n\n{bot}"


def open_language(session: Session, asked: Asked, facts: Facts) -> Turn:
    """/language pl: changes the language on the spot. Somebody who is joining reads the notice again in it."""
    known, joining = asked.argument in facts.rules.languages, session.step.startswith("join.")
    if known and joining and session.step != "join.elsewhere":
        return _set_language(session, asked.argument, facts)
    if known:
        return Turn(session, effects=(SetLanguage(asked.argument),))
    if is_turned_away(session, facts):
        return Turn(session.goto("join.elsewhere"))
    if at_home(facts.person):
        return Turn(session.goto("settings.language"))
    return Turn(_goto_question(session, "join.language") if joining else session)


def _set_language(session: Session, language: str, facts: Facts, says: tuple[Say, ...] = ()) -> Turn:
    onward = "join.version" if len(facts.library.versions(language)) > 1 else "join.notice"
    return Turn(_goto_question(session, onward), says, (SetLanguage(language),))


# --- the note `came`: the consultation that somebody came for -------------------------------------


def _goto_question(session: Session, step: str) -> Session:
    """Goes to another question of joining, and keeps the note `came`."""
    return session.goto(step, **{name: note for name, note in session.notes.items() if name == "came"})


def _goto_destination(session: Session) -> Session:
    """Goes home, or to the consultation that they came for. Its first step says so if it is not open to them."""
    came = session.notes.get("came")
    return session.goto("say.intro", code=came) if came else session.goto("home")


# --- going back -----------------------------------------------------------------------------------


def _question_before(step: str, facts: Facts) -> str:
    """The step before this one; "" at the first."""
    asked = [
        *(("join.language",) if len(facts.rules.languages) > 1 else ()),
        *(("join.version",) if len(facts.library.versions(facts.words.language)) > 1 else ()),
        "join.notice",
        "join.age",
        "join.agree",
    ]
    before = asked[: asked.index(step)] if step in asked else []
    return before[-1] if before else ""


def _back_row(step: str, facts: Facts) -> tuple[Row, ...]:
    return ((Choice("back", facts.words("Back"), aside=True),),) if _question_before(step, facts) else ()


def _is_back(event: Event) -> bool:
    return isinstance(event, Chose) and event.key == "back"


def _go_back(session: Session, step: str, facts: Facts) -> Turn | None:
    before = _question_before(step, facts)
    return Turn(_goto_question(session, before)) if before else None


# --- shared ---------------------------------------------------------------------------------------


def _decline(session: Session, facts: Facts) -> Turn:
    _ = facts.words
    said = Say(" ".join((_("That's fine."), kept_nothing_text(facts))))
    return Turn(session.goto("join.elsewhere"), (said,), (Forget(),))


def in_pairs(choices: tuple[Choice, ...]) -> tuple[Row, ...]:
    """The buttons in rows of two."""
    return tuple(choices[i : i + 2] for i in range(0, len(choices), 2))


STEPS = (
    Step("join.language", ask_language, take_language),
    Step("join.version", ask_version, take_version),
    Step("join.notice", ask_notice, take_notice, needs=(OwnCases,)),
    Step("join.age", ask_age, take_age, needs=(OwnCases,)),
    Step("join.age_sure", ask_age_sure, take_age_sure, needs=(OwnCases,)),
    Step("join.agree", ask_agree, take_agree, needs=(OwnCases,)),
    Step("join.elsewhere", ask_elsewhere, take_elsewhere, keeps=(UNTIL,)),
)
COMMANDS = (Command("language", open_language, anytime=True),)
