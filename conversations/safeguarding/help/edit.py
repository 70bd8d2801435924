"""/helplines: types a helpline's name, number, text message, chat, or what people read."""

from datetime import date

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import back_row
from conversations.core.record import replace
from conversations.people.names import LANGUAGES
from conversations.safeguarding.help.effects import SetHelpline
from conversations.safeguarding.help.settings import line_of, say_gone
from conversations.safeguarding.help.values import (
    NAME_MOST,
    WORDS_MOST,
    chat_in,
    line_in,
    number_in,
    text_in,
)
from conversations.safeguarding.help.ways import REVIEW_EVERY, Helpline, Helplines


def ask_value(session: Session, facts: Facts) -> Say:
    _, line = facts.words, line_of(session, facts)
    if session.notes["what"] == "name":
        return _say_field(facts, _("What is it called?"), _("As young people know it, such as Meic."), "", ())
    if line is None:
        return say_gone(_)
    match session.notes["what"]:
        case "number":
            heading, hint, now = _("Which number do people call?"), _("Such as 0800 1111."), line.number
        case "text":
            heading, now = _("Whom do people text?"), f"{line.text_number} {line.text_word}".strip()
            hint = _("The number, and the word that comes first if there is one: 85258 SHOUT.")
        case _other:
            heading, now = _("Where do people chat?"), line.chat
            hint = _("The whole address, beginning with https://.")
    none: tuple[Row, ...] = ((Choice("none", _("There is none")),),)
    return _say_field(facts, heading, hint, now, none)


def take_value(session: Session, event: Event, facts: Facts) -> Turn | None:
    key, what = str(session.notes["key"]), str(session.notes["what"])
    if what == "name":
        return _take_name(session, event, facts)
    line = line_of(session, facts)
    match event:
        case Chose(_, "back"):
            return Turn(session.goto("helplines.one", key=key))
        case Chose(_, "none") if line:
            return _changed(session, _with_value(line, what, ""), facts)
        case Said(text) if line:
            changed = _with_value(line, what, text)
            return (
                _changed(session, changed, facts)
                if changed
                else Turn(session, (Say(_refusal(what, facts.words)),))
            )
    return None


def _take_name(session: Session, event: Event, facts: Facts) -> Turn | None:
    """A new helpline begins with its name. Nobody sees it until it can be reached and has ages."""
    key, _ = str(session.notes["key"]), facts.words
    match event:
        case Chose(_visit, "back"):
            return Turn(session.goto("helplines.list"))
        case Said(text) if facts[Helplines].one(key) is None:
            name = line_in(text, NAME_MOST)
            if name is None:
                return Turn(session, (Say(_("That is too long. Stay under {n} letters.", n=NAME_MOST)),))
            new = SetHelpline(Helpline(key, name, review_on=next_review(facts)))
            return Turn(session.goto("helplines.value", key=key, what="number"), effects=(new,))
    return None


def _with_value(line: Helpline, what: str, text: str) -> Helpline | None:
    """The helpline with a typed value; empty text takes it out. None if the value is no good."""
    if what == "number":
        number = number_in(text) if text else ""
        return None if number is None else replace(line, number=number)
    if what == "text":
        found = text_in(text) if text else ("", "")
        return None if found is None else replace(line, text_number=found[0], text_word=found[1])
    chat = chat_in(text) if text else ""
    return None if chat is None else replace(line, chat=chat)


def _refusal(what: str, _: Words) -> str:
    if what == "number":
        return _("No phone can dial that. Write digits, such as 0800 1111.")
    if what == "text":
        return _("I can't read that. Write the number to text, then the word if there is one: 85258 SHOUT.")
    return _("A browser may not open that. Give a whole address that begins with https://.")


# --- what people read -----------------------------------------------------------------------------


def ask_language(session: Session, facts: Facts) -> Say:
    _, line = facts.words, line_of(session, facts)
    if line is None:
        return say_gone(_)
    languages = tuple((Choice(code, LANGUAGES[code]),) for code in facts.rules.languages)
    text = _(
        "Where there are none in a language, its readers get the words of the first language that has some."
    )
    return Say(text, heading=_("In which language?"), rows=(*languages, back_row(_)), replaces=True)


def take_language(session: Session, event: Event, facts: Facts) -> Turn | None:
    key = str(session.notes["key"])
    match event:
        case Chose(_, "back"):
            return Turn(session.goto("helplines.one", key=key))
        case Chose(_, code) if code in facts.rules.languages:
            return Turn(session.goto("helplines.words", key=key, language=code))
    return None


def ask_words(session: Session, facts: Facts) -> Say:
    _, line, language = facts.words, line_of(session, facts), str(session.notes["language"])
    if line is None:
        return say_gone(_)
    heading = _("What should people read about it, in {language}?", language=LANGUAGES[language])
    hint = _(
        "One short sentence: what it costs, when it answers, who it is for. The numbers stand before it already."
    )
    own: tuple[Row, ...] = ((Choice("none", _("No words")),),) if line.words.get(language) else ()
    return _say_field(facts, heading, hint, line.words.get(language, ""), own)


def take_words(session: Session, event: Event, facts: Facts) -> Turn | None:
    line, language, _ = line_of(session, facts), str(session.notes["language"]), facts.words
    match event:
        case Chose(_visit, "back"):
            return Turn(session.goto("helplines.one", key=session.notes["key"]))
        case Chose(_visit, "none") if line:
            rest = {code: words for code, words in line.words.items() if code != language}
            return _stored(session, replace(line, words=rest))
        case Said(text) if line and text.strip():
            words = line_in(text, WORDS_MOST)
            if words is None:
                return Turn(session, (Say(_("That is too long. Stay under {n} letters.", n=WORDS_MOST)),))
            return _stored(session, replace(line, words={**line.words, language: words}))
    return None


# --- shared ---------------------------------------------------------------------------------------


def next_review(facts: Facts) -> date:
    """The day when a helpline that was checked today is checked again."""
    return facts.today + REVIEW_EVERY


def _changed(session: Session, line: Helpline | None, facts: Facts) -> Turn | None:
    """Stores a helpline whose numbers or address somebody has just looked at."""
    return _stored(session, replace(line, review_on=next_review(facts))) if line else None


def _stored(session: Session, line: Helpline) -> Turn:
    return Turn(session.goto("helplines.one", key=line.key), effects=(SetHelpline(line),))


def _say_field(facts: Facts, heading: str, hint: str, now: str, rows: tuple[Row, ...]) -> Say:
    _ = facts.words
    text = f"{hint}\n\n{_('It says now: {text}', text=now)}" if now else hint
    draft = now if facts.channel.fills_fields else ""
    rows = (*rows, back_row(_))
    return Say(text, heading=heading, draft=draft, rows=rows, expects="text", replaces=True)
