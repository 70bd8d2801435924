"""Consent to quote a sentence in public: asked once, given with one tap, withdrawn at any time."""

from conversations.consultations.form import wording
from conversations.core.engine import Command, Step, Turn
from conversations.core.events import Asked, Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import number_behind, numbered_rows, on_page, page_turned_to, typed_number
from conversations.results.effects import AnswerQuote
from conversations.results.facts import MyQuotes, OneSentence


def say_quote(_session: Session, facts: Facts) -> Say | None:
    """The question, with their own sentence. Either answer is one tap, and neither leaves the current step."""
    _, sentence = facts.words, facts[OneSentence].sentence
    if sentence is None:
        return None
    title = wording(sentence.title, _.language, _.version, sentence.language)
    lines = (
        _('You wrote: "{words}"', words=sentence.words),
        _(
            "May we show this sentence beside our answer? Everybody can read it there. Nothing about you stands with it."
        ),
        _("Both answers are fine. You can change your mind at any time: /mydata."),
    )
    yes, no = (
        Choice(f"/quote {sentence.id} yes", _("Yes, you may")),
        Choice(f"/quote {sentence.id} no", _("No")),
    )
    return Say("\n\n".join(lines), heading=title, rows=((yes, no),))


def open_quote(session: Session, asked: Asked, facts: Facts) -> Turn:
    """Takes "/quote 3 yes" as an answer without leaving the current step; /quote lists the quotes they agreed to."""
    _ = facts.words
    number, _space, answer = asked.argument.partition(" ")
    quote = number_behind(number)
    if quote is None or answer not in {"yes", "no"}:
        return Turn(session.goto("quotes.list"))
    if answer == "yes":
        told = _("OK. It may be quoted. You can take that back at any time: /mydata.")
    else:
        told = _("OK. It isn't quoted.")
    return Turn(session, (Say(told),), (AnswerQuote(quote, answer == "yes"),))


def ask_list(session: Session, facts: Facts) -> Say:
    _, sentences, page = facts.words, facts[MyQuotes].sentences, session.notes.get("page")
    rows: tuple[Row, ...] = ((Choice("/mydata", _("Back"), aside=True),),)
    heading = _("What may be quoted")
    if not sentences:
        return Say(_("Nothing that you wrote may be quoted."), heading=heading, rows=rows, replaces=True)
    said = [_('You wrote: "{words}"', words=sentence.words) for sentence in sentences]
    lines = [f"{n + 1}. {said[n]}" for n in on_page(page, len(said))]
    text = "\n".join((_("Which one do you want to take back?"), *lines))
    numbers = numbered_rows([f"back:{sentence.id}" for sentence in sentences], page, _)
    return Say(text, heading=heading, rows=(*numbers, *rows), replaces=True)


def take_list(session: Session, event: Event, facts: Facts) -> Turn | None:
    page = page_turned_to(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    ids = [sentence.id for sentence in facts[MyQuotes].sentences]
    number = typed_number(event)
    chosen = ids[number - 1] if number and number <= len(ids) else None
    if isinstance(event, Chose):
        chosen = number_behind(event.key, "back:")
    if chosen not in ids or chosen is None:
        return None
    told = Say(facts.words("OK. It isn't quoted."))
    return Turn(session.goto("quotes.list"), (told,), (AnswerQuote(chosen, yes=False),))


STEPS = (Step("quotes.list", ask_list, take_list, needs=(MyQuotes,)),)
COMMANDS = (Command("quote", open_quote),)
